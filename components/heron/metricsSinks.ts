import type { ConfigValue } from "../foundation/configFiles";
import { milliseconds, seconds } from "../foundation/values";
import { type HeronMetrics, metricsPort } from "./metricsSchema";

/** How the manager and the metrics cache fold what the UI shows, by metric of the release. */
const foldings = {
    "__emit-count": "SUM",
    "__execute-count": "SUM",
    "__fail-count": "SUM",
    "__ack-count": "SUM",
    "__complete-latency": "AVG",
    "__execute-latency": "AVG",
    "__process-latency": "AVG",
    "__jvm-uptime-secs": "LAST",
    "__jvm-process-cpu-load": "LAST",
    "__jvm-memory-used-mb": "LAST",
    "__jvm-memory-mb-total": "LAST",
    "__jvm-gc-collection-time-ms": "LAST",
    "__server/__time_spent_back_pressure_initiated": "SUM",
    __time_spent_back_pressure_by_compid: "SUM",
};

/** Connections of the sinks inside a topology, as the release has them. */
const connection = {
    "reconnect-interval-second": 5,
    "network-write-batch-size-bytes": 32768,
    "network-write-batch-time-ms": 16,
    "network-read-batch-size-bytes": 32768,
    "network-read-batch-time-ms": 16,
    "socket-send-buffer-size-bytes": 6553600,
    "socket-received-buffer-size-bytes": 8738000,
};

const sinks = "org.apache.heron.metricsmgr.sink";

/** What metrics_sinks.yaml holds. The manager and the metrics cache always get the metrics: the UI shows those. */
export function metricsSinks(given: HeronMetrics): Record<string, ConfigValue> {
    const sink = (name: string, options: Record<string, ConfigValue>) => ({
        class: `${sinks}.${name}`,
        "flush-frequency-ms": milliseconds(given.flushInterval),
        // A sink that died is started again, however often.
        "sink-restart-attempts": -1,
        ...options,
    });
    const configured: Record<string, ConfigValue> = {
        "tmanager-sink": sink("tmanager.TManagerSink", {
            "tmanager-location-check-interval-sec": 5,
            "tmanager-client": connection,
            "tmanager-metrics-type": foldings,
        }),
        "metricscache-sink": sink("metricscache.MetricsCacheSink", {
            "metricscache-location-check-interval-sec": 5,
            "metricscache-client": connection,
            "metricscache-metrics-type": foldings,
        }),
        ...(given.file && {
            "file-sink": sink("FileSink", {
                "filename-output": "metrics.json",
                "file-maximum": given.file.maximumFiles,
            }),
        }),
        ...(given.prometheus && {
            // No rules: their labels stay on the series that the sink writes after them (PrometheusSink.java).
            "prometheus-sink": sink("PrometheusSink", {
                port: metricsPort,
                path: "/metrics",
                "flat-metrics": true,
                "include-topology-name": given.topologyName,
                "metrics-cache-max-size": given.cachedMetrics,
                "metrics-cache-ttl-sec": seconds(given.keepFor),
            }),
        }),
        ...(given.graphite && {
            "graphite-sink": sink("GraphiteSink", {
                graphite_host: given.graphite.host,
                graphite_port: given.graphite.port,
                metrics_prefix: given.graphite.prefix,
                "server_max_reconnect-attempts": given.graphite.maxReconnects,
            }),
        }),
    };
    return { sinks: Object.keys(configured), ...configured };
}
