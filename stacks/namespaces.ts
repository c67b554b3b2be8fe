import { environmentName } from "../components/foundation/environment";
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
    readonly [Name in "zookeeper" | "opensearch" | "uploader" | "systems"]?: StackConfig[Name] | undefined;
};

/** The namespaces of a stack, in the order in which their parts are deployed. */
export function namespaceParts(config: Pick<StackConfig, "environment"> & Namespaced): NamespacePart[] {
    const { zookeeper, opensearch, uploader, systems } = config;
    const part = (name: string, path: readonly string[], settings: NamespaceSettings): NamespacePart => ({
        part: name,
        path,
        settingsPath: [...path, "namespace"],
        namespace: settings.name ?? environmentName(config.environment, name),
        settings,
    });
    return [
        ...(zookeeper !== undefined && zookeeper.kind !== "external"
            ? [part("zookeeper", ["zookeeper"], zookeeper.namespace)]
            : []),
        ...(opensearch !== undefined && opensearch.kind !== "external"
            ? [part("opensearch", ["opensearch"], opensearch.namespace)]
            : []),
        ...(uploader !== undefined && uploader.kind !== "s3"
            ? [part("uploader", ["uploader"], uploader.namespace)]
            : []),
        ...(systems?.teraslice !== undefined
            ? [part("teraslice", ["systems", "teraslice"], systems.teraslice.namespace)]
            : []),
    ];
}
