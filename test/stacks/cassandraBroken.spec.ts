import type { Edit } from "../support/stackFiles";
import { type Broken, inDevelopment, itFindsEach, itLeavesAlone, systemWith } from "./brokenTable";

/** Cassandra beside the good file's systems, in production. */
const cassandra = (settings: string): Edit =>
    systemWith("cassandra", `{ storageClass: standard, clientEncryption: { mode: required }, ${settings} }`);

/** A fault of its settings. */
const at = (path: string, expected: string, found: string) =>
    `data-platform:systems.cassandra.${path}: expected ${expected}, found ${found}`;

const broken: readonly Broken[] = [
    [
        "volumes of whatever class is the default, in production",
        [systemWith("cassandra", "{ clientEncryption: { mode: required } }")],
        [
            at(
                "storageClass",
                "the name of a StorageClass in a production environment, since the cluster's default class can change",
                "nothing",
            ),
        ],
    ],
    ["no rack", [cassandra("racks: {}")], [at("racks", "at least one rack", "an empty map")]],
    [
        "a rack without nodes",
        [cassandra("racks: { a: { nodes: 0 } }")],
        [at("racks.a.nodes", "a whole number from 1 to 200", "0")],
    ],
    [
        "a rack without a number of nodes",
        [cassandra("racks: { a: {} }")],
        [at("racks.a.nodes", "a whole number from 1 to 200", "nothing")],
    ],
    [
        "a rack called as a Job",
        [cassandra("racks: { repair: { nodes: 3 } }")],
        [
            at(
                "racks.repair",
                "a key that is a name other than superuser, repair, snapshots, which Jobs have",
                '"repair"',
            ),
        ],
    ],
    [
        "two racks that are one in the ring",
        [cassandra("racks: { a: { nodes: 3, rack: r }, b: { nodes: 3, rack: r } }")],
        [at("racks", "racks with different names in Cassandra's ring", "a map of a, b")],
    ],
    [
        "a rack with a target set that there is not",
        [cassandra("racks: { a: { nodes: 3, targets: fast } }")],
        [at("racks.a.targets", "a name from data-platform:targets (stateful | batch)", '"fast"')],
    ],
    [
        "a target set that there is not",
        [cassandra("targets: fast")],
        [at("targets", "a name from data-platform:targets (stateful | batch)", '"fast"')],
    ],
    [
        "a misspelt setting",
        [cassandra("seedPerRack: 1")],
        [at("seedPerRack", "a known key (did you mean seedsPerRack?)", "an unknown key")],
    ],
    [
        "most nodes of a rack as seeds",
        [cassandra("racks: { a: { nodes: 2 } }, seedsPerRack: 2")],
        [at("seedsPerRack", "1 where a rack has fewer than 3 nodes: most of its nodes would be seeds", "2")],
    ],
    [
        "three seeds of each rack",
        [cassandra("seedsPerRack: 3")],
        [at("seedsPerRack", "a whole number from 1 to 2", "3")],
    ],
    [
        "a heap of more than half the memory",
        [cassandra("heap: 3Gi")],
        [
            at(
                "heap",
                "a heap below 31Gi and of at most half of resources.memory, since the rest of the process and the page cache need room",
                '"3Gi"',
            ),
        ],
    ],
    [
        "a heap with wide references",
        [cassandra("heap: 31Gi, resources: { memory: 64Gi }")],
        [
            at(
                "heap",
                "a heap below 31Gi and of at most half of resources.memory, since the rest of the process and the page cache need room",
                '"31Gi"',
            ),
        ],
    ],
    [
        "memory that Java does not start in",
        [cassandra("resources: { memory: 512Mi }")],
        [at("resources.memory", "at least 1Gi, so that the Java process fits", '"512Mi"')],
    ],
    [
        "scratch volumes that would evict the pod",
        [cassandra("resources: { ephemeralStorage: 128Mi }")],
        [at("resources.ephemeralStorage", "at least 400Mi, which scratch volumes may fill", '"128Mi"')],
    ],
    [
        "a young generation beside G1",
        [cassandra("jvmOptions: [-Xmn800M]")],
        [
            at(
                "jvmOptions[0]",
                "an option that is not the program's own (G1 sizes the young generation itself)",
                '"-Xmn800M"',
            ),
        ],
    ],
    [
        "a heap in the options of the JVM",
        [cassandra("jvmOptions: [-Xmx4G]")],
        [at("jvmOptions[0]", "an option that is not the program's own (see heap)", '"-Xmx4G"')],
    ],
    [
        "JMX on the network",
        [cassandra("jvmOptions: [-Dcassandra.jmx.remote.port=7199]")],
        [
            at(
                "jvmOptions[0]",
                "an option that is not the program's own (JMX stays on the loopback address)",
                '"-Dcassandra.jmx.remote.port=7199"',
            ),
        ],
    ],
    [
        "too little time to flush",
        [cassandra("gracePeriod: 30s")],
        [at("gracePeriod", "a time of at least 300s", '"30s"')],
    ],
    [
        "too little time to start",
        [cassandra("startTimeout: 1m")],
        [at("startTimeout", "a time of at least 5m", '"1m"')],
    ],
    [
        "a key of cassandra.yaml that is a setting",
        [cassandra("config: { num_tokens: 4 }")],
        [at("config.num_tokens", "a key that is not the program's own (see numTokens)", '"num_tokens"')],
    ],
    [
        "another snitch",
        [cassandra("config: { endpoint_snitch: SimpleSnitch }")],
        [
            at(
                "config.endpoint_snitch",
                "a key that is not the program's own (racks need GossipingPropertyFileSnitch)",
                '"endpoint_snitch"',
            ),
        ],
    ],
    [
        "a password in a ConfigMap",
        [cassandra("config: { audit_logging_options: { keystore_password: hidden } }")],
        [at("config", 'no "keystore_password" in it, since the file is a ConfigMap', "a map of audit_logging_options")],
    ],
    [
        "more copies of system_auth than nodes",
        [cassandra("authentication: { kind: password, systemAuthReplication: 5 }")],
        [at("authentication.systemAuthReplication", "at most the number of nodes: a login needs as many of them", "5")],
    ],
    [
        "a dead node that there is not",
        [cassandra("replace: { cassandra-rack1-7: 10.0.0.1 }")],
        [
            at(
                "replace",
                "names of pods of the racks: <component>-<rack>-<n>, n below the rack's nodes",
                "a map of cassandra-rack1-7",
            ),
        ],
    ],
    [
        "a dead node by its name",
        [cassandra("replace: { cassandra-rack1-1: node-1 }")],
        [at("replace.cassandra-rack1-1", "the IPv4 address that the dead node had", '"node-1"')],
    ],
    [
        "other datacenters that nobody may reach",
        [cassandra("externalSeeds: { hosts: [10.9.0.1], peers: [] }")],
        [at("externalSeeds.peers", "at least 1 entries", "an empty list")],
    ],
    [
        "a number of tokens that Cassandra does not take",
        [cassandra("numTokens: 0")],
        [at("numTokens", "a whole number from 1 to 256", "0")],
    ],
    [
        "a repair that comes too late",
        [cassandra('repair: { schedule: "0 1 1 * *" }')],
        [
            at(
                "repair.schedule",
                "a schedule whose runs, with deadline, are less than gc_grace_seconds (10d) apart, such as 0 1 * * 0 with 2d",
                '"0 1 1 * *"',
            ),
        ],
    ],
    [
        "a quota that does not hold the nodes",
        [cassandra("namespace: { quota: { pods: 2 } }")],
        [at("namespace.quota.pods", "at least 5 for its 5 pods", "2")],
    ],
];

describe("stack files with a broken Cassandra", () => itFindsEach(broken));

describe("stack files with a good Cassandra", () =>
    itLeavesAlone([
        [
            "three racks with two seeds each",
            [cassandra("racks: { a: { nodes: 3 }, b: { nodes: 3 }, c: { nodes: 3 } }, seedsPerRack: 2")],
        ],
        ["the largest heap of a large pod", [cassandra("heap: 30Gi, resources: { memory: 64Gi }")]],
        [
            "one node in development",
            [
                inDevelopment,
                systemWith(
                    "cassandra",
                    "{ storageClass: standard, racks: { a: { nodes: 1 } }, authentication: { kind: none } }",
                ),
            ],
        ],
    ]));
