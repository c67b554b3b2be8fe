import { mebibytes } from "../foundation/quantity";

/** Languages of applications; the first two run in the JVM alone. */
export type ApplicationType = "Java" | "Scala" | "Python" | "R";

/**
 * What a pod gets on top of the heap, in MiB: a tenth of it, or four tenths where another process runs beside the JVM, and
 * 384 MiB at least (spark.driver.memoryOverheadFactor, spark.kubernetes.memoryOverheadFactor; Spark 4.0 "Running on
 * Kubernetes").
 */
export function overheadMebibytes(type: ApplicationType, memory: string, overhead: string | undefined): number {
    const factor = type === "Python" || type === "R" ? 0.4 : 0.1;
    return overhead === undefined ? Math.max(Math.trunc(factor * mebibytes(memory)), 384) : mebibytes(overhead);
}

/** Memory of a pod, in MiB: the heap and what comes on top of it. */
export function podMebibytes(
    type: ApplicationType,
    given: { readonly memory: string; readonly memoryOverhead?: string | undefined },
): number {
    return mebibytes(given.memory) + overheadMebibytes(type, given.memory, given.memoryOverhead);
}
