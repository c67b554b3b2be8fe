import * as assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cluster } from "./support/cluster";
import { flinkJars } from "./support/flinkJars";
import { flattened, LocalJobManager, mountedFile, overrides, requireJava } from "./support/flinkProcess";
import {
    type DeclaredSession,
    flinkStack as stack,
    flinkWorkspace,
    removeFlink,
    sessions,
    workerSelector,
} from "./support/flinkStack";
import { allowedBy, type Deployment, placementOf, type Role, type WorkerPod } from "./support/flinkPods";
import type { KubeList, KubeObject } from "./support/objects";
import { eventually, succeeded } from "./support/run";
import { dependenciesOf, resourcesOf } from "./support/state";
import { requireTools } from "./support/tools";
import type { Operated, Workspace } from "./support/workspace";

const [events, orders] = sessions as readonly [DeclaredSession, DeclaredSession];
const namespaces = sessions.map(({ namespace }) => namespace);
const clusterMap = `${orders.clusterId}-cluster-config-map`;

/** What a JobManager calls of the Kubernetes API: to start and end TaskManagers; with high availability, to lead. */
const calledForWorkers = ["create pods", "delete pods", "get deployments.apps", "list pods", "watch pods"];
const calledToLead = ["create", "get", "list", "patch", "update", "watch"].map((verb) => `${verb} configmaps`);

/** What a Role may allow that is not called here, and why. */
const allowedBeyond: Readonly<Record<string, string>> = {
    "update deployments/finalizers.apps":
        "admission asks for it on OpenShift, since the pods block their owner's deletion",
    "delete configmaps": "done when a job or the session has ended",
    "get pods": "less than to list them",
};

/** What the target set `elastic` of the fixture is as fields of a pod. */
const elastic = {
    nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: "pool", operator: "In", values: ["batch"] }] }],
        },
        preferredDuringSchedulingIgnoredDuringExecution: [
            {
                weight: 1,
                preference: {
                    matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["zone-2"] }],
                },
            },
        ],
    },
    tolerations: [{ key: "pool", operator: "Equal", value: "batch", effect: "NoSchedule" }],
};

