import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ClusterNetwork } from "./environment";
import { type Labels, startedBy } from "./labels";
import { cidr, dnsLabel, labelKey, labelValue, oneOf, port, settings } from "./values";

/** Whoever is at the other end of a connection. */
export const peerSettings = settings({
    namespace: dnsLabel().optional().describe("Namespace of the peer's pods. Default: the set's own namespace."),
    namespaceLabels: z
        .record(labelKey(), labelValue())
        .optional()
        .describe("Labels of the namespaces of the peer's pods, instead of one name."),
    podLabels: z
        .record(labelKey(), labelValue())
        .optional()
        .describe("Labels of the peer's pods. Default: all pods there."),
    cidr: cidr().optional().describe("A network outside the cluster, instead of pods."),
})
    .refine(
        (peer) =>
            [peer.namespace ?? peer.namespaceLabels ?? peer.podLabels, peer.cidr].filter((form) => form !== undefined)
                .length === 1,
        { error: "either pods (namespace or namespaceLabels, podLabels) or a cidr" },
    )
    .refine((peer) => peer.namespace === undefined || peer.namespaceLabels === undefined, {
        path: ["namespaceLabels"],
        error: "no labels beside namespace, which is one name",
    })
    .meta({ id: "peer" });

export type Peer = z.input<typeof peerSettings>;

/** Somewhere that pods may connect to. */
export const egressSettings = settings({
    to: z.array(peerSettings).min(1).describe("Whom the pods may reach."),
    ports: z
        .array(
            settings({
                port: port().describe("Port of the peer."),
                protocol: oneOf("TCP", "UDP").default("TCP").describe("TCP or UDP. Default TCP."),
            }),
        )
        .min(1)
        .describe("On which ports; protocol TCP by default."),
}).meta({ id: "egress" });

/** One allowed kind of connection: with whom, on which ports. The other end is the set that lists it. */
export interface Flow {
    readonly peers: readonly Peer[];
    readonly ports: readonly { readonly port: number; readonly protocol?: "TCP" | "UDP" | undefined }[];
}

/** TCP ports of a flow. */
export function tcp(...ports: readonly number[]): Flow["ports"] {
    return ports.map((each) => ({ port: each, protocol: "TCP" }));
}

/** Egress as settings give it. */
export function egressFlows(entries: readonly z.output<typeof egressSettings>[]): Flow[] {
    return entries.map(({ to, ports }) => ({ peers: to, ports }));
}

/** Name resolution in the cluster. */
export function dnsFlow(network: ClusterNetwork): Flow {
    const { namespace, podLabels, cidrs } = network.dns;
    return {
        peers: [{ namespace, podLabels }, ...cidrs.map((address) => ({ cidr: address }))],
        ports: [
            { port: 53, protocol: "UDP" },
            { port: 53, protocol: "TCP" },
        ],
    };
}

/**
 * The way to the API server, for a component that calls it.
 *
 * @throws Error when the environment does not say where it is: with egress denied the component could not work.
 */
export function apiServerFlow(network: ClusterNetwork, caller: string): Flow {
    if (network.apiServer === undefined) {
        throw new Error(`${caller} calls the Kubernetes API, but cluster.apiServer does not say where it is`);
    }
    const { cidrs, ports } = network.apiServer;
    return { peers: cidrs.map((address) => ({ cidr: address })), ports: tcp(...ports) };
}

function peer(given: Peer): k8s.types.input.networking.v1.NetworkPolicyPeer {
    if (given.cidr !== undefined) {
        return { ipBlock: { cidr: given.cidr } };
    }
    const namespaceLabels =
        given.namespace === undefined ? given.namespaceLabels : { "kubernetes.io/metadata.name": given.namespace };
    return {
        ...(namespaceLabels && { namespaceSelector: { matchLabels: namespaceLabels } }),
        ...(given.podLabels && { podSelector: { matchLabels: given.podLabels } }),
    };
}

const ports = (flow: Flow) => flow.ports.map((each) => ({ protocol: each.protocol ?? "TCP", port: each.port }));

/** The spec of a policy that allows a set's flows and nothing else. */
export function networkPolicySpec(
    selector: Labels,
    ingress: readonly Flow[],
    egress: readonly Flow[],
): k8s.types.input.networking.v1.NetworkPolicySpec {
    // A rule without peers would allow everybody, one without ports every port: a flow that lacks either is no rule.
    const used = (flows: readonly Flow[]) => flows.filter((flow) => flow.peers.length > 0 && flow.ports.length > 0);
    return {
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress", "Egress"],
        ingress: used(ingress).map((flow) => ({ from: flow.peers.map(peer), ports: ports(flow) })),
        egress: used(egress).map((flow) => ({ to: flow.peers.map(peer), ports: ports(flow) })),
    };
}

/** A network policy for the pods of one set. */
export function networkPolicy(
    name: string,
    args: {
        readonly objectName: string;
        readonly namespace: string;
        readonly labels: Labels;
        readonly selector: Labels;
        readonly ingress: readonly Flow[];
        readonly egress: readonly Flow[];
        /**
         * Who starts the pods by itself.
         *
         * @default they are pods of the stack
         */
        readonly startedBy?: string;
    },
    opts: pulumi.CustomResourceOptions,
): k8s.networking.v1.NetworkPolicy {
    return new k8s.networking.v1.NetworkPolicy(
        name,
        {
            metadata: {
                name: args.objectName,
                namespace: args.namespace,
                labels: args.labels,
                ...(args.startedBy !== undefined && { annotations: startedBy(args.startedBy) }),
            },
            spec: networkPolicySpec(args.selector, args.ingress, args.egress),
        },
        opts,
    );
}
