import { requirements, type Resources } from "../foundation/resources";
import type { JobSettings, RuntimeSettings } from "./schema";

/** What each node of a job has: what the job says, and the runtime's where it says nothing. */
export function nodeResources({ resources }: RuntimeSettings, own: JobSettings["resources"]): Resources {
    const { cpu, memory } = own ?? {};
    return {
        ...resources,
        // With CPU of its own a job has a limit of its own too.
        ...(cpu !== undefined && { cpu, cpuLimit: undefined }),
        ...(memory !== undefined && { memory }),
    };
}

/**
 * Requests and limits of a node, devices among them.
 *
 * A TrainJob's `resourcesPerNode` takes the place of all that the runtime's container has (the builder of Kubeflow
 * Trainer's jobset plugin), so it has to be whole too.
 */
export function nodeRequirements(runtime: RuntimeSettings, own?: JobSettings["resources"]) {
    const { requests, limits } = requirements(nodeResources(runtime, own));
    const devices = Object.fromEntries(
        Object.entries(runtime.accelerators).map(([name, count]) => [name, String(count)]),
    );
    return {
        requests: { ...(requests as Record<string, string>), ...devices },
        limits: { ...(limits as Record<string, string>), ...devices },
    };
}
