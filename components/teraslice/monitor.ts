import type * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../foundation/environment";
import { terasliceAlerts } from "../monitoring/alerts/teraslice";
import { type MonitorEndpoint, registerMonitor } from "../monitoring/monitor";
import type { Cluster } from "./files";
import { jobStarter, type Part, partLabels } from "./network";

/** What tells the series of one job from those of another: labels that Teraslice gives the pods of a job. */
const jobLabels = ["teraslice.terascope.io/jobId", "teraslice.terascope.io/jobName"] as const;

/** What is read of the master, and of the pods that it starts. Each pod belongs to one part, so none is read twice. */
export function metricsEndpoints(given: Cluster): MonitorEndpoint[] {
    const { metrics, jobDefaults } = given.settings;
    const ofPart = (
        part: Part,
        enabled: boolean,
        labels: readonly string[],
        started: Pick<MonitorEndpoint, "startedBy">,
    ): MonitorEndpoint[] =>
        enabled
            ? [
                  {
                      part: part.replaceAll("_", "-"),
                      kind: "pod",
                      selector: partLabels(given, part),
                      port: "metrics",
                      podTargetLabels: ["app.kubernetes.io/component", ...labels],
                      ...started,
                  },
              ]
            : [];
    const ofJobs = jobDefaults.metrics.enabled ?? metrics.enabled;
    return [
        ...ofPart("master", metrics.enabled, [], {}),
        ...ofPart("execution_controller", ofJobs, jobLabels, { startedBy: jobStarter }),
        ...ofPart("worker", ofJobs, jobLabels, { startedBy: jobStarter }),
    ];
}

/** Registers how the cluster is watched, where it is. */
export function watch(
    name: string,
    given: Cluster,
    foundation: Foundation,
    opts: pulumi.ComponentResourceOptions,
): void {
    const { namespace, objects, settings } = given;
    registerMonitor(
        `${name}-monitor`,
        {
            foundation,
            namespace,
            identity: { name: "teraslice", instance: given.name, component: "monitor" },
            objectName: name,
            settings: settings.monitoring,
            endpoints: metricsEndpoints(given),
            alerts: terasliceAlerts({
                namespace,
                objectName: objects.master,
                metrics: settings.metrics.enabled,
                assetsClaim: objects.assetsClaim,
            }),
        },
        opts,
    );
}
