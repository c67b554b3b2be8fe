import { consumerLabel, entryOf } from "../../components/base/consumer";
import type { ConsumerEntry } from "../../components/guards/sharing";

/** How a cluster is reached; neither where a stack is rendered to a directory. */
export interface ClusterAccess {
    readonly context?: string | undefined;
    /** Content of a kubeconfig. */
    readonly kubeconfig?: string | undefined;
}

/**
 * The stacks that use what an environment shares, by the entries that they have left in its cluster: in whatever
 * namespace, so that a base whose namespace goes still finds them.
 *
 * @throws Error with one line when the entries can't be read: nobody knows then who would lose something.
 */
export async function consumersIn(
    { context, kubeconfig }: ClusterAccess,
    environment: string,
): Promise<readonly ConsumerEntry[]> {
    if (context === undefined && kubeconfig === undefined) {
        return [];
    }
    // Half a second to load, which only a base pays.
    const { CoreV1Api, KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    if (kubeconfig === undefined) {
        config.loadFromDefault();
    } else {
        config.loadFromString(kubeconfig);
    }
    if (context !== undefined) {
        config.setCurrentContext(context);
    }
    try {
        const { items } = await config
            .makeApiClient(CoreV1Api)
            .listConfigMapForAllNamespaces({ labelSelector: `${consumerLabel}=${environment}` });
        return items
            .map(({ metadata, data }) => entryOf(metadata?.name ?? "", data ?? {}))
            .sort((a, b) => (a.stack < b.stack ? -1 : 1));
    } catch (error) {
        const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
        throw new Error(
            `the consumers of ${environment}, ConfigMaps with the label ${consumerLabel}=${environment} in any namespace, can't be listed: ${reason}`,
        );
    }
}
