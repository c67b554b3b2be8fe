import { z } from "zod";
import { namespaceSettings } from "../foundation/namespace";
import { egressSettings, peerSettings } from "../foundation/networkPolicy";
import { placementShape } from "../foundation/placement";
import { type Resources, resourceSettings } from "../foundation/resources";
import { dnsLabel, duration, milliseconds, settings, text, variants, whole } from "../foundation/values";
import type { Demand } from "../foundation/demand";

/** What a system says of its operator's chart before anything is set. */
export interface ChartDefaults {
    /** Name of the chart, or all of its address where the registry is an OCI one. */
    readonly chart: string;
    /** The release of the chart that the system's custom resources are written for. */
    readonly version: string;
    /** Where the chart is: a Helm repository's URL, or the `oci://` address that the chart's name is appended to. */
    readonly repository: string;
    /** Name of the Helm release, without the environment's name before it. */
    readonly release: string;
    /** What each of its pods asks for. */
    readonly resources: Resources;
    /** What scratch volumes of one of its pods may hold together. */
    readonly scratch?: string;
}

/** An operator that is there. */
export const existingOperatorSettings = settings({
    kind: z
        .literal("existing")
        .describe("An operator that somebody else runs, and that watches the stack's namespaces; the default."),
});

/** The same, for a system whose operator connects to the pods that it starts. */
const existingPeerOperatorSettings = existingOperatorSettings.extend({
    peers: z
        .array(
            peerSettings.refine((peer) => (peer.namespace ?? peer.namespaceLabels ?? peer.cidr) !== undefined, {
                path: ["namespace"],
                error: "the operator's namespace: without one, these would be pods beside those that it starts",
            }),
        )
        .min(1)
        .describe("The operator's pods, which connect to those that they start: for network policies."),
});

const { targets, spread, priority } = placementShape;

const addressExpected = "an https or oci URL of a chart repository";

const plain = () => z.json({ error: "plain values: text, numbers, true, false, lists and maps" });

/** The longest wait that has an end on the same day. */
const longestTimeout = "2h";

/** A time that Pulumi waits for something of an operator, in seconds at least. */
export const awaitTimeout = () =>
    duration().refine((given) => milliseconds(given) >= 1000 && milliseconds(given) <= milliseconds(longestTimeout), {
        error: `a time from 1s to ${longestTimeout}`,
    });

/**
 * The settings of an operator that the stack installs, by its chart.
 *
 * @param defaults what the system says of the chart
 */
export function chartOperatorShape(defaults: ChartDefaults) {
    return {
        kind: z
            .literal("chart")
            .describe("An operator of the environment's own, which `up` installs: it fetches the chart."),
        version: text(/^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, 64, `a chart's whole version, such as ${defaults.version}`)
            .default(defaults.version)
            .describe(
                `Version of the chart; another one needs the tags of its images in images.pins. Default ${defaults.version}, which the custom resources are written for.`,
            ),
        repository: text(/^(https|oci):\/\/[A-Za-z0-9][A-Za-z0-9._:/-]*$/, 500, addressExpected)
            .default(defaults.repository)
            .describe(`Where the chart ${defaults.chart} is. Default ${defaults.repository}.`),
        release: dnsLabel(32)
            .default(defaults.release)
            .describe(
                `Name of the Helm release after the environment's name, which its cluster-scoped objects carry too. Default ${defaults.release}.`,
            ),
        values: z
            .record(z.string(), plain())
            .default({})
            .describe(
                "Further values of the chart, merged over those that the program computes. Helm keeps them, so nothing secret. Default none.",
            ),
        namespace: namespaceSettings.describe("The operator's namespace."),
        replicas: whole(1, 5)
            .default(1)
            .describe("Pods of each of its parts, of which one leads. From 1 to 5. Default 1."),
        resources: resourceSettings(defaults.resources, defaults.scratch).describe(
            "CPU, memory and local storage of each of its pods.",
        ),
        targets: targets.describe("Target set that says where its pods run. Default: anywhere."),
        spread,
        priority,
        egress: z
            .array(egressSettings)
            .default([])
            .describe("Whom its pods may reach beside the API server and name resolution. Default nobody."),
        timeout: awaitTimeout()
            .default("10m")
            .describe("How long `up` waits until it is ready; then the release is rolled back. Default 10m."),
    };
}

/** An operator that the stack installs. */
export const chartOperatorSettings = (defaults: ChartDefaults) => settings(chartOperatorShape(defaults));

/** An operator: one that is there, or a chart that the stack installs. */
export const operatorSettings = (defaults: ChartDefaults) =>
    variants("kind", [existingOperatorSettings, chartOperatorSettings(defaults)]).prefault({ kind: "existing" });

/** The same, for an operator that connects to the pods that it starts: there is no default, for nobody can guess it. */
export const peerOperatorSettings = (defaults: ChartDefaults) =>
    variants("kind", [existingPeerOperatorSettings, chartOperatorSettings(defaults)]);

export type ChartOperatorSettings = z.output<ReturnType<typeof chartOperatorSettings>>;
/** Settings of an operator, checked. */
export type CheckedOperatorSettings =
    z.output<typeof existingOperatorSettings> | z.output<typeof existingPeerOperatorSettings> | ChartOperatorSettings;

/**
 * What an operator asks of its own namespace's quota.
 *
 * @param parts number of Deployments that the chart has, each with the settings' replicas
 */
export function operatorDemand(given: CheckedOperatorSettings, parts = 1): Demand[] {
    return given.kind === "chart" ? [{ pods: given.replicas * parts, resources: given.resources }] : [];
}
