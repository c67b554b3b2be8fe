import { z } from "zod";
import { groupName } from "../foundation/groupAccess";
import { jobNamespaceSettings, namespaceSettings } from "../foundation/namespace";
import { egressSettings, peerSettings } from "../foundation/networkPolicy";
import { placementShape } from "../foundation/placement";
import { parseQuantity } from "../foundation/quantity";
import { resourceSettings } from "../foundation/resources";
import { bytes, dnsLabel, dnsName, flag, labelKey, labelValue, oneOf, settings, variants } from "../foundation/values";
import { externalZookeeperSettings } from "../zookeeper/schema";
import { crossFaults, jobFaults } from "./checks";
import {
    checkpointingSettings,
    faultToleranceSettings,
    jobDefaultSettings,
    jobMasterSettings,
    jobTargetSetting,
    networkSettings,
    workerSettings,
} from "./jobSchema";
import { baseUrl, openMpiSettings, storageSettings, uploadSettings } from "./uploadSchema";

/** Why the namespaces of jobs are not `restricted`. */
export const jobPodSecurity = {
    level: "baseline",
    reason: "Twister2 starts its jobs' pods as root, with neither security context nor profile, and has no setting for them",
} as const;

/**
 * What a container gets that asks for no limits, as those of all jobs: a limit below what a job requests makes its pods
 * invalid, so they are far above it. The memory that a job's package takes counts against the limit too.
 */
const jobContainerDefaults = { cpuLimit: "16", memoryLimit: "32Gi", ephemeralStorage: "10Gi" };

const plainJobNamespaceSettings = settings({
    namespace: jobNamespaceSettings(jobContainerDefaults).describe("The namespace."),
    submitters: z
        .array(groupName())
        .default([])
        .describe("Groups of people who submit jobs. Default none: only administrators of the cluster can."),
    uploader: uploadSettings.describe("How a job's package comes to its pods. Default a web server."),
    openMpi: openMpiSettings.describe("The key pair of OpenMPI jobs. Default none."),
    pullPolicy: oneOf("IfNotPresent", "Always")
        .default("IfNotPresent")
        .describe("When nodes pull the image of jobs (kubernetes.image.pull.policy). Default IfNotPresent."),
    logInClient: flag()
        .default(false)
        .describe(
            "Whether jobs log to the submitting client (kubernetes.log.in.client), which must stay until they end. Default false.",
        ),
    jobTargets: jobTargetSetting,
    jobDefaults: jobDefaultSettings.describe("What a job gets whose code says nothing else."),
    jobMaster: jobMasterSettings.describe("The job master of each job."),
    workers: workerSettings.describe("The workers of each job."),
    network: networkSettings.describe("How workers talk to each other."),
    storage: storageSettings.describe("Where jobs keep what outlives their pods. Default nowhere."),
    setStorage: oneOf("mounted", "hdfs")
        .default("mounted")
        .describe(
            "Where sets of data go that memory can't hold (twister2.tset.storage.type): the pods' volatile disk, or HDFS. Default mounted.",
        ),
    logStorage: oneOf("volatile", "persistent")
        .default("volatile")
        .describe(
            "Whether logs lie on the pods' volatile disk or on the job's volume (twister2.logging.storage.type). Default volatile.",
        ),
    faultTolerance: faultToleranceSettings.describe("What happens when a worker or a whole job fails."),
    checkpointing: checkpointingSettings.describe("Checkpoints of jobs."),
    copySystemPackage: flag()
        .default(false)
        .describe(
            "Whether the client sends Twister2 itself with each job, which the image has already (twister2.resource.systempackage.copy). Default false.",
        ),
    clients: z
        .array(peerSettings)
        .default([])
        .describe("Who may connect to the ports of workers, besides the job's own pods. Default nobody."),
    egress: z
        .array(egressSettings)
        .default([])
        .describe("Where jobs read and write, besides what is set up here. Default nowhere."),
});

/** The settings of one job namespace before they are compared with each other. */
export type PlainJobNamespaceSettings = z.output<typeof plainJobNamespaceSettings>;

/** A namespace in which jobs run. */
export const twister2JobNamespaceSettings = plainJobNamespaceSettings.superRefine((given, context) => {
    for (const { path, expected } of jobFaults(given)) {
        context.addIssue({ code: "custom", path, message: expected });
    }
});

const { targets, priority } = placementShape;

