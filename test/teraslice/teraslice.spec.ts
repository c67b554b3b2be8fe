import assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { valueAt } from "../../components/foundation/faults";
import { configHash, type ConfigFile, yaml, yamlFile } from "../../components/foundation/configFiles";
import { masterFile, workerFile } from "../../components/teraslice/files";
import { masterPod } from "../../components/teraslice/teraslice";
import {
    assertHardened,
    assertNamedFromParent,
    assertPlainComponentInputs,
    assertScratchFits,
    workloads,
} from "../support/invariants";
import { clusteredStore, clusterOf, deployment, everything, field, has, planOf, pod } from "./fixtures";

const file = {} as ConfigFile;

describe("Teraslice", () => {
    let plan: Plan;
    before(async () => {
        plan = await planOf();
    });

    it("registers exactly these resources", () => {
        assert.deepEqual(
            plan.resources.map(
                ({ type, name, parent }) =>
                    `${type.split(":").at(-1) ?? ""} ${name} < ${parent?.split("::").at(-1) ?? ""}`,
            ),
            [
                "Teraslice teraslice < data-platform-test",
                "Access teraslice-access < teraslice",
                "ServiceAccount teraslice-access-account < teraslice-access",
                "RoleBinding teraslice-access-binding < teraslice-access",
                "Role teraslice-access-role < teraslice-access",
                "NetworkPolicy teraslice-execution-controller-network < teraslice",
                "MasterSet teraslice-master < teraslice",
                "Deployment teraslice-master-deployment < teraslice-master",
                "NetworkPolicy teraslice-master-network < teraslice-master",
                "Service teraslice-master-service < teraslice-master",
                "Secret teraslice-master-config < teraslice",
                "ConfigMap teraslice-worker-config < teraslice",
                "NetworkPolicy teraslice-worker-network < teraslice",
            ],
        );
    });

    it("restarts the master with a changed credential, and with changed authorities of its store", async () => {
        const hash = async (settings: Parameters<typeof planOf>[0], rotation: number) =>
            valueAt(
                deployment(
                    await planOf(settings, { store: () => ({ ...clusteredStore(), rotation }) }),
                    "template.metadata.annotations",
                ),
                ["data-platform/config-hash"],
            );
        const hashes = [await hash({}, 0), await hash({ credentialsRotation: 1 }, 0), await hash({}, 1)];
        assert.equal(new Set(hashes).size, 3);
        assert.equal(await hash({}, 0), hashes[0]);
    });

    it("registers the values that a guard compares, and no others", () => {
        const component = plan.resources.find(({ name }) => name === "teraslice");
        assert.deepEqual(component?.inputs, {
            clusterName: "dev-teraslice",
            namespace: "dev-teraslice",
            image: "ghcr.io/terascope/teraslice:v3.18.0-nodev24.19.0",
            assetStorage: "opensearch",
        });
        assert.deepEqual(plan.outputs, {
            url: "http://teraslice-master.dev-teraslice.svc:5678",
            clusterName: "dev-teraslice",
        });
    });

    it("keeps what holds for every component, with no setting and with all", async () => {
        for (const each of [plan, await planOf(everything, { store: clusteredStore })]) {
            assertNamedFromParent(each);
            assertPlainComponentInputs(each);
            assert.equal(workloads(each).length, 1);
            workloads(each).forEach(assertHardened);
            workloads(each).forEach(assertScratchFits);
        }
    });

    it("has one master and never two at a time", () => {
        assert.equal(deployment(plan, "replicas"), 1);
        assert.deepEqual(deployment(plan, "strategy"), { type: "Recreate" });
        assert.ok(!has(plan, "PodDisruptionBudget", "teraslice-master"));
    });

    it("may do exactly what the master calls", () => {
        const rules = field(plan, "Role", "teraslice-master", "rules") as {
            apiGroups: string[];
            resources: string[];
            verbs: string[];
        }[];
        assert.deepEqual(
            rules.map(({ apiGroups, resources, verbs }) => `${apiGroups.join()}/${resources.join()}: ${verbs.join()}`),
            [
                "/pods: list,delete",
                "/services: create,list,delete",
                "apps/deployments: create,list,patch,delete",
                "apps/replicasets: list,delete",
                "batch/jobs: create,list,delete",
            ],
        );
        assert.equal(pod(plan, "serviceAccountName"), "teraslice-master");
        assert.equal(pod(plan, "automountServiceAccountToken"), true);
    });

    it("mounts the file where Teraslice looks for it, and writes it for jobs where Teraslice looks", () => {
        const cluster = clusterOf();
        // What a Secret holds is no part of a plan, so its hash has to do.
        const { secretPaths = [] } = plan.resources.find(({ name }) => name === "teraslice-master-config") ?? {};
        assert.deepEqual(secretPaths, ['stringData["teraslice.yaml"]']);
        assert.equal(
            valueAt(deployment(plan, "template.metadata.annotations"), ["data-platform/config-hash"]),
            configHash(yamlFile(masterFile(cluster)).hash, "credentials 0", "store 0"),
        );
        assert.equal(
            valueAt(field(plan, "ConfigMap", "teraslice-worker", "data"), ["teraslice.yaml"]),
            yaml(workerFile(cluster)),
        );
        assert.deepEqual(pod(plan, "volumes.0"), {
            name: "config",
            secret: { secretName: "teraslice-master", defaultMode: 0o440 },
        });
        assert.deepEqual(pod(plan, "containers.0.volumeMounts.0"), {
            name: "config",
            mountPath: "/app/config",
            readOnly: true,
        });
    });

    it("serves the name that jobs know", () => {
        assert.equal(field(plan, "Service", clusterOf().objects.master, "spec.type"), "ClusterIP");
        assert.deepEqual(field(plan, "Service", "teraslice-master", "spec.ports.0"), {
            name: "api",
            port: 5678,
            targetPort: "api",
            protocol: "TCP",
        });
        assert.ok(!JSON.stringify(field(plan, "Service", "teraslice-master")).includes("45679"));
    });

    it("selects labels that the pods have, also in /cluster/state", () => {
        const labels = deployment(plan, "template.metadata.labels") as Record<string, string>;
        const selectors = [
            deployment(plan, "selector.matchLabels"),
            field(plan, "Service", "teraslice-master", "spec.selector"),
            field(plan, "NetworkPolicy", "teraslice-master", "spec.podSelector.matchLabels"),
        ];
        for (const selector of selectors) {
            for (const [key, value] of Object.entries(selector as Record<string, string>)) {
                assert.equal(labels[key], value);
            }
        }
        assert.equal(
            labels["app.kubernetes.io/instance"],
            "dev-teraslice".replace(/[^a-zA-Z0-9_\-.]/g, "_").substring(0, 63),
        );
        assert.equal(labels["app.kubernetes.io/name"], "teraslice");
    });

    it("asks the API itself whether the master is there", () => {
        for (const [probe, path] of [
            ["startupProbe", "/"],
            ["readinessProbe", "/"],
            ["livenessProbe", "/cluster/stats"],
        ]) {
            assert.deepEqual(pod(plan, `containers.0.${probe ?? ""}.httpGet`), { path, port: "api" });
        }
        const startup = pod(plan, "containers.0.startupProbe") as { periodSeconds: number; failureThreshold: number };
        // Five minutes are the assets service's alone.
        assert.ok(startup.periodSeconds * startup.failureThreshold > 300);
    });

    it("starts the master after all that it and its jobs find", () => {
        const set = plan.resources.find(({ name }) => name === "teraslice-master");
        const before = set?.dependencies.map((urn) => urn.split("::").at(-1)).sort();
        assert.deepEqual(before, [
            "teraslice-access-account",
            "teraslice-access-binding",
            "teraslice-access-role",
            "teraslice-master-config",
            "teraslice-worker-config",
        ]);
    });

    it("marks files with credentials as secret, wherever they lie", async () => {
        const secret = await planOf({}, { store: clusteredStore });
        const paths = (name: string) => secret.resources.find((each) => each.name === name)?.secretPaths;
        assert.deepEqual(paths("teraslice-master-config"), ['stringData["teraslice.yaml"]']);
        assert.deepEqual(paths("teraslice-worker-config"), ['data["teraslice.yaml"]']);
        assert.ok(!JSON.stringify(secret).includes("hunter2"));
        // The template itself stays known, or no rule could judge it.
        assert.deepEqual(secret.resources.find(({ type }) => type.endsWith(":Deployment"))?.secretPaths, []);
    });

    it("restarts the master when its file changes", async () => {
        const hash = (given: Plan) =>
            valueAt(deployment(given, "template.metadata.annotations"), ["data-platform/config-hash"]);
        assert.notEqual(hash(await planOf({ logLevel: "debug" })), hash(plan));
        assert.equal(hash(await planOf()), hash(plan));
    });
});

