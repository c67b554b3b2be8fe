import { z } from "zod";
import { placementShape } from "../foundation/placement";
import { parseQuantity } from "../foundation/quantity";
import {
    bytes,
    cpu,
    dnsLabel,
    dnsName,
    flag,
    labelKey,
    labelValue,
    oneOf,
    settings,
    text,
    variants,
    whole,
    words,
} from "../foundation/values";

/** An absolute path in a container. */
const containerPath = () =>
    text(/^(\/[A-Za-z0-9._-]+)+$/, 500, "an absolute path of letters, digits, ., _ and -, such as /data").refine(
        (path) => !reservedPaths.some((reserved) => path === reserved || path.startsWith(`${reserved}/`)),
        { error: "a path other than those that Spark and the pods' scratch volumes have" },
    );

/** Where a pod's scratch volumes and Spark's own ConfigMap are. */
export const places = {
    /** Shuffle files and spilled data (SPARK_LOCAL_DIRS). */
    local: "/var/data/spark-local",
    /** The entry point and the JVM write here. */
    temporary: "/tmp",
    /** Folder that processes start in; dependencies of an application are put there. */
    work: "/opt/spark/work-dir",
    /** Spark's own configuration, a ConfigMap that the submission makes. */
    config: "/opt/spark/conf",
} as const;

const reservedPaths = Object.values(places);

/** Sizes of the scratch volumes beside the local directory. */
export const scratchSizes = { temporary: "512Mi", work: "512Mi" } as const;

/** What a pod's scratch volumes may hold together, in bytes, with those that are no claims of their own. */
function scratchBytes(local: string | undefined): number {
    return [...Object.values(scratchSizes), ...(local === undefined ? [] : [local])]
        .map(parseQuantity)
        .reduce((sum, each) => sum + each, 0);
}

/** Labels that Spark, its operator and the program give pods themselves. */
const ownLabel = /^(spark-.*|.*sparkoperator\.k8s\.io\/.*|app\.kubernetes\.io\/.*|data-platform\/.*)$/;

const javaOptions = () =>
    words()
        .refine((given) => !/(^|\s)-Xm[xs]/.test(given), {
            error: "JVM options without -Xmx and -Xms, which Spark derives from memory",
            abort: true,
        })
        .refine((given) => !/(^|\s)-Dspark\./.test(given), {
            error: "JVM options without -Dspark.…: sparkConf is for those",
            abort: true,
        });

const { targets, priority } = placementShape;

/** Spark's unified memory manager refuses to start with less (1.5 times 300 MB of reserved memory). */
const leastMemory = "512Mi";

const podShape = {
    cores: whole(1, 256)
        .default(1)
        .describe("Tasks that run at the same time, of a driver its threads. From 1 to 256. Default 1."),
    cpu: cpu().optional().describe("CPU request. Default cores."),
    cpuLimit: cpu().optional().describe("CPU limit. Default cores, or the request where that is more."),
    memory: bytes()
        .refine((given) => parseQuantity(given) >= parseQuantity(leastMemory), {
            error: `at least ${leastMemory}, below which Spark's memory manager does not start`,
        })
        .default("1Gi")
        .describe("Java heap; whole MiB. Default 1Gi."),
    memoryOverhead: bytes()
        .optional()
        .describe(
            "Memory beside the heap. Default a tenth of the heap, of Python and R applications four tenths; at least 384Mi.",
        ),
    ephemeralStorage: bytes()
        .default("4Gi")
        .describe("Request and limit of local storage: scratch volumes and logs. Default 4Gi."),
    javaOptions: javaOptions().optional().describe("Further options of the JVM. Never secrets. Default none."),
    labels: z
        .record(
            labelKey().refine((key) => !ownLabel.test(key), {
                error: "a label that neither Spark nor the platform sets itself",
                abort: true,
            }),
            labelValue(),
        )
        .default({})
        .describe("Further labels of the pods. Default none."),
    targets: targets.describe("Target set that says where the pods run. Default: anywhere."),
    priority: priority.describe("Priority class of the pods. Default: the cluster's default priority."),
};

const scratch = () =>
    bytes()
        .default("2Gi")
        .describe("Size at which the kubelet evicts the pod. It counts against ephemeralStorage. Default 2Gi.");

const cpuFits = (given: {
    readonly cores: number;
    readonly cpu?: string | undefined;
    readonly cpuLimit?: string | undefined;
}): boolean => given.cpuLimit === undefined || parseQuantity(given.cpuLimit) >= parseQuantity(cpuRequest(given));

