import type * as pulumi from "@pulumi/pulumi";
import { dashboardList } from "../components/dashboard/exposure";
import type { Foundation } from "../components/foundation/environment";
import { ImageCatalog } from "../components/foundation/images";
import { Namespace } from "../components/foundation/namespace";
import { PriorityClasses, priorityClassName } from "../components/foundation/priorityClasses";
import type { Composition } from "./composition";
import { composeCassandra, composeKafka, composeRedis, composeSpark, composeTensorflow } from "./dataSystems";
import { namespaceParts } from "./namespaces";
import type { Platform } from "./platform";
import type { StackConfig } from "./schema/sections";
import { composeOpenSearch, composeUploader, composeZooKeeper } from "./stores";
import { composeFlink, composeHeron, composeTeraslice, composeTwister2 } from "./systems";

/** Registers the components that a stack's configuration asks for, and returns the stack's outputs. */
export function compose(config: StackConfig, provider: pulumi.ProviderResource): Platform {
    const composition = foundationOf(config, provider);
    const zookeeper = composeZooKeeper(composition);
    const opensearch = composeOpenSearch(composition);
    const uploader = composeUploader(composition);
    const teraslice = composeTeraslice(composition, opensearch);
    const heron = composeHeron(composition, zookeeper);
    const twister2 = composeTwister2(composition, zookeeper);
    const flink = composeFlink(composition, zookeeper);
    const cassandra = composeCassandra(composition);
    const kafka = composeKafka(composition);
    const spark = composeSpark(composition);
    const redis = composeRedis(composition);
    const tensorflow = composeTensorflow(composition);
    const dashboards = [opensearch, uploader, teraslice, heron, twister2, ...Object.values(flink)].flatMap(
        (part) => part?.dashboards ?? [],
    );
    return {
        schema: 1,
        environment: { name: config.environment.name, tier: config.environment.tier },
        priorityClasses: Object.fromEntries(
            Object.keys(config.priorityClasses).map((name) => [name, priorityClassName(config.environment, name)]),
        ),
        dashboards: dashboardList(dashboards),
        ...(zookeeper && { zookeeper: { connectionString: zookeeper.connection.connectionString } }),
        ...(opensearch && { opensearch: { nodes: opensearch.part.nodes } }),
        ...(uploader?.part.kind === "server" && { uploader: { url: uploader.part.url } }),
        systems: {
            ...(teraslice && {
                teraslice: { namespace: teraslice.part.namespaceName, url: teraslice.part.url },
            }),
            ...(heron && {
                heron: {
                    namespace: heron.part.namespaceName,
                    topologyNamespace: heron.part.topologyNamespaceName,
                    clusterName: heron.part.clusterName,
                    url: heron.part.url,
                },
            }),
            ...(twister2 && {
                twister2: {
                    jobNamespaces: twister2.jobNamespaces,
                    ...(twister2.part.dashboardUrl !== undefined && { dashboard: twister2.part.dashboardUrl }),
                },
            }),
            ...(Object.keys(flink).length > 0 && {
                flink: mapValues(flink, ({ part: { namespaceName, clusterId, url } }) => ({
                    namespace: namespaceName,
                    clusterId,
                    url,
                })),
            }),
            ...(cassandra && {
                cassandra: { namespace: cassandra.namespaceName, contactPoints: cassandra.contactPoints },
            }),
            ...(kafka && {
                kafka: {
                    namespace: kafka.namespaceName,
                    bootstrapServers: kafka.bootstrapServers,
                    externalServers: kafka.externalServers,
                },
            }),
            ...(spark && { spark: { jobNamespaces: spark.namespaces } }),
            ...(redis && {
                redis: mapValues(redis.part.instances, ({ namespaceName, endpoints: { master, sentinels } }) => ({
                    namespace: namespaceName,
                    master,
                    ...(sentinels !== undefined && { sentinels }),
                })),
            }),
            ...(tensorflow && {
                tensorflow: { jobNamespaces: tensorflow.namespaces, runtimes: tensorflow.part.runtimes },
            }),
        },
        clientFiles: {
            ...below("heron", heron?.part.clientFiles),
            ...below("twister2", twister2?.part.clientFiles),
            ...Object.fromEntries(
                Object.entries(flink).flatMap(([name, { part }]) =>
                    Object.entries(below(`flink/${name}`, part.clientFiles)),
                ),
            ),
            ...below("cassandra", cassandra?.clientFiles),
            ...kafka?.clientFiles,
            ...below("spark", spark?.part.clientFiles),
            ...redis?.part.clientFiles,
        },
    };
}

/** A map with other values under the same keys. */
function mapValues<From, To>(map: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> {
    return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, to(value)]));
}

/** Files in a folder. */
function below(folder: string, files: Readonly<Record<string, string>> | undefined): Record<string, string> {
    return Object.fromEntries(Object.entries(files ?? {}).map(([path, text]) => [`${folder}/${path}`, text]));
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
        top,
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
