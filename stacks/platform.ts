/**
 * What a stack tells other stacks and its users. `schema` is raised with every change that a reader could trip over.
 */
export interface Platform {
    readonly schema: 1;
    readonly environment: { readonly name: string; readonly tier: string };
    /** Names of the PriorityClasses, by the short names of the configuration. */
    readonly priorityClasses: Readonly<Record<string, string>>;
    readonly zookeeper?: { readonly connectionString: string };
    readonly opensearch?: { readonly nodes: readonly string[] };
    readonly systems: {
        readonly teraslice?: {
            readonly namespace: string;
            /** Address of the API inside the cluster. */
            readonly url: string;
        };
    };
}
