import { type Broken, clusterWith, inDevelopment, itFindsEach, itLeavesAlone, systemWith } from "./brokenTable";
import { type Edit } from "../support/stackFiles";

/** Each as production asks for it; `own` stands before. */
const secure = "storageClass: fast, clientEncryption: { mode: required }";
const cassandra = (own = "") => systemWith("cassandra", `{ ${own}${secure} }`);
const brokers = (own = "") => `brokers: { ${own}storageClass: fast }`;
const controllers = (own = "") => `controllers: { kind: dedicated, ${own}storageClass: fast }`;
const kafka = (own = "", nodes = `${brokers()}, ${controllers()}`) => systemWith("kafka", `{ ${own}${nodes} }`);
const operator = "operator: { kind: existing, peers: [{ namespace: redis-operator }] }";
const redis = (instance = "", around = operator) =>
    systemWith("redis", `{ ${around}, instances: { cache: { storageClass: fast${instance} } } }`);
const spark = (own = "", operated = "") => systemWith("spark", `{ ${operated}jobNamespaces: { reports: { ${own} } } }`);
const pi = "type: Python, mainApplicationFile: 'local:///opt/pi.py'";
const tensorflow = (own = "", operated = "") =>
    systemWith("tensorflow", `{ ${operated}runtimes: { plain: {} }, jobNamespaces: { research: { ${own} } } }`);

const zones = clusterWith("zones: [zone-1, zone-2, zone-3]");
const pinned = (pins: string): Edit => ["pins: { zookeeper: 3.9.5 }", `pins: { ${pins} }`];
const noApiServer: Edit = ["    apiServer: { cidrs: [10.43.0.1/32], ports: [443] }\n", ""];
const noTeraslice: Edit = ["    teraslice: { name: ts-prod, targets: batch, priority: critical }\n", ""];
const inZone = (zone: string): Edit => [
    "  data-platform:targets:\n",
    `  data-platform:targets:\n    west: [{ key: topology.kubernetes.io/zone, value: ${zone} }]\n`,
];
const classless = "in a production environment, since the cluster's default class can change, found nothing";
const quota = (what: string) => `namespace: { quota: { ${what} } }`;
const system = (path: string) => `data-platform:systems.${path}`;

