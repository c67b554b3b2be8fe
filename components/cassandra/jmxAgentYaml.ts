import { yaml } from "../foundation/configFiles";

/** Beginning of the names of the metrics that alerts use. */
export const metricNames = {
    down: "cassandra_down_endpoints",
    unavailable: "cassandra_client_unavailables_total",
    timeouts: "cassandra_client_timeouts_total",
    dropped: "cassandra_dropped_messages_total",
    compactions: "cassandra_pending_compactions",
    hints: "cassandra_hints_total",
    exceptions: "cassandra_exceptions_total",
} as const;

const metrics = "org.apache.cassandra.metrics";

/**
 * Configuration of the Prometheus JMX agent: the few beans that tell how a node is. All of them would be tens of
 * thousands of series, some for each table. Names of beans as in Cassandra 5.0 (DefaultNameFactory, FailureDetector).
 */
export const jmxAgentYaml = yaml({
    lowercaseOutputName: true,
    includeObjectNames: [
        `${metrics}:type=ClientRequest,*`,
        `${metrics}:type=Storage,*`,
        `${metrics}:type=Compaction,name=PendingTasks`,
        `${metrics}:type=DroppedMessage,*`,
        `${metrics}:type=ThreadPools,*`,
        "org.apache.cassandra.net:type=FailureDetector",
    ],
    rules: [
        {
            pattern: "org.apache.cassandra.net<type=FailureDetector><>DownEndpointCount",
            name: metricNames.down,
            type: "GAUGE",
        },
        {
            pattern: `${metrics}<type=ClientRequest, scope=([A-Za-z]+), name=Unavailables><>Count`,
            name: metricNames.unavailable,
            type: "COUNTER",
            labels: { request: "$1" },
        },
        {
            pattern: `${metrics}<type=ClientRequest, scope=([A-Za-z]+), name=Timeouts><>Count`,
            name: metricNames.timeouts,
            type: "COUNTER",
            labels: { request: "$1" },
        },
        {
            pattern: `${metrics}<type=ClientRequest, scope=([A-Za-z]+), name=Latency><>(Count|99thPercentile)`,
            name: "cassandra_client_latency_microseconds_$2",
            labels: { request: "$1" },
        },
        {
            pattern: `${metrics}<type=DroppedMessage, scope=([A-Z_]+), name=Dropped><>Count`,
            name: metricNames.dropped,
            type: "COUNTER",
            labels: { message: "$1" },
        },
        {
            pattern: `${metrics}<type=Compaction, name=PendingTasks><>Value`,
            name: metricNames.compactions,
            type: "GAUGE",
        },
        {
            pattern: `${metrics}<type=Storage, name=TotalHints><>Count`,
            name: metricNames.hints,
            type: "COUNTER",
        },
        {
            pattern: `${metrics}<type=Storage, name=Exceptions><>Count`,
            name: metricNames.exceptions,
            type: "COUNTER",
        },
        {
            pattern: `${metrics}<type=Storage, name=Load><>Count`,
            name: "cassandra_load_bytes",
            type: "GAUGE",
        },
        {
            pattern: `${metrics}<type=ThreadPools, path=([a-z]+), scope=([A-Za-z-]+), name=PendingTasks><>Value`,
            name: "cassandra_pending_tasks",
            type: "GAUGE",
            labels: { path: "$1", pool: "$2" },
        },
    ],
});
