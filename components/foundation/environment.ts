import { z } from "zod";
import type { ImageCatalog } from "./images";
import type { Target } from "./placement";
import type { MonitoringSettings } from "../monitoring/schema";
import { cidr, dnsLabel, dnsName, flag, labelKey, labelValue, oneOf, port, settings } from "./values";

/** How much an environment matters: it decides defaults, the level of rules, and what is refused. */
export type Tier = "development" | "staging" | "production";

/** Whose environment a stack is. */
export const environmentSettings = settings({
    name: dnsLabel(20).describe(
        "Name of the environment: prefix of its namespaces and of everything cluster-scoped, so that two stacks share a cluster. At most 20 characters, so that names built on it fit.",
    ),
    owner: labelValue()
        .min(1, { error: "text, for the label of every object" })
        .describe("Team that answers for the environment: label data-platform/owner of every object."),
    tier: oneOf("development", "staging", "production").describe(
        "How much the environment matters: decides defaults (keep-apart, protection), the level of rules, and what is refused.",
    ),
    protect: flag()
        .optional()
        .describe(
            "Whether the engine refuses to delete or replace namespaces and what keeps data in them. To remove some on purpose, set false, run up, then remove it. Default: in production.",
        ),
});

export type Environment = z.output<typeof environmentSettings>;

/** Where the cluster's DNS answers: the one thing every pod may reach. */
export const dnsSettings = settings({
    domain: dnsName().default("cluster.local").describe("The cluster's DNS domain. Default cluster.local."),
    namespace: dnsLabel().default("kube-system").describe("Namespace of the cluster's DNS pods. Default kube-system."),
    podLabels: z
        .record(labelKey(), labelValue())
        .default({ "k8s-app": "kube-dns" })
        .describe(
            "Labels of the cluster's DNS pods. Default k8s-app: kube-dns, which kubeadm, kind and the large clouds set.",
        ),
    cidrs: z
        .array(cidr())
        .default([])
        .describe("Further DNS addresses, such as 169.254.20.10/32 for NodeLocal DNSCache. Default none."),
});

/** Where the API server answers, for the components that call it. */
export const apiServerSettings = settings({
    cidrs: z
        .array(cidr())
        .min(1)
        .describe(
            "Addresses of the API server: the kubernetes Service's address and the control plane's own, since a network policy may judge either.",
        ),
    ports: z
        .array(port())
        .min(1)
        .default([443, 6443])
        .describe("Its ports. Default 443 (the Service) and 6443 (kubeadm)."),
});

/** What the network policies of an environment need to know of its cluster. */
export interface ClusterNetwork {
    readonly dns: z.output<typeof dnsSettings>;
    readonly apiServer?: z.output<typeof apiServerSettings> | undefined;
}

/** What every component of one environment shares. */
export interface Foundation {
    readonly environment: Environment;
    readonly images: ImageCatalog;
    readonly network: ClusterNetwork;
    /** The target sets by name. */
    readonly targets: Readonly<Record<string, readonly Target[]>>;
    /**
     * Names of the PriorityClasses that somebody else defines for this environment, by short name.
     *
     * @default none
     */
    readonly priorityClasses?: Readonly<Record<string, string>> | undefined;
    /** How the environment is watched; absent where it is not. */
    readonly monitoring?: MonitoringSettings | undefined;
}

/**
 * The targets of a set, by its name; none without a name.
 *
 * @throws Error when there is no such set.
 */
export function targetsNamed(foundation: Foundation, name: string | undefined): readonly Target[] {
    if (name === undefined) {
        return [];
    }
    const targets = foundation.targets[name];
    if (targets === undefined) {
        throw new Error(`there is no target set "${name}"`);
    }
    return targets;
}

/** Fully qualified name of a Service, or of a pod behind a headless one (`<pod>.<service>`). */
export function serviceHost(foundation: Foundation, service: string, namespace: string): string {
    return `${service}.${namespace}.svc.${foundation.network.dns.domain}`;
}

/** The prefix of everything that is named by environment: `<environment>-<part>`. */
export function environmentName(environment: Environment, part: string): string {
    return `${environment.name}-${part}`;
}

/** The options of a namespace, and of what keeps data: whether the engine refuses to delete or replace it. */
export function protection({ environment }: Pick<Foundation, "environment">): { protect: boolean } {
    return { protect: environment.protect ?? environment.tier === "production" };
}
