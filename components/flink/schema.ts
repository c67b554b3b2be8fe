import { z } from "zod";
import { counter } from "../foundation/credentials";
import { groupName } from "../foundation/groupAccess";
import { namespaceSettings } from "../foundation/namespace";
import { egressSettings, peerSettings } from "../foundation/networkPolicy";
import { placementShape } from "../foundation/placement";
import { resourceSettings } from "../foundation/resources";
import {
    bytes,
    cidr,
    dnsLabel,
    dnsName,
    flag,
    labelKey,
    labelValue,
    oneOf,
    settings,
    text,
    variants,
    whole,
    words,
} from "../foundation/values";
import { monitorSettings } from "../monitoring/schema";
import { checkpointingSettings, highAvailabilitySettings, time } from "./availability";
import { sessionFaults } from "./checks";
import { freeKeyFault } from "./keys";
import { pluginNames, s3Settings } from "./storage";

/** Flink's own name of a cluster, which is also the name of its Deployment (KubernetesConfigOptions.CLUSTER_ID). */
export const clusterIdName = () =>
    text(
        /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
        45,
        "a cluster id of at most 45 lower-case letters, digits and -, starting with a letter and ending with a letter or digit",
    );

const envName = () =>
    text(/^[A-Za-z_][A-Za-z0-9_]*$/, 200, "a name of an environment variable: letters, digits and _").refine(
        (name) => !/^(FLINK_|KUBERNETES_|_|JAVA_HOME$|PATH$|ENABLE_BUILT_IN_PLUGINS$|AWS_)/.test(name),
        { error: "a name that the program and Flink do not use themselves (FLINK_, KUBERNETES_, AWS_, _, PATH)" },
    );

const mountPath = () =>
    text(/^(\/[A-Za-z0-9][A-Za-z0-9._-]*)+$/, 300, "an absolute path of letters, digits, ., _ and -").refine(
        (path) => !/^\/(opt\/flink|tmp|etc|proc|sys|dev|var)(\/|$)/.test(path),
        { error: "a path outside /opt/flink, /tmp, /etc, /var and the system's own" },
    );

const annotations = (whose: string) =>
    z
        .record(labelKey(), z.string({ error: "text" }))
        .default({})
        .describe(`Annotations of ${whose}. Default none.`);

/** What one JobManager's scratch volumes hold at least: its log, and room for uploads and blobs. */
export const leastScratch = "1Gi";

const { targets, spread, priority } = placementShape;

const jobManagerSettings = settings({
    replicas: whole(1, 3)
        .default(1)
        .describe(
            "Number of JobManagers; one leads and the others stand by. More than one needs highAvailability. Default 1.",
        ),
    resources: resourceSettings({ cpu: "1", memory: "2Gi", ephemeralStorage: "3Gi" }, leastScratch).describe(
        "Resources of each JobManager. Its memory is Flink's whole process (jobmanager.memory.process.size).",
    ),
    metaspace: bytes()
        .default("512Mi")
        .describe(
            "Java's space for classes (jobmanager.memory.jvm-metaspace.size); the main methods of jobs that are run over REST load theirs here. Default 512Mi.",
        ),
    targets,
    spread,
    priority: priority.describe("Priority class of the JobManagers. Default: the cluster's default priority."),
}).prefault({});

const taskManagerSettings = settings({
    resources: resourceSettings({ cpu: "1", memory: "4Gi", ephemeralStorage: "8Gi" }, leastScratch).describe(
        "Resources of each TaskManager. Its memory is Flink's whole process (taskmanager.memory.process.size).",
    ),
    slots: whole(1, 64)
        .default(2)
        .describe(
            "Slots of each TaskManager, which share its process: one job's failure for want of memory takes them all. Default 2.",
        ),
    managedFraction: z
        .number({ error: "a number from 0 to 0.9" })
        .min(0, { error: "a number from 0 to 0.9" })
        .max(0.9, { error: "a number from 0 to 0.9" })
        .default(0.4)
        .describe(
            "Share of Flink's memory that RocksDB, sorting and Python use (taskmanager.memory.managed.fraction). Default 0.4.",
        ),
    metaspace: bytes()
        .default("512Mi")
        .describe(
            "Java's space for classes (taskmanager.memory.jvm-metaspace.size). Jobs that are submitted again leave some behind. Default 512Mi.",
        ),
    overhead: bytes()
        .optional()
        .describe(
            "Memory outside Flink's and Java's own accounts, such as RocksDB's beyond its share. Default: a tenth of the memory, from 192Mi to 1Gi.",
        ),
    targets,
    spread: spread.describe(
        "How TaskManagers keep apart; by host only where there is room unless it says otherwise, since they may be more than the nodes.",
    ),
    priority: priority.describe("Priority class of the TaskManagers. Default: the cluster's default priority."),
    labels: z
        .record(
            labelKey().refine((key) => !["app", "type", "component"].includes(key), {
                error: "a label other than app, type and component, by which Flink finds its pods",
            }),
            labelValue(),
        )
        .default({})
        .describe("Further labels of the TaskManagers' pods. Default none."),
    annotations: annotations("the TaskManagers' pods"),
    evictable: flag()
        .default(true)
        .describe(
            "Whether the cluster autoscaler may move TaskManagers to save nodes; it restarts their jobs. Default true.",
        ),
}).prefault({});

