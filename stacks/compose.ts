import type * as pulumi from "@pulumi/pulumi";
import { dashboardList } from "../components/dashboard/exposure";
import type { Foundation } from "../components/foundation/environment";
import { ImageCatalog } from "../components/foundation/images";
import { Namespace } from "../components/foundation/namespace";
import { PriorityClasses, priorityClassName } from "../components/foundation/priorityClasses";
import type { Composition } from "./composition";
import { namespaceParts } from "./namespaces";
import type { Platform } from "./platform";
import type { StackConfig } from "./schema/sections";
import { composeOpenSearch, composeUploader, composeZooKeeper } from "./stores";
import { composeTeraslice } from "./systems";

/** Registers the components that a stack's configuration asks for, and returns the stack's outputs. */
export function compose(config: StackConfig, provider: pulumi.ProviderResource): Platform {
    const composition = foundationOf(config, provider);
    const zookeeper = composeZooKeeper(composition);
    const opensearch = composeOpenSearch(composition);
    const uploader = composeUploader(composition);
    const teraslice = composeTeraslice(composition, opensearch);
    const dashboards = [opensearch, uploader, teraslice].flatMap((part) => part?.dashboards ?? []);
    return {
        schema: 1,
        environment: { name: config.environment.name, tier: config.environment.tier },
        priorityClasses: Object.fromEntries(
            Object.keys(config.priorityClasses).map((name) => [name, priorityClassName(config.environment, name)]),
        ),
        dashboards: dashboardList(dashboards),
        ...(zookeeper && { zookeeper: { connectionString: zookeeper.connectionString } }),
        ...(opensearch && { opensearch: { nodes: opensearch.part.nodes } }),
        ...(uploader?.part.kind === "server" && { uploader: { url: uploader.part.url } }),
        systems: {
            ...(teraslice && {
                teraslice: { namespace: teraslice.part.namespaceName, url: teraslice.part.url },
            }),
        },
    };
}

/** Registers what every part stands on: priority classes and namespaces. */
function foundationOf(config: StackConfig, provider: pulumi.ProviderResource): Composition {
    const foundation: Foundation = {
        environment: config.environment,
        images: new ImageCatalog(config.images),
        network: { dns: config.cluster.dns, apiServer: config.cluster.apiServer },
        targets: config.targets,
        monitoring: config.monitoring,
    };
    const top: pulumi.ComponentResourceOptions = { providers: { kubernetes: provider } };
    const priorities = new PriorityClasses(
        "priority-classes",
        { environment: config.environment, classes: config.priorityClasses },
        top,
    );
    const namespaces = new Map(
        namespaceParts(config).map(({ part, namespace, settings, podSecurity }) => [
            part,
            new Namespace(
                `${part}-namespace`,
                { foundation, namespace, settings, ...(podSecurity && { podSecurity }) },
                top,
            ),
        ]),
    );
    return {
        config,
        foundation,
        provider,
        placeOf: (part) => {
            const namespace = namespaces.get(part);
            if (namespace === undefined) {
                throw new Error(`"${part}" has no namespace`);
            }
            const after = [namespace, priorities];
            return { namespace: namespace.namespaceName, after, opts: { ...top, dependsOn: after } };
        },
    };
}
