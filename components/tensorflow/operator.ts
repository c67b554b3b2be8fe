import type { Foundation } from "../foundation/environment";
import { requirements } from "../foundation/resources";
import { type ChartValue, imageParts } from "../operator/chartValues";
import { type OperatorChart, placementValues, releaseName } from "../operator/operator";
import type { ChartOperatorSettings } from "../operator/schema";
import { tensorflowChartDefaults } from "./schema";

/** Port of the webhooks of the trainer and of JobSet. */
const webhookPort = 9443;

/** The trainer's chart, which brings JobSet along. */
export function trainerChart(foundation: Foundation, settings: ChartOperatorSettings): OperatorChart {
    const release = releaseName(foundation, settings);
    // templates/_helpers.tpl: trainer.selectorLabels, with manager's component.
    const selector = {
        "app.kubernetes.io/name": tensorflowChartDefaults.chart,
        "app.kubernetes.io/instance": release,
        "app.kubernetes.io/component": "manager",
    };
    // charts/jobset of JobSet: jobset.controller.selectorLabels.
    const jobsetSelector = {
        "app.kubernetes.io/name": "jobset",
        "app.kubernetes.io/instance": release,
        "app.kubernetes.io/component": "controller",
    };
    const { affinity, tolerations } = placementValues(foundation, settings, selector);
    const place = { ...(affinity !== undefined && { affinity }), ...(tolerations !== undefined && { tolerations }) };
    const resources = requirements(settings.resources) as ChartValue;
    const { images } = foundation;
    const trainer = images.reference("kubeflow-trainer");
    const jobset = images.reference("jobset");
    const jobsetParts = imageParts(jobset);
    const pullSecrets = images.pullSecretReferences;
    return {
        name: tensorflowChartDefaults.chart,
        images: [trainer, jobset],
        values: {
            image: { ...imageParts(trainer), pullSecrets },
            manager: { replicas: settings.replicas, resources, ...place },
            jobset: {
                install: true,
                image: {
                    // Unlike the trainer's, this chart has the registry's host in its repository.
                    repository: `${jobsetParts.registry}/${jobsetParts.repository}`,
                    tag: jobsetParts.tag,
                    pullSecrets,
                },
                controller: { replicas: settings.replicas, resources, ...place },
            },
            // Its installer runs as root, and fetches a program from the network.
            runtimes: { defaultEnabled: false },
        },
        pods: [
            { part: "manager", selector, webhookPort },
            { part: "jobset", selector: jobsetSelector, webhookPort },
        ],
    };
}
