import { series } from "../promql";
import type { Alert } from "./alert";
import { commonAlerts, type Watched } from "./common";

export interface UploaderWatched {
    readonly namespace: string;
    /** Name of the web server's StatefulSet. */
    readonly objectName: string;
    /** Name of the claim that holds what was uploaded. */
    readonly claim: string;
}

/** Alerts of the upload web server. nginx exports no metrics of its own: all is seen from outside. */
export function uploaderAlerts({ namespace, objectName, claim }: UploaderWatched): Alert[] {
    const watched: Watched = {
        system: "Uploader",
        namespace,
        workloads: [{ kind: "StatefulSet", objectName, claims: [claim] }],
        runbook: "docs/uploader.md",
    };
    const set = { namespace, statefulset: objectName };
    const volume = { namespace, persistentvolumeclaim: claim };
    return [
        {
            name: "UploaderUnavailable",
            expr: `${series("kube_statefulset_status_replicas_ready", set)} == 0`,
            for: "10m",
            severity: "critical",
            summary: "No pod of {{ $labels.statefulset }} is ready",
            description: `Nobody can upload or download a package, so jobs don't start. Look at its events and its pod: kubectl -n ${namespace} describe pod ${objectName}-0.`,
            runbook: watched.runbook,
        },
        ...commonAlerts(watched),
        {
            name: "UploaderInodesNearlyUsed",
            // Many small files use up inodes long before bytes. Some file systems report 0 of 0, no number.
            expr: `${series("kubelet_volume_stats_inodes_free", volume)} / ${series("kubelet_volume_stats_inodes", volume)} < 0.1`,
            for: "15m",
            severity: "warning",
            summary: "{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} of its inodes left",
            description:
                "Without inodes no file can be created, however much space is free. Delete files that nobody needs, upload archives instead of many small files, or move to a volume with more inodes.",
            runbook: watched.runbook,
        },
    ];
}
