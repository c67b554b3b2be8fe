import type { types } from "@pulumi/kubernetes";
import { formatCpu, parseQuantity } from "./quantity";
import { bytes, cpu, settings } from "./values";

/** What a container asks for and may use. */
export interface Resources {
    /** CPU request, in cores. */
    readonly cpu: string;
    /**
     * CPU limit, in cores.
     *
     * @default four times the request
     */
    readonly cpuLimit?: string | undefined;
    /** Memory request and limit alike: memory can't be taken back from a process, so overcommitting it kills pods. */
    readonly memory: string;
    /**
     * Request and limit of local ephemeral storage: logs, scratch volumes and the writable layer.
     *
     * @default 512Mi
     */
    readonly ephemeralStorage?: string | undefined;
}

const defaultEphemeralStorage = "512Mi";
const defaultCpuLimitRatio = 4;

/**
 * The settings of {@link Resources}, each with the default that its owner gives.
 *
 * @param scratch what the owner's own scratch volumes may hold together: local storage below it would evict the pod
 * while they are still within their limits
 */
export function resourceSettings(defaults: Resources, scratch = "1Mi") {
    return settings({
        cpu: cpu().default(defaults.cpu).describe(`CPU request. Default ${defaults.cpu}.`),
        cpuLimit: cpu()
            .optional()
            .describe(`CPU limit. Default ${defaults.cpuLimit ?? "four times the request"}.`),
        memory: bytes().default(defaults.memory).describe(`Memory request and limit. Default ${defaults.memory}.`),
        ephemeralStorage: bytes()
            .refine((given) => parseQuantity(given) >= parseQuantity(scratch), {
                error: `at least ${scratch}, which scratch volumes may fill`,
            })
            .default(defaults.ephemeralStorage ?? defaultEphemeralStorage)
            .describe(
                `Request and limit of local storage. Default ${defaults.ephemeralStorage ?? defaultEphemeralStorage}.`,
            ),
    })
        .refine((given) => given.cpuLimit === undefined || parseQuantity(given.cpuLimit) >= parseQuantity(given.cpu), {
            path: ["cpuLimit"],
            error: "a CPU limit of at least the request",
        })
        .prefault({});
}

/** CPU limit of a container, in cores. */
export function cpuLimitOf(resources: Resources): string {
    return resources.cpuLimit ?? formatCpu(parseQuantity(resources.cpu) * defaultCpuLimitRatio);
}

/** Requests and limits as Kubernetes wants them. */
export function requirements(resources: Resources): types.input.core.v1.ResourceRequirements {
    const storage = resources.ephemeralStorage ?? defaultEphemeralStorage;
    return {
        requests: { cpu: resources.cpu, memory: resources.memory, "ephemeral-storage": storage },
        limits: {
            cpu: cpuLimitOf(resources),
            memory: resources.memory,
            "ephemeral-storage": storage,
        },
    };
}
