import type { Demand } from "../foundation/demand";
import { mebibytes } from "../foundation/quantity";
import { operatorDemand as chartDemand } from "../operator/schema";
import type { ApplicationSettings } from "./applicationSchema";
import { podMebibytes } from "./memory";
import { cpuLimit, cpuRequest, type DriverSettings, type ExecutorSettings } from "./podSchema";
import type { SparkJobNamespaceSettings, SparkOperatorSettings } from "./schema";

/** What the operator asks of its own namespace's quota: controller and webhook are Deployments of their own. */
export function operatorDemand(operator: SparkOperatorSettings): Demand[] {
    return chartDemand(operator, operator.kind === "chart" && operator.webhook ? 2 : 1);
}

/** Executors that an application has from its start. */
function executorsAtStart({ executor, dynamicAllocation }: ApplicationSettings): number {
    return dynamicAllocation === undefined
        ? (executor.instances ?? 1)
        : (dynamicAllocation.initial ?? dynamicAllocation.min);
}

function podDemand(given: ApplicationSettings, pod: DriverSettings | ExecutorSettings): Demand["resources"] {
    return {
        cpu: cpuRequest(pod),
        cpuLimit: cpuLimit(pod),
        memory: `${podMebibytes(given.type, pod)}Mi`,
        ephemeralStorage: pod.ephemeralStorage,
    };
}

/**
 * What one application asks of its namespace's quota when it starts, beside what the operator needs there, which is
 * nothing: its driver and its first executors.
 */
export function applicationDemand(given: ApplicationSettings): Demand[] {
    const { scratch } = given.executor;
    return [
        { pods: 1, resources: podDemand(given, given.driver) },
        {
            pods: executorsAtStart(given),
            resources: podDemand(given, given.executor),
            ...(scratch.kind === "claim" && { claims: [scratch.size] }),
        },
    ];
}

/** What the applications of a job namespace ask of its quota together; the stack itself puts no pod there. */
export function applicationsDemand({ applications }: SparkJobNamespaceSettings): Demand[] {
    return Object.values(applications).flatMap(applicationDemand);
}

/** Heap of a pod as Spark wants it: MiB, which it writes as m. */
export function heap(memory: string): string {
    return `${mebibytes(memory)}m`;
}
