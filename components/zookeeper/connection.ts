import type { Flow } from "../foundation/networkPolicy";
import { tcp } from "../foundation/networkPolicy";
import type { ExternalZooKeeperSettings } from "./schema";

/** What a system needs to know to use a ZooKeeper ensemble, whoever runs it. */
export interface ZooKeeperConnection {
    /** Comma-separated `host:port` list, with an optional path. */
    readonly connectionString: string;
    /** The way there, for the network policies of its clients. */
    readonly flow: Flow;
}

/** The connection to an ensemble that somebody else runs. */
export function externalZooKeeper(settings: ExternalZooKeeperSettings): ZooKeeperConnection {
    return {
        connectionString: settings.connectionString,
        flow: { peers: settings.peers, ports: tcp(settings.port) },
    };
}
