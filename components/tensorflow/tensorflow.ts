import * as pulumi from "@pulumi/pulumi";
import { environmentName, type Foundation } from "../foundation/environment";
import { objectLabels } from "../foundation/labels";
import { awaitedResource } from "../operator/customResource";
import { registerOperator } from "../operator/operator";
import { type NamedRuntime, TensorflowJobNamespace } from "./jobNamespace";
import { apiVersion, frameworkLabel } from "./names";
import { trainerChart } from "./operator";
import { runtimeSpec } from "./runtimeSpec";
import type { TensorflowSettings } from "./schema";

export interface TensorflowArgs {
    readonly foundation: Foundation;
    /**
     * Namespace to install the operator in.
     *
     * @default none: needed where `settings.operator` is a chart
     */
    readonly operatorNamespace?: string | undefined;
    /** The namespaces of jobs, by their short names. */
    readonly jobNamespaces: Readonly<Record<string, string>>;
    /** The settings, checked. */
    readonly settings: TensorflowSettings;
}

/** How long the API server may take to accept a runtime. */
const runtimeSeconds = 300;

/** TensorFlow by Kubeflow Trainer: the operator, where the stack installs it, the runtimes, and where jobs run. */
export class Tensorflow extends pulumi.ComponentResource {
    /** Names of the runtimes' objects, by their short names: what a TrainJob refers to. */
    public readonly runtimes: Readonly<Record<string, string>>;

    /** @throws Error when a namespace is missing. */
    constructor(name: string, args: TensorflowArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, settings } = args;
        const named = runtimesOf(foundation, settings);
        super("data-platform:tensorflow:Tensorflow", name, { runtimes: Object.keys(named) }, opts);
        const operator = registerOperator(
            `${name}-operator`,
            {
                foundation,
                namespace: args.operatorNamespace,
                settings: settings.operator,
                chart: (chart) => trainerChart(foundation, chart),
            },
            { parent: this },
        );
        const runtimes = Object.entries(named).map(([short, { objectName, settings: given }]) => {
            const identity = { name: "tensorflow", instance: `${name}-${short}`, component: "node" };
            return awaitedResource(
                `${name}-runtime-${short}`,
                {
                    apiVersion,
                    kind: "ClusterTrainingRuntime",
                    metadata: {
                        name: objectName,
                        labels: { ...objectLabels(foundation.environment, identity), ...frameworkLabel },
                    },
                    content: { spec: runtimeSpec(foundation, identity, given) },
                    timeoutSeconds: runtimeSeconds,
                },
                { parent: this, dependsOn: [...operator.after] },
            );
        });
        for (const [short, given] of Object.entries(settings.jobNamespaces)) {
            const namespace = args.jobNamespaces[short];
            if (namespace === undefined) {
                throw new Error(`${name} needs a namespace for the jobs of ${short}`);
            }
            new TensorflowJobNamespace(
                `${name}-${short}`,
                { foundation, namespace, settings: given, runtimes: named, after: runtimes },
                { parent: this },
            );
        }
        this.runtimes = Object.fromEntries(Object.entries(named).map(([short, { objectName }]) => [short, objectName]));
        this.registerOutputs({ runtimes: this.runtimes });
    }
}

/** The runtimes of a stack: they belong to no namespace, so their names carry the environment's. */
function runtimesOf(foundation: Foundation, settings: TensorflowSettings): Record<string, NamedRuntime> {
    return Object.fromEntries(
        Object.entries(settings.runtimes).map(([short, given]) => [
            short,
            { objectName: environmentName(foundation.environment, short), settings: given },
        ]),
    );
}
