import type * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../foundation/environment";
import { type MonitorEndpoint, registerMonitor } from "../monitoring/monitor";
import { flinkAlerts } from "./alerts";
import { sessionIdentity } from "./pods";
import { type Part, partLabels, type Session } from "./session";

/** What is read of both parts. */
export function metricsEndpoints(given: Session): MonitorEndpoint[] {
    const parts: readonly Part[] = given.settings.metrics.enabled ? ["jobmanager", "taskmanager"] : [];
    return parts.map((part) => ({
        part,
        kind: "pod",
        selector: partLabels(given, part),
        port: "metrics",
        podTargetLabels: ["component"],
        ...(part === "taskmanager" && given.settings.mode.kind === "native" && { startedBy: "the JobManager" }),
    }));
}

/** Registers how the session is watched, where it is. */
export function watch(
    name: string,
    given: Session,
    foundation: Foundation,
    opts: pulumi.ComponentResourceOptions,
): void {
    registerMonitor(
        `${name}-monitor`,
        {
            foundation,
            namespace: given.namespace,
            identity: { ...sessionIdentity(given, "session"), component: "monitor" },
            objectName: given.id,
            settings: given.settings.monitoring,
            endpoints: metricsEndpoints(given),
            alerts: flinkAlerts(given),
        },
        opts,
    );
}
