import type { PlannedResource } from "../plan/plan";
import { compareText } from "../plan/values";
import { chosen, isEmpty, madeNamespaces, type Pods, podsOf } from "./pods";
import {
    comparePorts,
    namedNamespace,
    namespaceLabels,
    policiesOf,
    type Policy,
    type PolicyPeer,
    type PolicyRule,
    selects,
    selectorText,
} from "./policies";

/** One end of a flow: pods of the plan, a whole namespace, or somebody outside. */
export interface End {
    readonly id: string;
    /** Box that it stands in, or that it is. */
    readonly box: string;
    readonly kind: "pods" | "started" | "namespace" | "outside";
    readonly title: string;
    readonly detail: string;
    readonly stateful: boolean;
    readonly protect: boolean;
}

/** A namespace, or what stands outside of all that the plan makes. */
export interface Box {
    readonly id: string;
    readonly title: string;
    /** True for a namespace of the plan. */
    readonly made: boolean;
    readonly ends: readonly End[];
}

/** Ports of one end that the same others may connect to. */
export interface Flow {
    /** Ids of ends, in the order of the boxes. */
    readonly from: readonly string[];
    readonly to: string;
    readonly ports: readonly string[];
}

/** Who may talk to whom in a stack, by its network policies. */
export interface Topology {
    /** Callers from outside first, then the plan's namespaces by name, then what these call outside. */
    readonly boxes: readonly Box[];
    readonly flows: readonly Flow[];
    /** What pods may send and nobody lets in: only the egress side of the connection is open. */
    readonly closed: readonly Flow[];
}

/** What a port means that stands for all of them. */
export const allPorts = "all ports";

/** The box of what is in no namespace. */
const networkBox = "outside the cluster";

/** A single connection, before those of one port are put together. */
interface Connection {
    readonly from: string;
    readonly to: string;
    readonly port: string;
}

/**
 * The topology of a plan. Between two sets of its own pods a connection is open where the one may send and the other lets
 * in; of a connection with anybody else the plan knows its own end only.
 *
 * @param apiServer addresses of the API server, to call them by what they are
 */
export function topologyOf(resources: readonly PlannedResource[], apiServer: readonly string[] = []): Topology {
    const policies = policiesOf(resources);
    const namespaces = madeNamespaces(resources);
    const pods = podsOf(resources, policies);
    const inside = insideConnections(pods, policies, namespaces);
    const outside = outsideConnections(pods, policies, namespaces, apiServer);
    const boxes = boxesOf(pods, [...namespaces.keys()], outside);
    const order = new Map(
        boxes.flatMap(({ id, ends }) => [id, ...ends.map((end) => end.id)]).map((id, rank) => [id, rank]),
    );
    return {
        boxes,
        flows: flowsOf([...inside.open, ...outside.connections], order),
        closed: flowsOf(inside.closed, order),
    };
}

type Ports = readonly string[] | "all";

function insideConnections(
    pods: readonly Pods[],
    policies: readonly Policy[],
    namespaces: ReadonlyMap<string, unknown>,
): { readonly open: readonly Connection[]; readonly closed: readonly Connection[] } {
    const open: Connection[] = [];
    const closed: Connection[] = [];
    const allowed = (direction: "ingress" | "egress", own: Pods, other: Pods): Ports | undefined => {
        const concerned = policies.filter((policy) => policy[direction] !== undefined && concerns(policy, own));
        const rules = concerned.flatMap((policy) =>
            (policy[direction] ?? []).filter(({ peers }) =>
                peers.some((peer) => admits(peer, policy.namespace, other, namespaces)),
            ),
        );
        return concerned.length === 0 ? undefined : unite(rules.map(({ ports }) => ports ?? "all"));
    };
    for (const from of pods) {
        for (const to of pods) {
            const [sent, received] = [allowed("egress", from, to), allowed("ingress", to, from)];
            if (sent !== undefined || received !== undefined) {
                const both = intersect(sent ?? "all", received ?? "all");
                open.push(...portList(both).map((port) => ({ from: from.id, to: to.id, port })));
                closed.push(
                    ...portList(sent ?? [])
                        .filter((port) => !covers(received ?? "all", port))
                        .map((port) => ({ from: from.id, to: to.id, port })),
                );
            }
        }
    }
    return { open, closed };
}

function concerns(policy: Policy, pods: Pods): boolean {
    return policy.namespace === pods.namespace && (isEmpty(policy.pods) || chosen(policy.pods, pods));
}

function admits(peer: PolicyPeer, own: string, pods: Pods, namespaces: ReadonlyMap<string, unknown>): boolean {
    if (peer.kind !== "pods") {
        return peer.kind === "anyone";
    }
    const namespace =
        peer.namespaces === undefined
            ? pods.namespace === own
            : selects(peer.namespaces, namespaceLabels(pods.namespace, namespaces.get(pods.namespace)));
    return namespace && (peer.pods === undefined || chosen(peer.pods, pods));
}

interface Outside {
    readonly connections: readonly Connection[];
    readonly ends: readonly End[];
}

function outsideConnections(
    pods: readonly Pods[],
    policies: readonly Policy[],
    namespaces: ReadonlyMap<string, unknown>,
    apiServer: readonly string[],
): Outside {
    const ends = new Map<string, End>();
    const connections = policies.flatMap((policy) => {
        // A policy for all pods of a namespace is a matter of the namespace: DNS would be a line from every pod.
        const own = isEmpty(policy.pods)
            ? [boxId(policy.namespace)]
            : pods.filter((each) => concerns(policy, each)).map(({ id }) => id);
        const along = (
            rules: readonly PolicyRule[] | undefined,
            turn: (own: string, other: string) => [string, string],
        ) =>
            (rules ?? []).flatMap(({ peers, ports }) =>
                peers
                    .map((peer) => outsideEnd(peer, policy, namespaces, apiServer))
                    .filter((end) => end !== undefined)
                    .flatMap((end) => {
                        ends.set(end.id, end);
                        return own.flatMap((id) => {
                            const [from, to] = turn(id, end.id);
                            return portList(ports ?? "all").map((port): Connection => ({ from, to, port }));
                        });
                    }),
            );
        return [
            ...along(policy.egress, (id, other) => [id, other]),
            ...along(policy.ingress, (id, other) => [other, id]),
        ];
    });
    return { connections, ends: [...ends.values()] };
}

