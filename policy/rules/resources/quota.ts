import { z } from "zod";
import { formatBytes, formatCpu } from "../../../components/foundation/quantity";
import { flag, oneOf, settings } from "../../../components/foundation/values";
import { amountOf, type Bound, resourceNames } from "../../views/amounts";
import { violation } from "../../message";
import { claimedStorage, knownSum, type PodSet, podSetsBy, sumOfPods } from "../../views/podSets";
import { type Fields, fieldsAt, isFields, listAt } from "../../views/raw";
import { defineStackRule, type StackMessage, usualLevels } from "../../rule";
import type { StackObject, StackView } from "../../views/stackView";
import { collect, ifKnown } from "../../views/unknown";

/** One key of a quota: what an object adds to it. */
interface Counted {
    readonly of: (object: StackObject, sets: readonly PodSet[]) => number;
    readonly shown: (amount: number) => string;
}

const ofPods = (bound: Bound, resource: string): Counted => ({
    of: (_, sets) => sumOfPods(sets, bound, resource),
    shown: resource === "cpu" ? formatCpu : formatBytes,
});

/** The keys of `spec.hard` that are added up here (Kubernetes documentation, "Resource quotas"). */
const counted: Readonly<Record<string, Counted>> = {
    pods: { of: (_, sets) => sets.reduce((total, { replicas }) => total + replicas, 0), shown: String },
    "requests.storage": { of: claimedStorage, shown: formatBytes },
    ...Object.fromEntries(
        resourceNames.flatMap((name) => [
            [name, ofPods("requests", name)],
            [`requests.${name}`, ofPods("requests", name)],
            [`limits.${name}`, ofPods("limits", name)],
        ]),
    ),
};

export const quota = defineStackRule({
    name: "resources-quota",
    description:
        "What a stack's objects ask for fits into the quota of their namespace, and every namespace bounds containers that ask for nothing.",
    severity: "high",
    remediation:
        "Raise the quota or lower what the namespace's pods and claims ask for: what exceeds a quota is refused, and only events say so. Give each namespace a LimitRange with defaults.",
    levels: usualLevels,
    settings: settings({
        limitRange: flag()
            .default(true)
            .describe("Whether every namespace of the stack needs a LimitRange with defaults for containers."),
        defaults: z
            .array(oneOf(...resourceNames))
            .default([...resourceNames])
            .describe("Resources that the LimitRange must have a default request and limit of."),
    }),
    checkStack: (stack, { limitRange, defaults }) => {
        const objectsIn = groupedByNamespace(stack);
        const setsOf = podSetsBy(stack);
        return collect(
            [
                () =>
                    collect(stack.ofKind("ResourceQuota"), (object) =>
                        shortfalls(object, objectsIn(object.view.metadata.namespace ?? "default"), setsOf),
                    ),
                () =>
                    limitRange
                        ? collect(stack.ofKind("Namespace"), (object) => missingDefaults(object, objectsIn, defaults))
                        : [],
            ],
            (check) => check(),
        );
    },
});

/** The objects of a namespace, and those that may be in it, for nobody knows yet which namespace they are in. */
function groupedByNamespace(stack: StackView): (namespace: string) => readonly StackObject[] {
    const groups = new Map<string | undefined, StackObject[]>();
    for (const object of stack.objects.filter(({ view }) => !view.patch)) {
        const namespace = ifKnown(() => placedIn(object));
        const group = groups.get(namespace) ?? [];
        group.push(object);
        groups.set(namespace, group);
    }
    return (namespace) => [...(groups.get(namespace) ?? []), ...(groups.get(undefined) ?? [])];
}

/** The namespace of an object; throws where it is not known yet. */
function placedIn({ view }: StackObject): string {
    return view.metadata.namespace ?? "default";
}

function shortfalls(
    object: StackObject,
    objects: readonly StackObject[],
    setsOf: (object: StackObject) => readonly PodSet[],
): StackMessage[] {
    const spec = fieldsAt(object.view.object, "spec");
    // A quota with a scope counts some pods only.
    if (spec.scopeSelector !== undefined || listAt(spec, "scopes").length > 0) {
        return [];
    }
    const hard = fieldsAt(spec, "hard");
    return collect(
        Object.keys(hard).filter((key) => key in counted),
        (key): StackMessage[] => {
            const most = amountOf(hard[key]);
            const count = counted[key];
            if (most === undefined || count === undefined) {
                return [];
            }
            const { total, settle } = knownSum(objects, (each) => {
                placedIn(each);
                return count.of(each, setsOf(each));
            });
            // To nano units, the finest that Kubernetes counts in.
            if (Math.round(total * 1e9) / 1e9 <= most) {
                settle();
                return [];
            }
            const place = `ResourceQuota spec.hard[${JSON.stringify(key)}]`;
            const needed = `at least ${count.shown(total)}, what the stack's objects in the namespace ask for`;
            return [{ resource: object, message: violation(place, needed, hard[key]) }];
        },
    );
}

function missingDefaults(
    object: StackObject,
    objectsIn: (namespace: string) => readonly StackObject[],
    demanded: readonly string[],
): StackMessage[] {
    const { name } = object.view.metadata;
    if (name === undefined) {
        return [];
    }
    const candidates = objectsIn(name).filter(({ view }) => view.kind === "LimitRange");
    const ranges = candidates.filter((each) => ifKnown(() => placedIn(each)) !== undefined);
    const items = ranges.flatMap(({ view }) =>
        listAt(fieldsAt(view.object, "spec"), "limits").filter(
            (item): item is Fields => isFields(item) && item.type === "Container",
        ),
    );
    const first = ranges[0];
    if (first === undefined) {
        // One whose namespace is not known yet may be the one.
        candidates.forEach(placedIn);
        return [{ resource: object, message: violation(`Namespace ${name}`, "a LimitRange in it", undefined) }];
    }
    return collect(["default", "defaultRequest"], (key) =>
        collect(demanded, (resource): StackMessage[] => {
            const amounts: unknown[] = items.map((item) => fieldsAt(item, key)[resource]);
            return amounts.some((amount) => (amountOf(amount) ?? 0) > 0)
                ? []
                : [
                      {
                          resource: first,
                          message: violation(
                              `LimitRange spec.limits of type Container, ${key}`,
                              `a quantity of ${resource} above 0`,
                              amounts[0],
                          ),
                      },
                  ];
        }),
    );
}
