import type * as pulumi from "@pulumi/pulumi";
import type { SignedCertificate } from "../foundation/certificates";
import type { Flow } from "../foundation/networkPolicy";
import { tcp } from "../foundation/networkPolicy";
import type { ExternalZooKeeperSettings } from "./schema";

/** How clients of an ensemble use TLS. */
export interface ZooKeeperTls {
    /** Comma-separated `host:port` list of the ports that speak TLS. */
    readonly connectionString: string;
    /** Whether there is no way without TLS. The connection's own `connectionString` is then the same as this one. */
    readonly required: boolean;
    /** PEM certificates of the authorities to trust; absent where the client's image trusts them anyway. */
    readonly caCertificate?: pulumi.Input<string>;
    /** A certificate for clients to show; absent where none is asked for, or where it comes from elsewhere. */
    readonly clientCertificate?: SignedCertificate;
    /** Changes whenever the certificates do: put it into the config hashes of the pods that use them. */
    readonly rotation: number;
}

/** A user of an ensemble, by SASL with DIGEST-MD5. */
export interface ZooKeeperLogin {
    readonly username: string;
    /** A secret. */
    readonly password: pulumi.Output<string>;
    /** Changes whenever the password does: put it into the config hashes of the pods that use it. */
    readonly rotation: number;
}

/** How clients of an ensemble log in. */
export interface ZooKeeperAuthentication {
    /** Whether clients without a login are refused. */
    readonly required: boolean;
    /** The generated logins by their short names; those from existing Secrets are not known to the program. */
    readonly logins: Readonly<Record<string, ZooKeeperLogin>>;
}

/** What a system needs to know to use a ZooKeeper ensemble, whoever runs it. */
export interface ZooKeeperConnection {
    /** Comma-separated `host:port` list, with an optional path; it speaks TLS only where TLS is required. */
    readonly connectionString: string;
    /** The way there, for the network policies of its clients. */
    readonly flow: Flow;
    /** How to use TLS; absent where the ensemble offers none. */
    readonly tls?: ZooKeeperTls;
    /** How to log in; absent where the ensemble knows no logins. */
    readonly authentication?: ZooKeeperAuthentication;
}

/** Whether clients are served that use neither TLS nor a login, as those of several systems must be. */
export function servesPlainClients({
    tls,
    authentication,
}: Pick<ZooKeeperConnection, "tls" | "authentication">): boolean {
    return tls?.required !== true && authentication?.required !== true;
}

/** The connection to an ensemble that somebody else runs. */
export function externalZooKeeper(settings: ExternalZooKeeperSettings): ZooKeeperConnection {
    const { connectionString, tls } = settings;
    return {
        connectionString,
        flow: { peers: settings.peers, ports: tcp(settings.port) },
        ...(tls && {
            tls: {
                connectionString,
                required: true,
                ...(tls.caCertificate !== undefined && { caCertificate: tls.caCertificate }),
                rotation: 0,
            },
        }),
    };
}
