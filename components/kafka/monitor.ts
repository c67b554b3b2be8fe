import type * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../foundation/environment";
import { type Labels, selectorLabels } from "../foundation/labels";
import { type MonitorEndpoint, registerMonitor } from "../monitoring/monitor";
import { kafkaAlerts } from "./alerts";
import { exporterIdentity } from "./exporter";
import type { CheckedKafkaSettings } from "./schema";

export interface WatchedKafka {
    readonly foundation: Foundation;
    readonly namespace: string;
    readonly settings: CheckedKafkaSettings;
    /** Names of the StatefulSets. */
    readonly sets: readonly string[];
    readonly brokers: number;
    /** Whether there is an exporter. */
    readonly exports: boolean;
    readonly brokerLabels: Labels;
}

/** Registers how a cluster is watched, where it is. */
export function watch(name: string, given: WatchedKafka, opts: pulumi.ComponentResourceOptions): void {
    const { foundation, namespace, settings } = given;
    registerMonitor(
        `${name}-monitor`,
        {
            foundation,
            namespace,
            identity: { name: "kafka", instance: name, component: "monitor" },
            objectName: name,
            settings: settings.monitoring,
            endpoints: endpoints(settings, name, given.brokerLabels),
            alerts: kafkaAlerts({
                namespace,
                sets: given.sets,
                brokers: given.brokers,
                minInsyncReplicas: settings.replication.minInsyncReplicas,
                exporter: given.exports ? `${name}-exporter` : undefined,
            }),
        },
        opts,
    );
}

function endpoints(
    { exporter: { enabled }, brokers }: CheckedKafkaSettings,
    name: string,
    brokerLabels: Readonly<Record<string, string>>,
): MonitorEndpoint[] {
    return [
        ...(enabled
            ? [
                  {
                      part: "exporter",
                      kind: "pod" as const,
                      selector: selectorLabels(exporterIdentity(name)),
                      port: "metrics",
                  },
              ]
            : []),
        ...(brokers.jmxAgent === undefined
            ? []
            : [{ part: "brokers", kind: "pod" as const, selector: brokerLabels, port: "metrics" }]),
    ];
}
