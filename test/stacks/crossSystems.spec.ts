import { type Edit } from "../support/stackFiles";
import { type Broken, clusterWith, itFindsEach, itLeavesAlone, systemWith, zookeeperWith } from "./brokenTable";

const noZookeeper: Edit = [
    "  data-platform:zookeeper:\n    members: 3\n    storage: 20Gi\n    storageClass: standard\n    tickTime: 2s\n    targets: stateful\n    priority: critical\n",
    "",
];
const noApiServer: Edit = ["    apiServer: { cidrs: [10.43.0.1/32], ports: [443] }\n", ""];
const noTeraslice: Edit = ["    teraslice: { name: ts-prod, targets: batch, priority: critical }\n", ""];
const http = "uploader: { kind: http, storageClass: fast }";
const heron = (settings = http) => systemWith("heron", `{ ${settings} }`);
const research = "research: { uploader: { kind: none } }";
const twister2 = (
    settings = `jobNamespaces: { ${research} }, zookeeper: { kind: shared }, dashboard: { kind: none }`,
) => systemWith("twister2", `{ ${settings} }`);
const elected = (ensemble = "") =>
    systemWith(
        "flink",
        `{ streams: { highAvailability: { kind: zookeeper, storageDir: "s3://b/ha"${ensemble} }, checkpointing: { directory: "s3://b/c" }, plugins: [s3-fs-presto], egress: [{ to: [{ cidr: 10.9.0.0/16 }], ports: [{ port: 443 }] }] } }`,
    );
const secured = "ensemble: { kind: external, connectionString: 'zk:2281', peers: [{ cidr: 10.3.0.0/16 }], tls: {} }";
const shared = (path: string, name: string) =>
    `data-platform:systems.${path}.kind: expected any other kind, or a section zookeeper for ${name} to share, found "shared"`;
const plain = (user: string) => `since ${user} connects to ZooKeeper without TLS and without a login`;
const production = "in a production environment, since the cluster's default class can change, found nothing";
const quota = (what: string) => `namespace: { quota: { ${what} } }`;

