import { z } from "zod";
import { generatedCertificates } from "../foundation/certificates";
import type { Demand } from "../foundation/demand";
import type { Tier } from "../foundation/environment";
import { namespaceSettings } from "../foundation/namespace";
import { egressSettings, peerSettings } from "../foundation/networkPolicy";
import { placementShape } from "../foundation/placement";
import { heapMebibytes, parseQuantity } from "../foundation/quantity";
import { type Resources, resourceSettings } from "../foundation/resources";
import {
    bytes,
    dnsLabel,
    dnsName,
    duration,
    durationFrom,
    flag,
    labelValue,
    seconds,
    settings,
    text,
    variants,
    whole,
} from "../foundation/values";
import { jmxAgentSettings } from "../monitoring/jmxAgent";
import { monitorSettings } from "../monitoring/schema";
import { kafkaUserSettings, provisionDemand, provisionSettings, topicFaults, topicSettings } from "./declaredSchema";
import { brokerCount, defaultBrokers, firstBrokerId, firstIds, rangeWidth } from "./ids";
import { listenerSettings } from "./listenerSchema";
import { refusedServerKey } from "./serverKeys";

/** What a node may keep in its scratch volumes: rendered files, the log of the collector, native libraries. */
export const scratchSizes = { config: "16Mi", logs: "128Mi", tmp: "128Mi", agent: "16Mi" } as const;
const scratch = "300Mi";

/** Least memory of a node: heap, and room for a tool that the gate runs. */
const leastMemory = { value: 2 ** 30, text: "1Gi" };
/** Least heap: half of it is the buffer of the log cleaner (log.cleaner.dedupe.buffer.size, 128 MiB). */
const leastHeap = { value: 2 ** 28, text: "256Mi" };
/** Share of the memory that is heap, unless it is given. */
const heapShare = 0.4;

const nodeShape = (defaults: Resources & { readonly storage: string }) => ({
    storage: bytes().default(defaults.storage).describe(`Volume of each node. Default ${defaults.storage}.`),
    storageClass: dnsName().optional().describe("StorageClass of the volumes. Default: the cluster's default class."),
    resources: resourceSettings({ ephemeralStorage: "1Gi", ...defaults }, scratch)
        .refine(({ memory }) => parseQuantity(memory) >= leastMemory.value, {
            path: ["memory"],
            error: `at least ${leastMemory.text}, so that the server and a tool beside it fit`,
        })
        .describe("CPU, memory and local storage of each node."),
    heap: bytes()
        .refine((given) => parseQuantity(given) >= leastHeap.value, {
            error: `a heap of at least ${leastHeap.text}, of which the log cleaner takes half`,
        })
        .optional()
        .describe(
            `Java heap, at least ${leastHeap.text} and at most half of the memory: the rest is page cache, from which Kafka reads. Default 40 % of the memory.`,
        ),
    ...placementShape,
});

interface Heap {
    readonly heap?: string | undefined;
    readonly resources: { readonly memory: string };
}

/** Java heap of a node, in MiB. */
export function heapOf({ heap, resources }: Heap): number {
    return heapMebibytes(heap, resources.memory, heapShare);
}

const halfAtMost = ({ heap, resources }: Heap): boolean =>
    heap === undefined || parseQuantity(heap) <= 0.5 * parseQuantity(resources.memory);
const heapFault = {
    path: ["heap"],
    error: "a heap of at most half of resources.memory, since Kafka reads from the page cache",
};

const quorums = [1, 3, 5] as const;

const controllerSettings = variants("kind", [
    settings({
        kind: z.literal("dedicated").describe("Nodes of their own, whose load and restarts are not the brokers'."),
        nodes: z
            .literal(quorums, { error: "1, 3 or 5 (an even number of controllers tolerates no more losses)" })
            .default(3)
            .describe(
                "Number of controllers, which can't be changed later: 3 or 5, or 1 outside production. Default 3.",
            ),
        ...nodeShape({ cpu: "250m", memory: "1Gi", storage: "10Gi" }),
    }).refine(halfAtMost, heapFault),
    settings({
        kind: z
            .literal("combined")
            .describe("The brokers themselves: for small clusters of 1, 3 or 5 brokers whose number never changes."),
    }),
]).prefault({ kind: "dedicated" });

