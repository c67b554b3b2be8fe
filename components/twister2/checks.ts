import type { Path } from "../foundation/faults";
import { formatFound } from "../foundation/faults";
import type { ClusterNetwork } from "../foundation/environment";
import { type Target, targetsWith } from "../foundation/placement";
import { parseQuantity } from "../foundation/quantity";
import type { PlainJobNamespaceSettings, PlainSettings } from "./schema";

/** What is wrong with settings that are right one by one. */
export interface CrossFault {
    readonly path: (string | number)[];
    readonly expected: string;
}

type Check<Settings> = (given: Settings) => CrossFault[];

const unless = (holds: boolean, path: CrossFault["path"], expected: string): CrossFault[] =>
    holds ? [] : [{ path, expected }];

const openMpiKeys: Check<PlainJobNamespaceSettings> = ({ network, openMpi, jobDefaults }) => {
    if (network.channel !== "mpi") {
        return [];
    }
    const kinds = jobDefaults.computeResources;
    return [
        ...unless(openMpi.kind !== "none", ["openMpi", "kind"], "generated or existing, since network.channel is mpi"),
        // mpirun gets one number of workers for every pod (-npernode).
        ...unless(
            new Set(kinds.map(({ workersPerPod }) => workersPerPod)).size <= 1,
            ["jobDefaults", "computeResources"],
            "the same workersPerPod everywhere, since network.channel is mpi",
        ),
        ...unless(
            kinds.every(({ scalable }) => !scalable),
            ["jobDefaults", "computeResources"],
            "no kind that is scalable, since OpenMPI jobs can't be scaled",
        ),
    ];
};

const storage: Check<PlainJobNamespaceSettings> = ({
    storage: given,
    workers,
    checkpointing,
    logStorage,
    setStorage,
}) => {
    const mounted = given.kind === "mounted" ? given : undefined;
    return [
        ...unless(
            !checkpointing.enabled || given.kind === "hdfs" || mounted?.jobMaster !== undefined,
            ["storage"],
            "hdfs, or mounted with jobMaster, since checkpointing.enabled is true and workers and job master must share them",
        ),
        ...unless(
            mounted?.accessMode !== "ReadWriteOnce" ||
                (workers.uniformMapping === "all-same-node" && mounted.jobMaster === undefined),
            ["storage", "accessMode"],
            "ReadWriteMany, unless workers.uniformMapping is all-same-node and the job master has no volume: pods on several nodes mount it",
        ),
        ...unless(
            logStorage !== "persistent" || given.kind === "mounted",
            ["logStorage"],
            "volatile, unless storage.kind is mounted: Twister2 logs to no other",
        ),
        ...unless(
            setStorage !== "hdfs" || given.kind === "hdfs",
            ["setStorage"],
            "mounted, unless storage.kind is hdfs",
        ),
    ];
};

const nodePort: Check<PlainJobNamespaceSettings> = ({ workers, jobDefaults }) =>
    workers.nodePort === undefined
        ? []
        : jobDefaults.computeResources.flatMap(({ workersPerPod }, index) =>
              unless(
                  workersPerPod === 1,
                  ["jobDefaults", "computeResources", index, "workersPerPod"],
                  "1, since workers.nodePort leads to one worker of a pod",
              ),
          );

const boundCores: Check<PlainJobNamespaceSettings> = ({ workers, jobDefaults }) =>
    !workers.bindToCpu
        ? []
        : jobDefaults.computeResources.flatMap(({ cpu }, index) =>
              unless(
                  Number.isInteger(parseQuantity(cpu)),
                  ["jobDefaults", "computeResources", index, "cpu"],
                  "whole cores, since workers.bindToCpu is true",
              ),
          );

const mapping: Check<PlainJobNamespaceSettings> = ({ workers, jobTargets, jobDefaults }) => {
    const mapped = workers.nodeMapping !== undefined || jobTargets !== undefined;
    return [
        ...unless(
            workers.nodeMapping === undefined || jobTargets === undefined,
            ["workers", "nodeMapping"],
            "nothing beside jobTargets: Twister2 knows one node mapping",
        ),
        // RequestObjectBuilder gives an affinity to the first compute resource alone.
        ...unless(
            !mapped || jobDefaults.computeResources.length <= 1,
            ["jobDefaults", "computeResources"],
            "one kind of workers: Twister2 maps only the first to nodes",
        ),
    ];
};

/** A limit below the request makes a pod invalid, and a volume above the limit evicts it. */
const containerLimits: Check<PlainJobNamespaceSettings> = ({ namespace, jobDefaults, jobMaster, network }) => {
    const { cpuLimit, memory, memoryLimit, ephemeralStorage } = namespace.containerDefaults;
    const most = (key: string, limit: string) =>
        `at most namespace.containerDefaults.${key}, ${limit}, which is the limit of containers that set none`;
    const within = (path: CrossFault["path"], used: number, key: string, limit: string) =>
        unless(used <= parseQuantity(limit), path, most(key, limit));
    const memoryKey = memoryLimit === undefined ? "memory" : "memoryLimit";
    return [
        ...jobDefaults.computeResources.flatMap((kind, index) => {
            const path = ["jobDefaults", "computeResources", index];
            // The workers of an OpenMPI job's pod share one container.
            const shared = network.channel === "mpi" ? kind.workersPerPod : 1;
            return [
                ...within([...path, "cpu"], parseQuantity(kind.cpu) * shared, "cpuLimit", cpuLimit),
                ...within([...path, "memory"], parseQuantity(kind.memory) * shared, memoryKey, memoryLimit ?? memory),
                ...(kind.disk === undefined
                    ? []
                    : within([...path, "disk"], parseQuantity(kind.disk), "ephemeralStorage", ephemeralStorage)),
            ];
        }),
        ...within(["jobMaster", "cpu"], parseQuantity(jobMaster.cpu), "cpuLimit", cpuLimit),
        ...within(
            ["jobMaster", "memory"],
            parseQuantity(jobMaster.memory) + jobMasterOverhead,
            memoryKey,
            memoryLimit ?? memory,
        ),
        ...(jobMaster.disk === undefined
            ? []
            : within(["jobMaster", "disk"], parseQuantity(jobMaster.disk), "ephemeralStorage", ephemeralStorage)),
    ];
};

