import type { DashboardLine } from "../components/dashboard/exposure";

/**
 * What a stack tells other stacks and its users. `schema` is raised with every change that a reader could trip over.
 */
export interface Platform {
    readonly schema: 1;
    readonly environment: { readonly name: string; readonly tier: string };
    /** Names of the PriorityClasses, by the short names of the configuration. */
    readonly priorityClasses: Readonly<Record<string, string>>;
    /** Every UI and API, by title, with what opens it. */
    readonly dashboards: readonly DashboardLine[];
    readonly zookeeper?: { readonly connectionString: string };
    readonly opensearch?: { readonly nodes: readonly string[] };
    /** Address of the web server for packages inside the cluster. */
    readonly uploader?: { readonly url: string };
    readonly systems: {
        readonly teraslice?: {
            readonly namespace: string;
            /** Address of the API inside the cluster. */
            readonly url: string;
        };
    };
}