const rackName = () => dnsLabel(20);

const rackSettings = settings({
    nodes: whole(1, rangeWidth).describe(`Number of brokers in the rack, at most ${rangeWidth}.`),
    firstId: z
        .literal(firstIds, { error: `one of ${firstIds.join(", ")}` })
        .optional()
        .describe(
            `Id of the rack's first broker, the beginning of its range of ${rangeWidth}; it never changes. Needed where there are several racks. Default ${firstBrokerId}.`,
        ),
    zone: labelValue()
        .min(1, { error: "a zone" })
        .optional()
        .describe(
            "Zone whose nodes the rack's pods must run on (topology.kubernetes.io/zone). Default the rack's name.",
        ),
});

const rackMap = z
    .record(rackName(), rackSettings)
    .refine((racks) => Object.keys(racks).length > 0, { error: "at least one rack", abort: true })
    .superRefine((racks, ctx) => {
        const names = Object.keys(racks);
        names.forEach((rack, index) => {
            const firstId = racks[rack]?.firstId;
            if (firstId === undefined && names.length > 1) {
                ctx.addIssue({
                    code: "custom",
                    path: [rack, "firstId"],
                    message: "the id of the rack's first broker: a default would change when a rack is added",
                });
            }
            if (firstId !== undefined && names.slice(0, index).some((other) => racks[other]?.firstId === firstId)) {
                ctx.addIssue({
                    code: "custom",
                    path: [rack, "firstId"],
                    message: "a range of ids that no other rack has",
                });
            }
        });
    })
    .transform((racks) =>
        Object.fromEntries(
            Object.entries(racks).map(([rack, given]) => [rack, { ...given, firstId: given.firstId ?? firstBrokerId }]),
        ),
    );

const brokerSettings = settings({
    nodes: whole(1, rangeWidth)
        .optional()
        .describe(`Number of brokers where there are no racks. Default ${defaultBrokers}.`),
    racks: rackMap.optional().describe("Racks by name, each a set of brokers in one zone. Default no racks."),
    ...nodeShape({ cpu: "500m", memory: "4Gi", storage: "50Gi" }),
    jmxAgent: jmxAgentSettings
        .optional()
        .describe("Image with the Prometheus JMX agent, for the server's own metrics. Default none."),
})
    .refine((given) => given.nodes === undefined || given.racks === undefined, {
        path: ["nodes"],
        error: "no nodes beside racks, each of which has its own",
    })
    .refine(halfAtMost, heapFault)
    .prefault({});

const replicationSettings = settings({
    factor: whole(1, 15)
        .default(3)
        .describe("Replicas of a topic that says nothing, and of Kafka's own topics; at most the brokers. Default 3."),
    minInsyncReplicas: whole(1, 14)
        .default(2)
        .describe("Replicas that must have a record of a producer with acks=all; less than factor. Default 2."),
}).prefault({});

const retentionSettings = settings({
    time: durationFrom("1s")
        .default("7d")
        .describe("How long a topic that says nothing keeps its records (log.retention.ms). Default 7d."),
    bytes: bytes()
        .optional()
        .describe("Size of each partition above which old records go (log.retention.bytes). Default any."),
}).prefault({});

const tlsSettings = variants("mode", [
    settings({
        mode: z.literal("mutual").describe("TLS everywhere, and a client certificate from everybody; the default."),
        certificates: generatedCertificates
            .prefault({ kind: "generated" })
            .describe("The authority of the cluster's own, which signs nodes and users."),
    }),
    settings({
        mode: z.literal("none").describe("Neither TLS nor permissions: everybody may do everything. Development only."),
    }),
]).prefault({ mode: "mutual" });

