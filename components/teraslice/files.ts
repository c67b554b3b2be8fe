import type { ConfigValue } from "../foundation/configFiles";
import { type Environment, environmentName, type Foundation, targetsNamed } from "../foundation/environment";
import { type Fault, SettingsFaults } from "../foundation/faults";
import { type Target, targetsWith } from "../foundation/placement";
import { priorityNamed } from "../foundation/priorityClasses";
import { parseQuantity } from "../foundation/quantity";
import { ifGiven, milliseconds } from "../foundation/values";
import type { OpenSearchConnection } from "../opensearch/connection";
import { stateConnection } from "./connectors";
import { connectorTree } from "./connectorTree";
import { apiPort, type CheckedTerasliceSettings } from "./schema";

/** Where Teraslice finds its file: TERAFOUNDATION_CONFIG of the image. Another key of the ConfigMap is not found. */
export const configFileName = "teraslice.yaml";
export const configDirectory = "/app/config";
export const assetsDirectory = "/app/assets";

/** A target of execution controllers, in Teraslice's own form. */
export interface ControllerTarget {
    readonly key: string;
    readonly value: string;
}

/** All that is decided about one cluster before any resource is registered. */
export interface Cluster {
    /** Teraslice's `name`, and the label app.kubernetes.io/instance of every pod of the cluster. */
    readonly name: string;
    readonly namespace: string;
    /** Names of the objects, by part. */
    readonly objects: {
        /** Deployment, Service, Secret and ServiceAccount of the master. */
        readonly master: string;
        /** ConfigMap of the jobs' pods. */
        readonly worker: string;
        readonly executionController: string;
        readonly jobDefaults: string;
        /** Claim for unpacked assets; undefined where each pod has its own. */
        readonly assetsClaim: string | undefined;
    };
    readonly image: string;
    /** The one pull secret that Teraslice can be told of. */
    readonly pullSecret: string | undefined;
    readonly priorityClass: string | undefined;
    readonly masterTargets: readonly Target[];
    readonly controllerTargets: readonly ControllerTarget[];
    readonly jobTargets: readonly Target[];
    /** URL of the API inside the Kubernetes cluster. */
    readonly url: string;
    readonly store: OpenSearchConnection;
    readonly settings: CheckedTerasliceSettings;
}

/**
 * What is wrong with a target set for execution controllers. Teraslice makes each of its targets a required node
 * affinity and a toleration (`_setExecutionControllerTargets` in kubernetesV2/k8sResource.ts, 3.18.0): a preference
 * can't be said, and an accepted target alone would keep controllers off every node without that label.
 */
export function controllerTargetFaults(targets: readonly Target[]): Omit<Fault, "path">[] {
    const required = targetsWith(targets, "required");
    return targets.flatMap((target): Omit<Fault, "path">[] => {
        const found = `${target.constraint} ${target.key}=${target.value}`;
        if (target.constraint === "preferred") {
            return [
                {
                    expected:
                        "a target set without preferred targets, which Teraslice can't express for execution controllers",
                    found,
                },
            ];
        }
        const paired = required.some(({ key, value }) => key === target.key && value === target.value);
        return target.constraint === "accepted" && !paired
            ? [
                  {
                      expected:
                          "a target set whose accepted targets are required too, since Teraslice requires every target of execution controllers",
                      found,
                  },
              ]
            : [];
    });
}

/** The targets in Teraslice's form: `required` and `accepted` of the same key and value are one. */
export function controllerTargets(targets: readonly Target[]): ControllerTarget[] {
    return targetsWith(targets, "required")
        .filter(
            ({ key, value }, index, all) =>
                all.findIndex((other) => other.key === key && other.value === value) === index,
        )
        .map(({ key, value }) => ({ key, value }));
}

/** Name of a cluster: prefix of its indices, and label of its pods. */
export function clusterName(
    environment: Environment,
    component: string,
    settings: Pick<CheckedTerasliceSettings, "name">,
): string {
    return settings.name ?? environmentName(environment, component);
}

/** When indices of a cluster are deleted: those that it begins anew again and again, where a retention is given. */
export function indexRetention(
    name: string,
    { indices }: Pick<CheckedTerasliceSettings, "indices">,
): { name: string; patterns: string[]; deleteAfter: string }[] {
    return (["analytics", "state"] as const).flatMap((kind) => {
        const { retention } = indices[kind];
        return retention === undefined
            ? []
            : [
                  {
                      // A policy's name knows fewer characters than a cluster's.
                      name: `${name.replace(/[._]/g, "-")}-${kind}`,
                      patterns: [`${name}__${kind}-*`],
                      deleteAfter: retention,
                  },
              ];
    });
}

/**
 * Decides names and references of a cluster.
 *
 * @throws SettingsFaults when the target set of the execution controllers can't be expressed.
 */
