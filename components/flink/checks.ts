import { jobManagerHeap, leastJobManagerHeap, leastTaskHeap, taskHeap } from "./memory";
import { overlaps } from "./keys";
import type { PlainSettings } from "./schema";
import { pluginSchemes, pluginsFor } from "./storage";

/*
 * What settings must have to do with each other: faults that no single one of them shows.
 */

/** A setting that does not go with the others, and what would. */
export interface CrossFault {
    readonly path: readonly (string | number)[];
    readonly expected: string;
}

type Check = (given: PlainSettings) => readonly CrossFault[];

/** What the program itself needs of the settings; each check says one thing. */
const checks: readonly Check[] = [
    availabilityFaults,
    workerFaults,
    storageFaults,
    memoryFaults,
    environmentFaults,
    configFaults,
];

/** Every fault of settings that are each right by themselves. */
export function sessionFaults(given: PlainSettings): readonly CrossFault[] {
    return checks.flatMap((check) => check(given));
}

function when(fault: boolean, path: CrossFault["path"], expected: string): CrossFault[] {
    return fault ? [{ path, expected }] : [];
}

function availabilityFaults({ jobManager, highAvailability, mode, checkpointing }: PlainSettings): CrossFault[] {
    const { kind } = highAvailability;
    return [
        ...when(
            kind === "none" && jobManager.replicas > 1,
            ["jobManager", "replicas"],
            "1, since without highAvailability two JobManagers would both lead",
        ),
        ...when(
            kind === "kubernetes" && mode.kind === "standalone",
            ["highAvailability", "kind"],
            "none or zookeeper with mode standalone, whose pods do not call the Kubernetes API",
        ),
        ...when(
            kind !== "none" && checkpointing === undefined,
            ["checkpointing"],
            "checkpointing with highAvailability: a job without checkpoints starts from scratch",
        ),
    ];
}

function workerFaults({ mode }: PlainSettings): CrossFault[] {
    return when(mode.kind === "native" && mode.least > mode.most, ["mode", "least"], "at most mode.most");
}

/** The directories that pods must reach, each with the path of its setting. */
function directories({ highAvailability, checkpointing }: PlainSettings): [path: readonly string[], uri: string][] {
    return [
        ...(highAvailability.kind === "none"
            ? []
            : [[["highAvailability", "storageDir"], highAvailability.storageDir] as [string[], string]]),
        ...(checkpointing === undefined
            ? []
            : [[["checkpointing", "directory"], checkpointing.directory] as [string[], string]]),
        ...(checkpointing?.savepointDirectory === undefined
            ? []
            : [[["checkpointing", "savepointDirectory"], checkpointing.savepointDirectory] as [string[], string]]),
    ];
}

function storageFaults(given: PlainSettings): CrossFault[] {
    const { plugins, s3, egress } = given;
    const used = directories(given);
    return [
        ...used.flatMap(([path, uri]) =>
            when(
                !pluginsFor(uri).some((plugin) => plugins.includes(plugin)),
                path,
                `a directory whose scheme one of plugins serves (${pluginsFor(uri).join(" | ")})`,
            ),
        ),
        ...when(
            s3 !== undefined && !plugins.some((plugin) => pluginSchemes[plugin].some((scheme) => scheme === "s3")),
            ["s3"],
            "nothing without s3-fs-presto or s3-fs-hadoop among plugins",
        ),
        ...when(
            used.length > 0 && egress.length === 0,
            ["egress"],
            "at least one entry: the way to the object store of the directories",
        ),
    ];
}

function memoryFaults({ jobManager, taskManager }: PlainSettings): CrossFault[] {
    const ofJobManager = { memory: jobManager.resources.memory, metaspace: jobManager.metaspace };
    const { metaspace, overhead, managedFraction } = taskManager;
    const ofTaskManager = { memory: taskManager.resources.memory, metaspace, overhead, managedFraction };
    return [
        ...when(
            jobManagerHeap(ofJobManager) < leastJobManagerHeap,
            ["jobManager", "resources", "memory"],
            `enough for ${leastJobManagerHeap}Mi of heap beside metaspace, overhead and 128Mi off the heap`,
        ),
        ...when(
            taskHeap(ofTaskManager) < leastTaskHeap,
            ["taskManager", "resources", "memory"],
            `enough for ${leastTaskHeap}Mi of heap for tasks beside metaspace, overhead, managed memory, network and 256Mi of the framework`,
        ),
    ];
}

function environmentFaults({ env, secretEnv, secretFiles }: PlainSettings): CrossFault[] {
    const mounts = Object.entries(secretFiles);
    const nested = (path: string, other: string) => path === other || path.startsWith(`${other}/`);
    return [
        ...Object.keys(secretEnv).flatMap((name) =>
            when(name in env, ["secretEnv", name], "a variable that env does not have"),
        ),
        ...mounts.flatMap(([name, path], index) =>
            when(
                mounts.some(([, other], place) => place !== index && nested(path, other)),
                ["secretFiles", name],
                "a directory of its own, not in that of another Secret",
            ),
        ),
    ];
}

function configFaults({ config }: PlainSettings): CrossFault[] {
    return [
        ...overlaps(Object.keys(config)).map(([shorter, longer]) => ({
            path: ["config", longer],
            expected: `no key below ${shorter}, which has a value itself (config.yaml is a tree)`,
        })),
        ...Object.entries(config).flatMap(([key, value]) =>
            when(
                /:\/\/[^/@]*:[^/@]*@/.test(String(value)),
                ["config", key],
                "a value without a password, since the file is a ConfigMap",
            ),
        ),
    ];
}
