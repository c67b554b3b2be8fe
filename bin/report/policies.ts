import { startedPodsAnnotation } from "../../components/foundation/labels";
import { isFields } from "../../policy/views/raw";
import { field, kindOf, list, namespaceOf, text } from "../plan/objects";
import type { PlannedResource } from "../plan/plan";
import { compareText } from "../plan/values";

/** A label selector as policies hold it. */
export interface Selector {
    readonly labels: Readonly<Record<string, string>>;
    readonly expressions: readonly unknown[];
}

/** Who may be at the other end, as one rule names it. */
export type PolicyPeer =
    | { readonly kind: "anyone" }
    | { readonly kind: "network"; readonly cidr: string; readonly except: readonly string[] }
    | {
          readonly kind: "pods";
          /** Undefined for the policy's own namespace. */
          readonly namespaces: Selector | undefined;
          /** Undefined for all pods there. */
          readonly pods: Selector | undefined;
      };

/** What one rule of a policy opens, seen from the pods that the policy selects. */
export interface PolicyRule {
    readonly peers: readonly PolicyPeer[];
    /** Such as `2181` and `53/UDP`, sorted; `undefined` for all. */
    readonly ports: readonly string[] | undefined;
}

/** A NetworkPolicy of a plan. */
export interface Policy {
    /** Pulumi's name. */
    readonly name: string;
    readonly namespace: string;
    readonly pods: Selector;
    /** Who starts the pods, where the policy says that a system does. */
    readonly starts: string | undefined;
    /** Undefined where the policy leaves that direction to others. */
    readonly ingress: readonly PolicyRule[] | undefined;
    readonly egress: readonly PolicyRule[] | undefined;
}

/** The label that every namespace has, with its own name. */
const namespaceNameLabel = "kubernetes.io/metadata.name";

/** The network policies of a plan. */
export function policiesOf(resources: readonly PlannedResource[]): Policy[] {
    return resources
        .filter((resource) => kindOf(resource) === "NetworkPolicy" && !resource.read)
        .map((resource): Policy => {
            const spec = field(resource.inputs, "spec");
            const types = list(spec, "policyTypes");
            const has = (type: string, rules: string): boolean =>
                // Without types, a policy is about ingress, and about egress where it has such rules.
                types.length > 0 ? types.includes(type) : type === "Ingress" || field(spec, rules) !== undefined;
            const rules = (key: string, peers: string): PolicyRule[] =>
                list(spec, key).map((rule) => ({ peers: peersOf(list(rule, peers)), ports: portsOf(rule) }));
            return {
                name: resource.name,
                namespace: namespaceOf(resource) ?? "default",
                pods: selectorOf(field(spec, "podSelector")),
                starts: text(resource.inputs, "metadata", "annotations", startedPodsAnnotation),
                ingress: has("Ingress", "ingress") ? rules("ingress", "from") : undefined,
                egress: has("Egress", "egress") ? rules("egress", "to") : undefined,
            };
        });
}

/** Whether a selector chooses by these labels; an empty one chooses everything. */
export function selects({ labels, expressions }: Selector, given: Readonly<Record<string, string>>): boolean {
    return Object.entries(labels).every(([key, value]) => given[key] === value) && expressions.every(holds);

    function holds(expression: unknown): boolean {
        const value = given[text(expression, "key") ?? ""];
        const values = list(expression, "values");
        switch (text(expression, "operator")) {
            case "In":
                return value !== undefined && values.includes(value);
            case "NotIn":
                return value === undefined || !values.includes(value);
            case "Exists":
                return value !== undefined;
            default:
                return value === undefined;
        }
    }
}

/** The one namespace that a selector names; undefined where it is by other labels. */
export function namedNamespace({ labels, expressions }: Selector): string | undefined {
    const name = labels[namespaceNameLabel];
    return Object.keys(labels).length === 1 && expressions.length === 0 ? name : undefined;
}

/** Labels of a namespace as the API server completes them. */
export function namespaceLabels(name: string, labels: unknown): Readonly<Record<string, string>> {
    return { ...texts(labels), [namespaceNameLabel]: name };
}

/** A selector for people: its values where the keys are Kubernetes' own, all of it otherwise. */
export function selectorText({ labels, expressions }: Selector): string {
    const named = Object.entries(labels).map(([key, value]) =>
        /^(app\.kubernetes\.io\/(name|component)|app|k8s-app|name)$/.test(key) ? value : `${key}=${value}`,
    );
    return [...named, ...expressions.map((expression) => JSON.stringify(expression))].join(" ") || "all pods";
}

/** The labels of pods, or of whatever else holds texts by key. */
export function texts(value: unknown): Readonly<Record<string, string>> {
    return isFields(value)
        ? Object.fromEntries(
              Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
          )
        : {};
}

function selectorOf(value: unknown): Selector {
    return { labels: texts(field(value, "matchLabels")), expressions: list(value, "matchExpressions") };
}

function peersOf(peers: readonly unknown[]): PolicyPeer[] {
    return peers.length === 0 ? [{ kind: "anyone" }] : peers.map(peerOf);
}

function peerOf(peer: unknown): PolicyPeer {
    const cidr = text(peer, "ipBlock", "cidr");
    if (cidr !== undefined) {
        const except = list(peer, "ipBlock", "except").filter((one) => typeof one === "string");
        return { kind: "network", cidr, except };
    }
    const [namespaces, pods] = ["namespaceSelector", "podSelector"].map((key) => field(peer, key));
    return {
        kind: "pods",
        namespaces: namespaces === undefined ? undefined : selectorOf(namespaces),
        pods: pods === undefined ? undefined : selectorOf(pods),
    };
}

function portsOf(rule: unknown): readonly string[] | undefined {
    const ports = list(rule, "ports");
    const told = ports.map((port) => {
        const [number, end] = [field(port, "port"), field(port, "endPort")];
        const protocol = text(port, "protocol") ?? "TCP";
        const range = `${scalar(number) ?? "all"}${end === undefined ? "" : `–${scalar(end) ?? "?"}`}`;
        return protocol === "TCP" ? range : `${range}/${protocol}`;
    });
    return ports.length === 0 ? undefined : [...new Set(told)].sort(comparePorts);
}

function scalar(value: unknown): string | undefined {
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** By number, then by text. */
export function comparePorts(a: string, b: string): number {
    return Number.parseInt(a, 10) - Number.parseInt(b, 10) || compareText(a, b);
}
