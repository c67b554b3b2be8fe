import * as assert from "node:assert/strict";
import { checked } from "../../components/foundation/faults";
import { imageClusterId, demand, heapOf, kafkaSettings, kafkaTierFaults } from "../../components/kafka/schema";
import { settingsWith } from "./fixtures";

const external = { kind: "perBrokerHosts", host: "b-{id}.example.com", clients: [{ namespace: "gateway" }] };
const rack = (firstId?: number) => ({ nodes: 3, ...(firstId !== undefined && { firstId }) });

const broken: readonly (readonly [what: string, given: unknown, ...lines: RegExp[]])[] = [
    [
        "the image's own cluster id [kafka-P1]",
        { clusterId: imageClusterId },
        /clusterId: expected an id other than the image's own/,
    ],
    ["a cluster id that is none", { clusterId: "kafka" }, /clusterId: expected a cluster id/],
    ["a cluster id with a leading dash", { clusterId: "-6L6g3nShT2eMCtK1X86sw" }, /clusterId: expected a cluster id/],
    ["two controllers", { controllers: { kind: "dedicated", nodes: 2 } }, /controllers.nodes: expected 1, 3 or 5/],
    [
        "combined nodes of an even number",
        { controllers: { kind: "combined" }, brokers: { nodes: 4 } },
        /brokers.nodes: expected 1, 3 or 5/,
    ],
    [
        "combined nodes in racks",
        { controllers: { kind: "combined" }, brokers: { racks: { a: rack() } } },
        /brokers.racks: expected no racks where the brokers are the controllers too/,
    ],
    [
        "racks and nodes",
        { brokers: { nodes: 3, racks: { a: rack() } } },
        /brokers.nodes: expected no nodes beside racks/,
    ],
    ["no racks", { brokers: { racks: {} } }, /brokers.racks: expected at least one rack/],
    [
        "racks without ids [kafka-P13]",
        { brokers: { racks: { a: rack(100), b: rack() } } },
        /brokers.racks.b.firstId: expected the id of the rack's first broker/,
    ],
    [
        "racks with the same ids [kafka-P12]",
        { brokers: { racks: { a: rack(100), b: rack(100) } } },
        /brokers.racks.b.firstId: expected a range of ids that no other/,
    ],
    ["ids in between", { brokers: { racks: { a: rack(150) } } }, /firstId: expected one of 100, 200/],
    ["ids of controllers [kafka-P12]", { brokers: { racks: { a: rack(0) } } }, /firstId: expected one of 100, 200/],
    [
        "a rack with too many brokers",
        { brokers: { racks: { a: { nodes: 101 } } } },
        /nodes: expected a whole number from 1 to 100/,
    ],
    [
        "more replicas than brokers",
        { replication: { factor: 4 } },
        /replication.factor: expected at most the number of brokers/,
    ],
    [
        "all replicas in sync [kafka-P9]",
        { replication: { minInsyncReplicas: 3 } },
        /minInsyncReplicas: expected less than factor/,
    ],
    [
        "an external listener without TLS",
        { tls: { mode: "none" }, listeners: { external } },
        /external: expected no external listener without tls/,
    ],
    ["users without TLS", { tls: { mode: "none" }, users: { app: {} } }, /users: expected no users without tls/],
    ["the exporter's user", { users: { "kafka-exporter": {} } }, /users.kafka-exporter: expected a name other than/],
    [
        "no time to stop after the gate [kafka-P17]",
        { gracePeriod: "6m" },
        /gracePeriod: expected at least gate.timeout and 120s/,
    ],
    ["a gate of no time", { gate: { timeout: "1s" } }, /gate.timeout: expected a time of at least 10s/],
    ["a heap of more than half", { brokers: { heap: "3Gi" } }, /brokers.heap: expected a heap of at most half/],
    [
        "a controller's heap of more than half",
        { controllers: { kind: "dedicated", heap: "900Mi" } },
        /controllers.heap: expected a heap of at most half/,
    ],
    [
        "a heap that the log cleaner would fill",
        { brokers: { heap: "128Mi" } },
        /brokers.heap: expected a heap of at least 256Mi/,
    ],
    [
        "a controller's heap below the least",
        { controllers: { kind: "dedicated", heap: "255Mi" } },
        /controllers.heap: expected a heap of at least 256Mi/,
    ],
    ["a heap without a size", { brokers: { heap: "big" } }, /brokers.heap: expected/],
    ["too little memory", { brokers: { resources: { memory: "512Mi" } } }, /memory: expected at least 1Gi/],
    [
        "too little local storage",
        { brokers: { resources: { ephemeralStorage: "64Mi" } } },
        /ephemeralStorage: expected at least 300Mi/,
    ],
    [
        "a property that a setting decides",
        { config: { "min.insync.replicas": 1 } },
        /config\["min.insync.replicas"\]: expected a server property/,
    ],
    [
        "a property of ZooKeeper",
        { config: { "zookeeper.connect": "zk:2181" } },
        /expected a server property of Kafka 4/,
    ],
    [
        "a protocol version",
        { config: { "inter.broker.protocol.version": "3.9" } },
        /expected a server property of Kafka 4/,
    ],
    ["a password in a property", { config: { "my.password": "x" } }, /expected no secret/],
    ["a property of two lines", { config: { "num.partitions": "1\nlisteners=x" } }, /expected text of one line/],
    [
        "a host without id",
        { listeners: { external: { ...external, host: "kafka.example.com" } } },
        /host: expected a host name with \{id\} once/,
    ],
    [
        "a host with another mark",
        { listeners: { external: { ...external, host: "{id}.{rack}.example.com" } } },
        /host: expected a host name with \{id\} once/,
    ],
    [
        "a topic with more replicas than brokers",
        { topics: { a: { partitions: 1, replicas: 5 } } },
        /topics.a.replicas: expected at most 3/,
    ],
];

