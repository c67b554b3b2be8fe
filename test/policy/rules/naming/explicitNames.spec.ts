import assert from "node:assert/strict";
import { explicitNames } from "../../../../policy/rules/naming/explicitNames";
import { judge, messagesOf, object, unknown, withField } from "../../support";

const kinds: [string, string][] = [
    ["v1", "ConfigMap"],
    ["v1", "Namespace"],
    ["v1", "PersistentVolumeClaim"],
    ["v1", "Secret"],
    ["v1", "Service"],
    ["v1", "ServiceAccount"],
    ["apps/v1", "DaemonSet"],
    ["apps/v1", "Deployment"],
    ["apps/v1", "StatefulSet"],
    ["batch/v1", "CronJob"],
    ["rbac.authorization.k8s.io/v1", "ClusterRole"],
    ["rbac.authorization.k8s.io/v1", "Role"],
    ["scheduling.k8s.io/v1", "PriorityClass"],
    ["storage.k8s.io/v1", "StorageClass"],
    ["redis.redis.opstreelabs.in/v1beta2", "Redis"],
    ["redis.redis.opstreelabs.in/v1beta2", "RedisCluster"],
    ["redis.redis.opstreelabs.in/v1beta2", "RedisReplication"],
    ["redis.redis.opstreelabs.in/v1beta2", "RedisSentinel"],
    ["sparkoperator.k8s.io/v1beta2", "ScheduledSparkApplication"],
    ["sparkoperator.k8s.io/v1beta2", "SparkApplication"],
    ["trainer.kubeflow.org/v1alpha1", "ClusterTrainingRuntime"],
    ["trainer.kubeflow.org/v1alpha1", "TrainJob"],
    ["trainer.kubeflow.org/v1alpha1", "TrainingRuntime"],
];

describe("rule naming-explicit-names", () => {
    for (const [apiVersion, kind] of kinds) {
        it(`asks ${kind} for a name`, () => {
            const named = object(apiVersion, kind);
            assert.deepEqual(messagesOf(explicitNames, named), []);
            assert.deepEqual(messagesOf(explicitNames, withField(named, ["metadata", "name"], undefined)), [
                `${kind} metadata.name: expected an explicit name, found nothing`,
            ]);
        });
    }

    it("knows a name that the provider made up", () => {
        const secret = withField(object("v1", "Secret"), ["metadata", "annotations"], {
            "pulumi.com/autonamed": "true",
        });
        assert.deepEqual(messagesOf(explicitNames, secret), [
            'Secret metadata.name: expected an explicit name, found "events (generated)"',
        ]);
    });

    it("takes an empty name, no metadata and generateName for no name", () => {
        assert.equal(messagesOf(explicitNames, withField(object("v1", "Secret"), ["metadata", "name"], "")).length, 1);
        assert.equal(messagesOf(explicitNames, { apiVersion: "v1", kind: "Namespace" }).length, 1);
        const generated = withField(object("v1", "Secret"), ["metadata"], { generateName: "a-", namespace: "a" });
        assert.equal(messagesOf(explicitNames, generated).length, 1);
    });

    it("asks every object of a namespace which one, patches and kinds of others too", () => {
        for (const [apiVersion, kind] of [
            ["v1", "ConfigMap"],
            ["networking.k8s.io/v1", "NetworkPolicy"],
            ["monitoring.coreos.com/v1", "PodMonitor"],
        ] as const) {
            for (const namespace of [undefined, ""]) {
                assert.deepEqual(
                    messagesOf(
                        explicitNames,
                        withField(object(apiVersion, kind), ["metadata", "namespace"], namespace),
                    ),
                    [
                        `${kind} metadata.namespace: expected an explicit namespace, found ${namespace === "" ? '""' : "nothing"}`,
                    ],
                );
            }
        }
        const patch = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } };
        assert.equal(messagesOf(explicitNames, patch, {}, "kubernetes:core/v1:ServiceAccountPatch").length, 1);
        const unknownOne = withField(object("v1", "Secret"), ["metadata", "namespace"], unknown);
        assert.equal(judge(explicitNames, unknownOne).unknowns.length, 1);
    });

    it("asks no namespace of what belongs to none, by the settings' kinds", () => {
        const outside = (kind: string) => withField(object("a.example/v1", kind), ["metadata", "namespace"], undefined);
        for (const kind of ["Namespace", "ClusterRole", "ClusterTrainingRuntime", "PriorityClass", "TokenReview"]) {
            assert.deepEqual(messagesOf(explicitNames, outside(kind)), [], kind);
        }
        assert.equal(messagesOf(explicitNames, outside("Tenant")).length, 1);
        assert.deepEqual(messagesOf(explicitNames, outside("Tenant"), { clusterKinds: ["Ten*"] }), []);
    });

    it("asks only the kinds that are set, and no patch", () => {
        const job = { apiVersion: "batch/v1", kind: "Job", metadata: { namespace: "a" } };
        assert.deepEqual(messagesOf(explicitNames, job), []);
        assert.equal(messagesOf(explicitNames, job, { kinds: ["Job"] }).length, 1);
        const patch = { apiVersion: "v1", kind: "Service", metadata: { namespace: "a" } };
        assert.deepEqual(messagesOf(explicitNames, patch, {}, "kubernetes:core/v1:ServicePatch"), []);
    });

    it("says that an unknown name can't be judged, and needs no other metadata", () => {
        const secret = withField(object("v1", "Secret"), ["metadata", "name"], unknown);
        assert.equal(judge(explicitNames, secret).unknowns.length, 1);
        const labels = withField(object("v1", "Secret"), ["metadata", "labels"], unknown);
        assert.deepEqual(judge(explicitNames, labels), { messages: [], unknowns: [] });
    });
});
