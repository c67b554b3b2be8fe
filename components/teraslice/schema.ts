import { z } from "zod";
import { egressSettings, peerSettings } from "../foundation/networkPolicy";
import { namespaceSettings } from "../foundation/namespace";
import { placementShape, targetSetName } from "../foundation/placement";
import { resourceSettings } from "../foundation/resources";
import {
    bytes,
    cpu,
    dnsLabel,
    dnsName,
    duration,
    flag,
    milliseconds,
    oneOf,
    port,
    settings,
    url,
    variants,
    whole,
} from "../foundation/values";
import { crossFaults } from "./checks";
import { rotationSetting } from "../foundation/credentials";
import { monitorSettings } from "../monitoring/schema";
import { connectorSettings } from "./connectors";
import { envVarSettings, executionControllerPort, jobDefaultSettings, logLevels } from "./jobDefaults";

/** The port of the master's API, to which execution controllers connect too: Teraslice's default. */
export const apiPort = 5678;
/** The port of the assets service inside the master's pod: the first of Teraslice's default `slicer_port_range`. */
export const assetsPort = 45679;

/** Milliseconds that a shutdown loses to its own steps: packages/teraslice/src/lib/workers/helpers/worker-shutdown.ts. */
const leastShutdown = 10_000;

const clusterName = () =>
    z.string({ error: "a cluster name" }).regex(/^[a-z0-9]([a-z0-9_.-]{0,51}[a-z0-9])?$/, {
        error: "a cluster name of at most 53 characters: lower-case letters, digits, -, _ and ., starting and ending with a letter or digit",
    });

const bucketName = () =>
    z.string({ error: "a bucket name" }).regex(/^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
        error: "a bucket name: 3 to 63 lower-case letters, digits, - and .",
    });

const time = (own: string, meaning: string) => duration().default(own).describe(`${meaning} Default ${own}.`);

const timingSettings = settings({
    actionTimeout: time("2m", "How long the master waits for the answer to a message, such as pause."),
    analyticsRate: time("1m", "How often workers send analytics to the master."),
    apiResponseTimeout: time("5m", "How long a request to the API may take; large assets need more."),
    kubernetesApiPollDelay: time("1s", "Delay between two questions to the Kubernetes API."),
    networkLatencyBuffer: time("15s", "What is added to actionTimeout for the network."),
    nodeDisconnectTimeout: time("5m", "How long an execution controller does without the master."),
    nodeStateInterval: time("5s", "How often the master lists the cluster's pods."),
    shutdownTimeout: time("1m", "How long work in progress may take to end; the pods' grace periods follow it."),
    slicerTimeout: time(
        "3m",
        "How long an execution controller waits for its first worker; more where nodes must be added first.",
    ),
    workerDisconnectTimeout: time("5m", "How long an execution controller waits once all its workers are gone."),
})
    .refine(({ shutdownTimeout }) => milliseconds(shutdownTimeout) >= leastShutdown, {
        path: ["shutdownTimeout"],
        error: "at least 10s: Teraslice spends some on its own steps and takes executions for stopped after it",
    })
    .refine(({ shutdownTimeout }) => milliseconds(shutdownTimeout) % 1000 === 0, {
        path: ["shutdownTimeout"],
        error: "whole seconds, since Teraslice rounds the pods' grace period to them",
    })
    .prefault({});

const indexShape = {
    shards: whole(1, 1024).optional().describe("Primary shards of a new index. Default 5, on a single node 1."),
    replicas: whole(0, 100)
        .optional()
        .describe("Replicas of each. Default 1, on a single node 0, where one could never be assigned."),
};

const rollover = () =>
    oneOf("daily", "monthly", "yearly").default("monthly").describe("How often a new index is begun. Default monthly.");

/** Days of a rollover period, the longest of its kind. */
const rolloverDays = { daily: 1, monthly: 31, yearly: 366 } as const;

/** An index that is begun anew again and again, and never removed by Teraslice itself. */
const growingIndexSettings = settings({
    ...indexShape,
    rollover: rollover(),
    retention: duration()
        .optional()
        .describe(
            "How long after its beginning an index is deleted, by a policy of the stack's own OpenSearch. Default: never.",
        ),
})
    .refine(
        (given) =>
            given.retention === undefined ||
            milliseconds(given.retention) >= 2 * rolloverDays[given.rollover] * milliseconds("1d"),
        { path: ["retention"], error: "at least two rollover periods: the index of the last one is still written" },
    )
    .prefault({});

const indexSettings = settings({
    analytics: growingIndexSettings.describe("Index of the jobs' analytics."),
    assets: settings(indexShape).prefault({}).describe("Index of the assets."),
    execution: settings(indexShape).prefault({}).describe("Index of the executions."),
    jobs: settings(indexShape).prefault({}).describe("Index of the jobs."),
    state: growingIndexSettings.describe("Index of the state of slices."),
}).prefault({});

const assetStorageSettings = variants("type", [
    settings({ type: z.literal("opensearch").describe("Bundles lie in the state store.") }),
    settings({
        type: z.literal("s3").describe("Bundles lie in a bucket; what is known of them stays in the state store."),
        connection: dnsLabel().default("default").describe("Name of one of connectors.s3. Default default."),
        bucket: bucketName().optional().describe("Bucket. Default ts-assets-<name>, with - instead of _."),
    }),
]).prefault({ type: "opensearch" });

