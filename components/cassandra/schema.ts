import { z } from "zod";
import { namespaceSettings, type NamespaceArgs } from "../foundation/namespace";
import { egressSettings, peerSettings } from "../foundation/networkPolicy";
import { placementShape } from "../foundation/placement";
import { parseQuantity } from "../foundation/quantity";
import { resourceSettings } from "../foundation/resources";
import { bytes, dnsLabel, dnsName, durationFrom, flag, labelValue, settings, text, whole } from "../foundation/values";
import { jmxAgentSettings } from "../monitoring/jmxAgent";
import { monitorSettings } from "../monitoring/schema";
import { configKeyFault, jvmOptionFault, secretBelow } from "./keys";
import { jobNames, largestHeap, leastScratch } from "./places";
import {
    authenticationSettings,
    clientEncryptionSettings,
    internodeEncryptionSettings,
    repairSettings,
    snapshotSettings,
} from "./surroundingsSchema";

/** A name in Cassandra's own ring: of a datacenter or a rack. */
const ringName = (what: string) =>
    text(
        /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
        48,
        `a name of a ${what}: at most 48 letters, digits, _, . and -, a letter or digit first`,
    );

/** Key of a rack, of which its objects' names are made; those of the Jobs are taken. */
const rackKey = () =>
    dnsLabel(20).refine((name) => !(jobNames as readonly string[]).includes(name), {
        error: `a name other than ${jobNames.join(", ")}, which Jobs have`,
        abort: true,
    });

/** One rack: nodes that share what may fail at once. */
const rackSettings = settings({
    nodes: whole(1, 200).describe("Number of nodes. Racks hold equal shares of the data, so give them equal numbers."),
    rack: ringName("rack")
        .optional()
        .describe("Name of the rack in Cassandra's ring; it can't be changed later. Default: the key of this entry."),
    zone: labelValue()
        .min(1, { error: "the name of a zone" })
        .optional()
        .describe("Zone that the nodes must run in: value of topology.kubernetes.io/zone. Default: any."),
    targets: placementShape.targets.describe(
        "Target set of this rack, instead of the datacenter's. Default: the datacenter's.",
    ),
});

/** The racks by name. */
export type CassandraRacks = Readonly<Record<string, z.output<typeof rackSettings>>>;

const leastMemory = "1Gi";
const leastGrace = "300s";
const leastStart = "5m";

const podName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?-[0-9]+$/;

