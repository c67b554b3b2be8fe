import type { Demand } from "../foundation/demand";
import type { CheckedTerasliceSettings } from "./schema";

/** What the master asks of its namespace's quota; its claim is the one that all pods share. */
export function demand({ resources, sharedAssets }: CheckedTerasliceSettings): Demand[] {
    const claims = sharedAssets?.storageClass === undefined ? [] : [sharedAssets.size];
    return [{ pods: 1, resources, claims }];
}

/**
 * What the least job needs beside the master: one execution controller and one worker, with the cluster's own defaults.
 * Teraslice makes requests and limits of controllers alike; a worker's CPU is the namespace's default for containers
 * unless the settings have one.
 */
export function leastJobDemand(settings: CheckedTerasliceSettings): Demand[] {
    const { executionControllerResources: controller, workerResources: worker } = settings;
    const { cpu, cpuLimit } = settings.namespace.containerDefaults;
    return [
        { pods: 1, resources: { ...controller, cpuLimit: controller.cpu } },
        {
            pods: 1,
            resources: { memory: worker.memory, cpu: worker.cpu ?? cpu, cpuLimit: worker.cpu ?? cpuLimit },
        },
    ];
}
