import { environmentName } from "../components/foundation/environment";
import type { NamespaceSettings } from "../components/foundation/namespace";
import type { StackConfig } from "./schema/sections";

/** A part of a stack that has a namespace of its own. */
export interface NamespacePart {
    /** Where its settings stand in the stack file. */
    readonly path: readonly string[];
    readonly namespace: string;
    readonly settings: NamespaceSettings;
}

/** The parts of a stack that have a namespace of their own, in the order in which they are deployed. */
export function namespaceParts(
    config: Pick<StackConfig, "environment"> & {
        readonly [Name in "zookeeper" | "opensearch" | "uploader" | "systems"]?: StackConfig[Name] | undefined;
    },
): NamespacePart[] {
    const part = (path: readonly string[], name: string, settings: NamespaceSettings): NamespacePart => ({
        path,
        namespace: settings.name ?? environmentName(config.environment, name),
        settings,
    });
    const { zookeeper, opensearch, uploader, systems } = config;
    return [
        ...(zookeeper !== undefined && zookeeper.kind !== "external"
            ? [part(["zookeeper"], "zookeeper", zookeeper.namespace)]
            : []),
        ...(opensearch !== undefined && opensearch.kind !== "external"
            ? [part(["opensearch"], "opensearch", opensearch.namespace)]
            : []),
        ...(uploader !== undefined && uploader.kind !== "s3"
            ? [part(["uploader"], "uploader", uploader.namespace)]
            : []),
        ...(systems?.teraslice !== undefined
            ? [part(["systems", "teraslice"], "teraslice", systems.teraslice.namespace)]
            : []),
    ];
}
