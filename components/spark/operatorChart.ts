import type { Foundation } from "../foundation/environment";
import type { Labels } from "../foundation/labels";
import { tcp } from "../foundation/networkPolicy";
import { requirements } from "../foundation/resources";
import { type ChartValue, type ChartValues, imageParts } from "../operator/chartValues";
import { type OperatorChart, placementValues, releaseName } from "../operator/operator";
import type { ChartOperatorSettings } from "../operator/schema";
import { accounts } from "./names";
import { operatorChart } from "./schema";

/** Port of the webhook, and of the metrics of both parts (the chart's own). */
const webhookPort = 9443;
const metricsPort = 8080;
/** User of the chart's image. */
const user = 185;

const podSecurityContext = {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    seccompProfile: { type: "RuntimeDefault" },
};

/** Labels of the pods of one part: the chart's name, the release, the part (templates/_helpers.tpl). */
function partLabels(foundation: Foundation, settings: ChartOperatorSettings, part: string): Labels {
    return {
        "app.kubernetes.io/name": operatorChart.chart,
        "app.kubernetes.io/instance": releaseName(foundation, settings),
        "app.kubernetes.io/component": part,
    };
}

/** What both parts have alike. */
function partValues(foundation: Foundation, settings: ChartOperatorSettings, part: string): ChartValues {
    const { replicas } = settings;
    return {
        replicas,
        resources: requirements(settings.resources) as ChartValue,
        podSecurityContext,
        // A budget for one pod would block the drain of its node.
        podDisruptionBudget: { enable: replicas > 1, minAvailable: Math.max(1, replicas - 1) },
        ...placementValues(foundation, settings, partLabels(foundation, settings, part)),
    };
}

/**
 * The operator's chart: it watches the job namespaces and nothing else, and makes no accounts there, since the job
 * namespaces have their own.
 */
export function sparkOperatorChart(args: {
    readonly foundation: Foundation;
    readonly settings: ChartOperatorSettings;
    /** Whether its webhook runs. */
    readonly webhook: boolean;
    /** Names of the job namespaces. */
    readonly jobNamespaces: readonly string[];
}): OperatorChart {
    const { foundation, settings, webhook } = args;
    const { monitoring, images } = foundation;
    const image = images.reference("spark-operator");
    const parts = webhook ? ["controller", "webhook"] : ["controller"];
    return {
        name: operatorChart.chart,
        images: [image],
        values: {
            // Else the chart would append its own name to a release that is called otherwise.
            fullnameOverride: releaseName(foundation, settings),
            image: {
                ...imageParts(image),
                pullSecrets: images.pullSecretReferences,
            },
            // Its job's pods are neither restricted nor labelled, so they could not reach the API server.
            hook: { upgradeCrd: false },
            controller: partValues(foundation, settings, "controller"),
            webhook: {
                enable: webhook,
                failurePolicy: "Fail",
                port: webhookPort,
                ...partValues(foundation, settings, "webhook"),
                volumes: [{ name: "serving-certs", emptyDir: { sizeLimit: "16Mi" } }],
            },
            spark: {
                // Never "", which would be all namespaces of the cluster.
                jobNamespaces: [...args.jobNamespaces],
                serviceAccount: { create: false, name: accounts.driver },
                rbac: { create: false },
            },
            prometheus: {
                metrics: { enable: true, port: metricsPort },
                podMonitor: {
                    create: monitoring !== undefined,
                    ...(monitoring !== undefined && {
                        labels: monitoring.labels,
                        podMetricsEndpoint: { scheme: "http", interval: monitoring.interval },
                    }),
                },
            },
        },
        pods: parts.map((part) => ({
            part,
            selector: partLabels(foundation, settings, part),
            ...(part === "webhook" && { webhookPort }),
            ingress: [{ peers: monitoring?.scrapers ?? [], ports: tcp(metricsPort) }],
        })),
    };
}
