import { type Demand, sumOfResources } from "../foundation/demand";
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
            resources: jobs === 0 ? settings.resources : sumOfResources([settings.resources, agentResources]),
            claims: [settings.storage, ...(commitlogStorage === undefined ? [] : [commitlogStorage])],
        },
        ...(jobs === 0 ? [] : [{ ...jobDemand, pods: jobs }]),
    ];
}
