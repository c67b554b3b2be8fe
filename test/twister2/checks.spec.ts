import * as assert from "node:assert/strict";
import { checked, SettingsFaults } from "../../components/foundation/faults";
import type { Target } from "../../components/foundation/placement";
import { clusterFaults, jobTargetFaults } from "../../components/twister2/checks";
import { type Twister2Settings, twister2Settings } from "../../components/twister2/schema";
import { good, type JobNamespaceInput } from "./fixtures";

const linesOf = (given: unknown): string[] => {
    try {
        checked(twister2Settings, "twister2", given);
        return [];
    } catch (error) {
        assert.ok(error instanceof SettingsFaults);
        return error.faults.map(({ path, expected }) => `${path}: ${expected}`);
    }
};

const kind = { cpu: "1", memory: "1Gi", instances: 2 };
const kinds = (...changes: readonly object[]) => ({ computeResources: changes.map((each) => ({ ...kind, ...each })) });
const mounted = { kind: "mounted", storageClass: "nfs", perWorker: "1Gi" } as const;

const jobCases: readonly (readonly [string, JobNamespaceInput, string])[] = [
    [
        "mpi without a key",
        { network: { channel: "mpi" } },
        "openMpi.kind: generated or existing, since network.channel is mpi",
    ],
    [
        "mpi with pods that differ",
        { network: { channel: "mpi" }, openMpi: { kind: "generated" }, jobDefaults: kinds({}, { workersPerPod: 2 }) },
        "jobDefaults.computeResources: the same workersPerPod everywhere, since network.channel is mpi",
    ],
    [
        "mpi that is scalable",
        { network: { channel: "mpi" }, openMpi: { kind: "generated" }, jobDefaults: kinds({ scalable: true }) },
        "jobDefaults.computeResources: no kind that is scalable, since OpenMPI jobs can't be scaled",
    ],
    [
        "two kinds that are scalable",
        { jobDefaults: kinds({ scalable: true }, { scalable: true }) },
        "jobDefaults.computeResources: at most one kind that is scalable",
    ],
    [
        "checkpoints nowhere",
        { checkpointing: { enabled: true } },
        "storage: hdfs, or mounted with jobMaster, since checkpointing.enabled is true and workers and job master must share them",
    ],
    [
        "checkpoints without the job master's volume",
        { checkpointing: { enabled: true }, storage: mounted },
        "storage: hdfs, or mounted with jobMaster, since checkpointing.enabled is true and workers and job master must share them",
    ],
    [
        "one node's volume for pods anywhere",
        { storage: { ...mounted, accessMode: "ReadWriteOnce" } },
        "storage.accessMode: ReadWriteMany, unless workers.uniformMapping is all-same-node and the job master has no volume: pods on several nodes mount it",
    ],
    [
        "one node's volume for a job master too",
        {
            storage: { ...mounted, accessMode: "ReadWriteOnce", jobMaster: "1Gi" },
            workers: { uniformMapping: "all-same-node" },
        },
        "storage.accessMode: ReadWriteMany, unless workers.uniformMapping is all-same-node and the job master has no volume: pods on several nodes mount it",
    ],
    [
        "logs on no volume",
        { logStorage: "persistent" },
        "logStorage: volatile, unless storage.kind is mounted: Twister2 logs to no other",
    ],
    ["sets in no HDFS", { setStorage: "hdfs", storage: mounted }, "setStorage: mounted, unless storage.kind is hdfs"],
    [
        "a node port of two workers",
        { workers: { nodePort: {} }, jobDefaults: kinds({}, { workersPerPod: 2 }) },
        "jobDefaults.computeResources[1].workersPerPod: 1, since workers.nodePort leads to one worker of a pod",
    ],
    [
        "half a core of one's own",
        { workers: { bindToCpu: true }, jobDefaults: kinds({ cpu: "500m" }) },
        "jobDefaults.computeResources[0].cpu: whole cores, since workers.bindToCpu is true",
    ],
    [
        "two mappings",
        { workers: { nodeMapping: { key: "pool", values: ["a"] } }, jobTargets: "batch" },
        "workers.nodeMapping: nothing beside jobTargets: Twister2 knows one node mapping",
    ],
    [
        "a mapping of two kinds",
        { jobTargets: "batch", jobDefaults: kinds({}, {}) },
        "jobDefaults.computeResources: one kind of workers: Twister2 maps only the first to nodes",
    ],
    [
        "a mapping in the settings of two kinds",
        { workers: { nodeMapping: { key: "gpu", operator: "Exists" } }, jobDefaults: kinds({}, {}) },
        "jobDefaults.computeResources: one kind of workers: Twister2 maps only the first to nodes",
    ],
    [
        "values for Exists",
        { workers: { nodeMapping: { key: "gpu", operator: "Exists", values: ["a"] } } },
        "workers.nodeMapping.values: no values, since Exists compares none",
    ],
    [
        "values for DoesNotExist",
        { workers: { nodeMapping: { key: "gpu", operator: "DoesNotExist", values: ["a"] } } },
        "workers.nodeMapping.values: no values, since DoesNotExist compares none",
    ],
    [
        "words for Gt",
        { workers: { nodeMapping: { key: "gpu", operator: "Gt", values: ["many"] } } },
        "workers.nodeMapping.values: one whole number as text, since Gt compares with one",
    ],
    [
        "two numbers for Lt",
        { workers: { nodeMapping: { key: "gpu", operator: "Lt", values: ["1", "2"] } } },
        "workers.nodeMapping.values: one whole number as text, since Lt compares with one",
    ],
    [
        "no values for In",
        { workers: { nodeMapping: { key: "pool" } } },
        "workers.nodeMapping.values: at least one value for In",
    ],
    [
        "more cores than the limit",
        { jobDefaults: kinds({ cpu: "17" }) },
        "jobDefaults.computeResources[0].cpu: at most namespace.containerDefaults.cpuLimit, 16, which is the limit of containers that set none",
    ],
    [
        "more memory than the limit in one container of mpi",
        {
            network: { channel: "mpi" },
            openMpi: { kind: "generated" },
            jobDefaults: kinds({ memory: "17Gi", workersPerPod: 2 }),
        },
        "jobDefaults.computeResources[0].memory: at most namespace.containerDefaults.memoryLimit, 32Gi, which is the limit of containers that set none",
    ],
    [
        "more disk than the limit",
        { jobDefaults: kinds({ disk: "11Gi" }) },
        "jobDefaults.computeResources[0].disk: at most namespace.containerDefaults.ephemeralStorage, 10Gi, which is the limit of containers that set none",
    ],
    [
        "a job master with more cores than the limit",
        { jobMaster: { cpu: "17" } },
        "jobMaster.cpu: at most namespace.containerDefaults.cpuLimit, 16, which is the limit of containers that set none",
    ],
    [
        "a job master that is above the limit with its 128Mi",
        { jobMaster: { memory: "32Gi" } },
        "jobMaster.memory: at most namespace.containerDefaults.memoryLimit, 32Gi, which is the limit of containers that set none",
    ],
    [
        "a job master with more disk than the limit",
        { jobMaster: { disk: "11Gi" } },
        "jobMaster.disk: at most namespace.containerDefaults.ephemeralStorage, 10Gi, which is the limit of containers that set none",
    ],
    [
        "no job master, in the client",
        { jobMaster: { used: false, runsInClient: true } },
        "jobMaster.runsInClient: false, since jobMaster.used is false",
    ],
    [
        "an address of a job master in a pod",
        { jobMaster: { providedIp: "10.0.0.1" } },
        "jobMaster.providedIp: nothing, unless runsInClient: a job master in a pod is found by its name",
    ],
    [
        "everybody as submitters",
        { submitters: ["system:authenticated"] },
        "submitters[0]: a group of named people, not one that everybody is in",
    ],
    [
        "fault tolerance without ZooKeeper",
        { faultTolerance: { enabled: true } },
        "faultTolerance.enabled: false, since zookeeper.kind is none",
    ],
];

