import * as assert from "node:assert/strict";
import { layoutOf } from "../../components/kafka/layout";
import {
    log4j2,
    nodeVariables,
    ownProperties,
    serverProperties,
    variableOf,
    clusterIdOf,
} from "../../components/kafka/properties";
import { ownServerKeys, refusedServerKey } from "../../components/kafka/serverKeys";
import type { KafkaSettings } from "../../components/kafka/schema";
import { racks, settingsWith } from "./fixtures";

const rendered = (given: KafkaSettings = {}) => {
    const settings = settingsWith(given);
    return ownProperties(settings, layoutOf("kafka", settings, (service) => `${service}.ns`).voters);
};

const variables = (given: KafkaSettings, role: Parameters<typeof nodeVariables>[1]["role"], rack?: string) =>
    Object.fromEntries(
        nodeVariables(settingsWith(given), { role, host: "kafka-brokers.ns", rack }).map(({ name, value }) => [
            name,
            value,
        ]),
    );

const mutual = { mode: "mutual" } as const;
const clients = [{ cidr: "10.0.0.0/8" }];

describe("server properties", () => {
    const effects: readonly (readonly [what: string, given: KafkaSettings, key: string, expected: unknown])[] = [
        [
            "the log directory, on the volume [kafka-P4] and below its root [kafka-P5]",
            {},
            "log.dirs",
            "/var/lib/kafka/data/logs",
        ],
        ["replicas [kafka-P18]", {}, "default.replication.factor", 3],
        ["replicas of offsets [kafka-P18]", {}, "offsets.topic.replication.factor", 3],
        ["replicas of transactions [kafka-P18]", {}, "transaction.state.log.replication.factor", 3],
        ["transactions in sync [kafka-P18]", {}, "transaction.state.log.min.isr", 2],
        ["replicas of share groups [kafka-P18]", {}, "share.coordinator.state.topic.replication.factor", 3],
        ["share groups in sync [kafka-P18]", {}, "share.coordinator.state.topic.min.isr", 2],
        ["replicas in sync", {}, "min.insync.replicas", 2],
        ["factor", { replication: { factor: 1, minInsyncReplicas: 1 } }, "offsets.topic.replication.factor", 1],
        ["minInsyncReplicas", { replication: { minInsyncReplicas: 1 } }, "min.insync.replicas", 1],
        ["retention", { retention: { time: "2h" } }, "log.retention.ms", 7_200_000],
        ["retention by size", { retention: { bytes: "1Gi" } }, "log.retention.bytes", 2 ** 30],
        ["retention by no size", {}, "log.retention.bytes", -1],
        ["no topics by accident", {}, "auto.create.topics.enable", false],
        ["no leader that lost records", {}, "unclean.leader.election.enable", false],
        ["TLS everywhere", {}, "listener.security.protocol.map", "CLIENT:SSL,REPLICATION:SSL,CONTROLLER:SSL"],
        ["certificates of all clients [kafka-P41]", {}, "ssl.client.auth", "required"],
        ["no permission where none is given [kafka-P40]", {}, "allow.everyone.if.no.acl.found", false],
        ["super users", {}, "super.users", "User:kafka broker;User:kafka admin"],
        [
            "no TLS",
            { tls: { mode: "none" } },
            "listener.security.protocol.map",
            "CLIENT:PLAINTEXT,REPLICATION:PLAINTEXT,CONTROLLER:PLAINTEXT",
        ],
        ["no permissions without TLS", { tls: { mode: "none" } }, "authorizer.class.name", undefined],
        [
            "the external listener",
            { listeners: { external: { kind: "perBrokerHosts", host: "b-{id}.example.com", clients } } },
            "listener.security.protocol.map",
            "CLIENT:SSL,REPLICATION:SSL,CONTROLLER:SSL,EXTERNAL:SSL",
        ],
        [
            "reading from the near replica",
            { brokers: { racks } },
            "replica.selector.class",
            "org.apache.kafka.common.replica.RackAwareReplicaSelector",
        ],
        ["no racks", {}, "replica.selector.class", undefined],
    ];
    for (const [what, given, key, expected] of effects) {
        it(`render ${what}: ${key}`, () => assert.equal(rendered(given)[key], expected));
    }

    it("take further ones, sorted, and after their own", () => {
        const settings = settingsWith({ config: { "num.network.threads": 5, "compression.type": "lz4" } });
        assert.match(serverProperties(settings, []), /\ncompression.type=lz4\nnum.network.threads=5\n$/);
    });

    it("that are rendered can't be further ones", () => {
        const external = { kind: "perBrokerHosts", host: "b-{id}.example.com", clients } as const;
        const all = rendered({ brokers: { racks }, listeners: { external } });
        for (const key of Object.keys(all)) {
            assert.notEqual(refusedServerKey(key), undefined, key);
        }
        assert.deepEqual(
            ownServerKeys.filter((key) => refusedServerKey(key) === undefined),
            [],
        );
        assert.equal(refusedServerKey("num.partitions"), undefined);
    });

    it("log to the console alone [kafka-P16]", () => {
        assert.match(log4j2, /Appenders:\n {2}Console:|Appenders:\n {4}Console:/);
        assert.doesNotMatch(log4j2, /File|kafka\.logs\.dir/);
    });
});

