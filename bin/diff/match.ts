import { isFields } from "../../policy/views/raw";
import type { PlannedResource } from "../plan/plan";

/**
 * Which resource of the old plan each one of the new plan continues, by its URN: the engine's own view. An alias lets a
 * resource continue one of another name or place, and its children inherit that.
 */
export function matchResources(
    old: readonly PlannedResource[],
    now: readonly PlannedResource[],
): ReadonlyMap<string, PlannedResource> {
    const byUrn = new Map(old.map((resource) => [resource.urn, resource]));
    const here = new Set(now.map(({ urn }) => urn));
    const matched = new Map<string, PlannedResource>();
    const taken = new Set<string>();
    // Parents come before their children, so that what a child inherits is known.
    for (const resource of now) {
        const candidates = byUrn.has(resource.urn)
            ? [byUrn.get(resource.urn)]
            : [...aliased(resource, old, byUrn), inherited(resource, old, now, matched)];
        const found = candidates.find(
            (candidate) => candidate !== undefined && !taken.has(candidate.urn) && !isOther(candidate, resource, here),
        );
        if (found !== undefined) {
            matched.set(resource.urn, found);
            taken.add(found.urn);
        }
    }
    return matched;
}

/** A URN that another resource of the new plan has by itself is not up for an alias. */
function isOther(candidate: PlannedResource, resource: PlannedResource, here: ReadonlySet<string>): boolean {
    return candidate.urn !== resource.urn && here.has(candidate.urn);
}

/** What the aliases of a resource name: a URN, or what of it was different. */
function aliased(
    resource: PlannedResource,
    old: readonly PlannedResource[],
    byUrn: ReadonlyMap<string, PlannedResource>,
): (PlannedResource | undefined)[] {
    return resource.aliases.map((alias) => {
        const spec: unknown = alias.startsWith("{") ? JSON.parse(alias) : undefined;
        if (!isFields(spec)) {
            return byUrn.get(alias);
        }
        const given = (key: string, otherwise: string | undefined): unknown =>
            spec[key] === undefined || spec[key] === "" ? otherwise : spec[key];
        const parent = spec.noparent === true ? undefined : given("parenturn", resource.parent);
        return old.find(
            (one) =>
                one.name === given("name", resource.name) &&
                one.type === given("type", resource.type) &&
                one.parent === parent,
        );
    });
}

/** A child called after a parent of another name continues that parent's child of the like name. */
function inherited(
    resource: PlannedResource,
    old: readonly PlannedResource[],
    now: readonly PlannedResource[],
    matched: ReadonlyMap<string, PlannedResource>,
): PlannedResource | undefined {
    const parent = now.find(({ urn }) => urn === resource.parent);
    const from = parent === undefined ? undefined : matched.get(parent.urn);
    if (parent === undefined || from === undefined) {
        return undefined;
    }
    const name = resource.name.startsWith(parent.name)
        ? `${from.name}${resource.name.slice(parent.name.length)}`
        : resource.name;
    return old.find((one) => one.type === resource.type && one.parent === from.urn && one.name === name);
}
