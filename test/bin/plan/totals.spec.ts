import * as assert from "node:assert";
import { planProgram } from "../../../bin/plan/plan";
import { formatTotals, totalsOf } from "../../../bin/plan/totals";
import { sampleProgram } from "./sample";

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

function resource(
    type: string,
    inputs: Record<string, unknown>,
    namespace = "ns",
): Parameters<typeof totalsOf>[0][number] {
    return {
        urn: type,
        type: `kubernetes:${type}`,
        name: "n",
        inputs: { metadata: { name: "n", namespace }, ...inputs },
    };
}

const workload = (type: string, spec: Record<string, unknown>, pod: Record<string, unknown>, namespace?: string) =>
    resource(type, { spec: { ...spec, template: { spec: pod } } }, namespace);

const container = (requests: object, limits: object = {}) => ({ resources: { requests, limits } });

describe("totalsOf", () => {
    it("multiplies by replicas, and takes the larger of starting and running", async () => {
        const { resources } = await planProgram(sampleProgram, { stack: "dev" });
        const { all } = totalsOf(resources);
        assert.deepStrictEqual(all, {
            pods: 5,
            // Three members start with one core for setup; two job pods have half a core each, by their limit.
            requests: { cpu: 4, memory: 3 * 1152 * mebibyte },
            // Only the sidecar limits its CPU, and the job's pods; the job has no memory limit.
            limits: { cpu: 3 * 0.1 + 2 * 0.5, memory: 3 * 1152 * mebibyte },
            unlimited: { cpu: 3, memory: 2 },
            storage: 30 * gibibyte,
        });
    });

    it("counts a sidecar while later init containers run", () => {
        const pod = {
            initContainers: [{ ...container({ cpu: "200m" }), restartPolicy: "Always" }, container({ cpu: "1" })],
            containers: [container({ cpu: "500m" })],
        };
        const { all } = totalsOf([workload("apps/v1:Deployment", {}, pod)]);
        assert.strictEqual(all.requests.cpu, 1.2);
    });

    it("takes what a pod sets as a whole, and adds its overhead otherwise", () => {
        const containers = [container({ cpu: "1" })];
        const whole = totalsOf([
            workload("apps/v1:Deployment", {}, { containers, resources: { requests: { cpu: "3" } } }),
        ]);
        const overhead = totalsOf([workload("apps/v1:Deployment", {}, { containers, overhead: { cpu: "250m" } })]);
        assert.strictEqual(whole.all.requests.cpu, 3);
        assert.strictEqual(overhead.all.requests.cpu, 1.25);
    });

    it("sums by namespace, sorted", () => {
        const pod = { containers: [container({ memory: "1Gi" })] };
        const totals = totalsOf([
            workload("apps/v1:Deployment", { replicas: 2 }, pod, "b"),
            workload("apps/v1:StatefulSet", {}, pod, "a"),
            resource("core/v1:PersistentVolumeClaim", { spec: { resources: { requests: { storage: "1Ti" } } } }, "a"),
        ]);
        assert.deepStrictEqual(
            Object.entries(totals.namespaces).map(([name, { pods, storage }]) => [name, pods, storage]),
            [
                ["a", 1, 1024 * gibibyte],
                ["b", 2, 0],
            ],
        );
        assert.strictEqual(totals.all.requests.memory, 3 * gibibyte);
    });

    it("counts a scheduled job's pods, and none of a set scaled to zero", () => {
        const pod = { containers: [container({ cpu: "1" })] };
        const cron = resource("batch/v1:CronJob", {
            spec: { jobTemplate: { spec: { parallelism: 3, template: { spec: pod } } } },
        });
        assert.strictEqual(totalsOf([cron]).all.pods, 3);
        assert.strictEqual(totalsOf([workload("apps/v1:Deployment", { replicas: 0 }, pod)]).all.pods, 0);
    });

    it("leaves out patches and what exists already, and takes placeholders for nothing", () => {
        const pod = { containers: [container({ cpu: "<computed>" })] };
        assert.strictEqual(totalsOf([workload("apps/v1:DeploymentPatch", {}, pod)]).all.pods, 0);
        assert.strictEqual(totalsOf([{ ...workload("apps/v1:Deployment", {}, pod), read: true }]).all.pods, 0);
        assert.strictEqual(totalsOf([workload("apps/v1:Deployment", {}, pod)]).all.requests.cpu, 0);
    });

    it("names the custom resources whose pods it can't know", () => {
        const custom = (apiVersion: string, kind: string) => resource(`${apiVersion}:${kind}`, { apiVersion, kind });
        const totals = totalsOf([
            custom("sparkoperator.k8s.io/v1beta2", "SparkApplication"),
            custom("monitoring.coreos.com/v1", "ServiceMonitor"),
            custom("networking.k8s.io/v1", "NetworkPolicy"),
        ]);
        assert.deepStrictEqual(totals.uncounted, ["SparkApplication"]);
    });
});

describe("formatTotals", () => {
    it("is a table with one line a namespace and their sum", () => {
        const full = { containers: [container({ cpu: "250m", memory: "1Gi" }, { cpu: "1", memory: "2Gi" })] };
        const bare = { containers: [container({ cpu: "1", memory: "512Mi" })] };
        const totals = totalsOf([
            workload("apps/v1:Deployment", { replicas: 2 }, full, "a"),
            workload("apps/v1:StatefulSet", {}, bare, "b"),
        ]);
        assert.strictEqual(
            formatTotals(totals),
            [
                "namespace  pods    cpu  limit  memory  limit  storage",
                "a             2   500m      2     2Gi    4Gi        0",
                "b             1      1      –   512Mi      –        0",
                "all           3  1500m     2+   2.5Gi   4Gi+        0",
                "+ some pods, – all pods have no such limit",
            ].join("\n"),
        );
    });
});
