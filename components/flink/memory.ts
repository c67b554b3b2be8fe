import { mebibytes } from "../foundation/quantity";

/*
 * How Flink divides the memory of a process (docs "Set up Flink's Process Memory", and the defaults of
 * JobManagerOptions and TaskManagerOptions, 2.2.1). All sizes in MiB.
 */

/** Overhead of a Java process where none is given: a tenth of the process, within bounds. */
const overhead = { share: 0.1, least: 192, most: 1024 } as const;
/** jobmanager.memory.off-heap.size. */
const jobManagerOffHeap = 128;
/** What a JobManager's heap should not fall below (JobManagerOptions.MIN_JVM_HEAP_SIZE). */
export const leastJobManagerHeap = 128;
/** taskmanager.memory.framework.heap.size and .off-heap.size. */
const framework = 2 * 128;
/** taskmanager.memory.network.fraction and .min. */
const network = { share: 0.1, least: 64 } as const;
/** Heap of a TaskManager's tasks below which no job does anything useful. */
export const leastTaskHeap = 64;

/** What the sizes of a process are made of. */
export interface ProcessMemory {
    /** Of the whole process, which is the container's. */
    readonly memory: string;
    readonly metaspace: string;
    /** @default a tenth of the memory, from 192 to 1024 MiB */
    readonly overhead?: string | undefined;
}

function flinkMemory(given: ProcessMemory): number {
    const process = mebibytes(given.memory);
    const beside =
        given.overhead === undefined
            ? Math.min(overhead.most, Math.max(overhead.least, Math.floor(process * overhead.share)))
            : mebibytes(given.overhead);
    return process - mebibytes(given.metaspace) - beside;
}

/** Heap of a JobManager in MiB; negative where the memory is too small. */
export function jobManagerHeap(given: ProcessMemory): number {
    return flinkMemory(given) - jobManagerOffHeap;
}

/** Heap of a TaskManager's tasks in MiB; negative where the memory is too small. */
export function taskHeap(given: ProcessMemory & { readonly managedFraction: number }): number {
    const total = flinkMemory(given);
    const managed = Math.floor(total * given.managedFraction);
    return total - framework - managed - Math.max(network.least, Math.floor(total * network.share));
}
