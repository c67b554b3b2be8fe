import type { z } from "zod";
import { properties } from "../foundation/configFiles";
import { ifGiven, milliseconds } from "../foundation/values";
import type { zookeeperSettings } from "./schema";

export const clientPort = 2181;
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
        ...Object.fromEntries(
            hosts.map((host, index) => [`server.${index + 1}`, `${host}:${serverPort}:${electionPort};${clientPort}`]),
        ),
    });
}

/** Share of the memory that is Java heap unless one is given. */
export const heapShare = 0.6;

/**
 * Ready means member of a quorum: `srvr` answers with a mode only while the member serves. A member of a larger
 * ensemble that runs standalone has a wrong configuration and must not count as ready.
 */
export function readinessCommand(members: number): readonly string[] {
    const modes = members === 1 ? "standalone" : "(leader|follower|observer)";
    return ["bash", "-c", `echo srvr | nc -w 2 127.0.0.1 ${clientPort} | grep -Eq '^Mode: ${modes}'`];
}

/** Alive means that the process answers, with or without a quorum. */
export const livenessCommand: readonly string[] = [
    "bash",
    "-c",
    `[ "$(echo ruok | nc -w 2 127.0.0.1 ${clientPort})" = imok ]`,
];