const sharedAssetsSettings = settings({
    storageClass: dnsName()
        .optional()
        .describe("StorageClass of a new claim; its volumes must be mountable ReadWriteMany."),
    existingClaim: dnsLabel()
        .optional()
        .describe("An existing ReadWriteMany claim of the namespace, instead of a new one."),
    size: bytes().default("20Gi").describe("Size of a new claim. Default 20Gi."),
}).refine((given) => (given.storageClass === undefined) !== (given.existingClaim === undefined), {
    error: "either a storageClass or an existingClaim that is ReadWriteMany; default classes hardly ever are",
});

const metricsSettings = settings({
    enabled: flag().default(true).describe("Whether master and jobs export metrics. Default true."),
    port: port()
        .refine((given) => ![apiPort, assetsPort, executionControllerPort].includes(given), {
            error: `a port other than ${apiPort}, ${assetsPort} and ${executionControllerPort}, which Teraslice uses`,
        })
        .default(3333)
        .describe("Port of /metrics. Default 3333."),
    addDefault: flag().default(true).describe("Whether with the metrics of Node.js. Default true."),
    displayUrl: url()
        .optional()
        .describe("Value of the label url of every metric. Default: the master's URL in the cluster."),
    scrapers: z
        .array(peerSettings)
        .default([])
        .describe("Who may read metrics, besides those who watch the environment. Default nobody."),
}).prefault({});

const { targets, priority } = placementShape;

const plainSettings = settings({
    namespace: namespaceSettings.describe("The namespace of the cluster and of its jobs."),
    name: clusterName()
        .optional()
        .describe(
            "Name of the cluster: prefix of its indices and label of its pods. It can't change later. Default <environment>-<component>.",
        ),
    logLevel: oneOf(...logLevels)
        .default("info")
        .describe("Log level of master and jobs. Default info."),
    targets,
    priority: priority.describe(
        "Priority class of the master, of every execution controller and of stateful workers. Default: the cluster's default priority.",
    ),
    resources: resourceSettings({ cpu: "500m", cpuLimit: "2", memory: "2Gi", ephemeralStorage: "2Gi" }).describe(
        "Resources of the master's pod.",
    ),
    heap: bytes()
        .optional()
        .describe("Heap of each of the master's three Node processes. Default a third of its memory, less 128Mi."),
    executionControllerTargets: targetSetName()
        .optional()
        .describe(
            "Target set of all execution controllers. Teraslice makes each target both required and tolerated, so the set holds no preferred ones, and no accepted one without the same as required. Default: anywhere.",
        ),
    executionControllerResources: settings({
        cpu: cpu().default("500m").describe("CPU request and limit. Default 500m."),
        memory: bytes().default("512M").describe("Memory request and limit; nine tenths become heap. Default 512M."),
    })
        .prefault({})
        .describe("Resources of every execution controller whose job says nothing else."),
    workerResources: settings({
        cpu: cpu().optional().describe("CPU request and limit. Default: those of namespace.containerDefaults."),
        memory: bytes()
            .default("1Gi")
            .describe(
                "Memory request and limit; nine tenths become heap. Default 1Gi: without any the heap would be 2048 MiB whatever the limit.",
            ),
    })
        .prefault({})
        .describe("Resources of every worker whose job says nothing else."),
    workerAntiAffinity: flag()
        .default(true)
        .describe("Whether workers keep apart by host where they can. Default true."),
    protectControllers: flag()
        .default(false)
        .describe(
            "Whether a drain waits for execution controllers that can't be relocated, however long they run. Default false.",
        ),
    podSpecOverrides: flag()
        .default(false)
        .describe(
            "Whether jobs may override their pods' spec. Default false: it lets a job's author do all that the namespace allows.",
        ),
    envVars: envVarSettings()
        .default({})
        .describe("Environment variables of every job's pods. Never secrets. Default none."),
    timing: timingSettings.describe("Timeouts and intervals."),
    indices: indexSettings.describe("Indices in the state store."),
    assetStorage: assetStorageSettings.describe("Where asset bundles lie. Default opensearch."),
    sharedAssets: sharedAssetsSettings
        .optional()
        .describe("One volume for the unpacked assets of all pods. Default: each pod unpacks them for itself."),
    connectors: connectorSettings.describe("Connections of jobs, beside the state store."),
    credentialsRotation: rotationSetting("what the master has read of its connections' secrets"),
    metrics: metricsSettings.describe("Metrics for Prometheus."),
    monitoring: monitorSettings.describe("How the cluster is watched, where the environment is."),
    clients: z
        .array(peerSettings)
        .default([])
        .describe("Who may call the API, beside execution controllers. It asks for no login. Default nobody."),
    egress: z
        .array(egressSettings)
        .default([])
        .describe(
            "Where jobs read and write, beside the state store. The master gets of it only the way to its asset storage. Default nowhere.",
        ),
    jobDefaults: jobDefaultSettings.prefault({}).describe("Properties that users merge into their jobs."),
});

/** The settings before they are compared with each other. */
export type PlainSettings = z.output<typeof plainSettings>;

/** What `data-platform:systems.teraslice` may hold. */
export const terasliceSettings = plainSettings.superRefine((given, context) => {
    for (const { path, expected } of crossFaults(given)) {
        context.addIssue({ code: "custom", path, message: expected });
    }
});

export type TerasliceSettings = z.input<typeof terasliceSettings>;
export type CheckedTerasliceSettings = z.output<typeof terasliceSettings>;
