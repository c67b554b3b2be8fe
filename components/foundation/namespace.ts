import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type Foundation, protection } from "./environment";
import { type Labels, objectLabels } from "./labels";
import { dnsFlow, networkPolicy } from "./networkPolicy";
import { parseQuantity } from "./quantity";
import { bytes, cpu, dnsLabel, flag, settings, whole } from "./values";

/** What all pods of a namespace may ask for together. */
const quotaSettings = settings({
    cpu: cpu().optional().describe("Sum of CPU requests."),
    cpuLimit: cpu().optional().describe("Sum of CPU limits."),
    memory: bytes().optional().describe("Sum of memory requests, and of memory limits."),
    memoryLimit: bytes()
        .optional()
        .describe("Sum of memory limits, where containers have higher ones than they request. Default memory."),
    storage: bytes().optional().describe("Sum of the sizes of persistent volume claims."),
    pods: whole(1, 100000).optional().describe("Number of pods that have not ended."),
});

/** What a container gets that asks for nothing. */
interface ContainerDefaults {
    readonly cpu: string;
    readonly cpuLimit: string;
    readonly memory: string;
    readonly memoryLimit?: string;
    readonly ephemeralStorage: string;
}

/** Little, such as for the worker of a job without resources. */
const containerDefaults: ContainerDefaults = { cpu: "100m", cpuLimit: "1", memory: "512Mi", ephemeralStorage: "1Gi" };

const containerDefaultSettings = (defaults: ContainerDefaults) => {
    const memoryLimit = bytes()
        .optional()
        .describe(`Memory limit. Default ${defaults.memoryLimit ?? "the request"}.`);
    return settings({
        cpu: cpu().default(defaults.cpu).describe(`CPU request. Default ${defaults.cpu}.`),
        cpuLimit: cpu().default(defaults.cpuLimit).describe(`CPU limit. Default ${defaults.cpuLimit}.`),
        memory: bytes().default(defaults.memory).describe(`Memory request. Default ${defaults.memory}.`),
        memoryLimit: defaults.memoryLimit === undefined ? memoryLimit : memoryLimit.prefault(defaults.memoryLimit),
        ephemeralStorage: bytes()
            .default(defaults.ephemeralStorage)
            .describe(`Request and limit of local storage. Default ${defaults.ephemeralStorage}.`),
    })
        .refine((given) => parseQuantity(given.cpuLimit) >= parseQuantity(given.cpu), {
            path: ["cpuLimit"],
            error: "a CPU limit of at least the request",
        })
        .refine(
            (given) =>
                given.memoryLimit === undefined || parseQuantity(given.memoryLimit) >= parseQuantity(given.memory),
            { path: ["memoryLimit"], error: "a memory limit of at least the request" },
        )
        .prefault({});
};

const namespaceShape = (defaults: ContainerDefaults) => ({
    name: dnsLabel().optional().describe("Name of the namespace. Default <environment>-<part>."),
    quota: quotaSettings.optional().describe("What all pods of the namespace may ask for together. Default: no quota."),
    containerDefaults: containerDefaultSettings(defaults).describe("What a container gets that asks for nothing."),
});

/** A namespace of the platform. */
export const namespaceSettings = settings({
    ...namespaceShape(containerDefaults),
    defaultAccountToken: flag()
        .default(false)
        .describe("Whether pods of the namespace's default ServiceAccount get an API token. Default false."),
})
    .meta({ id: "namespace" })
    .prefault({});

/**
 * A namespace in which a system starts pods under the `default` ServiceAccount, which therefore has a token.
 *
 * @param defaults what those pods' containers get where the system gives them nothing
 */
export const jobNamespaceSettings = (defaults: Partial<ContainerDefaults> = {}) =>
    settings(namespaceShape({ ...containerDefaults, ...defaults })).prefault({});

export type NamespaceSettings = z.output<typeof namespaceSettings>;

/** A level of the Pod Security Standards. */
export type PodSecurityLevel = "restricted" | "baseline" | "privileged";

