import type { Alert } from "../monitoring/alerts/alert";
import { commonAlerts, podMatchers, type Watched, type Workload } from "../monitoring/alerts/common";
import { literally, type Matchers, series } from "../monitoring/promql";
import { type Session, taskManagerName } from "./session";

/** Alerts of a session. */
export function flinkAlerts(given: Session): Alert[] {
    const { id, namespace, settings } = given;
    const native = settings.mode.kind === "native";
    const jobManager: Workload = { kind: "Deployment", objectName: id };
    const taskManagers: Workload = { kind: "StatefulSet", objectName: taskManagerName(id) };
    const watched: Watched = {
        system: "Flink",
        namespace,
        workloads: native ? [jobManager] : [jobManager, taskManagers],
        runbook: "docs/flink.md",
    };
    // The attempt of the JobManager and a number (KubernetesResourceManagerDriver): <id>-taskmanager-1-2.
    const started = `${literally(taskManagerName(id))}-[0-9]+-[0-9]+`;
    return [
        ...commonAlerts(watched, undefined, native ? [started] : []),
        ...(native ? startedAlerts(watched, started) : []),
        ...(settings.metrics.enabled ? ownAlerts(watched, { namespace, pod: { pattern: started } }, native) : []),
    ];
}

/** What Kubernetes knows of the pods that the JobManager makes. */
function startedAlerts({ namespace, runbook }: Watched, pattern: string): Alert[] {
    return [
        {
            name: "FlinkTaskManagerPending",
            expr: `${series("kube_pod_status_phase", { namespace, pod: { pattern }, phase: "Pending" })} == 1`,
            for: "10m",
            severity: "warning",
            summary: "{{ $labels.pod }} has been pending for ten minutes",
            description: `Its job waits for slots and fails in the end. Look at why (kubectl -n ${namespace} describe pod {{ $labels.pod }}): resources, targets, the namespace's quota, or the image.`,
            runbook,
        },
    ];
}

/** What the JobManager says (Flink's metrics, "Cluster" and "Availability"). */
function ownAlerts(watched: Watched, started: Matchers, native: boolean): Alert[] {
    const { namespace, runbook } = watched;
    const own = podMatchers({ ...watched, workloads: watched.workloads.slice(0, 1) });
    const running = series("kube_pod_status_phase", { ...started, phase: "Running" });
    const registered = series("flink_jobmanager_numRegisteredTaskManagers", own);
    return [
        {
            name: "FlinkJobRestarts",
            expr: `increase(${series("flink_jobmanager_job_numRestarts", own)}[15m]) > 2`,
            for: "1m",
            severity: "warning",
            summary: "{{ $labels.job_name }} restarts again and again",
            description: "Look at its exceptions in the UI, and at whether its TaskManagers end for want of memory.",
            runbook,
        },
        {
            name: "FlinkCheckpointsFail",
            expr: `increase(${series("flink_jobmanager_job_numberOfFailedCheckpoints", own)}[30m]) > 2`,
            for: "1m",
            severity: "warning",
            summary: "Checkpoints of {{ $labels.job_name }} fail",
            description:
                "A restart would go back to the last completed one. Look at its checkpoints in the UI: the way to the object store, its credentials, or back pressure.",
            runbook,
        },
        ...(native
            ? [
                  {
                      name: "FlinkTaskManagersMissing",
                      expr: `sum(${series("flink_jobmanager_numPendingTaskManagers", own)}) > 0`,
                      for: "15m",
                      severity: "warning" as const,
                      summary: `The session in ${namespace} waits for TaskManagers`,
                      description: `The JobManager asks for pods that do not come. Look at its log, where alone the API server's answer is, often the namespace's quota: kubectl -n ${namespace} logs deployment/${jobManagerOf(watched)}.`,
                      runbook,
                  },
                  {
                      name: "FlinkTaskManagersLeft",
                      expr: `sum(${running}) > sum(max by (pod) (${registered}))`,
                      for: "15m",
                      severity: "warning" as const,
                      summary: `More TaskManagers run in ${namespace} than the JobManager knows`,
                      description:
                          "An earlier JobManager has left some behind that did not report to this one (FLINK-38375). Delete the pods that are not in the UI's list of TaskManagers.",
                      runbook,
                  },
              ]
            : []),
    ];
}

function jobManagerOf({ workloads }: Watched): string {
    return workloads[0]?.objectName ?? "";
}
