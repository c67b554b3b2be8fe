import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../foundation/environment";
import { type Identity, type Labels, objectLabels, startedBy } from "../foundation/labels";
import { type Flow, type Peer, tcp } from "../foundation/networkPolicy";
import type { Alert } from "./alerts/alert";
import type { MonitoringSettings, MonitorSettings, ownAlertLabels } from "./schema";

/** A key of a Secret in the monitor's namespace. Prometheus' operator reads it; no value passes through the stack. */
export interface SecretKey {
    readonly secretName: string;
    readonly key: string;
}

/** Metrics that are read. */
export interface MonitorEndpoint {
    /** Part of the system that serves them: end of the monitor's name, unique in the system. */
    readonly part: string;
    /** Whether they are found through Services or through pods, with the labels of `selector`. */
    readonly kind: "service" | "pod";
    /** Never empty, for then all of the namespace would be read. */
    readonly selector: Labels;
    /** Name of the port: the Service's, or the container's. */
    readonly port: string;
    /** @default /metrics */
    readonly path?: string;
    /**
     * TLS, with the authority that signed the server's certificate and a name that it holds, since pods are addressed
     * by number.
     *
     * @default plain HTTP
     */
    readonly tls?: { readonly authority: SecretKey; readonly serverName: string };
    /**
     * Who starts the pods by itself.
     *
     * @default they are pods of the stack
     */
    readonly startedBy?: string;
    /** @default no login */
    readonly basicAuth?: { readonly username: SecretKey; readonly password: SecretKey };
    /**
     * Keys of pod labels that the series get too, with `_` for what Prometheus allows in no label name.
     *
     * @default none
     */
    readonly podTargetLabels?: readonly string[];
}

export interface MonitorArgs {
    readonly foundation: Foundation;
    /** Namespace of what is watched, and of the monitors. */
    readonly namespace: string;
    readonly identity: Identity;
    /** Name of the rules, and beginning of the monitors' names. */
    readonly objectName: string;
    readonly settings: MonitorSettings;
    /** What is read; nothing where the system exports no metrics. */
    readonly endpoints: readonly MonitorEndpoint[];
    readonly alerts: readonly Alert[];
}

/** Whether a system is watched: only then does it have a {@link Monitor}. */
export function monitors(foundation: Foundation, settings: MonitorSettings): boolean {
    return foundation.monitoring !== undefined && settings.enabled;
}

/**
 * How a system is watched by the Prometheus operator: a ServiceMonitor or PodMonitor for each endpoint, and a
 * PrometheusRule with its alerts. Call it where {@link monitors} says so.
 */
export class Monitor extends pulumi.ComponentResource {
    /** @throws Error where the environment is not watched, or an endpoint selects nothing in particular. */
    constructor(name: string, args: MonitorArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, namespace, settings } = args;
        const { monitoring } = foundation;
        if (monitoring === undefined || !settings.enabled) {
            throw new Error(`${name} has nothing to do: the environment or the system is not watched`);
        }
        super("data-platform:monitoring:Monitor", name, {}, opts);
        const inside = { parent: this };
        const metadata = (objectName: string) => ({
            name: objectName,
            namespace,
            labels: { ...objectLabels(foundation.environment, args.identity), ...monitoring.labels },
        });
        for (const endpoint of args.endpoints) {
            new k8s.apiextensions.CustomResource(
                `${name}-${endpoint.part}`,
                {
                    apiVersion,
                    kind: endpoint.kind === "pod" ? "PodMonitor" : "ServiceMonitor",
                    metadata: {
                        ...metadata(`${args.objectName}-${endpoint.part}`),
                        ...(endpoint.startedBy !== undefined && { annotations: startedBy(endpoint.startedBy) }),
                    },
                    spec: monitorSpec(endpoint, namespace, settings.interval ?? monitoring.interval),
                },
                inside,
            );
        }
        if (monitoring.alerts && settings.alerts && args.alerts.length > 0) {
            new k8s.apiextensions.CustomResource(
                `${name}-rules`,
                {
                    apiVersion,
                    kind: "PrometheusRule",
                    metadata: metadata(args.objectName),
                    spec: { groups: ruleGroups({ ...args, monitoring }) },
                },
                inside,
            );
        }
        this.registerOutputs({});
    }
}

const apiVersion = "monitoring.coreos.com/v1";

const secretKey = ({ secretName, key }: SecretKey) => ({ name: secretName, key });

/** The spec of a ServiceMonitor or PodMonitor; they differ in one key. */
export function monitorSpec(endpoint: MonitorEndpoint, namespace: string, interval: string) {
    if (Object.keys(endpoint.selector).length === 0) {
        throw new Error(`the endpoint "${endpoint.part}" must select something: an empty selector takes everything`);
    }
    const { tls, basicAuth } = endpoint;
    const read = {
        port: endpoint.port,
        path: endpoint.path ?? "/metrics",
        interval,
        scheme: tls === undefined ? "http" : "https",
        ...(tls && { tlsConfig: { ca: { secret: secretKey(tls.authority) }, serverName: tls.serverName } }),
        ...(basicAuth && {
            basicAuth: { username: secretKey(basicAuth.username), password: secretKey(basicAuth.password) },
        }),
    };
    return {
        selector: { matchLabels: endpoint.selector },
        namespaceSelector: { matchNames: [namespace] },
        ...(endpoint.podTargetLabels && { podTargetLabels: [...endpoint.podTargetLabels] }),
        ...(endpoint.kind === "pod" ? { podMetricsEndpoints: [read] } : { endpoints: [read] }),
    };
}

/** The groups of a PrometheusRule: one, with every alert of a system. */
export function ruleGroups(
    args: Pick<MonitorArgs, "foundation" | "namespace" | "identity" | "objectName" | "alerts"> & {
        readonly monitoring: MonitoringSettings;
    },
) {
    const { environment } = args.foundation;
    // Aggregations drop the labels of their series: what routes an alert is said by the rule.
    const labels = (severity: Alert["severity"]): Record<(typeof ownAlertLabels)[number], string> => ({
        severity,
        environment: environment.name,
        owner: environment.owner,
        namespace: args.namespace,
        system: args.identity.name,
        component: args.identity.instance,
    });
    return [
        {
            name: args.objectName,
            rules: args.alerts.map((alert) => ({
                alert: alert.name,
                expr: alert.expr,
                for: alert.for,
                labels: { ...args.monitoring.alertLabels, ...labels(alert.severity) },
                annotations: {
                    summary: alert.summary,
                    description: alert.description,
                    ...(alert.runbook !== undefined && { runbook: alert.runbook }),
                },
            })),
        },
    ];
}

/**
 * Who may read metrics on a port, for the network policy of the pods that serve them: the system's own scrapers, and
 * the environment's where the system is watched.
 */
export function scraperFlow(
    foundation: Foundation,
    settings: MonitorSettings,
    ownScrapers: readonly Peer[],
    port: number,
): Flow {
    const watching = monitors(foundation, settings) ? (foundation.monitoring?.scrapers ?? []) : [];
    return { peers: [...ownScrapers, ...watching], ports: tcp(port) };
}

/** Registers how a system is watched, where it is. */
export function registerMonitor(name: string, args: MonitorArgs, opts: pulumi.ComponentResourceOptions): void {
    if (monitors(args.foundation, args.settings)) {
        new Monitor(name, args, opts);
    }
}