const dashboardSettings = variants("kind", [
    settings({
        kind: z.literal("own").describe("A dashboard of the environment's own, in namespace; the default."),
        storage: bytes().default("1Gi").describe("Volume of its database. Default 1Gi."),
        storageClass: dnsName()
            .optional()
            .describe("StorageClass of the volume. Default: the cluster's default class."),
        resources: resourceSettings({ cpu: "500m", memory: "1Gi" }, "64Mi").describe(
            "CPU, memory and local storage of the dashboard.",
        ),
        heap: bytes().optional().describe("Java heap. Default 50 % of the memory; at most 75 %."),
        targets,
        priority,
        clients: z
            .array(peerSettings)
            .default([])
            .describe("Who may connect, besides job masters. It asks for no login. Default nobody."),
    }).refine(
        (given) =>
            given.heap === undefined || parseQuantity(given.heap) <= 0.75 * parseQuantity(given.resources.memory),
        {
            path: ["heap"],
            error: "a heap of at most 75 % of resources.memory, since the rest of the process needs room",
        },
    ),
    settings({
        kind: z.literal("external").describe("A dashboard that somebody else runs."),
        host: baseUrl().describe("Its URL (twister2.dashboard.host)."),
        peers: z.array(peerSettings).min(1).describe("Where it is, for the network policies of jobs."),
    }),
    settings({ kind: z.literal("none").describe("No dashboard.") }),
]).prefault({ kind: "own" });

const zookeeperUse = variants("kind", [
    settings({ kind: z.literal("none").describe("No fault-tolerant jobs; the default.") }),
    settings({ kind: z.literal("shared").describe("The environment's own ensemble.") }),
    // Twister2 speaks no TLS to ZooKeeper.
    externalZookeeperSettings.omit({ tls: true }),
]).prefault({ kind: "none" });

const rackName = () => labelValue().min(1, { error: "a name that is not empty" });

const nodeAddress = () => z.union([z.ipv4(), z.ipv6()], { error: "the IP address of a node" });

const nodeLocationSettings = variants("kind", [
    settings({
        kind: z.literal("labels").describe("By labels of the nodes, which submitters list; the default."),
        rackKey: labelKey()
            .default("rack")
            .describe("Key of the label with a node's rack (twister2.resource.rack.labey.key). Default rack."),
        datacenterKey: labelKey()
            .default("datacenter")
            .describe(
                "Key of the label with a node's data center (twister2.resource.datacenter.labey.key). Default datacenter.",
            ),
        nodes: z
            .array(
                settings({
                    node: dnsName().describe("Name of the node."),
                    rack: rackName().describe("Its rack."),
                    datacenter: rackName().describe("Its data center."),
                }),
            )
            .default([])
            .describe("Nodes that the stack labels. Default none: others have labelled them."),
    }),
    settings({
        kind: z
            .literal("config")
            .describe("By lists in the client's configuration; submitters need no right to list nodes then."),
        racks: z
            .record(rackName(), z.array(nodeAddress()).min(1))
            .default({})
            .describe("Addresses of the nodes of each rack (twister2.resource.racks.list). Default none."),
        datacenters: z
            .record(rackName(), z.array(rackName()).min(1))
            .default({})
            .describe("Racks of each data center (twister2.resource.datacenters.list). Default none."),
    }),
]).prefault({ kind: "labels" });

const plainSettings = settings({
    namespace: namespaceSettings.describe("The namespace of the dashboard."),
    jobNamespaces: z
        .record(dnsLabel(20), twister2JobNamespaceSettings)
        .refine((given) => Object.keys(given).length > 0, { error: "at least one job namespace" })
        .describe("The namespaces in which jobs run, by a short name for each."),
    dashboard: dashboardSettings.describe("Where jobs report what they do. Default a dashboard of the own."),
    zookeeper: zookeeperUse.describe("Where fault-tolerant jobs keep their state. Default nowhere."),
    nodeLocations: nodeLocationSettings.describe("How jobs know their nodes' racks and data centers."),
});

/** The settings before they are compared with each other. */
export type PlainSettings = z.output<typeof plainSettings>;

/** What `data-platform:systems.twister2` may hold. */
export const twister2Settings = plainSettings.superRefine((given, context) => {
    for (const { path, expected } of crossFaults(given)) {
        context.addIssue({ code: "custom", path, message: expected });
    }
});

export type Twister2Settings = z.input<typeof twister2Settings>;
export type CheckedTwister2Settings = z.output<typeof twister2Settings>;
/** The settings of one job namespace, checked. */
export type JobNamespaceSettings = CheckedTwister2Settings["jobNamespaces"][string];
