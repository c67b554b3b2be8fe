import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../foundation/environment";
import { type Labels, startedBy } from "../foundation/labels";
import { apiServerFlow, egressFlows, type Flow, networkPolicy } from "../foundation/networkPolicy";
import type { JobNamespaceSettings } from "./schema";

/** Who starts the pods of jobs. */
export const jobStarter = "Twister2's client";

/** The label of all pods that Twister2 starts (KubernetesUtils.createJobLabels). */
export const jobPodLabels: Labels = { app: "twister2" };

/** Ports of a pod's workers, each with its additional ones. */
function workerPorts({ jobDefaults, workers }: JobNamespaceSettings): number[] {
    const inPod = Math.max(1, ...jobDefaults.computeResources.map(({ workersPerPod }) => workersPerPod));
    const count = inPod * (1 + jobDefaults.additionalPorts.length);
    return Array.from({ length: count }, (_, index) => workers.basePort + index).filter((port) => port <= 65535);
}

/** Who may connect to job pods, and whom they may connect to, besides each other and name resolution. */
function jobFlows(
    settings: JobNamespaceSettings,
    foundation: Foundation,
    services: readonly Flow[],
): { readonly ingress: readonly Flow[]; readonly egress: readonly Flow[] } {
    const { clients, workers, egress } = settings;
    return {
        ingress: [
            {
                peers: clients,
                ports: workerPorts(settings).map((port) => ({ port, protocol: workers.transportProtocol })),
            },
        ],
        egress: [apiServerFlow(foundation.network, "Twister2's job masters"), ...services, ...egressFlows(egress)],
    };
}

/**
 * The network policies of job pods. Among themselves they use ports that nobody can list: those of job master, workers,
 * Python and ssh, and the random ones of OpenMPI and UCX. A policy can't tell the jobs of a namespace apart.
 */
export function jobPolicies(
    name: string,
    args: {
        readonly foundation: Foundation;
        readonly namespace: string;
        readonly labels: Labels;
        readonly settings: JobNamespaceSettings;
        /** The ways to what is set up for jobs. */
        readonly services: readonly Flow[];
    },
    opts: pulumi.CustomResourceOptions,
): void {
    const { foundation, namespace, labels, settings } = args;
    const { ingress, egress } = jobFlows(settings, foundation, args.services);
    networkPolicy(
        `${name}-network`,
        {
            objectName: "twister2-jobs",
            namespace,
            labels,
            selector: jobPodLabels,
            ingress,
            egress,
            startedBy: jobStarter,
        },
        opts,
    );
    const among = [{ podSelector: { matchLabels: jobPodLabels } }];
    const ports = ["TCP", ...(settings.workers.transportProtocol === "UDP" ? ["UDP"] : [])].map((protocol) => ({
        protocol,
    }));
    new k8s.networking.v1.NetworkPolicy(
        `${name}-among`,
        {
            metadata: { name: "twister2-jobs-among", namespace, labels, annotations: startedBy(jobStarter) },
            spec: {
                podSelector: { matchLabels: jobPodLabels },
                policyTypes: ["Ingress", "Egress"],
                ingress: [{ from: among, ports }],
                egress: [{ to: among, ports }],
            },
        },
        opts,
    );
}
