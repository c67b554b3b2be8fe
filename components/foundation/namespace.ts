import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Foundation } from "./environment";
import { objectLabels } from "./labels";
import { dnsFlow, networkPolicy } from "./networkPolicy";
import { parseQuantity } from "./quantity";
import { bytes, cpu, dnsLabel, flag, settings, whole } from "./values";

/** What all pods of a namespace may ask for together. */
const quotaSettings = settings({
    cpu: cpu().optional().describe("Sum of CPU requests."),
    cpuLimit: cpu().optional().describe("Sum of CPU limits."),
    memory: bytes().optional().describe("Sum of memory requests, and of memory limits."),
    storage: bytes().optional().describe("Sum of the sizes of persistent volume claims."),
    pods: whole(1, 100000).optional().describe("Number of pods that have not ended."),
});

/** What a container gets that asks for nothing, such as the worker of a job without resources. */
const containerDefaultSettings = settings({
    cpu: cpu().default("100m").describe("CPU request. Default 100m."),
    cpuLimit: cpu().default("1").describe("CPU limit. Default 1."),
    memory: bytes().default("512Mi").describe("Memory request and limit. Default 512Mi."),
    ephemeralStorage: bytes().default("1Gi").describe("Request and limit of local storage. Default 1Gi."),
})
    .refine((given) => parseQuantity(given.cpuLimit) >= parseQuantity(given.cpu), {
        path: ["cpuLimit"],
        error: "a CPU limit of at least the request",
    })
    .prefault({});

/** A namespace of the platform. */
export const namespaceSettings = settings({
    name: dnsLabel().optional().describe("Name of the namespace. Default <environment>-<part>."),
    quota: quotaSettings.optional().describe("What all pods of the namespace may ask for together. Default: no quota."),
    containerDefaults: containerDefaultSettings.describe("What a container gets that asks for nothing."),
    defaultAccountToken: flag()
        .default(false)
        .describe("Whether pods of the namespace's default ServiceAccount get an API token. Default false."),
}).prefault({});

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
            { parent: this },
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
                imagePullSecrets: foundation.images.pullSecrets.map((secret) => ({ name: secret })),
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
        "limits.memory": quota.memory,
        "requests.storage": quota.storage,
        pods: quota.pods?.toString(),
    };
    return Object.fromEntries(
        Object.entries(entries).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
}

function containerLimits(defaults: NamespaceSettings["containerDefaults"]): k8s.types.input.core.v1.LimitRangeItem {
    const alike = { memory: defaults.memory, "ephemeral-storage": defaults.ephemeralStorage };
    return {
        type: "Container",
        default: { cpu: defaults.cpuLimit, ...alike },
        defaultRequest: { cpu: defaults.cpu, ...alike },
    };
}
