import { type Foundation, serviceHost } from "../foundation/environment";
import type { Labels } from "../foundation/labels";
import type { RedisInstanceSettings } from "./schema";

/*
 * What the operator makes of its resources, by its own code (internal/k8sutils and internal/controller of v0.26.0).
 */

export const apiVersion = "redis.redis.opstreelabs.in/v1beta2";

/** Ports of the pods. */
export const ports = {
    redis: 6379,
    /** The members of a cluster among themselves: the port of Redis plus 10000. */
    bus: 16379,
    sentinel: 26379,
    exporter: 9121,
} as const;

/** Name that the operator gives the exporter's container port. */
export const exporterPortName = "redis-exporter";

/**
 * What Sentinel calls the replication. The two ways of the operator to deploy Sentinel differ in their default, `myMaster`
 * and `mymaster`, so it is always written.
 */
export const masterGroup = "mymaster";

/** One StatefulSet that the operator makes. */
export interface MemberSet {
    /** Part of the instance: end of names here. */
    readonly part: "data" | "leader" | "follower" | "sentinel";
    /** Name of the StatefulSet and of its Service; the headless one has `-headless` behind it. */
    readonly objectName: string;
    /** Labels by which the operator selects its pods. */
    readonly selector: Labels;
    readonly replicas: number;
}

const labelsOf = (app: string, setup: string, role: string): Labels => ({ app, redis_setup_type: setup, role });

/** The StatefulSets that hold the data of an instance. */
export function dataSets(name: string, settings: RedisInstanceSettings): MemberSet[] {
    if (settings.kind !== "cluster") {
        const selector = labelsOf(name, "replication", "replication");
        return [{ part: "data", objectName: name, selector, replicas: settings.size }];
    }
    const { leaders, followersPerLeader } = settings;
    const set = (part: "leader" | "follower", replicas: number): MemberSet => ({
        part,
        objectName: `${name}-${part}`,
        selector: labelsOf(`${name}-${part}`, "cluster", part),
        replicas,
    });
    return [set("leader", leaders), ...(followersPerLeader > 0 ? [set("follower", leaders * followersPerLeader)] : [])];
}

/** The Sentinels of an instance; undefined where it has none. */
export function sentinelSet(name: string, settings: RedisInstanceSettings): MemberSet | undefined {
    if (settings.kind === "cluster" || settings.sentinel.kind === "none") {
        return undefined;
    }
    const objectName = `${name}-sentinel`;
    return {
        part: "sentinel",
        objectName,
        selector: labelsOf(objectName, "sentinel", "sentinel"),
        replicas: settings.sentinel.size,
    };
}

/** All StatefulSets of an instance. */
export function memberSets(name: string, settings: RedisInstanceSettings): MemberSet[] {
    const sentinels = sentinelSet(name, settings);
    return [...dataSets(name, settings), ...(sentinels === undefined ? [] : [sentinels])];
}

/** Names of the Services that the operator makes for clients: `master` follows the master, whoever that is. */
function clientServices(name: string, settings: RedisInstanceSettings): string[] {
    return settings.kind === "cluster"
        ? [`${name}-master`, ...dataSets(name, settings).map(({ objectName }) => objectName)]
        : [
              `${name}-master`,
              `${name}-replica`,
              name,
              ...(settings.sentinel.kind === "none" ? [] : [`${name}-sentinel`]),
          ];
}

/** Every name that clients, members and the operator reach a pod of an instance by, for its certificate. */
export function certificateNames(
    foundation: Foundation,
    name: string,
    namespace: string,
    settings: RedisInstanceSettings,
): string[] {
    const headless = memberSets(name, settings).map(({ objectName }) => `${objectName}-headless`);
    const host = (service: string) => serviceHost(foundation, service, namespace);
    return [
        ...clientServices(name, settings).flatMap((service) => [service, `${service}.${namespace}.svc`, host(service)]),
        // A certificate's star stands for one label: each pod behind its headless Service.
        ...headless.map((service) => `*.${host(service)}`),
        "localhost",
    ];
}