describe("variables of a node", () => {
    it("are named as the image's start script wants them", () => {
        assert.equal(variableOf("node.id"), "KAFKA_NODE_ID");
        assert.equal(variableOf("a_b-c.d"), "KAFKA_A__B___C_D");
    });

    it("of a broker listen and tell their own name [kafka-P2]", () => {
        assert.deepEqual(variables({}, "broker", "west"), {
            KAFKA_PROCESS_ROLES: "broker",
            KAFKA_LISTENERS: "CLIENT://:9092,REPLICATION://:9091",
            KAFKA_ADVERTISED_LISTENERS:
                "CLIENT://$(POD_NAME).kafka-brokers.ns:9092,REPLICATION://$(POD_NAME).kafka-brokers.ns:9091",
            KAFKA_BROKER_RACK: "west",
        });
    });

    it("of a controller advertise nothing, and always name their listener [kafka-P3] [kafka-P2]", () => {
        assert.deepEqual(variables({}, "controller"), {
            KAFKA_PROCESS_ROLES: "controller",
            KAFKA_LISTENERS: "CONTROLLER://:9093",
        });
    });

    it("of a node that is both listen as both, and advertise only what clients use [kafka-P2]", () => {
        const given = variables({ controllers: { kind: "combined" } }, "broker,controller");
        assert.equal(given["KAFKA_LISTENERS"], "CLIENT://:9092,REPLICATION://:9091,CONTROLLER://:9093");
        assert.doesNotMatch(given["KAFKA_ADVERTISED_LISTENERS"] ?? "", /CONTROLLER/);
    });

    const external: readonly (readonly [NonNullable<NonNullable<KafkaSettings["listeners"]>["external"]>, string])[] = [
        [{ kind: "nodePort", host: "nodes.example.com", clients }, "nodes.example.com:31$(KAFKA_NODE_ID)"],
        [
            { kind: "nodePort", host: "n{id}.example.com", portBase: 30000, clients },
            "n$(KAFKA_NODE_ID).example.com:30$(KAFKA_NODE_ID)",
        ],
        [
            { kind: "loadBalancer", host: "b-{id}.example.com", sourceRanges: ["10.0.0.0/8"] },
            "b-$(KAFKA_NODE_ID).example.com:9094",
        ],
        [{ kind: "perBrokerHosts", host: "b-{id}.example.com", clients }, "b-$(KAFKA_NODE_ID).example.com:443"],
        [
            { kind: "perBrokerHosts", host: "b-{id}.example.com", port: 8443, clients },
            "b-$(KAFKA_NODE_ID).example.com:8443",
        ],
    ];
    for (const [given, address] of external) {
        it(`tell clients outside ${address}`, () => {
            const found = variables({ tls: mutual, listeners: { external: given } }, "broker");
            assert.ok(found["KAFKA_ADVERTISED_LISTENERS"]?.endsWith(`,EXTERNAL://${address}`));
            assert.ok(found["KAFKA_LISTENERS"]?.endsWith(",EXTERNAL://:9094"));
        });
    }

    it("name no listener so that the start script asks for key files of its own [kafka-P23]", () => {
        const given = {
            listeners: { external: { kind: "perBrokerHosts", host: "b-{id}.example.com", clients } },
        } as const;
        assert.doesNotMatch(variables(given, "broker")["KAFKA_ADVERTISED_LISTENERS"] ?? "", /SSL:\/\//);
    });
});

describe("a cluster id", () => {
    it("never begins with a dash, which tools take for an option", () => {
        assert.equal(clusterIdOf("-6L6g3nShT-eMCtK--X86w"), "A6L6g3nShT-eMCtK--X86w");
        assert.equal(clusterIdOf("b6L6g3nShT-eMCtK--X86w"), "b6L6g3nShT-eMCtK--X86w");
    });
});
