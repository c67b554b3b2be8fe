import { z } from "zod";
import { certificateSettings } from "../foundation/certificates";
import { rotationSetting } from "../foundation/credentials";
import { egressSettings, peerSettings } from "../foundation/networkPolicy";
import { placementShape } from "../foundation/placement";
import { parseQuantity } from "../foundation/quantity";
import { type Resources, resourceSettings } from "../foundation/resources";
import {
    bytes,
    certificatePem,
    dnsLabel,
    dnsName,
    durationFrom,
    flag,
    settings,
    text,
    url,
    whole,
    words,
} from "../foundation/values";
import { indexPattern, lifecycleSettings } from "./lifecycle";
import { largestHeap } from "./places";
import { watchShape } from "./schema";

const quorums = [3, 5, 7] as const;
const quorumExpected = "3, 5 or 7: an even number of cluster managers tolerates no more losses than one fewer";

/** What nodes of either role have. */
const nodeShape = (defaults: Resources & { readonly storage: string }) => ({
    storage: bytes().default(defaults.storage).describe(`Volume of each node. Default ${defaults.storage}.`),
    storageClass: dnsName().optional().describe("StorageClass of the volumes. Default: the cluster's default class."),
    resources: resourceSettings({ ephemeralStorage: "1Gi", ...defaults }, "400Mi").describe(
        "CPU, memory and local storage of each node.",
    ),
    heap: bytes()
        .optional()
        .describe("Java heap, below 31Gi. Default, and most, half of the memory: Lucene needs the rest as page cache."),
    ...placementShape,
});

interface Heap {
    readonly heap?: string | undefined;
    readonly resources: { readonly memory: string };
}
const halfAtMost = ({ heap, resources }: Heap) =>
    heap === undefined ||
    (parseQuantity(heap) <= 0.5 * parseQuantity(resources.memory) && parseQuantity(heap) < largestHeap * 2 ** 20);
const heapFault = {
    path: ["heap"],
    error: "a heap below 31Gi and of at most half of resources.memory, since Lucene needs the rest as page cache",
};

const dataSettings = settings({
    nodes: whole(3, 200)
        .default(3)
        .describe("Number of nodes with data; 3, 5 or 7 where they are the cluster managers too. Default 3."),
    ...nodeShape({ cpu: "1", memory: "4Gi", storage: "50Gi" }),
})
    .refine(halfAtMost, heapFault)
    .prefault({});

const managerSettings = settings({
    nodes: z
        .literal(quorums, { error: quorumExpected })
        .default(3)
        .describe("Number of cluster managers: 3, 5 or 7. Default 3."),
    ...nodeShape({ cpu: "500m", memory: "2Gi", storage: "5Gi" }),
}).refine(halfAtMost, heapFault);

/** Names that the component itself uses. */
const ownUsers: readonly string[] = ["admin", "readiness", "metrics"];

/** Name of a user; a rotation adds its number. */
export const userName = () =>
    dnsLabel(40).refine((given) => !ownUsers.includes(given), {
        error: `a name other than ${ownUsers.join(", ")}, which the cluster itself has`,
    });

/** What a user may do: everything with the indices of some patterns. */
export const userSettings = settings({
    indexPatterns: z
        .array(indexPattern())
        .min(1)
        .describe("Indices that the user may create, read, write and delete, such as prod__*."),
    rotation: rotationSetting("the password; the one before stays valid until the next rotation"),
});

const existingCertificates = settings({
    nodeNames: z
        .array(words())
        .min(1)
        .describe("Distinguished names of the nodes' certificates (plugins.security.nodes_dn); * is a wildcard."),
    adminSecretName: dnsName().describe("Secret with the administrator's client certificate, under the same keys."),
    adminName: words().describe("Its distinguished name (plugins.security.authcz.admin_dn), such as CN=admin,O=acme."),
    caCertificate: certificatePem()
        .optional()
        .describe("Certificate of the authority, PEM, for the clients. Default: one that everybody trusts."),
});

