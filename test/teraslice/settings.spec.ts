import assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { valueAt } from "../../components/foundation/faults";
import { masterFile } from "../../components/teraslice/files";
import type { TerasliceSettings } from "../../components/teraslice/schema";
import { clusteredStore, clusterOf, everything, field, foundation, has, planOf, pod, s3 } from "./fixtures";

describe("each setting of the component", () => {
    // The setting, where it shows, as what, and what is there without it.
    const effects: readonly (readonly [string, TerasliceSettings, (plan: Plan) => unknown, unknown, unknown])[] = [
        ["targets", { targets: "batch" }, (plan) => pod(plan, "tolerations.0.value"), "batch", undefined],
        ["priority", { priority: "critical" }, (plan) => pod(plan, "priorityClassName"), "dev-critical", undefined],
        [
            "resources",
            { resources: { memory: "4Gi" } },
            (plan) => pod(plan, "containers.0.resources.limits.memory"),
            "4Gi",
            "2Gi",
        ],
        [
            "heap",
            { heap: "256Mi" },
            (plan) => pod(plan, "containers.0.env"),
            [{ name: "NODE_OPTIONS", value: "--max-old-space-size=256" }],
            [{ name: "NODE_OPTIONS", value: "--max-old-space-size=554" }],
        ],
        [
            "timing.shutdownTimeout",
            { timing: { shutdownTimeout: "5m" } },
            (plan) => pod(plan, "terminationGracePeriodSeconds"),
            315,
            75,
        ],
        [
            "metrics.port",
            { metrics: { port: 4000 } },
            (plan) => pod(plan, "containers.0.ports.1.containerPort"),
            4000,
            3333,
        ],
        [
            "metrics.enabled (pod)",
            { metrics: { enabled: false } },
            (plan) => pod(plan, "containers.0.ports.1"),
            undefined,
            { containerPort: 3333, name: "metrics", protocol: "TCP" },
        ],
        [
            "metrics.enabled (service)",
            { metrics: { enabled: false } },
            (plan) => field(plan, "Service", "teraslice-master", "spec.ports.1.name"),
            undefined,
            "metrics",
        ],
        [
            "metrics.scrapers",
            { metrics: { scrapers: [{ namespace: "monitoring" }] } },
            (plan) => field(plan, "NetworkPolicy", "teraslice-worker", "spec.ingress.0.ports.0.port"),
            3333,
            undefined,
        ],
        [
            "clients",
            { clients: [{ cidr: "192.0.2.0/24" }] },
            (plan) => field(plan, "NetworkPolicy", "teraslice-master", "spec.ingress.0.from.1"),
            { ipBlock: { cidr: "192.0.2.0/24" } },
            undefined,
        ],
        [
            "egress (workers)",
            { egress: s3.egress },
            (plan) => field(plan, "NetworkPolicy", "teraslice-worker", "spec.egress.2.to.0"),
            { ipBlock: { cidr: "192.0.2.0/24" } },
            undefined,
        ],
        [
            "egress (controllers)",
            { egress: s3.egress },
            (plan) => field(plan, "NetworkPolicy", "teraslice-execution-controller", "spec.egress.2.to.0"),
            { ipBlock: { cidr: "192.0.2.0/24" } },
            undefined,
        ],
        [
            "egress (master)",
            s3,
            (plan) => field(plan, "NetworkPolicy", "teraslice-master", "spec.egress.2.to.0"),
            { ipBlock: { cidr: "192.0.2.0/24" } },
            undefined,
        ],
        [
            "jobDefaults.externalPorts",
            { jobDefaults: { externalPorts: [{ port: 9090, from: [{ namespace: "m" }] }] } },
            (plan) => field(plan, "NetworkPolicy", "teraslice-worker", "spec.ingress.0.ports.0.port"),
            9090,
            undefined,
        ],
        [
            "jobDefaults",
            { jobDefaults: { workers: 2 } },
            (plan) =>
                has(plan, "ConfigMap", "teraslice-job-defaults") &&
                valueAt(field(plan, "ConfigMap", "teraslice-job-defaults", "data"), ["job-defaults.json"]),
            '{\n  "workers": 2\n}\n',
            false,
        ],
        [
            "jobDefaults.targets",
            { jobDefaults: { targets: "tolerant" } },
            (plan) =>
                has(plan, "ConfigMap", "teraslice-job-defaults") &&
                valueAt(field(plan, "ConfigMap", "teraslice-job-defaults", "data"), ["job-defaults.json"]),
            '{\n  "targets": [\n    {\n      "constraint": "accepted",\n      "key": "pool",\n      "value": "spot"\n    }\n  ]\n}\n',
            false,
        ],
        [
            "sharedAssets.storageClass",
            { sharedAssets: { storageClass: "nfs" } },
            (plan) =>
                has(plan, "PersistentVolumeClaim", "teraslice-assets") &&
                field(plan, "PersistentVolumeClaim", "teraslice-assets", "spec"),
            { accessModes: ["ReadWriteMany"], storageClassName: "nfs", resources: { requests: { storage: "20Gi" } } },
            false,
        ],
        [
            "sharedAssets.size",
            { sharedAssets: { storageClass: "nfs", size: "5Gi" } },
            (plan) =>
                has(plan, "PersistentVolumeClaim", "teraslice-assets") &&
                field(plan, "PersistentVolumeClaim", "teraslice-assets", "spec.resources.requests.storage"),
            "5Gi",
            false,
        ],
        [
            "sharedAssets.existingClaim",
            { sharedAssets: { existingClaim: "rwx" } },
            (plan) => pod(plan, "volumes.1"),
            { name: "assets", persistentVolumeClaim: { claimName: "rwx" } },
            { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
        ],
        [
            "assetStorage",
            s3,
            (plan) => plan.resources.find(({ name }) => name === "teraslice")?.inputs.assetStorage,
            "s3",
            "opensearch",
        ],
        [
            "name",
            { name: "ts_main" },
            (plan) => field(plan, "NetworkPolicy", "teraslice-worker", "spec.podSelector.matchLabels")?.valueOf(),
            {
                "app.kubernetes.io/name": "teraslice",
                "app.kubernetes.io/instance": "ts_main",
                "app.kubernetes.io/component": "worker",
            },
            {
                "app.kubernetes.io/name": "teraslice",
                "app.kubernetes.io/instance": "dev-teraslice",
                "app.kubernetes.io/component": "worker",
            },
        ],
        [
            "protectControllers",
            { protectControllers: true },
            (plan) =>
                has(plan, "PodDisruptionBudget", "teraslice-execution-controller") &&
                field(plan, "PodDisruptionBudget", "teraslice-execution-controller", "spec"),
            {
                minAvailable: 100_000,
                unhealthyPodEvictionPolicy: "AlwaysAllow",
                selector: {
                    matchLabels: {
                        "app.kubernetes.io/name": "teraslice",
                        "app.kubernetes.io/instance": "dev-teraslice",
                        "app.kubernetes.io/component": "execution_controller",
                        "job.teraslice.terascope.io/relocatable": "false",
                    },
                },
            },
            false,
        ],
    ];
    for (const [name, settings, probe, expected, otherwise] of effects) {
        it(`${name} shows in the plan`, async () => {
            assert.deepEqual(probe(await planOf(settings)), expected);
            assert.deepEqual(probe(await planOf()), otherwise);
        });
    }

    it("pull secrets reach the master's pod, all of them", async () => {
        const plan = await planOf({}, { foundation: foundation({ pullSecrets: ["mirror", "own"] }) });
        assert.deepEqual(pod(plan, "imagePullSecrets"), [{ name: "mirror" }, { name: "own" }]);
    });

    it("all of them together make a plan, with the image, class and claim that the file names", async () => {
        const plan = await planOf(everything, { store: clusteredStore });
        const given = clusterOf(everything);
        assert.equal(pod(plan, "containers.0.image"), valueAt(masterFile(given), ["teraslice", "kubernetes_image"]));
        assert.equal(
            pod(plan, "priorityClassName"),
            valueAt(masterFile(given), ["teraslice", "kubernetes_priority_class_name"]),
        );
        assert.ok(
            has(plan, "PersistentVolumeClaim", String(valueAt(masterFile(given), ["teraslice", "assets_volume"]))),
        );
    });

    it("faults stop the component before anything is registered", async () => {
        await assert.rejects(
            planOf({ timing: { shutdownTimeout: "1s" } }),
            /teraslice can't be used as given:\n {2}timing.shutdownTimeout: expected at least 10s/,
        );
    });
});