const modeSettings = variants("kind", [
    settings({
        kind: z
            .literal("native")
            .describe("The JobManager starts and ends TaskManagers as jobs need them; the default."),
        least: whole(0, 1000)
            .default(0)
            .describe("TaskManagers that run without a job too (slotmanager.number-of-slots.min). Default 0."),
        most: whole(1, 1000)
            .default(10)
            .describe(
                "TaskManagers that the JobManager asks for at most (slotmanager.number-of-slots.max). Default 10.",
            ),
        redundant: whole(0, 100)
            .default(0)
            .describe("TaskManagers beyond those that jobs need, to replace lost ones at once. Default 0."),
        idleTimeout: time(
            "5m",
            "How long a TaskManager stays that has no work, and its log with it (resourcemanager.taskmanager-timeout).",
        ),
        registrationTimeout: time(
            "5m",
            "How long a started TaskManager may take until it reports, image pull included (resourcemanager.taskmanager-registration.timeout).",
        ),
        recoveryTimeout: time(
            "1m",
            "How long a new JobManager waits for TaskManagers of the one before; what has not reported then is removed (resourcemanager.previous-worker.recovery.timeout).",
        ),
        startFailureRate: whole(1, 1000)
            .default(10)
            .describe(
                "Failed starts a minute after which starting pauses (resourcemanager.start-worker.max-failure-rate). Default 10.",
            ),
        startRetryInterval: time("3s", "How long that pause is (resourcemanager.start-worker.retry-interval)."),
        apiThreads: whole(1, 64)
            .default(4)
            .describe("Threads that call the Kubernetes API (kubernetes.client.io-pool.size). Default 4."),
    }),
    settings({
        kind: z
            .literal("standalone")
            .describe("A fixed number of TaskManagers; nothing of Flink calls the Kubernetes API."),
        replicas: whole(1, 1000).default(2).describe("Number of TaskManagers. Default 2."),
    }),
]).prefault({ kind: "native" });

const nodePortAddress = oneOf("InternalIP", "ExternalIP")
    .default("InternalIP")
    .describe(
        "Which of a node's addresses the session client connects to (kubernetes.rest-service.exposed.node-port-address-type). Default InternalIP.",
    );

const restSettings = variants("kind", [
    settings({
        kind: z.literal("clusterIP").describe("An address inside the cluster; the default."),
        annotations: annotations("the Service"),
    }),
    settings({
        kind: z.literal("headless").describe("No address of its own: its name stands for those of the pods."),
        annotations: annotations("the Service"),
    }),
    settings({
        kind: z
            .literal("nodePort")
            .describe(
                "A port of every node, behind which nobody asks for a login. Policies see the nodes' addresses: clients must name them.",
            ),
        annotations: annotations("the Service"),
        nodeAddress: nodePortAddress,
    }),
    settings({
        kind: z.literal("loadBalancer").describe("A balancer's address, behind which nobody asks for a login."),
        annotations: annotations("the Service, such as the one that makes the balancer internal"),
        sourceRanges: z
            .array(cidr())
            .min(1, { error: "at least one network: whoever reaches the REST API runs code" })
            .describe("Networks that may connect."),
    }),
]).prefault({ kind: "clusterIP" });

const submitterSettings = settings({
    group: groupName().describe("Name of a group of people, as the cluster's authentication gives it."),
    rights: z
        .array(oneOf("submit", "forward", "debug"))
        .min(1)
        .refine((given) => new Set(given).size === given.length, { error: "each right once" })
        .describe(
            "submit: attach to the session and run jobs with the session client, from where the rest Service is reached. forward: reach it by kubectl port-forward. debug: read pods and their logs, and kubectl exec.",
        ),
});

const metricsSettings = settings({
    enabled: flag()
        .default(true)
        .describe("Whether JobManagers and TaskManagers export metrics on 9249. Default true."),
    scrapers: z
        .array(peerSettings)
        .default([])
        .describe("Who may read metrics, besides those who watch the environment. Default nobody."),
}).prefault({});

