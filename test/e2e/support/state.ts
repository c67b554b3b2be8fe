/** What the tests read of a resource in the state that the engine keeps. */
export interface KeptResource {
    readonly urn: string;
    readonly parent?: string;
    readonly dependencies?: readonly string[];
}

/** The resources in the text of a state. */
export function resourcesOf(state: string): readonly KeptResource[] {
    const { checkpoint } = JSON.parse(state) as { checkpoint: { latest: { resources: readonly KeptResource[] } } };
    return checkpoint.latest.resources;
}

/**
 * Everything that the engine deletes only when a resource is gone: what it depends on, what its parents depend on, and
 * so on.
 */
export function dependenciesOf(resources: readonly KeptResource[], urn: string): ReadonlySet<string> {
    const found = new Set<string>();
    const visit = (each: string): void => {
        const { parent, dependencies = [] } = resources.find((resource) => resource.urn === each) ?? {};
        for (const next of [...dependencies, ...(parent === undefined ? [] : [parent])]) {
            if (!found.has(next)) {
                found.add(next);
                visit(next);
            }
        }
    };
    visit(urn);
    return found;
}
