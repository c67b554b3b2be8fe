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

const single: Edit = [externalStore, "kind: single\n    namespace: { name: search }"];
const quotaOf = (quota: string): Edit => zookeeperWith(`namespace: { quota: { ${quota} } }`);
const smallEnsemble = "resources: { cpu: 300m, cpuLimit: 500m, memory: 1Gi }";
const target = (key: string, value: string, constraint = "required"): Edit => [
    "      - { key: pool, value: stateful }\n",
    `      - { key: pool, value: stateful }\n      - { key: ${key}, value: ${value}, constraint: ${constraint} }\n`,
];
const zone = "topology.kubernetes.io/zone";

/** What no section shows by itself. */
const between: readonly Broken[] = [
    [
        "a single member in production",
        [["members: 3", "members: 1"]],
        [
            "data-platform:zookeeper.members: expected 3, 5 or 7 in a production environment, since a single member is down at every change, found 1",
        ],
    ],
    [
        "a single-node store in production",
        [[externalStore, "kind: single"]],
        [
            'data-platform:opensearch.kind: expected cluster or external in a production environment, since a single node has neither replicas nor security, found "single"',
        ],
    ],
    [
        "no store for the system that needs one",
        [[`  data-platform:opensearch:\n    ${externalStore}\n`, ""]],
        [
            "data-platform:opensearch: expected settings, since systems.teraslice keeps its state in OpenSearch, found nothing",
        ],
    ],
    [
        "no address of the API server",
        [["    apiServer: { cidrs: [10.43.0.1/32], ports: [443] }\n", ""]],
        [
            "data-platform:cluster.apiServer: expected the API server's addresses, since the master of systems.teraslice calls it and egress is denied by default, found nothing",
        ],
    ],
    [
        "a namespace of two",
        [zookeeperWith("namespace: { name: prod-teraslice }")],
        [
            'data-platform:systems.teraslice.namespace.name: expected a namespace of its own, not the one of zookeeper, found "prod-teraslice"',
        ],
    ],
    [
        "a Secret to read where there is no cluster",
        [
            ["context: production", "render: out"],
            ["kind: external\n", "kind: external\n    credentials: { namespace: keys, secretName: search }\n"],
        ],
        [
            "data-platform:opensearch.credentials: expected none with cluster.render, since there is no cluster to read the Secret from, found a map of namespace, passwordKey, secretName, usernameKey",
        ],
    ],
    [
        "a pull secret that nothing uses",
        [["pullSecrets: [mirror]", "pullSecrets: [other]"]],
        [
            'data-platform:images.pullCredentials.mirror: expected a name listed in images.pullSecrets, since nothing would use the Secret, found "mirror"',
        ],
    ],
    [
        "a pull secret twice",
        [["pullSecrets: [mirror]", "pullSecrets: [mirror, other, mirror]"]],
        ['data-platform:images.pullSecrets[2]: expected each pull secret once, found "mirror"'],
    ],
    [
        "the cluster's own namespace",
        [zookeeperWith("namespace: { name: kube-system }")],
        [
            'data-platform:zookeeper.namespace.name: expected a namespace of the stack\'s own, neither default nor one that begins with kube-, found "kube-system"',
        ],
    ],
    [
        "the namespace that everybody uses",
        [terasliceWith("namespace: { name: default }")],
        [
            'data-platform:systems.teraslice.namespace.name: expected a namespace of the stack\'s own, neither default nor one that begins with kube-, found "default"',
        ],
    ],
    [
        "the namespace of the cluster's DNS",
        [clusterWith("dns: { namespace: dns }"), zookeeperWith("namespace: { name: dns }")],
        [
            'data-platform:zookeeper.namespace.name: expected a namespace other than cluster.dns.namespace, which the stack would close to all traffic, found "dns"',
        ],
    ],
    [
        "an environment named as Kubernetes names its own namespaces",
        [["name: prod,", "name: kube,"]],
        [
            'data-platform:environment.name: expected a name that begins neither with kube- nor with system-, which Kubernetes keeps for its own namespaces and priority classes, found "kube"',
        ],
    ],
    [
        "an environment named as Kubernetes names its own priority classes",
        [["name: prod,", "name: system-a,"]],
        [
            'data-platform:environment.name: expected a name that begins neither with kube- nor with system-, which Kubernetes keeps for its own namespaces and priority classes, found "system-a"',
        ],
    ],
    [
        "a login in a namespace that the stack has yet to make",
        [["kind: external\n", "kind: external\n    credentials: { namespace: prod-teraslice, secretName: search }\n"]],
        [
            'data-platform:opensearch.credentials.namespace: expected a namespace that is there before the stack: this one is made by systems.teraslice, after the Secret is read, found "prod-teraslice"',
        ],
    ],
    [
        "a namespace for what somebody else runs",
        [[externalStore, `${externalStore}\n    namespace: { name: search }`]],
        [
            "data-platform:opensearch.namespace: expected one of the known keys (kind, nodes, credentials, caCertificate, peers), found an unknown key",
        ],
    ],
    [
        "a zone twice",
        [clusterWith("zones: [zone-1, zone-1]")],
        ["data-platform:cluster.zones: expected each zone once, found a list of 2"],
    ],
    [
        "a target in a zone that is not there",
        [clusterWith("zones: [zone-1, zone-2, zone-3]"), target(zone, "zone-4")],
        [
            'data-platform:targets.stateful[1].value: expected a zone from cluster.zones (did you mean zone-1?), found "zone-4"',
        ],
    ],
    [
        "a preferred target in a zone that resembles none",
        [clusterWith("zones: [zone-1, zone-2]"), target(zone, "west", "preferred")],
        ['data-platform:targets.stateful[1].value: expected a zone from cluster.zones (zone-1 | zone-2), found "west"'],
    ],
    [
        "two required values of one label",
        [target("pool", "batch")],
        [
            'data-platform:targets.stateful[1].value: expected no second required value beside pool=stateful, since no node has both, found "batch"',
        ],
    ],
    [
        "a storage class that is not there",
        [
            clusterWith("storageClasses: { standard: {}, fast: {} }"),
            zookeeperWith("logStorage: 1Gi"),
            ["storageClass: standard", "storageClass: standart"],
        ],
        [
            'data-platform:zookeeper.storageClass: expected a name from cluster.storageClasses (did you mean standard?), found "standart"',
        ],
    ],
    [
        "a storage class for shared assets that resembles none",
        [clusterWith("storageClasses: { standard: {} }"), terasliceWith("sharedAssets: { storageClass: efs }")],
        [
            'data-platform:systems.teraslice.sharedAssets.storageClass: expected a name from cluster.storageClasses (standard), found "efs"',
        ],
    ],
    [
        "replicas of an index on a single node",
        [inDevelopment, single, terasliceWith("indices: { jobs: { replicas: 1 }, state: { replicas: 0 } }")],
        [
            "data-platform:systems.teraslice.indices.jobs.replicas: expected 0 with opensearch of kind single, where a replica can never be assigned, found 1",
        ],
    ],
    [
        "defaults of containers above the quota of all",
        [
            terasliceWith(
                "namespace: { quota: { cpuLimit: 8, memory: 8Gi }, containerDefaults: { cpuLimit: 9, memory: 9Gi } }",
            ),
        ],
        [
            'data-platform:systems.teraslice.namespace.containerDefaults.cpuLimit: expected at most 8, the quota of the whole namespace, or no container that asks for nothing could start, found "9"',
            'data-platform:systems.teraslice.namespace.containerDefaults.memory: expected at most 8Gi, the quota of the whole namespace, or no container that asks for nothing could start, found "9Gi"',
            'data-platform:systems.teraslice.namespace.quota.cpuLimit: expected at least 11500m for its 1 pod, the execution controller and the worker of a job, found "8"',
        ],
    ],
    [
        "a quota without room for any job",
        [terasliceWith("namespace: { quota: { pods: 2, cpu: 1, memory: 2Gi } }")],
        [
            "data-platform:systems.teraslice.namespace.quota.pods: expected at least 3 for its 1 pod, the execution controller and the worker of a job, found 2",
            'data-platform:systems.teraslice.namespace.quota.cpu: expected at least 1100m for its 1 pod, the execution controller and the worker of a job, found "1"',
            'data-platform:systems.teraslice.namespace.quota.memory: expected at least 3561Mi for its 1 pod, the execution controller and the worker of a job, found "2Gi"',
        ],
    ],
];

