import type { Demand } from "../foundation/demand";
import { formatBytes, formatCpu, parseQuantity } from "../foundation/quantity";
import { cpuLimitOf, type Resources } from "../foundation/resources";
import { jobDemand } from "./job";
import { agentResources, jobParts } from "./nodeAgent";
import { type CheckedCassandraSettings, nodeCount } from "./schema";

/** What the datacenter asks its namespace's quota for: nodes, each with the agent beside it, and the Jobs. */
export function demand(settings: CheckedCassandraSettings): Demand[] {
    const jobs = jobParts(settings).length;
    const { commitlogStorage } = settings;
    return [
        {
            pods: nodeCount(settings.racks),
            resources: jobs === 0 ? settings.resources : together(settings.resources, agentResources),
            claims: [settings.storage, ...(commitlogStorage === undefined ? [] : [commitlogStorage])],
        },
        ...(jobs === 0 ? [] : [{ ...jobDemand, pods: jobs }]),
    ];
}

function together(one: Resources, other: Resources): Resources {
    const cores = (of: (resources: Resources) => string) =>
        formatCpu(parseQuantity(of(one)) + parseQuantity(of(other)));
    return {
        cpu: cores(({ cpu }) => cpu),
        cpuLimit: cores(cpuLimitOf),
        memory: formatBytes(parseQuantity(one.memory) + parseQuantity(other.memory)),
    };
}
