import type { Demand } from "../foundation/demand";
import { nodesOf } from "./jobSpec";
import { nodeResources } from "./nodeResources";
import type { JobNamespaceSettings, RuntimeSettings } from "./schema";

/**
 * What the pods ask for that the operator starts for the jobs of a namespace; those that are suspended start none.
 *
 * @param runtimes the stack's runtimes by name
 */
export function startedDemand(
    { jobs }: JobNamespaceSettings,
    runtimes: Readonly<Record<string, RuntimeSettings>>,
): Demand[] {
    return Object.values(jobs)
        .filter(({ suspended }) => !suspended)
        .flatMap((job) => {
            const runtime = runtimes[job.runtime];
            if (runtime === undefined) {
                return [];
            }
            return [{ pods: nodesOf(job, runtime), resources: nodeResources(runtime, job.resources) }];
        });
}