const cpuFault = { path: ["cpuLimit"], error: "a CPU limit of at least the request" };

const storageExpected = (local: string | undefined) =>
    `more than ${scratchBytes(local) / 2 ** 20}Mi, which the scratch volumes may fill`;

/** CPU request of a pod: as given, or its cores. */
export function cpuRequest(given: { readonly cores: number; readonly cpu?: string | undefined }): string {
    return given.cpu ?? String(given.cores);
}

/** CPU limit of a pod: as given, or its cores, or the request where that is more. */
export function cpuLimit(given: {
    readonly cores: number;
    readonly cpu?: string | undefined;
    readonly cpuLimit?: string | undefined;
}): string {
    const request = cpuRequest(given);
    return given.cpuLimit ?? (parseQuantity(request) > given.cores ? request : String(given.cores));
}

/** The driver of an application. */
export const driverSettings = settings({ ...podShape, scratch: scratch() })
    .refine(cpuFits, cpuFault)
    .superRefine((given, context) => {
        if (parseQuantity(given.ephemeralStorage) <= scratchBytes(given.scratch)) {
            context.addIssue({
                code: "custom",
                path: ["ephemeralStorage"],
                message: storageExpected(given.scratch),
            });
        }
    })
    .prefault({});

/** Where an executor keeps shuffle files and what it spills. */
const executorScratch = variants("kind", [
    settings({
        kind: z.literal("emptyDir").describe("The node's own storage; the default."),
        size: scratch(),
    }),
    settings({
        kind: z
            .literal("claim")
            .describe("A volume of each executor's own, which the driver claims and removes with the application."),
        storageClass: dnsName().describe("StorageClass of the volumes."),
        size: bytes().describe("Size of each volume."),
    }),
]).prefault({ kind: "emptyDir" });

/** The executors of an application. */
export const executorSettings = settings({
    ...podShape,
    instances: whole(1, 10000)
        .optional()
        .describe("Number of executors. Default 1; none beside dynamicAllocation, which finds it."),
    scratch: executorScratch.describe("Where shuffle files lie. Default 2Gi of the node's storage."),
})
    .refine(cpuFits, cpuFault)
    .superRefine((given, context) => {
        const local = given.scratch.kind === "emptyDir" ? given.scratch.size : undefined;
        if (parseQuantity(given.ephemeralStorage) <= scratchBytes(local)) {
            context.addIssue({ code: "custom", path: ["ephemeralStorage"], message: storageExpected(local) });
        }
    })
    .prefault({});

const mountShape = {
    path: containerPath().describe("Where the containers see it."),
    part: oneOf("both", "driver", "executors")
        .default("both")
        .describe("Whose pods mount it: both, driver or executors. Default both."),
};

const readOnly = flag().default(false).describe("Whether the containers may only read. Default false.");

/** What an application's pods mount. What stands on the node itself (hostPath) is no choice: Pod Security refuses it. */
export const volumeSettings = variants("kind", [
    settings({
        kind: z.literal("files").describe("Files of the application's own, which the stack keeps in a ConfigMap."),
        files: z
            .record(
                text(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 253, "a file name of letters, digits, ., _ and -"),
                z.string({ error: "text" }),
            )
            .refine((files) => Object.keys(files).length > 0, { error: "at least one file" })
            .describe("Texts by file name. Never secrets. A change submits the application again."),
        ...mountShape,
    }),
    settings({
        kind: z.literal("configMap").describe("A ConfigMap that exists in the job namespace."),
        name: dnsName().describe("Its name."),
        ...mountShape,
    }),
    settings({
        kind: z.literal("secret").describe("A Secret that exists in the job namespace."),
        name: dnsName().describe("Its name."),
        ...mountShape,
    }),
    settings({
        kind: z.literal("claim").describe("A claim that exists in the job namespace; all the pods share it."),
        name: dnsName().describe("Its name."),
        readOnly,
        ...mountShape,
    }),
]);

/** Name of an application's volume; those of the pods' own are taken. */
export const volumeName = () =>
    dnsLabel(40).refine((name) => !/^(spark-|tmp$|work$)/.test(name), {
        error: "a name other than tmp, work and spark-…, which Spark and the pods' scratch volumes have",
        abort: true,
    });

export type DriverSettings = z.output<typeof driverSettings>;
export type ExecutorSettings = z.output<typeof executorSettings>;
export type VolumeSettings = z.output<typeof volumeSettings>;
