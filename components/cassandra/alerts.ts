import type { Alert } from "../monitoring/alerts/alert";
import { commonAlerts, metricsMissing, podMatchers, type Watched } from "../monitoring/alerts/common";
import { series } from "../monitoring/promql";
import { metricNames } from "./jmxAgentYaml";
import { commitlogClaim, dataClaim } from "./places";
import type { Rack } from "./ring";
import type { CheckedCassandraSettings } from "./schema";

/** Name of the container port that serves the metrics. */
export const metricsPort = "metrics";

/** Compaction needs room for as much as it compacts, so half a volume is little and a quarter hardly any. */
const volumeLimits = { warning: 0.4, critical: 0.2 };

export interface CassandraWatched {
    readonly namespace: string;
    readonly instance: string;
    readonly racks: readonly Rack[];
    readonly settings: Pick<CheckedCassandraSettings, "exporter" | "commitlogStorage" | "repair">;
}

/** Alerts of a datacenter: its pods and volumes from outside, the ring as its nodes see it with the exporter. */
export function cassandraAlerts(given: CassandraWatched): Alert[] {
    const { namespace, racks, settings } = given;
    const claimTemplates = [dataClaim, ...(settings.commitlogStorage === undefined ? [] : [commitlogClaim])];
    const watched: Watched = {
        system: "Cassandra",
        namespace,
        workloads: racks.map(({ objectName }) => ({ kind: "StatefulSet", objectName, claimTemplates })),
        runbook: "docs/cassandra.md",
    };
    const nodes = racks.reduce((total, rack) => total + rack.nodes, 0);
    return [
        ...commonAlerts(watched, volumeLimits),
        ...(settings.repair.enabled ? repairAlerts(given, watched) : []),
        ...(settings.exporter === undefined
            ? []
            : [metricsMissing(watched, metricsPort, nodes), ...ringAlerts(watched)]),
    ];
}

function repairAlerts({ namespace, instance }: CassandraWatched, { runbook }: Watched): Alert[] {
    const cronJob = `${instance}-repair`;
    return [
        {
            name: "CassandraRepairLate",
            expr: `time() - ${series("kube_cronjob_status_last_successful_time", { namespace, cronjob: cronJob })} > 9 * 86400`,
            for: "1h",
            severity: "critical",
            summary: `No repair of ${instance} has ended well for nine days`,
            description: `After ten days (gc_grace_seconds) data that was deleted may come back. Look at why it fails: kubectl -n ${namespace} get jobs, and the log of the newest one of ${cronJob}; then start one by hand: kubectl -n ${namespace} create job ${cronJob}-now --from=cronjob/${cronJob}.`,
            runbook,
        },
    ];
}

function ringAlerts(watched: Watched): Alert[] {
    const own = podMatchers(watched);
    const { namespace, runbook } = watched;
    const rate = (metric: string) => `sum(rate(${series(metric, own)}[5m]))`;
    return [
        {
            name: "CassandraNodesDown",
            expr: `max(${series(metricNames.down, own)}) > 0`,
            for: "15m",
            severity: "warning",
            summary: "Nodes are down in the view of others: {{ $value }}",
            description: `After three hours others keep no more hints for it (max_hint_window), and it needs a repair. Look at kubectl -n ${namespace} get pods, and nodetool status in one of them.`,
            runbook,
        },
        {
            name: "CassandraUnavailable",
            expr: `${rate(metricNames.unavailable)} > 0`,
            for: "5m",
            severity: "critical",
            summary: "Requests are refused, since too few replicas are up",
            description:
                "More nodes are down than the consistency level of the requests allows. Bring them back first.",
            runbook,
        },
        {
            name: "CassandraTimeouts",
            expr: `${rate(metricNames.timeouts)} > 1`,
            for: "10m",
            severity: "warning",
            summary: "More than one request a second times out",
            description:
                "Nodes are too slow: look at their CPU and volumes, at pending compactions, and at pauses of the garbage collector in their logs.",
            runbook,
        },
        {
            name: "CassandraDroppedMessages",
            expr: `${rate(metricNames.dropped)} > 1`,
            for: "10m",
            severity: "warning",
            summary: "Nodes drop more than one message a second",
            description:
                "They are overloaded. What was dropped of writes is missing on replicas until the next repair.",
            runbook,
        },
        {
            name: "CassandraCompactionsPending",
            expr: `max by (pod) (${series(metricNames.compactions, own)}) > 100`,
            for: "1h",
            severity: "warning",
            summary: "{{ $labels.pod }} has {{ $value }} compactions to do",
            description:
                "Reads get slower, and the volume fuller. Raise compaction_throughput or concurrent_compactors in config, or add nodes.",
            runbook,
        },
        {
            name: "CassandraExceptions",
            expr: `max by (pod) (increase(${series(metricNames.exceptions, own)}[10m])) > 0`,
            for: "10m",
            severity: "warning",
            summary: "{{ $labels.pod }} has exceptions that nothing caught",
            description: `Look at its log: kubectl -n ${namespace} logs {{ $labels.pod }} -c cassandra.`,
            runbook,
        },
    ];
}
