import { mebibytes, parseQuantity } from "../foundation/quantity";
import { connectorPorts } from "./connectorTree";
import { executionControllerPort } from "./jobDefaults";
import type { PlainSettings } from "./schema";

/*
 * What settings must have to do with each other: faults that no single one of them shows.
 */

/** Memory that a Node process of the master needs beside its heap: code, buffers, the garbage collector. */
export const memoryBesideHeap = 128;
/** node_master, cluster_master and assets_service share the master's pod. */
export const masterProcesses = 3;
/** Local storage of the master that stays free for logs and /tmp. */
export const storageBesideAssets = 512;

/** The heap of each of the master's processes, in MiB. */
export function masterHeap(given: Pick<PlainSettings, "heap" | "resources">): number {
    return given.heap === undefined
        ? Math.floor(mebibytes(given.resources.memory) / masterProcesses) - memoryBesideHeap
        : mebibytes(given.heap);
}

/** A setting that does not go with the others, and what would. */
export interface CrossFault {
    readonly path: (string | number)[];
    readonly expected: string;
}

function masterFaults(given: PlainSettings): CrossFault[] {
    const memory = mebibytes(given.resources.memory);
    const heap = masterHeap(given);
    const faults: CrossFault[] = [];
    if (heap < memoryBesideHeap) {
        const least = masterProcesses * 2 * memoryBesideHeap;
        faults.push({
            path: given.heap === undefined ? ["resources", "memory"] : ["heap"],
            expected:
                given.heap === undefined
                    ? `at least ${least}Mi for three Node processes`
                    : `at least ${memoryBesideHeap}Mi`,
        });
    } else if (masterProcesses * (heap + memoryBesideHeap) > memory) {
        const most = Math.floor(memory / masterProcesses) - memoryBesideHeap;
        faults.push({
            path: ["heap"],
            expected: `at most ${most}Mi: three heaps and ${memoryBesideHeap}Mi beside each must fit into ${given.resources.memory}`,
        });
    }
    if (given.sharedAssets === undefined && mebibytes(given.resources.ephemeralStorage) < 2 * storageBesideAssets) {
        faults.push({
            path: ["resources", "ephemeralStorage"],
            expected: `at least ${2 * storageBesideAssets}Mi for unpacked assets, or sharedAssets`,
        });
    }
    return faults;
}

function connectionFaults(given: PlainSettings): CrossFault[] {
    const faults: CrossFault[] = [];
    if (given.assetStorage.type === "s3" && !Object.hasOwn(given.connectors.s3, given.assetStorage.connection)) {
        const known = Object.keys(given.connectors.s3);
        faults.push({
            path: ["assetStorage", "connection"],
            expected: `the name of one of connectors.s3 (${known.length === 0 ? "there is none" : known.join(", ")})`,
        });
    }
    const open = new Set(
        given.egress.flatMap(({ ports }) => ports.filter((each) => each.protocol === "TCP").map((each) => each.port)),
    );
    for (const { path, port: needed } of connectorPorts(given.connectors)) {
        if (!open.has(needed)) {
            faults.push({
                path: ["connectors", ...path],
                expected: `an entry of egress with TCP port ${needed} for it: without one no pod could connect`,
            });
        }
    }
    return faults;
}

function jobFaults(given: PlainSettings): CrossFault[] {
    const { jobDefaults: job, namespace, metrics } = given;
    const faults: CrossFault[] = [];
    if (job.stateful === true && given.priority === undefined) {
        faults.push({
            path: ["jobDefaults", "stateful"],
            expected: "priority too: Teraslice ignores stateful without a priority class",
        });
    }
    if (job.podSpecOverride !== undefined && !given.podSpecOverrides) {
        faults.push({
            path: ["jobDefaults", "podSpecOverride"],
            expected: "podSpecOverrides: true, without which Teraslice refuses such jobs",
        });
    }
    const requested = job.resources?.requests.cpu;
    if (
        requested !== undefined &&
        job.resources?.limits.cpu === undefined &&
        parseQuantity(requested) > parseQuantity(namespace.containerDefaults.cpuLimit)
    ) {
        faults.push({
            path: ["jobDefaults", "resources", "limits", "cpu"],
            expected: `a CPU limit, since the namespace's default of ${namespace.containerDefaults.cpuLimit} is below the request`,
        });
    }
    const enabled = job.metrics.enabled ?? metrics.enabled;
    const metricsPort = job.metrics.port ?? metrics.port;
    job.externalPorts.forEach(({ name, port: number }, index) => {
        if (enabled && name !== "metrics" && number === metricsPort) {
            faults.push({
                path: ["jobDefaults", "externalPorts", index, "name"],
                expected:
                    "the name metrics for the port of metrics: Teraslice adds none with that name then, and no PodMonitor would find it",
            });
        }
        if (enabled && name === "metrics" && number !== metricsPort) {
            faults.push({
                path: ["jobDefaults", "externalPorts", index, "name"],
                expected: `a name other than metrics, which Teraslice gives port ${metricsPort}`,
            });
        }
    });
    if (job.metrics.port === executionControllerPort) {
        faults.push({
            path: ["jobDefaults", "metrics", "port"],
            expected: `a port other than ${executionControllerPort}, on which execution controllers serve their workers`,
        });
    }
    const claim = given.sharedAssets?.existingClaim;
    job.volumes.forEach(({ name }, index) => {
        if (name === claim) {
            faults.push({
                path: ["jobDefaults", "volumes", index, "name"],
                expected: "a claim other than that of sharedAssets, which every pod mounts already",
            });
        }
    });
    return faults;
}

/** Every fault between the settings of a cluster. */
export function crossFaults(given: PlainSettings): CrossFault[] {
    return [...masterFaults(given), ...connectionFaults(given), ...jobFaults(given)];
}