export function cluster(args: {
    readonly component: string;
    readonly foundation: Foundation;
    readonly namespace: string;
    readonly settings: CheckedTerasliceSettings;
    readonly store: OpenSearchConnection;
}): Cluster {
    const { component, foundation, namespace, settings, store } = args;
    const { environment, images } = foundation;
    const forControllers = targetsNamed(foundation, settings.executionControllerTargets);
    const faults = controllerTargetFaults(forControllers);
    if (faults.length > 0) {
        throw new SettingsFaults(
            component,
            faults.map((fault) => ({ path: "executionControllerTargets", ...fault })),
        );
    }
    const master = `${component}-master`;
    return {
        name: clusterName(environment, component, settings),
        namespace,
        objects: {
            master,
            worker: `${component}-worker`,
            executionController: `${component}-execution-controller`,
            jobDefaults: `${component}-job-defaults`,
            assetsClaim: settings.sharedAssets && (settings.sharedAssets.existingClaim ?? `${component}-assets`),
        },
        image: images.reference("teraslice"),
        // Pods with a pull secret of their own don't get those of the default ServiceAccount, and Teraslice can name
        // only one: with several it must name none.
        pullSecret: images.pullSecrets.length === 1 ? images.pullSecrets[0] : undefined,
        priorityClass: priorityNamed(foundation, settings.priority),
        masterTargets: targetsNamed(foundation, settings.targets),
        controllerTargets: controllerTargets(forControllers),
        jobTargets: targetsNamed(foundation, settings.jobDefaults.targets),
        url: `http://${master}.${namespace}.svc:${apiPort}`,
        store,
        settings,
    };
}

/** The master's `teraslice.yaml`: what it shares with the jobs, and what only the master reads. */
export function masterFile(given: Cluster): ConfigValue {
    const { settings, objects } = given;
    return {
        terafoundation: terafoundation(given),
        teraslice: {
            ...shared(given),
            master: true,
            // Not its own Service: that has no endpoint before the master is ready.
            master_hostname: "127.0.0.1",
            // In Kubernetes no process of the master works on slices.
            workers: 0,
            assets_volume: objects.assetsClaim,
            cpu: ifGiven(settings.workerResources.cpu, parseQuantity),
            memory: parseQuantity(settings.workerResources.memory),
            cpu_execution_controller: parseQuantity(settings.executionControllerResources.cpu),
            memory_execution_controller: parseQuantity(settings.executionControllerResources.memory),
            env_vars: settings.envVars,
            execution_controller_targets:
                given.controllerTargets.length > 0
                    ? given.controllerTargets.map(({ key, value }) => ({ key, value }))
                    : undefined,
            kubernetes_api_poll_delay: milliseconds(settings.timing.kubernetesApiPollDelay),
            kubernetes_config_map_name: objects.worker,
            kubernetes_image: given.image,
            kubernetes_image_pull_secret: given.pullSecret,
            kubernetes_namespace: given.namespace,
            kubernetes_overrides_enabled: settings.podSpecOverrides,
            kubernetes_priority_class_name: given.priorityClass,
            kubernetes_worker_antiaffinity: settings.workerAntiAffinity,
        },
    };
}

/** The `teraslice.yaml` of execution controllers and workers. */
export function workerFile(given: Cluster): ConfigValue {
    return {
        terafoundation: terafoundation(given),
        teraslice: { ...shared(given), master: false, master_hostname: given.objects.master },
    };
}

function terafoundation({ settings, store, url }: Cluster): ConfigValue {
    const { metrics } = settings;
    return {
        log_level: settings.logLevel,
        prom_metrics_enabled: metrics.enabled,
        prom_metrics_port: metrics.port,
        prom_metrics_add_default: metrics.addDefault,
        prom_metrics_display_url: metrics.displayUrl ?? url,
        connectors: connectorTree(settings.connectors, store),
    };
}

/** What both files must say alike: a difference would show only when a job fails. */
function shared(given: Cluster): Readonly<Record<string, ConfigValue>> {
    const { timing } = given.settings;
    return {
        // Teraslice's default, native, would start no pods; V1 `kubernetes` is gone since 2025-11.
        cluster_manager_type: "kubernetesV2",
        name: given.name,
        port: apiPort,
        assets_directory: assetsDirectory,
        ...assetStorage(given),
        state: { connection: stateConnection },
        index_settings: indexSettings(given),
        index_rollover_frequency: {
            analytics: given.settings.indices.analytics.rollover,
            state: given.settings.indices.state.rollover,
        },
        action_timeout: milliseconds(timing.actionTimeout),
        analytics_rate: milliseconds(timing.analyticsRate),
        api_response_timeout: milliseconds(timing.apiResponseTimeout),
        network_latency_buffer: milliseconds(timing.networkLatencyBuffer),
        node_disconnect_timeout: milliseconds(timing.nodeDisconnectTimeout),
        node_state_interval: milliseconds(timing.nodeStateInterval),
        shutdown_timeout: milliseconds(timing.shutdownTimeout),
        slicer_timeout: milliseconds(timing.slicerTimeout),
        worker_disconnect_timeout: milliseconds(timing.workerDisconnectTimeout),
    };
}

/** The bucket of the assets; Teraslice's own default, written down so that it can be seen and made beforehand. */
export function assetBucket(name: string, given: { readonly bucket?: string | undefined }): string {
    return given.bucket ?? `ts-assets-${name.replaceAll("_", "-")}`;
}

function assetStorage({ name, settings }: Cluster): Readonly<Record<string, ConfigValue>> {
    const storage = settings.assetStorage;
    return storage.type === "opensearch"
        ? { asset_storage_connection_type: "elasticsearch-next", asset_storage_connection: stateConnection }
        : {
              asset_storage_connection_type: "s3",
              asset_storage_connection: storage.connection,
              asset_storage_bucket: assetBucket(name, storage),
          };
}

function indexSettings({ settings, store }: Cluster): ConfigValue {
    const kinds = ["analytics", "assets", "execution", "jobs", "state"] as const;
    return Object.fromEntries(
        kinds.map((kind) => [
            kind,
            {
                number_of_shards: settings.indices[kind].shards ?? (store.singleNode ? 1 : 5),
                number_of_replicas: settings.indices[kind].replicas ?? (store.singleNode ? 0 : 1),
            },
        ]),
    );
}
