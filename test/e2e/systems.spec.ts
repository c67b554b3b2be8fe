import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { Cluster } from "./support/cluster";
import type { KubeList, KubeObject, Pod } from "./support/objects";
import { openProxy } from "./support/proxy";
import { eventually, succeeded } from "./support/run";
import { generatedSecrets, holdersOf, reveals } from "./support/secrets";
import { dependenciesOf, resourcesOf } from "./support/state";
import { requireTools } from "./support/tools";
import { Workspace } from "./support/workspace";

/** One system by itself, as the shipped stack `dev` has it but for what is set here. */
interface Alone {
    readonly system: string;
    /** Further sections of `dev` that it needs. */
    readonly needs: readonly string[];
    readonly settings: Readonly<Record<string, unknown>>;
    /** Namespaces with pods, once it is up. */
    readonly namespaces: readonly string[];
    /** Sets that must be gone before what they still need on their way out: by name of the engine's resources. */
    readonly last: readonly (readonly [set: string, needs: readonly string[]])[];
}

const systems: readonly Alone[] = [
    {
        system: "heron",
        needs: ["zookeeper"],
        settings: {
            "systems.heron.uploader": { kind: "dlog", replicas: 2 },
            "systems.heron.statefulStorage": { kind: "dlog", replicas: 2 },
            "systems.heron.bookkeeper": { bookies: 3 },
        },
        namespaces: ["lone-zookeeper", "lone-heron"],
        last: [
            [
                "heron-apiserver-deployment",
                [
                    "heron-apiserver-access-elsewhere-binding",
                    "heron-apiserver-network",
                    "heron-config",
                    "heron-dlog-task-job",
                    "heron-bookkeeper-bookies-set",
                    "zookeeper-ensemble-set",
                ],
            ],
            ["heron-ui-deployment", ["heron-tracker-deployment"]],
            ["heron-dlog-task-job", ["heron-bookkeeper-bookies-set"]],
            ["heron-bookkeeper-bookies-set", ["zookeeper-ensemble-set"]],
        ],
    },
    {
        system: "twister2",
        needs: [],
        settings: {
            "systems.twister2.jobNamespaces.research.openMpi": { kind: "generated" },
            "systems.twister2.nodeLocations": {
                kind: "labels",
                nodes: [{ node: "node-1", rack: "blue", datacenter: "one" }],
            },
        },
        namespaces: ["lone-twister2", "lone-twister2-research"],
        last: [
            ["twister2-dash-server-deployment", ["twister2-dash-server-network"]],
            ["twister2-research-uploader-server-set", ["twister2-research-uploader-server-network"]],
        ],
    },
    {
        system: "flink",
        needs: [],
        settings: { "systems.flink.fixed": { mode: { kind: "standalone", replicas: 2 } } },
        namespaces: ["lone-flink-shared", "lone-flink-fixed"],
        last: [
            [
                "flink-shared-jobmanager-deployment",
                [
                    "flink-shared-jobmanager-access-binding",
                    "flink-shared-jobmanager-network",
                    "flink-shared-config",
                    "flink-shared-pod-template",
                    "flink-shared-taskmanager-network",
                ],
            ],
        ],
    },
];

/** The stack file of one system: `dev` without all else, in an environment of its own. */
async function workspaceWith(cluster: Cluster, { system, needs, settings }: Alone): Promise<Workspace> {
    const workspace = new Workspace(cluster.kubeconfig);
    const context = await cluster.context();
    workspace.editStack(
        system,
        ({ set, remove }) => {
            set("cluster.context", context);
            set("environment.name", "lone");
            ["zookeeper", "opensearch"].filter((section) => !needs.includes(section)).forEach(remove);
            ["teraslice", "heron", "twister2", "flink"]
                .filter((other) => other !== system)
                .forEach((other) => remove(`systems.${other}`));
            Object.entries(settings).forEach(([path, value]) => set(path, value));
        },
        "dev",
    );
    succeeded("stack init", await workspace.pulumi("stack", "init", system, "--no-select"));
    return workspace;
}