const between: readonly Broken[] = [
    ["no ensemble for Heron to share", [noZookeeper, heron()], [shared("heron.zookeeper", "systems.heron")]],
    [
        "no ensemble for Twister2 to share",
        [noZookeeper, twister2()],
        [shared("twister2.zookeeper", "systems.twister2")],
    ],
    [
        "no ensemble for a Flink session to share",
        [noZookeeper, elected()],
        [shared("flink.streams.highAvailability.ensemble", "systems.flink.streams")],
    ],
    [
        "an ensemble that speaks TLS only, which Heron does not",
        [zookeeperWith("tls: { client: required }"), heron()],
        [`data-platform:zookeeper.tls.client: expected off or optional, ${plain("systems.heron")}, found "required"`],
    ],
    [
        "an ensemble that demands a login, which Twister2 knows not of",
        [zookeeperWith("authentication: {}"), twister2()],
        [`data-platform:zookeeper.authentication.required: expected false, ${plain("systems.twister2")}, found true`],
    ],
    [
        "an external ensemble with TLS for a Flink session",
        [elected(`, ${secured}`)],
        [
            `data-platform:systems.flink.streams.highAvailability.ensemble.tls: expected nothing, ${plain("systems.flink.streams")}, found an empty map`,
        ],
    ],
    [
        "an ensemble of Heron's own that speaks TLS only",
        [heron(`${http}, zookeeper: { kind: ensemble, storageClass: fast, tls: { client: required } }`)],
        [
            `data-platform:systems.heron.zookeeper.tls.client: expected off or optional, ${plain("systems.heron")}, found "required"`,
        ],
    ],
    [
        "no address of the API server for Heron",
        [noApiServer, noTeraslice, heron()],
        [
            "data-platform:cluster.apiServer: expected the API server's addresses, since the API server of systems.heron calls it and egress is denied by default, found nothing",
        ],
    ],
    [
        "no address of the API server for a native session",
        [noApiServer, noTeraslice, systemWith("flink", "{ streams: {} }")],
        [
            "data-platform:cluster.apiServer: expected the API server's addresses, since the JobManager of systems.flink.streams calls it and egress is denied by default, found nothing",
        ],
    ],
    [
        "a DNS domain that Twister2's workers don't know",
        [clusterWith("dns: { domain: example.internal }"), twister2()],
        [
            'data-platform:cluster.dns.domain: expected cluster.local, since Twister2\'s workers look for their job master there and nowhere else, found "example.internal"',
        ],
    ],
    [
        "volumes of systems without a class in production",
        [
            heron("uploader: { kind: dlog, replicas: 2 }, bookkeeper: { bookies: 3, journal: { storageClass: fast } }"),
            twister2("jobNamespaces: { research: {} }"),
        ],
        [
            `data-platform:systems.heron.bookkeeper.storageClass: expected the name of a StorageClass ${production}`,
            `data-platform:systems.twister2.dashboard.storageClass: expected the name of a StorageClass ${production}`,
            `data-platform:systems.twister2.jobNamespaces.research.uploader.storageClass: expected the name of a StorageClass ${production}`,
        ],
    ],
    [
        "a class of one node's volumes for jobs on several",
        [
            clusterWith("storageClasses: { standard: {} }"),
            twister2(
                "jobNamespaces: { research: { uploader: { kind: none }, storage: { kind: mounted, storageClass: standard, perWorker: 1Gi } } }, dashboard: { kind: none }",
            ),
        ],
        [
            'data-platform:systems.twister2.jobNamespaces.research.storage.storageClass: expected a class that cluster.storageClasses.standard calls shared, since pods on several nodes mount the volume, found "standard"',
        ],
    ],
    [
        "a namespace of Heron for its topologies too",
        [heron(`${http}, topologyNamespace: { name: prod-heron }`)],
        [
            'data-platform:systems.heron.topologyNamespace.name: expected a namespace of its own, not the one of systems.heron, found "prod-heron"',
        ],
    ],
    [
        "a quota below Heron's own pods",
        [heron(`${http}, ${quota("pods: 2")}`)],
        ["data-platform:systems.heron.namespace.quota.pods: expected at least 3 for its 3 pods, found 2"],
    ],
    [
        "a quota below the least topology",
        [heron(`${http}, topologyNamespace: { quota: { pods: 1 } }`)],
        [
            "data-platform:systems.heron.topologyNamespace.quota.pods: expected at least 2 for the manager and one executor of a topology, found 1",
        ],
    ],
    [
        "a quota without room for a TaskManager",
        [systemWith("flink", `{ streams: { ${quota("pods: 1")} } }`)],
        [
            "data-platform:systems.flink.streams.namespace.quota.pods: expected at least 2 for its 1 pod, the TaskManagers that a job needs, found 1",
        ],
    ],
    [
        "targets of Twister2's jobs that it can't have",
        [
            twister2(
                "jobNamespaces: { research: { uploader: { kind: none }, jobTargets: batch } }, dashboard: { kind: none }",
            ),
        ],
        [
            "data-platform:systems.twister2.jobNamespaces.research.jobTargets: expected exactly one required target, since Twister2's node mapping knows one label, found a list of 2",
            "data-platform:systems.twister2.jobNamespaces.research.jobTargets: expected no preferred and no accepted target, since Twister2 gives its workers neither, found accepted pool=batch",
        ],
    ],
];

describe("a stack file whose systems don't go with its other sections", () => {
    itFindsEach(between);
    itLeavesAlone([
        ["systems that need no ensemble", [noZookeeper, systemWith("flink", "{ streams: {} }")]],
        ["an ensemble that offers TLS beside plain connections", [zookeeperWith("tls: { client: optional }"), heron()]],
        [
            "a session without calls of the API",
            [noApiServer, noTeraslice, systemWith("flink", "{ streams: { mode: { kind: standalone } } }")],
        ],
        [
            "one required target for Twister2's jobs",
            [
                twister2(
                    "jobNamespaces: { research: { uploader: { kind: none }, jobTargets: stateful } }, dashboard: { kind: none }",
                ),
            ],
        ],
    ]);
});