function outsideEnd(
    peer: PolicyPeer,
    { namespace }: Policy,
    namespaces: ReadonlyMap<string, unknown>,
    apiServer: readonly string[],
): End | undefined {
    const end = (box: string, title: string, detail: string): End => ({
        id: `outside ${box} ${title}`,
        box: boxId(box),
        kind: "outside",
        title,
        detail,
        stateful: false,
        protect: false,
    });
    switch (peer.kind) {
        case "anyone":
            return end(networkBox, "anyone", "any address and any pod");
        case "network": {
            if (apiServer.includes(peer.cidr)) {
                return end(networkBox, "Kubernetes API server", apiServer.join(" "));
            }
            const but = peer.except.length > 0 ? `but ${peer.except.join(" ")}` : "network";
            return end(networkBox, peer.cidr, /^(0\.0\.0\.0|::)\/0$/.test(peer.cidr) ? `any address ${but}` : but);
        }
        case "pods": {
            const named = peer.namespaces === undefined ? namespace : namedNamespace(peer.namespaces);
            const which = peer.pods === undefined ? "all pods" : selectorText(peer.pods);
            if (named === undefined) {
                return end(
                    `other namespaces: ${peer.namespaces === undefined || isEmpty(peer.namespaces) ? "any" : selectorText(peer.namespaces)}`,
                    which,
                    "pods",
                );
            }
            return namespaces.has(named) ? undefined : end(named, which, "pods of others");
        }
    }
}

function boxId(name: string): string {
    return `box ${name}`;
}

function boxesOf(pods: readonly Pods[], namespaces: readonly string[], outside: Outside): Box[] {
    const box = (name: string, made: boolean, ends: readonly End[]): Box => ({
        id: boxId(name),
        title: name,
        made,
        ends,
    });
    const homes = [...new Set([...namespaces, ...pods.map(({ namespace }) => namespace)])].sort(compareText);
    const made = homes.map((name) => box(name, true, pods.filter(({ namespace }) => namespace === name).map(endOf)));
    const called = new Set(outside.connections.map(({ to }) => to));
    const others = [...new Set(outside.ends.map((end) => end.box))].sort(compareText).map((id) => {
        const ends = outside.ends.filter((end) => end.box === id).sort((a, b) => compareText(a.title, b.title));
        return box(id.slice(boxId("").length), false, ends);
    });
    const isCaller = ({ ends }: Box): boolean => ends.every(({ id }) => !called.has(id));
    return [...others.filter(isCaller), ...made, ...others.filter((each) => !isCaller(each))];
}

function endOf({ id, namespace, title, detail, started, stateful, protect }: Pods): End {
    return { id, box: boxId(namespace), kind: started ? "started" : "pods", title, detail, stateful, protect };
}

/** Puts connections together: ports of one end that exactly the same others may reach are one flow. */
function flowsOf(connections: readonly Connection[], order: ReadonlyMap<string, number>): Flow[] {
    const rank = (id: string): number => order.get(id) ?? order.size;
    const sources = new Map<string, { to: string; port: string; from: Set<string> }>();
    for (const { from, to, port } of connections) {
        const key = `${to}\n${port}`;
        const known = sources.get(key) ?? { to, port, from: new Set() };
        known.from.add(from);
        sources.set(key, known);
    }
    const flows = new Map<string, { from: string[]; to: string; ports: string[] }>();
    for (const { to, port, from } of sources.values()) {
        const sorted = [...from].sort((a, b) => rank(a) - rank(b));
        const key = [to, ...sorted].join("\n");
        const known = flows.get(key) ?? { from: sorted, to, ports: [] };
        known.ports.push(port);
        flows.set(key, known);
    }
    return [...flows.values()]
        .map((flow) => ({ ...flow, ports: flow.ports.sort(comparePorts) }))
        .sort((a, b) => rank(a.to) - rank(b.to) || comparePorts(a.ports[0] ?? "", b.ports[0] ?? ""));
}

// --- ports ---

function portList(ports: Ports): readonly string[] {
    return ports === "all" ? [allPorts] : ports;
}

function unite(sets: readonly Ports[]): Ports {
    return sets.includes("all") ? "all" : [...new Set(sets.flat())];
}

function intersect(a: Ports, b: Ports): Ports {
    if (a === "all" || b === "all") {
        return a === "all" ? b : a;
    }
    return [...new Set([...a.filter((port) => covers(b, port)), ...b.filter((port) => covers(a, port))])];
}

/** Whether a port is among others, which may be ranges (`6000–6010`) or a whole protocol (`all`, `all/UDP`). */
function covers(ports: Ports, port: string): boolean {
    if (ports === "all") {
        return true;
    }
    const [number = "", protocol] = port.split("/");
    return ports.some((other) => {
        const [numbers = "", otherProtocol] = other.split("/");
        const [first, last = first] = numbers.split("–").map(Number);
        const within = first !== undefined && last !== undefined && Number(number) >= first && Number(number) <= last;
        return protocol === otherProtocol && (numbers === "all" || numbers === number || within);
    });
}
