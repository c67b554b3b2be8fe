import type { PlannedResource } from "../../policy/check";
import type { StackConfig } from "../../stacks/schema/sections";
import { isFields } from "../../policy/views/raw";
import type { TreeNode } from "./tree";

/** What a mutant weakens. Each family has a score of its own, so that a well kept one can't hide a poor one. */
export const families = [
    "security context",
    "host access",
    "resources",
    "images",
    "probes",
    "stopping",
    "spread",
    "budgets",
    "updates",
    "quorums",
    "storage",
    "priorities",
    "config hash",
    "labels",
    "names",
    "selectors",
    "network policies",
    "namespaces",
    "access",
    "tokens",
    "services",
    "jobs",
    "secrets",
    "protection",
    "chains",
] as const;
export type Family = (typeof families)[number];

/** Where a place is: what operators may look at beside the value that they change. */
export interface Surroundings {
    readonly kind: string;
    readonly object: Readonly<Record<string, unknown>>;
    readonly node: TreeNode;
    readonly config: StackConfig;
}

/** Stands for "this operator has nothing to weaken here". */
export const unchanged = Symbol("unchanged");

/** One way of weakening what stands at a place. */
export interface Operator {
    readonly family: Family;
    /** What it does, as reports say it: `deleted`, `raised tenfold`. */
    readonly name: string;
    /** @default every kind */
    readonly kinds?: readonly string[];
    /** The patterns of the places that it weakens. */
    readonly at: RegExp;
    /** The value that stands there instead, {@link removed}, or {@link unchanged}. */
    change(value: unknown, surroundings: Surroundings): unknown;
}

/** One way of weakening a resource of a stack other than by its object: the whole stack with the change in it. */
export interface LinkOperator {
    readonly family: Family;
    readonly name: string;
    /** The stack with the resource at `index` weakened, or undefined where there is nothing to weaken. */
    change(resources: readonly PlannedResource[], index: number): readonly PlannedResource[] | undefined;
}

/** A change of objects only. */
export const ofFields =
    (change: (fields: Readonly<Record<string, unknown>>, surroundings: Surroundings) => unknown): Operator["change"] =>
    (value, surroundings) =>
        isFields(value) ? change(value, surroundings) : unchanged;

/** A change of lists only. */
export const ofList =
    (change: (list: readonly unknown[], surroundings: Surroundings) => unknown): Operator["change"] =>
    (value, surroundings) =>
        Array.isArray(value) ? change(value, surroundings) : unchanged;

/** Puts one value in the place of any other. */
export const set =
    (instead: unknown): Operator["change"] =>
    (value) =>
        value === instead ? unchanged : instead;

/** Sets some fields of an object. */
export const withFields = (fields: Readonly<Record<string, unknown>>): Operator["change"] =>
    ofFields((own) => ({ ...own, ...fields }));

/** Adds one item to a list. */
export const withItem = (item: unknown): Operator["change"] => ofList((list) => [...list, item]);

/** Several operators at the same places. */
export function operatorsAt(
    family: Family,
    at: RegExp,
    changes: Readonly<Record<string, Operator["change"]>>,
    kinds?: readonly string[],
): Operator[] {
    return Object.entries(changes).map(([name, change]) => ({
        family,
        name,
        at,
        change,
        ...(kinds !== undefined && { kinds }),
    }));
}
