import { rackLabel } from "../../components/foundation/labels";
import { podTemplatesOf } from "../../policy/views/podTemplates";
import { field, isCustom, isKubernetes, isPatch, kindOf, namespaceOf, objectNameOf, text } from "../plan/objects";
import type { PlannedResource } from "../plan/plan";
import { podSetsOf } from "../plan/podSets";
import { compareText } from "../plan/values";
import { type Policy, type Selector, selects } from "./policies";

/** Pods that a policy can't tell apart, and that are drawn as one: a set, the racks of a cluster, started pods. */
export interface Pods {
    readonly id: string;
    readonly namespace: string;
    readonly title: string;
    /** Kind and number, or that a system starts them. */
    readonly detail: string;
    /** True for pods that a system starts itself, so that they stand in no plan. */
    readonly started: boolean;
    readonly stateful: boolean;
    readonly protect: boolean;
    /** Labels of each kind of pod among them. */
    readonly labels: readonly Readonly<Record<string, string>>[];
}

interface Template {
    readonly resource: PlannedResource;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
}

/** All pods of a plan by namespace and name: those of its sets, then those that policies show to be started. */
export function podsOf(resources: readonly PlannedResource[], policies: readonly Policy[]): Pods[] {
    const objects = resources.filter(({ type, read }) => isKubernetes(type) && !isPatch(type) && !read);
    const planned = plannedPods(objects);
    const started = startedPods(policies, planned, madeNamespaces(resources));
    const covered = new Set([...planned, ...started].map(({ namespace }) => namespace));
    const byOperators = objects
        // Without a namespace of its own it is cluster-scoped, as runtimes are: a model of pods, not some that run.
        .filter((resource) => text(resource.inputs, "metadata", "namespace") !== undefined)
        .filter((resource) => isCustomResource(resource) && !covered.has(namespaceOf(resource) ?? ""))
        .filter((resource) => templatesOf(resource).length > 0)
        .map((resource) => startedFrom(namespaceOf(resource) ?? "", objectNameOf(resource), {}, undefined));
    return [...planned, ...started, ...byOperators].sort(
        (a, b) => compareText(a.namespace, b.namespace) || compareText(a.title, b.title) || compareText(a.id, b.id),
    );
}

/** Names and labels of the namespaces that a plan makes. */
export function madeNamespaces(resources: readonly PlannedResource[]): ReadonlyMap<string, unknown> {
    return new Map(
        resources
            .filter((resource) => isKubernetes(resource.type) && kindOf(resource) === "Namespace" && !resource.read)
            .map((resource) => [objectNameOf(resource), field(resource.inputs, "metadata", "labels")]),
    );
}

function isCustomResource({ inputs }: PlannedResource): boolean {
    return isCustom(text(inputs, "apiVersion") ?? "v1");
}

function templatesOf(resource: PlannedResource): Template[] {
    const apiVersion = text(resource.inputs, "apiVersion") ?? "v1";
    const namespace = namespaceOf(resource);
    return namespace === undefined
        ? []
        : podTemplatesOf(kindOf(resource), apiVersion, resource.inputs, false).map(({ labels }) => ({
              resource,
              namespace,
              labels,
          }));
}

/** Sets whose pods differ in nothing but their rack are one cluster. */
function plannedPods(objects: readonly PlannedResource[]): Pods[] {
    const groups = new Map<string, Template[]>();
    // An operator labels the pods of its custom resources in ways of its own: policies show those.
    for (const template of objects.filter((each) => !isCustomResource(each)).flatMap(templatesOf)) {
        const { [rackLabel]: rack, ...others } = template.labels;
        const where =
            rack === undefined ? objectNameOf(template.resource) : JSON.stringify(Object.entries(others).sort());
        const key = `${template.namespace} ${kindOf(template.resource)} ${where}`;
        groups.set(key, [...(groups.get(key) ?? []), template]);
    }
    return [...groups.entries()].map(([key, templates]) => plannedGroup(key, templates));
}

function plannedGroup(key: string, templates: readonly Template[]): Pods {
    const resources = templates.map(({ resource }) => resource);
    const kinds = [...new Set(resources.map(kindOf))].join(", ");
    const replicas = resources.flatMap(podSetsOf).reduce((sum, set) => sum + set.replicas, 0);
    return {
        id: `pods ${key}`,
        namespace: templates[0]?.namespace ?? "",
        title: commonName(resources.map(objectNameOf)),
        detail: `${kinds} × ${replicas}${templates.length > 1 ? `, ${templates.length} racks` : ""}`,
        started: false,
        stateful: kinds === "StatefulSet",
        protect: resources.every(({ protect }) => protect),
        labels: templates.map(({ labels }) => labels),
    };
}

/** What a policy of a namespace of the plan selects, or lets in or out to, and no set has: a system starts it. */
function startedPods(
    policies: readonly Policy[],
    planned: readonly Pods[],
    made: ReadonlyMap<string, unknown>,
): Pods[] {
    const found = new Map<
        string,
        { namespace: string; selector: Selector; names: string[]; starts: string | undefined }
    >();
    for (const { name, namespace, pods: selector, starts } of policies.filter(({ pods }) => !isEmpty(pods))) {
        const there = planned.some((pods) => pods.namespace === namespace && chosen(selector, pods));
        if (made.has(namespace) && !there) {
            const key = `${namespace} ${JSON.stringify(Object.entries(selector.labels).sort())}`;
            const known = found.get(key) ?? { namespace, selector, names: [], starts };
            known.names.push(name);
            found.set(key, known);
        }
    }
    return [...found.values()].map(({ namespace, selector, names, starts }) =>
        startedFrom(namespace, commonName(names).replace(/-(network|policy)$/, ""), selector.labels, starts),
    );
}

function startedFrom(
    namespace: string,
    title: string,
    labels: Readonly<Record<string, string>>,
    starts: string | undefined,
): Pods {
    return {
        id: `started ${namespace} ${title} ${JSON.stringify(Object.entries(labels).sort())}`,
        namespace,
        title,
        detail: starts ?? "started pods",
        started: true,
        stateful: false,
        protect: false,
        labels: [labels],
    };
}

/** Whether a selector chooses some of the pods. */
export function chosen(selector: Selector, pods: Pick<Pods, "labels">): boolean {
    return pods.labels.some((labels) => selects(selector, labels));
}

/** True for a selector that chooses every pod. */
export function isEmpty({ labels, expressions }: Selector): boolean {
    return Object.keys(labels).length === 0 && expressions.length === 0;
}

/** What several names begin with, up to a dash; the name itself where there is one only. */
function commonName(names: readonly string[]): string {
    const [first = "", ...others] = names;
    let length = first.length;
    for (const other of others) {
        while (!other.startsWith(first.slice(0, length))) {
            length--;
        }
    }
    const common = others.length === 0 ? first : first.slice(0, length).replace(/-[^-]*$/, "");
    return common === "" ? first : common;
}
