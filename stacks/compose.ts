import type * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../components/foundation/environment";
import { ImageCatalog } from "../components/foundation/images";
import { Namespace } from "../components/foundation/namespace";
import type { Peer } from "../components/foundation/networkPolicy";
import { PriorityClasses, priorityClassName } from "../components/foundation/priorityClasses";
import { externalOpenSearch, type OpenSearchConnection } from "../components/opensearch/connection";
import { OpenSearchSingleNode } from "../components/opensearch/singleNode";
import { Teraslice } from "../components/teraslice/teraslice";
import { externalZooKeeper, type ZooKeeperConnection } from "../components/zookeeper/connection";
import { ZooKeeper } from "../components/zookeeper/zookeeper";
import { namespaceParts } from "./namespaces";
import type { Platform } from "./platform";
import type { StackConfig } from "./schema/sections";

/** Registers the components that a stack's configuration asks for, and returns the stack's outputs. */
export function compose(config: StackConfig, provider: pulumi.ProviderResource): Platform {
    const foundation: Foundation = {
        environment: config.environment,
        images: new ImageCatalog(config.images),
        network: { dns: config.cluster.dns, apiServer: config.cluster.apiServer },
        targets: config.targets,
    };
    const top: pulumi.ComponentResourceOptions = { providers: { kubernetes: provider } };
    const priorities = new PriorityClasses(
        "priority-classes",
        { environment: config.environment, classes: config.priorityClasses },
        top,
    );
    const namespaces = Object.fromEntries(
        namespaceParts(config).map(({ path, namespace, settings }) => {
            const part = path.at(-1) ?? "";
            return [part, new Namespace(`${part}-namespace`, { foundation, namespace, settings }, top)];
        }),
    );
    /** Options of a part: in its namespace, after it and the priority classes. */
    const inNamespace = (part: string): { namespace: string; opts: pulumi.ComponentResourceOptions } => {
        const namespace = namespaces[part];
        if (namespace === undefined) {
            throw new Error(`"${part}" has no namespace`);
        }
        return { namespace: namespace.namespaceName, opts: { ...top, dependsOn: [namespace, priorities] } };
    };

    const zookeeper = composeZooKeeper(config, foundation, inNamespace);
    const opensearch = composeOpenSearch(config, foundation, inNamespace, provider);
    const teraslice = composeTeraslice(config, foundation, inNamespace, opensearch);
    return {
        schema: 1,
        environment: { name: config.environment.name, tier: config.environment.tier },
        priorityClasses: Object.fromEntries(
            Object.keys(config.priorityClasses).map((name) => [name, priorityClassName(config.environment, name)]),
        ),
        ...(zookeeper && { zookeeper: { connectionString: zookeeper.connectionString } }),
        ...(opensearch && { opensearch: { nodes: opensearch.nodes } }),
        systems: {
            ...(teraslice && { teraslice: { namespace: teraslice.namespaceName, url: teraslice.url } }),
        },
    };
}

type InNamespace = (part: string) => { namespace: string; opts: pulumi.ComponentResourceOptions };

function composeZooKeeper(
    config: StackConfig,
    foundation: Foundation,
    inNamespace: InNamespace,
): ZooKeeperConnection | undefined {
    if (config.zookeeper === undefined) {
        return undefined;
    }
    if (config.zookeeper.kind === "external") {
        return externalZooKeeper(config.zookeeper);
    }
    const { namespace: _made, ...settings } = config.zookeeper;
    const { namespace, opts } = inNamespace("zookeeper");
    return new ZooKeeper("zookeeper", { foundation, namespace, settings }, opts);
}

function composeOpenSearch(
    config: StackConfig,
    foundation: Foundation,
    inNamespace: InNamespace,
    provider: pulumi.ProviderResource,
): OpenSearchConnection | undefined {
    if (config.opensearch === undefined) {
        return undefined;
    }
    if (config.opensearch.kind === "external") {
        return externalOpenSearch("opensearch", config.opensearch, { provider });
    }
    const { namespace: _made, ...settings } = config.opensearch;
    const { namespace, opts } = inNamespace("opensearch");
    const clients: Peer[] = namespaceParts(config)
        .filter(({ path }) => path[0] === "systems")
        .map((system) => ({ namespace: system.namespace }));
    return new OpenSearchSingleNode("opensearch", { foundation, namespace, settings, clients }, opts);
}

function composeTeraslice(
    config: StackConfig,
    foundation: Foundation,
    inNamespace: InNamespace,
    store: OpenSearchConnection | undefined,
): Teraslice | undefined {
    if (config.systems.teraslice === undefined || store === undefined) {
        return undefined;
    }
    const { namespace, opts } = inNamespace("teraslice");
    return new Teraslice("teraslice", { foundation, namespace, settings: config.systems.teraslice, store }, opts);
}