describe("Flink's own JobManager, with what the stack has declared for it", () => {
    const cluster = new Cluster();
    const started: LocalJobManager[] = [];
    /** The one that each session has at last. */
    const running = new Map<DeclaredSession, LocalJobManager>();
    /** The first TaskManagers that each has made. */
    const made = new Map<DeclaredSession, readonly WorkerPod[]>();
    const folders: string[] = [];
    let workspace: Workspace;
    let inventory: readonly string[];
    let deployed: Operated;

    const folder = (): string => {
        const own = mkdtempSync(join(tmpdir(), "flink-"));
        folders.push(own);
        return own;
    };

    const start = async (session: DeclaredSession, account: string): Promise<LocalJobManager> => {
        const own = folder();
        const manager = await LocalJobManager.start(cluster, await flinkJars(), session, own, {
            account,
            // The jar that serves s3: is in the image; here a folder stands in for the bucket.
            ...(session.highAvailability && {
                further: { "high-availability.storageDir": `file://${join(own, "ha")}` },
            }),
        });
        started.push(manager);
        running.set(session, manager);
        return manager;
    };

    const workers = async ({ namespace }: DeclaredSession): Promise<readonly WorkerPod[]> => {
        const arguments_ = ["get", "pods", "--namespace", namespace, "--selector", workerSelector];
        return (await cluster.json<KubeList<WorkerPod>>(...arguments_)).items;
    };

    const deployment = ({ namespace, clusterId }: DeclaredSession): Promise<Deployment> =>
        cluster.json<Deployment>("get", "deployment", "--namespace", namespace, clusterId);

    const accountOf = async (session: DeclaredSession): Promise<string> =>
        (await deployment(session)).spec.template.spec.serviceAccountName ?? "default";

    before(async function () {
        await requireTools(this, "cluster");
        await requireJava(this);
        await cluster.preparePools();
        workspace = await flinkWorkspace(cluster);
        inventory = await cluster.inventory();
        deployed = succeeded("up", await workspace.operate("up", stack, "--skip-preview"));
    });

    after(async () => {
        await Promise.all(started.map((each) => each.stop()));
        folders.forEach((each) => rmSync(each, { recursive: true, force: true }));
        // Only a failed run leaves anything for this.
        if (workspace as Workspace | undefined) {
            await removeFlink(cluster, workspace);
        }
        await cluster.restorePools();
    });

    it("comes after an up without a warning, in namespaces that enforce Pod Security restricted", async () => {
        assert.deepEqual(deployed.events.complaints, []);
        for (const namespace of namespaces) {
            const { metadata } = await cluster.json<KubeObject>("get", "namespace", namespace);
            assert.equal(metadata.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
        }
    });

    it("says so where its account may not create pods", async () => {
        const { namespace, clusterId } = events;
        const metadata = { name: "reader", namespace };
        const role = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" };
        await cluster.apply(
            { apiVersion: "v1", kind: "ServiceAccount", metadata },
            {
                apiVersion: "rbac.authorization.k8s.io/v1",
                kind: "Role",
                metadata,
                rules: [
                    { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] },
                    { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"], resourceNames: [clusterId] },
                ],
            },
            {
                apiVersion: "rbac.authorization.k8s.io/v1",
                kind: "RoleBinding",
                metadata,
                roleRef: role,
                subjects: [{ kind: "ServiceAccount", name: "reader", namespace }],
            },
        );
        try {
            const blind = await start(events, "reader");
            await blind.logged(/cannot create resource/);
            assert.deepEqual(blind.refusals(), ["create pods"]);
            assert.deepEqual(await workers(events), []);
            await blind.stop();
        } finally {
            await cluster.must(["delete", "serviceaccount,role,rolebinding", "reader", "--namespace", namespace]);
        }
    });

    it("starts with the token of its account and makes the TaskManagers that it has to keep", async () => {
        // Both at once: most of the time they wait.
        await Promise.all(sessions.map(async (session) => start(session, await accountOf(session))));
        for (const session of sessions) {
            const { clusterId, least } = session;
            for (let index = 1; index <= least; index += 1) {
                const received = `Received new TaskManager pod: ${clusterId}-taskmanager-1-${index}$`;
                await running.get(session)!.logged(new RegExp(received, "m"));
            }
            made.set(session, await workers(session));
            assert.equal(made.get(session)!.length, least);
        }
    });

    for (const session of sessions) {
        const { clusterId, namespace, highAvailability } = session;
        describe(`of ${clusterId}`, () => {
            it("reads the whole configuration as it is written", async () => {
                const text = await mountedFile(cluster, namespace, `flink-config-${clusterId}`, "config.yaml");
                const written = Object.entries(flattened(text));
                const read = await running
                    .get(session)!
                    .rest<readonly { key: string; value: string }[]>("/jobmanager/config");
                const inUse = new Map(read.map(({ key, value }) => [key, value]));
                // High availability puts the pod's address in the place of these two.
                const moved = ["jobmanager.rpc.address", "rest.address", "high-availability.storageDir"];
                const changed = [...Object.keys(overrides("")), ...(highAvailability ? moved : [])];
                assert.ok(written.length > 15, `${written.length} keys`);
                for (const [key, value] of written.filter(([each]) => !changed.includes(each))) {
                    // What looks like a secret is not shown.
                    if (inUse.get(key) !== "******") {
                        const expected = Array.isArray(value) ? value.join(";") : String(value);
                        assert.equal(inUse.get(key), expected, key);
                    }
                }
            });

            it("logs with the pattern of the rendered file", () => {
                const log = running.get(session)!.log();
                assert.match(log, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO +org\.apache\.flink\./m);
                assert.doesNotMatch(log, /StatusLogger/);
            });

            it("makes pods that carry the stack's targets, priority and pull secrets", () => {
                for (const pod of made.get(session)!) {
                    const { spec } = pod;
                    assert.deepEqual(placementOf(pod), elastic);
                    assert.equal(spec.priorityClassName, "flk-batch");
                    assert.deepEqual(spec.imagePullSecrets, [{ name: "mirror" }]);
                }
            });

            it("makes hardened pods", () => {
                for (const { spec } of made.get(session)!) {
                    const { runAsNonRoot, runAsUser, fsGroup, seccompProfile } = spec.securityContext ?? {};
                    assert.deepEqual(
                        { runAsNonRoot, runAsUser, fsGroup, seccompProfile },
                        {
                            runAsNonRoot: true,
                            runAsUser: 9999,
                            fsGroup: 9999,
                            seccompProfile: { type: "RuntimeDefault" },
                        },
                    );
                    for (const { securityContext } of spec.containers) {
                        assert.deepEqual(securityContext, {
                            allowPrivilegeEscalation: false,
                            capabilities: { drop: ["ALL"] },
                            readOnlyRootFilesystem: true,
                            runAsNonRoot: true,
                        });
                    }
                }
            });

            it("makes pods of an account of their own, with a token only where they ask who leads", async () => {
                const own = await accountOf(session);
                for (const { spec } of made.get(session)!) {
                    assert.notEqual(spec.serviceAccountName, own);
                    assert.match(spec.serviceAccountName ?? "", new RegExp(clusterId));
                    assert.equal(spec.automountServiceAccountToken, highAvailability);
                }
            });

            it("makes pods with one main container, of the JobManager's image, with the same files", async () => {
                const { template } = (await deployment(session)).spec;
                const image = template.spec.containers.find(({ name }) => name === "flink-main-container")?.image;
                assert.match(image ?? "", /^registry\.example\.com\/mirror\/.*flink/);
                const { data } = await cluster.json<{ data: Record<string, string> }>(
                    ...["get", "configmap", "--namespace", namespace, `flink-config-${clusterId}`],
                );
                for (const { spec } of made.get(session)!) {
                    assert.deepEqual(
                        spec.containers.map((container) => [container.name, container.image]),
                        [["flink-main-container", image]],
                    );
                    assert.equal(spec.restartPolicy, "Never");
                    const files = spec.volumes?.find(({ name }) => name === "flink-config-volume")?.configMap;
                    assert.equal(files?.name, `flink-config-${clusterId}`);
                    assert.deepEqual(files.items?.map(({ key }) => key).sort(), Object.keys(data).sort());
                }
            });

            it("makes pods that its Deployment owns, by which they go with it", async () => {
                const { metadata } = await deployment(session);
                for (const pod of made.get(session)!) {
                    assert.deepEqual(pod.metadata.ownerReferences, [
                        {
                            apiVersion: "apps/v1",
                            kind: "Deployment",
                            name: clusterId,
                            uid: metadata.uid,
                            controller: true,
                            blockOwnerDeletion: true,
                        },
                    ]);
                }
            });

            it("makes pods that run where their targets say", async () => {
                const nodes = await cluster.nodes();
                await eventually(async () => {
                    const pods = await workers(session);
                    assert.ok(pods.length > 0);
                    for (const { metadata, spec } of pods) {
                        const node = nodes[spec.nodeName ?? ""];
                        assert.equal(node?.metadata.labels?.["pool"], "batch", `${metadata.name} on ${spec.nodeName}`);
                    }
                });
            });
        });
    }

    it("puts the labels and annotations of the stack file on its pods, and keeps its own", () => {
        for (const { metadata } of made.get(events)!) {
            const { labels = {}, annotations = {} } = metadata;
            assert.equal(labels["team"], "analytics");
            assert.equal(labels["app"], events.clusterId);
            assert.equal(labels["component"], "taskmanager");
            assert.equal(annotations["example.com/cost-center"], "4711");
            assert.equal(annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"], "false");
        }
    });

    it("ends pods that don't report, and has asked for nothing that its Role forbids", async () => {
        const manager = running.get(events)!;
        await manager.logged(/Received new TaskManager pod: events-taskmanager-1-3$/m, 90);
        await eventually(async () => {
            const names = (await workers(events)).map(({ metadata }) => metadata.name);
            assert.ok(!names.includes("events-taskmanager-1-1"), names.join(", "));
        });
        assert.deepEqual(manager.calls(), calledForWorkers);
        assert.deepEqual(manager.refusals(), []);
    });

    it("leads by a ConfigMap, and has asked for nothing that its Role forbids", async () => {
        const manager = running.get(orders)!;
        const map = await cluster.json<KubeObject & { data: Record<string, string> }>(
            ...["get", "configmap", "--namespace", orders.namespace, clusterMap],
        );
        assert.match(map.data["org.apache.flink.k8s.leader.dispatcher"] ?? "", /@127\.0\.0\.1:6123\//);
        const calls = manager.calls();
        assert.deepEqual(
            calledToLead.filter((call) => !calls.includes(call)),
            [],
        );
        assert.deepEqual(manager.refusals(), []);
    });

    it("may do no more than that, but for what has a reason", async () => {
        for (const session of sessions) {
            const name = await accountOf(session);
            const role = await cluster.json<Role>("get", "role", "--namespace", session.namespace, name);
            const called = [...calledForWorkers, ...(session.highAvailability ? calledToLead : [])];
            const beyond = allowedBy(role).filter((call) => !called.includes(call));
            assert.deepEqual(
                beyond.filter((call) => !(call in allowedBeyond)),
                [],
            );
        }
    });

    describe("asked to end by a client", () => {
        it("ends, but can't take its Deployment away", async () => {
            const manager = running.get(events)!;
            const before = await deployment(events);
            await manager.end();
            assert.deepEqual(manager.refusals(), ["delete deployments.apps"]);
            assert.equal((await deployment(events)).metadata.uid, before.metadata.uid);
        });
    });

    describe("lost, and its stack destroyed", () => {
        let ended: Operated;
        let stateBefore: string;
        before(async () => {
            await Promise.all(started.map((each) => each.stop()));
            for (const session of sessions) {
                assert.ok((await workers(session)).length > 0, `${session.clusterId} has TaskManagers`);
            }
            await cluster.must(["get", "configmap", "--namespace", orders.namespace, clusterMap]);
            stateBefore = workspace.state(stack);
            ended = await workspace.operate("destroy", stack);
        });

        it("leaves nothing: neither TaskManagers nor what the leader wrote", async () => {
            assert.equal(ended.code, 0, ended.output);
            await eventually(async () => assert.deepEqual(await cluster.inventory(), inventory));
        });

        it("has waited for the end of each Deployment with what its pods need", () => {
            const resources = resourcesOf(stateBefore);
            const nameOf = (urn: string): string => urn.split(/[:$]/).slice(-3).join(":").replace("::", " ");
            for (const { clusterId } of sessions) {
                const of = (kinds: string, parts: string): readonly string[] =>
                    resources
                        .map(({ urn }) => urn)
                        .filter((urn) => new RegExp(`^(${kinds}) flink-${clusterId}-(${parts})$`).test(nameOf(urn)));
                const [own] = of("Deployment", ".*");
                const needed = [
                    ...of("RoleBinding|Role|ServiceAccount", ".*"),
                    ...of("ConfigMap", "config|pod-template"),
                    ...of("NetworkPolicy", "taskmanager-.*"),
                ];
                assert.ok(needed.length >= 7, needed.join("\n"));
                const dependencies = dependenciesOf(resources, own ?? "");
                assert.deepEqual(
                    needed.filter((urn) => !dependencies.has(urn)),
                    [],
                );
            }
        });
    });
});