/** A random UUID as Kafka writes it: 16 bytes, base64url without padding, the last character of which has two bits. */
const clusterId = () =>
    text(
        /^[A-Za-z0-9_][A-Za-z0-9_-]{20}[AQgw]$/,
        22,
        "a cluster id: a UUID of 22 characters in base64url, not starting with -",
    ).refine((id) => id !== imageClusterId, { error: "an id other than the image's own, which everybody has" });

/** The id that the image gives every cluster which says none (configureDefaults). */
export const imageClusterId = "5L6g3nShT-eMCtK--X86sw";

const serverKey = () => text(/^[a-z][a-z0-9._-]*$/, 120, "a server property: lower-case letters, digits, ., _ and -");

const configSettings = z
    .record(
        serverKey(),
        z
            .union([z.string(), z.number(), z.boolean()], { error: "text, a number, true or false" })
            .refine((value) => !/[\r\n\\]/.test(String(value)), { error: "text of one line without backslash" }),
    )
    .superRefine((config, ctx) => {
        for (const key of Object.keys(config)) {
            const expected = refusedServerKey(key);
            if (expected !== undefined) {
                ctx.addIssue({ code: "custom", path: [key], message: expected });
            }
        }
    })
    .default({})
    .describe(
        "Further server properties, the same for all nodes. None that a setting decides, and no secret. Default none.",
    );

const exporterSettings = settings({
    enabled: flag()
        .default(true)
        .describe("Whether there is a kafka-exporter, where the environment is watched. Default true."),
    resources: resourceSettings({ cpu: "50m", memory: "128Mi" }).describe("CPU, memory and local storage of its pod."),
}).prefault({});

/** The user whose certificate the exporter shows. */
export const exporterUser = "kafka-exporter";

/** Seconds that a broker gets to hand its partitions over and to close its logs, after the gate. */
export const shutdownSeconds = 120;

