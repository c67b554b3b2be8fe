import { z } from "zod";
import { certificateSettings } from "../foundation/certificates";
import { rotationSetting } from "../foundation/credentials";
import { namespaceSettings } from "../foundation/namespace";
import { peerSettings } from "../foundation/networkPolicy";
import { placementShape, spreadSettings } from "../foundation/placement";
import { resourceSettings } from "../foundation/resources";
import {
    bytes,
    dnsLabel,
    dnsName,
    duration,
    durationFrom,
    flag,
    milliseconds,
    oneOf,
    settings,
    text,
    variants,
    whole,
    words,
} from "../foundation/values";
import { monitorSettings } from "../monitoring/schema";
import { peerOperatorSettings } from "../operator/schema";
import { managedDirectives } from "./directives";

/** A time of at least one second and at most a day: Redis counts some of them in seconds and some in milliseconds. */
const timeout = () =>
    duration().refine((given) => milliseconds(given) >= 1000 && milliseconds(given) <= milliseconds("1d"), {
        error: "a time from 1s to 1d",
    });

/** How many of its bytes a container may fill by logs and the written config. */
const scratch = "64Mi";

const passwordSettings = variants("kind", [
    settings({
        kind: z.literal("generated").describe("A random password of 32 letters and digits; the default."),
        rotation: rotationSetting("the password"),
    }),
    settings({
        kind: z.literal("existing").describe("A Secret that exists in the namespace before the pods do."),
        secretName: dnsName().describe("Name of the Secret."),
        passwordKey: words().default("password").describe("Its key with the password. Default password."),
        rotation: rotationSetting("what the pods have read of it, after its content has changed"),
    }),
    settings({
        kind: z.literal("none").describe("Whoever can connect is served. Refused in production."),
    }),
]).prefault({ kind: "generated" });

const tlsSettings = variants("kind", [
    settings({ kind: z.literal("none").describe("Connections are in the clear; the default.") }),
    settings({
        kind: z.literal("encrypted").describe("Every port speaks TLS and nothing else."),
        certificates: certificateSettings.describe("Where the certificates come from. Default generated."),
    }),
]).prefault({ kind: "none" });

const persistenceSettings = settings({
    appendOnly: flag().default(true).describe("Whether every write is appended to a file (appendonly). Default true."),
    fsync: oneOf("always", "everysec", "no")
        .default("everysec")
        .describe("When that file is forced to the disk (appendfsync). Default everysec: a crash loses a second."),
    snapshots: z
        .array(
            settings({
                after: duration()
                    .refine((given) => milliseconds(given) % 1000 === 0 && milliseconds(given) > 0, {
                        error: "whole seconds, such as 5m",
                    })
                    .describe("A snapshot is written after this time, in whole seconds ..."),
                changes: whole(1, 1_000_000_000).describe("... if at least so many keys have changed."),
            }),
        )
        .default([
            { after: "900s", changes: 1 },
            { after: "300s", changes: 10 },
            { after: "60s", changes: 10_000 },
        ])
        .describe("When snapshots are written (save). Default 900s/1, 300s/10, 60s/10000; an empty list: never."),
}).prefault({});

/** What every member of an instance has, whatever its kind. */
const memberShape = {
    namespace: namespaceSettings.describe("The namespace of the instance, which is its own."),
    storage: bytes().default("10Gi").describe("Volume of each member. It can grow, never shrink. Default 10Gi."),
    storageClass: dnsName().optional().describe("StorageClass of the volumes. Default: the cluster's default class."),
    keepVolumes: flag()
        .default(true)
        .describe(
            "Whether the volumes stay when the instance is removed; without, the operator deletes them with all data. Default true.",
        ),
    resources: resourceSettings({ cpu: "500m", memory: "1Gi" }, scratch).describe(
        "CPU, memory and local storage of each member.",
    ),
    maxMemoryPercent: whole(10, 80)
        .default(60)
        .describe(
            "Share of the memory that data may fill (maxmemory), in percent: the rest is for the copy that a snapshot makes, and for replication. Default 60.",
        ),
    eviction: oneOf(
        "noeviction",
        "allkeys-lru",
        "allkeys-lfu",
        "allkeys-random",
        "volatile-lru",
        "volatile-lfu",
        "volatile-random",
        "volatile-ttl",
    )
        .default("noeviction")
        .describe(
            "What goes when the memory is full (maxmemory-policy). Default noeviction: writes fail and no data is lost.",
        ),
    persistence: persistenceSettings.describe("What is written to the volumes."),
    directives: z
        .record(
            text(/^[a-z][a-z0-9-]*$/, 63, "a directive of redis.conf: lower-case letters, digits and -").refine(
                (name) => !managedDirectives.includes(name),
                { error: "a directive that neither the operator nor another setting writes" },
            ),
            text(/^[^\r\n\0]+$/, 1000, "the directive's value in one line"),
        )
        .default({})
        .describe("Further directives of redis.conf. Default none."),
    password: passwordSettings.describe(
        "The password of all clients, of the members among themselves and of Sentinel.",
    ),
    tls: tlsSettings.describe("Encryption of connections. Default none."),
    metrics: flag()
        .default(true)
        .describe("Whether an exporter beside each member serves Prometheus metrics on port 9121. Default true."),
    monitoring: monitorSettings.describe("How the instance is watched, where the environment is."),
    clients: z
        .array(peerSettings)
        .default([])
        .describe("Who may connect to the members and to Sentinel, besides this stack's own systems. Default nobody."),
    gracePeriod: timeout()
        .default("2m")
        .describe("How long a member may take to write its data when it is asked to stop. Default 2m."),
    readyTimeout: durationFrom("1m")
        .default("15m")
        .describe("How long an up waits until the operator reports the instance ready. Default 15m."),
    ...placementShape,
};

