import * as assert from "node:assert/strict";
import type { z } from "zod";
import { checked, SettingsFaults } from "../../components/foundation/faults";
import { aclLines, grants, javaDouble, quotaProperties, topicProperties } from "../../components/kafka/declared";
import {
    kafkaUserSettings,
    provisionDemand,
    provisionSettings,
    topicConfigSettings,
    topicFaults,
    topicSettings,
    userFaults,
} from "../../components/kafka/declaredSchema";
import { refusedTopicKeys } from "./support/topicKeys";

function faults(schema: z.ZodType, input: unknown): string[] {
    try {
        checked(schema, "it", input);
        return [];
    } catch (error) {
        assert.ok(error instanceof SettingsFaults, String(error));
        return error.faults.map(({ path, expected }) => `${path}: ${expected}`);
    }
}

describe("the settings of topics", () => {
    const one = { partitions: 1 };
    const topicNames =
        "a key that is a topic name: at most 249 letters, digits, ., _ and -, not ., .. and not starting with __, which are Kafka's own";
    const collide = "names that differ in more than . and _, which Kafka's metrics do not tell apart";
    const broken: readonly (readonly [string, unknown, string])[] = [
        ["no partitions", { a: {} }, "a.partitions: a whole number from 1 to 10000"],
        ["a topic of Kafka's own [kafka-P42]", { __consumer_offsets: one }, `__consumer_offsets: ${topicNames}`],
        ["a name of dots", { "..": one }, `[".."]: ${topicNames}`],
        ["a name with a slash", { "a/b": one }, `["a/b"]: ${topicNames}`],
        ["names that metrics mix up [kafka-P43]", { "a.b": one, a_b: one }, `: topic ${collide}`],
        [
            "a time without a unit",
            { a: { ...one, config: { "retention.ms": "1000" } } },
            'a.config["retention.ms"]: a time of at least 1s with its unit, such as 7d, or unlimited',
        ],
        [
            "a size without a unit",
            { a: { ...one, config: { "retention.bytes": 512 } } },
            'a.config["retention.bytes"]: a size of each partition of at least 1Mi with a unit, such as 10Gi, or unlimited',
        ],
        [
            "a segment as large as Kafka can't count",
            { a: { ...one, config: { "segment.bytes": "2Gi" } } },
            'a.config["segment.bytes"]: a size from 1Mi to below 2Gi',
        ],
        [
            "a policy that there is not",
            { a: { ...one, config: { "cleanup.policy": "keep" } } },
            'a.config["cleanup.policy"]: delete | compact | compact,delete',
        ],
        [
            "a lag above the largest",
            { a: { ...one, config: { "min.compaction.lag.ms": "2d", "max.compaction.lag.ms": "1d" } } },
            'a.config["min.compaction.lag.ms"]: a time of at most max.compaction.lag.ms',
        ],
    ];
    for (const [what, given, expected] of broken) {
        it(`refuse ${what}`, () => {
            assert.deepEqual(faults(topicSettings, given), [expected]);
        });
    }

    it("refuse keys that a topic does not have, or that lose records [kafka-P44]", () => {
        for (const key of ["unclean.leader.election.enable", "remote.storage.enable", "retention.hours"]) {
            const [fault] = faults(topicSettings, { a: { ...one, config: { [key]: true } } });
            assert.match(fault ?? "", /a known key|one of the known keys/, key);
        }
    });

    it("have every key of Kafka's, but those that the page refuses [kafka-P44]", () => {
        const refused = refusedTopicKeys();
        assert.ok(refused.includes("unclean.leader.election.enable"));
        assert.deepEqual(
            refused.filter((key) => Object.hasOwn(topicConfigSettings.shape, key)),
            [],
        );
    });

    it("are rendered as Kafka prints them, each key", () => {
        const given: z.input<typeof topicConfigSettings> = {
            "cleanup.policy": "compact,delete",
            "compression.gzip.level": 9,
            "compression.lz4.level": 10,
            "compression.type": "lz4",
            "compression.zstd.level": -5,
            "delete.retention.ms": "2d",
            "file.delete.delay.ms": "30s",
            "flush.messages": 1000,
            "flush.ms": "5s",
            "index.interval.bytes": "8Ki",
            "max.compaction.lag.ms": "3d",
            "max.message.bytes": "2Mi",
            "message.timestamp.after.max.ms": "2h",
            "message.timestamp.before.max.ms": "30d",
            "message.timestamp.type": "LogAppendTime",
            "min.cleanable.dirty.ratio": 1,
            "min.compaction.lag.ms": "1m",
            "min.insync.replicas": 2,
            preallocate: true,
            "retention.bytes": "10Gi",
            "retention.ms": "unlimited",
            "segment.bytes": "64Mi",
            "segment.index.bytes": "1Mi",
            "segment.jitter.ms": "10s",
            "segment.ms": "1h",
        };
        assert.deepEqual(Object.keys(given).sort(), Object.keys(topicConfigSettings.shape).sort(), "every key");
        assert.deepEqual(topicProperties(topicConfigSettings.parse(given)), [
            "cleanup.policy=compact,delete",
            "compression.gzip.level=9",
            "compression.lz4.level=10",
            "compression.type=lz4",
            "compression.zstd.level=-5",
            "delete.retention.ms=172800000",
            "file.delete.delay.ms=30000",
            "flush.messages=1000",
            "flush.ms=5000",
            "index.interval.bytes=8192",
            "max.compaction.lag.ms=259200000",
            "max.message.bytes=2097152",
            "message.timestamp.after.max.ms=7200000",
            "message.timestamp.before.max.ms=2592000000",
            "message.timestamp.type=LogAppendTime",
            "min.cleanable.dirty.ratio=1.0",
            "min.compaction.lag.ms=60000",
            "min.insync.replicas=2",
            "preallocate=true",
            "retention.bytes=10737418240",
            "retention.ms=-1",
            "segment.bytes=67108864",
            "segment.index.bytes=1048576",
            "segment.jitter.ms=10000",
            "segment.ms=3600000",
        ]);
    });

    const cluster = { brokers: 3, factor: 3, minInsyncReplicas: 2 };
    const judged = (topic: unknown, of = cluster) =>
        topicFaults(topicSettings.parse({ a: topic }), of).map(
            ({ path, expected }) => `${path.join(" ")}: ${expected}`,
        );

    it("fit their cluster [kafka-P45]", () => {
        assert.deepEqual(judged(one), []);
        assert.deepEqual(judged({ ...one, replicas: 4 }), ["a replicas: at most 3 replicas, one a broker"]);
        assert.deepEqual(judged({ ...one, config: { "min.insync.replicas": 3 } }), [
            "a config min.insync.replicas: at most 2, one fewer than its 3 replicas",
        ]);
        assert.deepEqual(judged({ ...one, replicas: 2 }), [
            "a config min.insync.replicas: at most 1 (one fewer than its 2 replicas), since the cluster's is 2",
        ]);
        assert.deepEqual(judged({ ...one, replicas: 2, config: { "min.insync.replicas": 1 } }), []);
        assert.deepEqual(judged({ ...one, replicas: 1, config: { "min.insync.replicas": 1 } }), []);
        assert.deepEqual(judged(one, { brokers: 1, factor: 1, minInsyncReplicas: 1 }), []);
    });
});

