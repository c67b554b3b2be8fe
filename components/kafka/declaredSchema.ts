import { isIP } from "node:net";
import { z } from "zod";
import { rotationSetting } from "../foundation/credentials";
import type { Demand } from "../foundation/demand";
import { isQuantity, parseQuantity } from "../foundation/quantity";
import { resourceSettings } from "../foundation/resources";
import {
    bytes,
    dnsLabel,
    durationFrom,
    flag,
    milliseconds,
    oneOf,
    settings,
    text,
    variants,
    whole,
} from "../foundation/values";

/*
 * The topics and users that a cluster is to have. Keys of topics are Kafka's own (TopicConfig of 4.1.0); their times and
 * sizes carry units here, and `unlimited` stands for Kafka's -1.
 */

/** The largest value of Kafka's 32-bit settings. */
const largestInt = 2 ** 31 - 1;

const size = (least: number, most: number, expected: string) =>
    z
        .union([z.string(), z.number()], { error: expected })
        .refine((given) => isQuantity(String(given)) && within(parseQuantity(String(given)), least, most), {
            error: expected,
        })
        .transform(String);

const within = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;

const unlimited = "unlimited";

/** Configuration of a topic, by Kafka's keys. What is not given follows the cluster's default, also when that changes. */
export const topicConfigSettings = settings({
    "cleanup.policy": oneOf("delete", "compact", "compact,delete")
        .optional()
        .describe("What becomes of old records: deleted, or all but the newest of each key. Kafka's default delete."),
    "retention.ms": z
        .union([z.literal(unlimited), durationFrom("1s")], {
            error: "a time of at least 1s with its unit, such as 7d, or unlimited",
        })
        .optional()
        .describe("How long records are kept, or unlimited. Default: the cluster's."),
    "retention.bytes": z
        .union([z.literal(unlimited), size(2 ** 20, 2 ** 60, "")], {
            error: "a size of each partition of at least 1Mi with a unit, such as 10Gi, or unlimited",
        })
        .optional()
        .describe("Size of each partition, not of the topic, above which old records go. Kafka's default unlimited."),
    "segment.bytes": size(2 ** 20, largestInt, "a size from 1Mi to below 2Gi")
        .optional()
        .describe("Size of a segment, the unit in which records are deleted. Kafka's default 1Gi."),
    "segment.ms": durationFrom("1s").optional().describe("Age at which a segment is closed. Kafka's default 7d."),
    "segment.jitter.ms": durationFrom("0s")
        .optional()
        .describe("Random time by which segments close earlier. Kafka's default 0."),
    "segment.index.bytes": size(4, largestInt, "a size from 4 bytes to below 2Gi")
        .optional()
        .describe("Size of a segment's index. Kafka's default 10Mi."),
    "index.interval.bytes": size(0, largestInt, "a size from 0 to below 2Gi")
        .optional()
        .describe("Bytes of records for each entry of an index. Kafka's default 4Ki."),
    "file.delete.delay.ms": durationFrom("0s")
        .optional()
        .describe("Time until a deleted file is gone. Kafka's default 1m."),
    "flush.messages": whole(1, Number.MAX_SAFE_INTEGER)
        .optional()
        .describe("Records after which a flush to disk is forced. Kafka's default never: replicas keep them."),
    "flush.ms": durationFrom("0s")
        .optional()
        .describe("Time after which a flush to disk is forced. Kafka's default never."),
    "max.message.bytes": size(1024, largestInt, "a size from 1Ki to below 2Gi")
        .optional()
        .describe("Largest batch of records. Kafka's default 1Mi and 12 bytes."),
    "min.insync.replicas": whole(1, 15)
        .optional()
        .describe("Replicas that must have a record before it is acknowledged. Default: the cluster's."),
    "delete.retention.ms": durationFrom("0s")
        .optional()
        .describe("How long a compacted topic keeps the marks of deleted keys. Kafka's default 1d."),
    "min.compaction.lag.ms": durationFrom("0s")
        .optional()
        .describe("Age below which no record is compacted. Kafka's default 0."),
    "max.compaction.lag.ms": durationFrom("1s")
        .optional()
        .describe("Age at which a record must be considered for compaction. Kafka's default never."),
    "min.cleanable.dirty.ratio": z
        .number({ error: "a number from 0.01 to 1" })
        .min(0.01, { error: "a number from 0.01 to 1" })
        .max(1, { error: "a number from 0.01 to 1" })
        .optional()
        .describe("Part of a log that is not compacted yet at which compaction begins. Kafka's default 0.5."),
    "compression.type": oneOf("producer", "uncompressed", "gzip", "snappy", "lz4", "zstd")
        .optional()
        .describe("Compression in the log. Kafka's default producer: as records arrive."),
    "compression.gzip.level": whole(1, 9).optional().describe("Level of gzip. Kafka's default: zlib's."),
    "compression.lz4.level": whole(1, 17).optional().describe("Level of lz4. Kafka's default 9."),
    "compression.zstd.level": whole(-131_072, 22).optional().describe("Level of zstd. Kafka's default 3."),
    preallocate: flag()
        .optional()
        .describe("Whether a new segment takes its whole size on disk. Kafka's default false."),
    "message.timestamp.type": oneOf("CreateTime", "LogAppendTime")
        .optional()
        .describe("Whether a record's time is its producer's or its broker's. Kafka's default CreateTime."),
    "message.timestamp.before.max.ms": durationFrom("0s")
        .optional()
        .describe("How far a record's time may lie in the past. Kafka's default: any."),
    "message.timestamp.after.max.ms": durationFrom("0s")
        .optional()
        .describe("How far a record's time may lie in the future. Kafka's default 1h."),
})
    .refine(
        (config) =>
            config["min.compaction.lag.ms"] === undefined ||
            config["max.compaction.lag.ms"] === undefined ||
            milliseconds(config["min.compaction.lag.ms"]) <= milliseconds(config["max.compaction.lag.ms"]),
        { path: ["min.compaction.lag.ms"], error: "a time of at most max.compaction.lag.ms" },
    )
    .describe("Configuration by Kafka's keys; times and sizes with units. Default: the cluster's.");

