import type { types } from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import { podTemplatesOf, type PodTemplateView } from "./podTemplates";
import { once } from "./raw";

export type ObjectMeta = Unwrap<types.input.meta.v1.ObjectMeta>;

/** The least of a planned or previewed resource that rules need. */
export interface JudgedResource {
    readonly urn: string;
    /** Pulumi's type: `kubernetes:apps/v1:StatefulSet`. */
    readonly type: string;
    /** Pulumi's name of the resource, which exemptions name. */
    readonly name: string;
    readonly inputs: Readonly<Record<string, unknown>>;
}

/** One Kubernetes object as rules see it. Fields are read on demand: an unknown one throws only when it is touched. */
export interface ResourceView {
    readonly kind: string;
    /** As in a manifest: `v1`, `apps/v1`. */
    readonly apiVersion: string;
    /** Whether it changes some fields of an object that others own (`DeploymentPatch`): nothing is required of it. */
    readonly patch: boolean;
    readonly metadata: ObjectMeta;
    /** The object itself, for what the view does not name. */
    readonly object: Readonly<Record<string, unknown>>;
    /** Every pod template in it, wherever it hides. */
    readonly podTemplates: readonly PodTemplateView[];
}

/** Kinds of the `kubernetes:` package that are no objects but make some. */
const makers: ReadonlySet<string> = new Set([
    "helm.sh/v2",
    "helm.sh/v3",
    "helm.sh/v4",
    "kustomize",
    "kustomize/v2",
    "yaml",
    "yaml/v2",
]);

/** The view of a resource, or undefined when it is no Kubernetes object: a component, a provider, a chart, a list. */
export function viewOf(resource: JudgedResource): ResourceView | undefined {
    const [provider, groupVersion, typeName] = resource.type.split(":");
    if (provider !== "kubernetes" || groupVersion === undefined || typeName === undefined || makers.has(groupVersion)) {
        return undefined;
    }
    const object = resource.inputs;
    if (typeName.endsWith("List") && "items" in object) {
        return undefined;
    }
    // The object's own kind is without "Patch". It is never unknown: the SDK sets it.
    const patch = typeName.endsWith("Patch") && object.kind !== typeName;
    const kind = patch ? typeName.slice(0, -"Patch".length) : typeName;
    // Every rule asks for them, and inside a custom resource they have to be searched.
    const podTemplates = once(() => podTemplatesOf(kind, apiVersion, object, patch));
    const apiVersion = groupVersion.startsWith("core/") ? groupVersion.slice("core/".length) : groupVersion;
    return {
        kind,
        apiVersion,
        patch,
        get metadata() {
            return (object.metadata ?? {}) as ObjectMeta;
        },
        object,
        get podTemplates() {
            return podTemplates();
        },
    };
}
