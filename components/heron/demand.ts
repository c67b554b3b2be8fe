import { demand as bookkeeperDemand, dlogNamespaceDemand, dlogNamespaceSettings } from "../bookkeeper/schema";
import type { Demand } from "../foundation/demand";
import { demand as zookeeperDemand } from "../zookeeper/schema";
import { usesDlog } from "./control";
import type { CheckedHeronSettings } from "./schema";
import type { TopologyPart } from "./topologySchema";

/** What Heron asks the quota of its control namespace for. */
export function demand(settings: CheckedHeronSettings): Demand[] {
    const { apiServer, tracker, ui, uploader, zookeeper, bookkeeper } = settings;
    return [
        { pods: 1, resources: apiServer.resources, claims: uploader.kind === "http" ? [uploader.storage] : [] },
        { pods: tracker.replicas, resources: tracker.resources },
        { pods: ui.replicas, resources: ui.resources },
        ...(zookeeper.kind === "ensemble" ? zookeeperDemand(zookeeper) : []),
        ...(usesDlog(settings) && bookkeeper !== undefined
            ? [...bookkeeperDemand(bookkeeper), ...dlogNamespaceDemand(dlogNamespaceSettings.parse({}))]
            : []),
    ];
}

/**
 * What round-robin packing computes for a container with one instance, where a topology says nothing: 1 CPU and 1 GiB
 * for the instance (Key.java, heron.resources.instance.*), as padding 1 CPU and 2 GiB (RoundRobinPacking.java).
 */
const leastContainer = { cpu: "2", memory: "3Gi" };

/** What the least topology asks the quota of its namespace for: a manager, which is as large, and one executor. */
export function leastTopologyDemand({ topologies }: CheckedHeronSettings): Demand[] {
    return (["executor", "manager"] as const).map((part: TopologyPart) => {
        const { limits, requests } = topologies[part];
        const cpuLimit = limits.cpu ?? leastContainer.cpu;
        const memoryLimit = limits.memory ?? leastContainer.memory;
        // Kubernetes requests the limit of what has a limit only, so both modes of requests come to the same.
        return {
            pods: 1,
            resources: { cpu: requests.cpu ?? cpuLimit, cpuLimit, memory: requests.memory ?? memoryLimit },
            memoryLimit,
        };
    });
}
