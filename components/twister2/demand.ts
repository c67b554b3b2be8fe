import type { Demand } from "../foundation/demand";
import { formatBytes, formatCpu, parseQuantity } from "../foundation/quantity";
import { demand as uploaderDemand } from "../uploader/schema";
import { jobMasterOverhead } from "./checks";
import type { CheckedTwister2Settings, JobNamespaceSettings } from "./schema";

/** What the dashboard asks of the system namespace's quota. */
export function demand({ dashboard }: CheckedTwister2Settings): Demand[] {
    return dashboard.kind === "own" ? [{ pods: 1, resources: dashboard.resources, claims: [dashboard.storage] }] : [];
}

/** What the uploader asks of its job namespace's quota. */
export function jobNamespaceDemand({ uploader }: JobNamespaceSettings): Demand[] {
    return uploader.kind === "server" ? uploaderDemand(uploader) : [];
}

/**
 * What the least job needs of its namespace's quota, one job master and one pod of workers; Twister2 sets requests only,
 * so the limits that count are those of the namespace's defaults.
 */
export function leastJobDemand(given: JobNamespaceSettings): Demand[] {
    const { containerDefaults } = given.namespace;
    const { jobMaster, storage, network } = given;
    const [kind] = given.jobDefaults.computeResources;
    const workers = kind?.workersPerPod ?? 1;
    // One container for each worker of a pod, but for OpenMPI one for all.
    const containers = network.channel === "mpi" ? 1 : workers;
    const inPod = jobMaster.used && !jobMaster.runsInClient;
    const ofWorkers = (size: string) => parseQuantity(size) * workers;
    const limitOf = (count: number) => formatCpu(parseQuantity(containerDefaults.cpuLimit) * count);
    const memoryLimitOf = (count: number) =>
        formatBytes(parseQuantity(containerDefaults.memoryLimit ?? containerDefaults.memory) * count);
    const master = {
        pods: 1,
        resources: {
            cpu: jobMaster.cpu,
            cpuLimit: limitOf(1),
            memory: formatBytes(parseQuantity(jobMaster.memory) + jobMasterOverhead),
        },
        memoryLimit: memoryLimitOf(1),
    };
    const worker = {
        pods: 1,
        resources: {
            cpu: formatCpu(ofWorkers(kind?.cpu ?? containerDefaults.cpu)),
            cpuLimit: limitOf(containers),
            memory: formatBytes(ofWorkers(kind?.memory ?? containerDefaults.memory)),
        },
        memoryLimit: memoryLimitOf(containers),
        claims:
            storage.kind !== "mounted"
                ? []
                : [
                      formatBytes(ofWorkers(storage.perWorker)),
                      ...(storage.jobMaster === undefined ? [] : [storage.jobMaster]),
                  ],
    };
    return [...(inPod ? [master] : []), worker];
}
