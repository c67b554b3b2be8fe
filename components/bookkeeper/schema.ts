import { z } from "zod";
import type { Demand } from "../foundation/demand";
import { peerSettings } from "../foundation/networkPolicy";
import { placementShape } from "../foundation/placement";
import { heapMebibytes, mebibytes, parseQuantity } from "../foundation/quantity";
import { resourceSettings } from "../foundation/resources";
import { bytes, dnsName, duration, flag, milliseconds, settings, text, variants, whole } from "../foundation/values";
import { monitorSettings } from "../monitoring/schema";

/** Share of the memory that is heap, and that buffers outside it may take, unless they are given. */
const memoryShare = 0.4;
/** Share of the memory that heap and buffers may take together: threads, code and classes need the rest. */
const mostMemory = 0.85;

/** What a pod may keep in its scratch volume: unpacked native libraries, and the logs of a JVM that crashes. */
export const scratchSize = "64Mi";
const scratch = "65Mi";

/** A volume of each bookie. */
const volume = (size: string, least: string, reason: string) =>
    settings({
        size: bytes()
            .refine((given) => parseQuantity(given) >= parseQuantity(least), {
                error: `at least ${least}, ${reason}`,
            })
            .default(size)
            .describe(`Size of the volume, at least ${least}. Default ${size}.`),
        storageClass: dnsName()
            .optional()
            .describe("StorageClass of the volume. Default: storageClass of the bookies."),
    }).prefault({});

/** Least memory of any of the Java processes. */
const leastMemory = "512Mi";

const memory = (given: { readonly memory: string }) => parseQuantity(given.memory) >= parseQuantity(leastMemory);

const delay = duration()
    .refine((given) => milliseconds(given) <= milliseconds("1d"), { error: "a time of at most 1d" })
    .default("10m")
    .describe(
        "How long a bookie may be gone until its entries are copied again (lostBookieRecoveryDelay); longer than a restart takes. ZooKeeper keeps the value of the first start: change it later with bookkeeper shell lostbookierecoverydelay. Default 10m.",
    );

const autorecoverySettings = variants("kind", [
    settings({ kind: z.literal("bookies").describe("In the process of every bookie."), delay }),
    settings({
        kind: z.literal("pods").describe("In pods of its own, which bookies' restarts and load do not touch."),
        replicas: whole(1, 10).default(2).describe("Number of pods; one of them audits, all of them copy. Default 2."),
        resources: resourceSettings({ cpu: "250m", memory: "768Mi" }, scratch)
            .refine(memory, { path: ["memory"], error: `at least ${leastMemory}, so that its Java process fits` })
            .describe("CPU, memory and local storage of each pod."),
        delay,
    }),
    settings({
        kind: z
            .literal("off")
            .describe("Nowhere: what a lost bookie held is copied again only by hand (bookkeeper shell recover)."),
    }),
]);

