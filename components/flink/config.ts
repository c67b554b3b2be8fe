import { yaml } from "../foundation/configFiles";
import { mebibytes, parseQuantity } from "../foundation/quantity";
import { cpuLimitOf, type Resources } from "../foundation/resources";
import { targetsWith } from "../foundation/placement";
import { milliseconds } from "../foundation/values";
import { overlaps } from "./keys";
import { paths, ports, type Session, taskManagerName } from "./session";

/** Flat keys of config.yaml with their values; undefined where a key is left out. */
export type ConfigEntries = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * What Java 17 keeps closed and Flink opens. The image's own config.yaml has it, but the mount hides that one
 * (flink-kubernetes-operator, the list of its default configuration for Java 17).
 */
const exported = ["java.base/sun.net.util", "java.rmi/sun.rmi.registry", "java.security.jgss/sun.security.krb5"];
const opened = [
    ...["lang", "net", "io", "nio", "lang.reflect", "text", "time", "util"].map((each) => `java.base/java.${each}`),
    "java.base/sun.nio.ch",
    ...["concurrent", "concurrent.atomic", "concurrent.locks"].map((each) => `java.base/java.util.${each}`),
];

/** Arguments of every Java process of a session. */
export const javaOptions = [
    ...exported.map((each) => `--add-exports=${each}=ALL-UNNAMED`),
    ...opened.map((each) => `--add-opens=${each}=ALL-UNNAMED`),
].join(" ");

/** Text of config.yaml: flat keys, sorted, as Flink 2 reads them. */
export function configText(session: Session): string {
    return yaml(configEntries(session));
}

/**
 * All keys of a session's configuration, for JobManagers and TaskManagers alike. What the session client would add
 * (KubernetesClusterDescriptor.deployClusterInternal) is here too, since no client runs.
 *
 * @throws Error when a key is the beginning of another, which the settings' own check excludes.
 */
export function configEntries(session: Session): Readonly<Record<string, string | number | boolean>> {
    const { config } = session.settings;
    const own = given({
        ...clusterKeys(session),
        ...nativeKeys(session),
        ...memoryKeys(session),
        ...availabilityKeys(session),
        ...checkpointKeys(session),
        ...storeKeys(session),
        ...otherKeys(session),
    });
    const twice = [...overlaps([...Object.keys(own), ...Object.keys(config)])].map((pair) => pair.join(" and "));
    if (twice.length > 0) {
        throw new Error(`keys of config.yaml that overlap: ${twice.join("; ")}`);
    }
    return { ...config, ...own };
}

function given(entries: ConfigEntries): Record<string, string | number | boolean> {
    return Object.fromEntries(
        Object.entries(entries).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined),
    );
}

/** Who and where the cluster is. A bind address of localhost, as in the stock file, would cut it off. */
function clusterKeys({ id, namespace, settings }: Session): ConfigEntries {
    const alone = settings.highAvailability.kind === "none";
    return {
        "jobmanager.rpc.address": alone ? `${id}.${namespace}` : undefined,
        "jobmanager.rpc.port": ports.rpc,
        "jobmanager.bind-host": "0.0.0.0",
        "blob.server.port": ports.blob,
        "rest.port": ports.rest,
        "rest.bind-port": ports.rest,
        "rest.bind-address": "0.0.0.0",
        "taskmanager.rpc.port": ports.taskRpc,
        "taskmanager.bind-host": "0.0.0.0",
        "taskmanager.data.port": ports.taskData,
        "taskmanager.data.bind-port": ports.taskData,
    };
}

