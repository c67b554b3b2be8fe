import type { ResourceRule, StackRule } from "../../policy/rule";
import { type LinkedResource, stackViewOf } from "../../policy/views/stackView";
import { type Outcome, outcomeOf, unknownCheckingProxy, unknownValue } from "../../policy/views/unknown";
import { type JudgedResource, viewOf } from "../../policy/views/view";

export type Fields = Record<string, unknown>;

/** A value that nobody knows before the change. */
export const unknown: unknown = unknownValue;

export const goodLabels = {
    "app.kubernetes.io/name": "kafka",
    "app.kubernetes.io/instance": "events",
    "app.kubernetes.io/component": "broker",
    "app.kubernetes.io/part-of": "data-platform",
    "app.kubernetes.io/managed-by": "pulumi",
    "data-platform/environment": "dev",
    "data-platform/owner": "data",
};

const amounts = { cpu: "500m", memory: "1Gi", "ephemeral-storage": "1Gi" };

/** A container that no rule has anything to say about. */
export function goodContainer(): Fields {
    return {
        name: "broker",
        image: `registry.example.com:5000/kafka:4.1.0@sha256:${"a".repeat(64)}`,
        resources: { requests: { ...amounts }, limits: { ...amounts } },
    };
}

/** A pod template that no rule has anything to say about. */
export function goodTemplate(): Fields {
    return { metadata: { labels: { ...goodLabels } }, spec: { containers: [goodContainer()] } };
}

/** A StatefulSet that no rule has anything to say about. */
export function goodStatefulSet(): Fields {
    return object("apps/v1", "StatefulSet", {
        serviceName: "events",
        replicas: 3,
        selector: { matchLabels: { "app.kubernetes.io/name": "kafka" } },
        template: goodTemplate(),
    });
}

/** An object with a good name and good labels. */
export function object(apiVersion: string, kind: string, spec?: Fields): Fields {
    return {
        apiVersion,
        kind,
        metadata: { name: "events", namespace: "dev-kafka", labels: { ...goodLabels } },
        ...(spec === undefined ? {} : { spec }),
    };
}

/** The resource that would register an object; `type` for those whose type does not follow from it. */
export function resourceOf(inputs: Fields, type?: string): JudgedResource {
    const apiVersion = String(inputs.apiVersion);
    const full = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
    const token = type ?? `kubernetes:${full}:${String(inputs.kind)}`;
    return { urn: `urn:pulumi:dev::data-platform::${token}::events`, type: token, name: "events", inputs };
}

/** The object with one field set; `undefined` takes it away. Steps are keys and indices. */
export function withField(inputs: Fields, path: readonly (string | number)[], value: unknown): Fields {
    const copy = structuredClone(inputs);
    let parent = copy as Record<string | number, unknown>;
    for (const step of path.slice(0, -1)) {
        parent[step] ??= {};
        parent = parent[step] as Record<string | number, unknown>;
    }
    const last = path.at(-1);
    if (last === undefined) {
        throw new Error("a path has at least one step");
    }
    if (value === undefined) {
        Reflect.deleteProperty(parent, last);
    } else {
        parent[last] = value;
    }
    return copy;
}

/** Runs a rule as CrossGuard does: on inputs behind the proxy that throws at unknown values. */
export function judge(rule: ResourceRule, inputs: Fields, settings: Fields = {}, type?: string): Outcome {
    const view = viewOf({ ...resourceOf(inputs, type), inputs: unknownCheckingProxy(inputs) });
    if (view === undefined) {
        throw new Error("rules do not see this resource");
    }
    const { messages, unknowns } = outcomeOf(() => rule.check(view, rule.settings.parse(settings)));
    return { messages: [...messages], unknowns: [...unknowns] };
}

/** A resource of a stack: an object as `resourceOf` makes it, under the name in its metadata. */
export function linkedOf(inputs: Fields, links: Partial<LinkedResource> = {}): LinkedResource {
    const metadata = inputs.metadata as { readonly name?: string } | undefined;
    const name = metadata?.name ?? "events";
    const { type } = resourceOf(inputs, links.type);
    const below = links.parent === undefined ? type : `${links.parent.split("::")[2] ?? ""}$${type}`;
    return { urn: `urn:pulumi:dev::data-platform::${below}::${name}`, type, name, inputs, ...links };
}

/** Runs a rule over a stack as CrossGuard does, all inputs behind its proxy. Messages read `<resource>: <message>`. */
export function judgeStack(rule: StackRule, resources: readonly LinkedResource[], settings: Fields = {}): Outcome {
    const stack = stackViewOf(resources.map((each) => ({ ...each, inputs: unknownCheckingProxy(each.inputs) })));
    const { messages, unknowns } = outcomeOf(() => rule.checkStack(stack, rule.settings.parse(settings)));
    return { messages: messages.map(({ resource, message }) => `${resource.name}: ${message}`), unknowns };
}

/** The messages of a rule over a stack all of whose needed values are known. */
export function stackMessagesOf(
    rule: StackRule,
    resources: readonly LinkedResource[],
    settings: Fields = {},
): readonly string[] {
    const { messages, unknowns } = judgeStack(rule, resources, settings);
    if (unknowns.length > 0) {
        throw unknowns[0]!;
    }
    return messages;
}

/** The messages of a rule over an object all of whose needed values are known. */
export function messagesOf(
    rule: ResourceRule,
    inputs: Fields,
    settings: Fields = {},
    type?: string,
): readonly string[] {
    const { messages, unknowns } = judge(rule, inputs, settings, type);
    if (unknowns.length > 0) {
        throw unknowns[0]!;
    }
    return messages;
}