const sentinelSettings = variants("kind", [
    settings({
        kind: z.literal("own").optional().describe("Sentinels of the instance's own; the default."),
        size: z
            .literal([3, 5, 7], { error: "3, 5 or 7: an even number tolerates no more losses than one fewer" })
            .default(3)
            .describe("Number of Sentinels: 3, 5 or 7. Default 3."),
        quorum: whole(2, 7)
            .optional()
            .describe("How many of them must miss the master before a failover. Default a majority."),
        downAfter: timeout()
            .default("5s")
            .describe("How long the master may be silent before a Sentinel misses it. Default 5s."),
        failoverTimeout: timeout()
            .default("1m")
            .describe("How long a failover may take before another is tried. Default 1m."),
        parallelSyncs: whole(1, 8)
            .default(1)
            .describe("How many replicas may load the data of a new master at the same time. Default 1."),
        resources: resourceSettings({ cpu: "50m", memory: "64Mi", ephemeralStorage: "64Mi" }, scratch).describe(
            "CPU, memory and local storage of each Sentinel.",
        ),
        targets: placementShape.targets,
        spread: spreadSettings.optional().describe("How Sentinels keep apart. Default as the members do."),
    }).refine((given) => given.quorum === undefined || given.quorum <= given.size, {
        path: ["quorum"],
        error: "a quorum of at most size",
    }),
    settings({
        kind: z.literal("none").describe("No failover: where the master is gone, someone has to choose another."),
    }),
]).prefault({ kind: "own" });

/** One master, its replicas, and Sentinels that choose another master. */
const redisReplicationSettings = settings({
    kind: z.literal("replication").optional().describe("One master and its replicas; the default."),
    size: whole(1, 9).default(3).describe("Number of members: the master and its replicas. Default 3."),
    minReplicas: whole(0, 8)
        .optional()
        .describe(
            "Connected replicas without which the master takes no writes (min-replicas-to-write), so that one that is cut off stops. Default 1 with three members or more, 0 else.",
        ),
    sentinel: sentinelSettings.describe("Who chooses another master."),
    ...memberShape,
})
    .refine((given) => (given.minReplicas ?? 0) === 0 || (given.minReplicas ?? 0) < given.size - 1, {
        path: ["minReplicas"],
        error: "fewer than size - 1, or the restart of one replica stops all writes",
    })
    .refine((given) => given.sentinel.kind === "none" || given.size > 1, {
        path: ["sentinel", "kind"],
        error: "none with one member, since there is nobody to choose",
    });

/** Leaders that share the keys, each with its followers. */
const redisClusterSettings = settings({
    kind: z
        .literal("cluster")
        .describe("Leaders that share the keys among them, for clients that speak Redis Cluster."),
    leaders: whole(3, 100).default(3).describe("Number of leaders, at least 3. Default 3."),
    followersPerLeader: whole(0, 5).default(1).describe("Followers of each leader. Default 1."),
    nodeTimeout: timeout()
        .default("15s")
        .describe("How long a member may be silent before the others replace it (cluster-node-timeout). Default 15s."),
    nodeConfStorage: bytes()
        .default("1Gi")
        .describe("Volume of each member for what it knows of the cluster (nodes.conf). Default 1Gi."),
    ...memberShape,
});

/** An instance of Redis. */
export const redisInstanceSettings = variants("kind", [redisReplicationSettings, redisClusterSettings]);

/** The operator's chart. */
export const redisChartDefaults = {
    chart: "redis-operator",
    repository: "https://ot-container-kit.github.io/helm-charts",
    // 0.26.0 itself passes a gate that its operator does not know, and that one ends at once (0bc34813 of the repository).
    version: "0.26.1",
    release: "redis-operator",
    // The chart's own memory (values.yaml of 0.26.0), and half of its CPU: it works in bursts.
    resources: { cpu: "250m", memory: "500Mi" },
} as const;

/** Redis through its operator. */
export const redisSettings = settings({
    operator: peerOperatorSettings(redisChartDefaults).describe("The operator that runs the instances."),
    instances: z
        .record(dnsLabel(20), redisInstanceSettings)
        .refine((given) => Object.keys(given).length > 0, { error: "at least one instance" })
        .describe("Instances by name."),
});

/** Settings of the system, checked. */
export type RedisSettings = z.output<typeof redisSettings>;
/** Settings of an instance, as they are written. */
export type RedisInstanceInput = z.input<typeof redisInstanceSettings>;
/** Settings of an instance, checked. */
export type RedisInstanceSettings = z.output<typeof redisInstanceSettings>;
export type RedisReplicationSettings = z.output<typeof redisReplicationSettings>;
export type RedisClusterSettings = z.output<typeof redisClusterSettings>;
export type SentinelSettings = Extract<RedisReplicationSettings["sentinel"], { size: number }>;