const between: readonly Broken[] = [
    [
        "volumes of Cassandra of whatever class",
        [systemWith("cassandra", "{ clientEncryption: { mode: required } }")],
        [`${system("cassandra.storageClass")}: expected the name of a StorageClass ${classless}`],
    ],
    [
        "volumes of Kafka of whatever class",
        [systemWith("kafka", "{}")],
        ["brokers", "controllers"].map(
            (part) => `${system(`kafka.${part}.storageClass`)}: expected the name of a StorageClass ${classless}`,
        ),
    ],
    [
        "volumes of Redis of whatever class",
        [systemWith("redis", `{ ${operator}, instances: { cache: {} } }`)],
        [`${system("redis.instances.cache.storageClass")}: expected the name of a StorageClass ${classless}`],
    ],
    [
        "Cassandra without users, and without TLS between nodes, in production",
        [cassandra("authentication: { kind: none }, internodeEncryption: { mode: dc }, ")],
        [
            `${system("cassandra.authentication.kind")}: expected password in production: without users whoever reaches the port may drop everything, found "none"`,
            `${system("cassandra.internodeEncryption.mode")}: expected all in production: else who claims to be near needs no certificate, found "dc"`,
        ],
    ],
    [
        "passwords of Cassandra sent as they are, in production",
        [systemWith("cassandra", "{ storageClass: fast }")],
        [
            `${system("cassandra.clientEncryption.mode")}: expected required in production, since logins send their password as it is, found "none"`,
        ],
    ],
    [
        "one controller of Kafka and no TLS, in production",
        [kafka("tls: { mode: none }, ", `${brokers()}, ${controllers("nodes: 1, ")}`)],
        [
            `${system("kafka.controllers.nodes")}: expected 3 or 5 in production, found 1`,
            `${system("kafka.tls.mode")}: expected mutual outside development, found "none"`,
        ],
    ],
    [
        "records of Kafka that one disk may hold alone, in production",
        [kafka("replication: { minInsyncReplicas: 1 }, ")],
        [
            `${system("kafka.replication.minInsyncReplicas")}: expected at least 2 in production: with 1 an acknowledged record may be on one disk only, found 1`,
        ],
    ],
    [
        "a single Redis that anybody may ask, in production",
        [redis(", size: 1, sentinel: { kind: none }, password: { kind: none }")],
        [
            `${system("redis.instances.cache.password.kind")}: expected generated or existing in a production environment, found "none"`,
            `${system("redis.instances.cache.size")}: expected at least 3 in a production environment, so that a restart leaves a master and a replica, found 1`,
        ],
    ],
    [
        "a rack of Cassandra in a zone that is not there",
        [zones, cassandra("racks: { a: { nodes: 1, zone: zone-4 } }, ")],
        [
            `${system("cassandra.racks.a.zone")}: expected a zone from cluster.zones (did you mean zone-1?), found "zone-4"`,
        ],
    ],
    [
        "racks of Kafka in zones that are not there",
        [
            zones,
            kafka(
                "",
                `${brokers("racks: { far: { nodes: 2, firstId: 100 }, near: { nodes: 2, firstId: 200, zone: west } }, ")}, ${controllers()}`,
            ),
        ],
        [
            `${system("kafka.brokers.racks.far")}: expected a zone from cluster.zones (zone-1 | zone-2 | zone-3), found "far"`,
            `${system("kafka.brokers.racks.near.zone")}: expected a zone from cluster.zones (zone-1 | zone-2 | zone-3), found "west"`,
        ],
    ],
    [
        "a rack of Cassandra that its targets keep out of its zone",
        [inZone("zone-2"), cassandra("racks: { a: { nodes: 3, zone: zone-1 } }, targets: west, ")],
        [
            `${system("cassandra.targets")}: expected a target set that requires no zone but zone-1, in which systems.cassandra.racks.a stands, found "west"`,
        ],
    ],
    [
        "a rack of Cassandra with targets of its own that keep it out of its zone",
        [inZone("zone-2"), cassandra("racks: { a: { nodes: 3, zone: zone-1, targets: west } }, ")],
        [
            `${system("cassandra.racks.a.targets")}: expected a target set that requires no zone but zone-1, in which systems.cassandra.racks.a stands, found "west"`,
        ],
    ],
    [
        "brokers that must spread over zones, and targets that hold them to one",
        [inZone("zone-1"), kafka("", `${brokers("targets: west, spread: { zones: required }, ")}, ${controllers()}`)],
        [
            `${system("kafka.brokers.targets")}: expected a target set that requires no single zone, since spread.zones is required, found "west"`,
        ],
    ],
    [
        "controllers over two zones, of which the loss of one takes the majority",
        [
            clusterWith("zones: [zone-1, zone-2]"),
            kafka("", `${brokers()}, ${controllers("spread: { zones: required }, ")}`),
        ],
        [
            `${system("kafka.controllers.spread.zones")}: expected preferred, or at least 3 zones in cluster.zones: of 3 members over 2 zones the loss of one can take the majority, found "required"`,
        ],
    ],
    [
        "a quota with room for fewer nodes than Cassandra has",
        [cassandra(`repair: { enabled: false }, authentication: { kind: none }, ${quota("pods: 2")}, `), inDevelopment],
        [`${system("cassandra.namespace.quota.pods")}: expected at least 3 for its 3 pods, found 2`],
    ],
    [
        "a quota without room for the members that the operator starts",
        [redis(`, ${quota("pods: 5")}`)],
        [
            `${system("redis.instances.cache.namespace.quota.pods")}: expected at least 6 for the members and Sentinels of the instance, found 5`,
        ],
    ],
    [
        "a quota without room for an application of Spark",
        [spark(`${quota("pods: 2")}, applications: { pi: { ${pi}, executor: { instances: 2 } } }`)],
        [
            `${system("spark.jobNamespaces.reports.namespace.quota.pods")}: expected at least 3 for the drivers and executors of its applications, found 2`,
        ],
    ],
    [
        "a quota without room for the nodes of a training",
        [tensorflow(`${quota("pods: 1")}, jobs: { train: { runtime: plain, nodes: 2, command: [python] } }`)],
        [
            `${system("tensorflow.jobNamespaces.research.namespace.quota.pods")}: expected at least 2 for the nodes of its jobs, found 1`,
        ],
    ],
    [
        "a quota without room for an operator",
        [tensorflow("", `operator: { kind: chart, replicas: 2, ${quota("pods: 1")} }, `)],
        [`${system("tensorflow.operator.namespace.quota.pods")}: expected at least 2 for its 2 pods, found 1`],
    ],
    [
        "drivers of Spark that call an API server nobody knows",
        [noApiServer, noTeraslice, spark()],
        [
            "data-platform:cluster.apiServer: expected the API server's addresses, since each driver of systems.spark calls it and egress is denied by default, found nothing",
        ],
    ],
    [
        "an operator that calls an API server nobody knows",
        [noApiServer, noTeraslice, redis("", "operator: { kind: chart }")],
        [
            "data-platform:cluster.apiServer: expected the API server's addresses, since the operator of systems.redis calls it and egress is denied by default, found nothing",
        ],
    ],
    [
        "an application of Spark whose image's tag does not say its version",
        [pinned("spark: stable"), spark(`applications: { pi: { ${pi} } }`)],
        [
            `${system("spark.jobNamespaces.reports.applications.pi.sparkVersion")}: expected the version of Spark in the image, whose tag does not begin with one, found registry.example.com/mirror/apache/spark:stable`,
        ],
    ],
    [
        "charts of other versions than the catalog's images are of",
        [
            spark("", "operator: { kind: chart, version: 2.6.0 }, "),
            redis("", "operator: { kind: chart, version: 0.27.0 }"),
            tensorflow("", "operator: { kind: chart, version: 2.4.0 }, "),
        ],
        [
            ["spark-operator", "2.6.0", "spark-operator"],
            ["redis-operator", "0.27.0", "redis-operator"],
            ["kubeflow-trainer", "2.4.0", "kubeflow-trainer"],
            ["jobset", "2.4.0", "kubeflow-trainer"],
        ].map(
            ([image, version, chart]) =>
                `data-platform:images.pins.${image}: expected the tag of ${image} that version ${version} of the chart ${chart} runs, found nothing`,
        ),
    ],
    [
        "an instance of Redis whose namespace is the operator's",
        [systemWith("redis", "{ operator: { kind: chart }, instances: { operator: { storageClass: fast } } }")],
        [
            `${system("redis.instances.operator.namespace.name")}: expected a namespace of its own, not the one of systems.redis.operator, found "prod-redis-operator"`,
        ],
    ],
];

