import { z } from "zod";
import { settings, whole, words } from "../../../components/foundation/values";
import { violation } from "../../message";
import { type Fields, fieldsAt, isFields, listAt } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";
import type { ResourceView } from "../../views/view";

/** Length of a label, of a host name and of a Service's name. */
const longest = 63;
/** StatefulSets leave room for a revision label (naming-workload-names). */
const longestSet = 52;

/** What a system builds from a name. */
interface Limit {
    readonly most: number;
    /** Completes "expected … of at most … characters, for". */
    readonly reason: string;
}

const after = (suffix: string, reason: string): Limit => ({ most: longest - suffix.length, reason });
const set = (suffix: string): Limit => ({
    most: longestSet - suffix.length,
    reason: `the operator's StatefulSet is <name>${suffix}`,
});

/**
 * The room that each system needs, by group and kind.
 *
 * - Spark operator 2 (pkg/util/sparkapplication.go): the driver's pod, its host name too, is `<name>-driver`; a scheduled
 *   run is `<name>-<nanoseconds since 1970>`, and its name a label.
 * - Redis operator (redis.redis.opstreelabs.in/v1beta2): one StatefulSet a role.
 * - JobSet (its webhook) and Kubeflow Trainer, which makes one JobSet of a TrainJob, with the runtime's job `node`: pods
 *   are `<name>-<job>-<replica>-<index>-<5 letters>`.
 * - Flink (KubernetesUtils, Constants.MAXIMUM_CHARACTERS_OF_CLUSTER_ID): 45, also as the operator's FlinkDeployment.
 */
const limits: Readonly<Record<string, (spec: Fields) => Limit>> = {
    "flink.apache.org/FlinkDeployment": () => flink,
    "flink.apache.org/FlinkSessionJob": () => flink,
    "jobset.x-k8s.io/JobSet": (spec) => {
        const suffixes = listAt(spec, "replicatedJobs").filter(isFields).map(jobSetSuffix);
        const suffix = suffixes.sort((a, b) => b.length - a.length)[0] ?? "";
        return after(suffix, `a pod is <name>${suffix}`);
    },
    "redis.redis.opstreelabs.in/Redis": () => set(""),
    "redis.redis.opstreelabs.in/RedisCluster": () => set("-follower"),
    "redis.redis.opstreelabs.in/RedisReplication": () => set(""),
    "redis.redis.opstreelabs.in/RedisSentinel": () => set("-sentinel"),
    "sparkoperator.k8s.io/ScheduledSparkApplication": () =>
        after(`-${"0".repeat(19)}`, "each run is <name>-<19 digits>, which becomes a label"),
    "sparkoperator.k8s.io/SparkApplication": () => after("-driver", "the driver's host name is <name>-driver"),
    "trainer.kubeflow.org/TrainJob": (spec) => {
        const suffix = podSuffix("node", 1, Number(fieldsAt(spec, "trainer").numNodes ?? 1));
        return after(suffix, `a pod is <name>${suffix}`);
    },
};

const flink: Limit = { most: 45, reason: "it is the cluster id" };

function jobSetSuffix(job: Fields): string {
    const spec = fieldsAt(fieldsAt(job, "template"), "spec");
    return podSuffix(String(job.name), Number(job.replicas ?? 1), Number(spec.completions ?? spec.parallelism ?? 1));
}

function podSuffix(job: string, replicas: number, pods: number): string {
    const last = (number: number): string => String(Math.max(number - 1, 0));
    return `-${job}-${last(replicas)}-${last(pods)}-${"x".repeat(5)}`;
}

const form = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

export const jobNames = defineRule({
    name: "naming-job-names",
    description: "The name of a job, or of what an operator runs, follows its system's rule.",
    severity: "high",
    remediation:
        "Change the name to the form that the message states. The system derives other names from it, and fails late on one that it can't derive.",
    levels: usualLevels,
    settings: settings({
        longest: z
            .record(words(), whole(1, 253))
            .default({})
            .describe("Most characters of names by kind, such as Workflow, instead of those that the rule knows."),
    }),
    check: (resource, { longest: most }) => {
        const limit = limitOf(resource, most);
        const name: unknown = limit === undefined ? undefined : resource.metadata.name;
        return limit === undefined || typeof name !== "string"
            ? []
            : collect([limit], (of) => {
                  const { most: allowed, reason } = of();
                  return name.length <= allowed && form.test(name)
                      ? []
                      : [
                            violation(
                                `${resource.kind} metadata.name`,
                                `lower-case letters, digits and -, starting with a letter, of at most ${allowed} characters, for ${reason}`,
                                `${name} (${name.length})`,
                            ),
                        ];
              });
    },
});

function limitOf(
    { kind, apiVersion, patch, metadata, object }: ResourceView,
    most: Readonly<Record<string, number>>,
): (() => Limit) | undefined {
    const own = most[kind];
    if (patch) {
        return undefined;
    }
    if (own !== undefined) {
        return () => ({ most: own, reason: "the stack's settings say so" });
    }
    // Flink finds its Deployment and its ConfigMaps by the cluster id, and marks them with this label.
    if (kind === "Deployment" && metadata.labels?.type === "flink-native-kubernetes") {
        return () => flink;
    }
    const known = limits[`${apiVersion.split("/")[0] ?? ""}/${kind}`];
    return known === undefined ? undefined : () => known(fieldsAt(object, "spec"));
}