const securitySettings = settings({
    certificates: certificateSettings.describe(
        "Where the nodes' certificates come from; existing ones must name localhost and both Services (docs/opensearch.md). The rotation renews the password of the readiness probe, too.",
    ),
    existing: existingCertificates
        .optional()
        .describe("What certificates that exist can't tell; with certificates of kind existing, and only there."),
    admin: settings({ rotation: rotationSetting("the passwords of the users admin and metrics") })
        .prefault({})
        .describe("The user admin, who may do everything, and metrics, who reads those of the exporter."),
})
    .refine((given) => (given.existing !== undefined) === (given.certificates.kind === "existing"), {
        path: ["existing"],
        error: "names of the certificates where certificates is of kind existing, and nothing elsewhere",
    })
    .prefault({});

const repositorySettings = settings({
    bucket: words().describe("Name of the bucket, which exists."),
    basePath: text(/^[^/\s][^\s]*[^/\s]$/, 500, "a path in the bucket without a slash at either end")
        .optional()
        .describe("Folder in the bucket. Default: its root."),
    endpoint: url().optional().describe("URL of the store. Default: Amazon's own of the region."),
    region: words().optional().describe("Region of the bucket. Default: the client's guess from the endpoint."),
    pathStyle: flag()
        .default(false)
        .describe("Whether the bucket stands in the path, as MinIO wants it, instead of the host name. Default false."),
    credentials: settings({
        secretName: dnsName().describe("Name of a Secret that exists in the namespace before the pods do."),
        accessKeyKey: words().default("accessKey").describe("Its key with the access key. Default accessKey."),
        secretKeyKey: words().default("secretKey").describe("Its key with the secret key. Default secretKey."),
        rotation: rotationSetting("what the nodes have read of it, after its content has changed"),
    }).describe("Secret with the keys of the bucket."),
});

const snapshotSettings = settings({
    repositories: z
        .record(dnsLabel(40), repositorySettings)
        .refine((given) => Object.keys(given).length > 0, { error: "at least one repository" })
        .describe("Repositories by name, each a folder of an S3 bucket."),
    egress: z.array(egressSettings).min(1).describe("Where the store is, for the nodes' network policies."),
});

/** A cluster of the environment's own, with security. */
export const clusterSettings = settings({
    kind: z.literal("cluster").describe("A cluster of three or more nodes with security."),
    clusterName: text(
        /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
        100,
        "a name of letters, digits, ., _ and -, starting with a letter or digit",
    )
        .optional()
        .describe("Name of the cluster (cluster.name); it can't be changed later. Default <environment>-<component>."),
    data: dataSettings.describe("The nodes that hold the indices."),
    managers: managerSettings
        .optional()
        .describe("Nodes that manage the cluster and hold no data. Default: the data nodes do it."),
    memoryMap: flag()
        .default(false)
        .describe(
            "Whether indices are mapped into memory (node.store.allow_mmap): needs vm.max_map_count of 262144 on the nodes. Default false.",
        ),
    recovery: durationFrom("1m")
        .default("30m")
        .describe("How long an up waits for each restarted node, until the cluster is green again. Default 30m."),
    yellowAfter: durationFrom("1m")
        .optional()
        .describe(
            "After how long a cluster that stays yellow, with no shard on its way, lets a roll go on. Default: never, only green does.",
        ),
    security: securitySettings.describe("Certificates and the administrator's password."),
    users: z
        .record(userName(), userSettings)
        .default({})
        .describe("Further users, besides those of this stack's own systems. Default none."),
    lifecycle: lifecycleSettings,
    snapshots: snapshotSettings
        .optional()
        .describe("S3 repositories for snapshots. The image must hold the plugin repository-s3. Default none."),
    ...watchShape,
    clients: z
        .array(peerSettings)
        .default([])
        .describe("Who may connect, besides this stack's own systems. Default nobody."),
}).refine((given) => given.managers !== undefined || (quorums as readonly number[]).includes(given.data.nodes), {
    path: ["data", "nodes"],
    error: `${quorumExpected} (or managers of their own)`,
});

export type ClusterSettings = z.input<typeof clusterSettings>;
export type CheckedClusterSettings = z.output<typeof clusterSettings>;
