import { series } from "../promql";
import type { Alert } from "./alert";
import { claimMatchers, commonAlerts, type Watched, type Workload } from "./common";

export interface UploaderWatched {
    readonly namespace: string;
    /** The web server, with the claims that hold what was uploaded. */
    readonly workload: Workload;
}

/** Alerts of the upload web server. nginx exports no metrics of its own: all is seen from outside. */
export function uploaderAlerts({ namespace, workload }: UploaderWatched): Alert[] {
    const watched: Watched = {
        system: "Uploader",
        namespace,
        workloads: [workload],
        runbook: "docs/uploader.md",
    };
    const claims = claimMatchers(watched);
    return [
        ...commonAlerts(watched),
        ...(claims === undefined
            ? []
            : [
                  {
                      name: "UploaderInodesNearlyUsed",
                      // Many small files use up inodes long before bytes. Some file systems report 0 of 0, no number.
                      expr: `${series("kubelet_volume_stats_inodes_free", claims)} / ${series("kubelet_volume_stats_inodes", claims)} < 0.1`,
                      for: "15m",
                      severity: "warning",
                      summary:
                          "{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} of its inodes left",
                      description:
                          "Without inodes no file can be created, however much space is free. Delete files that nobody needs, upload archives instead of many small files, or move to a volume with more inodes.",
                      runbook: watched.runbook,
                  } as const,
              ]),
    ];
}
