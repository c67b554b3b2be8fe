import type { Foundation } from "../foundation/environment";
import type { Labels } from "../foundation/labels";
import { monitors } from "../monitoring/monitor";
import type { MonitorSettings } from "../monitoring/schema";
import { ifGiven, seconds } from "../foundation/values";
import { type ApplicationSettings, versionOfTag } from "./applicationSchema";
import { heap } from "./demand";
import { overheadMebibytes } from "./memory";
import { accounts, type SparkPart } from "./names";
import { cpuLimit, cpuRequest, places } from "./podSchema";
import { localVolume, podTemplate } from "./podTemplate";
import { ports } from "./sparkConf";

export interface ApplicationArgs {
    readonly foundation: Foundation;
    /** Name of the application. */
    readonly application: string;
    /** Labels of its object. */
    readonly labels: Labels;
    readonly settings: ApplicationSettings;
    /** How the job namespace is watched. */
    readonly monitoring: MonitorSettings;
}

/** Path of a driver's metrics for Prometheus, and of its executors' (Spark's PrometheusServlet, PrometheusResource). */
export const metricsPaths = { driver: "/metrics/prometheus", executors: "/metrics/executors/prometheus" } as const;

/** The image of an application, and the version of Spark in it. */
function imageOf(
    foundation: Pick<Foundation, "images">,
    given: Pick<ApplicationSettings, "image" | "sparkVersion">,
): { readonly image: string; readonly version: string | undefined } {
    const image = given.image ?? foundation.images.reference("spark");
    return { image, version: given.sparkVersion ?? versionOfTag(image) };
}

/** What the catalog's image lacks for an application that names no version: a tag that begins with one. */
export function versionFaults(
    foundation: Pick<Foundation, "images">,
    given: Pick<ApplicationSettings, "image" | "sparkVersion">,
): { readonly expected: string; readonly found: string }[] {
    const { image, version } = imageOf(foundation, given);
    return version === undefined
        ? [{ expected: "the version of Spark in the image, whose tag does not begin with one", found: image }]
        : [];
}

function computedConf({ foundation, settings: given, monitoring }: ApplicationArgs): Record<string, string> {
    const { scratch } = given.executor;
    const claim = `spark.kubernetes.executor.volumes.persistentVolumeClaim.${localVolume}`;
    return {
        "spark.driver.port": String(ports.driver),
        "spark.driver.blockManager.port": String(ports.blockManager),
        "spark.blockManager.port": String(ports.blockManager),
        "spark.ui.port": String(ports.ui),
        ...(given.encrypted && { "spark.authenticate": "true", "spark.network.crypto.enabled": "true" }),
        // The submission and the driver would cache packages in a home folder that can't be written.
        ...(given.dependencies.packages.length > 0 && { "spark.jars.ivy": `${places.temporary}/.ivy2` }),
        ...(scratch.kind === "claim" && {
            [`${claim}.options.claimName`]: "OnDemand",
            [`${claim}.options.storageClass`]: scratch.storageClass,
            [`${claim}.options.sizeLimit`]: scratch.size,
            [`${claim}.mount.path`]: places.local,
            [`${claim}.mount.readOnly`]: "false",
        }),
        ...(monitors(foundation, monitoring) && {
            "spark.ui.prometheus.enabled": "true",
            "spark.metrics.conf.*.sink.prometheusServlet.class": "org.apache.spark.metrics.sink.PrometheusServlet",
            "spark.metrics.conf.*.sink.prometheusServlet.path": metricsPaths.driver,
            // By default the application's id is part of every metric's name.
            "spark.metrics.namespace": "${spark.app.name}",
        }),
    };
}

