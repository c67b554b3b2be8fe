import type { ConsumerEntry } from "../../components/guards/sharing";
import { environmentName } from "../../components/foundation/environment";
import { parts } from "../namespaces";
import { prefix } from "../parse";
import { definedNames, referencesOf } from "../references";
import { sections, type StackConfig } from "../schema/sections";
import { zookeeperUsers } from "../sharing";

/*
 * The words by which a base says what it shares, a consumer what it uses, and a guard compares both. Entries in clusters
 * hold them: never change one.
 */
const words = {
    zookeeper: "zookeeper",
    opensearch: "opensearch",
    login: (environment: string) => `opensearch.logins.${environment}`,
    uploader: "uploader",
    priorityClass: (name: string) => `priorityClasses.${name}`,
    /** Where the entries themselves are. */
    namespace: (name: string) => `sharing.namespace ${name}`,
} as const;

/** What a stack shares; nothing without a section `sharing`. */
export function sharesOf(config: StackConfig): string[] {
    const { sharing, priorityClasses, zookeeper, opensearch, uploader } = config;
    return sharing === undefined
        ? []
        : [
              ...(zookeeper === undefined ? [] : [words.zookeeper]),
              ...(opensearch === undefined ? [] : [words.opensearch]),
              ...Object.keys(sharing.opensearchUsers).map(words.login),
              ...(uploader === undefined ? [] : [words.uploader]),
              ...Object.keys(priorityClasses).map(words.priorityClass),
              words.namespace(consumersNamespace(config)),
          ].sort();
}

/** The namespace for entries of a stack's consumers, if it had any. */
export const consumersNamespace = ({ environment, sharing }: Pick<StackConfig, "environment" | "sharing">): string =>
    sharing?.namespace.name ?? environmentName(environment, parts.consumers);

/**
 * What a stack uses of its base, by its own file: what it asks for and does not have itself.
 *
 * @param namespace the base's namespace for entries
 */
export function usesOf(config: StackConfig, namespace: string): string[] {
    return [
        ...(usesZooKeeper(config) ? [words.zookeeper] : []),
        ...(usesOpenSearch(config) ? [words.opensearch, words.login(config.environment.name)] : []),
        ...(config.base?.uploader === true ? [words.uploader] : []),
        ...[...new Set(basePriorities(config).map(({ name }) => name))].map(words.priorityClass),
        words.namespace(namespace),
    ].sort();
}

/** Whether a stack's systems keep something in the ZooKeeper of its base. */
export const usesZooKeeper = (config: StackConfig): boolean =>
    config.base !== undefined && config.zookeeper === undefined && zookeeperUsers(config).length > 0;

/** Whether a stack's systems keep something in the OpenSearch of its base. */
export const usesOpenSearch = ({ base, opensearch, systems }: StackConfig): boolean =>
    base !== undefined && opensearch === undefined && systems.teraslice !== undefined;

/** The references to priority classes that the stack's own file does not define. */
export const basePriorities = (config: StackConfig) =>
    referencesOf(sections, config, prefix).filter(
        ({ section, name }) => section === "priorityClasses" && !definedNames(config, section).includes(name),
    );

/** A line for people on each consumer of an environment. */
export function consumerLines(consumers: readonly ConsumerEntry[]): string[] {
    return consumers.map(
        ({ stack, environment, owner, uses }) =>
            `${stack} (environment ${environment}, owner ${owner}) uses ${uses.join(", ")}`,
    );
}