/** What the JobManager makes TaskManagers from, and what the session client would have written. */
function nativeKeys(session: Session): ConfigEntries {
    const { id, namespace, image, settings, taskManagerTargets } = session;
    const { jobManager, taskManager, mode, rest, secretFiles } = settings;
    if (mode.kind !== "native") {
        return {};
    }
    const required = targetsWith(taskManagerTargets, "required");
    return {
        "execution.target": "kubernetes-session",
        "internal.cluster.execution-mode": "NORMAL",
        "kubernetes.internal.jobmanager.entrypoint.class":
            "org.apache.flink.kubernetes.entrypoint.KubernetesSessionClusterEntrypoint",
        "kubernetes.cluster-id": id,
        "kubernetes.namespace": namespace,
        "kubernetes.container.image.ref": image,
        "kubernetes.container.image.pull-policy": "IfNotPresent",
        "kubernetes.jobmanager.service-account": id,
        "kubernetes.jobmanager.replicas": jobManager.replicas,
        "kubernetes.jobmanager.cpu.amount": parseQuantity(jobManager.resources.cpu),
        "kubernetes.jobmanager.cpu.limit-factor": limitFactor(jobManager.resources),
        "kubernetes.taskmanager.service-account": taskManagerName(id),
        "kubernetes.taskmanager.cpu.amount": parseQuantity(taskManager.resources.cpu),
        "kubernetes.taskmanager.cpu.limit-factor": limitFactor(taskManager.resources),
        // The template's node affinity says the same, but Flink replaces it where it blocks nodes.
        "kubernetes.taskmanager.node-selector": joined(
            required.map(({ key, value }) => `${key}:${value}`),
            ",",
        ),
        "kubernetes.rest-service.exposed.type": exposedTypes[rest.kind],
        "kubernetes.rest-service.exposed.node-port-address-type":
            rest.kind === "nodePort" ? rest.nodeAddress : undefined,
        "kubernetes.secrets": joined(
            Object.entries(secretFiles).map(([name, path]) => `${name}:${path}`),
            ",",
        ),
        "kubernetes.env.secretKeyRef": joined(
            secretVariables(settings).map(({ name, secretName, key }) => `env:${name},secret:${secretName},key:${key}`),
            ";",
        ),
        ...Object.fromEntries(
            plainVariables(session).flatMap(({ name, value }) => [
                [`containerized.master.env.${name}`, value],
                [`containerized.taskmanager.env.${name}`, value],
            ]),
        ),
        "kubernetes.client.io-pool.size": mode.apiThreads,
        "slotmanager.number-of-slots.min": mode.least * taskManager.slots,
        "slotmanager.number-of-slots.max": mode.most * taskManager.slots,
        "slotmanager.redundant-taskmanager-num": mode.redundant,
        "resourcemanager.taskmanager-timeout": time(mode.idleTimeout),
        "resourcemanager.taskmanager-registration.timeout": time(mode.registrationTimeout),
        "resourcemanager.previous-worker.recovery.timeout": time(mode.recoveryTimeout),
        "resourcemanager.start-worker.max-failure-rate": mode.startFailureRate,
        "resourcemanager.start-worker.retry-interval": time(mode.startRetryInterval),
    };
}

/** Flink's names of the ways to reach the REST API (KubernetesConfigOptions.ServiceExposedType). */
export const exposedTypes = {
    clusterIP: "ClusterIP",
    nodePort: "NodePort",
    loadBalancer: "LoadBalancer",
    headless: "Headless_ClusterIP",
} as const;

function memoryKeys({ settings: { jobManager, taskManager } }: Session): ConfigEntries {
    const overhead = taskManager.overhead === undefined ? undefined : memory(taskManager.overhead);
    return {
        "jobmanager.memory.process.size": memory(jobManager.resources.memory),
        "jobmanager.memory.jvm-metaspace.size": memory(jobManager.metaspace),
        "taskmanager.memory.process.size": memory(taskManager.resources.memory),
        "taskmanager.memory.jvm-metaspace.size": memory(taskManager.metaspace),
        "taskmanager.memory.managed.fraction": taskManager.managedFraction,
        // Least and most alike: Flink takes a share of the whole and cuts it to these bounds.
        "taskmanager.memory.jvm-overhead.min": overhead,
        "taskmanager.memory.jvm-overhead.max": overhead,
        "taskmanager.numberOfTaskSlots": taskManager.slots,
    };
}

function availabilityKeys({ id, settings: { highAvailability: given }, zookeeper }: Session): ConfigEntries {
    if (given.kind === "none") {
        return { "high-availability.type": "NONE" };
    }
    const common = {
        "high-availability.type": given.kind,
        "high-availability.storageDir": given.storageDir,
        "high-availability.cluster-id": id,
        "high-availability.jobmanager.port": ports.rpc,
    };
    if (given.kind === "kubernetes") {
        const election = "high-availability.kubernetes.leader-election";
        return {
            ...common,
            [`${election}.lease-duration`]: time(given.leaseDuration),
            [`${election}.renew-deadline`]: time(given.renewDeadline),
            [`${election}.retry-period`]: time(given.retryPeriod),
            "kubernetes.transactional-operation.max-retries": given.retries,
        };
    }
    const [quorum = "", ...chroot] = (zookeeper?.connectionString ?? "").split("/");
    return {
        ...common,
        "high-availability.zookeeper.quorum": quorum,
        // Flink knows no path in the quorum's text.
        "high-availability.zookeeper.path.root": [...chroot.map((part) => `/${part}`), given.root].join(""),
        "high-availability.zookeeper.client.session-timeout": time(given.sessionTimeout),
        "high-availability.zookeeper.client.connection-timeout": time(given.connectionTimeout),
        "high-availability.zookeeper.client.tolerate-suspended-connections": given.tolerateSuspended,
    };
}

