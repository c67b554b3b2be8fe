import { isFields } from "../../policy/views/raw";
import { kindOf } from "../plan/objects";
import type { Plan, PlannedResource } from "../plan/plan";
import { compareText, secretPlaceholder } from "../plan/values";
import { matchResources } from "./match";
import { renamesAmong, type Rename } from "./renames";
import { replacingPaths } from "./replacing";
import { statefulUrns } from "./stateful";
import { changesBetween, type ValueChange } from "./values";

/** What would happen to a resource. */
export const actions = ["replaced", "deleted", "changed", "added"] as const;
export type Action = (typeof actions)[number];

/** One resource in which two plans differ. */
export interface ResourceChange {
    readonly action: Action;
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    /** Whether data hangs on it, in either plan. */
    readonly stateful: boolean;
    /** Whether the engine refuses to delete or replace it as it stands in the base. */
    readonly protect: boolean;
    /** For what is changed or replaced. */
    readonly values: readonly ValueChange[];
    /** Paths that make a change a replacement. */
    readonly because: readonly string[];
    /** Its other half, where a deleted and an added resource look like one that was renamed. */
    readonly renamed?: { readonly name: string } & Pick<Rename, "sameObject">;
}

/** What a change does to a stack, by the plans before and after it. */
export interface PlanDiff {
    /** Stateful ones first, then by action (the dangerous ones first), then in the order of the tree. */
    readonly resources: readonly ResourceChange[];
    readonly renames: readonly Rename[];
    /** The stack's outputs, which other stacks may read. */
    readonly outputs: readonly ValueChange[];
}

/** The parts of a plan that a comparison needs. */
export type ComparedPlan = Pick<Plan, "resources" | "outputs">;

/** A stack that is not there: the base of a new one, the successor of one that is gone. */
export const noPlan: ComparedPlan = { resources: [], outputs: {} };

/** Compares two plans of one stack. Resources that are only read are nobody's to change. */
export function diffPlans(before: ComparedPlan, after: ComparedPlan): PlanDiff {
    const old = before.resources.filter(({ read }) => !read);
    const now = after.resources.filter(({ read }) => !read);
    const matched = matchResources(old, now);
    const kept = new Set([...matched.values()].map(({ urn }) => urn));
    const deleted = old.filter(({ urn }) => !kept.has(urn));
    const added = now.filter(({ urn }) => !matched.has(urn));
    const renames = renamesAmong(deleted, added, matched);
    const stateful = new Set([...statefulUrns(old), ...statefulUrns(now)]);
    const half = new Map(
        renames.flatMap(({ before: from, after: to, sameObject }) => [
            [`-${from.urn}`, { name: to.name, sameObject }] as const,
            [`+${to.urn}`, { name: from.name, sameObject }] as const,
        ]),
    );
    const whole = (action: "added" | "deleted", resource: PlannedResource): ResourceChange => {
        const renamed = half.get(`${action === "added" ? "+" : "-"}${resource.urn}`);
        return {
            ...identity(resource, stateful),
            action,
            protect: action === "deleted" && resource.protect,
            values: [],
            because: [],
            ...(renamed !== undefined && { renamed }),
        };
    };
    const changes = [
        ...deleted.map((resource) => whole("deleted", resource)),
        ...now.flatMap((resource) => {
            const from = matched.get(resource.urn);
            return from === undefined ? [whole("added", resource)] : changeOf(from, resource, stateful);
        }),
    ];
    return {
        resources: actions
            .flatMap((action) => changes.filter((change) => change.action === action))
            .sort((a, b) => Number(b.stateful) - Number(a.stateful)),
        renames,
        outputs: changesBetween({ value: before.outputs }, { value: after.outputs }),
    };
}

/** How many resources each action touches. */
export function countActions(diff: Pick<PlanDiff, "resources">): Readonly<Record<Action, number>> {
    const count = (action: Action): number => diff.resources.filter((change) => change.action === action).length;
    return { replaced: count("replaced"), deleted: count("deleted"), changed: count("changed"), added: count("added") };
}

function identity(
    { urn, type, name }: PlannedResource,
    stateful: ReadonlySet<string>,
): Pick<ResourceChange, "urn" | "type" | "name" | "stateful"> {
    return { urn, type, name, stateful: stateful.has(urn) };
}

function changeOf(from: PlannedResource, to: PlannedResource, stateful: ReadonlySet<string>): ResourceChange[] {
    const inputs = changesBetween(sideOf(from), sideOf(to));
    const values = [...inputs, ...changesBetween({ value: optionsOf(from) }, { value: optionsOf(to) })];
    if (values.length === 0) {
        return [];
    }
    const because = replacingPaths(
        to,
        inputs.map(({ path }) => path),
    );
    return [
        {
            ...identity(to, stateful),
            action: because.length > 0 ? "replaced" : "changed",
            protect: from.protect,
            values,
            because,
        },
    ];
}

/** The inputs to compare. What a Secret holds is never shown, whether the program marked it as secret or not. */
function sideOf(resource: PlannedResource): { value: unknown; secretPaths: readonly string[] } {
    const { inputs, secretPaths } = resource;
    if (kindOf(resource) !== "Secret") {
        return { value: inputs, secretPaths };
    }
    const hidden = ["data", "stringData"].filter((key) => isFields(inputs[key]));
    const shown = hidden.map((key) => [key, fingerprints(inputs[key] as Readonly<Record<string, unknown>>)] as const);
    return { value: { ...inputs, ...Object.fromEntries(shown) }, secretPaths };
}

/** Which keys a Secret has is no secret; of the values not even whether they changed is told. */
function fingerprints(data: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
    return Object.fromEntries(
        Object.keys(data)
            .sort(compareText)
            .map((key) => [key, secretPlaceholder]),
    );
}

/** What the engine is told of a resource and a reviewer must know of. */
function optionsOf({
    protect,
    retainOnDelete,
    ignoreChanges,
    hooks,
}: PlannedResource): Readonly<Record<string, unknown>> {
    return { options: { protect, retainOnDelete, ignoreChanges: ignoreChanges.join(" "), hooks } };
}
