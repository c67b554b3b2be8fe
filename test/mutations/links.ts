import type { PlannedResource } from "../../policy/check";
import { type StackResource, stackViewOf } from "../../policy/views/stackView";
import type { LinkOperator } from "./operator";

const exchanged = (
    resources: readonly PlannedResource[],
    index: number,
    change: (resource: PlannedResource) => PlannedResource,
): readonly PlannedResource[] => resources.map((resource, i) => (i === index ? change(resource) : resource));

const unprotected: LinkOperator = {
    family: "protection",
    name: "protect removed",
    change: (resources, index) =>
        resources[index]?.protect === true
            ? exchanged(resources, index, (resource) => ({ ...resource, protect: false }))
            : undefined,
};

const renamed: LinkOperator = {
    family: "names",
    name: "not named from its parent",
    change: (resources, index) => {
        const parent = resources.find(({ urn }) => urn === resources[index]?.parent);
        return parent !== undefined && parent.type.startsWith("data-platform:")
            ? exchanged(resources, index, (resource) => ({ ...resource, name: `child-of-${resource.name}` }))
            : undefined;
    },
};

const views = new WeakMap<readonly PlannedResource[], ReturnType<typeof stackViewOf>>();

function viewOf(resources: readonly PlannedResource[]): ReturnType<typeof stackViewOf> {
    const known = views.get(resources) ?? stackViewOf(resources);
    views.set(resources, known);
    return known;
}

const above = (resource: StackResource): StackResource[] =>
    resource.parent === undefined ? [resource] : [resource, ...above(resource.parent)];

const labelsOf = ({ view }: StackResource, ...keys: readonly string[]): string =>
    JSON.stringify([view?.metadata.namespace, ...keys.map((key) => view?.metadata.labels?.[key])]);

/** Cuts whatever makes a set wait for the other sets of its cluster, on itself and on the components that it is in. */
const cut: LinkOperator = {
    family: "chains",
    name: "dependencies cut",
    change: (resources, index) => {
        const stack = viewOf(resources);
        const set = stack.ofKind("StatefulSet").find(({ urn }) => urn === resources[index]?.urn);
        if (set === undefined) {
            return undefined;
        }
        const cluster = ["app.kubernetes.io/name", "app.kubernetes.io/instance"];
        const waited = stack.waitsFor(set);
        const others = stack
            .ofKind("StatefulSet")
            .filter(({ urn }) => urn !== set.urn && waited.has(urn))
            .filter((other) => labelsOf(other, ...cluster) === labelsOf(set, ...cluster));
        if (others.length === 0) {
            return undefined;
        }
        const targets = new Set(others.flatMap(above).map(({ urn }) => urn));
        const own = new Set(
            above(set)
                .map(({ urn }) => urn)
                .filter((urn) => !targets.has(urn)),
        );
        const byUrn = new Map(stack.resources.map((resource) => [resource.urn, resource]));
        const leads = (urn: string): boolean => {
            const resource = byUrn.get(urn);
            return (
                targets.has(urn) ||
                (resource !== undefined && others.some((other) => stack.waitsFor(resource).has(other.urn)))
            );
        };
        return resources.map((resource) =>
            own.has(resource.urn)
                ? { ...resource, dependencies: (resource.dependencies ?? []).filter((urn) => !leads(urn)) }
                : resource,
        );
    },
};

/** What weakens a resource other than by its object. */
export const linkOperators: readonly LinkOperator[] = [unprotected, renamed, cut];
