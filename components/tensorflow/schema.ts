import { z } from "zod";
import { groupName } from "../foundation/groupAccess";
import { namespaceSettings } from "../foundation/namespace";
import { egressSettings } from "../foundation/networkPolicy";
import { placementShape } from "../foundation/placement";
import { resourceSettings } from "../foundation/resources";
import {
    bytes,
    cpu,
    dnsLabel,
    dnsName,
    duration,
    durationFrom,
    flag,
    imageReference,
    labelKey,
    milliseconds,
    oneOf,
    settings,
    text,
    variants,
    whole,
    words,
} from "../foundation/values";
import { operatorSettings } from "../operator/schema";
import { reservedPaths, reservedVariables, reservedVolumes } from "./reserved";

const variableName = () =>
    text(/^[A-Za-z_][A-Za-z0-9_]*$/, 200, "the name of an environment variable").refine(
        (name) => !reservedVariables.includes(name),
        { error: "a variable that the runtime does not set itself" },
    );

/** What the API server takes as the name of a TrainJob; with the pods' endings it must stay a host name. */
const jobName = () =>
    text(/^[a-z]([-a-z0-9]*[a-z0-9])?$/, 40, "a name of at most 40 lower-case letters, digits and -, a letter first");

const path = () =>
    text(/^(\/[A-Za-z0-9._-]+)+$/, 255, "an absolute path of letters, digits, ., _ and -").refine(
        (given) => !reservedPaths.some((taken) => given === taken || given.startsWith(`${taken}/`)),
        { error: "a path that the runtime does not use itself" },
    );

/** An environment variable of the job's process: in the clear, or from a Secret by reference. */
const variable = variants("kind", [
    settings({
        kind: z.literal("value").describe("A text that is no secret: it stands in the job's spec."),
        value: z.string({ error: "text" }).max(4096).describe("The text."),
    }),
    settings({
        kind: z.literal("secret").describe("A key of a Secret that exists in the namespace."),
        secretName: dnsName().describe("Name of the Secret."),
        key: words().describe("Its key."),
    }),
]);

/** A volume of the job's pods. */
const volume = variants("kind", [
    settings({
        kind: z.literal("claim").describe("A volume claim that exists in the namespace."),
        claimName: dnsName().describe("Name of the claim. With several nodes it must be one that many pods may mount."),
        path: path().describe("Where the pods see it."),
        readOnly: flag().default(false).describe("Whether they may only read it. Default false."),
    }),
    settings({
        kind: z.literal("configMap").describe("A ConfigMap that exists in the namespace, read-only."),
        configMapName: dnsName().describe("Name of the ConfigMap."),
        path: path().describe("Where the pods see its keys as files."),
    }),
    settings({
        kind: z.literal("secret").describe("A Secret that exists in the namespace, read-only."),
        secretName: dnsName().describe("Name of the Secret."),
        path: path().describe("Where the pods see its keys as files."),
    }),
]);

const accelerators = () =>
    z
        .record(
            labelKey().refine((key) => key.includes("/"), {
                error: "an extended resource with its domain, such as nvidia.com/gpu",
            }),
            whole(1, 64),
        )
        .default({});

/** A kind of training: the image, and what each of its nodes has. */
const runtimeSettings = settings({
    image: imageReference().optional().describe("Image with Python and TensorFlow. Default the catalog's tensorflow."),
    nodes: whole(1, 100).default(1).describe("Number of nodes of a job that names none. Default 1."),
    resources: resourceSettings({ cpu: "1", memory: "4Gi", ephemeralStorage: "4Gi" }, "64Mi").describe(
        "CPU, memory and local storage of each node.",
    ),
    accelerators: accelerators().describe(
        "Devices of each node by resource name, such as nvidia.com/gpu: 1. Default none.",
    ),
    scratch: bytes()
        .default("2Gi")
        .describe("What a node may write to /tmp, where its home is too; part of the local storage. Default 2Gi."),
    sharedMemory: bytes()
        .default("64Mi")
        .describe("Size of /dev/shm, which input pipelines use; part of the memory. Default 64Mi."),
    user: whole(1, 2_000_000_000)
        .default(1000)
        .describe("User and group id of the process, and the group of its volumes. Never 0. Default 1000."),
    gracePeriod: duration()
        .refine((given) => milliseconds(given) >= 1000 && milliseconds(given) <= milliseconds("1d"), {
            error: "a time from 1s to 1d",
        })
        .default("1m")
        .describe("How long a node may take to write a checkpoint when it is asked to stop. Default 1m."),
    restarts: whole(0, 1000)
        .default(3)
        .describe("How often a job is started anew, all nodes together, after a node has failed. Default 3."),
    ...placementShape,
});

