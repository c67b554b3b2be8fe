import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { environmentName, type Foundation, targetsNamed } from "../foundation/environment";
import { type Labels, objectLabels } from "../foundation/labels";
import { apiServerFlow, egressFlows, type Flow, networkPolicy, type Peer, tcp } from "../foundation/networkPolicy";
import { podPlacement, type PodPlacement } from "../foundation/placement";
import { priorityNamed } from "../foundation/priorityClasses";
import { seconds } from "../foundation/values";
import { type ChartValue, type ChartValues, mergedValues } from "./chartValues";
import type { ChartOperatorSettings, CheckedOperatorSettings } from "./schema";

/** Pods of one Deployment of an operator's chart. */
export interface OperatorPods {
    /** Part of the operator: end of the network policy's name, `controller`. */
    readonly part: string;
    /** Labels that select them, as the chart sets them. */
    readonly selector: Labels;
    /**
     * Port on which the API server calls them.
     *
     * @default none: they serve no webhook
     */
    readonly webhookPort?: number;
    /**
     * Who else connects to them.
     *
     * @default nobody
     */
    readonly ingress?: readonly Flow[];
    /**
     * Whom they connect to beside the API server, such as the pods that they start.
     *
     * @default nobody
     */
    readonly egress?: readonly Flow[];
}

/** What a system says of its operator's chart. */
export interface OperatorChart {
    /** Name of the chart in its repository. */
    readonly name: string;
    /** The images that its pods run: the values have them in parts, by which `npm run pin` would not find them. */
    readonly images: readonly string[];
    /** The values that the program computes; the settings' own are merged over them. */
    readonly values: ChartValues;
    readonly pods: readonly OperatorPods[];
}

export interface OperatorArgs {
    readonly foundation: Foundation;
    /** The operator's namespace, which is there. */
    readonly namespace: string;
    /** Its settings, checked. */
    readonly settings: ChartOperatorSettings;
    readonly chart: OperatorChart;
}

/** Name of the Helm release: the chart's cluster-scoped objects carry it, so two stacks share a cluster. */
export function releaseName({ environment }: Pick<Foundation, "environment">, settings: ChartOperatorSettings): string {
    return environmentName(environment, settings.release);
}

/** Where a chart is, as Helm wants it: a name in a repository, or the whole address in an OCI registry. */
export function chartSource(
    chart: string,
    repository: string,
): { chart: string; repositoryOpts?: { readonly repo: string } } {
    return repository.startsWith("oci://")
        ? { chart: `${repository.replace(/\/+$/, "")}/${chart}` }
        : { chart, repositoryOpts: { repo: repository } };
}

/** Where the pods of one of an operator's Deployments run, as fields of a pod. */
function operatorPlacement(
    foundation: Foundation,
    settings: ChartOperatorSettings,
    selector: Labels,
): PodPlacement & { readonly priorityClassName?: string } {
    const priorityClassName = priorityNamed(foundation, settings.priority);
    return {
        ...podPlacement({
            targets: targetsNamed(foundation, settings.targets),
            spread: settings.spread ?? {},
            tier: foundation.environment.tier,
            several: settings.replicas > 1,
            selector,
        }),
        ...(priorityClassName !== undefined && { priorityClassName }),
    };
}

/** The same as values of a chart. */
export function placementValues(...args: Parameters<typeof operatorPlacement>): Record<string, ChartValue> {
    return JSON.parse(JSON.stringify(operatorPlacement(...args))) as Record<string, ChartValue>;
}

/**
 * An operator that the stack installs: its chart as a Helm release, and the network policies of its pods. Helm fetches
 * the chart when the engine asks for it, also for a preview; the offline plan shows the release without it.
 */
export class Operator extends pulumi.ComponentResource {
    /** The operator's pods, for the network policies of what they connect to. */
    public readonly peers: readonly Peer[];
    /** Name of the Helm release. */
    public readonly releaseName: string;

    /** @throws Error when the environment does not say where the API server is. */
    constructor(name: string, args: OperatorArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, namespace, settings, chart } = args;
        const release = releaseName(foundation, settings);
        super(
            "data-platform:operator:Operator",
            name,
            { namespace, release, chart: chart.name, version: settings.version, images: [...chart.images] },
            opts,
        );
        this.releaseName = release;
        this.peers = operatorPeers(namespace, chart.pods);
        const apiServer = apiServerFlow(foundation.network, `the operator of ${name}`);
        const policies = chart.pods.map(({ part, selector, webhookPort, ingress, egress }) =>
            networkPolicy(
                `${name}-${part}`,
                {
                    objectName: `${release}-${part}`,
                    namespace,
                    labels: objectLabels(foundation.environment, {
                        name: settings.release,
                        instance: name,
                        component: part,
                    }),
                    selector,
                    ingress: [
                        ...(webhookPort === undefined ? [] : [{ peers: apiServer.peers, ports: tcp(webhookPort) }]),
                        ...(ingress ?? []),
                    ],
                    egress: [apiServer, ...(egress ?? []), ...egressFlows(settings.egress)],
                    startedBy: `the chart ${chart.name}`,
                },
                { parent: this },
            ),
        );
        const timeout = `${seconds(settings.timeout)}s`;
        new k8s.helm.v3.Release(
            `${name}-release`,
            {
                name: release,
                namespace,
                ...chartSource(chart.name, settings.repository),
                version: settings.version,
                values: mergedValues(chart.values, settings.values),
                // The namespace is made by the stack, with its Pod Security level and its default denial.
                createNamespace: false,
                // A release that does not come up is rolled back, not left half there.
                atomic: true,
                cleanupOnFail: true,
                skipAwait: false,
                timeout: seconds(settings.timeout),
            },
            {
                parent: this,
                // Without the way to the API server the operator never gets ready.
                dependsOn: policies,
                deleteBeforeReplace: true,
                customTimeouts: { create: timeout, update: timeout, delete: timeout },
            },
        );
        this.registerOutputs({ releaseName: release });
    }
}

function operatorPeers(namespace: string, pods: readonly OperatorPods[]): Peer[] {
    return pods.map(({ selector }) => ({ namespace, podLabels: selector }));
}

/** What custom resources of a system need to know of its operator. */
export interface OperatorUse {
    /** The operator's pods; none where the operator is somebody else's and connects to nothing. */
    readonly peers: readonly Peer[];
    /** What custom resources wait for. */
    readonly after: readonly pulumi.Resource[];
}

/**
 * The operator of a system: registered where the stack installs it, else only described.
 *
 * @param args.namespace where the stack installs it
 * @throws Error when it is to be installed and there is no namespace for it.
 */
export function registerOperator(
    name: string,
    args: {
        readonly foundation: Foundation;
        readonly namespace: string | undefined;
        readonly settings: CheckedOperatorSettings;
        readonly chart: (settings: ChartOperatorSettings) => OperatorChart;
    },
    opts: pulumi.ComponentResourceOptions,
): OperatorUse {
    const { foundation, namespace, settings } = args;
    if (settings.kind === "existing") {
        return { peers: "peers" in settings ? settings.peers : [], after: [] };
    }
    if (namespace === undefined) {
        throw new Error(`${name} needs a namespace to install its operator in`);
    }
    const operator = new Operator(name, { foundation, namespace, settings, chart: args.chart(settings) }, opts);
    return { peers: operator.peers, after: [operator] };
}
