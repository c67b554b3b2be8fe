import { z } from "zod";
import { peerSettings } from "../foundation/networkPolicy";
import { type Target, targetSetName } from "../foundation/placement";
import { parseQuantity } from "../foundation/quantity";
import {
    bytes,
    cpu,
    dnsLabel,
    flag,
    ifGiven,
    imageReference,
    oneOf,
    port,
    settings,
    whole,
    words,
} from "../foundation/values";

/*
 * What Teraslice leaves to the job (packages/job-components/src/job-schemas.ts, 3.18.0): it is rendered as a fragment
 * of JSON that users merge into their jobs, and where it needs a network policy, that is opened here.
 */

/** The port of an execution controller that its workers connect to; no job may use it (job-schemas.ts). */
export const executionControllerPort = 45680;

/** Where Teraslice itself mounts something into a job's pods. */
export const takenPaths = ["/app/config", "/app/assets", "/app/source", "/ephemeral0"];

/** Levels of bunyan, which Teraslice logs with. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

const quantities = (of: string) =>
    settings({
        cpu: cpu().optional().describe(`CPU ${of}. Default: none of the job's own.`),
        memory: bytes().optional().describe(`Memory ${of}. Default: none of the job's own.`),
    });

const workerResourceSettings = settings({
    requests: quantities("request").prefault({}).describe("What a worker asks for."),
    limits: quantities("limit")
        .prefault({})
        .describe("What a worker may use. Teraslice sizes the heap from the memory limit."),
})
    .refine(({ requests, limits }) => !below(limits.cpu, requests.cpu), {
        path: ["limits", "cpu"],
        error: "a CPU limit of at least the request",
    })
    .refine(({ requests, limits }) => !below(limits.memory, requests.memory), {
        path: ["limits", "memory"],
        error: "a memory limit of at least the request",
    })
    .refine(({ requests, limits }) => requests.memory === undefined || limits.memory !== undefined, {
        path: ["limits", "memory"],
        error: "a memory limit beside the request: without one Teraslice leaves the heap at the image's 2048 MiB",
    });

/** Whether the limit is lower than the request; not where one of them is missing. */
function below(limit: string | undefined, request: string | undefined): boolean {
    return limit !== undefined && request !== undefined && parseQuantity(limit) < parseQuantity(request);
}

const mountPath = () =>
    z
        .string({ error: "an absolute path without .." })
        .regex(/^(\/[^/\s:]+)+$/, { error: "an absolute path without a / at its end" })
        .refine((path) => !path.split("/").includes(".."), { error: "an absolute path without .." })
        .refine(
            (path) =>
                !takenPaths.some(
                    (taken) => path === taken || path.startsWith(`${taken}/`) || taken.startsWith(`${path}/`),
                ),
            {
                error: `a path apart from those that Teraslice uses (${takenPaths.join(", ")})`,
            },
        );

const volumeSettings = settings({
    name: dnsLabel()
        .refine((name) => !["config", "assets", "ephemeral-volume"].includes(name), {
            error: "a claim with a name other than config, assets and ephemeral-volume, which Teraslice gives its own volumes",
        })
        .describe("Name of an existing PersistentVolumeClaim of the namespace; it is the volume's name too."),
    path: mountPath().describe("Where execution controller and workers see it."),
});

const portName = () =>
    z.string({ error: "a port name" }).regex(/^(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/, {
        error: "a port name: at most 15 lower-case letters, digits and -, with at least one letter",
    });

const externalPortSettings = settings({
    port: port()
        .refine((given) => given !== executionControllerPort, {
            error: `a port other than ${executionControllerPort}, on which execution controllers serve their workers`,
        })
        .describe("Port that a worker listens on."),
    name: portName().optional().describe("Name of the port in the pod. Default: without name."),
    from: z.array(peerSettings).min(1).describe("Who may connect to it; the workers' network policy lets them in."),
});

/** Whether no value is there twice; missing ones don't count. */
function unique(values: readonly (string | number | undefined)[]): boolean {
    const present = values.filter((each) => each !== undefined);
    return new Set(present).size === present.length;
}

// Teraslice prefixes the key with job.teraslice.terascope.io/ and would silently replace what does not fit.
const jobLabelKey = () =>
    z
        .string({ error: "a label name" })
        .regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/, {
            error: "a label name without prefix: at most 63 letters, digits, -, _ or .",
        })
        .refine((key) => key !== "relocatable", { error: "a label name other than relocatable, which Teraslice sets" });

const jobLabelValue = () =>
    z.string({ error: "a label value" }).regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/, {
        error: "a label value that is not empty: at most 63 letters, digits, -, _ or .",
    });

/** Environment variables of a job's pods, without those that Teraslice sets itself. */
export const envVarSettings = () =>
    z.record(
        z
            .string()
            .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: "the name of an environment variable" })
            .refine((name) => !["NODE_TYPE", "EX", "POD_IP", "TERAFOUNDATION_CONFIG"].includes(name), {
                error: "a variable that Teraslice does not set itself (NODE_TYPE, EX, POD_IP, TERAFOUNDATION_CONFIG)",
            }),
        words(),
    );

