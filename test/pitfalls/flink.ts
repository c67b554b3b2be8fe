import type { Pitfall } from "./pitfall";

const spec = "test/flink/pitfalls.spec.ts";

/** One entry: its number, the defect, the file of the break, what stands there and what instead. */
function pitfall(number: number, defect: string, file: string, find: string, replace: string): Pitfall {
    return { id: `flink-P${number}`, defect, spec, break: { file: `components/flink/${file}`, find, replace } };
}

/** Section 13 of Flink's fact sheet. */
export const flinkPitfalls: readonly Pitfall[] = [
    pitfall(
        1,
        "The default account can't create pods: the JobManager looks healthy, and jobs hang without TaskManagers.",
        "access.ts",
        `verbs: ["get", "list", "watch", "create", "delete"] }`,
        `verbs: ["get", "list", "watch"] }`,
    ),
    pitfall(
        2,
        "kubernetes.namespace is left at default, and every call is forbidden.",
        "config.ts",
        `"kubernetes.namespace": namespace,`,
        `"kubernetes.namespace": "default",`,
    ),
    pitfall(
        3,
        "Names that Flink derives from the cluster id are broken by prefixes, or the id is none.",
        "session.ts",
        "return `flink-config-${id}`;",
        "return `${id}-flink-config`;",
    ),
    pitfall(
        4,
        "High availability on a pod's own disk, or without the plugin of its object store.",
        "checks.ts",
        "!pluginsFor(uri).some((plugin) => plugins.includes(plugin)),",
        "false,",
    ),
    pitfall(
        5,
        "Two JobManagers without election, or a rolling update that makes two.",
        "flinkSession.ts",
        `strategy: settings.highAvailability.kind === "none" ? "Recreate" : "RollingUpdate",`,
        `strategy: "RollingUpdate",`,
    ),
    pitfall(
        6,
        "Without checkpoints, high availability starts jobs from scratch.",
        "checks.ts",
        `kind !== "none" && checkpointing === undefined,`,
        "false,",
    ),
    pitfall(
        7,
        "A changed ConfigMap restarts nothing.",
        "flinkSession.ts",
        "const hashes = [config, ",
        "const hashes = [",
    ),
    pitfall(
        8,
        "The mounted configuration hides the image's: Java's flags and the log's file are gone.",
        "config.ts",
        `"env.java.default-opts.all": javaOptions,`,
        "",
    ),
    pitfall(
        9,
        "A leader loses its lease while the API server is slow.",
        "availability.ts",
        `leaseDuration: time("30s"`,
        `leaseDuration: time("15s"`,
    ),
    pitfall(
        10,
        "Java's memory and the container's are two numbers, and the kernel kills the process.",
        "config.ts",
        `"jobmanager.memory.process.size": memory(jobManager.resources.memory),`,
        `"jobmanager.memory.process.size": memory("4Gi"),`,
    ),
    pitfall(
        11,
        "TaskManagers of an earlier JobManager are left behind.",
        "config.ts",
        `"resourcemanager.previous-worker.recovery.timeout": time(mode.recoveryTimeout),`,
        `"resourcemanager.previous-worker.recovery.timeout": "0 s",`,
    ),
    pitfall(
        12,
        "An exhausted quota shows in the JobManager's log only, since it asks without end.",
        "config.ts",
        `"slotmanager.number-of-slots.max": mode.most * taskManager.slots,`,
        "",
    ),
    pitfall(
        13,
        "OpenShift forbids pods whose owner they block; a user other than the image's owns no file.",
        "access.ts",
        `resources: ["deployments/finalizers"]`,
        `resources: ["deployments"]`,
    ),
    pitfall(
        14,
        "The REST API, which runs anybody's code, is behind a public load balancer.",
        "rest.ts",
        "loadBalancerSourceRanges: rest.sourceRanges,",
        "",
    ),
    pitfall(
        15,
        "FLINK_PROPERTIES does nothing, and another entry point does not find Flink's scripts.",
        "pods.ts",
        `const entryPoint = ["/docker-entrypoint.sh"];`,
        "const entryPoint: string[] = [];",
    ),
    pitfall(
        16,
        "The template's container has another name, and all it says is ignored.",
        "session.ts",
        `export const mainContainer = "flink-main-container";`,
        `export const mainContainer = "taskmanager";`,
    ),
    pitfall(
        17,
        "Idle TaskManagers are gone after half a minute, with their logs.",
        "config.ts",
        `"resourcemanager.taskmanager-timeout": time(mode.idleTimeout),`,
        "",
    ),
    pitfall(
        18,
        "One job's end for want of memory takes all jobs of its process along.",
        "schema.ts",
        "slots: whole(1, 64)\n        .default(2)",
        "slots: whole(1, 64)\n        .default(8)",
    ),
    pitfall(
        19,
        "JobManager and TaskManagers run different releases.",
        "config.ts",
        `"kubernetes.container.image.ref": image,`,
        `"kubernetes.container.image.ref": "apache/flink:2.2.1-scala_2.12",`,
    ),
    pitfall(
        20,
        "A key is the beginning of another, which Flink 2 can't read.",
        "config.ts",
        `"kubernetes.taskmanager.cpu.amount":`,
        `"kubernetes.taskmanager.cpu":`,
    ),
    pitfall(
        21,
        "The engine waits for ever on a Service, or the JobManager deletes its own Deployment.",
        "flinkSession.ts",
        `"pulumi.com/skipAwait": "true"`,
        `"pulumi.com/skipAwait": "false"`,
    ),
    pitfall(
        22,
        "Few tries of a change of a ConfigMap are used up at the start.",
        "config.ts",
        `"kubernetes.transactional-operation.max-retries": given.retries,`,
        "",
    ),
];
