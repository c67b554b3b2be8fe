import type { Edit } from "../support/stackFiles";
import { type Broken, itFindsEach, itLeavesAlone, systemWith, zookeeperWith } from "./brokenTable";

const served = "uploader: { kind: http, storageClass: fast }";
const onBookies = (bookies: string) => `uploader: { kind: dlog }, bookkeeper: { storageClass: fast, ${bookies} }`;
const external = (further: string) => `zookeeper: { kind: external, peers: [{ cidr: 10.0.0.0/8 }], ${further} }`;
const own = (further: string) => `zookeeper: { kind: ensemble, storageClass: fast, ${further} }`;
const bucket = (further: string) => `uploader: { kind: s3, peers: [{ cidr: 10.0.0.0/8 }], ${further} }`;

/** Heron with packages on a volume, and further settings. */
const heron = (settings: string): Edit => systemWith("heron", `{ ${served}, ${settings} }`);
/** Heron with these settings alone. */
const plain = (settings: string): Edit => systemWith("heron", `{ ${settings} }`);

/** A fault of Heron's. */
const at = (path: string, expected: string, found: string) =>
    `data-platform:systems.heron.${path}: expected ${expected}, found ${found}`;

const noTls = "since systems.heron connects to ZooKeeper without TLS and without a login";
const label =
    "a DNS label of at most 63 characters: lower-case letters, digits and -, starting and ending with a letter or digit";

const stores: readonly Broken[] = [
    [
        "no class of volumes in production",
        [plain("uploader: { kind: http }")],
        [
            at(
                "uploader.storageClass",
                "the name of a StorageClass in a production environment, since the cluster's default class can change",
                "nothing",
            ),
        ],
    ],
    [
        "an uploader that there is not",
        [plain("uploader: { kind: hdfs }")],
        [at("uploader.kind", "http | dlog | s3 | gcs", '"hdfs"')],
    ],
    [
        "packages without bookies",
        [plain("uploader: { kind: dlog }")],
        [at("bookkeeper", "settings of bookies, since uploader.kind is dlog", "nothing")],
    ],
    [
        "checkpoints without bookies",
        [heron("statefulStorage: { kind: dlog }")],
        [at("bookkeeper", "settings of bookies, since statefulStorage.kind is dlog", "nothing")],
    ],
    [
        "bookies that nobody uses",
        [heron("bookkeeper: { storageClass: fast }")],
        [
            at(
                "bookkeeper",
                "nothing, since neither uploader nor statefulStorage is of kind dlog",
                "a map of storageClass",
            ),
        ],
    ],
    [
        "no bookie more than copies",
        [plain(onBookies("bookies: 3"))],
        [at("bookkeeper.bookies", "at least 4, so that with uploader.replicas one may be down", "3")],
    ],
    [
        "DistributedLog where the tracker has its nodes",
        [plain(`dlogPath: /heron, ${onBookies("bookies: 4")}`)],
        [
            at(
                "dlogPath",
                "a path apart from stateRoot: with the tracker's nodes there, nothing can be bound",
                '"/heron"',
            ),
        ],
    ],
    [
        "DistributedLog below the ledgers",
        [plain(`dlogPath: /ledgers/x, ${onBookies("ledgersPath: /ledgers")}`)],
        [at("bookkeeper.ledgersPath", "a path apart from stateRoot and dlogPath", '"/ledgers"')],
    ],
    [
        "a secret key in the stack file",
        [plain(bucket("bucket: packages, region: eu, secretKey: abc"))],
        [
            at(
                "uploader.secretKey",
                "one of the known keys (kind, bucket, pathPrefix, region, endpoint, proxy, credentials, peers)",
                "an unknown key",
            ),
        ],
    ],
    [
        "a bucket's name that can't be",
        [plain(bucket("bucket: P, region: eu"))],
        [at("uploader.bucket", "a bucket name: 3 to 63 lower-case letters, digits, -, _ and .", '"P"')],
    ],
    [
        "a bucket somewhere",
        [plain(bucket("bucket: packages"))],
        [at("uploader.region", "a region, or the URL of a store as endpoint", "nothing")],
    ],
    [
        "an ensemble that there is not",
        [heron("zookeeper: { kind: own }")],
        [at("zookeeper.kind", "shared | ensemble | external", '"own"')],
    ],
    [
        "an even ensemble",
        [heron(own("members: 4"))],
        [at("zookeeper.members", "1, 3, 5 or 7: an even ensemble tolerates no more losses than one member fewer", "4")],
    ],
    [
        "an ensemble that wants TLS",
        [heron(own("tls: { client: required }"))],
        [at("zookeeper.tls.client", `off or optional, ${noTls}`, '"required"')],
    ],
    [
        "an ensemble that wants a login",
        [heron(own("authentication: {}"))],
        [at("zookeeper.authentication.required", `false, ${noTls}`, "true")],
    ],
    [
        "the stack's ensemble with TLS only",
        [zookeeperWith("tls: { client: required }"), heron("")],
        [`data-platform:zookeeper.tls.client: expected off or optional, ${noTls}, found "required"`],
    ],
    [
        "somebody's ensemble with TLS",
        [heron(external("connectionString: 'zk:2181', tls: {}"))],
        [at("zookeeper.tls", `nothing, ${noTls}`, "an empty map")],
    ],
    [
        "somebody's ensemble without a port",
        [heron(external("connectionString: zk"))],
        [
            at(
                "zookeeper.connectionString",
                "host:port pairs joined by commas, with an optional path, such as zk-1:2181,zk-2:2181/heron",
                '"zk"',
            ),
        ],
    ],
];

