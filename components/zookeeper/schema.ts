import { z } from "zod";
import type { Demand } from "../foundation/demand";
import { peerSettings } from "../foundation/networkPolicy";
import { placementShape } from "../foundation/placement";
import { monitorSettings } from "../monitoring/schema";
import { parseQuantity } from "../foundation/quantity";
import { resourceSettings } from "../foundation/resources";
import { bytes, dnsName, duration, flag, milliseconds, port, settings, text, whole } from "../foundation/values";
import { authenticationSettings, externalTlsSettings, tlsSettings } from "./securitySchema";

const memberCounts = [1, 3, 5, 7] as const;

/** An ensemble of the environment's own. */
export const zookeeperSettings = settings({
    kind: z.literal("ensemble").optional().describe("An ensemble of the environment's own; the default."),
    members: z
        .literal(memberCounts, {
            error: "1, 3, 5 or 7: an even ensemble tolerates no more losses than one member fewer",
        })
        .default(3)
        .describe("Number of voting members: 1, 3, 5 or 7. Default 3."),
    storage: bytes()
        .default("10Gi")
        .describe(
            "Volume of each member for snapshots, and for the transaction log unless that has its own. Default 10Gi.",
        ),
    logStorage: bytes()
        .optional()
        .describe(
            "Separate volume of each member for the transaction log, whose fsync decides the latency of writes. Default: no separate volume.",
        ),
    storageClass: dnsName().optional().describe("StorageClass of the volumes. Default: the cluster's default class."),
    resources: resourceSettings({ cpu: "500m", memory: "1536Mi" }, "128Mi").describe(
        "CPU, memory and local storage of each member.",
    ),
    heap: bytes()
        .optional()
        .describe("Java heap, which must hold the whole tree of nodes. Default 60 % of the memory; at most 75 %."),
    tickTime: duration()
        .refine((value) => milliseconds(value) > 0 && milliseconds(value) <= 60e3, {
            error: "a time above 0 and of at most 1m",
        })
        .default("2s")
        .describe("ZooKeeper's unit of time (tickTime), at most 1m. Default 2s."),
    initLimit: whole(1, 600)
        .default(10)
        .describe("Ticks that a follower may take to sync with the leader (initLimit). Default 10."),
    syncLimit: whole(1, 600).default(5).describe("Ticks that a follower may lag behind (syncLimit). Default 5."),
    minSessionTimeout: duration().optional().describe("Shortest session that clients may ask for. Default two ticks."),
    maxSessionTimeout: duration()
        .optional()
        .describe("Longest session that clients may ask for. Default twenty ticks."),
    maxClientConnections: whole(0, 100000)
        .default(60)
        .describe("Connections from one address (maxClientCnxns); 0 for any number. Default 60."),
    purgeInterval: duration()
        .refine((value) => milliseconds(value) % 3600e3 === 0, {
            error: "whole hours, such as 6h (ZooKeeper counts the interval in hours)",
        })
        .default("6h")
        .describe(
            "How often old snapshots and logs are removed (autopurge.purgeInterval), in whole hours; 0h never. Default 6h.",
        ),
    retainedSnapshots: whole(3, 1000)
        .default(5)
        .describe("Snapshots that the purge keeps (autopurge.snapRetainCount). Default 5."),
    metrics: flag().default(true).describe("Whether members serve Prometheus metrics on port 7000. Default true."),
    monitoring: monitorSettings.describe("How the ensemble is watched, where the environment is."),
    scrapers: z
        .array(peerSettings)
        .default([])
        .describe("Who may read the metrics, besides those who watch the environment. Default nobody."),
    clients: z
        .array(peerSettings)
        .default([])
        .describe("Who may connect to the client port, besides this stack's own systems. Default nobody."),
    tls: tlsSettings.describe("Encryption of connections. Default none."),
    authentication: authenticationSettings
        .optional()
        .describe("Logins of clients, by SASL with DIGEST-MD5. Default: no logins; whoever can connect is served."),
    ...placementShape,
})
    .refine(
        (given) =>
            given.heap === undefined || parseQuantity(given.heap) <= 0.75 * parseQuantity(given.resources.memory),
        {
            path: ["heap"],
            error: "a heap of at most 75 % of resources.memory, since the rest of the process needs room",
        },
    )
    // The server refuses to start otherwise: QuorumPeerConfig, with two and twenty ticks for what is not given.
    .refine((given) => sessionTimeouts(given).least <= sessionTimeouts(given).most, {
        path: ["minSessionTimeout"],
        error: "at most maxSessionTimeout (default twenty ticks)",
    });

/** Bounds of the sessions in milliseconds, with the server's own defaults. */
function sessionTimeouts(given: {
    readonly tickTime: string;
    readonly minSessionTimeout?: string | undefined;
    readonly maxSessionTimeout?: string | undefined;
}): { readonly least: number; readonly most: number } {
    const tick = milliseconds(given.tickTime);
    const orTicks = (timeout: string | undefined, ticks: number) =>
        timeout === undefined ? ticks * tick : milliseconds(timeout);
    return { least: orTicks(given.minSessionTimeout, 2), most: orTicks(given.maxSessionTimeout, 20) };
}

/** Somebody else's ensemble. */
export const externalZookeeperSettings = settings({
    kind: z.literal("external").describe("An ensemble that somebody else runs."),
    connectionString: text(
        /^[A-Za-z0-9.-]+:\d{1,5}(,[A-Za-z0-9.-]+:\d{1,5})*(\/[^\s,]*)?$/,
        1000,
        "host:port pairs joined by commas, with an optional path, such as zk-1:2181,zk-2:2181/heron",
    ).describe("Where clients connect: host:port pairs joined by commas, with an optional path."),
    peers: z.array(peerSettings).min(1).describe("Where the members are, for the network policies of their clients."),
    port: port().default(2181).describe("Client port of the members, for the network policies. Default 2181."),
    tls: externalTlsSettings
        .optional()
        .describe("Given where the ports of connectionString speak TLS. Default: they do not."),
});

/** What an ensemble asks its namespace's quota for. The init container asks for no more than the member itself. */
export function demand(given: z.output<typeof zookeeperSettings>): Demand[] {
    const { members, resources, storage, logStorage } = given;
    return [{ pods: members, resources, claims: [storage, ...(logStorage === undefined ? [] : [logStorage])] }];
}

export type ZooKeeperSettings = z.input<typeof zookeeperSettings>;
export type ExternalZooKeeperSettings = z.output<typeof externalZookeeperSettings>;