describe("a stack file whose sections do not go together", () => {
    itFindsEach(between);

    itLeavesAlone([
        ["a namespace of the stack's own", [zookeeperWith("namespace: { name: kubernetes-ensembles }")]],
        ["an environment whose name only resembles a reserved one", [["name: prod,", "name: systems,"]]],
        [
            "a login in somebody else's namespace",
            [["kind: external\n", "kind: external\n    credentials: { namespace: keys, secretName: search }\n"]],
        ],
        [
            "targets in zones that are there",
            [clusterWith("zones: [zone-1, zone-2, zone-3]"), target(zone, "zone-3", "preferred")],
        ],
        ["targets in any zone where the zones are not told", [target(zone, "zone-9")]],
        ["the same required target twice", [target("pool", "stateful")]],
        ["storage classes where none are told", [["storageClass: standard", "storageClass: anything"]]],
        [
            "labels called storageClass",
            [
                clusterWith("storageClasses: { standard: {} }"),
                zookeeperWith("clients: [{ podLabels: { storageClass: fast } }]"),
            ],
        ],
        ["replicas of an index on several nodes", [terasliceWith("indices: { jobs: { replicas: 2 } }")]],
        [
            "replicas of none on a single node",
            [inDevelopment, single, terasliceWith("indices: { jobs: { replicas: 0 } }")],
        ],
        [
            "a quota that is just enough, in fractions",
            [
                zookeeperWith(
                    smallEnsemble,
                    "namespace: { quota: { cpu: 900m, cpuLimit: 1.5, memory: 3Gi, storage: 60Gi, pods: 3 } }",
                ),
            ],
        ],
        [
            "a quota with room for one job",
            [terasliceWith("namespace: { quota: { pods: 3, cpu: 1100m, cpuLimit: 3500m, memory: 3561Mi } }")],
        ],
    ]);
});

