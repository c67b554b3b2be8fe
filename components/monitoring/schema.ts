import { z } from "zod";
import { peerSettings } from "../foundation/networkPolicy";
import { duration, flag, labelKey, labelValue, milliseconds, settings, text, words } from "../foundation/values";

/** Labels that every alert has of its own: how urgent it is, and whose it is. */
export const ownAlertLabels = ["severity", "environment", "owner", "namespace", "system", "component"] as const;

const intervalExpected = "a time from 1s to 2m";

/**
 * How often metrics are read. Prometheus drops a series that it has not seen for five minutes, and the alerts look at
 * five minutes too, in which a rate needs two readings.
 */
const scrapeInterval = () =>
    duration().refine((value) => milliseconds(value) >= 1000 && milliseconds(value) <= 120e3, {
        error: intervalExpected,
    });

/** A label of an alert that is not one of {@link ownAlertLabels}, which say more than a constant could. */
const furtherAlertLabel = () =>
    text(
        /^[A-Za-z][A-Za-z0-9_]*$/,
        63,
        "a Prometheus label name: letters, digits and _, starting with a letter",
    ).refine((key) => ![...ownAlertLabels, "alertname"].includes(key), {
        error: `a label name other than alertname, ${ownAlertLabels.join(", ")}, which every alert has`,
    });

/** How the environment is watched: by a Prometheus that the Prometheus operator runs. */
export const monitoringSettings = settings({
    labels: z
        .record(labelKey(), labelValue())
        .default({})
        .describe(
            "Labels of every monitor and every rule, by which the operator's Prometheus selects them, such as release: kube-prometheus-stack. They win over the program's own. Default none.",
        ),
    interval: scrapeInterval().default("30s").describe("How often metrics are read, from 1s to 2m. Default 30s."),
    scrapers: z.array(peerSettings).min(1).describe("Who reads the metrics: the pods of Prometheus."),
    alerts: flag().default(true).describe("Whether there are alert rules. Default true."),
    alertLabels: z
        .record(furtherAlertLabel(), words())
        .default({})
        .describe(`Further labels of every alert, for its routing, beside ${ownAlertLabels.join(", ")}. Default none.`),
});

export type MonitoringSettings = z.output<typeof monitoringSettings>;

/** How one system is watched, where the environment is. */
export const monitorSettings = settings({
    enabled: flag().default(true).describe("Whether the system is watched, where the environment is. Default true."),
    interval: scrapeInterval()
        .optional()
        .describe("How often its metrics are read, from 1s to 2m. Default: the environment's."),
    alerts: flag().default(true).describe("Whether it has alert rules, where the environment has. Default true."),
}).prefault({});

export type MonitorSettings = z.output<typeof monitorSettings>;
