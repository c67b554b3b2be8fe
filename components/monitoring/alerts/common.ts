import { anyOf, countOf, literally, type Matchers, type Pattern, podsWhere, series } from "../promql";
import type { Alert } from "./alert";

/** A workload whose pods are watched. */
export interface Workload {
    readonly kind: "StatefulSet" | "Deployment";
    /** Its object's name. */
    readonly objectName: string;
    /**
     * Names of claims that its pods share.
     *
     * @default none
     */
    readonly claims?: readonly string[];
    /**
     * Names of claim templates, of which each pod of a StatefulSet has a claim of its own.
     *
     * @default none
     */
    readonly claimTemplates?: readonly string[];
}

/** A system's workloads. */
export interface Watched {
    /** The system as alerts are called: `ZooKeeper`. */
    readonly system: string;
    readonly namespace: string;
    readonly workloads: readonly Workload[];
    /** Page that says how the system is operated. */
    readonly runbook: string;
}

/** How little of a volume may be left, as shares of its size. */
export interface VolumeLimits {
    readonly warning: number;
    readonly critical: number;
}

/** The node exporter's and kube-prometheus' usual limits: time to order storage, and hardly any left. */
const usualLimits: VolumeLimits = { warning: 0.15, critical: 0.05 };

/** Names that the control plane gives the pods of a workload, and no others'. */
export function podPattern({ kind, objectName }: Workload): string {
    const name = literally(objectName);
    return kind === "StatefulSet" ? `${name}-[0-9]+` : `${name}-[a-z0-9]+-[a-z0-9]+`;
}

/** Matchers of the series of a system's pods, whoever reports them. */
export function podMatchers({ namespace, workloads }: Pick<Watched, "namespace" | "workloads">): Matchers {
    return { namespace, pod: anyOf(workloads.map(podPattern)) };
}

/**
 * What every system has: pods that must be there and ready and must not die again and again, and volumes that fill. All
 * of it is seen from outside, by kube-state-metrics and the kubelet, so it holds where a system exports nothing.
 *
 * @param otherPods further pods that may not die, such as those that the system starts by itself, as patterns
 */
export function commonAlerts(
    watched: Watched,
    limits: VolumeLimits = usualLimits,
    otherPods: readonly string[] = [],
): Alert[] {
    return [...podAlerts(watched, otherPods), ...workloadAlerts(watched), ...volumeAlerts(watched, limits)];
}

function podAlerts(watched: Watched, otherPods: readonly string[]): Alert[] {
    const { system, namespace, runbook } = watched;
    const pods = podMatchers(watched);
    const mortal: Matchers = { namespace, pod: anyOf([...watched.workloads.map(podPattern), ...otherPods]) };
    const restarts = series("kube_pod_container_status_restarts_total", mortal);
    const describe = `kubectl -n ${namespace} describe pod {{ $labels.pod }}`;
    return [
        {
            name: `${system}PodNotReady`,
            expr: `${series("kube_pod_status_ready", { ...pods, condition: "true" })} == 0`,
            // Longer than any startup probe here allows (ten minutes).
            for: "15m",
            severity: "warning",
            summary: "{{ $labels.pod }} has not been ready for a quarter of an hour",
            description: `Look at its events and probes: ${describe}. Pending pods wait for a node or a volume.`,
            runbook,
        },
        {
            name: `${system}Restarts`,
            // The fourth start within an hour: one liveness kill or one drained node is none of it.
            expr: `increase(${restarts}[1h]) > 2.5`,
            for: "1m",
            severity: "warning",
            summary: "{{ $labels.container }} of {{ $labels.pod }} restarts again and again",
            description: `Look at how it ended: ${describe}, and kubectl -n ${namespace} logs {{ $labels.pod }} --previous.`,
            runbook,
        },
        {
            name: `${system}OutOfMemory`,
            expr: `increase(${restarts}[1h]) > 0 and on (namespace, pod, container) ${series(
                "kube_pod_container_status_last_terminated_reason",
                { ...mortal, reason: "OOMKilled" },
            )} == 1`,
            for: "1m",
            severity: "warning",
            summary: "{{ $labels.container }} of {{ $labels.pod }} was killed for want of memory",
            description:
                "The kernel killed it at its memory limit. Raise resources.memory, or lower the heap, so that the rest of the process has room.",
            runbook,
        },
    ];
}

