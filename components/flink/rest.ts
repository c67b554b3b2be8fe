import type { types } from "@pulumi/kubernetes";
import { partLabels, ports, type Session } from "./session";

/** Spec of the Service of the REST API, as Flink's own client would make it (ExternalServiceDecorator). */
export function restServiceSpec(session: Session): types.input.core.v1.ServiceSpec {
    const { rest } = session.settings;
    return {
        ...forms(rest),
        selector: partLabels(session, "jobmanager"),
        ports: [{ name: "rest", port: ports.rest, targetPort: "rest", protocol: "TCP" }],
    };
}

function forms(rest: Session["settings"]["rest"]): types.input.core.v1.ServiceSpec {
    switch (rest.kind) {
        case "clusterIP":
            return { type: "ClusterIP" };
        case "headless":
            return { type: "ClusterIP", clusterIP: "None" };
        case "nodePort":
            // The client asks any node, so each must pass the request on, and hides who asked.
            return { type: "NodePort", externalTrafficPolicy: "Cluster" };
        case "loadBalancer":
            return {
                type: "LoadBalancer",
                loadBalancerSourceRanges: rest.sourceRanges,
                // Cluster would hide the client's address, by which source ranges and the network policy judge.
                externalTrafficPolicy: "Local",
            };
    }
}
