import { type Edit } from "../support/stackFiles";
import {
    type Broken,
    clusterWith,
    externalStore,
    inDevelopment,
    itFindsEach,
    itLeavesAlone,
    terasliceWith,
    zookeeperWith,
} from "./brokenTable";

const target = (key: string, value: string, constraint = "required"): Edit => [
    "      - { key: pool, value: stateful }\n",
    `      - { key: pool, value: stateful }\n      - { key: ${key}, value: ${value}, constraint: ${constraint} }\n`,
];
const controllers = terasliceWith("executionControllerTargets: stateful");
const spread = "spread: { zones: required }";
const open = (port: number) => `egress: [{ to: [{ cidr: 10.0.0.0/8 }], ports: [{ port: ${port} }] }]`;
const search = (nodes: string, more = "") =>
    terasliceWith(
        `connectors: { elasticsearchNext: { logs: { node: [${nodes}], username: a, password: { secure: AAABAcipher2 }${more} } } }, ${open(9200)}`,
    );

/** What goes wrong on clusters, by the fact sheets of the systems, where a stack file shows it beforehand. */
const pitfalls: readonly Broken[] = [
    [
        "a heap of ZooKeeper that leaves the process no room",
        [zookeeperWith("heap: 1500Mi")],
        [
            'data-platform:zookeeper.heap: expected a heap of at most 75 % of resources.memory, since the rest of the process needs room, found "1500Mi"',
        ],
    ],
    [
        "a heap of OpenSearch that leaves no page cache",
        [inDevelopment, [externalStore, "kind: single\n    resources: { memory: 2Gi }\n    heap: 1500Mi"]],
        [
            'data-platform:opensearch.heap: expected a heap of at most half of resources.memory, since Lucene needs the rest as page cache, found "1500Mi"',
        ],
    ],
    [
        "heaps of Teraslice's three processes that do not fit together",
        [terasliceWith("heap: 1Gi")],
        [
            'data-platform:systems.teraslice.heap: expected at most 554Mi: three heaps and 128Mi beside each must fit into 2Gi, found "1Gi"',
        ],
    ],
    [
        "an ensemble whose majority is in one of two zones",
        [clusterWith("zones: [zone-1, zone-2]"), zookeeperWith(spread)],
        [
            'data-platform:zookeeper.spread.zones: expected preferred, or at least 3 zones in cluster.zones: of 3 members over 2 zones the loss of one can take the majority, found "required"',
        ],
    ],
    [
        "an ensemble of five spread over the only zone",
        [clusterWith("zones: [zone-1]"), zookeeperWith(spread), ["members: 3", "members: 5"]],
        [
            'data-platform:zookeeper.spread.zones: expected preferred, or at least 3 zones in cluster.zones: of 5 members over 1 zone the loss of one can take the majority, found "required"',
        ],
    ],
    [
        "an ensemble spread over zones that its targets hold in one",
        [zookeeperWith(spread), target("topology.kubernetes.io/zone", "zone-1")],
        [
            'data-platform:zookeeper.targets: expected a target set that requires no single zone, since spread.zones is required, found "stateful"',
        ],
    ],
    [
        "an ensemble kept apart by node on one node",
        [target("kubernetes.io/hostname", "node-1")],
        [
            'data-platform:zookeeper.targets: expected a target set that requires no single node, since no two pods of the set may share one, found "stateful"',
        ],
    ],
    [
        "an even ensemble",
        [["members: 3", "members: 2"]],
        [
            "data-platform:zookeeper.members: expected 1, 3, 5 or 7: an even ensemble tolerates no more losses than one member fewer, found 2",
        ],
    ],
    [
        "sessions that no server would allow",
        [zookeeperWith("tickTime: 2s", "minSessionTimeout: 41s")],
        [
            'data-platform:zookeeper.minSessionTimeout: expected at most maxSessionTimeout (default twenty ticks), found "41s"',
        ],
    ],
    [
        "volumes of whatever class is the default, in production",
        [["    storageClass: standard\n", ""]],
        [
            "data-platform:zookeeper.storageClass: expected the name of a StorageClass in a production environment, since the cluster's default class can change, found nothing",
        ],
    ],
    [
        "shared assets on volumes of one node",
        [clusterWith("storageClasses: { standard: {} }"), terasliceWith("sharedAssets: { storageClass: standard }")],
        [
            'data-platform:systems.teraslice.sharedAssets.storageClass: expected a class that cluster.storageClasses.standard calls shared, since pods on several nodes mount the volume, found "standard"',
        ],
    ],
    [
        "shared assets of the default class",
        [terasliceWith("sharedAssets: { size: 5Gi }")],
        [
            "data-platform:systems.teraslice.sharedAssets: expected either a storageClass or an existingClaim that is ReadWriteMany; default classes hardly ever are, found a map of size",
        ],
    ],
    [
        "a preference for execution controllers, which Teraslice can't express",
        [target("disk", "ssd", "preferred"), controllers],
        [
            "data-platform:systems.teraslice.executionControllerTargets: expected a target set without preferred targets, which Teraslice can't express for execution controllers, found preferred disk=ssd",
        ],
    ],
    [
        "a tolerated target for execution controllers, which Teraslice would require",
        [target("disk", "ssd", "accepted"), controllers],
        [
            "data-platform:systems.teraslice.executionControllerTargets: expected a target set whose accepted targets are required too, since Teraslice requires every target of execution controllers, found accepted disk=ssd",
        ],
    ],
    [
        "a login of the store over plain http",
        [
            ["https://search.example.com:9200", "http://search.example.com:9200"],
            ["kind: external\n", "kind: external\n    credentials: { namespace: keys, secretName: search }\n"],
        ],
        ["data-platform:opensearch.nodes: expected https URLs, since a password goes there, found a list of 1"],
    ],
    [
        "a password in an address, where nothing would know it for a secret",
        [["https://search.example.com:9200", '"https://admin:hunter2@search.example.com:9200"']],
        [
            "data-platform:opensearch.nodes[0]: expected a URL without a password, which has a setting of its own, found one with a password",
        ],
    ],
    [
        "a password in an address that is none",
        [["https://search.example.com:9200", '"ftp://admin:hunter2@search.example.com:9200"']],
        [
            "data-platform:opensearch.nodes[0]: expected a URL without a password, which has a setting of its own, found one with a password",
        ],
    ],
    [
        "a login of jobs over plain http",
        [search("https://a.example.com:9200, http://b.example.com:9200")],
        [
            "data-platform:systems.teraslice.connectors.elasticsearchNext.logs.node: expected https URLs in a production environment, since a password goes there, found a list of 2",
        ],
    ],
    [
        "a password for a cache without TLS",
        [
            terasliceWith(
                `connectors: { valkey: { cache: { addresses: [{ host: a }], password: { secure: AAABAcipher2 } } } }, ${open(6379)}`,
            ),
        ],
        [
            "data-platform:systems.teraslice.connectors.valkey.cache.useTls: expected true in a production environment, since a password goes there, found false",
        ],
    ],
    [
        "a shutdown that takes live executions for stopped",
        [terasliceWith("timing: { shutdownTimeout: 5s }")],
        [
            'data-platform:systems.teraslice.timing.shutdownTimeout: expected at least 10s: Teraslice spends some on its own steps and takes executions for stopped after it, found "5s"',
        ],
    ],
    [
        "stateful workers without a priority class, which Teraslice ignores",
        [["targets: batch, priority: critical }", "targets: batch, jobDefaults: { stateful: true } }"]],
        [
            "data-platform:systems.teraslice.jobDefaults.stateful: expected priority too: Teraslice ignores stateful without a priority class, found true",
        ],
    ],
    [
        "a variable that Teraslice sets itself",
        [terasliceWith("envVars: { NODE_TYPE: worker }")],
        [
            'data-platform:systems.teraslice.envVars.NODE_TYPE: expected a key that is a variable that Teraslice does not set itself (NODE_TYPE, EX, POD_IP, TERAFOUNDATION_CONFIG), found "NODE_TYPE"',
        ],
    ],
    [
        "a request of workers without the limit that sizes their heap",
        [terasliceWith("jobDefaults: { resources: { requests: { memory: 4Gi } } }")],
        [
            "data-platform:systems.teraslice.jobDefaults.resources.limits.memory: expected a memory limit beside the request: without one Teraslice leaves the heap at the image's 2048 MiB, found nothing",
        ],
    ],
    [
        "assets in a bucket of a store that is not there",
        [terasliceWith("assetStorage: { type: s3, connection: minio }")],
        [
            'data-platform:systems.teraslice.assetStorage.connection: expected the name of one of connectors.s3 (there is none), found "minio"',
        ],
    ],
    [
        "a connector without a way out",
        [terasliceWith("connectors: { kafka: { a: { brokers: ['kafka:9092'] } } }")],
        [
            'data-platform:systems.teraslice.connectors.kafka.a.brokers[0]: expected an entry of egress with TCP port 9092 for it: without one no pod could connect, found "kafka:9092"',
        ],
    ],
    [
        "an image of whatever day it is",
        [["zookeeper: 3.9.5", "zookeeper: latest@sha256:" + "0".repeat(64)]],
        [
            'data-platform:images.pins.zookeeper: expected a tag other than latest, which names no version, found "latest@sha256:0000000000000000000000000000000000000000000000000000000000000000"',
        ],
    ],
];