describe("a quota", () => {
    itFindsEach(
        (
            [
                ["cpu", "899m", '"899m"', "900m"],
                ["cpuLimit", "1", '"1"', "1500m"],
                ["memory", "2Gi", '"2Gi"', "3Gi"],
                ["storage", "20Gi", '"20Gi"', "60Gi"],
                ["pods", "2", "2", "3"],
            ] as const
        ).map(([key, given, found, least]): Broken => [
            `too little ${key}`,
            [zookeeperWith(smallEnsemble, `namespace: { quota: { ${key}: ${given} } }`)],
            [
                `data-platform:zookeeper.namespace.quota.${key}: expected at least ${least} for its 3 pods, found ${found}`,
            ],
        ]),
    );

    itFindsEach([
        [
            "too little for the second volume of each member",
            [zookeeperWith("logStorage: 10Gi", "namespace: { quota: { storage: 60Gi } }")],
            ['data-platform:zookeeper.namespace.quota.storage: expected at least 90Gi for its 3 pods, found "60Gi"'],
        ],
        [
            "too little for a single node",
            [
                inDevelopment,
                [externalStore, "kind: single\n    storage: 5Gi\n    namespace: { quota: { storage: 1Gi } }"],
            ],
            ['data-platform:opensearch.namespace.quota.storage: expected at least 5Gi for its 1 pod, found "1Gi"'],
        ],
        [
            "too little for shared assets",
            [terasliceWith("sharedAssets: { storageClass: efs }, namespace: { quota: { storage: 10Gi } }")],
            [
                'data-platform:systems.teraslice.namespace.quota.storage: expected at least 20Gi for its 1 pod, found "10Gi"',
            ],
        ],
        [
            "several amounts too little at once",
            [quotaOf("pods: 1, memory: 1Gi")],
            [
                "data-platform:zookeeper.namespace.quota.pods: expected at least 3 for its 3 pods, found 1",
                'data-platform:zookeeper.namespace.quota.memory: expected at least 4.5Gi for its 3 pods, found "1Gi"',
            ],
        ],
    ]);
});