export type TopicConfig = z.output<typeof topicConfigSettings>;

const topicNameExpected =
    "a topic name: at most 249 letters, digits, ., _ and -, not ., .. and not starting with __, which are Kafka's own";

/** Name of a topic (Topic.validate); names with two leading underscores are Kafka's and its tools' own. */
const topicName = () =>
    text(/^[A-Za-z0-9._-]+$/, 249, topicNameExpected).refine(
        (name) => name !== "." && name !== ".." && !name.startsWith("__"),
        { error: topicNameExpected, abort: true },
    );

const topicSetting = settings({
    partitions: whole(1, 10_000).describe(
        "Number of partitions. It can be raised, never lowered; raising it moves keys to other partitions.",
    ),
    replicas: whole(1, 15)
        .optional()
        .describe("Replicas of each partition; of a topic that exists it is only compared. Default: the cluster's."),
    config: topicConfigSettings.prefault({}),
});

/** Metrics have no dots in names, so brokers refuse a name that differs in `.` and `_` alone (Topic.hasCollision). */
const metricName = (name: string) => name.replaceAll(".", "_");

/** The topics of a cluster, by name. What is no longer declared stays. */
export const topicSettings = z
    .record(topicName(), topicSetting)
    .refine((topics) => new Set(Object.keys(topics).map(metricName)).size === Object.keys(topics).length, {
        error: "topic names that differ in more than . and _, which Kafka's metrics do not tell apart",
    })
    .default({})
    .describe("Topics by name. One that is no longer declared stays. Default none.");

export type Topics = z.output<typeof topicSettings>;

const patternExpected = (of: string) =>
    `the name of ${of}, the beginning of names followed by *, such as orders-*, or * for all`;

const namePattern = (of: string) => text(/^([A-Za-z0-9._-]+|[A-Za-z0-9._-]*[*])$/, 249, patternExpected(of));

const operation = {
    topic: ["Read", "Write", "Create", "Delete", "Alter", "Describe", "DescribeConfigs", "AlterConfigs"],
    group: ["Read", "Describe", "Delete", "DescribeConfigs", "AlterConfigs"],
    transactionalId: ["Describe", "Write"],
    cluster: ["Create", "Alter", "Describe", "AlterConfigs", "DescribeConfigs", "IdempotentWrite"],
} as const;

const hostExpected = "an IP address: Kafka compares hosts with the address that a client connects from";

const hostSettings = z
    .array(z.string({ error: hostExpected }).refine((host) => isIP(host) !== 0, { error: hostExpected }))
    .min(1)
    .optional()
    .describe("Addresses that the user may connect from. Default any.");

const aclFor = <const Resource extends keyof typeof operation>(resource: Resource, what: string) =>
    settings({
        resource: z.literal(resource).describe(what),
        name: namePattern(`a ${resource}`).describe("A name, the beginning of names followed by *, or * for all."),
        operations: z.array(z.enum(operation[resource])).min(1).describe("What the user may do."),
        hosts: hostSettings,
    });

/** One permission of a user. */
const aclSettings = variants("resource", [
    aclFor("topic", "Topics."),
    aclFor("group", "Consumer groups."),
    aclFor("transactionalId", "Ids of transactional producers."),
    settings({
        resource: z.literal("cluster").describe("The cluster itself. Alter allows to change every permission."),
        operations: z.array(z.enum(operation.cluster)).min(1).describe("What the user may do."),
        hosts: hostSettings,
    }),
]);

