import * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../foundation/environment";
import { checked } from "../foundation/faults";
import { registerOperator } from "../operator/operator";
import { SparkJobNamespace } from "./jobNamespace";
import { sparkOperatorChart } from "./operatorChart";
import { type SparkSettings, sparkSettings } from "./schema";

export interface SparkArgs {
    readonly foundation: Foundation;
    /**
     * Namespace of the operator.
     *
     * @default none: needed where the stack installs it
     */
    readonly operatorNamespace?: string | undefined;
    /** Names of the job namespaces, by their short names in the settings. All of them are there. */
    readonly jobNamespaces: Readonly<Record<string, string>>;
    readonly settings: SparkSettings;
}

/**
 * Spark on Kubernetes: its operator, where the stack installs it, and namespaces in which the operator submits
 * applications.
 */
export class Spark extends pulumi.ComponentResource {
    /** Files for submitters by relative path, `<namespace>/<file>`. */
    public readonly clientFiles: Readonly<Record<string, string>>;

    /**
     * @throws SettingsFaults when the settings can't be used.
     * @throws Error when a job namespace has no name.
     */
    constructor(name: string, args: SparkArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation } = args;
        const settings = checked(sparkSettings, name, args.settings);
        const namespaces = Object.entries(settings.jobNamespaces).map(([short, given]) => {
            const namespace = args.jobNamespaces[short];
            if (namespace === undefined) {
                throw new Error(`${name}: the job namespace "${short}" has no name`);
            }
            return { short, namespace, given };
        });
        super(
            "data-platform:spark:Spark",
            name,
            {
                operator: settings.operator.kind,
                jobNamespaces: Object.fromEntries(namespaces.map(({ short, namespace }) => [short, namespace])),
            },
            opts,
        );
        const operator = registerOperator(
            `${name}-operator`,
            {
                foundation,
                namespace: args.operatorNamespace,
                settings: settings.operator,
                chart: (chart) =>
                    sparkOperatorChart({
                        foundation,
                        settings: chart,
                        webhook: settings.operator.kind === "chart" && settings.operator.webhook,
                        jobNamespaces: namespaces.map(({ namespace }) => namespace),
                    }),
            },
            { parent: this },
        );
        const made = namespaces.map(({ short, namespace, given }) => {
            const jobs = new SparkJobNamespace(
                `${name}-${short}`,
                { foundation, namespace, settings: given, after: operator.after },
                { parent: this },
            );
            return Object.entries(jobs.clientFiles).map(([file, text]) => [`${namespace}/${file}`, text]);
        });
        this.clientFiles = Object.fromEntries(made.flat()) as Record<string, string>;
        this.registerOutputs({});
    }
}
