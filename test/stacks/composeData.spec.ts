import * as assert from "node:assert/strict";
import { type Plan, planProgram } from "../../bin/plan/plan";
import type { Platform } from "../../stacks/platform";
import { program } from "../../stacks/program";
import { assertSound } from "../support/invariants";
import { all, at, find } from "../support/plans";
import { configOf, type Edit, stackFileWith } from "../support/stackFiles";
import { systemWith } from "./brokenTable";

const cassandra = (own = "") =>
    systemWith("cassandra", `{ ${own}storageClass: fast, clientEncryption: { mode: required } }`);
const kafka = systemWith(
    "kafka",
    "{ brokers: { storageClass: fast }, controllers: { kind: dedicated, storageClass: fast } }",
);
const operators = { chart: "kind: chart", existing: "kind: existing" };
const spark = (operator: keyof typeof operators = "existing") =>
    systemWith("spark", `{ operator: { ${operators[operator]} }, jobNamespaces: { reports: {} } }`);
const redis = (operator: keyof typeof operators = "existing") => {
    const peers = operator === "existing" ? ", peers: [{ namespace: redis-operator }]" : "";
    return systemWith(
        "redis",
        `{ operator: { ${operators[operator]}${peers} }, instances: { cache: { storageClass: fast }, shared: { kind: cluster, storageClass: fast } } }`,
    );
};
const tensorflow = (operator: keyof typeof operators = "existing") =>
    systemWith(
        "tensorflow",
        `{ operator: { ${operators[operator]} }, runtimes: { plain: {} }, jobNamespaces: { research: {} } }`,
    );

const plannedWith = async (...edits: readonly Edit[]): Promise<Plan> => {
    const plan = await planProgram(() => ({ ...program(configOf(stackFileWith(...edits))) }), { stack: "test" });
    assertSound(plan);
    return plan;
};
const systemsOf = (plan: Plan): Platform["systems"] => (plan.outputs["platform"] as Platform).systems;

/** Every namespace with the level that it enforces. */
const levels = (plan: Plan): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
        all(plan, "Namespace")
            .filter(({ custom }) => custom)
            .map(({ inputs }): [string, unknown] => [
                String(at(inputs, "metadata.name")),
                at(inputs, 'metadata.labels["pod-security.kubernetes.io/enforce"]'),
            ]),
    );

describe("a stack with data systems", () => {
    it("gives each a namespace that is closed, and an instance of Redis one of its own", async () => {
        assert.deepEqual(levels(await plannedWith(cassandra(), kafka, spark(), redis(), tensorflow())), {
            "prod-zookeeper": "restricted",
            "prod-teraslice": "restricted",
            "prod-cassandra": "restricted",
            "prod-kafka": "restricted",
            "prod-spark-reports": "restricted",
            "prod-redis-cache": "restricted",
            "prod-redis-shared": "restricted",
            "prod-tensorflow-research": "restricted",
        });
    });

    it("opens Cassandra's namespace where its heap is to be locked, and says why", async () => {
        const plan = await plannedWith(cassandra("lockMemory: true, "));
        assert.equal(levels(plan)["prod-cassandra"], "privileged");
        const { inputs } = find(plan, "Namespace", "cassandra-namespace-namespace");
        assert.match(String(at(inputs, 'metadata.annotations["data-platform/pod-security-reason"]')), /IPC_LOCK/);
    });

    it("installs no operator unless it is asked to, and then each in a namespace of its own", async () => {
        assert.deepEqual(all(await plannedWith(spark(), redis(), tensorflow()), "Release"), []);
        const plan = await plannedWith(spark("chart"), redis("chart"), tensorflow("chart"));
        assert.deepEqual(
            all(plan, "Release").map(({ inputs }) => [at(inputs, "namespace"), at(inputs, "name")]),
            [
                ["prod-redis-operator", "prod-redis-operator"],
                ["prod-spark-operator", "prod-spark-operator"],
                ["prod-tensorflow-operator", "prod-kubeflow-trainer"],
            ],
        );
        for (const [resource, release] of [
            ["RedisReplication", "redis-operator-release"],
            ["RedisCluster", "redis-operator-release"],
            ["ClusterTrainingRuntime", "tensorflow-operator-release"],
        ] as const) {
            assert.ok(find(plan, resource).dependencies.includes(find(plan, "Release", release).urn), resource);
        }
    });

    it("says where each is", async () => {
        const systems = systemsOf(await plannedWith(cassandra(), kafka, spark(), redis(), tensorflow()));
        assert.deepEqual(
            {
                cassandra: systems.cassandra,
                kafka: systems.kafka,
                spark: systems.spark,
                redis: systems.redis,
                tensorflow: systems.tensorflow,
            },
            {
                cassandra: {
                    namespace: "prod-cassandra",
                    contactPoints: ["cassandra-client.prod-cassandra.svc.cluster.local"],
                },
                kafka: {
                    namespace: "prod-kafka",
                    bootstrapServers: "kafka-bootstrap.prod-kafka.svc.cluster.local:9092",
                    externalServers: [],
                },
                spark: { jobNamespaces: { reports: "prod-spark-reports" } },
                redis: {
                    cache: {
                        namespace: "prod-redis-cache",
                        master: "redis-cache-master.prod-redis-cache.svc.cluster.local:6379",
                        sentinels: "redis-cache-sentinel.prod-redis-cache.svc.cluster.local:26379",
                    },
                    shared: {
                        namespace: "prod-redis-shared",
                        master: "redis-shared-master.prod-redis-shared.svc.cluster.local:6379",
                    },
                },
                tensorflow: {
                    jobNamespaces: { research: "prod-tensorflow-research" },
                    runtimes: { plain: "prod-plain" },
                },
            },
        );
    });

    it("holds the files of their clients", async () => {
        const plan = await plannedWith(cassandra(), kafka, spark(), redis());
        const paths = Object.keys((plan.outputs["platform"] as Platform).clientFiles);
        for (const path of ["cassandra/cqlshrc", "kafka/client.properties", "redis/cache/connection.yaml"]) {
            assert.ok(paths.includes(path), `${path} in ${paths.join(", ")}`);
        }
        assert.ok(paths.some((path) => path.startsWith("spark/")));
    });

    it("lets jobs into its uploader, and no store", async () => {
        const uploader: Edit = [
            "  data-platform:systems:\n",
            "  data-platform:uploader: { kind: server, storageClass: fast }\n  data-platform:systems:\n",
        ];
        const plan = await plannedWith(uploader, cassandra(), kafka, spark("chart"), redis(), tensorflow());
        const policy = all(plan, "NetworkPolicy").find(
            ({ inputs }) =>
                at(inputs, "metadata.namespace") === "prod-uploader" && at(inputs, "metadata.name") === "uploader",
        );
        const rules = JSON.stringify(at(policy?.inputs, "spec.ingress"));
        const letIn = [...rules.matchAll(/"kubernetes.io\/metadata.name":"([^"]+)"/g)].map(([, name]) => name);
        assert.deepEqual(letIn, ["prod-teraslice", "prod-spark-reports", "prod-tensorflow-research"]);
    });
});
