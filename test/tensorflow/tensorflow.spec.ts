import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import type { Plan } from "../../bin/plan/plan";
import { sumOfDemands } from "../../components/foundation/demand";
import { startedDemand } from "../../components/tensorflow/demand";
import { tensorflowSettings } from "../../components/tensorflow/schema";
import { startScript } from "../../components/tensorflow/startScript";
import type { FoundationOverrides } from "../support/foundation";
import { all, at, find, kindsAndNames, listAt, mapAt } from "../support/plans";
import { type Overrides, planned, settingsWith } from "./fixtures";

const job = "spec.template.spec.replicatedJobs[0].template";
const pod = `${job}.spec.template.spec`;
const container = `${pod}.containers[0]`;
const runtimeOf = async (overrides: Overrides = {}) => find(await planned(overrides), "ClusterTrainingRuntime").inputs;
const jobOf = async (overrides: Overrides = {}) => find(await planned(overrides), "TrainJob").inputs;
const waitFor = (plan: Plan) => at(find(plan, "TrainJob").inputs, 'metadata.annotations["pulumi.com/waitFor"]');

describe("Tensorflow", () => {
    it("registers a runtime for the cluster, and in each namespace a policy and the jobs", async () => {
        assert.deepEqual(kindsAndNames(await planned()), [
            "ClusterTrainingRuntime tf-runtime-plain",
            "NetworkPolicy tf-ml-network",
            "Tensorflow tf",
            "TensorflowJobNamespace tf-ml",
            "TrainJob tf-ml-job-fit",
        ]);
    });

    it("names what belongs to no namespace after the environment [tensorflow-P1]", async () => {
        const plan = await planned();
        assert.equal(at(find(plan, "ClusterTrainingRuntime").inputs, "metadata.name"), "dev-plain");
        assert.deepEqual(at(find(plan, "TrainJob").inputs, "spec.runtimeRef"), {
            apiGroup: "trainer.kubeflow.org",
            kind: "ClusterTrainingRuntime",
            name: "dev-plain",
        });
    });

    it("uses the present API, not the TFJob of the former operator [tensorflow-P2]", async () => {
        const plan = await planned();
        assert.equal(all(plan, "TFJob").length, 0);
        for (const kind of ["ClusterTrainingRuntime", "TrainJob"]) {
            assert.equal(find(plan, kind).inputs["apiVersion"], "trainer.kubeflow.org/v1alpha1");
        }
    });

    it("brings a runtime of its own along, with the labels that the trainer looks for [tensorflow-P3]", async () => {
        const runtime = await runtimeOf();
        assert.equal(at(runtime, 'metadata.labels["trainer.kubeflow.org/framework"]'), "tensorflow");
        assert.deepEqual(at(runtime, `${job}.metadata.labels`), {
            "trainer.kubeflow.org/trainjob-ancestor-step": "trainer",
        });
        assert.equal(at(runtime, "spec.template.spec.replicatedJobs[0].name"), "node");
        assert.equal(at(runtime, `${container}.name`), "node");
        assert.equal(at(runtime, `${container}.image`), "docker.io/tensorflow/tensorflow:2.17.0");
    });

    it("says how many nodes there are where the trainer counts them [tensorflow-P4]", async () => {
        assert.deepEqual(at(await runtimeOf({ runtime: { nodes: 2 } }), "spec.mlPolicy"), { numNodes: 2 });
        assert.equal(at(await jobOf({ runtime: { nodes: 2 } }), "spec.trainer.numNodes"), 2);
        assert.equal(at(await jobOf({ runtime: { nodes: 2 }, job: { nodes: 4 } }), "spec.trainer.numNodes"), 4);
    });

    it("hands the job's command to the start script instead of replacing it [tensorflow-P5]", async () => {
        const inputs = await jobOf();
        assert.deepEqual(at(inputs, "spec.trainer.args"), ["python", "/app/fit.py"]);
        assert.equal(at(inputs, "spec.trainer.command"), undefined);
        assert.deepEqual(at(await runtimeOf(), `${container}.command`), ["python3", "-c", startScript]);
    });

    it("tells the script the number of nodes, which no pod can see [tensorflow-P6]", async () => {
        const nodes = (list: unknown) =>
            (list as { name: string; value?: string }[]).find(({ name }) => name === "TRAINING_NODES")?.value;
        assert.equal(nodes(at(await jobOf({ job: { nodes: 3 } }), "spec.trainer.env")), "3");
        assert.equal(nodes(at(await runtimeOf({ runtime: { nodes: 2 } }), `${container}.env`)), "2");
    });

    it("starts all nodes anew after one has failed, since the others wait for it for ever [tensorflow-P7]", async () => {
        const runtime = await runtimeOf({ runtime: { restarts: 5 } });
        assert.deepEqual(at(runtime, "spec.template.spec.failurePolicy"), { maxRestarts: 5 });
        assert.equal(at(runtime, `${job}.spec.backoffLimit`), 0);
        assert.equal(at(runtime, `${pod}.restartPolicy`), "Never");
    });

    it("runs hardened, with no token and no names of services [tensorflow-P8]", async () => {
        const runtime = await runtimeOf({ runtime: { user: 2000 } });
        assert.deepEqual(at(runtime, `${container}.securityContext`), {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
        });
        assert.deepEqual(at(runtime, `${pod}.securityContext`), {
            runAsNonRoot: true,
            runAsUser: 2000,
            runAsGroup: 2000,
            fsGroup: 2000,
            fsGroupChangePolicy: "OnRootMismatch",
            seccompProfile: { type: "RuntimeDefault" },
        });
        assert.equal(at(runtime, `${pod}.automountServiceAccountToken`), false);
        assert.equal(at(runtime, `${pod}.enableServiceLinks`), false);
    });

    it("has a home and shared memory that can be written [tensorflow-P9]", async () => {
        const runtime = await runtimeOf({ runtime: { scratch: "1Gi", sharedMemory: "256Mi" } });
        assert.deepEqual(at(runtime, `${pod}.volumes`), [
            { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
            { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: "256Mi" } },
        ]);
        assert.deepEqual(at(runtime, `${container}.volumeMounts`), [
            { name: "tmp", mountPath: "/tmp" },
            { name: "shared-memory", mountPath: "/dev/shm" },
        ]);
        assert.deepEqual(at(runtime, `${container}.env[0]`), { name: "HOME", value: "/tmp" });
    });

    it("lets nodes reach each other by JobSet's labels, and nobody else [tensorflow-P10]", async () => {
        const plan = await planned({
            jobNamespace: { egress: [{ to: [{ cidr: "10.0.0.0/8" }], ports: [{ port: 443 }] }] },
        });
        const nodes = { podSelector: { matchLabels: { "jobset.sigs.k8s.io/replicatedjob-name": "node" } } };
        const ports = [{ protocol: "TCP", port: 2222 }];
        assert.deepEqual(at(find(plan, "NetworkPolicy").inputs, "spec"), {
            ...nodes,
            policyTypes: ["Ingress", "Egress"],
            ingress: [{ from: [nodes], ports }],
            egress: [
                { to: [nodes], ports },
                { to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ protocol: "TCP", port: 443 }] },
            ],
        });
        assert.equal(at(find(plan, "NetworkPolicy").inputs, "metadata.namespace"), "dev-ml");
    });

    it("gives pods host names before they are ready [tensorflow-P11]", async () => {
        assert.deepEqual(at(await runtimeOf(), "spec.template.spec.network"), {
            enableDNSHostnames: true,
            publishNotReadyAddresses: true,
        });
    });

    it("waits for the end of a job only where it is told to [tensorflow-P12]", async () => {
        assert.equal(waitFor(await planned()), undefined);
        assert.equal(waitFor(await planned({ job: { awaited: "complete", timeout: "2h" } })), "condition=Complete");
    });

    it("takes secrets by reference, and other values in the clear [tensorflow-P13]", async () => {
        const env = listAt(
            await jobOf({
                job: {
                    env: {
                        KEY: { kind: "secret", secretName: "store", key: "access" },
                        EPOCHS: { kind: "value", value: "10" },
                    },
                },
            }),
            "spec.trainer.env",
        );
        assert.deepEqual(env.slice(1), [
            { name: "KEY", valueFrom: { secretKeyRef: { name: "store", key: "access" } } },
            { name: "EPOCHS", value: "10" },
        ]);
    });

    it("mounts volumes by a patch of the one container, with an owner that has a domain [tensorflow-P14]", async () => {
        const inputs = await jobOf({
            job: {
                volumes: {
                    data: { kind: "claim", claimName: "data", path: "/data" },
                    code: { kind: "configMap", configMapName: "code", path: "/work" },
                    keys: { kind: "secret", secretName: "keys", path: "/keys" },
                },
            },
        });
        assert.match(String(at(inputs, "spec.runtimePatches[0].manager")), /^[a-z-]+\/[a-z-]+$/);
        const patch = "spec.runtimePatches[0].trainingRuntimeSpec.template.spec.replicatedJobs[0]";
        assert.equal(at(inputs, `${patch}.name`), "node");
        const spec = mapAt(inputs, `${patch}.template.spec.template.spec`);
        assert.deepEqual(spec["volumes"], [
            { name: "data", persistentVolumeClaim: { claimName: "data", readOnly: false } },
            { name: "code", configMap: { name: "code" } },
            { name: "keys", secret: { secretName: "keys", defaultMode: 0o440 } },
        ]);
        assert.deepEqual(at(spec, "containers[0]"), {
            name: "node",
            volumeMounts: [
                { name: "data", mountPath: "/data", readOnly: false },
                { name: "code", mountPath: "/work", readOnly: true },
                { name: "keys", mountPath: "/keys", readOnly: true },
            ],
        });
        assert.equal(at(await jobOf(), "spec.runtimePatches"), undefined);
    });

    it("lets submitters work with jobs, and look at pods and runtimes", async () => {
        const plan = await planned({ jobNamespace: { submitters: ["data-science"] } });
        assert.deepEqual(at(find(plan, "Role").inputs, "rules[0].resources"), ["trainjobs"]);
        assert.deepEqual(at(find(plan, "ClusterRole").inputs, "rules[0].verbs"), ["get", "list", "watch"]);
        assert.equal(at(find(plan, "RoleBinding").inputs, "subjects[0].name"), "data-science");
        assert.equal(all(await planned(), "Role").length, 0);
    });

    it("gives nodes resources, devices, a place, a priority and time to stop", async () => {
        const runtime = await runtimeOf({
            runtime: {
                image: "registry.example.com/tf:1",
                resources: { cpu: "4", memory: "16Gi" },
                accelerators: { "nvidia.com/gpu": 2 },
                targets: "gpu",
                priority: "batch",
                spread: { hosts: "required" },
                gracePeriod: "5m",
            },
            foundation: {
                targets: { gpu: [{ key: "gpu", value: "a100", constraint: "accepted" }] },
                images: { pullSecrets: ["pull"] },
            },
        });
        assert.equal(at(runtime, `${container}.image`), "registry.example.com/tf:1");
        assert.equal(at(runtime, `${container}.resources.limits["nvidia.com/gpu"]`), "2");
        assert.equal(at(runtime, `${container}.resources.requests.memory`), "16Gi");
        assert.equal(at(runtime, `${pod}.tolerations[0].key`), "gpu");
        assert.equal(at(runtime, `${pod}.priorityClassName`), "dev-batch");
        assert.equal(at(runtime, `${pod}.terminationGracePeriodSeconds`), 300);
        assert.deepEqual(at(runtime, `${pod}.imagePullSecrets`), [{ name: "pull" }]);
        assert.notEqual(at(runtime, `${pod}.affinity.podAntiAffinity`), undefined);
        assert.equal(at(await runtimeOf(), `${pod}.affinity`), undefined);
    });

    it("gives a job its own resources, a deadline, and lets it wait", async () => {
        const inputs = await jobOf({
            job: { resources: { cpu: "2", memory: "8Gi" }, deadline: "3h", suspended: true },
        });
        assert.deepEqual(at(inputs, "spec.trainer.resourcesPerNode"), {
            requests: { cpu: "2", memory: "8Gi", "ephemeral-storage": "4Gi" },
            limits: { cpu: "8", memory: "8Gi", "ephemeral-storage": "4Gi" },
        });
        // The operator replaces all of the runtime's: what the job does not say stays only if it stands there again.
        const partly = await jobOf({
            job: { resources: { memory: "8Gi" } },
            runtime: { resources: { cpu: "3", cpuLimit: "5" }, accelerators: { "nvidia.com/gpu": 2 } },
        });
        assert.deepEqual(at(partly, "spec.trainer.resourcesPerNode"), {
            requests: { cpu: "3", memory: "8Gi", "ephemeral-storage": "4Gi", "nvidia.com/gpu": "2" },
            limits: { cpu: "5", memory: "8Gi", "ephemeral-storage": "4Gi", "nvidia.com/gpu": "2" },
        });
        assert.equal(at(inputs, "spec.activeDeadlineSeconds"), 10800);
        assert.equal(at(inputs, "spec.suspend"), true);
        const plain = await jobOf();
        assert.equal(at(plain, "spec.trainer.resourcesPerNode"), undefined);
        assert.equal(at(plain, "spec.suspend"), false);
    });

    it("counts the nodes of the jobs that run", () => {
        const settings = tensorflowSettings.parse(settingsWith({ job: { nodes: 3, resources: { cpu: "2" } } }));
        const namespace = settings.jobNamespaces["ml"];
        assert.ok(namespace !== undefined);
        const sum = sumOfDemands(startedDemand(namespace, settings.runtimes));
        assert.deepEqual([sum.pods, sum.cpu, sum.cpuLimit, sum.memory], [3, 6, 24, 3 * 4 * 2 ** 30]);
        const idle = tensorflowSettings.parse(settingsWith({ job: { suspended: true } })).jobNamespaces["ml"];
        assert.ok(idle !== undefined);
        assert.deepEqual(startedDemand(idle, settings.runtimes), []);
    });

    it("installs the trainer without its runtimes, whose installer runs as root [tensorflow-P15]", async () => {
        const plan = await planned({
            operator: { kind: "chart" },
            foundation: { apiServer: { cidrs: ["10.96.0.1/32"], ports: [443] } },
        });
        const release = find(plan, "Release").inputs;
        assert.equal(at(release, "values.runtimes.defaultEnabled"), false);
        assert.equal(at(release, "version"), "2.3.0");
        const runtime = find(plan, "ClusterTrainingRuntime");
        assert.ok(runtime.dependencies.some((urn) => urn.includes("tf-operator")));
        assert.ok(find(plan, "TrainJob").dependencies.includes(runtime.urn));
    });

    const images: readonly (readonly [string, NonNullable<FoundationOverrides["images"]>, object, object])[] = [
        [
            "of the catalog",
            {},
            {
                registry: "ghcr.io",
                repository: "kubeflow/trainer/trainer-controller-manager",
                tag: "v2.3.0",
                pullSecrets: [],
            },
            { repository: "registry.k8s.io/jobset/jobset", tag: "v0.12.0", pullSecrets: [] },
        ],
        [
            "of the mirror, pinned, and pulls them with the environment's Secrets",
            {
                registry: "mirror.example.com/hub",
                pins: { "kubeflow-trainer": "v2.3.1", jobset: "v0.12.1" },
                pullSecrets: ["mirror"],
            },
            {
                registry: "mirror.example.com",
                repository: "hub/kubeflow/trainer/trainer-controller-manager",
                tag: "v2.3.1",
                pullSecrets: [{ name: "mirror" }],
            },
            {
                repository: "mirror.example.com/hub/jobset/jobset",
                tag: "v0.12.1",
                pullSecrets: [{ name: "mirror" }],
            },
        ],
    ];
    for (const [what, settings, trainer, jobset] of images) {
        it(`runs the images of the trainer and of JobSet ${what}`, async () => {
            const plan = await planned({
                operator: { kind: "chart" },
                foundation: { apiServer: { cidrs: ["10.96.0.1/32"], ports: [443] }, images: settings },
            });
            const release = find(plan, "Release").inputs;
            assert.deepEqual(at(release, "values.image"), trainer);
            assert.deepEqual(at(release, "values.jobset.image"), jobset);
            assert.equal((find(plan, "Operator").inputs["images"] as unknown[]).length, 2);
        });
    }

    /** What a command started by the script sees of TF_CONFIG. */
    const configSeen = (env: Record<string, string>, script = startScript): string =>
        execFileSync("python3", ["-c", script, "printenv", "TF_CONFIG"], {
            env: { PATH: process.env["PATH"] ?? "", ...env },
            encoding: "utf8",
            stdio: "pipe",
        });

    it("tells each of several nodes who the others are, by JobSet's names [tensorflow-P16]", function () {
        this.timeout(20_000);
        const env = {
            TRAINING_NODES: "2",
            JOB_COMPLETION_INDEX: "1",
            TRAINING_JOB: "fit",
            TRAINING_NAMESPACE: "ml",
            TRAINING_DOMAIN: "cluster.local",
        };
        // No cluster resolves the names here.
        const found = startScript.replace("socket.getaddrinfo(host, 2222)", "pass");
        assert.deepEqual(JSON.parse(configSeen(env, found)), {
            cluster: {
                worker: ["fit-node-0-0.fit.ml.svc.cluster.local:2222", "fit-node-0-1.fit.ml.svc.cluster.local:2222"],
            },
            task: { type: "worker", index: 1 },
        });
        assert.throws(() => configSeen({ ...env, JOB_COMPLETION_INDEX: "2" }, found));
        assert.throws(() => configSeen({ TRAINING_NODES: "1" }), "a single node has none");
    });
});
