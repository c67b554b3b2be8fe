import type { Edit } from "../support/stackFiles";
import { type Broken, itFindsEach, itLeavesAlone, systemWith } from "./brokenTable";

const session = (settings: string): Edit => systemWith("flink", `{ team: { ${settings} } }`);
const store = "plugins: [s3-fs-presto], egress: [{ to: [{ cidr: 192.0.2.0/24 }], ports: [{ port: 443 }] }]";
const checkpointing = "checkpointing: { directory: s3://bucket/checkpoints }";
const elected = (kind: string, further = "") =>
    `${store}, ${checkpointing}, highAvailability: { kind: ${kind}, storageDir: s3://bucket/ha${further} }`;

/** A fault of the session. */
const at = (path: string, expected: string, found: string) =>
    `data-platform:systems.flink.team.${path}: expected ${expected}, found ${found}`;

const broken: readonly Broken[] = [
    [
        "a cluster id in capitals",
        [session("clusterId: Team")],
        [
            at(
                "clusterId",
                "a cluster id of at most 45 lower-case letters, digits and -, starting with a letter and ending with a letter or digit",
                '"Team"',
            ),
        ],
    ],
    [
        "two JobManagers that would both lead",
        [session("jobManager: { replicas: 2 }")],
        [at("jobManager.replicas", "1, since without highAvailability two JobManagers would both lead", "2")],
    ],
    [
        "more JobManagers than are of use",
        [session("jobManager: { replicas: 5 }")],
        [at("jobManager.replicas", "a whole number from 1 to 3", "5")],
    ],
    [
        "jobs that would start from scratch",
        [session(`${store}, highAvailability: { kind: kubernetes, storageDir: s3://bucket/ha }`)],
        [
            at(
                "checkpointing",
                "checkpointing with highAvailability: a job without checkpoints starts from scratch",
                "nothing",
            ),
        ],
    ],
    [
        "what must outlive pods on a pod's disk",
        [session(`${store}, checkpointing: { directory: "file:///checkpoints" }`)],
        [
            at(
                "checkpointing.directory",
                "a directory of an object store, such as s3://bucket/flink (s3: | s3p: | s3a: | abfs: | abfss: | wasb: | wasbs: | gs: | oss:)",
                '"file:///checkpoints"',
            ),
        ],
    ],
    [
        "a store without its plugin",
        [session(`${checkpointing}, egress: [{ to: [{ cidr: 192.0.2.0/24 }], ports: [{ port: 443 }] }]`)],
        [
            at(
                "checkpointing.directory",
                "a directory whose scheme one of plugins serves (s3-fs-presto | s3-fs-hadoop)",
                '"s3://bucket/checkpoints"',
            ),
        ],
    ],
    [
        "a store that no pod may reach",
        [session(`${checkpointing}, plugins: [s3-fs-presto]`)],
        [at("egress", "at least one entry: the way to the object store of the directories", "nothing")],
    ],
    [
        "settings of a store that no plugin reads",
        [session("s3: { addressing: path }")],
        [at("s3", "nothing without s3-fs-presto or s3-fs-hadoop among plugins", "a map of addressing")],
    ],
    [
        "a plugin that there is not",
        [session("plugins: [s3]")],
        [at("plugins[0]", "s3-fs-presto | s3-fs-hadoop | azure-fs-hadoop | gs-fs-hadoop | oss-fs-hadoop", '"s3"')],
    ],
    [
        "an election that fixed workers can't follow",
        [session(`mode: { kind: standalone }, ${elected("kubernetes")}`)],
        [
            at(
                "highAvailability.kind",
                "none or zookeeper with mode standalone, whose pods do not call the Kubernetes API",
                '"kubernetes"',
            ),
        ],
    ],
    [
        "a lease that is shorter than its renewal",
        [session(elected("kubernetes", ", leaseDuration: 15s"))],
        [at("highAvailability.renewDeadline", "a time below leaseDuration", "nothing")],
    ],
    [
        "an election of an unknown kind",
        [session(elected("etcd"))],
        [at("highAvailability.kind", "none | kubernetes | zookeeper", '"etcd"')],
    ],
    [
        "an external ensemble that speaks TLS only",
        [
            session(
                elected(
                    "zookeeper",
                    ", ensemble: { kind: external, connectionString: zk:2181, peers: [{ cidr: 192.0.2.9/32 }], tls: {} }",
                ),
            ),
        ],
        [
            at(
                "highAvailability.ensemble.tls",
                "nothing, since systems.flink.team connects to ZooKeeper without TLS and without a login",
                "an empty map",
            ),
        ],
    ],
    [
        "the stack's ensemble with TLS only",
        [session(elected("zookeeper")), ["tickTime: 2s", "tls: { client: required }"]],
        [
            'data-platform:zookeeper.tls.client: expected off or optional, since systems.flink.team connects to ZooKeeper without TLS and without a login, found "required"',
        ],
    ],
    [
        "a balancer for everybody",
        [session("rest: { kind: loadBalancer, sourceRanges: [] }")],
        [at("rest.sourceRanges", "at least one network: whoever reaches the REST API runs code", "an empty list")],
    ],
    [
        "a way to the REST API that Flink does not know",
        [session("rest: { kind: externalName }")],
        [at("rest.kind", "clusterIP | headless | nodePort | loadBalancer", '"externalName"')],
    ],
    [
        "more workers at least than at most",
        [session("mode: { kind: native, least: 5, most: 2 }")],
        [at("mode.least", "at most mode.most", "5")],
    ],
    [
        "a number of workers in mode native",
        [session("mode: { kind: native, replicas: 2 }")],
        [
            at(
                "mode.replicas",
                "one of the known keys (kind, least, most, redundant, idleTimeout, registrationTimeout, recoveryTimeout, startFailureRate, startRetryInterval, apiThreads)",
                "an unknown key",
            ),
        ],
    ],
    [
        "too little memory",
        [session("taskManager: { resources: { memory: 1Gi } }")],
        [
            at(
                "taskManager.resources.memory",
                "enough for 64Mi of heap for tasks beside metaspace, overhead, managed memory, network and 256Mi of the framework",
                '"1Gi"',
            ),
        ],
    ],
    [
        "less local storage than scratch volumes",
        [session("taskManager: { resources: { ephemeralStorage: 512Mi } }")],
        [at("taskManager.resources.ephemeralStorage", "at least 1Gi, which scratch volumes may fill", '"512Mi"')],
    ],
    [
        "the program's own key",
        [session("config: { kubernetes.namespace: default }")],
        [
            at(
                'config["kubernetes.namespace"]',
                "a key that is not the program's own (see the settings of the session)",
                '"kubernetes.namespace"',
            ),
        ],
    ],
    [
        "a key of Flink 1",
        [session("config: { restart-strategy: fixed-delay }")],
        [
            at(
                "config.restart-strategy",
                "a key that is one of Flink 2 (there it is restart-strategy.type)",
                '"restart-strategy"',
            ),
        ],
    ],
    [
        "a password in a ConfigMap",
        [session("config: { my.source.password: x }")],
        [
            at(
                'config["my.source.password"]',
                "a key that is not one of a secret, since the file is a ConfigMap (see secretEnv and secretFiles)",
                '"my.source.password"',
            ),
        ],
    ],
    [
        "a key below another",
        [session("config: { table.exec: 1, table.exec.state.ttl: 1h }")],
        [
            at(
                'config["table.exec.state.ttl"]',
                "no key below table.exec, which has a value itself (config.yaml is a tree)",
                '"1h"',
            ),
        ],
    ],
    [
        "a variable that the image would ignore",
        [session("env: { FLINK_PROPERTIES: x }")],
        [
            at(
                "env.FLINK_PROPERTIES",
                "a key that is a name that the program and Flink do not use themselves (FLINK_, KUBERNETES_, AWS_, _, PATH)",
                '"FLINK_PROPERTIES"',
            ),
        ],
    ],
    [
        "a group that everybody is in",
        [session('submitters: [{ group: "system:authenticated", rights: [submit] }]')],
        [at("submitters[0].group", "a group of named people, not one that everybody is in", '"system:authenticated"')],
    ],
    [
        "a right that there is not",
        [session("submitters: [{ group: analysts, rights: [admin] }]")],
        [at("submitters[0].rights[0]", "submit | forward | debug", '"admin"')],
    ],
    [
        "no address of the API server for mode native",
        [
            session(""),
            ["    apiServer: { cidrs: [10.43.0.1/32], ports: [443] }\n", ""],
            ["    teraslice: { name: ts-prod, targets: batch, priority: critical }\n", ""],
        ],
        [
            "data-platform:cluster.apiServer: expected the API server's addresses, since the JobManager of systems.flink.team calls it and egress is denied by default, found nothing",
        ],
    ],
    [
        "a target set that there is not",
        [session("taskManager: { targets: gpu }")],
        [at("taskManager.targets", "a name from data-platform:targets (stateful | batch)", '"gpu"')],
    ],
];

describe("a stack file with a Flink session that is broken", () => {
    itFindsEach(broken);
    itLeavesAlone([
        ["a session that says nothing", [session("")]],
        ["a session with election by ConfigMaps", [session(`${elected("kubernetes")}, jobManager: { replicas: 2 }`)]],
        ["a session with election by the stack's ensemble", [session(elected("zookeeper"))]],
        ["two sessions", [systemWith("flink", "{ a: {}, b: { mode: { kind: standalone } } }")]],
    ]);
});
