import { countOf, podsWhere, series } from "../promql";
import type { Alert } from "./alert";
import { commonAlerts, metricsMissing, podMatchers, podsRead, type Watched } from "./common";

export interface ZooKeeperWatched {
    readonly namespace: string;
    /** Name of the StatefulSet. */
    readonly objectName: string;
    readonly members: number;
    /** Names of the claim templates: `data`, and `datalog` where the log has its own volume. */
    readonly claims: readonly string[];
    /** Whether the members export metrics. */
    readonly metrics: boolean;
}

/** Name of the container port that serves the metrics. */
const metricsPort = "metrics";

/**
 * Alerts of an ensemble. Metrics as ZooKeeper 3.9.4 exports them, seen on a running ensemble: `leader_uptime` and
 * `synced_followers` are there on the leader only, and vanish with the quorum; `quorum_size` is the number of
 * configured members, whatever their state, so it tells nothing.
 */
export function zookeeperAlerts(given: ZooKeeperWatched): Alert[] {
    const watched: Watched = {
        system: "ZooKeeper",
        namespace: given.namespace,
        workloads: [{ kind: "StatefulSet", objectName: given.objectName, claimTemplates: given.claims }],
        runbook: "docs/zookeeper.md",
    };
    return [
        quorumAlert(given, watched),
        ...commonAlerts(watched),
        ...(given.metrics ? [metricsMissing(watched, metricsPort, given.members), ...memberAlerts(watched)] : []),
        // A single member has no leader and no followers.
        ...(given.metrics && given.members > 1 ? ensembleAlerts(given, watched) : []),
    ];
}

const majority = (members: number) => Math.floor(members / 2) + 1;

function quorumAlert({ namespace, objectName, members }: ZooKeeperWatched, { runbook }: Watched): Alert {
    const ready = series("kube_statefulset_status_replicas_ready", { namespace, statefulset: objectName });
    return {
        name: "ZooKeeperQuorumLost",
        expr: `${ready} < ${majority(members)}`,
        for: "3m",
        severity: "critical",
        summary: `Only {{ $value }} of ${members} members of ${objectName} are ready`,
        description: `${majority(members)} members make a quorum; without it nobody can read or write. Look at why members are down: kubectl -n ${namespace} get pods, and their logs. Never start a member with an empty volume to replace a majority.`,
        runbook,
    };
}

function ensembleAlerts({ namespace, objectName, members }: ZooKeeperWatched, watched: Watched): Alert[] {
    const own = podMatchers(watched);
    const { runbook } = watched;
    const leaders = podsWhere(series("leader_uptime", own), "> 0");
    return [
        {
            name: "ZooKeeperNoSingleLeader",
            // Only while some member's metrics can be read: else nothing is known of a leader.
            expr: `${countOf(leaders)} != 1 and on () count(${podsRead(watched, metricsPort)}) > 0`,
            // Longer than an election and two readings take.
            for: "5m",
            severity: "critical",
            summary: `${objectName} has {{ $value }} leaders`,
            description: `There must be exactly one. Ask each member for its mode (srvr, as docs/zookeeper.md says), and look whether they reach each other on ports 2888 and 3888: kubectl -n ${namespace} logs <pod>.`,
            runbook,
        },
        {
            name: "ZooKeeperFollowersMissing",
            expr: `${series("synced_followers", own)} < ${members - 1}`,
            // A roll restarts one member after another, each in well under this.
            for: "5m",
            severity: "warning",
            summary: `{{ $value }} of ${members - 1} followers of ${objectName} are in sync`,
            description: `The ensemble tolerates fewer losses than it should. Look at the members that are not ready, and keep nodes from being drained until they are back; raise initLimit if one can't load its snapshot in time.`,
            runbook,
        },
        {
            name: "ZooKeeperElectionsRepeat",
            // election_time is observed once by each member in each election (Leader.java, Follower.java).
            expr: `increase(${series("election_time_count", own)}[30m]) > 3`,
            for: "1m",
            severity: "warning",
            summary: "{{ $labels.pod }} took part in {{ $value | humanize }} elections within half an hour",
            description:
                "Each election stops all clients. Look for long pauses of the leader (garbage collection, CPU limit, slow fsync) and for a network that loses packets; raise syncLimit only after that.",
            runbook,
        },
        {
            name: "ZooKeeperDigestMismatch",
            expr: `increase(${series("digest_mismatches_count", own)}[15m]) > 0`,
            for: "1m",
            severity: "critical",
            summary: "The data of {{ $labels.pod }} differs from that of the leader",
            description: `Its tree is not what the transaction log says it should be. Take it out of use, keep its volume for the search, and let it start with an empty one (kubectl -n ${namespace} delete pvc and pod) while all others are in sync.`,
            runbook,
        },
    ];
}