describe("the settings of users", () => {
    const pattern = (of: string) =>
        `the name of ${of}, the beginning of names followed by *, such as orders-*, or * for all`;
    const broken: readonly (readonly [string, unknown, string])[] = [
        ["groups without reads", { a: { groups: ["a"] } }, "a.groups: no groups without reads"],
        ["a star in the middle", { a: { reads: ["a*b"] } }, `a.reads[0]: ${pattern("a topic")}`],
        [
            "an operation of another resource",
            { a: { acls: [{ resource: "group", name: "a", operations: ["Write"] }] } },
            "a.acls[0].operations[0]: Read | Describe | Delete | DescribeConfigs | AlterConfigs",
        ],
        [
            "what only brokers do",
            { a: { acls: [{ resource: "cluster", operations: ["ClusterAction"] }] } },
            "a.acls[0].operations[0]: Create | Alter | Describe | AlterConfigs | DescribeConfigs | IdempotentWrite",
        ],
        [
            "a host name, which Kafka never resolves",
            { a: { acls: [{ resource: "topic", name: "a", operations: ["Read"], hosts: ["web"] }] } },
            "a.acls[0].hosts[0]: an IP address: Kafka compares hosts with the address that a client connects from",
        ],
        [
            "a permission twice",
            {
                a: {
                    acls: [
                        { resource: "topic", name: "a", operations: ["Read"] },
                        { resource: "topic", name: "a", operations: ["Read"] },
                    ],
                },
            },
            "a.acls: no permission twice",
        ],
    ];
    for (const [what, given, expected] of broken) {
        it(`refuse ${what}`, () => {
            assert.deepEqual(faults(kafkaUserSettings, given), [expected]);
        });
    }

    it("refuse the names of those who may do everything [kafka-P46]", () => {
        for (const name of ["kafka broker", "kafka admin", "a,b", "Ann"]) {
            assert.match(faults(kafkaUserSettings, { [name]: {} }).join(), /a key that is a DNS label/, name);
        }
    });

    const user = (given: NonNullable<z.input<typeof kafkaUserSettings>>[string]) => {
        const { a } = kafkaUserSettings.parse({ a: given });
        assert.ok(a !== undefined);
        return a;
    };

    it("need mutual TLS", () => {
        const users = { a: user({}) };
        assert.deepEqual(userFaults(users, { mutualTls: true }), []);
        assert.deepEqual(
            userFaults(users, { mutualTls: false }).map(({ path }) => path),
            [["a"]],
        );
    });

    it("give a reader groups of its own name, or those that are given", () => {
        const groups = (given: NonNullable<z.input<typeof kafkaUserSettings>>[string]) =>
            grants("a", user(given))
                .filter(({ resource }) => resource === "group")
                .map(({ name, pattern: kind }) => `${kind} ${name}`);
        assert.deepEqual(groups({ reads: ["t"] }), ["literal a", "prefixed a."]);
        assert.deepEqual(groups({ reads: ["t"], groups: ["x", "y-*"] }), ["literal x", "prefixed y-"]);
        assert.deepEqual(groups({ writes: ["t"] }), []);
    });

    it("permit each operation from each address", () => {
        const [grant] = grants(
            "a",
            user({
                acls: [
                    {
                        resource: "transactionalId",
                        name: "a-*",
                        operations: ["Describe", "Write"],
                        hosts: ["10.0.0.1", "::1"],
                    },
                ],
            }),
        );
        assert.ok(grant !== undefined);
        assert.deepEqual(aclLines(grant), [
            "TRANSACTIONAL_ID a- PREFIXED User:a 10.0.0.1 DESCRIBE",
            "TRANSACTIONAL_ID a- PREFIXED User:a ::1 DESCRIBE",
            "TRANSACTIONAL_ID a- PREFIXED User:a 10.0.0.1 WRITE",
            "TRANSACTIONAL_ID a- PREFIXED User:a ::1 WRITE",
        ]);
    });

    it("give quotas as Java prints them", () => {
        assert.deepEqual(quotaProperties(user({ quotas: { producerByteRate: "10Mi", requestPercentage: 50 } })), [
            "producer_byte_rate=1.048576E7",
            "request_percentage=50.0",
        ]);
        for (const [value, text] of [
            [1, "1.0"],
            [9_999_999, "9999999.0"],
            [10_000_000, "1.0E7"],
            [2 ** 40, "1.099511627776E12"],
        ] as const) {
            assert.equal(javaDouble(value), text);
        }
    });
});

describe("the Job's settings", () => {
    it("ask the quota for one pod, and have a time to wait", () => {
        const given = provisionSettings.parse({ resources: { memory: "1Gi" } });
        assert.deepEqual(
            provisionDemand(given).map(({ pods, resources }) => [pods, resources.memory]),
            [[1, "1Gi"]],
        );
        assert.deepEqual(faults(provisionSettings, { wait: "5s" }), ["wait: a time of at least 1m"]);
    });
});