const logLevel = () => oneOf("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

const configKey = () =>
    text(
        /^[a-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/,
        300,
        "a key of Flink's configuration: names of letters, digits, - and _, joined by dots",
    ).superRefine((key, context) => {
        const fault = freeKeyFault(key);
        if (fault !== undefined) {
            context.addIssue({ code: "custom", message: fault });
        }
    });

const plainSettings = settings({
    namespace: namespaceSettings.describe(
        "The namespace of the session, which must be its own: the JobManager may create and delete any pod there.",
    ),
    clusterId: clusterIdName()
        .optional()
        .describe(
            "Flink's name of the session, and beginning of its objects' names (kubernetes.cluster-id). It can't change later. Default: the component's name.",
        ),
    mode: modeSettings.describe("Who starts TaskManagers. Default native."),
    jobManager: jobManagerSettings.describe("The JobManagers."),
    taskManager: taskManagerSettings.describe("The TaskManagers."),
    rest: restSettings.describe("How the REST API, its UI and the session client's address are reached."),
    web: settings({
        submit: flag()
            .default(false)
            .describe(
                "Whether jars may be uploaded and run by the UI (web.submit.enable); the session client does without. Default false.",
            ),
        cancel: flag()
            .default(false)
            .describe("Whether the UI shows how to cancel jobs (web.cancel.enable). Default false."),
    })
        .prefault({})
        .describe("What the UI offers."),
    highAvailability: highAvailabilitySettings.describe("What survives a JobManager. Default nothing."),
    checkpointing: checkpointingSettings
        .optional()
        .describe("Checkpoints of jobs that say nothing else. Needed with highAvailability. Default none."),
    plugins: z
        .array(oneOf(...pluginNames))
        .refine((given) => new Set(given).size === given.length, { error: "each plugin once" })
        .default([])
        .describe(
            "File systems of the image that are put in place: one for the scheme of each directory. Default none.",
        ),
    s3: s3Settings.optional().describe("How the plugins for S3 reach a store. Default: AWS, by the node's role."),
    slotRequestTimeout: time("5m", "How long a job waits for slots (slot.request.timeout)."),
    stopTimeout: time(
        "30s",
        "How long services may take to stop (cluster.services.shutdown-timeout); the pods' grace periods follow it.",
    ),
    env: z
        .record(envName(), words())
        .default({})
        .describe("Environment variables of JobManagers and TaskManagers. Never secrets. Default none."),
    secretEnv: z
        .record(
            envName(),
            settings({
                secretName: dnsName().describe("Name of a Secret that exists in the namespace before the pods do."),
                key: words().describe("Its key."),
            }),
        )
        .default({})
        .describe("Environment variables of JobManagers and TaskManagers from Secrets. Default none."),
    secretFiles: z
        .record(dnsLabel(56), mountPath())
        .default({})
        .describe(
            "Secrets that exist in the namespace, by name, with the directory where pods find their keys as files. Default none.",
        ),
    credentialsRotation: counter().describe(
        "Raise it by one to restart the JobManagers, so that they read changed Secrets. TaskManagers read them when they start. Default 0.",
    ),
    config: z
        .record(
            configKey(),
            z.union([z.string(), z.number(), z.boolean()], { error: "text, a number, or true or false" }),
        )
        .default({})
        .describe(
            "Further keys of Flink's configuration with their values: dotted names, none that a setting decides, no secrets. Default none.",
        ),
    logLevel: logLevel().default("INFO").describe("Log level of all loggers without one of their own. Default INFO."),
    logLevels: z
        .record(
            text(
                /^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)*$/,
                300,
                "the name of a logger, such as org.apache.kafka",
            ),
            logLevel(),
        )
        .default({})
        .describe("Log levels by logger. A change holds within minutes, without a restart. Default none."),
    submitters: z
        .array(submitterSettings)
        .refine((given) => new Set(given.map(({ group }) => group)).size === given.length, {
            error: "each group once",
        })
        .default([])
        .describe("Groups of people who use the session through the Kubernetes API. Default none."),
    clients: z
        .array(peerSettings)
        .default([])
        .describe("Who may connect to the REST API, which asks for no login: they run code. Default nobody."),
    egress: z
        .array(egressSettings)
        .default([])
        .describe("Where JobManagers and TaskManagers read and write, object stores included. Default nowhere."),
    metrics: metricsSettings.describe("Metrics for Prometheus."),
    monitoring: monitorSettings.describe("How the session is watched, where the environment is."),
});

/** The settings before they are compared with each other. */
export type PlainSettings = z.output<typeof plainSettings>;

/** What one entry of `data-platform:systems.flink` may hold. */
export const flinkSessionSettings = plainSettings.superRefine((given, context) => {
    for (const { path, expected } of sessionFaults(given)) {
        context.addIssue({ code: "custom", path: [...path], message: expected });
    }
});

export type FlinkSessionSettings = z.input<typeof flinkSessionSettings>;
export type CheckedFlinkSessionSettings = z.output<typeof flinkSessionSettings>;
