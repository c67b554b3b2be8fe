import type * as pulumi from "@pulumi/pulumi";
import { dashboardList } from "../components/dashboard/exposure";
import type { Foundation } from "../components/foundation/environment";
import { ImageCatalog } from "../components/foundation/images";
import { Namespace } from "../components/foundation/namespace";
import { PriorityClasses, priorityClassName } from "../components/foundation/priorityClasses";
import { Consumer } from "../components/base/consumer";
import { baseLabel } from "../components/foundation/labels";
import type { Base } from "./base/base";
import { uploaderContractOf, zookeeperContractOf } from "./base/connections";
import { withWayToUploader } from "./base/uploaderWay";
import { type Composition, usesStores } from "./composition";
import { composeCassandra, composeKafka, composeRedis, composeSpark, composeTensorflow } from "./dataSystems";
import { namespaceParts, parts } from "./namespaces";
import { type Platform, platformVersion } from "./platform";
import type { StackConfig } from "./schema/sections";
import { baseEnsemble, baseStore, composeOpenSearch, composeUploader, composeZooKeeper } from "./stores";
import { composeFlink, composeHeron, composeTeraslice, composeTwister2 } from "./systems";

/**
 * Registers the components that a stack's configuration asks for, and returns the stack's outputs.
 *
 * @param base what stands in for parts that the stack does not have itself
 */
export function compose(given: StackConfig, provider: pulumi.ProviderResource, base?: Base): Platform {
    const uploaderOfBase = given.base?.uploader === true ? base?.platform.uploader : undefined;
    const config = uploaderOfBase === undefined ? given : withWayToUploader(given, uploaderOfBase);
    const composition = foundationOf(config, provider, base);
    const zookeeper = composeZooKeeper(composition);
    const opensearch = composeOpenSearch(composition);
    const uploader = composeUploader(composition);
    const ensemble = zookeeper ?? baseEnsemble(composition);
    const teraslice = composeTeraslice(composition, opensearch ?? baseStore(composition));
    const heron = composeHeron(composition, ensemble);
    const twister2 = composeTwister2(composition, ensemble);
    const flink = composeFlink(composition, ensemble);
    const cassandra = composeCassandra(composition);
    const kafka = composeKafka(composition);
    const spark = composeSpark(composition);
    const redis = composeRedis(composition);
    const tensorflow = composeTensorflow(composition);
    const dashboards = [opensearch, uploader, teraslice, heron, twister2, ...Object.values(flink)].flatMap(
        (part) => part?.dashboards ?? [],
    );
    return {
        schema: platformVersion,
        environment: { name: config.environment.name, tier: config.environment.tier },
        cluster: { dnsDomain: config.cluster.dns.domain },
        priorityClasses: Object.fromEntries(
            Object.keys(config.priorityClasses).map((name) => [name, priorityClassName(config.environment, name)]),
        ),
        dashboards: dashboardList(dashboards),
        ...(zookeeper && { zookeeper: zookeeperContractOf(zookeeper.connection) }),
        ...(opensearch && { opensearch: opensearch.contract }),
        ...(uploader && { uploader: uploaderContractOf(uploader.part) }),
        ...(config.sharing && { sharing: { namespace: composition.placeOf(parts.consumers).namespace } }),
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
function foundationOf(config: StackConfig, provider: pulumi.ProviderResource, base: Base | undefined): Composition {
    const isOwn = (name: string) => Object.hasOwn(config.priorityClasses, name);
    const foundation: Foundation = {
        environment: config.environment,
        images: new ImageCatalog(config.images),
        network: { dns: config.cluster.dns, apiServer: config.cluster.apiServer },
        targets: config.targets,
        priorityClasses: Object.fromEntries(
            Object.entries(base?.platform.priorityClasses ?? {}).filter(([name]) => !isOwn(name)),
        ),
        monitoring: config.monitoring,
    };
    const top: pulumi.ComponentResourceOptions = { providers: { kubernetes: provider } };
    const priorities = new PriorityClasses(
        "priority-classes",
        { environment: config.environment, classes: config.priorityClasses },
        top,
    );
    const namespaces = new Map(
        namespaceParts(config).map(({ part, path, namespace, settings, podSecurity }) => [
            part,
            new Namespace(
                `${part}-namespace`,
                {
                    foundation,
                    namespace,
                    settings,
                    ...(podSecurity && { podSecurity }),
                    ...(base && usesStores({ path }) && { labels: { [baseLabel]: base.platform.environment.name } }),
                },
                top,
            ),
        ]),
    );
    const consumer = base && registerConsumer(config, base, { ...top, dependsOn: [...namespaces.values()] });
    return {
        config,
        foundation,
        provider,
        base,
        top,
        placeOf: (part) => {
            const namespace = namespaces.get(part);
            if (namespace === undefined) {
                throw new Error(`"${part}" has no namespace`);
            }
            // Whoever uses a base has told it so before.
            const after = [namespace, priorities, ...(consumer === undefined ? [] : [consumer])];
            return { namespace: namespace.namespaceName, after, opts: { ...top, dependsOn: after } };
        },
    };
}

/** Registers a stack as a consumer of its base. */
function registerConsumer(config: StackConfig, base: Base, opts: pulumi.ComponentResourceOptions): Consumer {
    const { platform, namespace, consumer: stack, uses } = base;
    return new Consumer(
        "base-consumer",
        {
            environment: config.environment,
            stack,
            base: { environment: platform.environment.name, namespace },
            uses,
            schema: platform.schema,
        },
        opts,
    );
}