/** Bookies: the settings of a BookKeeper cluster. */
export const bookkeeperSettings = settings({
    bookies: whole(1, 100)
        .default(4)
        .describe(
            "Number of bookies. One more than the copies of each entry keeps writes going while one is down. Default 4.",
        ),
    ledgersPath: text(
        /^\/[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
        64,
        "a znode below the root, such as /ledgers: / and at most 63 letters, digits, _, . or -",
    )
        .default("/ledgers")
        .describe(
            "Znode of the cluster's metadata, below the path of the ZooKeeper connection. It can't change later. Default /ledgers.",
        ),
    journal: volume("10Gi", "1Gi", "of which a journal file is a tenth").describe(
        "Volume of the journal, to which every write is synced before it is acknowledged.",
    ),
    ledgers: volume("30Gi", "5Gi", "of which an entry log is a twentieth").describe(
        "Volume of the entries and their indexes.",
    ),
    storageClass: dnsName()
        .optional()
        .describe("StorageClass of the volumes that name none of their own. Default: the cluster's default class."),
    diskUsageThreshold: whole(50, 98)
        .default(95)
        .describe(
            "Percentage of the ledgers' volume from which on a bookie takes no new entries (diskUsageThreshold). It takes some again below five points less. Default 95.",
        ),
    resources: resourceSettings({ cpu: "500m", memory: "2Gi" }, scratch).describe(
        "CPU, memory and local storage of each bookie.",
    ),
    heap: bytes().optional().describe("Java heap of each bookie. Default 40 % of the memory."),
    directMemory: bytes()
        .optional()
        .describe(
            "Memory for buffers outside the heap, a third of it for pages of the index. Default 40 % of the memory.",
        ),
    autorecovery: autorecoverySettings
        .prefault({ kind: "bookies" })
        .describe(
            "Where the entries of lost bookies are copied again: in the bookies, in pods of its own, or nowhere.",
        ),
    metrics: flag()
        .default(true)
        .describe("Whether bookies serve Prometheus metrics on port 8080 (/metrics). Default true."),
    monitoring: monitorSettings.describe("How the bookies are watched, where the environment is."),
    scrapers: z
        .array(peerSettings)
        .default([])
        .describe(
            "Who may read the metrics, besides those who watch the environment. The port serves the admin API too. Default nobody.",
        ),
    clients: z
        .array(peerSettings)
        .default([])
        .describe("Who may connect to the bookies, besides this stack's own systems. Default nobody."),
    ...placementShape,
})
    .refine(({ resources }) => memory(resources), {
        path: ["resources", "memory"],
        error: `at least ${leastMemory}, so that the Java process fits`,
    })
    .refine(
        (given) => memoryOf(given).heap + memoryOf(given).direct <= mostMemory * mebibytes(given.resources.memory),
        {
            path: ["heap"],
            error: "a heap that together with directMemory takes at most 85 % of resources.memory, since the rest of the process needs room",
        },
    );

export type BookKeeperSettings = z.input<typeof bookkeeperSettings>;
export type CheckedBookKeeperSettings = z.output<typeof bookkeeperSettings>;

/** What bounds the memory of a bookie. */
export interface MemorySettings {
    readonly resources: { readonly memory: string };
    readonly heap?: string | undefined;
    readonly directMemory?: string | undefined;
}

/** Heap of a bookie, and what it may take outside the heap, in MiB. */
export function memoryOf(given: MemorySettings): { readonly heap: number; readonly direct: number } {
    const { memory: all } = given.resources;
    return {
        heap: heapMebibytes(given.heap, all, memoryShare),
        direct: heapMebibytes(given.directMemory, all, memoryShare),
    };
}

/** The settings of the work that binds a DistributedLog namespace. */
export const dlogNamespaceSettings = settings({
    resources: resourceSettings({ cpu: "250m", memory: "768Mi" }, scratch)
        .refine(memory, { path: ["memory"], error: `at least ${leastMemory}, so that its Java process fits` })
        .describe("CPU, memory and local storage of the pod."),
    targets: placementShape.targets,
    priority: placementShape.priority,
}).prefault({});

export type DlogNamespaceSettings = z.input<typeof dlogNamespaceSettings>;

/** What the bookies ask their namespace's quota for. The init container asks for no more than the bookie itself. */
export function demand(given: CheckedBookKeeperSettings): Demand[] {
    const { autorecovery } = given;
    return [
        { pods: given.bookies, resources: given.resources, claims: [given.journal.size, given.ledgers.size] },
        ...(autorecovery.kind === "pods" ? [{ pods: autorecovery.replicas, resources: autorecovery.resources }] : []),
    ];
}

/** What the work that binds a DistributedLog namespace asks its namespace's quota for. */
export function dlogNamespaceDemand(given: z.output<typeof dlogNamespaceSettings>): Demand[] {
    return [{ pods: 1, resources: given.resources }];
}