const quotaSettings = settings({
    producerByteRate: bytes().optional().describe("Bytes that it may send to each broker in a second. Default any."),
    consumerByteRate: bytes().optional().describe("Bytes that it may read from each broker in a second. Default any."),
    requestPercentage: whole(1, 100_000)
        .optional()
        .describe("Percent of one thread of each broker that its requests may take, 100 a thread. Default any."),
}).describe("What the user may ask of each broker, not of all together. Default none.");

const userSetting = settings({
    reads: z
        .array(namePattern("a topic"))
        .default([])
        .describe("Topics that it consumes, by name or as orders-*: Read and Describe. Default none."),
    writes: z
        .array(namePattern("a topic"))
        .default([])
        .describe("Topics that it produces to: Write and Describe. Default none."),
    groups: z
        .array(namePattern("a consumer group"))
        .min(1)
        .optional()
        .describe("Consumer groups of a user with reads. Default <user> and <user>.*."),
    acls: z.array(aclSettings).default([]).describe("Further permissions. Default none."),
    quotas: quotaSettings.optional(),
    rotation: rotationSetting("the certificate and the key of the user"),
})
    .refine((user) => user.groups === undefined || user.reads.length > 0, {
        path: ["groups"],
        error: "no groups without reads",
    })
    .refine((user) => new Set(user.acls.map((each) => JSON.stringify(each))).size === user.acls.length, {
        path: ["acls"],
        error: "no permission twice",
    });

/** The users of a cluster, by name: the CN of their client certificates. What is no longer declared stays allowed. */
export const kafkaUserSettings = z
    // A DNS label, since Secrets are called after users; and no name of a broker or of the administrator, see users.ts.
    .record(dnsLabel(50), userSetting)
    .default({})
    .describe("Users by name, the common name of their certificates. Needs tls. Default none.");

export type KafkaUsers = z.output<typeof kafkaUserSettings>;
export type KafkaUser = KafkaUsers[string];
export type Acl = z.output<typeof aclSettings>;

/** Local storage of the Job that applies topics and users: certificates, and what the tools say. */
export const provisionScratch = "64Mi";

/** How topics and users are applied. */
export const provisionSettings = settings({
    wait: durationFrom("1m").default("10m").describe("How long the Job waits for a broker that answers. Default 10m."),
    resources: resourceSettings({ cpu: "200m", cpuLimit: "1", memory: "512Mi" }, provisionScratch).describe(
        "CPU, memory and local storage of the Job, which runs one tool of Kafka at a time.",
    ),
}).prefault({});

export type ProvisionSettings = z.output<typeof provisionSettings>;

/** What the Job asks the namespace's quota for, while it runs. */
export function provisionDemand({ resources }: ProvisionSettings): Demand[] {
    return [{ pods: 1, resources }];
}

/** What topics are judged by. */
export interface ClusterReplication {
    /** Number of brokers. */
    readonly brokers: number;
    /** Replicas of a topic that says none. */
    readonly factor: number;
    /** `min.insync.replicas` of a topic that says none. */
    readonly minInsyncReplicas: number;
}

/** What is wrong with a topic: path below the topics, and what was expected there. */
export interface TopicFault {
    readonly path: readonly string[];
    readonly expected: string;
}

/**
 * Topics that their cluster can't have, or that a restart of one broker would stop: with as many replicas in sync
 * demanded as there are. One replica is allowed, with one in sync: whoever asks for it knows that it is not highly
 * available.
 */
export function topicFaults(topics: Topics, cluster: ClusterReplication): TopicFault[] {
    return Object.entries(topics).flatMap(([name, { replicas, config }]): TopicFault[] => {
        const factor = replicas ?? cluster.factor;
        const own = config["min.insync.replicas"];
        const least = own ?? cluster.minInsyncReplicas;
        const most = Math.max(1, factor - 1);
        if (factor > cluster.brokers) {
            return [{ path: [name, "replicas"], expected: `at most ${cluster.brokers} replicas, one a broker` }];
        }
        if (least <= most) {
            return [];
        }
        const because = factor === 1 ? "which is one replica" : `one fewer than its ${factor} replicas`;
        return [
            own === undefined
                ? {
                      path: [name, "config", "min.insync.replicas"],
                      expected: `at most ${most} (${because}), since the cluster's is ${least}`,
                  }
                : { path: [name, "config", "min.insync.replicas"], expected: `at most ${most}, ${because}` },
        ];
    });
}

/** Users need an identity, which is a client certificate. */
export function userFaults(users: KafkaUsers, security: { readonly mutualTls: boolean }): TopicFault[] {
    return security.mutualTls
        ? []
        : Object.keys(users).map((name) => ({
              path: [name],
              expected: "no users without mutual TLS: a user is the name in a client certificate",
          }));
}