const cases: readonly (readonly [string, Omit<Twister2Settings, "jobNamespaces"> & object, string])[] = [
    [
        "a slash after the dashboard's URL",
        { dashboard: { kind: "external", host: "http://dash:8080/", peers: [{ cidr: "10.0.0.0/8" }] } },
        "dashboard.host: a URL without a slash at its end, since Twister2 adds one",
    ],
    [
        "a heap that leaves the dashboard no memory",
        { dashboard: { kind: "own", heap: "900Mi" } },
        "dashboard.heap: a heap of at most 75 % of resources.memory, since the rest of the process needs room",
    ],
    [
        "a rack that is none",
        { nodeLocations: { kind: "config", racks: { a: ["10.0.0.1"] }, datacenters: { dc1: ["a", "b"] } } },
        "nodeLocations.datacenters.dc1[1]: the name of one of racks",
    ],
    [
        "one label for both",
        { nodeLocations: { kind: "labels", rackKey: "Place", datacenterKey: "place" } },
        "nodeLocations.datacenterKey: a key other than rackKey, in other letters too: Twister2 does not tell capitals apart",
    ],
    [
        "a node twice",
        {
            nodeLocations: {
                kind: "labels",
                nodes: [
                    { node: "n1", rack: "a", datacenter: "x" },
                    { node: "n1", rack: "b", datacenter: "x" },
                ],
            },
        },
        "nodeLocations.nodes[1].node: a node that no other entry names",
    ],
];

