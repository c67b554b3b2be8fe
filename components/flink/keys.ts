/*
 * Which configuration keys of Flink are whose. The keys of the free part of a session's configuration must be none of
 * the program's own: config.yaml knows no second value, and what the pods are made of would contradict it.
 */

/** Keys and groups of keys (ending in a dot) that the program decides, each with the setting to use, or the reason. */
export const ownedKeys: Readonly<Record<string, string>> = {
    "internal.": "they are Flink's own",
    "kubernetes.": "see the settings of the session",
    "containerized.": "see env and secretEnv",
    "high-availability": "see highAvailability",
    "high-availability.": "see highAvailability",
    "execution.target": "it is a session",
    "execution.attached": "it is a session",
    "execution.checkpointing.interval": "see checkpointing.interval",
    "execution.checkpointing.timeout": "see checkpointing.timeout",
    "execution.checkpointing.min-pause": "see checkpointing.minPause",
    "execution.checkpointing.dir": "see checkpointing.directory",
    "execution.checkpointing.savepoint-dir": "see checkpointing.savepointDirectory",
    "execution.checkpointing.num-retained": "see checkpointing.retained",
    "execution.checkpointing.incremental": "see checkpointing.incremental",
    "execution.checkpointing.unaligned.enabled": "see checkpointing.unaligned",
    "execution.checkpointing.externalized-checkpoint-retention": "see checkpointing.onCancel",
    "state.backend.type": "see checkpointing.backend",
    "state.checkpoints.dir": "see checkpointing.directory",
    "state.savepoints.dir": "see checkpointing.savepointDirectory",
    "jobmanager.rpc.": "pods and policies rely on them",
    "jobmanager.bind-host": "pods and policies rely on it",
    "jobmanager.memory.process.size": "see jobManager.resources.memory",
    "jobmanager.memory.flink.size": "see jobManager.resources.memory",
    "jobmanager.memory.jvm-metaspace.size": "see jobManager.metaspace",
    "blob.server.port": "pods and policies rely on it",
    "taskmanager.rpc.": "pods and policies rely on them",
    "taskmanager.data.port": "pods and policies rely on it",
    "taskmanager.data.bind-port": "pods and policies rely on it",
    "taskmanager.bind-host": "pods and policies rely on it",
    "taskmanager.host": "pods and policies rely on it",
    "taskmanager.resource-id": "Flink names its TaskManagers",
    "taskmanager.numberOfTaskSlots": "see taskManager.slots",
    "taskmanager.memory.process.size": "see taskManager.resources.memory",
    "taskmanager.memory.flink.size": "see taskManager.resources.memory",
    "taskmanager.memory.managed.fraction": "see taskManager.managedFraction",
    "taskmanager.memory.managed.size": "see taskManager.managedFraction",
    "taskmanager.memory.jvm-metaspace.size": "see taskManager.metaspace",
    "taskmanager.memory.jvm-overhead.": "see taskManager.overhead",
    "rest.port": "pods and policies rely on it",
    "rest.address": "pods and policies rely on it",
    "rest.bind-": "pods and policies rely on it",
    "web.submit.enable": "see web.submit",
    "web.cancel.enable": "see web.cancel",
    "slotmanager.number-of-slots.": "see mode.least and mode.most",
    "slotmanager.redundant-taskmanager-num": "see mode.redundant",
    "slot.request.timeout": "see slotRequestTimeout",
    "resourcemanager.taskmanager-timeout": "see mode.idleTimeout",
    "resourcemanager.taskmanager-registration.timeout": "see mode.registrationTimeout",
    "resourcemanager.previous-worker.recovery.timeout": "see mode.recoveryTimeout",
    "resourcemanager.start-worker.": "see mode.startFailureRate and mode.startRetryInterval",
    "cluster.services.shutdown-timeout": "see stopTimeout",
    "metrics.reporters": "see metrics",
    "metrics.reporter.prom.": "see metrics",
    "env.java.default-opts.": "the image's Java needs them; env.java.opts.all is yours",
    "env.java.opts": "env.java.opts.all is yours",
    "env.log.": "the log directory is a volume",
    "io.tmp.dirs": "the scratch volume is /tmp",
    "process.working-dir": "the scratch volume is /tmp",
    "web.tmpdir": "the scratch volume is /tmp",
    "web.upload.dir": "the scratch volume is /tmp",
    "s3.": "see s3",
    "s3a.": "see s3",
    "fs.s3a.": "see s3",
    "presto.s3.": "see s3",
    "security.ssl.": "they need passwords, which a ConfigMap must not hold",
    "zookeeper.sasl.": "it logs in nowhere",
};

/** Parts of keys whose values Flink itself hides (GlobalConfiguration.SENSITIVE_KEYS, 2.2.1), and access keys. */
const secretParts = [
    "password",
    "secret",
    "fs.azure.account.key",
    "apikey",
    "api-key",
    "auth-params",
    "service-key",
    "token",
    "basic-auth",
    "jaas.config",
    "http-headers",
    "access-key",
    "access.key",
];

/** Whether what stands under a key is likely to be secret. */
export function isSecretKey(key: string): boolean {
    return secretParts.some((part) => key.toLowerCase().includes(part));
}

/** Why a key is the program's own; undefined for a key that is free. */
export function ownerOf(key: string): string | undefined {
    const owner = Object.keys(ownedKeys).find(
        (owned) => key === owned || (/[.-]$/.test(owned) && key.startsWith(owned)),
    );
    return owner === undefined ? undefined : ownedKeys[owner];
}

/**
 * Pairs of keys of which one is the beginning of the other, part by part. config.yaml is a tree (Flink 2.x): a key that
 * has a value has no keys below it.
 */
export function overlaps(keys: readonly string[]): readonly (readonly [shorter: string, longer: string])[] {
    const known = new Set(keys);
    return keys.flatMap((longer) =>
        beginnings(longer)
            .filter((shorter) => known.has(shorter))
            .map((shorter) => [shorter, longer] as const),
    );
}

function beginnings(key: string): string[] {
    const parts = key.split(".");
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("."));
}

/** Keys of Flink 1.x that 2.x has renamed: they would be ignored, or overlap with their successors. */
export const renamedKeys: Readonly<Record<string, string>> = {
    "restart-strategy": "restart-strategy.type",
    "state.backend": "checkpointing.backend",
    "state.backend.incremental": "checkpointing.incremental",
};

/** What a key of the free part should be instead: ends "a key that is …"; undefined if nothing is wrong with it. */
export function freeKeyFault(key: string): string | undefined {
    const renamed = renamedKeys[key];
    if (renamed !== undefined) {
        return `one of Flink 2 (there it is ${renamed})`;
    }
    const owner = ownerOf(key);
    if (owner !== undefined) {
        return `not the program's own (${owner})`;
    }
    return isSecretKey(key)
        ? "not one of a secret, since the file is a ConfigMap (see secretEnv and secretFiles)"
        : undefined;
}