/** The properties that jobs of this cluster should have, unless they know better. */
export const jobDefaultSettings = settings({
    targets: targetSetName()
        .optional()
        .describe("Target set for workers and execution controller (targets). Default: anywhere."),
    workers: whole(1, 10000).optional().describe("Number of workers (workers). Default: Teraslice's own, at most 5."),
    resources: workerResourceSettings
        .optional()
        .describe("Resources of each worker (resources_requests_*, resources_limits_*). Default: workerResources."),
    executionController: quantities("request and limit")
        .optional()
        .describe(
            "Resources of the execution controller (cpu_, memory_execution_controller). Default: executionControllerResources.",
        ),
    volumes: z
        .array(volumeSettings)
        .refine((entries) => unique(entries.map(({ name }) => name)), { error: "each claim once" })
        .refine((entries) => unique(entries.map(({ path }) => path)), { error: "each path once" })
        .default([])
        .describe("Existing claims to mount (volumes). Default none."),
    labels: z
        .record(jobLabelKey(), jobLabelValue())
        .default({})
        .describe("Labels of the job's objects (labels). Default none."),
    externalPorts: z
        .array(externalPortSettings)
        .refine((entries) => unique(entries.map((entry) => entry.port)), { error: "each port once" })
        .refine((entries) => unique(entries.map(({ name }) => name)), { error: "each name once" })
        .default([])
        .describe("Ports of the workers that others connect to (external_ports). Default none."),
    stateful: flag()
        .optional()
        .describe("Whether workers keep state: they get the priority class and a label (stateful). Default false."),
    ephemeralStorage: flag()
        .optional()
        .describe("Whether pods get an empty volume at /ephemeral0 (ephemeral_storage). Default false."),
    envVars: envVarSettings()
        .default({})
        .describe("Environment variables of the pods (env_vars). Never secrets. Default none."),
    image: imageReference().optional().describe("Image of the pods (kubernetes_image). Default: the cluster's."),
    logLevel: oneOf(...logLevels)
        .optional()
        .describe("Log level (log_level). Default: the cluster's."),
    metrics: settings({
        enabled: flag().optional().describe("Whether the job's pods export metrics (prom_metrics_enabled)."),
        port: port().optional().describe("On which port (prom_metrics_port)."),
        addDefault: flag().optional().describe("Whether with those of Node.js (prom_metrics_add_default)."),
    })
        .prefault({})
        .describe("Metrics of the job's pods. Default: those of the cluster."),
    podSpecOverride: z
        .record(z.string(), z.json({ error: "plain values: text, numbers, true, false, lists and maps" }))
        .optional()
        .describe("Fields merged over the pods' spec (pod_spec_override); needs podSpecOverrides. Default none."),
});

export type JobDefaults = z.output<typeof jobDefaultSettings>;

/** A value of JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The fragment of a job, in Teraslice's own words. Empty where nothing is set. */
export function jobFragment(defaults: JobDefaults, targets: readonly Target[]): { readonly [key: string]: Json } {
    const { resources, executionController } = defaults;
    const properties: Readonly<Record<string, Json | undefined>> = {
        targets: some(targets.map(({ key, value, constraint }) => ({ key, value, constraint }))),
        workers: defaults.workers,
        resources_requests_cpu: ifGiven(resources?.requests.cpu, parseQuantity),
        resources_requests_memory: ifGiven(resources?.requests.memory, parseQuantity),
        resources_limits_cpu: ifGiven(resources?.limits.cpu, parseQuantity),
        resources_limits_memory: ifGiven(resources?.limits.memory, parseQuantity),
        cpu_execution_controller: ifGiven(executionController?.cpu, parseQuantity),
        memory_execution_controller: ifGiven(executionController?.memory, parseQuantity),
        volumes: some(defaults.volumes.map(({ name, path }) => ({ name, path }))),
        labels: Object.keys(defaults.labels).length > 0 ? defaults.labels : undefined,
        external_ports: some(
            defaults.externalPorts.map(({ name, port: number }) =>
                name === undefined ? number : { name, port: number },
            ),
        ),
        stateful: defaults.stateful,
        ephemeral_storage: defaults.ephemeralStorage,
        env_vars: Object.keys(defaults.envVars).length > 0 ? defaults.envVars : undefined,
        kubernetes_image: defaults.image,
        log_level: defaults.logLevel,
        prom_metrics_enabled: defaults.metrics.enabled,
        prom_metrics_port: defaults.metrics.port,
        prom_metrics_add_default: defaults.metrics.addDefault,
        pod_spec_override: defaults.podSpecOverride,
    };
    return Object.fromEntries(
        Object.entries(properties).filter((entry): entry is [string, Json] => entry[1] !== undefined),
    );
}

const some = <Entry>(entries: readonly Entry[]) => (entries.length > 0 ? entries : undefined);

/** JSON text with sorted keys, so that the same settings are the same bytes. */
export function sortedJson(value: Json): string {
    return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

function isList(value: Json): value is readonly Json[] {
    return Array.isArray(value);
}

function sorted(value: Json): Json {
    if (isList(value)) {
        return value.map(sorted);
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    const keys = Object.keys(value).sort();
    return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]));
}
