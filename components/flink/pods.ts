import type { types } from "@pulumi/kubernetes";
import { stringify } from "yaml";
import type { Access } from "../foundation/access";
import type { Foundation } from "../foundation/environment";
import { objectLabels } from "../foundation/labels";
import { podPlacement } from "../foundation/placement";
import { type Container, type Mount, type Pod, podTemplate, type Scratch } from "../foundation/pods";
import { mebibytes } from "../foundation/quantity";
import { pluginDirectories, plainVariables, secretVariables } from "./config";
import { logSize } from "./log4j";
import {
    configMapName,
    files,
    graceSeconds,
    mainContainer,
    type Part,
    partLabels,
    paths,
    podTemplateMapName,
    ports,
    type Session,
    taskManagerSpread,
    user,
} from "./session";

type EnvVar = types.input.core.v1.EnvVar;
type Volume = types.input.core.v1.Volume;

/** Names of volumes as Flink gives them (Constants.FLINK_CONF_VOLUME, .POD_TEMPLATE_VOLUME). */
const volumes = { config: "flink-config-volume", podTemplate: "pod-template-volume" } as const;

/** A link of each plugin; nothing else is written there. */
const pluginSize = 1;
/** Local storage that stays free of scratch volumes: what the kubelet keeps of a container's own output. */
const storageBesideScratch = 64;

/** Startup may take as long as a slow pull of classes and a lost leader's lease: five minutes. */
const startPeriod = 5;
const startFailures = 60;
/** Seconds that a JobManager may take until it is ready. */
export const startSeconds = startPeriod * startFailures;

/** The JobManager's arguments: exactly what the session client would write (KubernetesSessionCli, CmdJobManagerDecorator). */
const nativeArguments = ["bash", "-c", "kubernetes-jobmanager.sh kubernetes-session "];

/** The entry point of the image (kubernetes.entry.path): it links plugins, sets the allocator, and runs its arguments. */
const entryPoint = ["/docker-entrypoint.sh"];

