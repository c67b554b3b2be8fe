import { anyOf, literally, series } from "../promql";
import type { Alert } from "./alert";
import { commonAlerts, metricsMissing, podMatchers, type VolumeLimits, type Watched } from "./common";

/** A StatefulSet of nodes. */
export interface OpenSearchNodes {
    readonly objectName: string;
    readonly replicas: number;
    /** Whether its nodes may become cluster manager. */
    readonly clusterManagers: boolean;
    /** Names of the claim templates. */
    readonly claims: readonly string[];
}

export interface OpenSearchWatched {
    readonly namespace: string;
    readonly nodes: readonly OpenSearchNodes[];
    /**
     * Name of the container port behind which the nodes' Prometheus exporter plugin answers, under
     * `/_prometheus/metrics`. The official image has no such plugin.
     *
     * @default no exporter, so no alerts on what it exports
     */
    readonly exporterPort?: string | undefined;
}

/**
 * What OpenSearch does itself as a volume fills (cluster.routing.allocation.disk.watermark): at 85 % it places no more
 * shards there, at 90 % it moves shards away, and at 95 % (flood_stage) it makes their indices read-only.
 */
const watermarks: VolumeLimits = { warning: 0.15, critical: 0.1 };

/** Alerts of a cluster of the stack's own. */
export function openSearchAlerts(given: OpenSearchWatched): Alert[] {
    const watched: Watched = {
        system: "OpenSearch",
        namespace: given.namespace,
        workloads: given.nodes.map(({ objectName, claims }) => ({
            kind: "StatefulSet",
            objectName,
            claimTemplates: claims,
        })),
        runbook: "docs/opensearch.md",
    };
    const total = given.nodes.reduce((sum, { replicas }) => sum + replicas, 0);
    return [
        quorumAlert(given, watched),
        ...commonAlerts(watched, watermarks).map((alert) =>
            alert.name === "OpenSearchVolumeNearlyFull"
                ? {
                      ...alert,
                      description: `${alert.description} With 5 % left OpenSearch makes the indices read-only (flood_stage); it lifts that by itself below 90 %.`,
                  }
                : alert,
        ),
        ...(given.exporterPort === undefined
            ? []
            : [metricsMissing(watched, given.exporterPort, total), ...exporterAlerts(watched, total)]),
    ];
}

/** Without a majority of the nodes that may be cluster manager there is no cluster. */
function quorumAlert({ namespace, nodes }: OpenSearchWatched, { runbook }: Watched): Alert {
    const voting = nodes.filter(({ clusterManagers }) => clusterManagers);
    const voters = voting.reduce((sum, { replicas }) => sum + replicas, 0);
    const quorum = Math.floor(voters / 2) + 1;
    const ready = series("kube_statefulset_status_replicas_ready", {
        namespace,
        statefulset: anyOf(voting.map(({ objectName }) => literally(objectName))),
    });
    return {
        name: "OpenSearchQuorumLost",
        // Each set once, however many kube-state-metrics report it.
        expr: `sum(max by (statefulset) (${ready})) < ${quorum}`,
        for: "5m",
        severity: "critical",
        summary: `Only {{ $value }} of ${voters} cluster managers in ${namespace} are ready`,
        description: `${quorum} of them must be, or the cluster takes no writes and answers no admin request. Look at why their pods are not ready: kubectl -n ${namespace} get pods, and their logs. Don't delete their volumes: they hold the state of the cluster.`,
        runbook,
    };
}

/** Metrics of the exporter plugin: opensearch-prometheus-exporter, PrometheusMetricsCollector.java. */
function exporterAlerts(watched: Watched, total: number): Alert[] {
    const own = podMatchers(watched);
    const { namespace, runbook } = watched;
    // Every node reports the state of the whole cluster; the worst counts. 0 is green, 1 yellow, 2 red.
    const status = `max(${series("opensearch_cluster_status", own)})`;
    return [
        {
            name: "OpenSearchRed",
            expr: `${status} == 2`,
            for: "2m",
            severity: "critical",
            summary: `The OpenSearch cluster in ${namespace} is red`,
            description:
                "A primary shard is not assigned: part of the data can't be read or written. Look at GET _cluster/allocation/explain, bring the missing nodes back, and restore from a snapshot what no node holds.",
            runbook,
        },
        // A single node can assign no replica, so yellow is all it can be.
        ...(total > 1
            ? [
                  {
                      name: "OpenSearchYellow",
                      expr: `${status} == 1`,
                      // Longer than a node's restart and the recovery of its shards usually take.
                      for: "30m",
                      severity: "warning",
                      summary: `The OpenSearch cluster in ${namespace} has been yellow for half an hour`,
                      description:
                          "Replicas are not assigned, and the loss of a node may lose data. Look at GET _cluster/allocation/explain: nodes are missing, full, or fewer than an index wants replicas.",
                      runbook,
                  } as const,
                  {
                      name: "OpenSearchNodesMissing",
                      expr: `min(${series("opensearch_cluster_nodes_number", own)}) < ${total}`,
                      for: "10m",
                      severity: "warning",
                      summary: `Some node in ${namespace} sees only {{ $value }} of ${total} nodes`,
                      description:
                          "A node is down, or belongs to no cluster or another. Look at GET _cat/nodes on several nodes, and whether they reach each other on the transport port with valid certificates.",
                      runbook,
                  } as const,
              ]
            : []),
        {
            name: "OpenSearchHeapNearlyFull",
            // Above it all the time, garbage collections included. The parent circuit breaker stops requests at 95 %
            // (indices.breaker.total.limit).
            expr: `min_over_time(${series("opensearch_jvm_mem_heap_used_percent", own)}[15m]) > 85`,
            for: "5m",
            severity: "warning",
            summary: "The heap of {{ $labels.pod }} stays at {{ $value }} % and more",
            description:
                "Circuit breakers refuse requests at 95 %. Give the nodes more memory, add nodes, or have fewer and larger shards.",
            runbook,
        },
        {
            name: "OpenSearchRequestsRejected",
            expr: `increase(${series("opensearch_threadpool_threads_count", { ...own, type: "rejected" })}[15m]) > 0`,
            for: "5m",
            severity: "warning",
            summary: "{{ $labels.pod }} rejects work of its {{ $labels.name }} threads",
            description:
                "The queue of that thread pool is full, and clients get 429. Make them send fewer or larger bulks, or give the nodes more CPU; look at GET _cat/thread_pool.",
            runbook,
        },
        {
            name: "OpenSearchBreakerTripped",
            expr: `increase(${series("opensearch_circuitbreaker_tripped_count", own)}[15m]) > 0`,
            for: "1m",
            severity: "warning",
            summary: "The {{ $labels.name }} circuit breaker of {{ $labels.pod }} stopped requests",
            description:
                "They would have needed more heap than there is. Find the requests (large aggregations, large bulks) and make them smaller, or raise the nodes' memory.",
            runbook,
        },
    ];
}
