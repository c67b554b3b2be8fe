import { podSecurityOf as cassandraPodSecurity } from "../components/cassandra/schema";
import { environmentName } from "../components/foundation/environment";
import { topologyPodSecurity } from "../components/heron/schema";
import { jobPodSecurity } from "../components/twister2/schema";
import type { NamespaceArgs, NamespaceSettings } from "../components/foundation/namespace";
import type { StackConfig } from "./schema/sections";

/** A namespace of a stack, for a part of its own. */
export interface NamespacePart {
    /** Name of the part: without a name of its own the namespace is `<environment>-<part>`. */
    readonly part: string;
    /** Whose it is: where the owner's settings stand in the stack file. */
    readonly path: readonly string[];
    /** Where the namespace's own settings stand. */
    readonly settingsPath: readonly string[];
    readonly namespace: string;
    readonly settings: NamespaceSettings;
    /** What its pods need beyond Pod Security `restricted`, and why. */
    readonly podSecurity?: NamespaceArgs["podSecurity"];
}

/** The sections that have namespaces. */
export type Namespaced = {
    readonly [Name in "sharing" | "zookeeper" | "opensearch" | "uploader" | "systems"]?: StackConfig[Name] | undefined;
};

/** The namespaces of a stack, in the order in which their parts are deployed. */
export function namespaceParts(config: Pick<StackConfig, "environment"> & Namespaced): NamespacePart[] {
    const { sharing, zookeeper, opensearch, uploader, systems } = config;
    const part = (
        name: string,
        path: readonly string[],
        settings: NamespaceSettings,
        { key = "namespace", podSecurity }: Further = {},
    ): NamespacePart => ({
        part: name,
        path,
        settingsPath: [...path, key],
        namespace: settings.name ?? environmentName(config.environment, name),
        settings,
        ...(podSecurity && { podSecurity }),
    });
    const { teraslice, heron, twister2, flink } = systems ?? {};
    const inHeron = ["systems", "heron"];
    const inTwister2 = ["systems", "twister2"];
    return [
        ...(sharing !== undefined ? [part(parts.consumers, ["sharing"], sharing.namespace)] : []),
        ...(zookeeper !== undefined && zookeeper.kind !== "external"
            ? [part("zookeeper", ["zookeeper"], zookeeper.namespace)]
            : []),
        ...(opensearch !== undefined && opensearch.kind !== "external"
            ? [part("opensearch", ["opensearch"], opensearch.namespace)]
            : []),
        ...(uploader !== undefined && uploader.kind !== "s3"
            ? [part("uploader", ["uploader"], uploader.namespace)]
            : []),
        ...(teraslice !== undefined ? [part("teraslice", ["systems", "teraslice"], teraslice.namespace)] : []),
        ...(heron !== undefined
            ? [
                  part("heron", inHeron, heron.namespace),
                  part(parts.topologies, inHeron, heron.topologyNamespace, {
                      key: "topologyNamespace",
                      podSecurity: topologyPodSecurity,
                  }),
              ]
            : []),
        ...(twister2?.dashboard.kind === "own" ? [part("twister2", inTwister2, twister2.namespace)] : []),
        ...Object.entries(twister2?.jobNamespaces ?? {}).map(([name, { namespace }]) =>
            // Job masters watch and remove their own pods as the namespace's default account.
            part(
                parts.jobs(name),
                [...inTwister2, "jobNamespaces", name],
                { ...namespace, defaultAccountToken: true },
                { podSecurity: jobPodSecurity },
            ),
        ),
        ...Object.entries(flink ?? {}).map(([name, { namespace }]) =>
            part(parts.session(name), ["systems", "flink", name], namespace),
        ),
        ...dataSystemParts(systems ?? {}, part),
    ];
}

/** The namespaces of the data systems, and of the operators that the stack installs. */
function dataSystemParts(systems: Partial<StackConfig["systems"]>, part: PartOf): NamespacePart[] {
    const { cassandra, kafka, spark, redis, tensorflow } = systems;
    const operator = (system: OperatedSystem): NamespacePart[] => {
        const settings = systems[system]?.operator;
        return settings?.kind === "chart"
            ? [part(parts.operator(system), ["systems", system, "operator"], settings.namespace)]
            : [];
    };
    const each = (
        entries: Readonly<Record<string, { readonly namespace: NamespaceSettings }>> | undefined,
        name: (entry: string) => string,
        ...path: readonly string[]
    ) =>
        Object.entries(entries ?? {}).map(([entry, { namespace }]) =>
            part(name(entry), ["systems", ...path, entry], namespace),
        );
    const cassandraSecurity = cassandra && cassandraPodSecurity(cassandra);
    return [
        ...(cassandra === undefined
            ? []
            : [
                  part("cassandra", ["systems", "cassandra"], cassandra.namespace, {
                      ...(cassandraSecurity && { podSecurity: cassandraSecurity }),
                  }),
              ]),
        ...(kafka === undefined ? [] : [part("kafka", ["systems", "kafka"], kafka.namespace)]),
        ...operatedSystems.flatMap(operator),
        ...each(spark?.jobNamespaces, parts.spark, "spark", "jobNamespaces"),
        ...each(redis?.instances, parts.redis, "redis", "instances"),
        ...each(tensorflow?.jobNamespaces, parts.training, "tensorflow", "jobNamespaces"),
    ];
}

/** The systems that an operator runs, each in its own namespace where the stack installs it. */
export const operatedSystems = ["spark", "redis", "tensorflow"] as const;
export type OperatedSystem = (typeof operatedSystems)[number];

/** Names of the parts that a system has besides itself. */
export const parts = {
    consumers: "consumers",
    topologies: "heron-topologies",
    jobs: (name: string) => `twister2-${name}`,
    session: (name: string) => `flink-${name}`,
    operator: (system: OperatedSystem) => `${system}-operator`,
    spark: (name: string) => `spark-${name}`,
    redis: (name: string) => `redis-${name}`,
    training: (name: string) => `tensorflow-${name}`,
} as const;

type PartOf = (name: string, path: readonly string[], settings: NamespaceSettings, further?: Further) => NamespacePart;

interface Further {
    readonly key?: string;
    readonly podSecurity?: NamespacePart["podSecurity"];
}
