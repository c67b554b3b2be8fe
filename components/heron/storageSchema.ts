import { z } from "zod";
import { peerSettings } from "../foundation/networkPolicy";
import { accessKeySettings, packagePrefix } from "../foundation/s3";
import { bytes, dnsName, settings, text, url, variants, whole, words } from "../foundation/values";

const bucket = () =>
    text(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/, 63, "a bucket name: 3 to 63 lower-case letters, digits, -, _ and .");

/** A URL without a login: Heron's files travel with every package, so no secret may stand in them. */
const plainUrl = () =>
    url().refine((given) => !/^[a-z]+:\/\/[^/]*@/.test(given), {
        error: "a URL without user and password, since every topology can read it",
    });

const bucketPeers = z
    .array(peerSettings)
    .min(1)
    .describe("Where the store is, for the network policies of the API server and of topologies.");

/** How packages get from whoever submits a topology to its pods. */
export const uploaderSettings = variants("kind", [
    settings({
        kind: z.literal("http").describe("The API server keeps packages on a volume and serves them; the default."),
        storage: bytes().default("10Gi").describe("Volume for the packages of all topologies. Default 10Gi."),
        storageClass: dnsName()
            .optional()
            .describe("StorageClass of the volume. Default: the cluster's default class."),
    }),
    settings({
        kind: z.literal("dlog").describe("Packages lie in DistributedLog, on the bookies of bookkeeper."),
        replicas: whole(1, 10)
            .default(3)
            .describe(
                "Copies of each package; every upload waits for all of them, so there must be a bookie more. Default 3.",
            ),
    }),
    settings({
        kind: z.literal("s3").describe("A bucket of S3, or of a store with its protocol."),
        bucket: bucket().describe("Name of the bucket. Topologies download from it without a login."),
        pathPrefix: packagePrefix("topologies"),
        region: words().optional().describe("Region of the bucket. Needed without endpoint."),
        endpoint: plainUrl().optional().describe("URL of the store. Default: AWS's own for the region."),
        proxy: plainUrl().optional().describe("HTTP proxy on the way to the store. Default none."),
        credentials: accessKeySettings("the control namespace")
            .optional()
            .describe("Secret with the access key, for the API server only. Default: the node's role."),
        peers: bucketPeers,
    }).refine((given) => given.endpoint !== undefined || given.region !== undefined, {
        path: ["region"],
        error: "a region, or the URL of a store as endpoint",
    }),
    settings({
        kind: z.literal("gcs").describe("A bucket of Google Cloud Storage."),
        bucket: bucket().describe("Name of the bucket. Topologies download from it without a login."),
        credentials: settings({
            secretName: dnsName().describe("Name of a Secret that exists in the control namespace."),
            key: words().default("key.json").describe("Its key with the service account's key file. Default key.json."),
        })
            .optional()
            .describe(
                "Secret with a key file, for the API server only. Default: the node's or the pod's own identity.",
            ),
        peers: bucketPeers,
    }),
]).prefault({ kind: "http" });

/** Where the state of topologies with exactly-once semantics is kept. */
export const statefulStorageSettings = variants("kind", [
    settings({
        kind: z.literal("localfs").describe("A folder of each pod, which is lost with the pod; the default."),
        path: text(/^\.?(\/[A-Za-z0-9._-]+)+$/, 500, "a path of letters, digits, ., _ and -, such as ./checkpoints")
            .default("./checkpoints")
            .describe("The folder, relative to the pod's working folder /heron. Default ./checkpoints."),
        maxCheckpoints: whole(1, 1000).default(10).describe("Checkpoints that are kept. Default 10."),
    }),
    settings({
        kind: z.literal("dlog").describe("DistributedLog, on the bookies of bookkeeper."),
        replicas: whole(1, 10)
            .default(3)
            .describe("Copies of each checkpoint; there must be a bookie more. Default 3."),
    }),
]).prefault({ kind: "localfs" });