describe("a stack file with a known pitfall", () => {
    itFindsEach(pitfalls);

    itLeavesAlone([
        ["an ensemble over three zones", [clusterWith("zones: [zone-1, zone-2, zone-3]"), zookeeperWith(spread)]],
        [
            "an ensemble that only should spread over two",
            [clusterWith("zones: [zone-1, zone-2]"), zookeeperWith("spread: { zones: preferred }")],
        ],
        ["an ensemble in one zone that need not spread", [target("topology.kubernetes.io/zone", "zone-1")]],
        ["an ensemble on one node in development", [inDevelopment, target("kubernetes.io/hostname", "node-1")]],
        [
            "volumes of the default class in staging",
            [
                ["tier: production", "tier: staging"],
                ["    storageClass: standard\n", ""],
            ],
        ],
        [
            "shared assets on shared volumes",
            [
                clusterWith("storageClasses: { standard: {}, efs: { shared: true } }"),
                terasliceWith("sharedAssets: { storageClass: efs }"),
            ],
        ],
        [
            "shared assets on an existing claim",
            [clusterWith("storageClasses: { standard: {} }"), terasliceWith("sharedAssets: { existingClaim: assets }")],
        ],
        ["a login of jobs over https", [search("https://a.example.com:9200")]],
        ["a login of jobs over plain http in development", [inDevelopment, search("http://a.example.com:9200")]],
    ]);
});
