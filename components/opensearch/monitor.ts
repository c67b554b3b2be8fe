import type * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../foundation/environment";
import { type Identity, selectorLabels } from "../foundation/labels";
import { openSearchAlerts } from "../monitoring/alerts/opensearch";
import { type MonitorEndpoint, registerMonitor } from "../monitoring/monitor";
import type { MonitorSettings } from "../monitoring/schema";

/** Name of the containers' port for clients, behind which the exporter plugin answers. */
const exporterPort = "http";
/** RestPrometheusMetricsAction.routes of opensearch-prometheus-exporter 3.1.0.0. */
const exporterPath = "/_prometheus/metrics";

/** Nodes of one StatefulSet. */
export interface WatchedNodes {
    readonly identity: Identity;
    /** Name of the StatefulSet. */
    readonly objectName: string;
    readonly replicas: number;
    /** Whether they may become cluster manager. */
    readonly clusterManagers: boolean;
}

/** What there is to watch. */
export interface WatchedOpenSearch {
    readonly foundation: Foundation;
    readonly namespace: string;
    readonly settings: MonitorSettings;
    readonly nodes: readonly WatchedNodes[];
    /** How the exporter plugin is reached; undefined where the image holds none. */
    readonly exporter: Pick<MonitorEndpoint, "tls" | "basicAuth"> | undefined;
}

/** What is read: each node by itself, since the plugin reports the node that is asked (prometheus.nodes.filter). */
export function metricsEndpoints({ nodes, exporter }: WatchedOpenSearch): MonitorEndpoint[] {
    return exporter === undefined
        ? []
        : nodes.map(({ identity }) => ({
              part: identity.component,
              kind: "pod",
              selector: selectorLabels(identity),
              port: exporterPort,
              path: exporterPath,
              ...exporter,
          }));
}

/** Registers how a node or a cluster is watched, where it is. */
export function watch(name: string, given: WatchedOpenSearch, opts: pulumi.ComponentResourceOptions): void {
    const { foundation, namespace, settings } = given;
    registerMonitor(
        `${name}-monitor`,
        {
            foundation,
            namespace,
            identity: { name: "opensearch", instance: name, component: "monitor" },
            objectName: name,
            settings,
            endpoints: metricsEndpoints(given),
            alerts: openSearchAlerts({
                namespace,
                nodes: given.nodes.map(({ objectName, replicas, clusterManagers }) => ({
                    objectName,
                    replicas,
                    clusterManagers,
                    claims: ["data"],
                })),
                exporterPort: given.exporter && exporterPort,
            }),
        },
        opts,
    );
}