/** One training. */
const jobSettings = settings({
    runtime: dnsLabel(20).describe("Name of the runtime, of systems.tensorflow.runtimes."),
    nodes: whole(1, 100).optional().describe("Number of nodes. Default the runtime's."),
    command: z
        .array(words())
        .min(1)
        .describe("Program and arguments that each node runs, such as [python, /app/train.py]."),
    resources: settings({
        cpu: cpu().optional().describe("CPU request; the limit is four times as much. Default the runtime's."),
        memory: bytes().optional().describe("Memory request and limit. Default the runtime's."),
    })
        .optional()
        .describe("CPU and memory of each node, instead of the runtime's."),
    env: z.record(variableName(), variable).default({}).describe("Environment variables of the process. Default none."),
    volumes: z
        .record(
            dnsLabel(50).refine((name) => !reservedVolumes.includes(name), {
                error: "a name that the runtime does not use itself",
            }),
            volume,
        )
        .default({})
        .describe("Volumes of each node by name. Default none."),
    deadline: durationFrom("1s")
        .optional()
        .describe("How long the job may take before it is ended as failed. Default: for ever."),
    suspended: flag().default(false).describe("Whether the job waits to be resumed. Default false."),
    awaited: oneOf("created", "complete")
        .default("created")
        .describe(
            "What an up waits for: that the job is there, or that it has ended well. Default created, since a training may take longer than an up should.",
        ),
    timeout: durationFrom("1m")
        .default("1h")
        .describe("How long an up waits for it, where it waits for its end. Default 1h."),
}).refine((given) => !given.suspended || given.awaited === "created", {
    path: ["awaited"],
    error: "created while suspended, since nothing would ever end",
});

/** A namespace in which jobs run. */
export const jobNamespaceSettings = settings({
    namespace: namespaceSettings.describe("The namespace."),
    submitters: z
        .array(groupName())
        .default([])
        .describe(
            "Groups whose members may submit, suspend and delete jobs there, and read their logs. Default nobody.",
        ),
    egress: z
        .array(egressSettings)
        .default([])
        .describe("Where the jobs may connect, besides each other: stores of data. Default nowhere."),
    jobs: z.record(jobName(), jobSettings).default({}).describe("Jobs by name. Default none."),
});

/** The operator's chart. */
export const tensorflowChartDefaults = {
    chart: "kubeflow-trainer",
    repository: "oci://ghcr.io/kubeflow/charts",
    version: "2.3.0",
    release: "kubeflow-trainer",
    resources: { cpu: "100m", memory: "256Mi" },
} as const;

/** TensorFlow through Kubeflow Trainer. */
export const tensorflowSettings = settings({
    operator: operatorSettings(tensorflowChartDefaults).describe("Kubeflow Trainer, which runs the jobs."),
    runtimes: z
        .record(dnsLabel(20), runtimeSettings)
        .refine((given) => Object.keys(given).length > 0, { error: "at least one runtime" })
        .describe("Kinds of training by name."),
    jobNamespaces: z
        .record(dnsLabel(20), jobNamespaceSettings)
        .default({})
        .describe("The namespaces in which jobs run, by a short name for each. Default none."),
}).superRefine((given, context) => {
    for (const [name, { jobs }] of Object.entries(given.jobNamespaces)) {
        for (const [job, { runtime }] of Object.entries(jobs)) {
            if (!Object.hasOwn(given.runtimes, runtime)) {
                context.addIssue({
                    code: "custom",
                    path: ["jobNamespaces", name, "jobs", job, "runtime"],
                    message: `one of the runtimes (${Object.keys(given.runtimes).join(", ")})`,
                });
            }
        }
    }
});

export type TensorflowSettings = z.output<typeof tensorflowSettings>;
export type RuntimeSettings = z.output<typeof runtimeSettings>;
export type JobNamespaceSettings = z.output<typeof jobNamespaceSettings>;
export type JobSettings = z.output<typeof jobSettings>;