function workloadAlerts({ system, namespace, workloads, runbook }: Watched): Alert[] {
    const named = (kind: Workload["kind"]): Pattern =>
        anyOf(workloads.filter((each) => each.kind === kind).map(({ objectName }) => literally(objectName)));
    const has = (kind: Workload["kind"]) => workloads.some((each) => each.kind === kind);
    const sets: Matchers = { namespace, statefulset: named("StatefulSet") };
    const deployments: Matchers = { namespace, deployment: named("Deployment") };
    return [
        ...(has("StatefulSet")
            ? [
                  {
                      name: `${system}PodsMissing`,
                      expr: `${series("kube_statefulset_status_replicas", sets)} < ${series("kube_statefulset_replicas", sets)}`,
                      for: "15m",
                      severity: "warning",
                      summary: "{{ $labels.statefulset }} has fewer pods than it asks for",
                      description: `The control plane can't create them: a quota, a limit or an admission rule forbids it. Look at kubectl -n ${namespace} describe statefulset {{ $labels.statefulset }}.`,
                      runbook,
                  } as const,
              ]
            : []),
        ...(has("Deployment")
            ? [
                  {
                      name: `${system}Unavailable`,
                      expr: `${series("kube_deployment_status_replicas_available", deployments)} == 0`,
                      for: "10m",
                      severity: "critical",
                      summary: "No pod of {{ $labels.deployment }} is available",
                      description: `Nobody answers its clients. Look at its events and its pods: kubectl -n ${namespace} describe deployment {{ $labels.deployment }}.`,
                      runbook,
                  } as const,
              ]
            : []),
    ];
}

/** Matchers of the claims of a system's workloads; undefined where there are none. */
function claimMatchers({ namespace, workloads }: Pick<Watched, "namespace" | "workloads">): Matchers | undefined {
    const patterns = workloads.flatMap((workload) => [
        ...(workload.claims ?? []).map(literally),
        ...(workload.claimTemplates ?? []).map((template) => `${literally(template)}-${podPattern(workload)}`),
    ]);
    return patterns.length === 0 ? undefined : { namespace, persistentvolumeclaim: anyOf(patterns) };
}

function volumeAlerts(watched: Watched, limits: VolumeLimits): Alert[] {
    const { system, namespace, runbook } = watched;
    const claims = claimMatchers(watched);
    if (claims === undefined) {
        return [];
    }
    const left = `${series("kubelet_volume_stats_available_bytes", claims)} / ${series("kubelet_volume_stats_capacity_bytes", claims)}`;
    const remedy = `Free space, or enlarge the claim if its class allows it: kubectl -n ${namespace} edit pvc {{ $labels.persistentvolumeclaim }}.`;
    return [
        {
            name: `${system}VolumeFilling`,
            expr: `${left} < ${limits.warning}`,
            for: "15m",
            severity: "warning",
            summary: "{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} left",
            description: `Less than ${percent(limits.warning)} of the volume is free. ${remedy}`,
            runbook,
        },
        {
            name: `${system}VolumeNearlyFull`,
            expr: `${left} < ${limits.critical}`,
            for: "1m",
            severity: "critical",
            summary: "{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} left",
            description: `Less than ${percent(limits.critical)} of the volume is free, and writes will soon fail. ${remedy}`,
            runbook,
        },
    ];
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** The pods of a system whose metrics are read on a port, which monitors of the operator name `endpoint`. */
export function podsRead(watched: Watched, port: string): string {
    return podsWhere(series("up", { ...podMatchers(watched), endpoint: port }), "== 1");
}

/**
 * Metrics of some pods can't be read: without them the alerts on them are blind.
 *
 * @param expected number of pods
 */
export function metricsMissing(watched: Watched, port: string, expected: number): Alert {
    const read = podsRead(watched, port);
    return {
        name: `${watched.system}MetricsMissing`,
        expr: `${countOf(read)} < ${expected}`,
        for: "10m",
        severity: "warning",
        summary: `Metrics of only {{ $value }} of ${expected} ${watched.system} pods in ${watched.namespace} can be read`,
        description:
            "Pods are down, or Prometheus can't reach them; the alerts on their metrics are blind. Look at its page of targets, and check the scrapers of data-platform:monitoring against its pods.",
        runbook: watched.runbook,
    };
}
