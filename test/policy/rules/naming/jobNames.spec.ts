import assert from "node:assert/strict";
import { jobNames } from "../../../../policy/rules/naming/jobNames";
import { judge, messagesOf, object, unknown, withField } from "../../support";

const named = (apiVersion: string, kind: string, name: unknown, spec = {}) =>
    withField(object(apiVersion, kind, spec), ["metadata", "name"], name);
const spark = "sparkoperator.k8s.io/v1beta2";
const redis = "redis.redis.opstreelabs.in/v1beta2";
const trainer = "trainer.kubeflow.org/v1alpha1";
const jobs = {
    replicatedJobs: [
        { name: "driver", replicas: 1, template: { spec: {} } },
        { name: "worker", replicas: 11, template: { spec: { completions: 101, parallelism: 4 } } },
    ],
};

describe("rule naming-job-names", () => {
    const limits: [string, string, object, number, RegExp][] = [
        [spark, "SparkApplication", {}, 56, /for the driver's host name is <name>-driver/],
        [spark, "ScheduledSparkApplication", {}, 43, /for each run is <name>-<19 digits>/],
        [redis, "Redis", {}, 52, /StatefulSet is <name>,/],
        [redis, "RedisReplication", {}, 52, /StatefulSet is <name>,/],
        [redis, "RedisSentinel", {}, 43, /StatefulSet is <name>-sentinel/],
        [redis, "RedisCluster", {}, 43, /StatefulSet is <name>-follower/],
        [trainer, "TrainJob", {}, 48, /a pod is <name>-node-0-0-xxxxx/],
        [trainer, "TrainJob", { trainer: { numNodes: 11 } }, 47, /a pod is <name>-node-0-10-xxxxx/],
        ["jobset.x-k8s.io/v1alpha2", "JobSet", jobs, 43, /a pod is <name>-worker-10-100-xxxxx/],
        ["flink.apache.org/v1beta1", "FlinkDeployment", {}, 45, /the cluster id/],
        ["flink.apache.org/v1beta1", "FlinkSessionJob", {}, 45, /the cluster id/],
    ];
    for (const [apiVersion, kind, spec, room, reason] of limits) {
        it(`leaves room: ${kind} of ${room} characters`, () => {
            assert.deepEqual(messagesOf(jobNames, named(apiVersion, kind, "a".repeat(room), spec)), []);
            const [message = ""] = messagesOf(jobNames, named(apiVersion, kind, "a".repeat(room + 1), spec));
            assert.match(message, new RegExp(`^${kind} metadata.name: expected .* of at most ${room} characters`));
            assert.match(message, reason);
        });
    }

    it("knows Flink's Deployment by its label", () => {
        const name = "a".repeat(46);
        const flink = withField(
            named("apps/v1", "Deployment", name),
            ["metadata", "labels", "type"],
            "flink-native-kubernetes",
        );
        assert.equal(messagesOf(jobNames, flink).length, 1);
        assert.deepEqual(messagesOf(jobNames, named("apps/v1", "Deployment", name)), []);
    });

    for (const bad of ["9daily", "Daily", "a.b", "a-", "a_b", ""]) {
        it(`refuses ${JSON.stringify(bad)}`, () => {
            assert.deepEqual(messagesOf(jobNames, named(spark, "SparkApplication", bad)), [
                `SparkApplication metadata.name: expected lower-case letters, digits and -, starting with a letter, of at most 56 characters, for the driver's host name is <name>-driver, found "${bad} (${bad.length})"`,
            ]);
        });
    }

    it("goes by the stack's own limits", () => {
        const longest = { Workflow: 10, SparkApplication: 63 };
        assert.match(
            messagesOf(jobNames, named("argoproj.io/v1alpha1", "Workflow", "a".repeat(11)), { longest }).join(),
            /at most 10 characters, for the stack's settings say so/,
        );
        assert.deepEqual(messagesOf(jobNames, named(spark, "SparkApplication", "a".repeat(63)), { longest }), []);
    });

    it("judges no patch, no other kind and no missing name", () => {
        const long = named(spark, "SparkApplication", "a".repeat(60));
        assert.deepEqual(messagesOf(jobNames, long, {}, `kubernetes:${spark}:SparkApplicationPatch`), []);
        assert.deepEqual(messagesOf(jobNames, named("v1", "ConfigMap", "A.b")), []);
        assert.deepEqual(messagesOf(jobNames, named(spark, "SparkApplication", undefined)), []);
    });

    it("can't judge an unknown name", () => {
        assert.equal(judge(jobNames, named(spark, "SparkApplication", unknown)).unknowns.length, 1);
    });
});
