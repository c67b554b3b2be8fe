import { type Broken, inDevelopment, itFindsEach, itLeavesAlone, systemWith } from "./brokenTable";

/** Kafka with the class of volumes that production asks for; further settings of brokers and controllers may follow. */
const kafkaWith = (settings: string, brokers = "", controllers = "kind: dedicated, storageClass: standard") =>
    systemWith(
        "kafka",
        `{ brokers: { storageClass: standard, ${brokers} }, controllers: { ${controllers} }, ${settings} }`,
    );

const at = (path: string) => `data-platform:systems.kafka.${path}`;
const gateway = "clients: [{ namespace: gateways }]";
const hostOfEach = "a host name with {id} once, in the place of the broker's id, such as broker-{id}.kafka.example.com";

const table: readonly Broken[] = [
    [
        "the image's own cluster id [kafka-P1]",
        [kafkaWith("clusterId: 5L6g3nShT-eMCtK--X86sw")],
        [
            `${at("clusterId")}: expected an id other than the image's own, which everybody has, found "5L6g3nShT-eMCtK--X86sw"`,
        ],
    ],
    [
        "a cluster id that is no UUID",
        [kafkaWith("clusterId: my-cluster")],
        [
            `${at("clusterId")}: expected a cluster id: a UUID of 22 characters in base64url, not starting with -, found "my-cluster"`,
        ],
    ],
    [
        "an even number of controllers",
        [kafkaWith("", "", "kind: dedicated, storageClass: standard, nodes: 4")],
        [
            `${at("controllers.nodes")}: expected 1, 3 or 5 (an even number of controllers tolerates no more losses), found 4`,
        ],
    ],
    [
        "one controller in production",
        [kafkaWith("", "", "kind: dedicated, storageClass: standard, nodes: 1")],
        [`${at("controllers.nodes")}: expected 3 or 5 in production, found 1`],
    ],
    [
        "an unknown kind of controllers",
        [kafkaWith("", "", "kind: zookeeper")],
        [`${at("controllers.kind")}: expected dedicated | combined, found "zookeeper"`],
    ],
    [
        "combined nodes of an even number",
        [kafkaWith("", "nodes: 4", "kind: combined")],
        [`${at("brokers.nodes")}: expected 1, 3 or 5 where the brokers are the controllers too, found 4`],
    ],
    [
        "combined nodes in racks",
        [kafkaWith("", "racks: { west: { nodes: 3 } }", "kind: combined")],
        [
            `${at("brokers.racks")}: expected no racks where the brokers are the controllers too: a chain of sets could not form a quorum, found a map of west`,
        ],
    ],
    [
        "racks beside a number of brokers",
        [kafkaWith("", "nodes: 3, racks: { west: { nodes: 3 } }")],
        [`${at("brokers.nodes")}: expected no nodes beside racks, each of which has its own, found 3`],
    ],
    [
        "a second rack without ids [kafka-P13]",
        [kafkaWith("", "racks: { west: { nodes: 2, firstId: 100 }, east: { nodes: 2 } }")],
        [
            `${at("brokers.racks.east.firstId")}: expected the id of the rack's first broker: a default would change when a rack is added, found nothing`,
        ],
    ],
    [
        "two racks with the same ids [kafka-P12]",
        [kafkaWith("", "racks: { west: { nodes: 2, firstId: 200 }, east: { nodes: 2, firstId: 200 } }")],
        [`${at("brokers.racks.east.firstId")}: expected a range of ids that no other rack has, found 200`],
    ],
    [
        "ids among the controllers' [kafka-P12]",
        [kafkaWith("", "racks: { west: { nodes: 3, firstId: 1 } }")],
        [`${at("brokers.racks.west.firstId")}: expected one of 100, 200, 300, 400, 500, 600, 700, 800, 900, found 1`],
    ],
    [
        "a rack with too many brokers",
        [kafkaWith("", "racks: { west: { nodes: 200 } }")],
        [`${at("brokers.racks.west.nodes")}: expected a whole number from 1 to 100, found 200`],
    ],
    [
        "more replicas than brokers",
        [kafkaWith("replication: { factor: 5 }")],
        [`${at("replication.factor")}: expected at most the number of brokers, found 5`],
    ],
    [
        "as many replicas in sync as there are [kafka-P9]",
        [kafkaWith("replication: { minInsyncReplicas: 3 }")],
        [
            `${at("replication.minInsyncReplicas")}: expected less than factor, or each restart of a broker stops its producers, found 3`,
        ],
    ],
    [
        "one replica in sync in production",
        [kafkaWith("replication: { minInsyncReplicas: 1 }")],
        [
            `${at("replication.minInsyncReplicas")}: expected at least 2 in production: with 1 an acknowledged record may be on one disk only, found 1`,
        ],
    ],
    [
        "no TLS outside development",
        [kafkaWith("tls: { mode: none }")],
        [`${at("tls.mode")}: expected mutual outside development, found "none"`],
    ],
    [
        "users without TLS",
        [inDevelopment, kafkaWith("tls: { mode: none }, users: { app: { } }")],
        [
            `${at("users")}: expected no users without tls: a user is the common name of a client certificate, found a map of app`,
        ],
    ],
    [
        "an external listener without TLS",
        [
            inDevelopment,
            kafkaWith(
                `tls: { mode: none }, listeners: { external: { kind: perBrokerHosts, host: "b-{id}.example.com", ${gateway} } }`,
            ),
        ],
        [`${at("listeners.external")}: expected no external listener without tls, found a map of clients, host, kind`],
    ],
    [
        "the same host for all brokers [kafka-P20]",
        [kafkaWith(`listeners: { external: { kind: perBrokerHosts, host: kafka.example.com, ${gateway} } }`)],
        [`${at("listeners.external.host")}: expected ${hostOfEach}, found "kafka.example.com"`],
    ],
    [
        "a load balancer for everybody",
        [kafkaWith('listeners: { external: { kind: loadBalancer, host: "b-{id}.example.com", sourceRanges: [] } }')],
        [`${at("listeners.external.sourceRanges")}: expected at least 1 entries, found an empty list`],
    ],
    [
        "a node port's base outside the range",
        [
            kafkaWith(
                `listeners: { external: { kind: nodePort, host: nodes.example.com, portBase: 20000, ${gateway} } }`,
            ),
        ],
        [
            `${at("listeners.external.portBase")}: expected 30000 or 31000, to which the broker's id is added, found 20000`,
        ],
    ],
    [
        "no time to stop after the gate [kafka-P17]",
        [kafkaWith("gracePeriod: 5m")],
        [`${at("gracePeriod")}: expected at least gate.timeout and 120s, to stop cleanly after the gate, found "5m"`],
    ],
    [
        "a heap that leaves no page cache",
        [kafkaWith("", "heap: 3Gi")],
        [
            `${at("brokers.heap")}: expected a heap of at most half of resources.memory, since Kafka reads from the page cache, found "3Gi"`,
        ],
    ],
    [
        "a heap that the log cleaner would fill",
        [kafkaWith("", "heap: 128Mi")],
        [
            `${at("brokers.heap")}: expected a heap of at least 256Mi, of which the log cleaner takes half, found "128Mi"`,
        ],
    ],
    [
        "a property that a setting decides",
        [kafkaWith("config: { log.dirs: /tmp }")],
        [
            `${at('config["log.dirs"]')}: expected a server property of Kafka 4 that no other setting decides, found "/tmp"`,
        ],
    ],
    [
        "a secret among the properties",
        [kafkaWith("config: { sasl.jaas.config: none }")],
        [
            `${at('config["sasl.jaas.config"]')}: expected no secret and no place of one: this text is in a ConfigMap, found "none"`,
        ],
    ],
    [
        "the exporter's user",
        [kafkaWith("users: { kafka-exporter: { } }")],
        [
            `${at("users.kafka-exporter")}: expected a name other than kafka-exporter, which is the exporter's, found an empty map`,
        ],
    ],
    [
        "a topic with more replicas than brokers",
        [kafkaWith("topics: { orders: { partitions: 3, replicas: 4 } }")],
        [`${at("topics.orders.replicas")}: expected at most 3 replicas, one a broker, found 4`],
    ],
    [
        "a misspelt setting",
        [kafkaWith("listener: { }")],
        [`${at("listener")}: expected a known key (did you mean listeners?), found an unknown key`],
    ],
];

describe("broken stack files: Kafka", () => {
    itFindsEach(table);
    itLeavesAlone([
        ["a cluster with its defaults", [kafkaWith("")]],
        [
            "one node without TLS in development",
            [
                inDevelopment,
                kafkaWith(
                    "tls: { mode: none }, replication: { factor: 1, minInsyncReplicas: 1 }",
                    "nodes: 1",
                    "kind: combined",
                ),
            ],
        ],
        [
            "a cluster with hosts for clients outside",
            [kafkaWith(`listeners: { external: { kind: perBrokerHosts, host: "b-{id}.example.com", ${gateway} } }`)],
        ],
    ]);
});
