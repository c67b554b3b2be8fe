import { createHash } from "node:crypto";
import type { PlannedResource } from "../../policy/check";
import { fieldsAt } from "../../policy/views/raw";
import { type ResourceView, viewOf } from "../../policy/views/view";
import type { StackConfig } from "../../stacks/schema/sections";
import { equivalences } from "./equivalents";
import { objectOperators } from "./families/objects";
import { podOperators } from "./families/pods";
import { linkOperators } from "./links";
import { type Family, unchanged } from "./operator";
import { excluded, territories } from "./territories";
import { changedAt, nodesOf, removed, type TreeNode } from "./tree";

/** A stack to weaken. */
export interface Subject {
    readonly name: string;
    readonly config: StackConfig;
    readonly resources: readonly PlannedResource[];
}

/** A stack with one thing in it weakened. */
export interface Mutant {
    readonly stack: string;
    readonly family: Family;
    readonly operator: string;
    /** `StatefulSet zookeeper-members`: the kind, and Pulumi's name of the resource. */
    readonly object: string;
    readonly path: string;
    /** The kind and the path without indices: what reports group by. */
    readonly pattern: string;
    /** `<stack>/<object>/<path>: <operator>` */
    readonly id: string;
    /** Mutants of equal keys are one and the same: same kind, system, pattern of the place, operator and shape. */
    readonly key: string;
    /** The stack as it would be. */
    resources(): readonly PlannedResource[];
    /** The weakened resource, where its object alone was weakened and is still there. */
    weakened(): PlannedResource | undefined;
    /** Why it is no weaker than what it was made of; undefined for a real mutant. */
    equivalent(): string | undefined;
}

/** What rules judge labels and names by is written on them: whatever else the object has makes no other mutant. */
const shapeless: readonly Family[] = ["labels", "names"];

/** Files in ConfigMaps and Secrets, and what monitoring asks: nothing below is walked. */
const closed = /^(data|stringData|binaryData|spec\.groups)$/;

const operators = [...podOperators, ...objectOperators];

const holdsFor = (kinds: readonly string[] | undefined, kind: string): boolean => kinds?.includes(kind) ?? true;

/** The reason why a place of an object is not deleted; undefined when it is. */
export function exclusionOf(kind: string, pattern: string): string | undefined {
    return excluded.find(({ at, kinds }) => holdsFor(kinds, kind) && at.test(pattern))?.reason;
}

/** The places of an object that mutants are made at. */
export const placesOf = (object: Readonly<Record<string, unknown>>): readonly TreeNode[] => nodesOf(object, closed);

/** One weakening of one object. */
export interface Weakening {
    readonly family: Family;
    readonly operator: string;
    readonly node: TreeNode;
    /** What stands at the place instead. */
    readonly value: unknown;
}

/** Every weakening of one object. */
export function weakeningsOf(
    kind: string,
    object: Readonly<Record<string, unknown>>,
    config: StackConfig,
): readonly Weakening[] {
    return placesOf(object).flatMap((node): readonly Weakening[] => {
        const territory =
            node.pattern === "" || exclusionOf(kind, node.pattern) !== undefined
                ? undefined
                : territories.find(({ at, kinds }) => holdsFor(kinds, kind) && at.test(node.pattern));
        const deletion: readonly Weakening[] =
            territory === undefined ? [] : [{ family: territory.family, operator: "deleted", node, value: removed }];
        return [
            ...deletion,
            ...operators
                .filter(({ at, kinds }) => holdsFor(kinds, kind) && at.test(node.pattern))
                .flatMap((operator): readonly Weakening[] => {
                    const value = operator.change(node.value, { kind, object, node, config });
                    return value === unchanged || JSON.stringify(value) === JSON.stringify(node.value)
                        ? []
                        : [{ family: operator.family, operator: operator.name, node, value }];
                }),
        ];
    });
}

/** Every mutant of a stack. */
export function mutantsOf(subject: Subject): readonly Mutant[] {
    const { resources } = subject;
    return resources.flatMap((resource, index): readonly Mutant[] => {
        const view = viewOf(resource);
        const kind = view?.kind ?? resource.type.split(":").at(-1) ?? "";
        const shape = view === undefined ? "" : shapeOf(view);
        const made = (
            family: Family,
            operator: string,
            { path, pattern }: Pick<TreeNode, "path" | "pattern">,
            stack: Pick<Mutant, "resources" | "weakened">,
        ): Mutant => ({
            stack: subject.name,
            family,
            operator,
            object: `${kind} ${resource.name}`,
            path,
            pattern: pattern === "" ? kind : `${kind} ${pattern}`,
            id: `${subject.name}/${kind} ${resource.name}/${path}: ${operator}`,
            key: [kind, pattern, operator, shapeless.includes(family) ? "" : shape].join("|"),
            ...stack,
            equivalent: () => {
                const weakened = stack.weakened();
                return weakened === undefined
                    ? undefined
                    : equivalences.find((each) => each.holds(pattern, resource, weakened))?.reason;
            },
        });
        const ofObject =
            view === undefined
                ? []
                : // A patch's own kind has its own rules: what it leaves out is set elsewhere.
                  weakeningsOf(view.patch ? `${kind}Patch` : kind, view.object, subject.config).map(
                      ({ family, operator, node, value }) => {
                          const weakened = (): PlannedResource | undefined => {
                              const inputs = changedAt(resource.inputs, node.steps, value);
                              return inputs === removed
                                  ? undefined
                                  : { ...resource, inputs: inputs as PlannedResource["inputs"] };
                          };
                          return made(family, operator, node, {
                              weakened,
                              resources: () => {
                                  const instead = weakened();
                                  return instead === undefined
                                      ? resources.toSpliced(index, 1)
                                      : resources.with(index, instead);
                              },
                          });
                      },
                  );
        const ofLinks = linkOperators.flatMap((operator): readonly Mutant[] => {
            const stack = operator.change(resources, index);
            return stack === undefined
                ? []
                : [
                      made(
                          operator.family,
                          operator.name,
                          { path: "", pattern: "" },
                          { weakened: () => undefined, resources: () => stack },
                      ),
                  ];
        });
        return [...ofObject, ...ofLinks];
    });
}

/**
 * The kinds of places that an object has and, where it makes pods, whose they are and how many: rules know systems by
 * these labels, and judge two objects of one shape alike.
 */
function shapeOf({ kind, object, podTemplates, metadata }: ResourceView): string {
    const { replicas, clusterSize } = fieldsAt(object, "spec");
    const patterns = new Set(placesOf(object).map(({ pattern }) => pattern));
    const { "app.kubernetes.io/name": system, "app.kubernetes.io/component": component } = metadata.labels ?? {};
    const pods = podTemplates.length === 0 ? [] : [system, component, replicas, clusterSize];
    return createHash("sha256")
        .update(JSON.stringify([kind, [...patterns].sort(), ...pods]))
        .digest("hex")
        .slice(0, 12);
}
