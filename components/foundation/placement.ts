import type { types } from "@pulumi/kubernetes";
import { z } from "zod";
import type { Tier } from "./environment";
import type { Labels } from "./labels";
import { dnsLabel, labelKey, labelValue, oneOf, settings } from "./values";

/** One statement on where pods may, should or must run. */
export const targetSettings = settings({
    key: labelKey().describe("Key of a node label (required, preferred) or of a node taint (accepted)."),
    value: labelValue().min(1, { error: "a value that is not empty" }).describe("Value of that label or taint."),
    constraint: oneOf("required", "preferred", "accepted")
        .default("required")
        .describe(
            "required: pods run only on nodes with the label. preferred: they run there if there is room. accepted: they tolerate the taint key=value:NoSchedule. Default required.",
        ),
});

export type Target = z.output<typeof targetSettings>;

/** How strictly something holds. */
export type Strictness = "required" | "preferred";

/** How the replicas of one set keep apart. */
export const spreadSettings = settings({
    hosts: oneOf("required", "preferred")
        .optional()
        .describe(
            "Whether two replicas may share a node when there is no other. Default required in production, preferred elsewhere.",
        ),
    zones: oneOf("required", "preferred")
        .optional()
        .describe("Whether zones must hold equal numbers of replicas (maxSkew 1) or only should. Default preferred."),
}).meta({ id: "spread" });

export type Spread = z.output<typeof spreadSettings>;

/** Name of a target set of the environment. */
export const targetSetName = () => dnsLabel().meta({ reference: "targets" });

/** Short name of a priority class of the environment. */
export const priorityName = () => dnsLabel(30).meta({ reference: "priorityClasses" });

/** The settings that decide where the pods of a set run, and which of them make room for others. */
export const placementShape = {
    targets: targetSetName().optional().describe("Target set that says where the pods run. Default: anywhere."),
    spread: spreadSettings.optional().describe("How replicas keep apart."),
    priority: priorityName()
        .optional()
        .describe("Priority class of the pods. Default: the cluster's default priority."),
};

/** The fields of a pod that decide where it runs. */
export interface PodPlacement {
    readonly affinity?: types.input.core.v1.Affinity;
    readonly tolerations?: types.input.core.v1.Toleration[];
    readonly topologySpreadConstraints?: types.input.core.v1.TopologySpreadConstraint[];
}

/** The targets with one constraint. */
export function targetsWith(targets: readonly Target[], constraint: Target["constraint"]): Target[] {
    return targets.filter((target) => target.constraint === constraint);
}

/**
 * Node affinity and tolerations of targets, as Teraslice defines them (spec: "Details of the `required` constraint"):
 * all required targets in one node-selector term, so that all must hold; one preference each, weight 1; a toleration
 * `Equal`, `NoSchedule` for each accepted one.
 */
export function targetPlacement(targets: readonly Target[]): {
    nodeAffinity?: types.input.core.v1.NodeAffinity;
    tolerations?: types.input.core.v1.Toleration[];
} {
    const expression = ({ key, value }: Target) => ({ key, operator: "In", values: [value] });
    const required = targetsWith(targets, "required");
    const preferred = targetsWith(targets, "preferred");
    const accepted = targetsWith(targets, "accepted");
    const nodeAffinity = {
        ...(required.length > 0 && {
            requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchExpressions: required.map(expression) }],
            },
        }),
        ...(preferred.length > 0 && {
            preferredDuringSchedulingIgnoredDuringExecution: preferred.map((target) => ({
                weight: 1,
                preference: { matchExpressions: [expression(target)] },
            })),
        }),
    };
    return {
        ...(Object.keys(nodeAffinity).length > 0 && { nodeAffinity }),
        ...(accepted.length > 0 && {
            tolerations: accepted.map(({ key, value }) => ({ key, operator: "Equal", value, effect: "NoSchedule" })),
        }),
    };
}

/**
 * Keeps the pods that `selector` matches apart: by host with pod anti-affinity, over zones with a spread constraint.
 * Where only a preference is asked for, the anti-affinity has the highest weight (100).
 */
export function spreadPlacement(
    selector: Labels,
    spread: Spread,
    tier: Tier,
): Pick<types.input.core.v1.Affinity, "podAntiAffinity"> & Pick<PodPlacement, "topologySpreadConstraints"> {
    const labelSelector = { matchLabels: selector };
    const term = { labelSelector, topologyKey: "kubernetes.io/hostname" };
    const hosts = spread.hosts ?? (tier === "production" ? "required" : "preferred");
    return {
        podAntiAffinity:
            hosts === "required"
                ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
                : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] },
        topologySpreadConstraints: [
            {
                maxSkew: 1,
                topologyKey: "topology.kubernetes.io/zone",
                whenUnsatisfiable: spread.zones === "required" ? "DoNotSchedule" : "ScheduleAnyway",
                labelSelector,
            },
        ],
    };
}

/** Where the pods of one set run: its targets, and where there are several how they keep apart. */
export function podPlacement(args: {
    readonly targets: readonly Target[];
    readonly spread: Spread;
    readonly tier: Tier;
    /** Whether there are several of them. */
    readonly several: boolean;
    /** What selects those that keep apart. */
    readonly selector: Labels;
}): PodPlacement {
    const { nodeAffinity, tolerations } = targetPlacement(args.targets);
    const { podAntiAffinity, topologySpreadConstraints } = args.several
        ? spreadPlacement(args.selector, args.spread, args.tier)
        : {};
    const affinity = { ...(nodeAffinity && { nodeAffinity }), ...(podAntiAffinity && { podAntiAffinity }) };
    return {
        ...(Object.keys(affinity).length > 0 && { affinity }),
        ...(tolerations && { tolerations }),
        ...(topologySpreadConstraints && { topologySpreadConstraints }),
    };
}