/** A Kafka cluster. */
export const kafkaSettings = settings({
    namespace: namespaceSettings.describe("The cluster's namespace."),
    clusterId: clusterId()
        .optional()
        .describe(
            "Id of a cluster that exists already, to adopt its volumes. Default: a random one, kept in the state.",
        ),
    controllers: controllerSettings.describe("The nodes that keep the cluster's metadata. Default three of their own."),
    brokers: brokerSettings.describe("The nodes that hold the records, and their racks."),
    replication: replicationSettings.describe("How often records are kept."),
    retention: retentionSettings.describe("How long records are kept."),
    config: configSettings,
    listeners: listenerSettings.describe("Where clients connect."),
    tls: tlsSettings.describe("TLS and permissions."),
    users: kafkaUserSettings,
    topics: topicSettings,
    provision: provisionSettings.describe("How topics and users are applied: by a Job, at each change of them."),
    gate: settings({
        timeout: durationFrom("10s")
            .default("5m")
            .describe("How long a broker that is to stop waits for replicas that are not in sync. Default 5m."),
    })
        .prefault({})
        .describe("What a broker waits for before it stops, so that no partition loses its last replica in sync."),
    gracePeriod: duration()
        .default("8m")
        .describe(
            `Time from the request to stop until the kill: at least gate.timeout and ${shutdownSeconds}s. Default 8m.`,
        ),
    startTimeout: durationFrom("1m")
        .default("15m")
        .describe("Time until a started node must be ready; a log that was not closed is read again. Default 15m."),
    clients: z
        .array(peerSettings)
        .default([])
        .describe("Who may connect, besides this stack's own systems. Default nobody."),
    egress: z
        .array(egressSettings)
        .default([])
        .describe(
            "What brokers may connect to besides each other, such as a store of tiered storage. Default nothing.",
        ),
    exporter: exporterSettings.describe("The exporter of the cluster's metrics."),
    monitoring: monitorSettings.describe("How the cluster is watched, where the environment is."),
})
    .refine(
        ({ controllers, brokers }) =>
            controllers.kind === "dedicated" ||
            brokers.racks !== undefined ||
            (quorums as readonly number[]).includes(brokerCount(brokers)),
        { path: ["brokers", "nodes"], error: "1, 3 or 5 where the brokers are the controllers too" },
    )
    .refine(({ controllers, brokers }) => controllers.kind === "dedicated" || brokers.racks === undefined, {
        path: ["brokers", "racks"],
        error: "no racks where the brokers are the controllers too: a chain of sets could not form a quorum",
    })
    .refine(({ replication, brokers }) => replication.factor <= brokerCount(brokers), {
        path: ["replication", "factor"],
        error: "at most the number of brokers",
    })
    .refine(
        ({ replication: { factor, minInsyncReplicas } }) =>
            minInsyncReplicas < factor || (factor === 1 && minInsyncReplicas === 1),
        {
            path: ["replication", "minInsyncReplicas"],
            error: "less than factor, or each restart of a broker stops its producers",
        },
    )
    .refine(({ listeners, tls }) => listeners.external.kind === "none" || tls.mode === "mutual", {
        path: ["listeners", "external"],
        error: "no external listener without tls",
    })
    .refine(({ gate, gracePeriod }) => seconds(gracePeriod) >= seconds(gate.timeout) + shutdownSeconds, {
        path: ["gracePeriod"],
        error: `at least gate.timeout and ${shutdownSeconds}s, to stop cleanly after the gate`,
    })
    .superRefine((given, ctx) => {
        const { tls, users, topics, replication, brokers } = given;
        if (tls.mode === "none" && Object.keys(users).length > 0) {
            ctx.addIssue({
                code: "custom",
                path: ["users"],
                message: "no users without tls: a user is the common name of a client certificate",
            });
        }
        if (users[exporterUser] !== undefined) {
            ctx.addIssue({
                code: "custom",
                path: ["users", exporterUser],
                message: `a name other than ${exporterUser}, which is the exporter's`,
            });
        }
        for (const { path, expected } of topicFaults(topics, { brokers: brokerCount(brokers), ...replication })) {
            ctx.addIssue({ code: "custom", path: ["topics", ...path], message: expected });
        }
    });

export type KafkaSettings = z.input<typeof kafkaSettings>;
export type CheckedKafkaSettings = z.output<typeof kafkaSettings>;

/** What of the settings a tier refuses: path below the settings, and what was expected there. */
export function kafkaTierFaults(
    given: CheckedKafkaSettings,
    tier: Tier,
): { readonly path: readonly string[]; readonly expected: string; readonly found: string }[] {
    const { tls, controllers, replication } = given;
    return [
        ...(tls.mode === "none" && tier !== "development"
            ? [{ path: ["tls", "mode"], expected: "mutual outside development", found: '"none"' }]
            : []),
        ...(controllers.kind === "dedicated" && controllers.nodes === 1 && tier === "production"
            ? [{ path: ["controllers", "nodes"], expected: "3 or 5 in production", found: "1" }]
            : []),
        ...(replication.minInsyncReplicas < 2 && tier === "production"
            ? [
                  {
                      path: ["replication", "minInsyncReplicas"],
                      expected: "at least 2 in production: with 1 an acknowledged record may be on one disk only",
                      found: String(replication.minInsyncReplicas),
                  },
              ]
            : []),
    ];
}

/** What the cluster asks its namespace's quota for; the exporter's pod only where the environment is watched. */
export function demand(given: CheckedKafkaSettings, watched: boolean): Demand[] {
    const { brokers, controllers, exporter, monitoring } = given;
    return [
        { pods: brokerCount(brokers), resources: brokers.resources, claims: [brokers.storage] },
        ...(controllers.kind === "dedicated"
            ? [{ pods: controllers.nodes, resources: controllers.resources, claims: [controllers.storage] }]
            : []),
        ...provisionDemand(given.provision),
        ...(watched && exporter.enabled && monitoring.enabled ? [{ pods: 1, resources: exporter.resources }] : []),
    ];
}