function checkpointKeys({ settings: { checkpointing } }: Session): ConfigEntries {
    if (checkpointing === undefined) {
        return {};
    }
    const prefix = "execution.checkpointing";
    return {
        "state.backend.type": checkpointing.backend,
        [`${prefix}.dir`]: checkpointing.directory,
        [`${prefix}.savepoint-dir`]: checkpointing.savepointDirectory,
        [`${prefix}.interval`]: time(checkpointing.interval),
        [`${prefix}.timeout`]: time(checkpointing.timeout),
        [`${prefix}.min-pause`]: time(checkpointing.minPause),
        [`${prefix}.num-retained`]: checkpointing.retained,
        [`${prefix}.incremental`]: checkpointing.incremental,
        [`${prefix}.unaligned.enabled`]: checkpointing.unaligned,
        [`${prefix}.externalized-checkpoint-retention`]:
            checkpointing.onCancel === "retain" ? "RETAIN_ON_CANCELLATION" : "DELETE_ON_CANCELLATION",
    };
}

function storeKeys({ settings: { s3, plugins } }: Session): ConfigEntries {
    if (s3 === undefined) {
        return {};
    }
    return {
        "s3.endpoint": s3.endpoint,
        "s3.path.style.access": s3.addressing === "path",
        // Presto would ask the node for its role before it looks into the environment (PrestoS3FileSystem, 0.272).
        "presto.s3.use-instance-credentials":
            s3.credentials !== undefined && plugins.includes("s3-fs-presto") ? false : undefined,
    };
}

function otherKeys({ settings: { slotRequestTimeout, stopTimeout, web, metrics } }: Session): ConfigEntries {
    return {
        "slot.request.timeout": time(slotRequestTimeout),
        "cluster.services.shutdown-timeout": time(stopTimeout),
        "web.submit.enable": web.submit,
        "web.cancel.enable": web.cancel,
        "env.java.default-opts.all": javaOptions,
        "metrics.reporter.prom.factory.class": metrics.enabled
            ? "org.apache.flink.metrics.prometheus.PrometheusReporterFactory"
            : undefined,
        "metrics.reporter.prom.port": metrics.enabled ? ports.metrics : undefined,
    };
}

/** A plain environment variable. */
export interface Variable {
    readonly name: string;
    readonly value: string;
}

/** A variable from a key of a Secret. */
export interface SecretVariable {
    readonly name: string;
    readonly secretName: string;
    readonly key: string;
}

/** Plain variables of JobManagers and TaskManagers: the settings' own, and the plugins that the entry point links. */
export function plainVariables({ settings: { env, plugins, s3 }, release }: Session): Variable[] {
    const jars = plugins.map((name) => `flink-${name}-${release}.jar`);
    return [
        ...(jars.length === 0 ? [] : [{ name: "ENABLE_BUILT_IN_PLUGINS", value: jars.join(";") }]),
        ...(s3?.region === undefined ? [] : [{ name: "AWS_REGION", value: s3.region }]),
        ...Object.entries(env).map(([name, value]) => ({ name, value })),
    ];
}

/** Variables from Secrets: the settings' own, and the access key of the store. */
export function secretVariables({ secretEnv, s3 }: Session["settings"]): SecretVariable[] {
    const credentials = s3?.credentials;
    const ofStore =
        credentials === undefined
            ? []
            : [
                  { name: "AWS_ACCESS_KEY_ID", key: credentials.accessKeyIdKey },
                  { name: "AWS_SECRET_ACCESS_KEY", key: credentials.secretAccessKeyKey },
              ].map((each) => ({ ...each, secretName: credentials.secretName }));
    return [...ofStore, ...Object.entries(secretEnv).map(([name, reference]) => ({ name, ...reference }))];
}

/** Directories of the plugins, which the entry point makes and links a jar into. */
export function pluginDirectories({ settings, release }: Session): string[] {
    return settings.plugins.map((name) => `${paths.plugins}/flink-${name}-${release}`);
}

/** Sizes in Flink's words; its m is a mebibyte. */
function memory(quantity: string): string {
    return `${mebibytes(quantity)}m`;
}

/** The coarsest of Flink's units that a time is a whole number of. */
function time(given: string): string {
    const amount = milliseconds(given);
    const [unit, size] = units.find(([, each]) => amount > 0 && amount % each === 0) ?? ["ms", 1];
    return `${amount / size} ${unit}`;
}

const units: readonly (readonly [string, number])[] = [
    ["h", 3600e3],
    ["min", 60e3],
    ["s", 1e3],
];

function limitFactor(resources: Resources): number {
    return parseQuantity(cpuLimitOf(resources)) / parseQuantity(resources.cpu);
}

function joined(entries: readonly string[], delimiter: string): string | undefined {
    return entries.length === 0 ? undefined : entries.join(delimiter);
}