/** The JobManager's pod. */
export function jobManagerPod(session: Session, hashes: readonly string[]): Pod {
    const { settings } = session;
    const native = settings.mode.kind === "native";
    const answers = (path: string) => ({ httpGet: { path, port: "rest" }, timeoutSeconds: 5 });
    return {
        containers: [
            {
                ...mainPart(session, settings.jobManager.resources),
                command: entryPoint,
                args: native ? nativeArguments : standaloneArguments(session),
                env: [
                    // With high availability the JobManager puts it into the place of its own address, or ends without it.
                    { name: "_POD_IP_ADDRESS", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
                    ...variables(session),
                ],
                ports: {
                    rest: ports.rest,
                    "jobmanager-rpc": ports.rpc,
                    blobserver: ports.blob,
                    ...metricsPort(session),
                },
                mounts: [
                    ...mounts(session),
                    ...(native ? [{ volume: volumes.podTemplate, path: paths.podTemplate, readOnly: true }] : []),
                ],
                // The page's configuration is there as soon as the server is; the overview asks the leader.
                startupProbe: { ...answers("/config"), periodSeconds: startPeriod, failureThreshold: startFailures },
                readinessProbe: { ...answers("/overview"), periodSeconds: 10, failureThreshold: 3 },
                livenessProbe: {
                    tcpSocket: { port: "jobmanager-rpc" },
                    timeoutSeconds: 5,
                    periodSeconds: 30,
                    failureThreshold: 5,
                },
            },
        ],
        user,
        volumes: [
            ...podVolumes(session),
            ...(native
                ? [
                      {
                          name: volumes.podTemplate,
                          configMap: {
                              name: podTemplateMapName(session.id),
                              items: [{ key: files.podTemplate, path: files.podTemplate }],
                          },
                      },
                  ]
                : []),
        ],
        scratch: scratch(session, settings.jobManager.resources.ephemeralStorage),
        gracePeriodSeconds: graceSeconds(settings),
        configHashes: hashes,
    };
}

/** With high availability each JobManager is reached by its own address; without, by the Service's name in the file. */
function standaloneArguments({ settings }: Session): string[] {
    return ["jobmanager", ...(settings.highAvailability.kind === "none" ? [] : ["$(_POD_IP_ADDRESS)"])];
}

/** The pod of a TaskManager in mode standalone. */
export function taskManagerPod(session: Session, hashes: readonly string[]): Pod {
    const { settings } = session;
    return {
        containers: [
            {
                ...taskManagerContainer(session),
                command: entryPoint,
                args: ["taskmanager"],
                env: variables(session),
                ports: { "taskmanager-rpc": ports.taskRpc, data: ports.taskData, ...metricsPort(session) },
                mounts: mounts(session),
                readinessProbe: { tcpSocket: { port: ports.taskRpc }, timeoutSeconds: 5, periodSeconds: 10 },
            },
        ],
        user,
        volumes: podVolumes(session),
        scratch: scratch(session, settings.taskManager.resources.ephemeralStorage),
        gracePeriodSeconds: graceSeconds(settings),
        configHashes: hashes,
        annotations: taskManagerAnnotations(session),
    };
}

/** What a TaskManager's container has in both modes. Its port opens when it has registered its services. */
function taskManagerContainer(session: Session): Container {
    const alive = { tcpSocket: { port: ports.taskRpc }, timeoutSeconds: 5 };
    return {
        ...mainPart(session, session.settings.taskManager.resources),
        startupProbe: { ...alive, periodSeconds: 10, failureThreshold: 60 },
        livenessProbe: { ...alive, periodSeconds: 30, failureThreshold: 5 },
    };
}

/**
 * The template of the pods that the JobManager makes, as YAML. Flink gives each its name, owner, labels, command,
 * variables, configuration, CPU and memory; it never starts one again (restartPolicy Never).
 */
export function podTemplateText(session: Session, foundation: Foundation, access: Access): string {
    const { settings, taskManagerTargets } = session;
    const identity = sessionIdentity(session, "taskmanager");
    const selector = partLabels(session, "taskmanager");
    const { metadata, spec } = podTemplate({
        foundation,
        access,
        labels: { ...settings.taskManager.labels, ...objectLabels(foundation.environment, identity) },
        pod: {
            containers: [
                {
                    ...taskManagerContainer(session),
                    // Flink adds the port of its own RPC.
                    ports: { data: ports.taskData, ...metricsPort(session) },
                },
            ],
            user,
            scratch: scratch(session, settings.taskManager.resources.ephemeralStorage),
            gracePeriodSeconds: graceSeconds(settings),
            annotations: taskManagerAnnotations(session),
        },
        priorityClassName: session.taskManagerPriority,
        placement: podPlacement({
            targets: taskManagerTargets,
            spread: taskManagerSpread(settings),
            tier: foundation.environment.tier,
            // However many there are at first: the JobManager adds more.
            several: true,
            selector,
        }),
    });
    const named = Object.assign({ name: "taskmanager-template" }, metadata);
    return stringify(
        { apiVersion: "v1", kind: "Pod", metadata: named, spec },
        // An alias for what two fields share is valid YAML, but nothing that a person wants to read.
        { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false },
    );
}

/** Whose the objects of a part are. */
export function sessionIdentity({ id }: Pick<Session, "id">, component: Part | "session") {
    return { name: "flink", instance: id, component };
}

function taskManagerAnnotations({ settings: { taskManager } }: Session): Record<string, string> {
    const { annotations, evictable } = taskManager;
    // An autoscaler that empties a node would restart every job with a task there.
    return evictable ? annotations : { ...annotations, "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" };
}

function mainPart({ image }: Session, resources: Container["resources"]): Container {
    return { name: mainContainer, image, resources };
}

function metricsPort({ settings }: Session): Record<string, number> {
    return settings.metrics.enabled ? { metrics: ports.metrics } : {};
}

function variables(session: Session): EnvVar[] {
    return [
        ...secretVariables(session.settings).map(({ name, secretName, key }) => ({
            name,
            valueFrom: { secretKeyRef: { name: secretName, key } },
        })),
        ...plainVariables(session),
    ];
}

function mounts({ settings }: Session): Mount[] {
    return [
        { volume: volumes.config, path: paths.config, readOnly: true },
        ...Object.entries(settings.secretFiles).map(([name, path]) => ({
            volume: secretVolume(name),
            path,
            readOnly: true,
        })),
    ];
}

/** As Flink names the volumes of its own pods (MountSecretsDecorator), so that one name fits both. */
function secretVolume(secretName: string): string {
    return `${secretName}-volume`;
}

function podVolumes({ id, settings }: Session): Volume[] {
    return [
        {
            name: volumes.config,
            configMap: {
                name: configMapName(id),
                items: [files.config, files.log].map((key) => ({ key, path: key })),
            },
        },
        ...Object.keys(settings.secretFiles).map((secretName) => ({
            name: secretVolume(secretName),
            secret: { secretName, defaultMode: 0o440 },
        })),
    ];
}

/** The root can't be written: Java's temporary files, spilled data and uploads, the log, and links of plugins. */
function scratch(session: Session, ephemeralStorage: string): Scratch[] {
    const plugins = pluginDirectories(session);
    const temporary =
        mebibytes(ephemeralStorage) - mebibytes(logSize) - plugins.length * pluginSize - storageBesideScratch;
    return [
        { volume: "tmp", path: paths.temporary, sizeLimit: `${temporary}Mi` },
        { volume: "log", path: paths.log, sizeLimit: logSize },
        ...plugins.map((path, index) => ({ volume: `plugin-${index}`, path, sizeLimit: `${pluginSize}Mi` })),
    ];
}
