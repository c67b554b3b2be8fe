import { z } from "zod";
import { counter, userName } from "../foundation/credentials";
import type { Demand } from "../foundation/demand";
import { peerSettings } from "../foundation/networkPolicy";
import { monitorSettings } from "../monitoring/schema";
import { placementShape } from "../foundation/placement";
import { formatBytes, formatCpu, parseQuantity } from "../foundation/quantity";
import { cpuLimitOf, type Resources, resourceSettings } from "../foundation/resources";
import { accessKeySettings, packagePrefix } from "../foundation/s3";
import {
    bytes,
    dnsName,
    duration,
    durationFrom,
    milliseconds,
    settings,
    text,
    url,
    variants,
    words,
} from "../foundation/values";
import { scratchSize } from "./nginxConf";

const { targets, priority } = placementShape;

/** Who may upload and delete over HTTP. */
const writingSettings = variants("kind", [
    settings({
        kind: z.literal("generated").describe("A user with a random password of 32 letters and digits; the default."),
        username: userName().default("uploader").describe("Name of the user. Default uploader."),
        rotation: counter().describe("Raise it by one to renew the password; nothing is restarted. Default 0."),
    }),
    settings({
        kind: z.literal("existing").describe("The users of a Secret that exists in the namespace before the pod does."),
        secretName: dnsName().describe("Name of the Secret. The server sees a new content without a restart."),
        htpasswdKey: words()
            .default("htpasswd")
            .describe("Its key with the users, a line <name>:<hash> each; bcrypt hashes work. Default htpasswd."),
    }),
    settings({
        kind: z
            .literal("none")
            .describe("Nobody, since packages come by kubectl cp only, as Twister2's client sends them."),
    }),
]).prefault({ kind: "generated" });

const plainServerSettings = settings({
    kind: z.literal("server").optional().describe("A web server of the environment's own; the default."),
    storage: bytes().default("20Gi").describe("Volume for the packages. Default 20Gi."),
    storageClass: dnsName().optional().describe("StorageClass of the volume. Default: the cluster's default class."),
    maxUploadSize: bytes()
        .default("512Mi")
        .describe("Largest package that may be uploaded over HTTP (client_max_body_size). Default 512Mi."),
    keepFor: duration()
        .refine((given) => milliseconds(given) >= milliseconds("1d"), { error: "a time of at least 1d, such as 30d" })
        .optional()
        .describe(
            "How long a package stays that nobody uploads or downloads any more. Longer than the longest job: a worker that starts again downloads its package again. Default: for ever.",
        ),
    transferTimeout: durationFrom("1s")
        .default("5m")
        .describe("How long uploads and downloads may still take when the server is asked to stop. Default 5m."),
    writing: writingSettings.describe("Who may upload and delete over HTTP. Reading needs no login."),
    clients: z
        .array(peerSettings)
        .default([])
        .describe("Who may connect to download, besides this stack's own systems. Default nobody."),
    writers: z
        .array(peerSettings)
        .default([])
        .describe("Who may connect to upload, with a login of writing; they may download too. Default nobody."),
    monitoring: monitorSettings.describe("How the server is watched, where the environment is."),
    resources: resourceSettings({ cpu: "250m", memory: "256Mi" }, scratchSize).describe(
        "CPU, memory and local storage of the server.",
    ),
    targets,
    priority,
});

/** The settings of a server to which packages come by kubectl cp only. */
export const copiedServerShape = plainServerSettings.omit({
    kind: true,
    maxUploadSize: true,
    writing: true,
    clients: true,
    writers: true,
}).shape;

/** A server of the environment's own. */
export const uploaderServerSettings = plainServerSettings
    .refine((given) => parseQuantity(given.maxUploadSize) <= parseQuantity(given.storage), {
        path: ["maxUploadSize"],
        error: "at most storage, since the package goes there",
    })
    .refine((given) => given.writing.kind !== "none" || given.writers.length === 0, {
        path: ["writers"],
        error: "no writers, since writing.kind is none",
    });

/** A bucket that somebody else runs, with the S3 protocol. */
export const s3UploaderSettings = settings({
    kind: z.literal("s3").describe("A bucket of S3, or of a store with its protocol."),
    bucket: text(
        /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        63,
        "a bucket name: 3 to 63 lower-case letters, digits, - and .",
    ).describe("Name of the bucket."),
    endpoint: url().optional().describe("URL of the store. Default: AWS's own for the region."),
    region: words().optional().describe("Region of the bucket. Needed without endpoint. Default: the client's own."),
    pathPrefix: packagePrefix("packages"),
    credentials: accessKeySettings("the namespace of the pods that use the bucket")
        .optional()
        .describe("Secret with the access key. Default: what the client finds by itself, such as the node's role."),
    peers: z.array(peerSettings).min(1).describe("Where the store is, for the network policies of its clients."),
}).refine((given) => given.endpoint !== undefined || given.region !== undefined, {
    path: ["region"],
    error: "a region, or the URL of a store as endpoint",
});

/** Settings of a server, as they are written. */
export type UploaderSettings = z.input<typeof uploaderServerSettings>;
/** Settings of a server, checked. */
export type UploaderServerSettings = z.output<typeof uploaderServerSettings>;
/** Settings of a bucket, checked. */
export type S3UploaderSettings = z.output<typeof s3UploaderSettings>;

/** What the container asks for that removes old packages: a shell that sleeps, and a find once an hour. */
export const cleanupResources: Resources = {
    cpu: "10m",
    cpuLimit: "100m",
    memory: "64Mi",
    ephemeralStorage: "32Mi",
};

/** What the server's pod asks a quota for. */
export function demand(given: Pick<UploaderServerSettings, "resources" | "keepFor" | "storage">): Demand[] {
    const containers = [given.resources, ...(given.keepFor === undefined ? [] : [cleanupResources])];
    const sum = (of: (each: Resources) => string) =>
        containers.reduce((total, each) => total + parseQuantity(of(each)), 0);
    return [
        {
            pods: 1,
            resources: {
                cpu: formatCpu(sum(({ cpu }) => cpu)),
                cpuLimit: formatCpu(sum(cpuLimitOf)),
                memory: formatBytes(sum(({ memory }) => memory)),
            },
            claims: [given.storage],
        },
    ];
}
