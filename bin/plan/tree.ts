import { field, isKubernetes, kindOf, list, objectNameOf, text, type ResourceView } from "./objects";
import { childrenByParent, type Plan, type PlannedResource } from "./plan";
import { podSetsOf, type PodSet } from "./podSets";
import { isFields } from "../../policy/views/raw";

/** The plan as a tree of components for people: one line a resource, with its name, its type and the sizes that matter. */
export function formatTree(plan: Pick<Plan, "project" | "stack" | "resources">): string {
    const children = childrenByParent(plan.resources);
    const below = (parent: string, indent: string): string[] => {
        const siblings = children.get(parent) ?? [];
        return siblings.flatMap((resource, index) => {
            const last = index === siblings.length - 1;
            const line = `${indent}${last ? "└─ " : "├─ "}${formatResource(resource)}`;
            return [line, ...below(resource.urn, `${indent}${last ? "   " : "│  "}`)];
        });
    };
    return [`${plan.project} (${plan.stack})`, ...below("", "")].join("\n");
}

function formatResource(resource: PlannedResource): string {
    const type = resource.type.split(":").at(-1) ?? resource.type;
    const marks = [...(resource.read ? ["existing"] : []), ...(resource.protect ? ["protected"] : [])];
    return [resource.name, type, ...sizesOf(resource), ...marks].join("  ");
}

/** The sizes of one resource that a reader of the plan looks for. */
export function sizesOf(resource: ResourceView): readonly string[] {
    if (!isKubernetes(resource.type)) {
        return [];
    }
    const { inputs } = resource;
    const spec = field(inputs, "spec");
    switch (kindOf(resource)) {
        case "Service":
            return serviceSizes(spec);
        case "PodDisruptionBudget":
            return ["maxUnavailable", "minAvailable"].flatMap((key) => valueOf(key, field(spec, key)));
        case "PersistentVolumeClaim":
            return valueOf("storage", field(spec, "resources", "requests", "storage"));
        case "PriorityClass":
            return valueOf("value", field(inputs, "value"));
        case "CronJob":
            return [...valueOf("schedule", field(spec, "schedule")), ...podSetsOf(resource).flatMap(podSizes)];
        case "Namespace":
            return objectNameOf(resource) === resource.name ? [] : [objectNameOf(resource)];
        case "ResourceQuota":
            return Object.entries(record(spec, "hard")).flatMap(([key, value]) => valueOf(key, value));
        case "ConfigMap":
            return [Object.keys(record(inputs, "data")).sort().join(" ")].filter((keys) => keys !== "");
        default:
            return podSetsOf(resource).flatMap(podSizes);
    }
}

function podSizes({ replicas, pod, claimTemplates }: PodSet): readonly string[] {
    const main = list(pod, "containers")[0];
    const bounds = (resource: string): string[] => {
        const [request, limit] = ["requests", "limits"].map((bound) =>
            scalar(field(main, "resources", bound, resource)),
        );
        return request === undefined && limit === undefined ? [] : [`${resource} ${request ?? "–"}/${limit ?? "–"}`];
    };
    const storage = claimTemplates.map(
        (claim) => scalar(field(claim, "spec", "resources", "requests", "storage")) ?? "?",
    );
    return [
        `${replicas} × ${shortImage(text(main, "image") ?? "?")}`,
        ...bounds("cpu"),
        ...bounds("memory"),
        ...(storage.length === 0 ? [] : [`storage ${storage.join(" + ")}`]),
    ];
}

function serviceSizes(spec: unknown): readonly string[] {
    const type = text(spec, "type") ?? "ClusterIP";
    const kind = text(spec, "clusterIP") === "None" ? ["headless"] : type === "ClusterIP" ? [] : [type];
    const ports = list(spec, "ports").map((port) => {
        const protocol = text(port, "protocol") ?? "TCP";
        const number = `${scalar(field(port, "port")) ?? "?"}${protocol === "TCP" ? "" : `/${protocol}`}`;
        return [text(port, "name"), number].filter((part) => part !== undefined).join(" ");
    });
    return [...kind, ...(ports.length === 0 ? [] : [ports.join(", ")])];
}

/** An image without its registry, path and digest: `zookeeper:3.9.4`. */
export function shortImage(image: string): string {
    const [tagged = image] = image.split("@");
    return tagged.split("/").at(-1) ?? tagged;
}

function record(value: unknown, key: string): Readonly<Record<string, unknown>> {
    const found = field(value, key);
    return isFields(found) ? found : {};
}

function scalar(value: unknown): string | undefined {
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function valueOf(name: string, value: unknown): string[] {
    const shown = scalar(value);
    return shown === undefined ? [] : [`${name} ${shown}`];
}
