import { type Edit } from "../support/stackFiles";
import {
    type Broken,
    clusterStore,
    clusterWith,
    externalStore,
    inDevelopment,
    ingressOf,
    itFindsEach,
    itLeavesAlone,
    terasliceWith,
    uploaderWith,
} from "./brokenTable";

const inStaging: Edit = ["tier: production", "tier: staging"];
const target = (key: string, value: string): Edit => [
    "      - { key: pool, value: stateful }\n",
    `      - { key: pool, value: stateful }\n      - { key: ${key}, value: ${value} }\n`,
];
/** ZooKeeper without targets. */
const elsewhere: Edit = ["tickTime: 2s\n    targets: stateful", "tickTime: 2s"];
const zone = "topology.kubernetes.io/zone";
const host = "kubernetes.io/hostname";
const threeZones = clusterWith("zones: [zone-1, zone-2, zone-3]");
const storage = "storageClass: standard";
const data = (settings: string): string => `data: { ${storage}, ${settings} }`;
const managers = (settings: string): string => `managers: { ${storage}, ${settings} }`;
/** A cache of jobs, and the way to it. */
const cacheWith = (password: string): string =>
    `connectors: { valkey: { cache: { addresses: [{ host: a }], useTls: true, ${password} } } }, egress: [{ to: [{ cidr: 10.0.0.0/8 }], ports: [{ port: 6379 }] }]`;
const own = "authentication: { kind: own }";