const others: readonly Broken[] = [
    [
        "no address of the API server",
        [
            ["    apiServer: { cidrs: [10.43.0.1/32], ports: [443] }\n", ""],
            ["    teraslice: { name: ts-prod, targets: batch, priority: critical }\n", `    heron: { ${served} }\n`],
        ],
        [
            "data-platform:cluster.apiServer: expected the API server's addresses, since the API server of systems.heron calls it and egress is denied by default, found nothing",
        ],
    ],
    [
        "a namespace of two",
        [heron("namespace: { name: prod-teraslice }")],
        [at("namespace.name", "a namespace of its own, not the one of systems.teraslice", '"prod-teraslice"')],
    ],
    [
        "topologies in the control namespace",
        [heron("topologyNamespace: { name: prod-heron }")],
        [at("topologyNamespace.name", "a namespace of its own, not the one of systems.heron", '"prod-heron"')],
    ],
    [
        "a quota that no topology fits",
        [heron("topologyNamespace: { quota: { cpu: 1 } }")],
        [at("topologyNamespace.quota.cpu", "at least 4 for the manager and one executor of a topology", '"1"')],
    ],
    [
        "a quota that the tools do not fit",
        [heron("namespace: { quota: { pods: 2 } }")],
        [at("namespace.quota.pods", "at least 3 for its 3 pods", "2")],
    ],
    [
        "targets of topologies that there are not",
        [heron("topologies: { targets: gone }")],
        [at("topologies.targets", "a name from data-platform:targets (stateful | batch)", '"gone"')],
    ],
    [
        "a priority that there is not",
        [heron("topologies: { priority: gone }")],
        [at("topologies.priority", "a name from data-platform:priorityClasses (critical)", '"gone"')],
    ],
    [
        "targets that nothing carries",
        [heron("topologies: { podTemplates: false, targets: batch }")],
        [
            at(
                "topologies.targets",
                "no targets, since podTemplates is false and only a template can carry them",
                '"batch"',
            ),
        ],
    ],
    [
        "a folder of the node",
        [heron("topologies: { executor: { volumes: { a: { kind: hostPath, path: /a } } } }")],
        [at("topologies.executor.volumes.a.kind", "claim | onDemand | emptyDir | nfs", '"hostPath"')],
    ],
    [
        "a volume's name that Heron refuses",
        [
            heron(
                "topologies: { clientVolumes: true, executor: { volumes: { a.b: { kind: claim, claimName: a, path: /a } } } }",
            ),
        ],
        [at('topologies.executor.volumes["a.b"]', `a key that is ${label}`, '"a.b"')],
    ],
    [
        "egress to nobody",
        [heron("topologies: { egress: [{ to: [], ports: [{ port: 1 }] }] }")],
        [at("topologies.egress[0].to", "at least 1 entries", "an empty list")],
    ],
    [
        "more heap than memory",
        [heron("apiServer: { heap: 2Gi }")],
        [
            at(
                "apiServer.heap",
                "heap, directMemory and 256Mi for the rest of the process within resources.memory",
                '"2Gi"',
            ),
        ],
    ],
    ["no tracker", [heron("tracker: { replicas: 0 }")], [at("tracker.replicas", "a whole number from 1 to 5", "0")]],
    [
        "a path that ends with /",
        [heron("ui: { basePath: /heron/ }")],
        [at("ui.basePath", "a path that begins with / and does not end with it", '"/heron/"')],
    ],
    [
        "Heron's own word for a mode",
        [heron("scheduler: { requestMode: EQUAL_TO_LIMIT }")],
        [at("scheduler.requestMode", "equalToLimit | notSet", '"EQUAL_TO_LIMIT"')],
    ],
    [
        "a time without unit",
        [heron("stateManager: { sessionTimeout: 30 }")],
        [at("stateManager.sessionTimeout", "a time with its unit, such as 500ms, 60s, 5m, 2h or 1d", "30")],
    ],
    [
        "a tunnel without a user",
        [heron("stateManager: { tunnel: { host: gate } }")],
        [at("stateManager.tunnel.host", "<user>@<host>", '"gate"')],
    ],
    [
        "a misspelt tuning key",
        [heron("internals: { instance: { emitBach: 1Ki } }")],
        [at("internals.instance.emitBach", "a known key (did you mean emitBatch?)", "an unknown key")],
    ],
    [
        "half a second",
        [heron("metrics: { keepFor: 500ms }")],
        [at("metrics.keepFor", "whole seconds, at least one", '"500ms"')],
    ],
    [
        "an exposure of nothing",
        [heron("exposure: { api: { kind: none } }")],
        [at("exposure.api", "one of the known keys (apiServer, tracker, ui)", "an unknown key")],
    ],
];

describe("a stack file with Heron", () => {
    itFindsEach(stores);
    itFindsEach(others);

    itLeavesAlone([
        ["Heron with packages on a volume", [systemWith("heron", `{ ${served} }`)]],
        ["Heron with bookies", [plain(`${onBookies("bookies: 4")}, ${own("members: 3")}`)]],
        ["Heron with a bucket", [plain(bucket("bucket: packages, region: eu, credentials: { secretName: bucket }"))]],
        ["Heron with somebody's ensemble", [heron(external("connectionString: 'zk:2181/heron'"))]],
        ["a dlogPath that nothing uses", [heron("dlogPath: /heron")]],
    ]);
});