describe("a stack with data systems that don't fit it", () => {
    itFindsEach(between);

    itLeavesAlone([
        ["Cassandra as production asks for it", [cassandra()]],
        ["Kafka as production asks for it", [kafka()]],
        ["Redis as production asks for it", [redis()]],
        ["Spark, and TensorFlow, whose jobs start no pods of the stack", [spark(), tensorflow()]],
        ["Cassandra without users in development", [cassandra("authentication: { kind: none }, "), inDevelopment]],
        [
            "a rack in a zone that its targets require too",
            [inZone("zone-1"), cassandra("racks: { a: { nodes: 3, zone: zone-1 } }, targets: west, ")],
        ],
        ["trainings without an API server, which no pod of theirs calls", [noApiServer, noTeraslice, tensorflow()]],
        ["a quota with room for all", [redis(`, ${quota("pods: 6")}`)]],
        [
            "an image of Spark whose tag says nothing, where each application says the version",
            [pinned("spark: stable"), spark(`applications: { pi: { ${pi}, sparkVersion: 4.0.1 } }`)],
        ],
        [
            "a chart of another version, with the tag of its image",
            [pinned("spark-operator: 2.6.0"), spark("", "operator: { kind: chart, version: 2.6.0 }, ")],
        ],
    ]);
});