/** Cassandra: one datacenter of a ring. */
export const cassandraSettings = settings({
    namespace: namespaceSettings.describe("The datacenter's namespace."),
    clusterName: text(
        /^[A-Za-z0-9][A-Za-z0-9 ._-]*$/,
        48,
        "a name of at most 48 letters, digits, spaces, ., _ and -, a letter or digit first",
    )
        .optional()
        .describe("Name of the cluster (cluster_name); it can't be changed later. Default <environment>-<component>."),
    datacenter: ringName("datacenter")
        .default("dc1")
        .describe("Name of the datacenter in Cassandra's ring; it can't be changed later. Default dc1."),
    racks: z
        .record(rackKey(), rackSettings)
        .refine((racks) => Object.keys(racks).length > 0, { error: "at least one rack" })
        .default({ rack1: { nodes: 3 } })
        .describe(
            "The racks by name. A change goes through them in the order of their names, one node at a time. As many racks as keyspaces have replicas keep one replica in each. Default rack1 with 3 nodes.",
        ),
    seedsPerRack: whole(1, 2)
        .default(1)
        .describe("How many nodes of each rack are seeds: its first ones. 1 or 2. Default 1."),
    externalSeeds: settings({
        hosts: z
            .array(text(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, 253, "a host name or an IPv4 address"))
            .min(1)
            .describe("Names or addresses of seeds of the cluster's other datacenters."),
        peers: z.array(peerSettings).min(1).describe("Where all nodes of the other datacenters are."),
    })
        .optional()
        .describe(
            "The cluster's other datacenters. With them this one joins a cluster and never begins one. Default: the cluster has this datacenter only.",
        ),
    numTokens: whole(1, 256)
        .default(16)
        .describe("Tokens of each node (num_tokens); it can't be changed later. Default 16."),
    storage: bytes()
        .default("50Gi")
        .describe("Volume of each node's data. Keep half of it free for compaction. Default 50Gi."),
    commitlogStorage: bytes()
        .refine((given) => parseQuantity(given) >= parseQuantity("1Gi"), { error: "at least 1Gi" })
        .optional()
        .describe(
            "Volume of each node's commit log, at least 1Gi; it can't be added or taken away later. Default: none, it is on the data's volume.",
        ),
    storageClass: dnsName().optional().describe("StorageClass of the volumes. Default: the cluster's default class."),
    resources: resourceSettings({ cpu: "1", memory: "4Gi", ephemeralStorage: "1Gi" }, leastScratch)
        .refine((given) => parseQuantity(given.memory) >= parseQuantity(leastMemory), {
            path: ["memory"],
            error: `at least ${leastMemory}, so that the Java process fits`,
        })
        .describe("CPU, memory and local storage of each node."),
    heap: bytes()
        .optional()
        .describe(
            "Java heap, below 31Gi. Default, and most, half of the memory: what is outside the heap and the page cache need the rest.",
        ),
    jvmOptions: z
        .array(
            text(
                /^-[^\s"'`$\\;&|<>(){}*?#]+$/,
                500,
                "an option of the JVM: a text without spaces or signs of a shell",
            ).refine((option) => jvmOptionFault(option) === undefined, {
                error: ({ input }) => jvmOptionFault(String(input)),
                abort: true,
            }),
        )
        .default([])
        .describe("Further options of the JVM, after those of the program. Default none."),
    lockMemory: flag()
        .default(false)
        .describe(
            "Whether nodes get the capability IPC_LOCK, to lock their heap in memory. The namespace is then not restricted, and the runtime's limits must allow it too. Default false.",
        ),
    gracePeriod: durationFrom(leastGrace)
        .default("1800s")
        .describe("Time that a node has to flush its memory and to stop; at least 300s. Default 1800s."),
    startTimeout: durationFrom(leastStart)
        .default("30m")
        .describe(
            "How long a node may read its commit log until it listens to others, and how long an up waits for it to join; at least 5m. Default 30m.",
        ),
    config: z
        .record(
            z.string().refine((key) => configKeyFault(key) === undefined, {
                error: ({ input }) => configKeyFault(String(input)),
                abort: true,
            }),
            z.json({ error: "plain values: text, numbers, true, false, lists and maps" }),
        )
        .refine((given) => secretBelow(given) === undefined, {
            error: ({ input }) =>
                `no "${secretBelow(input as Readonly<Record<string, unknown>>) ?? ""}" in it, since the file is a ConfigMap`,
        })
        .default({})
        .describe("Further keys of cassandra.yaml, none that the program decides and none of a secret. Default none."),
    authentication: authenticationSettings.describe("Who clients are."),
    internodeEncryption: internodeEncryptionSettings.describe("TLS between nodes."),
    clientEncryption: clientEncryptionSettings.describe("TLS between clients and nodes."),
    repair: repairSettings.describe("Regular repair of all nodes."),
    snapshots: snapshotSettings.describe("Snapshots on the nodes' own volumes."),
    replace: z
        .record(
            text(podName, 63, "the name of a pod: <component>-<rack>-<n>"),
            z.ipv4({ error: "the IPv4 address that the dead node had" }),
        )
        .default({})
        .describe(
            "Nodes that start without data in the place of a dead one: its address by the pod's name. Nodes that have data ignore it. Default none.",
        ),
    exporter: jmxAgentSettings
        .optional()
        .describe("The Prometheus JMX agent, which makes metrics of the nodes. Default: no metrics."),
    monitoring: monitorSettings.describe("How the datacenter is watched, where the environment is."),
    scrapers: z
        .array(peerSettings)
        .default([])
        .describe("Who may read the metrics, besides those who watch the environment. Default nobody."),
    clients: z
        .array(peerSettings)
        .default([])
        .describe("Who may connect by CQL, besides this stack's own systems. Default nobody."),
    egress: z
        .array(egressSettings)
        .default([])
        .describe("What nodes may connect to besides each other. Default nothing."),
    ...placementShape,
})
    .refine(
        ({ heap, resources }) =>
            heap === undefined ||
            (parseQuantity(heap) <= 0.5 * parseQuantity(resources.memory) &&
                parseQuantity(heap) < largestHeap * 2 ** 20),
        {
            path: ["heap"],
            error: "a heap below 31Gi and of at most half of resources.memory, since the rest of the process and the page cache need room",
        },
    )
    .refine(({ racks }) => new Set(ringNamesOf(racks)).size === Object.keys(racks).length, {
        path: ["racks"],
        error: "racks with different names in Cassandra's ring",
    })
    .refine((given) => given.seedsPerRack === 1 || Object.values(given.racks).every(({ nodes }) => nodes >= 3), {
        path: ["seedsPerRack"],
        error: "1 where a rack has fewer than 3 nodes: most of its nodes would be seeds",
    })
    .refine(
        ({ authentication, racks }) =>
            authentication.kind === "none" ||
            authentication.systemAuthReplication === undefined ||
            authentication.systemAuthReplication <= nodeCount(racks),
        {
            path: ["authentication", "systemAuthReplication"],
            error: "at most the number of nodes: a login needs as many of them",
        },
    )
    .refine(({ replace, racks }) => Object.keys(replace).every((pod) => rackOf(pod, racks) !== undefined), {
        path: ["replace"],
        error: "names of pods of the racks: <component>-<rack>-<n>, n below the rack's nodes",
    });

export type CassandraSettings = z.input<typeof cassandraSettings>;
export type CheckedCassandraSettings = z.output<typeof cassandraSettings>;

/** The racks' names in Cassandra's ring. */
function ringNamesOf(racks: CassandraRacks): string[] {
    return Object.entries(racks).map(([name, { rack }]) => rack ?? name);
}

/** Number of nodes of all racks. */
export function nodeCount(racks: CassandraRacks): number {
    return Object.values(racks).reduce((total, { nodes }) => total + nodes, 0);
}

/** The rack that a pod's name belongs to, whatever the component is called; undefined if there is none. */
function rackOf(pod: string, racks: CassandraRacks): string | undefined {
    const [, before = "", ordinal = ""] = /^(.*)-([0-9]+)$/.exec(pod) ?? [];
    return Object.entries(racks).find(
        ([name, { nodes }]) =>
            before.endsWith(`-${name}`) && String(Number(ordinal)) === ordinal && Number(ordinal) < nodes,
    )?.[0];
}

/** Pod Security of the datacenter's namespace where it can't be restricted; undefined where it can. */
export function podSecurityOf({
    lockMemory,
}: Pick<CheckedCassandraSettings, "lockMemory">): NamespaceArgs["podSecurity"] {
    return lockMemory
        ? { level: "privileged", reason: "lockMemory: the capability IPC_LOCK is in neither restricted nor baseline" }
        : undefined;
}
