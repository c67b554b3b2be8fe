import type { Alert } from "../monitoring/alerts/alert";
import { commonAlerts, metricsMissing, podMatchers, type Watched, type Workload } from "../monitoring/alerts/common";
import { countOf, podsWhere, series } from "../monitoring/promql";
import { exporterPortName, type MemberSet } from "./names";
import type { RedisInstanceSettings } from "./schema";

export interface RedisWatched {
    readonly namespace: string;
    readonly settings: RedisInstanceSettings;
    readonly data: readonly MemberSet[];
    readonly sentinels: MemberSet | undefined;
}

/**
 * Alerts of an instance. Metrics as redis_exporter 1.48.0 names them (exporter/exporter.go and exporter/info.go): it
 * reads INFO of the member beside it.
 */
export function redisAlerts({ namespace, settings, data, sentinels }: RedisWatched): Alert[] {
    const runbook = "docs/redis.md";
    const workload = ({ objectName }: MemberSet, claimTemplates: readonly string[]): Workload => ({
        kind: "StatefulSet",
        objectName,
        claimTemplates,
    });
    // The operator names a claim template as its set.
    const members = data.map((set) =>
        workload(set, [set.objectName, ...(settings.kind === "cluster" ? ["node-conf"] : [])]),
    );
    const all: Watched = {
        system: "Redis",
        namespace,
        workloads: [...members, ...(sentinels === undefined ? [] : [workload(sentinels, [])])],
        runbook,
    };
    const watched: Watched = { ...all, workloads: members };
    const expected = data.reduce((total, { replicas }) => total + replicas, 0);
    return [
        ...commonAlerts(all),
        ...(settings.metrics
            ? [
                  metricsMissing(watched, exporterPortName, expected),
                  ...memberAlerts(watched),
                  ...(settings.kind === "cluster" ? clusterAlerts(watched) : masterAlerts(watched, settings.size)),
              ]
            : []),
    ];
}

function memberAlerts(watched: Watched): Alert[] {
    const own = podMatchers(watched);
    const { namespace, runbook } = watched;
    return [
        {
            name: "RedisDown",
            expr: podsWhere(series("redis_up", own), "== 0"),
            for: "3m",
            severity: "critical",
            summary: "{{ $labels.pod }} does not answer its exporter",
            description: `The pod runs, but Redis does not answer, or not with this password. Look at its log: kubectl -n ${namespace} logs {{ $labels.pod }}.`,
            runbook,
        },
        {
            name: "RedisMemoryFull",
            expr: `max by (pod) (${series("redis_memory_used_bytes", own)} / (${series("redis_memory_max_bytes", own)} > 0)) > 0.9`,
            for: "10m",
            severity: "warning",
            summary: "{{ $labels.pod }} uses {{ $value | humanizePercentage }} of maxmemory",
            description:
                "With eviction noeviction writes fail at the end, with any other keys go. Raise resources.memory, let keys expire, or take more leaders.",
            runbook,
        },
        {
            name: "RedisNotSaved",
            expr: podsWhere(series("redis_rdb_last_bgsave_status", own), "== 0"),
            for: "10m",
            severity: "critical",
            summary: "{{ $labels.pod }} could not write its last snapshot",
            description: `Redis refuses writes then. The volume is full, or the copy of the process has no memory. Look at its log: kubectl -n ${namespace} logs {{ $labels.pod }}.`,
            runbook,
        },
        {
            name: "RedisReplicaCutOff",
            expr: podsWhere(series("redis_master_link_up", own), "== 0"),
            for: "5m",
            severity: "warning",
            summary: "{{ $labels.pod }} does not follow its master",
            description:
                "Its data grows old, and a failover would lose what it misses. Look at whether it reaches the master, and at the log of the operator.",
            runbook,
        },
    ];
}

function masterAlerts(watched: Watched, size: number): Alert[] {
    const own = podMatchers(watched);
    const { runbook } = watched;
    const masters = podsWhere(series("redis_instance_info", { ...own, role: "master" }), "> 0");
    const noSingle: Alert = {
        name: "RedisNoSingleMaster",
        expr: `${countOf(masters)} != 1`,
        // A failover and the operator's next look take well under this.
        for: "5m",
        severity: "critical",
        summary: "There are {{ $value }} masters, and must be one",
        description:
            "Without one nobody writes; with two, what goes to one of them is lost. Look at the logs of Sentinel and of the operator before restarting anything.",
        runbook,
    };
    return size === 1
        ? [noSingle]
        : [
              noSingle,
              {
                  name: "RedisReplicasMissing",
                  expr: `max(${series("redis_connected_slaves", own)}) < ${size - 1}`,
                  for: "10m",
                  severity: "warning",
                  summary: `The master has {{ $value }} of ${size - 1} replicas`,
                  description: "One loss more may stop writes, or lose data. Look at the members that are not ready.",
                  runbook,
              },
          ];
}

function clusterAlerts(watched: Watched): Alert[] {
    return [
        {
            name: "RedisClusterFailed",
            expr: podsWhere(series("redis_cluster_state", podMatchers(watched)), "== 0"),
            for: "3m",
            severity: "critical",
            summary: "{{ $labels.pod }} reports the cluster as failed",
            description:
                "Some keys have no leader. Look at the members (redis-cli cluster nodes, as docs/redis.md says) and at the log of the operator, which repairs what it can.",
            runbook: watched.runbook,
        },
    ];
}
