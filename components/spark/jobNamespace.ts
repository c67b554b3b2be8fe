import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Access } from "../foundation/access";
import { yaml } from "../foundation/configFiles";
import type { Foundation } from "../foundation/environment";
import { type Fault, SettingsFaults } from "../foundation/faults";
import { GroupAccess } from "../foundation/groupAccess";
import { type Identity, objectLabels } from "../foundation/labels";
import { seconds } from "../foundation/values";
import { registerMonitor } from "../monitoring/monitor";
import { awaitedResource } from "../operator/customResource";
import { applicationResource, applicationSpec, metricsPaths, versionFaults } from "./application";
import { type ApplicationSettings, applicationSettings } from "./applicationSchema";
import { accounts, apiVersion, filesName, partLabels } from "./names";
import { sparkPolicies } from "./network";
import { driverRules, submitterRules } from "./rules";
import type { SparkJobNamespaceSettings } from "./schema";

export interface SparkJobNamespaceArgs {
    readonly foundation: Foundation;
    /** Name of the namespace, which is there. */
    readonly namespace: string;
    /** Its settings, checked. */
    readonly settings: SparkJobNamespaceSettings;
    /**
     * What has to be there before an application is submitted: the operator.
     *
     * @default nothing
     */
    readonly after?: readonly pulumi.Resource[];
}

/** Name of a submitter's first application: the one that every image of Spark has. */
const sample = "spark-pi";

/** How long the engine waits for an application that says nothing else. */
const defaultSubmission = { awaited: true, timeout: "5m" };

/** A namespace in which Spark applications run: accounts, network policies, and the applications of the stack. */
export class SparkJobNamespace extends pulumi.ComponentResource {
    /** An application for submitters to begin with, by file name. */
    public readonly clientFiles: Readonly<Record<string, string>>;

    /** @throws SettingsFaults where nobody says which Spark an image holds. */
    constructor(name: string, args: SparkJobNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, namespace, settings } = args;
        const faults = namespaceFaults(foundation, settings);
        if (faults.length > 0) {
            throw new SettingsFaults(name, faults);
        }
        super("data-platform:spark:SparkJobNamespace", name, { namespace }, opts);
        const identity = (component: string): Identity => ({ name: "spark", instance: name, component });
        const labels = objectLabels(foundation.environment, identity("applications"));
        const inside = { parent: this };
        const driver = new Access(
            `${name}-driver`,
            { foundation, namespace, identity: identity("driver"), objectName: accounts.driver, rules: driverRules },
            inside,
        );
        const executor = new Access(
            `${name}-executor`,
            { foundation, namespace, identity: identity("executor"), objectName: accounts.executor },
            inside,
        );
        const policies = sparkPolicies(name, { foundation, namespace, labels, settings }, inside);
        if (settings.submitters.length > 0) {
            new GroupAccess(
                `${name}-submitters`,
                {
                    foundation,
                    namespace,
                    identity: identity("submitters"),
                    objectName: "spark-submitters",
                    groups: settings.submitters,
                    rules: submitterRules,
                },
                inside,
            );
        }
        this.clientFiles = { [`${sample}.yaml`]: sampleApplication(foundation, namespace) };
        new k8s.core.v1.ConfigMap(
            `${name}-client`,
            { metadata: { name: "spark-client", namespace, labels }, data: this.clientFiles },
            inside,
        );
        const after = [driver, executor, ...policies, ...(args.after ?? [])];
        for (const [application, given] of Object.entries(settings.applications)) {
            this.submit(name, application, given, args, after);
        }
        registerMonitor(
            `${name}-monitor`,
            {
                foundation,
                namespace,
                identity: identity("monitor"),
                objectName: "spark",
                settings: settings.monitoring,
                endpoints: Object.entries(metricsPaths).map(([part, path]) => ({
                    part,
                    kind: "pod",
                    // Drivers tell of their executors too.
                    selector: partLabels("driver"),
                    port: "spark-ui",
                    path,
                    podTargetLabels: ["sparkoperator.k8s.io/app-name"],
                    startedBy: "Spark's operator",
                })),
                alerts: [],
            },
            inside,
        );
        this.registerOutputs({});
    }

    private submit(
        name: string,
        application: string,
        given: ApplicationSettings,
        args: SparkJobNamespaceArgs,
        after: readonly pulumi.Resource[],
    ): void {
        const { foundation, namespace, settings } = args;
        const labels = objectLabels(foundation.environment, { name: "spark", instance: name, component: application });
        const files = Object.entries(given.volumes).flatMap(([volume, each]) =>
            each.kind === "files"
                ? [
                      new k8s.core.v1.ConfigMap(
                          `${name}-${application}-${volume}`,
                          { metadata: { name: filesName(application, volume), namespace, labels }, data: each.files },
                          { parent: this },
                      ),
                  ]
                : [],
        );
        const { kind, spec } = applicationResource({
            foundation,
            application,
            labels,
            settings: given,
            monitoring: settings.monitoring,
        });
        const { awaited, timeout } = given.submission ?? defaultSubmission;
        awaitedResource(
            `${name}-${application}`,
            {
                apiVersion,
                kind,
                metadata: { name: application, namespace, labels },
                content: { spec },
                waitFor: submitted(given, awaited),
                timeoutSeconds: seconds(timeout),
            },
            { parent: this, dependsOn: [...after, ...files], replaceOnChanges: replacedOn(given) },
        );
    }
}

/**
 * What tells that the operator has taken an application up: the name of its driver's pod, which it keeps when the
 * application has ended. `up` doesn't wait for a state: those of a short application pass before the engine looks.
 */
function submitted({ schedule }: ApplicationSettings, awaited: boolean) {
    return awaited && schedule === undefined ? ("jsonpath={.status.driverInfo.podName}" as const) : undefined;
}

/**
 * Which changes make an application a new object. One with a time to live may be gone when its settings change: nothing
 * would be there to update, while the engine doesn't mind what it can't find to delete. All others are updated, and the
 * operator submits them again.
 */
export function replacedOn({ timeToLive, schedule }: Pick<ApplicationSettings, "timeToLive" | "schedule">): string[] {
    return timeToLive !== undefined && schedule === undefined ? ["*"] : [];
}

function namespaceFaults(foundation: Foundation, { applications }: SparkJobNamespaceSettings): Fault[] {
    return Object.entries(applications).flatMap(([application, given]) =>
        versionFaults(foundation, given).map((fault) => ({
            path: `applications.${application}.sparkVersion`,
            ...fault,
        })),
    );
}

function sampleApplication(foundation: Foundation, namespace: string): string {
    const settings = applicationSettings.parse({
        type: "Scala",
        mainClass: "org.apache.spark.examples.SparkPi",
        mainApplicationFile: "local:///opt/spark/examples/jars/spark-examples.jar",
        arguments: ["1000"],
    });
    const spec = applicationSpec({
        foundation,
        application: sample,
        labels: {},
        settings,
        monitoring: { enabled: false, alerts: false },
    });
    return yaml({
        apiVersion,
        kind: "SparkApplication",
        metadata: { name: sample, namespace },
        // The template's types know of Inputs, which these plain values have none of.
        spec: JSON.parse(JSON.stringify(spec)) as { readonly [key: string]: string },
    });
}