const stores: readonly Broken[] = [
    [
        "a cluster's volumes of whatever class is the default",
        [clusterStore("data: { nodes: 4 }", "managers: {}")],
        [
            "data-platform:opensearch.data.storageClass: expected the name of a StorageClass in a production environment, since the cluster's default class can change, found nothing",
            "data-platform:opensearch.managers.storageClass: expected the name of a StorageClass in a production environment, since the cluster's default class can change, found nothing",
        ],
    ],
    [
        "packages on a volume of whatever class is the default",
        [uploaderWith("storage: 5Gi")],
        [
            "data-platform:uploader.storageClass: expected the name of a StorageClass in a production environment, since the cluster's default class can change, found nothing",
        ],
    ],
    [
        "a class of managers' volumes that is not there",
        [clusterWith("storageClasses: { standard: {} }"), clusterStore("managers: { storageClass: standart }")],
        [
            'data-platform:opensearch.managers.storageClass: expected a name from cluster.storageClasses (did you mean standard?), found "standart"',
        ],
    ],
    [
        "a single node in staging",
        [inStaging, [externalStore, "kind: single"]],
        [
            'data-platform:opensearch.kind: expected cluster or external in a staging environment, since a single node has neither replicas nor security, found "single"',
        ],
    ],
    [
        "cluster managers over too few zones",
        [clusterWith("zones: [zone-1, zone-2]"), clusterStore(data("spread: { zones: required }"))],
        [
            'data-platform:opensearch.data.spread.zones: expected preferred, or at least 3 zones in cluster.zones: of 3 members over 2 zones the loss of one can take the majority, found "required"',
        ],
    ],
    [
        "cluster managers of their own over the only zone",
        [clusterWith("zones: [zone-1]"), clusterStore(managers("nodes: 5, spread: { zones: required }"))],
        [
            'data-platform:opensearch.managers.spread.zones: expected preferred, or at least 3 zones in cluster.zones: of 5 members over 1 zone the loss of one can take the majority, found "required"',
        ],
    ],
    [
        "cluster managers that their targets hold in one zone",
        [threeZones, target(zone, "zone-1"), clusterStore(data("targets: stateful, spread: { zones: required }"))],
        [
            'data-platform:opensearch.data.targets: expected a target set that requires no single zone, since spread.zones is required, found "stateful"',
        ],
    ],
    [
        "cluster managers of their own that their targets hold on one node",
        [target(host, "node-1"), clusterStore(managers("targets: stateful")), elsewhere],
        [
            'data-platform:opensearch.managers.targets: expected a target set that requires no single node, since no two pods of the set may share one, found "stateful"',
        ],
    ],
    [
        "nodes with data that their targets hold on one node",
        [target(host, "node-1"), clusterStore(data("targets: stateful"), managers("nodes: 3")), elsewhere],
        [
            'data-platform:opensearch.data.targets: expected a target set that requires no single node, since no two pods of the set may share one, found "stateful"',
        ],
    ],
    [
        "proxies that their targets hold on one node",
        [
            target(host, "node-1"),
            terasliceWith(ingressOf("ts.example.com", "proxy: { replicas: 2, targets: stateful }")),
            elsewhere,
        ],
        [
            'data-platform:systems.teraslice.exposure.proxy.targets: expected a target set that requires no single node, since no two pods of the set may share one, found "stateful"',
        ],
    ],
    [
        "a retention that nobody would enforce",
        [terasliceWith("indices: { state: { retention: 90d }, analytics: { retention: 400d } }")],
        [
            'data-platform:systems.teraslice.indices.analytics.retention: expected none with an external OpenSearch, whose policies this stack doesn\'t write, found "400d"',
            'data-platform:systems.teraslice.indices.state.retention: expected none with an external OpenSearch, whose policies this stack doesn\'t write, found "90d"',
        ],
    ],
    [
        "the name of Teraslice's own user",
        [clusterStore('users: { teraslice: { indexPatterns: ["a-*"] } }')],
        [
            "data-platform:opensearch.users.teraslice: expected a name other than teraslice, which is that of systems.teraslice, found a map of indexPatterns, rotation",
        ],
    ],
    [
        "the name of Teraslice's own policy",
        [
            clusterStore("lifecycle: [{ name: ts-prod-state, patterns: [a], deleteAfter: 1d }]"),
            terasliceWith("indices: { state: { retention: 90d } }"),
        ],
        [
            'data-platform:opensearch.lifecycle[0].name: expected a name other than ts-prod-state, which is that of systems.teraslice, found "ts-prod-state"',
        ],
    ],
    [
        "more replicas than other nodes",
        [clusterStore(data("nodes: 3")), terasliceWith("indices: { jobs: { replicas: 2 }, state: { replicas: 3 } }")],
        [
            "data-platform:systems.teraslice.indices.state.replicas: expected at most 2 on 3 data nodes: one more is never assigned, the cluster never green, and no node ready again after a restart, found 3",
        ],
    ],
    [
        "a connector's password in a namespace that the stack has yet to make",
        [
            clusterStore(),
            terasliceWith(cacheWith("password: { namespace: prod-opensearch, secretName: cache, key: password }")),
        ],
        [
            'data-platform:systems.teraslice.connectors.valkey.cache.password.namespace: expected a namespace that is there before the stack: this one is made by opensearch, after the Secret is read, found "prod-opensearch"',
        ],
    ],
    [
        "a connector's password to read where there is no cluster",
        [
            ["context: production", "render: out"],
            terasliceWith(cacheWith("password: { namespace: keys, secretName: cache, key: password }")),
        ],
        [
            "data-platform:systems.teraslice.connectors.valkey.cache.password: expected an encrypted value with cluster.render, since there is no cluster to read the Secret from, found a reference to a Secret",
        ],
    ],
    [
        "watching by nobody",
        [
            uploaderWith(storage),
            ["  data-platform:systems:\n", "  data-platform:monitoring: {}\n  data-platform:systems:\n"],
        ],
        ["data-platform:monitoring.scrapers: expected a list, found nothing"],
    ],
];