describe("Twister2's settings", () => {
    for (const [what, research, line] of jobCases) {
        it(`refuse ${what}`, () => {
            assert.deepEqual(linesOf({ jobNamespaces: { research } }), [`jobNamespaces.research.${line}`]);
        });
    }

    for (const [what, given, line] of cases) {
        it(`refuse ${what}`, () => assert.deepEqual(linesOf({ ...given, jobNamespaces: { research: {} } }), [line]));
    }

    it("refuse a job master in the client where no dashboard is", () => {
        assert.deepEqual(
            linesOf({
                dashboard: { kind: "none" },
                jobNamespaces: { research: { jobMaster: { runsInClient: true } } },
            }),
            [
                "jobNamespaces.research.jobMaster.runsInClient: false, since dashboard.kind is none: the client fails without its address",
            ],
        );
    });

    it("refuse to have no job namespace", () => {
        assert.deepEqual(linesOf({ jobNamespaces: {} }), ["jobNamespaces: at least one job namespace"]);
    });

    it("can't have a volume of job masters without one of workers", () => {
        const storage = { kind: "mounted", storageClass: "nfs", jobMaster: "1Gi" };
        assert.deepEqual(linesOf({ jobNamespaces: { research: { storage } } }), [
            "jobNamespaces.research.storage.perWorker: a Kubernetes quantity of at least 1Mi with a unit, such as 512Mi or 10Gi",
        ]);
    });

    for (const [what, research] of [
        ["mpi with a key", { network: { channel: "mpi" }, openMpi: { kind: "existing", secretName: "ssh" } }],
        ["checkpoints in HDFS", { checkpointing: { enabled: true }, storage: { kind: "hdfs", namenode: "hdfs" } }],
        [
            "one node's volume on one node",
            {
                storage: { ...mounted, accessMode: "ReadWriteOnce" },
                workers: { uniformMapping: "all-same-node" },
            },
        ],
        ["whole cores of one's own", { workers: { bindToCpu: true }, jobDefaults: kinds({}) }],
        [
            "a limit raised with the job",
            {
                namespace: { containerDefaults: { memoryLimit: "64Gi" } },
                jobDefaults: kinds({ memory: "48Gi" }),
            },
        ],
    ] as const satisfies readonly (readonly [string, JobNamespaceInput])[]) {
        it(`take ${what}`, () => assert.deepEqual(linesOf({ jobNamespaces: { research } }), []));
    }
});

describe("Targets of Twister2's workers", () => {
    const target = (key: string, constraint: Target["constraint"] = "required"): Target => ({
        key,
        value: "a",
        constraint,
    });
    const none = "no preferred and no accepted target, since Twister2 gives its workers neither";
    const one = "exactly one required target, since Twister2's node mapping knows one label";
    const cases: readonly (readonly [string, readonly Target[], { expected: string; found: string }[]])[] = [
        ["are one that is required", [target("pool")], []],
        ["are not two", [target("pool"), target("zone")], [{ expected: one, found: "a list of 2" }]],
        [
            "are not preferred",
            [target("pool", "preferred")],
            [
                { expected: none, found: "preferred pool=a" },
                { expected: one, found: "an empty list" },
            ],
        ],
        [
            "are not accepted",
            [target("pool"), target("pool", "accepted")],
            [{ expected: none, found: "accepted pool=a" }],
        ],
    ];
    for (const [what, targets, faults] of cases) {
        it(what, () => assert.deepEqual(jobTargetFaults(targets), faults));
    }
});

describe("The cluster's network", () => {
    it("suits Twister2 with its usual domain and the API server's address", () => {
        assert.deepEqual(clusterFaults(good().network), []);
    });

    it("does not with another domain, which job pods don't know", () => {
        assert.deepEqual(clusterFaults(good({ dns: { domain: "example.internal" } }).network), [
            {
                path: ["dns", "domain"],
                expected: "cluster.local, since Twister2's workers look for their job master there and nowhere else",
                found: '"example.internal"',
            },
        ]);
    });

    it("does not without the API server's address", () => {
        assert.deepEqual(clusterFaults(good({ apiServer: undefined }).network), [
            { path: ["apiServer"], expected: "where the API server is, since job masters call it" },
        ]);
    });
});
