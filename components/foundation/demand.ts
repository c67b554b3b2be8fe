import { formatBytes, formatCpu, parseQuantity } from "./quantity";
import { cpuLimitOf, type Resources } from "./resources";

/** What some pods of one kind ask a namespace's quota for, as settings tell before anything is planned. */
export interface Demand {
    /** Number of pods. */
    readonly pods: number;
    /** What the pod's containers ask for: the sum of the containers, or the largest init container if that is more. */
    readonly resources: Resources;
    /**
     * Sum of the memory limits, where containers get higher ones than they ask for.
     *
     * @default the memory of `resources`
     */
    readonly memoryLimit?: string;
    /**
     * Sizes of the volume claims of each pod.
     *
     * @default none
     */
    readonly claims?: readonly string[];
}

/** What several containers of one pod ask for together. */
export function sumOfResources(containers: readonly Resources[]): Resources {
    const sum = (of: (container: Resources) => string) =>
        containers.reduce((total, each) => total + parseQuantity(of(each)), 0);
    return {
        cpu: formatCpu(sum(({ cpu }) => cpu)),
        cpuLimit: formatCpu(sum(cpuLimitOf)),
        memory: formatBytes(sum(({ memory }) => memory)),
    };
}

/** Sums as a quota counts them: cores and bytes. */
export interface DemandSum {
    readonly pods: number;
    readonly cpu: number;
    readonly cpuLimit: number;
    readonly memory: number;
    readonly memoryLimit: number;
    readonly storage: number;
}

/** The sum of demands. */
export function sumOfDemands(demands: readonly Demand[]): DemandSum {
    const sum = (of: (demand: Demand) => number) => demands.reduce((total, each) => total + each.pods * of(each), 0);
    return {
        pods: sum(() => 1),
        cpu: sum(({ resources }) => parseQuantity(resources.cpu)),
        cpuLimit: sum(({ resources }) => parseQuantity(cpuLimitOf(resources))),
        memory: sum(({ resources }) => parseQuantity(resources.memory)),
        memoryLimit: sum(({ resources, memoryLimit }) => parseQuantity(memoryLimit ?? resources.memory)),
        storage: sum(({ claims }) => (claims ?? []).reduce((total, size) => total + parseQuantity(size), 0)),
    };
}
