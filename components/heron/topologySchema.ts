import { z } from "zod";
import { egressSettings } from "../foundation/networkPolicy";
import { placementShape } from "../foundation/placement";
import { parseQuantity } from "../foundation/quantity";
import {
    bytes,
    cpu,
    dnsLabel,
    dnsName,
    flag,
    labelKey,
    labelValue,
    oneOf,
    settings,
    text,
    variants,
    words,
} from "../foundation/values";

/** An absolute path in a container. */
export const containerPath = () =>
    text(/^(\/[A-Za-z0-9._-]+)+$/, 500, "an absolute path of letters, digits, ., _ and -, such as /data");

const mountShape = {
    path: containerPath().describe("Where the container sees the volume."),
    subPath: text(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/, 500, "a relative path of letters, digits, ., _ and -")
        .optional()
        .describe("Folder of the volume instead of all of it."),
    readOnly: flag().default(false).describe("Whether the container may only read. Default false."),
};

/** A volume of a topology's pods. What stands on the node itself (hostPath) is no choice: Pod Security refuses it. */
const volumeSettings = variants("kind", [
    settings({
        kind: z.literal("claim").describe("A claim that exists in the topology namespace; all pods share it."),
        claimName: dnsLabel().describe("Name of the claim."),
        ...mountShape,
    }),
    settings({
        kind: z.literal("onDemand").describe("A claim of each pod's own, removed when the topology is killed."),
        // Without a class Heron writes an empty one, which only volumes without class fit (StatefulSet.java).
        storageClass: dnsLabel().describe("StorageClass of the claims."),
        size: bytes().describe("Size of each claim."),
        accessModes: z
            .array(oneOf("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany"))
            .min(1)
            .default(["ReadWriteOnce"])
            .describe("How the volume may be mounted. Default ReadWriteOnce."),
        volumeMode: oneOf("Filesystem", "Block")
            .default("Filesystem")
            .describe("Filesystem or Block. Default Filesystem."),
        ...mountShape,
    }),
    settings({
        kind: z.literal("emptyDir").describe("Scratch space that lives as long as the pod."),
        medium: oneOf("disk", "memory").default("disk").describe("disk or memory. Default disk."),
        sizeLimit: bytes().describe("Size at which the kubelet evicts the pod."),
        ...mountShape,
    }),
    settings({
        kind: z.literal("nfs").describe("A folder of an NFS server."),
        server: dnsName().describe("Host name of the server."),
        pathOnServer: containerPath().describe("The folder there."),
        ...mountShape,
    }),
]);

const partResources = settings({
    cpu: cpu().optional().describe("CPU cores. Default: what packing computes."),
    memory: bytes().optional().describe("Memory. Default: what packing computes."),
});

const partSettings = settings({
    limits: partResources.prefault({}).describe("Limits instead of those that packing computes."),
    requests: partResources
        .prefault({})
        .describe("Requests instead of those of scheduler.requestMode. Default: as that says."),
    volumes: z.record(dnsLabel(), volumeSettings).default({}).describe("Volumes by name. Default none."),
})
    .refine(({ limits, requests }) => atMost(requests.cpu, limits.cpu), {
        path: ["requests", "cpu"],
        error: "at most limits.cpu",
    })
    .refine(({ limits, requests }) => atMost(requests.memory, limits.memory), {
        path: ["requests", "memory"],
        error: "at most limits.memory",
    })
    .prefault({});

function atMost(request: string | undefined, limit: string | undefined): boolean {
    return request === undefined || limit === undefined || parseQuantity(request) <= parseQuantity(limit);
}

/** Labels that Heron itself gives the pods, and selects them by. */
const ownLabels = ["app", "topology"];

const furtherLabels = () =>
    z
        .record(
            labelKey().refine((key) => !ownLabels.includes(key), {
                error: "other than app and topology, by which Heron finds its pods",
                abort: true,
            }),
            labelValue(),
        )
        .default({});

const { targets, priority } = placementShape;

/** The pods of topologies, which the API server starts. */
export const topologySettings = settings({
    targets: targets.describe("Target set that says where topologies run. Default: anywhere."),
    priority: priority.describe("Priority class of the topologies' pods. Default: the cluster's default priority."),
    podTemplates: flag()
        .default(true)
        .describe(
            "Whether topologies' pods are made from templates, which carry targets, priority, pull secrets and the security context. Default true.",
        ),
    clientVolumes: flag()
        .default(false)
        .describe(
            "Whether volumes may be configured for topologies, here or by whoever submits them (heron.kubernetes.volume.from.cli.disabled tells no difference). Default false.",
        ),
    executor: partSettings.describe("Pods of the executors, which run spouts and bolts."),
    manager: partSettings.describe("The pod of a topology's manager."),
    ephemeralStorage: bytes()
        .default("4Gi")
        .describe(
            "Request and limit of local storage of each pod: the package, the logs and checkpoints on the local disk. Default 4Gi.",
        ),
    capabilities: z
        .array(oneOf("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID"))
        .default([])
        .describe("Capabilities that root keeps in topologies' containers; all others are dropped. Default none."),
    podLabels: furtherLabels().describe("Further labels of all pods. Default none."),
    podAnnotations: z
        .record(labelKey(), words())
        .default({})
        .describe("Further annotations of all pods. Default none."),
    serviceLabels: furtherLabels().describe("Further labels of all topologies' Services. Default none."),
    serviceAnnotations: z
        .record(labelKey(), words())
        .default({})
        .describe("Further annotations of all topologies' Services. Default none."),
    secretMounts: z
        .record(dnsName(), containerPath())
        .default({})
        .describe(
            "Secrets of the topology namespace by name, and the folder that all containers see each in. Default none.",
        ),
    secretVariables: z
        .record(
            text(/^[A-Za-z_][A-Za-z0-9_]*$/, 200, "the name of an environment variable: letters, digits and _"),
            settings({
                secretName: dnsName().describe("Name of a Secret of the topology namespace."),
                key: words().describe("Its key."),
            }),
        )
        .default({})
        .describe("Environment variables of all topologies from Secrets of the topology namespace. Default none."),
    egress: z
        .array(egressSettings)
        .default([])
        .describe("Where topologies read and write, beside the platform's own parts. Default nowhere."),
})
    .refine((given) => given.podTemplates || given.targets === undefined, {
        path: ["targets"],
        error: "no targets, since podTemplates is false and only a template can carry them",
    })
    .refine((given) => given.podTemplates || given.priority === undefined, {
        path: ["priority"],
        error: "no priority, since podTemplates is false and only a template can carry it",
    })
    .refine((given) => given.podTemplates || given.capabilities.length === 0, {
        path: ["capabilities"],
        error: "no capabilities, since podTemplates is false and nothing is dropped then",
    })
    .superRefine((given, context) => {
        for (const part of ["executor", "manager"] as const) {
            if (!given.clientVolumes && Object.keys(given[part].volumes).length > 0) {
                context.addIssue({
                    code: "custom",
                    path: [part, "volumes"],
                    message: "no volumes, unless clientVolumes is true: Heron can't tell these from a submitter's own",
                });
            }
        }
    })
    .prefault({});

export type TopologySettings = z.output<typeof topologySettings>;
export type TopologyPart = "executor" | "manager";
export type TopologyVolume = TopologySettings[TopologyPart]["volumes"][string];
