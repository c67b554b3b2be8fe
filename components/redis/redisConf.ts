import { parseQuantity } from "../foundation/quantity";
import { milliseconds, seconds } from "../foundation/values";
import type { RedisInstanceSettings } from "./schema";

/** Key of the ConfigMap that the operator mounts and includes at the end of redis.conf. */
export const configKey = "redis-additional.conf";

/** Bytes that data may fill. */
export function maxMemory({ resources, maxMemoryPercent }: RedisInstanceSettings): number {
    return Math.floor((parseQuantity(resources.memory) * maxMemoryPercent) / 100);
}

/** Replicas without which a master takes no writes. */
export function minReplicas(settings: RedisInstanceSettings): number {
    return settings.kind === "cluster" ? 0 : (settings.minReplicas ?? (settings.size > 2 ? 1 : 0));
}

/**
 * What stands behind the configuration that the operator generates, and therefore wins.
 *
 * The file names are Redis' own defaults. The operator's two generators differ in them (`appendonly.aof` of the image's
 * entry point, `Appendonly.aof` of its init container), and Redis starts empty where it finds no file of the name.
 */
export function redisConf(settings: RedisInstanceSettings): string {
    const { persistence } = settings;
    const lines: [string, string | number][] = [
        ["maxmemory", maxMemory(settings)],
        ["maxmemory-policy", settings.eviction],
        ["appendonly", persistence.appendOnly ? "yes" : "no"],
        ["appendfilename", '"appendonly.aof"'],
        ["appenddirname", '"appendonlydir"'],
        ["appendfsync", persistence.fsync],
        // Removes the times that the operator writes.
        ["save", '""'],
        ...persistence.snapshots.map(({ after, changes }): [string, string] => [
            "save",
            `${seconds(after)} ${changes}`,
        ]),
        ...(settings.kind === "cluster"
            ? [["cluster-node-timeout", milliseconds(settings.nodeTimeout)] satisfies [string, number]]
            : [["min-replicas-to-write", minReplicas(settings)] satisfies [string, number]]),
        ...Object.entries(settings.directives).sort(([a], [b]) => (a < b ? -1 : 1)),
    ];
    return lines.map(([directive, value]) => `${directive} ${value}\n`).join("");
}
