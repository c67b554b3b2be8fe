import { z } from "zod";
import { peerSettings } from "../foundation/networkPolicy";
import { placementShape } from "../foundation/placement";
import { parseQuantity } from "../foundation/quantity";
import { resourceSettings } from "../foundation/resources";
import { bytes, certificatePem, dnsLabel, dnsName, flag, settings, url, words } from "../foundation/values";
import { monitorSettings } from "../monitoring/schema";
import { lifecycleSettings } from "./lifecycle";

const { targets, priority } = placementShape;

/** How a node or a cluster of the stack's own is watched. */
export const watchShape = {
    monitoring: monitorSettings.describe("How OpenSearch is watched, where the environment is."),
    exporter: flag()
        .default(false)
        .describe(
            "Whether metrics are read from the plugin prometheus-exporter. The official image does not hold it, so it takes one of your own (images.repositories.opensearch), and nothing checks that: without the plugin an alert says that metrics are missing. Default false.",
        ),
};

/** One node without security, for development. */
export const singleNodeSettings = settings({
    kind: z.literal("single").describe("One node without security, for development."),
    storage: bytes().default("10Gi").describe("Volume of the node. Default 10Gi."),
    storageClass: dnsName().optional().describe("StorageClass of the volume. Default: the cluster's default class."),
    resources: resourceSettings({ cpu: "500m", memory: "1536Mi", ephemeralStorage: "1Gi" }, "400Mi").describe(
        "CPU, memory and local storage of the node.",
    ),
    heap: bytes()
        .optional()
        .describe("Java heap. Default, and most, half of the memory: Lucene needs the rest as page cache."),
    memoryMap: flag()
        .default(false)
        .describe(
            "Whether indices are mapped into memory (node.store.allow_mmap): needs vm.max_map_count of 262144 on the nodes. Default false.",
        ),
    clients: z
        .array(peerSettings)
        .default([])
        .describe("Who may connect, besides this stack's own systems. Default nobody."),
    lifecycle: lifecycleSettings,
    ...watchShape,
    targets,
    priority,
}).refine(
    (given) => given.heap === undefined || parseQuantity(given.heap) <= 0.5 * parseQuantity(given.resources.memory),
    {
        path: ["heap"],
        error: "a heap of at most half of resources.memory, since Lucene needs the rest as page cache",
    },
);

/** A cluster that somebody else runs. */
export const externalOpenSearchSettings = settings({
    kind: z.literal("external").describe("A cluster that somebody else runs."),
    nodes: z.array(url()).min(1).describe("URLs of the nodes, or of the address in front of them."),
    credentials: settings({
        namespace: dnsLabel().describe("Namespace of the Secret."),
        secretName: dnsName().describe("Name of a Secret that exists before the stack does."),
        usernameKey: words().default("username").describe("Its key with the user's name. Default username."),
        passwordKey: words().default("password").describe("Its key with the password. Default password."),
    })
        .optional()
        .describe("Secret with the user to log in as. Default: no login."),
    caCertificate: certificatePem()
        .optional()
        .describe(
            "Certificate of the authority that signed the nodes' certificates, PEM. Default: publicly trusted ones.",
        ),
    peers: z.array(peerSettings).min(1).describe("Where the nodes are, for the network policies of their clients."),
}).refine((given) => given.credentials === undefined || given.nodes.every((node) => node.startsWith("https:")), {
    path: ["nodes"],
    error: "https URLs, since a password goes there",
});

export type SingleNodeSettings = z.input<typeof singleNodeSettings>;
export type CheckedSingleNodeSettings = z.output<typeof singleNodeSettings>;
export type ExternalOpenSearchSettings = z.output<typeof externalOpenSearchSettings>;
