import { z } from "zod";
import { peerSettings } from "../foundation/networkPolicy";
import {
    bytes,
    dnsName,
    duration,
    labelKey,
    labelValue,
    milliseconds,
    oneOf,
    port,
    settings,
    text,
    url,
    variants,
} from "../foundation/values";
import { counter } from "../foundation/credentials";
import { copiedServerShape } from "../uploader/schema";
import { parseQuantity } from "../foundation/quantity";

/** Folder of the packages in the image that Twister2's manifests use, and in the uploader's. */
export const packagesDirectory = "/usr/share/nginx/html";

/** A URL that paths are appended to: Twister2 adds the slash itself. */
export const baseUrl = () =>
    url().refine((given) => !given.endsWith("/"), {
        error: "a URL without a slash at its end, since Twister2 adds one",
    });

/** An absolute path, each part of letters, digits, `.`, `_` and `-`. */
export const absolutePath = () =>
    text(/^(\/[A-Za-z0-9._-]+)+$/, 200, "an absolute path of letters, digits, ., _ and -, without / at its end");

/** How a job's package comes to its pods. */
export const uploadSettings = variants("kind", [
    settings({
        kind: z
            .literal("server")
            .describe("A web server in the job namespace, to which the client copies; the default."),
        ...copiedServerShape,
    }),
    settings({
        kind: z.literal("existing").describe("Web server pods of the job namespace that somebody else runs."),
        url: baseUrl().describe(
            "URL below which job pods download packages (twister2.kubernetes.uploader.web.server).",
        ),
        directory: absolutePath()
            .default(packagesDirectory)
            .describe(
                `Folder of the pods that the client copies packages to (twister2.kubernetes.uploader.web.server.directory). Default ${packagesDirectory}.`,
            ),
        label: settings({
            key: labelKey().describe("Key of the label."),
            value: labelValue().describe("Its value."),
        }).describe(
            "Label of the pods, of every one of them and of no other (twister2.kubernetes.uploader.web.server.label).",
        ),
        port: port().default(8080).describe("Port of the pods, for the network policies of jobs. Default 8080."),
    }),
    settings({
        kind: z
            .literal("s3")
            .describe("A bucket that the client uploads to, with its own access; job pods download by a signed URL."),
        bucket: text(
            /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
            63,
            "a bucket name: 3 to 63 lower-case letters, digits, - and .",
        ).describe("Name of the bucket (twister2.s3.bucket.name)."),
        linkExpiration: duration()
            .refine((given) => milliseconds(given) >= 60e3 && milliseconds(given) <= milliseconds("7d"), {
                error: "a time from 1m to 7d, the longest that S3 signs a URL for",
            })
            .default("2h")
            .describe(
                "How long job pods can download the package (twister2.s3.link.expiration.duration.sec). Longer than the longest job: no worker starts again after it. Default 2h.",
            ),
        peers: z.array(peerSettings).min(1).describe("Where the bucket's store is, for the network policies of jobs."),
        port: port().default(443).describe("Its port, for the network policies of jobs. Default 443."),
    }),
    settings({
        kind: z
            .literal("none")
            .describe("The client copies the package to every pod of the job, and must stay until the job ends."),
    }),
]).prefault({ kind: "server" });

/** The key pair with which the pods of an OpenMPI job log in to each other. */
export const openMpiSettings = variants("kind", [
    settings({ kind: z.literal("none").describe("No OpenMPI jobs; the default.") }),
    settings({
        kind: z.literal("generated").describe("An RSA key of 4096 bits, in the stack's state and in a Secret."),
        rotation: counter().describe(
            "Raise it by one to renew the key, when no OpenMPI job runs: its pods could not log in to new ones. Default 0.",
        ),
    }),
    settings({
        kind: z.literal("existing").describe("A Secret of the job namespace that exists before OpenMPI jobs do."),
        secretName: dnsName().describe(
            "Its name; its keys are id_rsa, id_rsa.pub and authorized_keys, the key without a passphrase.",
        ),
    }),
]).prefault({ kind: "none" });

/** Where jobs keep what outlives their pods. */
export const storageSettings = variants("kind", [
    settings({ kind: z.literal("none").describe("Nowhere; the default.") }),
    settings({
        kind: z.literal("mounted").describe("On one volume for each job, which its last pod's end removes."),
        storageClass: dnsName().describe(
            "StorageClass of the volumes, with a dynamic provisioner (twister2.resource.kubernetes.persistent.storage.class).",
        ),
        accessMode: oneOf("ReadWriteMany", "ReadWriteOnce")
            .default("ReadWriteMany")
            .describe(
                "Access mode of the volumes (twister2.resource.kubernetes.storage.access.mode). ReadWriteOnce only with workers.uniformMapping all-same-node, and without jobMaster. Default ReadWriteMany.",
            ),
        perWorker: bytes().describe("Size for each worker (twister2.resource.persistent.volume.per.worker)."),
        jobMaster: bytes()
            .optional()
            .describe(
                "Size for the job master, which checkpoints need (twister2.job.master.persistent.volume.size). Default: it has none.",
            ),
    }),
    settings({
        kind: z.literal("hdfs").describe("In HDFS, below a folder for each job. Its way belongs into egress."),
        root: absolutePath()
            .default("/twister2")
            .describe("Folder of the jobs' folders (twister2.persistent.storage.root). Default /twister2."),
        namenode: text(
            /^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?$/,
            253,
            "a host name or an address, without scheme and port",
        ).describe("Host of the name node (twister2.data.hdfs.namenode)."),
        namenodePort: port().default(9001).describe("Its port (twister2.data.hdfs.namenode.port). Default 9001."),
    }),
]).prefault({ kind: "none" });

/** Gibibytes of a size, as Twister2's keys count them. */
export function gibibytes(size: string): number {
    return parseQuantity(size) / 2 ** 30;
}
