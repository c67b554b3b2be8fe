import { countOf, podsWhere, series } from "../promql";
import type { Alert } from "./alert";
import { commonAlerts, metricsMissing, podMatchers, podsRead, type Watched } from "./common";

export interface BookKeeperWatched {
    readonly namespace: string;
    /** Name of the bookies' StatefulSet. */
    readonly objectName: string;
    readonly bookies: number;
    /**
     * The Deployment of autorecovery.
     *
     * @default none
     */
    readonly autorecovery?: { readonly objectName: string; readonly replicas: number } | undefined;
    /** Names of the claim templates. */
    readonly claims: readonly string[];
    /** Percentage of the ledgers' volume from which on a bookie takes no new entries. */
    readonly diskUsageThreshold: number;
    /** Whether the pods export metrics. */
    readonly metrics: boolean;
}

/** Name of the container port that serves the metrics. */
const metricsPort = "http";

/**
 * Alerts of a BookKeeper cluster. Metrics as BookKeeper 4.14.5 exports them, seen on a running bookie:
 * `bookie_SERVER_STATUS` is 1 while it takes entries, 0 while it is read-only, -1 while it is not registered
 * (BookieStateManager); the usage of a folder has the folder in its name (LedgerDirsManager).
 */
export function bookkeeperAlerts(given: BookKeeperWatched): Alert[] {
    const { namespace, autorecovery } = given;
    const watched: Watched = {
        system: "BookKeeper",
        namespace,
        workloads: [
            { kind: "StatefulSet", objectName: given.objectName, claimTemplates: given.claims },
            ...(autorecovery ? [{ kind: "Deployment" as const, objectName: autorecovery.objectName }] : []),
        ],
        runbook: "docs/bookkeeper.md",
    };
    const pods = given.bookies + (autorecovery?.replicas ?? 0);
    return [
        ...commonAlerts(watched),
        ...(given.metrics ? [metricsMissing(watched, metricsPort, pods), ...bookieAlerts(given, watched)] : []),
    ];
}

function bookieAlerts({ bookies, diskUsageThreshold, objectName }: BookKeeperWatched, watched: Watched): Alert[] {
    const { runbook, namespace } = watched;
    const own = podMatchers({ namespace, workloads: watched.workloads.slice(0, 1) });
    const status = series("bookie_SERVER_STATUS", own);
    const least = Math.max(1, bookies - 1);
    return [
        {
            name: "BookKeeperTooFewBookies",
            // Only while some bookie's metrics can be read: else nothing is known of them.
            expr: `${countOf(podsWhere(status, "== 1"))} < ${least} and on () count(${podsRead(watched, metricsPort)}) > 0`,
            for: "5m",
            severity: "critical",
            summary: `Only {{ $value }} of ${bookies} bookies of ${objectName} take new entries`,
            description: `More than one is missing: new ledgers can't be made once fewer are left than each entry has copies. Look at the pods (kubectl -n ${namespace} get pods) and at how full their volumes are.`,
            runbook,
        },
        {
            name: "BookKeeperReadOnly",
            expr: `${status} < 1`,
            for: "5m",
            severity: "warning",
            summary: "{{ $labels.pod }} takes no new entries",
            description: `It is read-only (0), or not registered in ZooKeeper (-1). Look at its log: kubectl -n ${namespace} logs {{ $labels.pod }} -c bookie. A full volume makes it read-only; then enlarge the claim, or delete what is not needed any more.`,
            runbook,
        },
        {
            name: "BookKeeperLedgersFilling",
            expr: `${series("bookie_ledger_dir__bookkeeper_data_ledgers_usage", own)} > ${diskUsageThreshold - 10}`,
            for: "15m",
            severity: "warning",
            summary: "The ledgers' volume of {{ $labels.pod }} is {{ $value | humanize }} % full",
            description: `At ${diskUsageThreshold} % the bookie becomes read-only. Make the claim larger (kubectl -n ${namespace} edit pvc ledgers-{{ $labels.pod }}), add bookies, or delete what is not needed any more.`,
            runbook,
        },
    ];
}
