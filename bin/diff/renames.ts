import { objectKey } from "../plan/objects";
import type { PlannedResource } from "../plan/plan";
import { changesBetween, countLeaves } from "./values";

/** A deleted and an added resource that look like one: the engine would delete the one and create the other. */
export interface Rename {
    readonly before: PlannedResource;
    readonly after: PlannedResource;
    /** Whether both are the same object of the cluster, so that deleting the one takes the other away. */
    readonly sameObject: boolean;
}

/** Half of the values alike: less is another thing of the same type. */
const likeness = 0.5;

/**
 * Pairs deleted and added resources of one type in one place. Both lists are in the order of the tree, so that a renamed
 * component is known before its children are looked at.
 */
export function renamesAmong(
    deleted: readonly PlannedResource[],
    added: readonly PlannedResource[],
    matched: ReadonlyMap<string, PlannedResource>,
): Rename[] {
    const successor = new Map([...matched].map(([urn, old]) => [old.urn, urn]));
    const byUrn = new Map([...deleted, ...added, ...matched.values()].map((resource) => [resource.urn, resource]));
    const renames: Rename[] = [];
    const paired = new Set<string>();
    const inPlace = (before: PlannedResource, after: PlannedResource): boolean =>
        before.parent === after.parent ||
        (before.parent !== undefined && successor.get(before.parent) === after.parent);
    const namedAlike = (before: PlannedResource, after: PlannedResource): boolean => {
        const [from, to] = [before, after].map((one) => byUrn.get(one.parent ?? "")?.name);
        return from !== undefined && to !== undefined && suffix(before.name, from) === suffix(after.name, to);
    };
    for (const after of added) {
        const candidates = deleted.filter(({ urn, type }) => !paired.has(urn) && type === after.type);
        const key = objectKey(after);
        const same = candidates.find((before) => key !== undefined && objectKey(before) === key);
        const near = candidates.filter((before) => inPlace(before, after));
        const before =
            same ??
            near.find((one) => namedAlike(one, after)) ??
            best(near, (one) => (after.custom ? alike(one, after) : alikeChildren(one, after, deleted, added)));
        if (before !== undefined) {
            paired.add(before.urn);
            successor.set(before.urn, after.urn);
            renames.push({ before, after, sameObject: same !== undefined });
        }
    }
    return renames;
}

function suffix(name: string, parent: string): string {
    return name.startsWith(parent) ? name.slice(parent.length) : name;
}

function best(
    candidates: readonly PlannedResource[],
    score: (candidate: PlannedResource) => number,
): PlannedResource | undefined {
    const scored = candidates.map((candidate) => ({ candidate, score: score(candidate) }));
    return scored.filter((one) => one.score >= likeness).sort((a, b) => b.score - a.score)[0]?.candidate;
}

/** Share of the values that two resources have in common. */
function alike(a: PlannedResource, b: PlannedResource): number {
    const all = Math.max(countLeaves(a.inputs), countLeaves(b.inputs));
    return all === 0 ? 1 : 1 - changesBetween({ value: a.inputs }, { value: b.inputs }).length / all;
}

/** Share of the children that two components have in common, by type: what a component is made of tells it best. */
function alikeChildren(
    before: PlannedResource,
    after: PlannedResource,
    deleted: readonly PlannedResource[],
    added: readonly PlannedResource[],
): number {
    const typesBelow = (resources: readonly PlannedResource[], { urn }: PlannedResource): string[] =>
        resources.filter(({ parent }) => parent === urn).map(({ type }) => type);
    const [old, now] = [typesBelow(deleted, before), typesBelow(added, after)];
    const common = now.reduce((count, type) => {
        const index = old.indexOf(type);
        return index === -1 ? count : (old.splice(index, 1), count + 1);
    }, 0);
    const all = common + old.length + (now.length - common);
    return all === 0 ? alike(before, after) : common / all;
}
