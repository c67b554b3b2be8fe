import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Labels } from "../foundation/labels";
import { type Flow, tcp } from "../foundation/networkPolicy";
import type { ExternalSettings } from "./listenerSchema";
import { ports } from "./places";

/** One broker, as its own Service selects it. */
export interface BrokerPod {
    readonly id: number;
    readonly pod: string;
}

/** Who may connect from outside, for the network policy of the brokers. */
export function externalFlow(given: ExternalSettings): Flow {
    const peers =
        given.kind === "none"
            ? []
            : given.kind === "loadBalancer"
              ? given.sourceRanges.map((cidr) => ({ cidr }))
              : given.clients;
    return { peers, ports: tcp(ports.external) };
}

/**
 * A Service for each broker: clients must reach the one that leads a partition, so none may stand in front of several.
 */
export function registerExternalServices(
    name: string,
    given: ExternalSettings,
    where: {
        readonly namespace: string;
        readonly labels: Labels;
        readonly selector: Labels;
        readonly brokers: readonly BrokerPod[];
    },
    opts: pulumi.CustomResourceOptions,
): void {
    if (given.kind === "none") {
        return;
    }
    for (const { id, pod } of where.brokers) {
        const objectName = `${name}-external-${id}`;
        new k8s.core.v1.Service(
            objectName,
            {
                metadata: {
                    name: objectName,
                    namespace: where.namespace,
                    labels: where.labels,
                    annotations: {
                        ...(given.kind === "loadBalancer" && annotationsOf(given.annotations, given.host, id)),
                        // The engine would wait for the broker, which may be the last of a long chain.
                        "pulumi.com/skipAwait": "true",
                    },
                },
                spec: {
                    ...serviceSpec(given, id),
                    selector: { ...where.selector, "statefulset.kubernetes.io/pod-name": pod },
                },
            },
            opts,
        );
    }
}

function serviceSpec(
    given: Exclude<ExternalSettings, { kind: "none" }>,
    id: number,
): k8s.types.input.core.v1.ServiceSpec {
    const port = { name: "external", port: ports.external, targetPort: "external", protocol: "TCP" };
    switch (given.kind) {
        case "nodePort":
            return { type: "NodePort", ports: [{ ...port, nodePort: given.portBase + id }] };
        case "loadBalancer":
            return {
                type: "LoadBalancer",
                ...(given.loadBalancerClass !== undefined && { loadBalancerClass: given.loadBalancerClass }),
                loadBalancerSourceRanges: given.sourceRanges,
                // The client's address stays, by which the network policy judges.
                externalTrafficPolicy: "Local",
                ports: [port],
            };
        case "perBrokerHosts":
            return { type: "ClusterIP", ports: [port] };
    }
}

/** Annotations with the broker's own host name, such as external-dns', where they refer to it. */
function annotationsOf(annotations: Labels, host: string, id: number): Labels {
    const own = host.replaceAll("{id}", String(id));
    return Object.fromEntries(
        Object.entries(annotations).map(([key, value]) => [key, value.replaceAll("{host}", own)]),
    );
}