function memberAlerts(watched: Watched): Alert[] {
    const own = podMatchers(watched);
    const { runbook } = watched;
    const perWrite = `rate(${series("fsynctime_sum", own)}[5m]) / rate(${series("fsynctime_count", own)}[5m])`;
    const heap = { ...own, area: "heap" };
    return [
        {
            name: "ZooKeeperOutstandingRequests",
            // The limit of the project's facts. The server itself throttles at 1000 (globalOutstandingLimit).
            expr: `${series("outstanding_requests", own)} > 10`,
            for: "5m",
            severity: "warning",
            summary: "{{ $value }} requests wait at {{ $labels.pod }}",
            description:
                "The member answers more slowly than clients ask. Look at its fsync times and its CPU; give the transaction log a volume of its own (logStorage), or find the client that asks so much.",
            runbook,
        },
        {
            name: "ZooKeeperSlowFsync",
            // Milliseconds; a tenth of what a single fsync may take before the server logs a warning
            // (fsync.warningthresholdms, 1000).
            expr: `${perWrite} > 100`,
            for: "5m",
            severity: "warning",
            summary: "An fsync of {{ $labels.pod }} takes {{ $value | humanize }} ms",
            description:
                "Every write waits for it on a majority of members. Give the transaction log a volume of its own (logStorage), or a faster storageClass.",
            runbook,
        },
        {
            name: "ZooKeeperFileDescriptors",
            expr: `${series("open_file_descriptor_count", own)} / ${series("max_file_descriptor_count", own)} > 0.85`,
            for: "5m",
            severity: "warning",
            summary: "{{ $labels.pod }} has used {{ $value | humanizePercentage }} of its file descriptors",
            description:
                "At the limit it accepts no connection and can't write its log. Find the clients that open connections without closing them (four-letter word mntr, num_alive_connections), or raise the limit of the nodes' container runtime.",
            runbook,
        },
        {
            name: "ZooKeeperConnectionsRejected",
            // Counted where maxClientCnxns stops a connection (NIOServerCnxnFactory.java, NettyServerCnxnFactory.java). The number of
            // connections alone would say nothing: the limit holds for one address.
            expr: `increase(${series("connection_rejected", own)}[5m]) > 0`,
            for: "5m",
            severity: "warning",
            summary: "{{ $labels.pod }} turns connections away",
            description:
                "One address holds more connections than maxClientConnections allows. Find the client that leaks them, or raise the setting if the address stands for many clients.",
            runbook,
        },
        {
            name: "ZooKeeperHeapNearlyFull",
            // Above this all the time, garbage collections included: what is left is the tree itself.
            expr: `min_over_time((${series("jvm_memory_bytes_used", heap)} / ${series("jvm_memory_bytes_max", heap)})[15m:1m]) > 0.85`,
            for: "5m",
            severity: "warning",
            summary: "The heap of {{ $labels.pod }} stays at {{ $value | humanizePercentage }} and more",
            description:
                "The whole tree of nodes must fit, and the server ends when it doesn't. Raise resources.memory (and heap where it is given), or remove nodes that nobody needs.",
            runbook,
        },
    ];
}