describe("masterPod", () => {
    it("outlasts shutdown_timeout and the three seconds until node_master kills", () => {
        for (const shutdownTimeout of ["10s", "1m", "30m"]) {
            const given = clusterOf({ timing: { shutdownTimeout } });
            const file1 = valueAt(masterFile(given), ["teraslice", "shutdown_timeout"]) as number;
            assert.ok(masterPod(given, file).gracePeriodSeconds * 1000 >= file1 + 3000);
        }
    });

    it("keeps scratch volumes within the pod's local storage", () => {
        const { scratch = [] } = masterPod(clusterOf({ resources: { ephemeralStorage: "4Gi" } }), file);
        assert.deepEqual(
            scratch.map(({ path, sizeLimit }) => `${path} ${sizeLimit}`),
            ["/tmp 256Mi", "/app/assets 3584Mi"],
        );
    });

    it("unpacks assets on the shared volume where there is one", () => {
        const pod = masterPod(clusterOf({ sharedAssets: { storageClass: "nfs" } }), file);
        assert.deepEqual(
            pod.scratch?.map(({ path }) => path),
            ["/tmp"],
        );
        assert.deepEqual(pod.containers[0]?.mounts?.[1], { volume: "assets", path: "/app/assets" });
    });

    it("runs as the image's user", () => {
        assert.equal(masterPod(clusterOf(), file).user, 10001);
    });
});
