import type { Resources } from "../foundation/resources";
import { heapMebibytes } from "../foundation/quantity";

/** What a node listens on. TLS between nodes uses the storage port too: 7001 is for nodes before Cassandra 4.0. */
export const storagePort = 7000;
export const nativePort = 9042;

/** User and group `cassandra` of the official image (docker-library/cassandra 5.0). */
export const cassandraUser = 999;

/** Where things are in the official image, and where volumes are mounted. */
export const places = {
    /** CASSANDRA_CONF of the image. */
    config: "/etc/cassandra",
    data: "/var/lib/cassandra",
    /** A volume of its own, where there is one: not its root, which may hold lost+found. */
    commitlog: "/commitlog",
    scratch: "/tmp",
    logs: "/var/log/cassandra",
    /** The scripts of the program, read by the kubelet's probes too. */
    scripts: "/scripts",
} as const;

/** Name of the container that runs a node, for `kubectl exec -c`. */
export const nodeContainerName = "cassandra";
/** Names of the claims of a node. */
export const dataClaim = "data";
export const commitlogClaim = "commitlog";

/**
 * Scratch volumes: native libraries that Java unpacks, and what is left of a JVM that crashes; the copied configuration;
 * logs that somebody turns on, as the server's own go to the standard output.
 */
export const scratchSizes = { tmp: "256Mi", config: "16Mi", logs: "64Mi" } as const;
/** Least local storage of a pod: its scratch volumes, the copy of the JMX agent, and the containers' log files. */
export const leastScratch = "400Mi";

/** Share of the memory that is Java heap unless one is given; the rest is for off-heap memory and the page cache. */
const heapShare = 0.5;
/** From about 32 GiB on, Java needs twice the room for each reference; the sheet's bound is 31 GiB. */
export const largestHeap = 31 * 1024;

/** Java heap in MiB. */
export function heapOf(given: {
    readonly heap?: string | undefined;
    readonly resources: Pick<Resources, "memory">;
}): number {
    return Math.min(heapMebibytes(given.heap, given.resources.memory, heapShare), largestHeap - 1);
}

/** Names of the datacenter's Jobs, which no rack can have. */
export const jobNames = ["superuser", "repair", "snapshots"] as const;

/** What the container asks for that fills the configuration folder: a shell. */
export const configureResources = { cpu: "50m", cpuLimit: "500m", memory: "64Mi" } as const;
