import type { Demand } from "../foundation/demand";
import { nodesOf } from "./jobSpec";
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
            const { cpu, memory } = job.resources ?? {};
            return [
                {
                    pods: nodesOf(job, runtime),
                    resources: {
                        ...runtime.resources,
                        // With CPU of its own a job has a limit of its own too.
                        ...(cpu !== undefined && { cpu, cpuLimit: undefined }),
                        ...(memory !== undefined && { memory }),
                    },
                },
            ];
        });
}
