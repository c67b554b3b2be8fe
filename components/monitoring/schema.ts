import { z } from "zod";
import { peerSettings } from "../foundation/networkPolicy";
import { duration, flag, labelKey, labelValue, settings } from "../foundation/values";

/** How the environment is watched: by a Prometheus that the Prometheus operator runs. */
export const monitoringSettings = settings({
    labels: z
        .record(labelKey(), labelValue())
        .default({})
        .describe(
            "Labels of every monitor and every rule, by which the operator's Prometheus selects them, such as release: kube-prometheus-stack. Default none.",
        ),
    interval: duration().default("30s").describe("How often metrics are read. Default 30s."),
    scrapers: z.array(peerSettings).min(1).describe("Who reads the metrics: the pods of Prometheus."),
    alerts: flag().default(true).describe("Whether there are alert rules. Default true."),
    alertLabels: z
        .record(labelKey(), labelValue())
        .default({})
        .describe("Further labels of every alert, beside severity, for its routing. Default none."),
});

export type MonitoringSettings = z.output<typeof monitoringSettings>;

/** How one system is watched, where the environment is. */
export const monitorSettings = settings({
    enabled: flag().default(true).describe("Whether the system is watched, where the environment is. Default true."),
    interval: duration().optional().describe("How often its metrics are read. Default: the environment's."),
    alerts: flag().default(true).describe("Whether it has alert rules, where the environment has. Default true."),
}).prefault({});

export type MonitorSettings = z.output<typeof monitorSettings>;
