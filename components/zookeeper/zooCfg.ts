import type { z } from "zod";
import { properties } from "../foundation/configFiles";
import { ifGiven, milliseconds } from "../foundation/values";
import type { zookeeperSettings } from "./schema";
import { storeFile } from "./securityFiles";
import type { TlsSettings } from "./securitySchema";

export const clientPort = 2181;
/**
 * Clients with TLS connect here. ZooKeeper has no default for it; this is the port of its own SSL user guide, and 2182,
 * which some use, is often the second plain member on one machine.
 */
export const secureClientPort = 2281;
/** Followers connect to the leader here. */
export const serverPort = 2888;
export const electionPort = 3888;
export const metricsPort = 7000;

/** Snapshots and `myid`. */
export const dataDirectory = "/data";
/** The transaction log, where it has a volume of its own. */
export const logDirectory = "/datalog";

type Settings = z.output<typeof zookeeperSettings>;

/**
 * The `zoo.cfg` of an ensemble, the same for all members. It replaces the file that the image would write from its
 * variables, so every default that the image sets there is set here.
 */
export function zooCfg(settings: Settings, hosts: readonly string[]): string {
    return properties({
        tickTime: milliseconds(settings.tickTime),
        initLimit: settings.initLimit,
        syncLimit: settings.syncLimit,
        minSessionTimeout: ifGiven(settings.minSessionTimeout, milliseconds),
        maxSessionTimeout: ifGiven(settings.maxSessionTimeout, milliseconds),
        dataDir: dataDirectory,
        dataLogDir: settings.logStorage === undefined ? undefined : logDirectory,
        "autopurge.snapRetainCount": settings.retainedSnapshots,
        "autopurge.purgeInterval": milliseconds(settings.purgeInterval) / 3600e3,
        maxClientCnxns: settings.maxClientConnections,
        // With several members, one that starts alone must not serve alone.
        standaloneEnabled: hosts.length === 1,
        reconfigEnabled: false,
        // Its read commands need no authentication, and always answer 200: no use as a probe.
        "admin.enableServer": false,
        "4lw.commands.whitelist": "srvr,ruok,mntr,conf",
        ...(settings.metrics && {
            "metricsProvider.className": "org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider",
            "metricsProvider.httpPort": metricsPort,
            "metricsProvider.exportJvmInfo": true,
        }),
        ...clientTls(settings.tls),
        ...quorumTls(settings.tls),
        ...(settings.authentication && {
            "authProvider.sasl": "org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
            sessionRequireClientSASLAuth: settings.authentication.required,
        }),
        ...Object.fromEntries(
            hosts.map((host, index) => [
                `server.${index + 1}`,
                `${host}:${serverPort}:${electionPort};${clientAddress(settings.tls)}`,
            ]),
        ),
    });
}

type Entries = Readonly<Record<string, string | number | boolean>>;

/** Where clients without TLS connect: with TLS required that is the member itself, for its probes and its operators. */
function clientAddress(tls: TlsSettings): string {
    return tls.client === "required" ? `127.0.0.1:${clientPort}` : String(clientPort);
}

/** Ports that clients connect to, by the names that they have in pods and Services. */
export function clientPorts(tls: TlsSettings): Readonly<Record<string, number>> {
    return {
        ...(tls.client !== "required" && { client: clientPort }),
        ...(tls.client !== "off" && { "secure-client": secureClientPort }),
    };
}

const stores = (prefix: "ssl" | "ssl.quorum", of: "client" | "quorum"): Entries => ({
    [`${prefix}.keyStore.location`]: storeFile(of, "key"),
    [`${prefix}.keyStore.type`]: "PEM",
    [`${prefix}.trustStore.location`]: storeFile(of, "trust"),
    [`${prefix}.trustStore.type`]: "PEM",
});

function clientTls(tls: TlsSettings): Entries {
    if (tls.client === "off") {
        return {};
    }
    return {
        // The default server for clients (NIO) knows no TLS.
        serverCnxnFactory: "org.apache.zookeeper.server.NettyServerCnxnFactory",
        secureClientPort,
        ...stores("ssl", "client"),
        "ssl.clientAuth": tls.clientCertificates,
        // The documented default; what 3.9.4 really does without it is 1.3 alone (ClientX509Util.getEnabledProtocols).
        "ssl.enabledProtocols": "TLSv1.3,TLSv1.2",
    };
}

function quorumTls(tls: TlsSettings): Entries {
    if (tls.quorum === "off") {
        return {};
    }
    return {
        sslQuorum: tls.quorum !== "accepted",
        portUnification: tls.quorum !== "required",
        ...stores("ssl.quorum", "quorum"),
        // In FIPS mode, the default of 3.9, nobody checks whether a certificate is the one of the member that was meant
        // to be reached (X509Util.createTrustManager).
        "fips-mode": false,
        "ssl.quorum.hostnameVerification": true,
        // Who connects is known by address only. Its name would come from a reverse look-up (ZKTrustManager), which not
        // every cluster's DNS answers for pods; its certificate must still be of the quorum's authority.
        "ssl.quorum.clientHostnameVerification": false,
        // Closing a TLS socket may block for long; upstream recommends both with sslQuorum.
        "learner.closeSocketAsync": true,
        "leader.closeSocketAsync": true,
    };
}

/** Share of the memory that is Java heap unless one is given. */
export const heapShare = 0.6;

/*
 * printf, not echo: the server reads four bytes and closes, and with a line break left unread the kernel resets the
 * connection, at times before nc has read the answer. Of 400 `echo ruok` to a healthy 3.9.4 on loopback 22 failed so, of
 * 400 `printf ruok` none.
 */

/**
 * Ready means member of a quorum: `srvr` answers with a mode only while the member serves. A member of a larger
 * ensemble that runs standalone has a wrong configuration and must not count as ready.
 */
export function readinessCommand(members: number): readonly string[] {
    const modes = members === 1 ? "standalone" : "(leader|follower|observer)";
    return ["bash", "-c", `printf srvr | nc -w 2 127.0.0.1 ${clientPort} | grep -Eq '^Mode: ${modes}'`];
}

/** Alive means that the process answers, with or without a quorum. */
export const livenessCommand: readonly string[] = [
    "bash",
    "-c",
    `[ "$(printf ruok | nc -w 2 127.0.0.1 ${clientPort})" = imok ]`,
];