function restartPolicy({ restart }: ApplicationSettings) {
    switch (restart.policy) {
        case "Never":
            return { type: "Never" };
        case "OnFailure":
            return {
                type: "OnFailure",
                onFailureRetries: restart.retries,
                onFailureRetryInterval: seconds(restart.retryInterval),
                onSubmissionFailureRetries: restart.submissionRetries,
                onSubmissionFailureRetryInterval: seconds(restart.submissionRetryInterval),
            };
        case "Always":
            return {
                type: "Always",
                onFailureRetryInterval: seconds(restart.retryInterval),
                onSubmissionFailureRetryInterval: seconds(restart.submissionRetryInterval),
            };
    }
}

function partSpec(args: ApplicationArgs, image: string, part: SparkPart) {
    const { settings: given } = args;
    const pod = given[part];
    return {
        cores: pod.cores,
        coreRequest: cpuRequest(pod),
        coreLimit: cpuLimit(pod),
        memory: heap(pod.memory),
        // Said always, so that what the quota check counts is what Spark asks for.
        memoryOverhead: `${overheadMebibytes(given.type, pod.memory, pod.memoryOverhead)}m`,
        serviceAccount: accounts[part],
        ...(pod.javaOptions !== undefined && { javaOptions: pod.javaOptions }),
        template: podTemplate({ ...args, image, part }),
    };
}

const filled = (entries: object): boolean => Object.keys(entries).length > 0;

/** The spec of a SparkApplication: plain values. */
export function applicationSpec(args: ApplicationArgs) {
    const { foundation, settings: given } = args;
    const { image, version } = imageOf(foundation, given);
    const { pullSecrets } = foundation.images;
    const dependencies = Object.fromEntries(Object.entries(given.dependencies).filter(([, list]) => list.length > 0));
    const { dynamicAllocation } = given;
    return {
        type: given.type,
        mode: "cluster",
        ...(given.type === "Python" && { pythonVersion: "3" }),
        sparkVersion: version,
        image,
        imagePullPolicy: "IfNotPresent",
        ...(pullSecrets.length > 0 && { imagePullSecrets: [...pullSecrets] }),
        ...(given.mainClass !== undefined && { mainClass: given.mainClass }),
        mainApplicationFile: given.mainApplicationFile,
        ...(given.arguments.length > 0 && { arguments: [...given.arguments] }),
        ...(filled(dependencies) && { deps: dependencies }),
        restartPolicy: restartPolicy(given),
        ...(given.timeToLive !== undefined && { timeToLiveSeconds: seconds(given.timeToLive) }),
        sparkConf: { ...given.sparkConf, ...computedConf(args) },
        ...(filled(given.hadoopConf) && { hadoopConf: { ...given.hadoopConf } }),
        driver: partSpec(args, image, "driver"),
        executor: {
            ...(dynamicAllocation === undefined && { instances: given.executor.instances ?? 1 }),
            ...partSpec(args, image, "executor"),
        },
        ...(dynamicAllocation !== undefined && {
            dynamicAllocation: {
                enabled: true,
                minExecutors: dynamicAllocation.min,
                maxExecutors: dynamicAllocation.max,
                initialExecutors: dynamicAllocation.initial ?? dynamicAllocation.min,
                // There is no external shuffle service on Kubernetes: executors keep their shuffle files themselves.
                shuffleTrackingEnabled: true,
                ...ifGiven(dynamicAllocation.shuffleTimeout, (given) => ({
                    shuffleTrackingTimeout: seconds(given) * 1000,
                })),
            },
        }),
    };
}

/** Kind and spec of what the operator is told of an application: once, or on a schedule. */
export function applicationResource(args: ApplicationArgs) {
    const spec = applicationSpec(args);
    const { schedule } = args.settings;
    return schedule === undefined
        ? { kind: "SparkApplication", spec }
        : {
              kind: "ScheduledSparkApplication",
              spec: {
                  schedule: schedule.cron,
                  timeZone: schedule.timeZone,
                  concurrencyPolicy: schedule.concurrency,
                  successfulRunHistoryLimit: schedule.keepSuccessful,
                  failedRunHistoryLimit: schedule.keepFailed,
                  suspend: schedule.suspended,
                  template: spec,
              },
          };
}
