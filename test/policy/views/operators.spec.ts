import assert from "node:assert/strict";
import { unknownCheckingProxy } from "../../../policy/views/unknown";
import { viewOf } from "../../../policy/views/view";
import { type Fields, object, resourceOf } from "../support";

const templatesOf = (inputs: Fields) =>
    viewOf({ ...resourceOf(inputs), inputs: unknownCheckingProxy(inputs) })!.podTemplates;
const shown = (inputs: Fields) =>
    templatesOf(inputs).flatMap(({ containers }) => containers.map(({ path, spec }) => [path, spec.name, spec.image]));

const spark = {
    image: "spark:4.0.4",
    driver: {
        cores: 1,
        coreLimit: "1200m",
        memory: "512m",
        labels: { a: "own" },
        serviceAccount: "spark",
        podSecurityContext: { runAsNonRoot: true },
        template: {
            metadata: { labels: { a: "template", b: "template" } },
            spec: {
                priorityClassName: "batch",
                containers: [
                    { name: "driver", resources: { requests: { "ephemeral-storage": "1Gi" } } },
                    { name: "log", image: "log:1" },
                ],
            },
        },
        sidecars: [{ name: "side", image: "side:1" }],
    },
    executor: { image: "other:1", coreRequest: "500m", cores: 1, memory: "2g" },
};

describe("pods of operators", () => {
    it("puts Spark's driver and executor together from their fields and templates", () => {
        const app = object("sparkoperator.k8s.io/v1beta2", "SparkApplication", spark);
        assert.deepEqual(shown(app), [
            ["spec.driver", "driver", "spark:4.0.4"],
            ["spec.driver.template.spec.containers[1]", "log", "log:1"],
            ["spec.driver.sidecars[0]", "side", "side:1"],
            ["spec.executor", "spark-kubernetes-executor", "other:1"],
        ]);
        const [driver, executor] = templatesOf(app);
        assert.deepEqual({ ...driver!.labels }, { a: "own", b: "template" });
        assert.equal(driver!.spec.serviceAccountName, "spark");
        assert.equal(driver!.spec.priorityClassName, "batch");
        assert.equal(driver!.spec.securityContext!.runAsNonRoot, true);
        const resources = driver!.containers[0]!.spec.resources!;
        assert.deepEqual({ ...resources.requests }, { "ephemeral-storage": "1Gi", cpu: 1, memory: "512Mi" });
        assert.deepEqual({ ...resources.limits }, { cpu: "1200m", memory: "512Mi" });
        assert.deepEqual({ ...executor!.containers[0]!.spec.resources!.requests }, { cpu: "500m", memory: "2Gi" });
    });

    it("finds the same application in a schedule", () => {
        const schedule = object("sparkoperator.k8s.io/v1beta2", "ScheduledSparkApplication", { template: spark });
        assert.deepEqual(shown(schedule)[0], ["spec.template.driver", "driver", "spark:4.0.4"]);
    });

    it("puts a Redis pod together", () => {
        const replication = object("redis.redis.opstreelabs.in/v1beta2", "RedisReplication", {
            podSecurityContext: { runAsUser: 1000 },
            securityContext: { privileged: false },
            kubernetesConfig: { image: "redis:7", resources: { limits: { cpu: "1" } } },
            redisExporter: { enabled: true, image: "exporter:1" },
            initContainer: { enabled: true, image: "init:1" },
            sidecars: [{ name: "side", image: "side:1" }],
            sentinel: { image: "sentinel:7" },
        });
        assert.deepEqual(shown(replication), [
            ["spec.initContainer", "init", "init:1"],
            ["spec.kubernetesConfig", "redis", "redis:7"],
            ["spec.redisExporter", "redis-exporter", "exporter:1"],
            ["spec.sidecars[0]", "side", "side:1"],
            ["spec.sentinel", "sentinel", "sentinel:7"],
        ]);
        const [template] = templatesOf(replication);
        assert.equal(template!.spec.securityContext!.runAsUser, 1000);
        assert.equal(template!.containers[1]!.spec.securityContext!.privileged, false);
        assert.equal(template!.containers[1]!.spec.resources!.limits!.cpu, "1");
        assert.equal(template!.labels["app.kubernetes.io/name"], "kafka");
    });

    it("leaves out what a Redis does not switch on, and tells leader and follower apart", () => {
        const cluster = object("redis.redis.opstreelabs.in/v1beta2", "RedisCluster", {
            kubernetesConfig: { image: "redis:7" },
            resources: { limits: { cpu: "1" } },
            redisLeader: { resources: { limits: { cpu: "2" } }, nodeSelector: { pool: "stateful" } },
            redisExporter: { enabled: false, image: "exporter:1" },
        });
        const templates = templatesOf(cluster);
        assert.deepEqual(
            templates.map(({ path }) => path),
            ["spec.redisLeader", "spec.redisFollower"],
        );
        assert.deepEqual(
            templates.map(({ containers }) => containers.map(({ spec }) => spec.resources!.limits!.cpu)),
            [["2"], ["1"]],
        );
        assert.deepEqual({ ...templates[0]!.spec.nodeSelector }, { pool: "stateful" });
    });

    it("takes a TrainJob for what it is: changes of its runtime", () => {
        const patch = { template: { spec: { template: { spec: { containers: [{ name: "node" }] } } } } };
        const job = object("trainer.kubeflow.org/v1alpha1", "TrainJob", {
            trainer: { image: "tensorflow:2.17.0", resourcesPerNode: { limits: { cpu: "1" } } },
            runtimePatches: [{ trainingRuntimeSpec: { template: { spec: { replicatedJobs: [patch] } } } }],
        });
        const templates = templatesOf(job);
        assert.deepEqual(
            templates.map(({ partial }) => partial),
            [true, true],
        );
        assert.deepEqual(shown(job)[0], ["spec.trainer", "node", "tensorflow:2.17.0"]);
        assert.equal(templates[0]!.containers[0]!.spec.resources!.limits!.cpu, "1");
        assert.equal(templates[1]!.containers.length, 1);
    });
});
