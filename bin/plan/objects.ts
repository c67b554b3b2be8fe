import { compareText, computedPlaceholder, isPlaceholder } from "./values";
import { isFields } from "../../policy/views/raw";

/** What the views need of a planned resource: less than all of it, so that tests can write one down. */
export interface ResourceView {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly inputs: Readonly<Record<string, unknown>>;
}

const clusterScopedKinds: ReadonlySet<string> = new Set([
    "APIService",
    "ClusterRole",
    "ClusterRoleBinding",
    "CSIDriver",
    "CustomResourceDefinition",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "RuntimeClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
]);

/** The groups that every API server serves by itself, besides those without a dot (apps, batch …). */
const builtInGroups: ReadonlySet<string> = new Set(
    [
        "admissionregistration",
        "apiextensions",
        "apiregistration",
        "authentication",
        "authorization",
        "certificates",
        "coordination",
        "discovery",
        "events",
        "flowcontrol.apiserver",
        "networking",
        "node",
        "rbac.authorization",
        "resource",
        "scheduling",
        "storage",
    ].map((group) => `${group}.k8s.io`),
);

/** True for an API version that a custom resource definition brings. */
export function isCustom(apiVersion: string): boolean {
    const [group, version] = apiVersion.split("/");
    return version !== undefined && group !== undefined && group.includes(".") && !builtInGroups.has(group);
}

/** True for a type that the Kubernetes provider manages as one object. */
export function isKubernetes(type: string): boolean {
    return type.startsWith("kubernetes:");
}

/** True for a `…Patch` type, which changes some fields of an object that someone else created. */
export function isPatch(type: string): boolean {
    return isKubernetes(type) && type.endsWith("Patch");
}

/** True for a kind that lives outside any namespace. Custom kinds count as namespaced. */
export function isClusterScoped(kind: unknown): boolean {
    return typeof kind === "string" && clusterScopedKinds.has(kind);
}

/** The value at a path of plain data, undefined where a step is missing. */
export function field(value: unknown, ...path: readonly string[]): unknown {
    return path.reduce<unknown>((at, key) => (isFields(at) ? at[key] : undefined), value);
}

/** The text at a path, undefined where there is none. */
export function text(value: unknown, ...path: readonly string[]): string | undefined {
    const found = field(value, ...path);
    return typeof found === "string" ? found : undefined;
}

/** The list at a path, empty where there is none. */
export function list(value: unknown, ...path: readonly string[]): readonly unknown[] {
    const found = field(value, ...path);
    return Array.isArray(found) ? found : [];
}

/** The number at a path, or `fallback` where there is none or only a placeholder. */
export function count(fallback: number, value: unknown, ...path: readonly string[]): number {
    const found = field(value, ...path);
    return typeof found === "number" ? found : fallback;
}

/** The Kubernetes kind of a planned object. */
export function kindOf(resource: ResourceView): string {
    return text(resource.inputs, "kind") ?? resource.type.split(":")[2] ?? resource.type;
}

/** The namespace of a planned object; undefined for what lives outside any. */
export function namespaceOf(resource: ResourceView): string | undefined {
    if (!isKubernetes(resource.type) || isClusterScoped(kindOf(resource))) {
        return undefined;
    }
    return text(resource.inputs, "metadata", "namespace") ?? "default";
}

/** The object's own name, `metadata.name`. */
export function objectNameOf(resource: ResourceView): string {
    return text(resource.inputs, "metadata", "name") ?? computedPlaceholder;
}

/**
 * What makes an object one and the same for the API server: group, kind, namespace, name. Undefined where that is not
 * known, and for what is no object. A patch of an object counts apart from the object.
 */
export function objectKey(resource: ResourceView): string | undefined {
    if (!isKubernetes(resource.type)) {
        return undefined;
    }
    const name = objectNameOf(resource);
    const namespace = namespaceOf(resource) ?? "";
    if (isPlaceholder(name) || isPlaceholder(namespace)) {
        return undefined;
    }
    const [group, version] = (text(resource.inputs, "apiVersion") ?? "v1").split("/");
    const kind = version === undefined ? kindOf(resource) : `${kindOf(resource)}.${group ?? ""}`;
    const what = isPatch(resource.type) ? `${kind} (patch)` : kind;
    return [what, ...(namespace === "" ? [] : [namespace]), name].join(" ");
}

/** How often each text occurs, sorted by text. */
export function countBy(texts: readonly string[]): Record<string, number> {
    const counts = new Map<string, number>();
    texts.forEach((one) => counts.set(one, (counts.get(one) ?? 0) + 1));
    return Object.fromEntries([...counts].sort(([a], [b]) => compareText(a, b)));
}
