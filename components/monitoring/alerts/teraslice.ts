import { type Matchers, series } from "../promql";
import type { Alert } from "./alert";
import { commonAlerts, podMatchers, type Watched, type Workload } from "./common";

export interface TerasliceWatched {
    /** Namespace of the master and of all jobs. */
    readonly namespace: string;
    /** Name of the master's Deployment. */
    readonly objectName: string;
    /** Whether the master exports metrics. */
    readonly metrics: boolean;
    /**
     * Name of the claim of the shared assets.
     *
     * @default none
     */
    readonly assetsClaim?: string | undefined;
}

/** Pods that the master starts: ts-exc-<job>-<id> and ts-wkr-<job>-<id> (kubernetesV2/k8sResource.ts, 3.18.0). */
const controllers = "ts-exc-.+";
const jobPods = "ts-(exc|wkr)-.+";

/** Alerts of a Teraslice cluster. */
export function terasliceAlerts(given: TerasliceWatched): Alert[] {
    const master: Workload = {
        kind: "Deployment",
        objectName: given.objectName,
        claims: given.assetsClaim === undefined ? [] : [given.assetsClaim],
    };
    const watched: Watched = {
        system: "Teraslice",
        namespace: given.namespace,
        workloads: [master],
        runbook: "docs/teraslice.md",
    };
    return [
        ...commonAlerts(watched, undefined, [jobPods]),
        ...jobPodAlerts(watched),
        ...(given.metrics ? masterAlerts(watched) : []),
    ];
}

/** What Kubernetes knows of the pods of jobs. */
function jobPodAlerts({ namespace, runbook }: Watched): Alert[] {
    return [
        {
            name: "TerasliceJobPodPending",
            expr: `${series("kube_pod_status_phase", { namespace, pod: { pattern: jobPods }, phase: "Pending" })} == 1`,
            for: "15m",
            severity: "warning",
            summary: "{{ $labels.pod }} has been pending for a quarter of an hour",
            description: `The job has fewer workers than it asks for. Look at why (kubectl -n ${namespace} describe pod {{ $labels.pod }}): its resources, its targets, the namespace's quota, or its image.`,
            runbook,
        },
        {
            name: "TerasliceControllerFailed",
            expr: `${series("kube_job_status_failed", { namespace, job_name: { pattern: controllers } })} > 0`,
            for: "5m",
            severity: "warning",
            summary: "The execution controller {{ $labels.job_name }} has failed",
            description: `The execution ends, or begins anew where its slicers can recover. Look at the controller's log (kubectl -n ${namespace} logs job/{{ $labels.job_name }}) and at the execution's errors in the API (/v1/ex/<id>/errors).`,
            runbook,
        },
    ];
}

/**
 * What the master says. Every ten seconds it resets its metrics before it asks its controllers for new numbers
 * (services/api.ts, 3.18.0), and in between there are none: so the alerts look at some minutes, not at one reading.
 * Counts are those of the jobs, which outlive a restart of the master and say which job it is.
 */
function masterAlerts(watched: Watched): Alert[] {
    const own: Matchers = podMatchers(watched);
    const { namespace, runbook } = watched;
    const over = (aggregate: string, metric: string, window: string, further: Matchers = {}) =>
        `${aggregate}_over_time(${series(metric, { ...own, ...further })}[${window}])`;
    return [
        {
            name: "TerasliceMasterSilent",
            expr: `absent_over_time(${series("teraslice_master_info", own)}[5m])`,
            // With the five minutes longer than the master may take to start (ten minutes).
            for: "10m",
            severity: "critical",
            summary: `The Teraslice master in ${namespace} reports nothing`,
            description: `It is down, can't ask its controllers, or Prometheus can't reach it. Running executions go on without it, but no job starts or stops. Look at its pod and log, and at Prometheus' page of targets; check the scrapers of data-platform:monitoring.`,
            runbook,
        },
        {
            name: "TerasliceSlicesFail",
            expr: `increase(${series("teraslice_controller_slices_failed", own)}[15m]) > 0`,
            for: "1m",
            severity: "warning",
            summary: "{{ $value | humanize }} slices of {{ $labels.job_name }} failed within a quarter of an hour",
            description:
                "A slice failed more often than its job retries it; its data is not processed. Look at the execution's errors in the API (/v1/ex/{{ $labels.ex_id }}/errors), and start a recovery when the cause is gone.",
            runbook,
        },
        {
            name: "TerasliceNoWorkers",
            // Workers that are busy are not available: only both numbers together tell that there are none.
            expr: [
                `${over("min", "teraslice_controller_slices_queued", "5m")} > 0`,
                `${over("max", "teraslice_controller_workers_active", "5m")} == 0`,
                `${over("max", "teraslice_controller_workers_available", "5m")} == 0`,
            ].join(" and "),
            for: "5m",
            severity: "warning",
            summary: "{{ $labels.job_name }} has slices but no workers",
            description: `{{ $value }} slices wait. Look at the job's worker pods (kubectl -n ${namespace} get pods -l app.kubernetes.io/component=worker): pending ones want resources or targets, running ones may not reach their controller on port 45680.`,
            runbook,
        },
        {
            name: "TerasliceWorkersDisconnect",
            // Half as many again as the job has workers: at its end each of them disconnects once. And the job must
            // still be there five minutes later.
            expr: `increase(${series("teraslice_controller_workers_disconnected", own)}[15m]) > 1.5 * ${over("max", "teraslice_execution_workers", "5m")}`,
            for: "10m",
            severity: "warning",
            summary: "Workers of {{ $labels.job_name }} disconnect again and again",
            description:
                "Look at whether they restart, are evicted or run out of memory (kubectl get events), and whether the network between nodes loses connections; raise the job's resources, or move it to other targets.",
            runbook,
        },
        {
            name: "TerasliceExecutionStuck",
            expr: `${over("max", "teraslice_execution_status", "5m", { status: { pattern: "pending|scheduling|initializing" } })} == 1`,
            for: "20m",
            severity: "warning",
            summary: "An execution of {{ $labels.job_name }} stays {{ $labels.status }}",
            description: `Its controller does not get to work. Look at its pod (kubectl -n ${namespace} get pods -l app.kubernetes.io/component=execution_controller), and in its log for assets or connections that it waits for.`,
            runbook,
        },
        {
            name: "TerasliceExecutionFails",
            expr: `${over("max", "teraslice_execution_status", "5m", { status: "failing" })} == 1`,
            for: "1m",
            severity: "warning",
            summary: "An execution of {{ $labels.job_name }} is failing",
            description:
                "It ends once its running slices have. Look at its errors in the API (/v1/ex/{{ $labels.ex_id }}/errors), and start the job again, with recovery where its slicers can.",
            runbook,
        },
    ];
}
