import { startedPodsAnnotation } from "../../components/foundation/labels";
import { selectorKeys, selectorMatches } from "./labelSelector";
import type { PodTemplateView } from "./podTemplates";
import { fieldsAt, isFields, type Fields } from "./raw";
import type { StackObject, StackView } from "./stackView";
import { systemOf } from "./systemTable";
import { ifKnown } from "./unknown";

/** Pods that one template of one object of the stack makes. */
export interface PodGroup {
    readonly object: StackObject;
    readonly template: PodTemplateView;
    /** Undefined while it is not known. */
    readonly namespace: string | undefined;
    /** The labels that the template gives; undefined while one of them is not known. */
    readonly labels: Fields | undefined;
    /**
     * Whether an operator makes the pods. It gives them labels, ports and budgets that stand nowhere in the stack: what
     * selects them by such labels says so ({@link startedPodsAnnotation}).
     */
    readonly byOperator: boolean;
}

/** What a selector chooses among the pods of the stack. */
export interface Selection {
    readonly groups: readonly PodGroup[];
    /** Whether others may be chosen too: pods whose labels or namespace are not known. */
    readonly undecided: boolean;
}

/** The pods of a stack, by their namespace. */
export interface StackPods {
    readonly all: readonly PodGroup[];
    /** The pods in a namespace that a selector (`matchLabels`, `matchExpressions`) chooses; in every one for undefined. */
    selected(namespace: string | undefined, selector: unknown): Selection;
}

/** Whether an object says that a system starts the pods that it selects. */
export function selectsStartedPods({ view }: StackObject): boolean {
    const reason = view.metadata.annotations?.[startedPodsAnnotation];
    return typeof reason === "string" && reason !== "";
}

/** The namespace of an object as Kubernetes takes it; undefined while it is not known. */
export function namespaceOf({ view }: StackObject): string | undefined {
    return ifKnown(() => view.metadata.namespace ?? "default");
}

/** By what an object is addressed in its stack: `<namespace>/<name>`, each empty while it is not known. */
export function addressOf(object: StackObject): string {
    return `${namespaceOf(object) ?? ""}/${ifKnown(() => object.view.metadata.name) ?? ""}`;
}

/** Items by a key, each group in the items' order. */
export function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
    const groups = new Map<string, T[]>();
    for (const item of items) {
        const key = keyOf(item);
        const group = groups.get(key) ?? [];
        group.push(item);
        groups.set(key, group);
    }
    return groups;
}

const known = new WeakMap<StackView, StackPods>();

/**
 * The pods of all objects of a stack; patches of templates that other objects hold make none. They are looked for once a
 * stack, for all its rules.
 */
export function stackPodsOf(stack: StackView): StackPods {
    const pods = known.get(stack) ?? findPods(stack);
    known.set(stack, pods);
    return pods;
}

function findPods(stack: StackView): StackPods {
    const all = stack.objects
        .filter(({ view }) => !view.patch)
        .flatMap((object) =>
            (ifKnown(() => object.view.podTemplates) ?? [])
                .filter(({ partial }) => !partial)
                .map((template): PodGroup => ({
                    object,
                    template,
                    namespace: namespaceOf(object),
                    labels: ifKnown(() => ({ ...template.labels })),
                    byOperator: isCustom(object),
                })),
        );
    const unplaced = all.filter(({ namespace }) => namespace === undefined);
    const byNamespace = groupedBy(all, ({ namespace }) => namespace ?? "");
    return {
        all,
        selected: (namespace, selector) => {
            const near = namespace === undefined ? all : (byNamespace.get(namespace) ?? []);
            const groups = near.filter((group) => isSelected(group, selector));
            const others = [...near, ...unplaced].filter((group) => !groups.includes(group));
            return {
                groups,
                undecided: others.some((group) => group.labels === undefined || isSelected(group, selector)),
            };
        },
    };
}

/** Of a kind that Kubernetes itself does not know: none of its own kinds with pods has a group with a dot. */
function isCustom({ view: { apiVersion } }: StackObject): boolean {
    return apiVersion.includes("/") && apiVersion.split("/")[0]?.includes(".") === true;
}

/** The label by which Kubernetes tells the pods of a StatefulSet apart. */
const podNameLabel = "statefulset.kubernetes.io/pod-name";

/** The names of a StatefulSet's pods. */
function podNames({ view }: StackObject): readonly string[] {
    const first = Number(fieldsAt(fieldsAt(view.object, "spec"), "ordinals").start ?? 0);
    const name = String(view.metadata.name);
    return Array.from({ length: statedReplicas(view.object) }, (_, index) => `${name}-${first + index}`);
}

function isSelected({ object, labels }: PodGroup, selector: unknown): boolean {
    if (labels === undefined || !isFields(selector)) {
        return false;
    }
    return object.view.kind === "StatefulSet" && selectorKeys(selector).includes(podNameLabel)
        ? podNames(object).some((name) => selectorMatches(selector, { ...labels, [podNameLabel]: name }))
        : selectorMatches(selector, labels);
}

/** `spec.replicas`, which Kubernetes takes for 1 where it is left out. */
function statedReplicas(object: Fields): number {
    return Number(fieldsAt(object, "spec").replicas ?? 1);
}

/**
 * How many pods a group has; undefined where that is not for the stack to say (a Job, an application whose system scales
 * it). It may be touched only where the number matters: an unknown one throws.
 */
export function replicasOf({ object: { view }, template }: PodGroup): number | undefined {
    const spec = (): Fields => fieldsAt(view.object, "spec");
    switch (view.kind) {
        case "Deployment":
        case "ReplicaSet":
        case "StatefulSet":
            return statedReplicas(view.object);
        case "RedisReplication":
        case "RedisSentinel":
            return numberOf(spec().clusterSize);
        case "RedisCluster": {
            const part = template.path.split(".").at(-1) ?? "";
            return numberOf(fieldsAt(spec(), part).replicas ?? spec().clusterSize);
        }
        default:
            return undefined;
    }
}

function numberOf(value: unknown): number | undefined {
    return typeof value === "number" ? value : undefined;
}

/** Groups whose pods do the same work: all members of a ring, in whichever rack they stand. */
export interface Cluster {
    readonly groups: readonly PodGroup[];
    /** How many pods they have together; touched only where it matters, as {@link replicasOf}. */
    readonly replicas: number;
}

/** Kinds that say how many of their pods there are. */
const countedKinds: ReadonlySet<string> = new Set([
    "Deployment",
    "RedisCluster",
    "RedisReplication",
    "RedisSentinel",
    "StatefulSet",
]);

/**
 * The groups with a number of pods, put together by namespace and the labels that say which part of which system they
 * are. A group that has no such labels is a cluster of its own.
 */
export function clustersOf({ all }: StackPods): Cluster[] {
    const counted = all.filter(({ object }) => countedKinds.has(object.view.kind));
    const clusters = groupedBy(counted, ({ object, namespace, labels }) => {
        const { name, instance, component } = systemOf(labels ?? {});
        return namespace === undefined || name === "" || instance === "" || component === ""
            ? object.urn
            : [namespace, name, instance, component].join("\n");
    });
    return [...clusters.values()].map((groups) => ({
        groups,
        get replicas() {
            return groups.reduce((sum, group) => sum + (replicasOf(group) ?? 0), 0);
        },
    }));
}
