import type * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../foundation/environment";
import type { Labels } from "../foundation/labels";
import { apiServerFlow, egressFlows, type Flow, networkPolicy, type Peer, tcp } from "../foundation/networkPolicy";
import { scraperFlow } from "../monitoring/monitor";
import { partLabels, type SparkPart } from "./names";
import type { SparkJobNamespaceSettings } from "./schema";
import { ports } from "./sparkConf";

const drivers: Peer = { podLabels: partLabels("driver") };
const executors: Peer = { podLabels: partLabels("executor") };

/**
 * Who may connect to an application's pods, and whom they may connect to, besides name resolution. Policies can't tell the
 * applications of a namespace apart: their own authentication does (setting encrypted).
 */
function partFlows(
    part: SparkPart,
    foundation: Foundation,
    settings: Pick<SparkJobNamespaceSettings, "clients" | "egress" | "monitoring">,
): { readonly ingress: readonly Flow[]; readonly egress: readonly Flow[] } {
    const outside = egressFlows(settings.egress);
    if (part === "driver") {
        return {
            ingress: [
                { peers: [executors], ports: tcp(ports.driver, ports.blockManager) },
                { peers: settings.clients, ports: tcp(ports.ui) },
                scraperFlow(foundation, settings.monitoring, [], ports.ui),
            ],
            egress: [
                apiServerFlow(foundation.network, "Spark's drivers"),
                { peers: [executors], ports: tcp(ports.blockManager) },
                ...outside,
            ],
        };
    }
    return {
        ingress: [{ peers: [drivers, executors], ports: tcp(ports.blockManager) }],
        egress: [
            { peers: [drivers], ports: tcp(ports.driver, ports.blockManager) },
            { peers: [executors], ports: tcp(ports.blockManager) },
            ...outside,
        ],
    };
}

/** The network policies of a job namespace: one for drivers, one for executors. */
export function sparkPolicies(
    name: string,
    args: {
        readonly foundation: Foundation;
        readonly namespace: string;
        readonly labels: Labels;
        readonly settings: SparkJobNamespaceSettings;
    },
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    const { foundation, namespace, labels, settings } = args;
    return (["driver", "executor"] as const).map((part) =>
        networkPolicy(
            `${name}-${part}-network`,
            {
                objectName: `spark-${part}`,
                namespace,
                labels,
                selector: partLabels(part),
                startedBy: "Spark's operator",
                ...partFlows(part, foundation, settings),
            },
            opts,
        ),
    );
}