describe("settings of Kafka", () => {
    for (const [what, given, ...lines] of broken) {
        it(`refuse ${what}`, () => {
            assert.throws(
                () => checked(kafkaSettings, "kafka", given),
                (error: Error) => {
                    lines.forEach((line) => assert.match(error.message, line));
                    assert.equal(error.message.split("\n").length, 1 + lines.length, error.message);
                    return true;
                },
            );
        });
    }

    it("are idempotent", () => {
        const once = settingsWith({ brokers: { racks: { west: { nodes: 3 } } } });
        assert.deepEqual(settingsWith(once), once);
        assert.equal(once.brokers.racks?.["west"]?.firstId, 100);
    });

    it("give the heap 40 % of the memory, or what is given", () => {
        assert.equal(heapOf(settingsWith().brokers), 1638);
        assert.equal(heapOf(settingsWith({ brokers: { heap: "1Gi" } }).brokers), 1024);
        assert.equal(heapOf(settingsWith({ brokers: { heap: "256Mi" } }).brokers), 256);
        assert.ok(heapOf({ resources: { memory: "1Gi" } }) >= 256, "the default of the least memory");
    });

    const tiers: readonly (readonly [
        Parameters<typeof kafkaTierFaults>[1],
        Parameters<typeof settingsWith>[0],
        string[],
    ])[] = [
        ["development", { tls: { mode: "none" }, controllers: { kind: "dedicated", nodes: 1 } }, []],
        ["staging", { tls: { mode: "none" } }, ["tls.mode"]],
        ["production", {}, []],
        ["staging", { controllers: { kind: "dedicated", nodes: 1 } }, []],
        ["production", { controllers: { kind: "dedicated", nodes: 1 } }, ["controllers.nodes"]],
        ["production", { replication: { minInsyncReplicas: 1 } }, ["replication.minInsyncReplicas"]],
    ];
    for (const [tier, given, paths] of tiers) {
        it(`of ${tier} with ${JSON.stringify(given)}: ${paths.join(", ") || "no fault"}`, () => {
            assert.deepEqual(
                kafkaTierFaults(settingsWith(given), tier).map(({ path }) => path.join(".")),
                paths,
            );
        });
    }

    it("ask the quota for nodes, the Job and, where it is watched, the exporter", () => {
        const pods = (watched: boolean, given: Parameters<typeof settingsWith>[0] = {}) =>
            demand(settingsWith(given), watched).map((each) => [each.pods, each.claims]);
        assert.deepEqual(pods(true), [
            [3, ["50Gi"]],
            [3, ["10Gi"]],
            [1, undefined],
            [1, undefined],
        ]);
        assert.deepEqual(pods(false), [
            [3, ["50Gi"]],
            [3, ["10Gi"]],
            [1, undefined],
        ]);
        assert.deepEqual(pods(false, { controllers: { kind: "combined" } }), [
            [3, ["50Gi"]],
            [1, undefined],
        ]);
    });
});
