import type { Flow } from "../foundation/networkPolicy";
import { servesPlainClients, type ZooKeeperConnection } from "../zookeeper/connection";

/** What a system needs to know to use a BookKeeper cluster. */
export interface BookKeeperConnection {
    /** Number of bookies. */
    readonly bookies: number;
    /** Comma-separated `host:port` list of the ensemble that holds the cluster's metadata, without a path. */
    readonly zookeeperServers: string;
    /** Znode of the cluster's metadata, from the root of that ensemble. */
    readonly ledgersPath: string;
    /** The way to the bookies, for the network policies of clients. They need the one to the ensemble too. */
    readonly flow: Flow;
}

/**
 * Least number of bookies for ledgers with so many copies, all of which are acknowledged: with as many bookies as copies
 * one outage would stop every new ledger.
 */
export function leastBookies(replicas: number): number {
    return replicas + 1;
}

/** The servers of an ensemble, and the path below which its clients stay; empty for the root. */
export interface ZooKeeperServers {
    /** Comma-separated `host:port` list. */
    readonly servers: string;
    readonly path: string;
}

/**
 * Takes a connection string apart, since BookKeeper and DistributedLog know no path of a connection: they address every
 * znode from the root (ZKMetadataDriverBase.resolveZkLedgersRootPath, ZkMetadataResolver.resolve).
 *
 * @throws Error when the ensemble asks for TLS or a login, which the bookies here have none of
 */
export function plainServers(
    zookeeper: Pick<ZooKeeperConnection, "connectionString" | "tls" | "authentication">,
    client: string,
): ZooKeeperServers {
    if (!servesPlainClients(zookeeper)) {
        throw new Error(
            `${client} connects to ZooKeeper without TLS and without a login, but the ensemble requires them`,
        );
    }
    const [servers = "", ...steps] = zookeeper.connectionString.split("/");
    const path = steps.filter((step) => step !== "").map((step) => `/${step}`);
    return { servers, path: path.join("") };
}