for (const alone of systems) {
    const { system, namespaces, last } = alone;

    describe(`${system} alone`, () => {
        const cluster = new Cluster();
        let workspace: Workspace;
        let inventory: readonly string[];

        before(async function () {
            await requireTools(this, "cluster");
            await cluster.preparePools();
            workspace = await workspaceWith(cluster, alone);
            inventory = await cluster.inventory();
        });

        after(async () => {
            // Only a failed run leaves anything for these.
            if (workspace as Workspace | undefined) {
                if (workspace.state(system).includes('"kubernetes:')) {
                    await workspace.operate("destroy", system);
                }
                await cluster.deletePriorityClasses("lone");
                workspace.remove();
            }
            await cluster.restorePools();
        });

        it("comes up with every pack, without a warning", async () => {
            const up = succeeded("up", await workspace.wrapped("up", system));
            assert.deepEqual(up.events.complaints, []);
            const pods = await cluster.settledPods(...namespaces);
            assert.deepEqual(
                [...new Set(Object.keys(pods).map((name) => name.split("/")[0]))].sort(),
                [...namespaces].sort(),
            );
        });

        it("changes nothing when it is repeated, and finds the cluster as it left it", async () => {
            const again = await workspace.operate("preview", system, "--refresh", "--expect-no-changes");
            assert.equal(again.code, 0, again.output);
            const up = await workspace.operate("up", system, "--expect-no-changes", "--skip-preview");
            assert.equal(up.code, 0, up.output);
            assert.deepEqual(up.events.changes, []);
        });

        if (system === "heron") {
            it("lets the API server start a topology from the templates, and stop it again", () =>
                startTopology(cluster));
        }
        if (system === "twister2") {
            it("lets those who submit start a job, and the job scale itself", () => startJob(cluster));
            it("keeps the generated key of OpenMPI jobs in its Secret, and nowhere else", async () => {
                const shown = ["stack", "export", "--stack", system];
                const [secretly, plainly] = await Promise.all([
                    workspace.pulumi(...shown, "--show-secrets"),
                    workspace.pulumi(...shown),
                ]);
                const keys = generatedSecrets(succeeded("export", secretly).stdout);
                assert.equal(keys.length, 3, "a private key in three forms");
                const held = holdersOf(await cluster.everything(), keys);
                assert.deepEqual(held, ["Secret lone-twister2-research/twister2-openmpi-ssh-key"]);
                const { files } = succeeded("render", await workspace.render(system));
                const texts = [
                    plainly.stdout,
                    workspace.state(system),
                    ...files.map((file) => readFileSync(file, "utf8")),
                ];
                assert.equal(reveals(texts.join("\n"), keys), false);
            });
            it("labels nodes with racks and data centers", async () => {
                const { metadata } = await cluster.json<KubeObject>("get", "node", "node-1");
                assert.deepEqual([metadata.labels?.["rack"], metadata.labels?.["datacenter"]], ["blue", "one"]);
            });
        }

        it("is taken down in an order in which each pod keeps what it needs to the end", () => {
            const resources = resourcesOf(workspace.state(system));
            const urnOf = (name: string): string => {
                const found = resources.find(({ urn }) => urn.endsWith(`::${name}`));
                assert.ok(found !== undefined, name);
                return found.urn;
            };
            for (const [set, needs] of last) {
                const before = dependenciesOf(resources, urnOf(set));
                assert.deepEqual(
                    needs.filter((name) => !before.has(urnOf(name))),
                    [],
                    set,
                );
            }
        });

        it("leaves nothing behind, not even what it started by itself", async () => {
            const destroyed = await workspace.operate("destroy", system);
            assert.equal(destroyed.code, 0, destroyed.output);
            assert.deepEqual(destroyed.events.complaints, []);
            await eventually(async () => assert.deepEqual(await cluster.inventory(), inventory));
        });
    });
}

/** Objects as somebody, or some pod, would make them. */
async function as(
    cluster: Cluster,
    who: readonly string[],
    verb: string,
    ...objects: readonly object[]
): Promise<void> {
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
    await cluster.must([...who, verb, "-f", "-"], list);
}

/** The pods of a set, once they run. */
function running(cluster: Cluster, namespace: string, selector: string, count: number): Promise<readonly Pod[]> {
    return eventually(async () => {
        const { items } = await cluster.json<KubeList<Pod>>("get", "pods", "-n", namespace, "-l", selector);
        assert.equal(items.filter(({ status }) => status.phase === "Running").length, count);
        return items;
    });
}

/** What Heron's API server does for `heron submit` and `heron kill`, with its own account. */
async function startTopology(cluster: Cluster): Promise<void> {
    const namespace = "lone-heron-topologies";
    const apiServer = ["--as", "system:serviceaccount:lone-heron:heron-apiserver", "-n", namespace];
    const { data } = JSON.parse(await cluster.must([...apiServer, "get", "configmap", "heron-pods", "-o", "json"])) as {
        data: Record<string, string>;
    };
    const labels = { app: "heron", topology: "words" };
    const metadata = (name: string) => ({ name, namespace, labels });
    const set = (part: "executor" | "manager") => {
        const { template } = parse(data[`${part}.yaml`] ?? "") as { template: { spec: { containers: object[] } } };
        const containers = template.spec.containers.map((container) => ({
            ...container,
            image: "example.com/heron:1",
            command: ["sh", "-c", "heron-executor"],
        }));
        return {
            apiVersion: "apps/v1",
            kind: "StatefulSet",
            metadata: metadata(`words-${part}`),
            spec: {
                serviceName: "words",
                replicas: 1,
                podManagementPolicy: "Parallel",
                selector: { matchLabels: labels },
                template: { metadata: { labels }, spec: { ...template.spec, containers } },
            },
        };
    };
    const service = {
        apiVersion: "v1",
        kind: "Service",
        metadata: metadata("words"),
        spec: { clusterIP: "None", selector: labels },
    };
    await as(cluster, apiServer, "create", service, set("executor"), set("manager"));
    const pods = await running(cluster, namespace, "app=heron,topology=words", 2);
    const nodes = await cluster.nodes();
    for (const { spec } of pods) {
        assert.equal(nodes[spec.nodeName ?? ""]?.metadata.labels?.["pool"], "batch");
        assert.equal(spec.priorityClassName, "lone-batch");
        assert.ok(spec.tolerations?.some(({ key, value }) => key === "pool" && value === "batch"));
        assert.equal(spec.serviceAccountName, "heron-topology");
        assert.equal(spec.volumes?.some(({ projected }) => projected !== undefined) ?? false, false, "no token");
    }
    // Nowhere else, whatever a submitter asks for.
    const elsewhere = await cluster.kubectl(
        ["--as", "system:serviceaccount:lone-heron:heron-apiserver", "create", "-f", "-"],
        JSON.stringify({ ...service, metadata: { name: "words", namespace: "lone-heron" } }),
    );
    assert.match(elsewhere.stderr, /forbidden/i);
    // The other topology of the namespace is what destroy meets.
    await as(cluster, apiServer, "create", { ...service, metadata: { ...metadata("left"), labels } });
    await cluster.must([...apiServer, "delete", "service", "words"]);
}

