import type { Demand } from "../foundation/demand";
import { formatBytes, formatCpu, parseQuantity } from "../foundation/quantity";
import { cpuLimitOf, type Resources } from "../foundation/resources";
import { dataSets } from "./names";
import type { RedisInstanceSettings } from "./schema";

/** What the exporter beside each member asks for: it reads one server twice a minute. */
export const exporterResources: Resources = {
    cpu: "20m",
    cpuLimit: "200m",
    memory: "64Mi",
    ephemeralStorage: "32Mi",
};

/** What the pods that the operator starts for an instance ask for. */
export function startedDemand(settings: RedisInstanceSettings): Demand[] {
    const containers = [settings.resources, ...(settings.metrics ? [exporterResources] : [])];
    const claims = [settings.storage, ...(settings.kind === "cluster" ? [settings.nodeConfStorage] : [])];
    return [
        ...dataSets("redis", settings).map(({ replicas }) => ({
            pods: replicas,
            resources: sumOf(containers),
            claims,
        })),
        ...(settings.kind !== "cluster" && settings.sentinel.kind !== "none"
            ? [{ pods: settings.sentinel.size, resources: settings.sentinel.resources }]
            : []),
    ];
}

function sumOf(containers: readonly Resources[]): Resources {
    const sum = (of: (each: Resources) => string) =>
        containers.reduce((total, each) => total + parseQuantity(of(each)), 0);
    return {
        cpu: formatCpu(sum(({ cpu }) => cpu)),
        cpuLimit: formatCpu(sum(cpuLimitOf)),
        memory: formatBytes(sum(({ memory }) => memory)),
    };
}