const quotas: readonly Broken[] = [
    [
        "a cluster, its managers and its setup",
        [
            clusterStore(
                managers("nodes: 3"),
                "namespace: { quota: { pods: 6, cpu: 4, cpuLimit: 5, memory: 17Gi, storage: 150Gi } }",
            ),
        ],
        [
            'data-platform:opensearch.namespace.quota.cpu: expected at least 4600m for its 7 pods, found "4"',
            'data-platform:opensearch.namespace.quota.cpuLimit: expected at least 18400m for its 7 pods, found "5"',
            'data-platform:opensearch.namespace.quota.memory: expected at least 18.5Gi for its 7 pods, found "17Gi"',
            "data-platform:opensearch.namespace.quota.pods: expected at least 7 for its 7 pods, found 6",
            'data-platform:opensearch.namespace.quota.storage: expected at least 165Gi for its 7 pods, found "150Gi"',
        ],
    ],
    [
        "a single node and the Task that writes the policies of its settings",
        [
            inDevelopment,
            [
                externalStore,
                "kind: single\n    lifecycle: [{ name: a, patterns: [a], deleteAfter: 1d }]\n    namespace: { quota: { pods: 1 } }",
            ],
        ],
        ["data-platform:opensearch.namespace.quota.pods: expected at least 2 for its 2 pods, found 1"],
    ],
    [
        "a single node and the Task that writes the policies of Teraslice",
        [
            inDevelopment,
            [externalStore, "kind: single\n    namespace: { quota: { pods: 1 } }"],
            terasliceWith("indices: { state: { retention: 90d } }"),
        ],
        ["data-platform:opensearch.namespace.quota.pods: expected at least 2 for its 2 pods, found 1"],
    ],
    [
        "an uploader and the proxies before it",
        [
            uploaderWith(
                `${storage}, keepFor: 30d, namespace: { quota: { pods: 2, cpu: 300m, memory: 384Mi, storage: 1Gi } }, ${ingressOf("a.example.com", "proxy: { replicas: 2 }")}`,
            ),
        ],
        [
            'data-platform:uploader.namespace.containerDefaults.memory: expected at most 384Mi, the quota of the whole namespace, or no container that asks for nothing could start, found "512Mi"',
            'data-platform:uploader.namespace.quota.cpu: expected at least 360m for its 3 pods, found "300m"',
            'data-platform:uploader.namespace.quota.memory: expected at least 576Mi for its 3 pods, found "384Mi"',
            "data-platform:uploader.namespace.quota.pods: expected at least 3 for its 3 pods, found 2",
            'data-platform:uploader.namespace.quota.storage: expected at least 20Gi for its 3 pods, found "1Gi"',
        ],
    ],
    [
        "Teraslice and its proxy",
        [terasliceWith(`namespace: { quota: { pods: 3 } }, ${ingressOf("a.example.com")}`)],
        [
            "data-platform:systems.teraslice.namespace.quota.pods: expected at least 4 for its 2 pods, the execution controller and the worker of a job, found 3",
        ],
    ],
    [
        "a cluster and the proxy before it",
        [clusterStore("namespace: { quota: { pods: 4 } }", ingressOf("a.example.com", own))],
        ["data-platform:opensearch.namespace.quota.pods: expected at least 5 for its 5 pods, found 4"],
    ],
];

describe("a stack file with a fault in its stores", () => {
    itFindsEach(stores);

    itLeavesAlone([
        ["a cluster over three zones", [threeZones, clusterStore(data("spread: { zones: required }"))]],
        [
            "nodes with data over two zones, whose managers are elsewhere",
            [
                clusterWith("zones: [zone-1, zone-2]"),
                clusterStore(data("nodes: 4, spread: { zones: required }"), managers("nodes: 3")),
            ],
        ],
        [
            "a cluster on one node in staging",
            [inStaging, target(host, "node-1"), clusterStore(data("targets: stateful"))],
        ],
        [
            "one proxy on one node",
            [
                target(host, "node-1"),
                terasliceWith(ingressOf("ts.example.com", "proxy: { targets: stateful }")),
                elsewhere,
            ],
        ],
        ["packages on the default class in staging", [inStaging, uploaderWith("storage: 5Gi")]],
        [
            "packages in a bucket",
            [uploaderWith("kind: s3, bucket: packages, region: eu-west-1, peers: [{ cidr: 10.0.0.0/8 }]")],
        ],
        [
            "a retention in a store of the stack's own",
            [clusterStore(), terasliceWith("indices: { state: { retention: 90d } }")],
        ],
        [
            "policies of other names",
            [
                clusterStore("lifecycle: [{ name: ts-prod-state, patterns: [a], deleteAfter: 1d }]"),
                terasliceWith("indices: { analytics: { retention: 90d } }"),
            ],
        ],
        [
            "as many replicas as other nodes",
            [clusterStore(data("nodes: 3")), terasliceWith("indices: { jobs: { replicas: 2 } }")],
        ],
        [
            "a connector's password in somebody else's namespace",
            [terasliceWith(cacheWith("password: { namespace: keys, secretName: cache, key: password }"))],
        ],
    ]);
});

describe("a stack file whose quota is too small for", () => {
    itFindsEach(quotas);
});
