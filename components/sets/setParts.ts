import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Access } from "../foundation/access";
import type { Foundation } from "../foundation/environment";
import { type Identity, type Labels, objectLabels, selectorLabels } from "../foundation/labels";
import { type Flow, networkPolicy } from "../foundation/networkPolicy";
import { type Pod, podTemplate } from "../foundation/pods";
import { podPlacement, type Spread, type Target } from "../foundation/placement";

/** A Service in front of a set. */
export interface SetService {
    /** Name of the Service, which clients use. */
    readonly objectName: string;
    /** Ports by name; the target is the container port of the same name. */
    readonly ports: Readonly<Record<string, number>>;
    /**
     * Headless: DNS names for each pod, ready or not, for the members of one cluster to find each other.
     *
     * @default false: one address in front of the ready pods
     */
    readonly headless?: boolean;
}

/** What master sets and worker sets have in common. */
export interface SetArgs {
    readonly foundation: Foundation;
    readonly namespace: string;
    readonly identity: Identity;
    /** Name of the workload object, and of what belongs to it. */
    readonly objectName: string;
    /** Number of pods. */
    readonly replicas: number;
    readonly pod: Pod;
    /**
     * Further labels of the pods, such as those by which a system's own client finds them. They select nothing here.
     *
     * @default none
     */
    readonly podLabels?: Labels;
    /**
     * Labels that select the pods, where a system's own code finds them by certain ones; the pods carry them too, and the
     * set's objects.
     *
     * @default the recommended labels of `identity`
     */
    readonly selector?: Labels;
    /**
     * Labels that select the pods of a whole cluster, where the set is one of several sets of it. All its pods keep
     * apart, and its one budget, its headless Service and what else is in front of all of them stand beside the sets
     * ({@link registerSurroundings}).
     *
     * @default the set is a cluster of its own
     */
    readonly cluster?: Labels;
    /** Who the pods are towards the API server. */
    readonly access: Access;
    /**
     * At most one of each kind: one in front of the ready pods, and one headless.
     *
     * @default none
     */
    readonly services?: readonly SetService[];
    /**
     * Where the pods run.
     *
     * @default anywhere
     */
    readonly targets?: readonly Target[] | undefined;
    /**
     * How replicas keep apart.
     *
     * @default by host (required in production, preferred elsewhere) and, preferred, over zones
     */
    readonly spread?: Spread | undefined;
    /**
     * Name of the PriorityClass.
     *
     * @default the cluster's default priority
     */
    readonly priorityClassName?: string | undefined;
    /** Who may connect, and on which ports. */
    readonly ingress: readonly Flow[];
    /** What the pods may connect to, besides name resolution. */
    readonly egress: readonly Flow[];
}

/** Labels of a set's objects, and those that select its pods. */
export function setLabels(args: Pick<SetArgs, "foundation" | "identity" | "selector">): {
    labels: Labels;
    selector: Labels;
} {
    return {
        labels: { ...objectLabels(args.foundation.environment, args.identity), ...args.selector },
        selector: args.selector ?? selectorLabels(args.identity),
    };
}

/** The pod template of a set, placed and hardened. */
export function setPodTemplate(args: SetArgs): k8s.types.input.core.v1.PodTemplateSpec {
    const { labels, selector } = setLabels(args);
    return podTemplate({
        foundation: args.foundation,
        access: args.access,
        labels: { ...args.podLabels, ...labels },
        pod: args.pod,
        priorityClassName: args.priorityClassName,
        placement: podPlacement({
            targets: args.targets ?? [],
            spread: args.spread ?? {},
            tier: args.foundation.environment.tier,
            several: args.replicas > 1 || args.cluster !== undefined,
            selector: args.cluster ?? selector,
        }),
    });
}

/**
 * Registers who may connect to a set's pods, and whom they may connect to. The set comes after it: on its way out it may
 * still have to call somebody.
 */
export function registerNetwork(
    name: string,
    args: SetArgs,
    opts: pulumi.CustomResourceOptions,
): k8s.networking.v1.NetworkPolicy {
    const { objectName, namespace, ingress, egress } = args;
    return networkPolicy(`${name}-network`, { objectName, namespace, ...setLabels(args), ingress, egress }, opts);
}

/** What stands around the pods of a set, or of all sets of a cluster. */
export type Surroundings = Pick<
    SetArgs,
    "foundation" | "namespace" | "identity" | "selector" | "objectName" | "replicas" | "services" | "cluster"
>;

/**
 * Registers what stands around a set's pods: services, and a disruption budget of one pod where there is more than one.
 * A budget for a single replica would block every drain for ever, so there is none; nor has a set that is one of several
 * of a cluster, for two budgets would let two of its pods go.
 */
export function registerSurroundings(
    name: string,
    args: Surroundings,
    unhealthyPods: "AlwaysAllow" | "IfHealthyBudget",
    opts: pulumi.CustomResourceOptions,
): void {
    const { labels, selector } = setLabels(args);
    const metadata = (objectName: string) => ({ name: objectName, namespace: args.namespace, labels });
    for (const service of args.services ?? []) {
        new k8s.core.v1.Service(
            `${name}-${service.headless === true ? "headless" : "service"}`,
            {
                metadata: metadata(service.objectName),
                spec: {
                    selector,
                    ...(service.headless === true
                        ? { clusterIP: "None", publishNotReadyAddresses: true }
                        : { type: "ClusterIP" }),
                    ports: Object.entries(service.ports).map(([portName, port]) => ({
                        name: portName,
                        port,
                        targetPort: portName,
                        protocol: "TCP",
                    })),
                },
            },
            opts,
        );
    }
    if (args.replicas > 1 && args.cluster === undefined) {
        new k8s.policy.v1.PodDisruptionBudget(
            `${name}-budget`,
            {
                metadata: metadata(args.objectName),
                spec: {
                    maxUnavailable: 1,
                    unhealthyPodEvictionPolicy: unhealthyPods,
                    selector: { matchLabels: selector },
                },
            },
            opts,
        );
    }
}