/** What a job master's pod requests above its heap, in bytes: JobMasterRequestObject.createContainer. */
export const jobMasterOverhead = 128 * 2 ** 20;

const usedJobMaster: Check<PlainJobNamespaceSettings> = ({ jobMaster }) =>
    unless(
        jobMaster.used || !jobMaster.runsInClient,
        ["jobMaster", "runsInClient"],
        "false, since jobMaster.used is false",
    );

const jobChecks: readonly Check<PlainJobNamespaceSettings>[] = [
    openMpiKeys,
    storage,
    nodePort,
    boundCores,
    mapping,
    containerLimits,
    usedJobMaster,
];

/** What is wrong within the settings of one job namespace. */
export function jobFaults(given: PlainJobNamespaceSettings): CrossFault[] {
    return jobChecks.flatMap((check) => check(given));
}

const faultTolerance: Check<PlainSettings> = ({ zookeeper, jobNamespaces }) =>
    Object.entries(jobNamespaces).flatMap(([shortName, { faultTolerance: given }]) =>
        unless(
            given.enabled !== true || zookeeper.kind !== "none",
            ["jobNamespaces", shortName, "faultTolerance", "enabled"],
            "false, since zookeeper.kind is none",
        ),
    );

/** A job master in the client asks the dashboard's address for its own, and fails without one (JobMasterContext). */
const clientJobMaster: Check<PlainSettings> = ({ dashboard, jobNamespaces }) =>
    Object.entries(jobNamespaces).flatMap(([shortName, { jobMaster }]) =>
        unless(
            !jobMaster.runsInClient || dashboard.kind !== "none",
            ["jobNamespaces", shortName, "jobMaster", "runsInClient"],
            "false, since dashboard.kind is none: the client fails without its address",
        ),
    );

const racks: Check<PlainSettings> = ({ nodeLocations: given }) => {
    if (given.kind !== "config") {
        return [];
    }
    return Object.entries(given.datacenters).flatMap(([datacenter, names]) =>
        names.flatMap((rack, index) =>
            unless(
                Object.hasOwn(given.racks, rack),
                ["nodeLocations", "datacenters", datacenter, index],
                "the name of one of racks",
            ),
        ),
    );
};

const uniqueNodes: Check<PlainSettings> = ({ nodeLocations: given }) => {
    if (given.kind !== "labels") {
        return [];
    }
    return [
        ...unless(
            given.rackKey.toLowerCase() !== given.datacenterKey.toLowerCase(),
            ["nodeLocations", "datacenterKey"],
            "a key other than rackKey, in other letters too: Twister2 does not tell capitals apart",
        ),
        ...given.nodes.flatMap(({ node }, index) =>
            unless(
                given.nodes.findIndex((other) => other.node === node) === index,
                ["nodeLocations", "nodes", index, "node"],
                "a node that no other entry names",
            ),
        ),
    ];
};

/** What is wrong with settings of which each is right. */
export function crossFaults(given: PlainSettings): CrossFault[] {
    return [faultTolerance, clientJobMaster, racks, uniqueNodes].flatMap((check) => check(given));
}

/**
 * What Twister2 can't do with the targets of its workers: it knows one label of nodes, and no tolerations
 * (RequestObjectBuilder sets an affinity for the mapping, and nothing else).
 */
export function jobTargetFaults(targets: readonly Target[]): { expected: string; found: string }[] {
    const required = targetsWith(targets, "required");
    const others = targets.filter(({ constraint }) => constraint !== "required");
    return [
        ...others.map(({ key, value, constraint }) => ({
            expected: "no preferred and no accepted target, since Twister2 gives its workers neither",
            found: `${constraint} ${key}=${value}`,
        })),
        ...(required.length === 1
            ? []
            : [
                  {
                      expected: "exactly one required target, since Twister2's node mapping knows one label",
                      found: formatFound(required),
                  },
              ]),
    ];
}

/** What is wrong with the cluster's network for Twister2, with paths in the section `cluster`'s place. */
export function clusterFaults(network: ClusterNetwork): { path: Path; expected: string; found?: string }[] {
    const { domain } = network.dns;
    return [
        ...(domain === "cluster.local"
            ? []
            : [
                  {
                      path: ["dns", "domain"],
                      expected:
                          "cluster.local, since Twister2's workers look for their job master there and nowhere else",
                      found: formatFound(domain),
                  },
              ]),
        ...(network.apiServer === undefined
            ? [{ path: ["apiServer"], expected: "where the API server is, since job masters call it" }]
            : []),
    ];
}
