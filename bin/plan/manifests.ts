import { stringify } from "yaml";
import { isCustom, isKubernetes, isPatch, kindOf, namespaceOf, objectNameOf, text, type ResourceView } from "./objects";
import { compareText } from "./values";
import { isFields } from "../../policy/views/raw";

/** One file that `kubectl apply -f` understands. */
export interface ManifestFile {
    /** File name: `NNN-<kind>-<namespace>-<name>.yaml`, numbered in the order in which a bare cluster takes them. */
    readonly name: string;
    readonly content: string;
}

/** Kinds in the order in which they are applied: what others need comes first. Kinds not named come after these. */
const kindOrder: readonly string[] = [
    "Namespace",
    "CustomResourceDefinition",
    "PriorityClass",
    "StorageClass",
    "ResourceQuota",
    "LimitRange",
    "ServiceAccount",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
    "ConfigMap",
    "Secret",
    "Service",
    "PersistentVolumeClaim",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "StatefulSet",
    "Deployment",
    "DaemonSet",
    "Job",
    "CronJob",
];

/** The order in which people write and look for an object's top keys; all others follow by name. */
const keyOrder: readonly string[] = [
    "apiVersion",
    "kind",
    "metadata",
    "type",
    "immutable",
    "spec",
    "data",
    "stringData",
];

/** Top keys that hold a map in every kind that has them. */
const mapKeys: ReadonlySet<string> = new Set(["spec", "data", "stringData", "binaryData"]);

/**
 * The planned objects as manifests, sorted so that `kubectl apply -f DIR`, which goes by file name, works on a bare
 * cluster. A patch of a namespace's `default` account renders as that account, since every namespace has one.
 */
export function manifestsOf(resources: readonly (ResourceView & { readonly read?: boolean })[]): ManifestFile[] {
    return resources
        .filter(({ type, read }) => isKubernetes(type) && read !== true)
        .map((resource) => ({ resource, order: orderOf(resource) }))
        .sort((a, b) => a.order.rank - b.order.rank || compareText(a.order.key, b.order.key))
        .map(({ resource }, index) => ({ name: fileName(resource, index + 1), content: contentOf(resource) }));
}

function orderOf(resource: ResourceView): { rank: number; key: string } {
    const kind = objectKind(resource);
    const apiVersion = text(resource.inputs, "apiVersion") ?? "v1";
    const known = kindOrder.indexOf(kind);
    const rank = isCustom(apiVersion) ? kindOrder.length + 1 : known === -1 ? kindOrder.length : known;
    return { rank, key: [apiVersion, kind, namespaceOf(resource) ?? "", objectNameOf(resource)].join(" ") };
}

/** The kind of the object that results, also where the resource is only a patch of it. */
function objectKind(resource: ResourceView): string {
    const kind = kindOf(resource);
    return isPatch(resource.type) ? kind.replace(/Patch$/, "") : kind;
}

function fileName(resource: ResourceView, number: number): string {
    const parts = [objectKind(resource), namespaceOf(resource), objectNameOf(resource)];
    const slug = parts
        .filter((part) => part !== undefined)
        .map((part) => part.toLowerCase().replace(/[^a-z0-9.]+/g, "-"))
        .join("-");
    return `${String(number).padStart(3, "0")}-${slug}.yaml`;
}

function contentOf(resource: ResourceView): string {
    const { metadata, ...rest } = resource.inputs;
    // A placeholder is a text: where a whole map is not known, the API server would refuse it as the wrong type.
    const unknown = Object.keys(rest).filter((key) => mapKeys.has(key) && typeof rest[key] === "string");
    const known = Object.fromEntries(Object.entries(rest).filter(([key]) => !unknown.includes(key)));
    const notes = [
        ...(objectKind(resource) === "Secret" ? ["# The values are placeholders: a plan never holds a secret."] : []),
        ...unknown.sort(compareText).map((key) => `# ${key} is missing: it is only known when the change is made.`),
    ];
    const object = { ...known, kind: objectKind(resource), metadata: withoutPulumi(metadata) };
    // YAML 1.1 is what kubectl reads: a text such as "on" or "0777" needs quotes there.
    const yaml = stringify(sorted(object, keyOrder), { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false });
    return [...notes, yaml].join("\n");
}

/** Annotations under `pulumi.com/` steer the engine; to a cluster they are noise. */
function withoutPulumi(metadata: unknown): unknown {
    if (!isFields(metadata) || !isFields(metadata.annotations)) {
        return metadata;
    }
    const { annotations, ...rest } = metadata;
    const kept = Object.entries(annotations).filter(([key]) => !key.startsWith("pulumi.com/"));
    return kept.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(kept) };
}

function sorted(value: unknown, first: readonly string[] = []): unknown {
    if (Array.isArray(value)) {
        return value.map((item) => sorted(item));
    }
    if (!isFields(value)) {
        return value;
    }
    const rank = (key: string): number => (first.includes(key) ? first.indexOf(key) : first.length);
    const entries = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b) || compareText(a, b));
    return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
