import type { Resources } from "../foundation/resources";
import { heapMebibytes } from "../foundation/quantity";

/** Where things are in the official image, and what a node listens on. */
export const httpPort = 9200;
export const transportPort = 9300;
/** User and group `opensearch` of the official image, which refuses to run as root. */
export const user = 1000;
export const home = "/usr/share/opensearch";

/** What the setup Task's container asks for: a shell, and the JVM of `securityadmin.sh`. */
export const setupResources: Resources = { cpu: "100m", memory: "512Mi", ephemeralStorage: "128Mi" };

/** Share of the memory that is Java heap unless one is given. */
const heapShare = 0.5;

/** From about 32 GiB on, Java needs twice the room for each reference; the sheet's bound is 31 GiB. */
export const largestHeap = 31 * 1024;

/** Java heap in MiB. */
export function heapOf(settings: {
    readonly heap?: string | undefined;
    readonly resources: { readonly memory: string };
}): number {
    return Math.min(heapMebibytes(settings.heap, settings.resources.memory, heapShare), largestHeap - 1);
}

/**
 * Options of the node's JVM, which follow those of the image's `jvm.options` and so overrule them: its log of the
 * garbage collector may grow to 32 files of 64 MB, and its heap dump fills the data volume.
 */
export function javaOptions(heap: number): string {
    return [
        `-Xms${heap}m`,
        `-Xmx${heap}m`,
        "-Xlog:disable",
        "-Xlog:all=warning:stderr:utctime,level,tags",
        "-XX:-HeapDumpOnOutOfMemoryError",
    ].join(" ");
}
