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
        readonly heron?: {
            readonly namespace: string;
            /** Namespace of all topologies. */
            readonly topologyNamespace: string;
            /** Name of the cluster, which `heron submit` begins with. */
            readonly clusterName: string;
            /** Address of the API server inside the cluster. */
            readonly url: string;
        };
        readonly twister2?: {
            /** Namespaces of jobs by short name. */
            readonly jobNamespaces: Readonly<Record<string, string>>;
            /** Address of the dashboard, as job masters see it. */
            readonly dashboard?: string;
        };
        /** Sessions by short name. */
        readonly flink?: Readonly<
            Record<
                string,
                {
                    readonly namespace: string;
                    readonly clusterId: string;
                    /** Address of the REST API inside the cluster. */
                    readonly url: string;
                }
            >
        >;
        readonly cassandra?: {
            readonly namespace: string;
            /** Hosts that lead to ready nodes, port 9042. */
            readonly contactPoints: readonly string[];
        };
        readonly kafka?: {
            readonly namespace: string;
            /** Comma-separated `host:port` list that clients inside the cluster begin with. */
            readonly bootstrapServers: string;
            /** `host:port` of each broker for clients outside the cluster. */
            readonly externalServers: readonly string[];
        };
        readonly spark?: {
            /** Namespaces of applications by short name. */
            readonly jobNamespaces: Readonly<Record<string, string>>;
        };
        /** Instances by name. */
        readonly redis?: Readonly<
            Record<
                string,
                {
                    readonly namespace: string;
                    /** `host:port` that follows the master; in a cluster of its leaders. */
                    readonly master: string;
                    /** `host:port` of the Sentinels, where there are any. */
                    readonly sentinels?: string;
                }
            >
        >;
        readonly tensorflow?: {
            /** Namespaces of jobs by short name. */
            readonly jobNamespaces: Readonly<Record<string, string>>;
            /** Names of the ClusterTrainingRuntimes by short name. */
            readonly runtimes: Readonly<Record<string, string>>;
        };
    };
    /** Files that clients of the systems are configured with: text by path, such as `heron/client.yaml`. */
    readonly clientFiles: Readonly<Record<string, string>>;
}
