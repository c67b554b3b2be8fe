import { settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import {
    type Cluster,
    clustersOf,
    type PodGroup,
    type StackPods,
    stackPodsOf,
    replicasOf,
    selectsStartedPods,
} from "../../views/stackPods";
import { at, fieldsAt, isFields, type Fields } from "../../views/raw";
import { defineStackRule, type StackMessage, usualLevels } from "../../rule";
import { messagesAbout } from "../../stackMessages";
import type { StackObject } from "../../views/stackView";
import { collect, ifKnown } from "../../views/unknown";

export const budgets = defineStackRule({
    name: "operations-budgets",
    description:
        "Each group of pods that stand in for each other has exactly one disruption budget, which lets one of them go at a time and never blocks a drain for ever.",
    severity: "high",
    remediation:
        "Give the pods one PodDisruptionBudget with maxUnavailable: 1 over all sets of their cluster, and none where there is one pod only.",
    levels: usualLevels,
    settings: settings({}),
    checkStack: (stack) => {
        const pods = stackPodsOf(stack);
        const chosen = stack.ofKind("PodDisruptionBudget").map((object) => chosenBy(object, pods));
        const bySet = new Map<PodGroup, StackObject[]>();
        for (const { object, sets } of chosen) {
            sets.forEach((set) => bySet.set(set, [...(bySet.get(set) ?? []), object]));
        }
        // A budget whose selector is not known yet may be the one that is missed.
        const open = chosen.some(({ known }) => !known);
        return [
            ...collect(chosen, budgetMessages),
            ...collect(clustersOf(pods), (cluster) => clusterMessages(cluster, bySet, open)),
        ];
    },
});

/** A budget and the pods that it is about. */
interface Chosen {
    readonly object: StackObject;
    readonly sets: readonly PodGroup[];
    readonly undecided: boolean;
    readonly known: boolean;
}

function chosenBy(object: StackObject, pods: StackPods): Chosen {
    const selection = ifKnown(() => {
        // Copied, so that an unknown value in it shows here.
        const selector: unknown = structuredCloneOf(fieldsAt(object.view.object, "spec").selector);
        return pods.selected(object.view.metadata.namespace ?? "default", selector);
    });
    return {
        object,
        sets: selection?.groups ?? [],
        undecided: selection?.undecided ?? true,
        known: selection !== undefined,
    };
}

function structuredCloneOf(value: unknown): unknown {
    return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

// --- A budget by itself ---

const place = "PodDisruptionBudget spec";

function budgetMessages({ object, sets, undecided }: Chosen): StackMessage[] {
    const spec = (): Fields => fieldsAt(object.view.object, "spec");
    const counted = sets.filter((set) => replicasKnown(set));
    const stateful = counted.some((set) => set.object.view.kind === "StatefulSet");
    const started = selectsStartedPods(object);
    return messagesAbout(object, [
        () =>
            sets.length > 0 || undecided || started
                ? []
                : [violation(`${place}.selector`, "the labels of pods of the stack", selectorText(object))],
        () =>
            sets
                .filter((set) => !replicasKnown(set) && !set.byOperator)
                .map((set) =>
                    violation(
                        `${place}.selector`,
                        "pods of sets only, for a budget can't count others",
                        `pods of ${set.object.view.kind} ${set.object.name}`,
                    ),
                ),
        () => {
            const total = counted.reduce((sum, set) => sum + (replicasOf(set) ?? 0), 0);
            return allowanceFaults(spec(), started || undecided || total === 0 ? undefined : total, stateful);
        },
        () => {
            const found = spec().unhealthyPodEvictionPolicy;
            const [expected, allowed] = stateful
                ? ["IfHealthyBudget, for a member that is not ready may hold the last copy", ["IfHealthyBudget"]]
                : counted.length > 0
                  ? ["AlwaysAllow, for a pod that never becomes ready would block every drain", ["AlwaysAllow"]]
                  : ["AlwaysAllow or IfHealthyBudget", ["AlwaysAllow", "IfHealthyBudget"]];
            return allowed.some((each) => each === found)
                ? []
                : [violation(`${place}.unhealthyPodEvictionPolicy`, expected, found)];
        },
    ]);
}

function selectorText(object: StackObject): string | undefined {
    return ifKnown(() => JSON.stringify(fieldsAt(object.view.object, "spec").selector));
}

/** Whether a set of the plan says how many pods it has, without touching the number. */
const replicasKnown = ({ object }: PodGroup): boolean =>
    object.view.kind === "StatefulSet" || object.view.kind === "Deployment" || object.view.kind === "ReplicaSet";

/** @param total number of pods; undefined where it is not for the stack to say */
function allowanceFaults(
    { maxUnavailable, minAvailable }: Fields,
    total: number | undefined,
    stateful: boolean,
): string[] {
    if (maxUnavailable === undefined && minAvailable === undefined) {
        return [violation(place, "maxUnavailable or minAvailable", undefined)];
    }
    const [key, given] =
        maxUnavailable === undefined ? ["minAvailable", minAvailable] : ["maxUnavailable", maxUnavailable];
    if (key === "maxUnavailable" && parseFloat(String(given)) === 0) {
        return [violation(`${place}.${key}`, "more than 0, for 0 blocks every drain for ever", given)];
    }
    if (total === undefined) {
        return [];
    }
    const amount = key === "maxUnavailable" ? resolved(given, total) : total - resolved(given, total);
    if (amount <= 0) {
        return [
            violation(`${place}.${key}`, `to let one of ${total} pods go, or every drain is blocked for ever`, given),
        ];
    }
    if (stateful && amount > 1) {
        return [violation(`${place}.${key}`, "to let one member go at a time", given)];
    }
    return total > 1 && amount >= total
        ? [violation(`${place}.${key}`, `to keep at least one of ${total} pods`, given)]
        : [];
}

/** A number of pods; a percentage is rounded up (disruption controller, GetScaledValueFromIntOrPercent). */
function resolved(given: unknown, total: number): number {
    return typeof given === "string" && given.endsWith("%")
        ? Math.ceil((parseFloat(given) / 100) * total)
        : Number(given);
}

// --- The pods of a cluster ---

function clusterMessages(
    cluster: Cluster,
    bySet: ReadonlyMap<PodGroup, readonly StackObject[]>,
    open: boolean,
): StackMessage[] {
    return collect(cluster.groups, (set) =>
        messagesAbout(set.object, [
            () =>
                cluster.replicas <= 1
                    ? []
                    : set.byOperator
                      ? operatorFaults(set)
                      : setFaults(set, cluster, bySet, open),
        ]),
    );
}

function setFaults(
    set: PodGroup,
    cluster: Cluster,
    bySet: ReadonlyMap<PodGroup, readonly StackObject[]>,
    open: boolean,
): string[] {
    const own = bySet.get(set) ?? [];
    const others = cluster.groups.filter((each) => own[0] !== undefined && bySet.get(each)?.includes(own[0]) !== true);
    const expected = `one PodDisruptionBudget for its ${cluster.replicas} pods`;
    const name = `${set.object.view.kind} ${set.object.name}`;
    if (own.length === 1 && others.length > 0) {
        return [
            violation(
                name,
                "one PodDisruptionBudget for all sets of its cluster",
                `${own[0]?.name ?? ""} without ${others.map(({ object }) => object.name).join(", ")}`,
            ),
        ];
    }
    return own.length === 1 || (own.length === 0 && open)
        ? []
        : // The eviction API refuses a pod that two budgets select.
          [violation(name, expected, own.length === 0 ? undefined : own.map((budget) => budget.name).join(", "))];
}

/** Redis' operator makes the budget of each part itself, from the block `pdb` beside what it says of the pods. */
function operatorFaults(set: PodGroup): string[] {
    const { template, object } = set;
    const replicas = replicasOf(set) ?? 0;
    const part = template.path.split(".").reduce(fieldsAt, object.view.object);
    const pdb = part.pdb;
    const { enabled, maxUnavailable } = isFields(pdb) ? pdb : {};
    const path = at(template.path, "pdb");
    return replicas <= 1
        ? []
        : [
              ...(enabled === true
                  ? []
                  : [violation(`${object.view.kind} ${path}.enabled`, `true for ${replicas} pods`, enabled)]),
              // Without a number the operator asks for a majority.
              ...(maxUnavailable === 1
                  ? []
                  : [violation(`${object.view.kind} ${path}.maxUnavailable`, "1", maxUnavailable)]),
          ];
}
