import { type JudgedResource, type ResourceView, viewOf } from "./view";

/** What a plan or an engine tells of a resource beside its own fields. */
export interface LinkedResource extends JudgedResource {
    /**
     * URN of the parent.
     * @default none: a child of the stack itself
     */
    readonly parent?: string | undefined;
    /**
     * URNs of what the resource waits for. What it waits for through its parents stands with them.
     * @default []
     */
    readonly dependencies?: readonly string[];
    /**
     * Whether the engine refuses to delete or replace it.
     * @default false
     */
    readonly protect?: boolean;
}

/** A resource among the others of its stack. */
export interface StackResource extends Required<Omit<LinkedResource, "parent">> {
    readonly parent: StackResource | undefined;
    /** The object as rules see it; undefined for a component, a provider, a random value. */
    readonly view: ResourceView | undefined;
}

/** A Kubernetes object among the others of its stack. */
export type StackObject = StackResource & { readonly view: ResourceView };

/** A whole stack as rules see it. Fields of objects are read on demand: an unknown one throws only when it is touched. */
export interface StackView {
    readonly resources: readonly StackResource[];
    /** The Kubernetes objects among them. */
    readonly objects: readonly StackObject[];
    /** The objects of one kind; patches of objects of that kind are not among them. */
    readonly ofKind: (kind: string) => readonly StackObject[];
    /** The URNs of all that a resource waits for: its own dependencies, its parents', and what those wait for in turn. */
    readonly waitsFor: (resource: StackResource) => ReadonlySet<string>;
}

/** The view of a whole stack. */
export function stackViewOf(linked: readonly LinkedResource[]): StackView {
    const resources = new Map<string, Mutable>();
    for (const { parent: _linkedBelow, dependencies = [], protect = false, ...resource } of linked) {
        const view = viewOf(resource);
        resources.set(resource.urn, { ...resource, dependencies, protect, view, parent: undefined });
    }
    for (const { urn, parent } of linked) {
        const resource = resources.get(urn);
        if (resource !== undefined && parent !== undefined) {
            resource.parent = resources.get(parent);
        }
    }
    const all = [...resources.values()];
    const objects = all.filter((resource): resource is Mutable & { view: ResourceView } => resource.view !== undefined);
    const byKind = new Map<string, StackObject[]>();
    for (const object of objects.filter(({ view }) => !view.patch)) {
        byKind.set(object.view.kind, [...(byKind.get(object.view.kind) ?? []), object]);
    }
    return {
        resources: all,
        objects,
        ofKind: (kind) => byKind.get(kind) ?? [],
        waitsFor: (resource) => reachedFrom(resource, resources),
    };
}

type Mutable = { -readonly [Key in keyof StackResource]: StackResource[Key] };

function reachedFrom(resource: StackResource, resources: ReadonlyMap<string, StackResource>): ReadonlySet<string> {
    const reached = new Set<string>();
    const follow = (from: StackResource): void => {
        for (let each: StackResource | undefined = from; each !== undefined; each = each.parent) {
            for (const urn of each.dependencies) {
                const next = resources.get(urn);
                if (!reached.has(urn)) {
                    reached.add(urn);
                    if (next !== undefined) {
                        follow(next);
                    }
                }
            }
        }
    };
    follow(resource);
    return reached;
}
