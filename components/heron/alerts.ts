import type { Alert } from "../monitoring/alerts/alert";
import { commonAlerts, type Watched } from "../monitoring/alerts/common";
import type { Control } from "./control";

/** Alerts of the tools, which export no metrics: all is seen from outside. */
export function heronAlerts({ namespace, objects, settings }: Control): Alert[] {
    const watched: Watched = {
        system: "Heron",
        namespace,
        workloads: [
            {
                kind: "Deployment",
                objectName: objects.apiserver,
                claims: settings.uploader.kind === "http" ? [objects.packages] : [],
            },
            { kind: "Deployment", objectName: objects.tracker },
            { kind: "Deployment", objectName: objects.ui },
        ],
        runbook: "docs/heron.md",
    };
    return commonAlerts(watched);
}