/** What a submitting client does for a job, and the job for itself. */
async function startJob(cluster: Cluster): Promise<void> {
    const namespace = "lone-twister2-research";
    const submitter = ["--as", "ann", "--as-group", "research", "-n", namespace];
    const labels = { app: "twister2", "t2-job": "ann-words-1" };
    const metadata = (name: string) => ({ name, namespace, labels });
    const set = (name: string, pod: Readonly<Record<string, string>>) => ({
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: metadata(name),
        spec: {
            serviceName: name,
            replicas: 1,
            podManagementPolicy: "Parallel",
            selector: { matchLabels: pod },
            template: {
                metadata: { labels: { ...labels, ...pod } },
                spec: {
                    terminationGracePeriodSeconds: 0,
                    containers: [
                        {
                            name: "twister2-container-0",
                            image: "example.com/twister2:1",
                            command: ["/bin/bash"],
                            args: ["-c", "./init.sh"],
                            resources: { requests: { cpu: "1", memory: "2Gi" } },
                        },
                    ],
                    volumes: [{ name: "twister2-memory-dir", emptyDir: { medium: "Memory" } }],
                },
            },
        },
    });
    const service = (name: string, selector: object) => ({
        apiVersion: "v1",
        kind: "Service",
        metadata: metadata(name),
        spec: { clusterIP: "None", selector },
    });
    const [job, master] = ["ann-words-1", "ann-words-1-jm"];
    await as(
        cluster,
        submitter,
        "create",
        service(job, { "t2-wp": job }),
        service(master, { "t2-mp": job }),
        { apiVersion: "v1", kind: "ConfigMap", metadata: metadata(job), data: { TWISTER2_JOB_OBJECT: "" } },
        set(master, { "t2-mp": job }),
        set(`${job}-0`, { "t2-wp": job }),
    );
    const pods = await running(cluster, namespace, "app=twister2", 2);
    assert.ok(pods.every(({ spec }) => spec.serviceAccountName === "default"));
    assert.ok(
        pods.every(({ spec }) => spec.volumes?.some(({ projected }) => projected !== undefined)),
        "a token",
    );
    await asItself(cluster, namespace, async (call) => {
        // kubectl would get each object first, which a job never does.
        const merge = "application/merge-patch+json";
        const sets = `/apis/apps/v1/namespaces/${namespace}/statefulsets`;
        const core = `/api/v1/namespaces/${namespace}`;
        assert.equal(await call("PATCH", `${sets}/${job}-0/scale`, merge, { spec: { replicas: 2 } }), 200);
        await running(cluster, namespace, "app=twister2", 3);
        assert.equal(await call("PATCH", `${core}/configmaps/${job}`, merge, { data: { KILL_JOB: "true" } }), 200);
        assert.equal(await call("DELETE", `${sets}/${job}-0`), 200);
        // Not the Secret beside it, and no new pods.
        assert.equal(await call("GET", `${core}/secrets/twister2-openmpi-ssh-key`), 403);
        assert.equal(await call("POST", `${core}/pods`, "application/json", {}), 403);
    });
}

/** Calls of the API by the pods of jobs, each with the status of its answer. */
async function asItself(
    cluster: Cluster,
    namespace: string,
    calls: (call: (method: string, path: string, type?: string, body?: object) => Promise<number>) => Promise<void>,
): Promise<void> {
    const { address, close } = await openProxy(
        cluster,
        "--reject-methods=^$",
        `--as=system:serviceaccount:${namespace}:default`,
    );
    try {
        await calls(async (method, path, type, body) => {
            const answer = await fetch(`${address}${path}`, {
                method,
                ...(body && { body: JSON.stringify(body), headers: { "Content-Type": type ?? "application/json" } }),
            });
            return answer.status;
        });
    } finally {
        close();
    }
}
