import assert from "node:assert/strict";
import { claimedStorage, knownSum, podSetsBy, podSetsOf, sumOfPods } from "../../../policy/views/podSets";
import { stackViewOf } from "../../../policy/views/stackView";
import { unknownCheckingProxy } from "../../../policy/views/unknown";
import { type Fields, goodStatefulSet, goodTemplate, linkedOf, object, unknown, withField } from "../support";

const stackOf = (...all: Fields[]) =>
    stackViewOf(
        all.map((inputs) => linkedOf(inputs)).map((each) => ({ ...each, inputs: unknownCheckingProxy(each.inputs) })),
    );
const counts = (first: Fields, ...others: Fields[]) => {
    const stack = stackOf(first, ...others);
    return podSetsOf(stack.objects[0]!, stack).map(({ replicas }) => replicas);
};
const template = goodTemplate();
const claim = { spec: { resources: { requests: { storage: "1Ki" } } } };
const spark = { driver: {}, executor: { instances: 4 } };
const redis = (kind: string, spec: Fields) => object("redis.redis.opstreelabs.in/v1beta2", kind, spec);
const train = (spec: Fields) => object("trainer.kubeflow.org/v1alpha1", "TrainJob", spec);
const runtime = withField(
    object("trainer.kubeflow.org/v1alpha1", "ClusterTrainingRuntime", {
        mlPolicy: { numNodes: 3 },
        template: { spec: { replicatedJobs: [{ name: "node", template: { spec: { template } } }] } },
    }),
    ["metadata", "name"],
    "plain",
);

describe("podSetsOf", () => {
    const cases: [string, Fields, number[]][] = [
        ["a StatefulSet", goodStatefulSet(), [3]],
        ["a Deployment of one", object("apps/v1", "Deployment", { template }), [1]],
        ["a DaemonSet", object("apps/v1", "DaemonSet", { template }), [1]],
        ["a Pod", { ...object("v1", "Pod"), spec: template.spec }, [1]],
        ["a Job", object("batch/v1", "Job", { template }), [1]],
        ["a Job of many", object("batch/v1", "Job", { template, parallelism: 5, completions: 3 }), [3]],
        ["a CronJob", object("batch/v1", "CronJob", { jobTemplate: { spec: { template, parallelism: 2 } } }), [2]],
        ["a SparkApplication", object("sparkoperator.k8s.io/v1beta2", "SparkApplication", spark), [1, 4]],
        [
            "dynamic executors",
            object("sparkoperator.k8s.io/v1beta2", "SparkApplication", {
                ...spark,
                dynamicAllocation: { enabled: true, maxExecutors: 9 },
            }),
            [1, 9],
        ],
        [
            "a scheduled application",
            object("sparkoperator.k8s.io/v1beta2", "ScheduledSparkApplication", { template: spark }),
            [1, 4],
        ],
        ["a Redis", redis("Redis", {}), [1]],
        ["a replication", redis("RedisReplication", { clusterSize: 2 }), [2]],
        [
            "a replication with its sentinels",
            redis("RedisReplication", { clusterSize: 2, sentinel: { size: 5 } }),
            [2, 5],
        ],
        ["sentinels", redis("RedisSentinel", {}), [3]],
        ["a cluster", redis("RedisCluster", { clusterSize: 4, redisFollower: { replicas: 2 } }), [4, 2]],
        ["no pods of a Service", object("v1", "Service", {}), []],
        ["no pods of a runtime", runtime, []],
        ["no pods of a job whose runtime is elsewhere", train({ runtimeRef: { name: "plain" } }), []],
    ];
    for (const [what, inputs, expected] of cases) {
        it(`counts ${what}`, () => assert.deepEqual(counts(inputs), expected));
    }

    it("counts the nodes of a TrainJob, with its runtime's pods or its own resources", () => {
        const job = (trainer: Fields) => train({ runtimeRef: { name: "plain" }, trainer });
        assert.deepEqual(counts(job({}), runtime), [3]);
        assert.deepEqual(counts(job({ numNodes: 2 }), runtime), [2]);
        const memory = (trainer: Fields) => {
            const stack = stackOf(job(trainer), runtime);
            return sumOfPods(podSetsOf(stack.objects[0]!, stack), "requests", "cpu");
        };
        assert.equal(memory({ numNodes: 2 }), 1);
        assert.equal(memory({ numNodes: 2, resourcesPerNode: { requests: { cpu: "4" } } }), 8);
    });

    it("counts nothing of a patch", () => {
        const stack = stackViewOf([linkedOf(goodStatefulSet(), { type: "kubernetes:apps/v1:StatefulSetPatch" })]);
        assert.deepEqual(podSetsOf(stack.objects[0]!, stack), []);
    });
});

describe("claimedStorage", () => {
    const storage = (inputs: Fields) => {
        const stack = stackOf(inputs);
        return claimedStorage(stack.objects[0]!, podSetsBy(stack)(stack.objects[0]!));
    };
    const cases: [string, Fields, number][] = [
        ["a claim once", object("v1", "PersistentVolumeClaim", claim.spec), 1024],
        ["templates once a replica", withField(goodStatefulSet(), ["spec", "volumeClaimTemplates"], [claim]), 3072],
        [
            "an operator's once a pod",
            redis("RedisCluster", { clusterSize: 3, storage: { volumeClaimTemplate: claim } }),
            6144,
        ],
        [
            "nothing for sentinels beside it",
            redis("RedisReplication", {
                clusterSize: 3,
                sentinel: { size: 3 },
                storage: { volumeClaimTemplate: claim },
            }),
            3072,
        ],
        ["nothing of a Service", object("v1", "Service", {}), 0],
    ];
    for (const [what, inputs, bytes] of cases) {
        it(`counts ${what}`, () => assert.equal(storage(inputs), bytes));
    }
});

describe("knownSum", () => {
    it("adds up what is known, and throws for the rest when it is settled", () => {
        const parts = [{ size: 1 }, { size: 5 }, unknownCheckingProxy({ size: unknown as number }), { size: 2 }];
        const { total, largest, settle } = knownSum(parts, ({ size }) => size + 0);
        assert.equal(total, 8);
        assert.deepEqual(largest, { part: { size: 5 }, amount: 5 });
        assert.throws(settle);
        assert.doesNotThrow(knownSum([1, 2], (part) => part).settle);
    });
});
