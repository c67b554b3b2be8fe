import { type Foundation, serviceHost, targetsNamed } from "../foundation/environment";
import { SettingsFaults } from "../foundation/faults";
import type { Labels } from "../foundation/labels";
import type { Spread, Target } from "../foundation/placement";
import { priorityNamed } from "../foundation/priorityClasses";
import { seconds } from "../foundation/values";
import { externalZooKeeper, type ZooKeeperConnection } from "../zookeeper/connection";
import { type CheckedFlinkSessionSettings, clusterIdName } from "./schema";
import { imageFaults, releaseOf } from "./storage";

/**
 * Ports of a session: Flink's defaults where it has fixed ones (KubernetesSessionCli fixes 0 to these), and the port of
 * the TaskManagers' data, which would be a random one (taskmanager.data.port 0) that no network policy could name.
 */
export const ports = { rest: 8081, rpc: 6123, blob: 6124, taskRpc: 6122, taskData: 6121, metrics: 9249 } as const;

/** User and group of the image (Dockerfile of flink-docker, 2.2/scala_2.12-java17-ubuntu: uid and gid 9999). */
export const user = 9999;

/** Name of the container that Flink fills in pods that it makes (Constants.MAIN_CONTAINER_NAME). */
export const mainContainer = "flink-main-container";

/** Directories of the image, and what Flink expects in them. */
export const paths = {
    config: "/opt/flink/conf",
    log: "/opt/flink/log",
    plugins: "/opt/flink/plugins",
    /** Where the JobManager looks for the template of its TaskManagers (Constants.POD_TEMPLATE_DIR_IN_POD). */
    podTemplate: "/opt/flink/pod-template",
    temporary: "/tmp",
} as const;

/** Names of the files of the configuration and of the template, which Flink's code has too. */
export const files = {
    config: "config.yaml",
    log: "log4j-console.properties",
    podTemplate: "taskmanager-pod-template.yaml",
} as const;

/** Part of a session whose pods are told from the others'. */
export type Part = "jobmanager" | "taskmanager";

/** Everything about a session that its files, pods and policies need, as plain values. */
export interface Session {
    /** The component's name: beginning of the names of its resources. */
    readonly component: string;
    /** `kubernetes.cluster-id`: name of the Deployment, and beginning of the names of its objects. */
    readonly id: string;
    readonly namespace: string;
    /** Image of JobManagers and TaskManagers alike: two releases do not understand each other. */
    readonly image: string;
    /** Release of Flink in it. */
    readonly release: string;
    readonly settings: CheckedFlinkSessionSettings;
    readonly jobManagerTargets: readonly Target[];
    readonly taskManagerTargets: readonly Target[];
    readonly jobManagerPriority: string | undefined;
    readonly taskManagerPriority: string | undefined;
    /** The ensemble; only with high availability by ZooKeeper. */
    readonly zookeeper: ZooKeeperConnection | undefined;
    /** Address of the REST API inside the cluster. */
    readonly url: string;
}

/** Flink's name of a session. */
function clusterIdOf(component: string, settings: Pick<CheckedFlinkSessionSettings, "clusterId">): string {
    return settings.clusterId ?? component;
}

/** Name of the Service of the REST API, which Flink's clients expect (ExternalServiceDecorator). */
export function restService(id: string): string {
    return `${id}-rest`;
}

/** Name of the ConfigMap that TaskManagers mount, derived from the id by Flink (Constants.CONFIG_MAP_PREFIX). */
export function configMapName(id: string): string {
    return `flink-config-${id}`;
}

/** Name of the ConfigMap with the template (Constants.POD_TEMPLATE_CONFIG_MAP_PREFIX). */
export function podTemplateMapName(id: string): string {
    return `pod-template-${id}`;
}

/** Name of the TaskManagers' account, policy and, in mode standalone, set. */
export function taskManagerName(id: string): string {
    return `${id}-taskmanager`;
}

/**
 * Labels by which Flink finds the pods of a part, which therefore select them here too (Constants.LABEL_…). The type
 * keeps the pods of a standalone session from being taken for workers of a native one.
 */
export function partLabels({ id, settings }: Pick<Session, "id" | "settings">, part: Part): Labels {
    return { app: id, type: `flink-${settings.mode.kind}-kubernetes`, component: part };
}

/** How TaskManagers keep apart: more of them than nodes must find room, unless the settings say otherwise. */
export function taskManagerSpread({ taskManager }: CheckedFlinkSessionSettings): Spread {
    return { ...taskManager.spread, hosts: taskManager.spread?.hosts ?? "preferred" };
}

/** Seconds that a part's pods may take to stop: its services' time, and that of the process itself. */
export function graceSeconds({ stopTimeout }: CheckedFlinkSessionSettings): number {
    return seconds(stopTimeout) + 30;
}

/**
 * The plain values of a session.
 *
 * @throws SettingsFaults when the settings do not go with the rest of the stack.
 */
export function session(args: {
    readonly component: string;
    readonly foundation: Foundation;
    readonly namespace: string;
    readonly settings: CheckedFlinkSessionSettings;
    readonly zookeeper?: ZooKeeperConnection | undefined;
}): Session {
    const { component, foundation, namespace, settings } = args;
    const { jobManager, taskManager } = settings;
    const id = clusterIdOf(component, settings);
    const image = foundation.images.reference("flink");
    const zookeeper = ensembleOf(settings, args.zookeeper);
    const idFault = clusterIdName().safeParse(id).error?.issues[0]?.message;
    const faults = [
        ...(idFault === undefined ? [] : [{ path: "clusterId", expected: idFault, found: JSON.stringify(id) }]),
        ...imageFaults(image).map((fault) => ({ path: "image", ...fault })),
        ...ensembleFaults(settings, zookeeper).map((fault) => ({ path: "highAvailability.ensemble", ...fault })),
    ];
    if (faults.length > 0) {
        throw new SettingsFaults(component, faults);
    }
    return {
        component,
        id,
        namespace,
        image,
        release: releaseOf(image) ?? "",
        settings,
        jobManagerTargets: targetsNamed(foundation, jobManager.targets),
        taskManagerTargets: targetsNamed(foundation, taskManager.targets),
        jobManagerPriority: priorityNamed(foundation, jobManager.priority),
        taskManagerPriority: priorityNamed(foundation, taskManager.priority),
        zookeeper,
        url: `http://${serviceHost(foundation, restService(id), namespace)}:${ports.rest}`,
    };
}

function ensembleOf(
    { highAvailability }: CheckedFlinkSessionSettings,
    shared: ZooKeeperConnection | undefined,
): ZooKeeperConnection | undefined {
    if (highAvailability.kind !== "zookeeper") {
        return undefined;
    }
    const { ensemble } = highAvailability;
    return ensemble.kind === "shared" ? shared : externalZooKeeper(ensemble);
}

/** What is wrong with an ensemble for Flink, whose client has neither certificates nor logins here. */
function ensembleFaults(
    { highAvailability }: CheckedFlinkSessionSettings,
    zookeeper: ZooKeeperConnection | undefined,
): readonly { readonly expected: string; readonly found: string }[] {
    if (highAvailability.kind !== "zookeeper") {
        return [];
    }
    if (zookeeper === undefined) {
        return [{ expected: "the stack's ZooKeeper, or an external one", found: "none" }];
    }
    return [
        ...(zookeeper.tls?.required === true
            ? [{ expected: "an ensemble with a port without TLS", found: "one where TLS is required" }]
            : []),
        ...(zookeeper.authentication?.required === true
            ? [{ expected: "an ensemble that serves clients without a login", found: "one where a login is required" }]
            : []),
    ];
}
