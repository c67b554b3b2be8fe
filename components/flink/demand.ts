import type { Demand } from "../foundation/demand";
import type { CheckedFlinkSessionSettings } from "./schema";

/** What the session asks of its namespace's quota by itself: JobManagers, and the TaskManagers of mode standalone. */
export function demand({ jobManager, taskManager, mode }: CheckedFlinkSessionSettings): Demand[] {
    return [
        { pods: jobManager.replicas, resources: jobManager.resources },
        ...(mode.kind === "standalone" ? [{ pods: mode.replicas, resources: taskManager.resources }] : []),
    ];
}

/** The TaskManagers that the JobManager starts at least: one, or no job would ever run. */
export function leastWorkerDemand({ taskManager, mode }: CheckedFlinkSessionSettings): Demand[] {
    return mode.kind === "native" ? [{ pods: Math.max(1, mode.least), resources: taskManager.resources }] : [];
}
