import { type Demand, sumOfResources } from "../foundation/demand";
import type { Resources } from "../foundation/resources";
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
            resources: sumOfResources(containers),
            claims,
        })),
        ...(settings.kind !== "cluster" && settings.sentinel.kind !== "none"
            ? [{ pods: settings.sentinel.size, resources: settings.sentinel.resources }]
            : []),
    ];
}