export interface NamespaceArgs {
    readonly foundation: Foundation;
    /** Name of the namespace. */
    readonly namespace: string;
    readonly settings: NamespaceSettings;
    /**
     * Pod Security level that the namespace enforces, and why it is not `restricted`.
     *
     * @default restricted
     */
    readonly podSecurity?: { readonly level: Exclude<PodSecurityLevel, "restricted">; readonly reason: string };
    /**
     * Further labels of the namespace, by which network policies elsewhere let its pods in.
     *
     * @default none
     */
    readonly labels?: Labels;
}

/**
 * A namespace that is closed until opened: Pod Security enforced, no API token for the default account, defaults and a
 * quota for resources, and no traffic but name resolution.
 */
export class Namespace extends pulumi.ComponentResource {
    /** The namespace's name. */
    public readonly namespaceName: string;

    constructor(name: string, args: NamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, settings: given } = args;
        super("data-platform:foundation:Namespace", name, { namespace: args.namespace }, opts);
        this.namespaceName = args.namespace;
        const labels = objectLabels(foundation.environment, {
            name: "namespace",
            instance: name,
            component: "namespace",
        });
        const level = args.podSecurity?.level ?? "restricted";
        const object = new k8s.core.v1.Namespace(
            `${name}-namespace`,
            {
                metadata: {
                    name: args.namespace,
                    labels: {
                        ...args.labels,
                        ...labels,
                        "pod-security.kubernetes.io/enforce": level,
                        "pod-security.kubernetes.io/audit": level,
                        "pod-security.kubernetes.io/warn": level,
                    },
                    ...(args.podSecurity && {
                        annotations: { "data-platform/pod-security-reason": args.podSecurity.reason },
                    }),
                },
            },
            // With a namespace go the claims in it.
            { parent: this, ...protection(foundation) },
        );
        const inside = { parent: this, dependsOn: [object] };
        const metadata = (objectName: string) => ({ name: objectName, namespace: args.namespace, labels });
        if (given.quota !== undefined) {
            new k8s.core.v1.ResourceQuota(
                `${name}-quota`,
                { metadata: metadata("quota"), spec: { hard: quotaHard(given.quota) } },
                inside,
            );
        }
        new k8s.core.v1.LimitRange(
            `${name}-limits`,
            { metadata: metadata("container-defaults"), spec: { limits: [containerLimits(given.containerDefaults)] } },
            inside,
        );
        networkPolicy(
            `${name}-default-deny`,
            {
                objectName: "default-deny",
                namespace: args.namespace,
                labels,
                selector: {},
                ingress: [],
                egress: [dnsFlow(foundation.network)],
            },
            inside,
        );
        for (const [secretName, content] of Object.entries(foundation.images.pullCredentials)) {
            new k8s.core.v1.Secret(
                `${name}-pull-${secretName}`,
                {
                    metadata: metadata(secretName),
                    type: "kubernetes.io/dockerconfigjson",
                    stringData: { ".dockerconfigjson": content.output() },
                },
                inside,
            );
        }
        // The account itself is made by the control plane; systems start their own pods under it.
        new k8s.core.v1.ServiceAccountPatch(
            `${name}-default-account`,
            {
                metadata: { name: "default", namespace: args.namespace },
                automountServiceAccountToken: given.defaultAccountToken,
                imagePullSecrets: foundation.images.pullSecretReferences,
            },
            inside,
        );
        this.registerOutputs({ name: args.namespace });
    }
}

type Quota = NonNullable<NamespaceSettings["quota"]>;

/** The `hard` map of a ResourceQuota. Memory requests and limits are held alike, as everywhere here. */
export function quotaHard(quota: Quota): Record<string, string> {
    const entries = {
        "requests.cpu": quota.cpu,
        "limits.cpu": quota.cpuLimit,
        "requests.memory": quota.memory,
        "limits.memory": quota.memoryLimit ?? quota.memory,
        "requests.storage": quota.storage,
        pods: quota.pods?.toString(),
    };
    return Object.fromEntries(
        Object.entries(entries).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
}

function containerLimits(defaults: NamespaceSettings["containerDefaults"]): k8s.types.input.core.v1.LimitRangeItem {
    const { cpu: request, cpuLimit, memory, memoryLimit, ephemeralStorage } = defaults;
    return {
        type: "Container",
        default: { cpu: cpuLimit, memory: memoryLimit ?? memory, "ephemeral-storage": ephemeralStorage },
        defaultRequest: { cpu: request, memory, "ephemeral-storage": ephemeralStorage },
    };
}
