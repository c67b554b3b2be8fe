import { z } from "zod";
import { peerSettings } from "../foundation/networkPolicy";
import { dnsName, duration, flag, milliseconds, port, settings, text, whole } from "../foundation/values";

/** Port of the Prometheus sink: Heron's scheduler annotates pods with this one, whatever the file says. */
export const metricsPort = 8080;

const wholeSeconds = (own: string, meaning: string) =>
    duration()
        .refine((given) => milliseconds(given) >= 1000 && milliseconds(given) % 1000 === 0, {
            error: "whole seconds, at least one",
        })
        .default(own)
        .describe(`${meaning} Default ${own}.`);

/** Where the metrics of topologies go, beside their manager, which the UI asks. */
export const metricsSettings = settings({
    flushInterval: wholeSeconds("60s", "How often each sink is handed the metrics (flush-frequency-ms)."),
    file: settings({
        maximumFiles: whole(1, 1000).default(5).describe("Files that are kept (file-maximum). Default 5."),
    })
        .optional()
        .describe("Files metrics.json in each container's working folder. Default none."),
    prometheus: flag().default(true).describe(`Whether pods serve metrics on port ${metricsPort}. Default true.`),
    cachedMetrics: whole(1, 100_000_000)
        .default(1_000_000)
        .describe("Metrics that a pod serves at most (metrics-cache-max-size). Default 1000000."),
    keepFor: wholeSeconds("10m", "How long a metric is served that no longer comes (metrics-cache-ttl-sec)."),
    topologyName: flag()
        .default(true)
        .describe("Whether metrics have the topology's name (include-topology-name). Default true."),
    graphite: settings({
        host: dnsName().describe("Host of the Graphite server. The way there is one of topologies.egress."),
        port: port().default(2004).describe("Its port of the pickle protocol. Default 2004."),
        prefix: text(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/, 200, "names joined by dots, such as heron")
            .default("heron")
            .describe("What the names of all metrics begin with. Default heron."),
        maxReconnects: whole(0, 1_000_000).default(20).describe("Most tries to reach the server again. Default 20."),
    })
        .optional()
        .describe("A Graphite server that gets the metrics. Default none."),
    scrapers: z
        .array(peerSettings)
        .default([])
        .describe("Who may read the metrics, besides those who watch the environment. Default nobody."),
}).prefault({});

export type HeronMetrics = z.output<typeof metricsSettings>;
