import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Cluster } from "./support/cluster";
import type { Step } from "./support/events";
import { type KubeObject, nameOf } from "./support/objects";
import {
    addStore,
    allCanaries,
    canaries,
    createCredentials,
    deleteCredentials,
    devNamespaces,
    productionNamespaces,
    targetsOf,
    withConstraint,
    workspaceOn,
} from "./support/platform";
import { AccessReviews } from "./support/reviews";
import { eventually, succeeded } from "./support/run";
import { holdersOf, reveals } from "./support/secrets";
import { hiddenPaths, podTemplates } from "./support/templates";
import { requireTools } from "./support/tools";
import type { Operated, Workspace } from "./support/workspace";

/** Kinds of steps, each once: `create`, `update` … */
const operations = (steps: readonly Step[]): readonly string[] => [...new Set(steps.map(({ op }) => op))].sort();

/** Kubernetes objects among the steps that were done, not only planned: `update zookeeper-config`. */
const changedObjects = (steps: readonly Step[]): readonly string[] =>
    steps
        .filter(({ planned, type }) => !planned && type.startsWith("kubernetes:"))
        .map(({ op, name }) => `${op} ${name}`)
        .sort();

const stacks = [
    { stack: "dev", namespaces: devNamespaces },
    { stack: "production", namespaces: productionNamespaces },
] as const;
const allNamespaces = stacks.flatMap(({ namespaces }) => namespaces);

/** What the master of Teraslice calls of the Kubernetes API: kubernetesV2/k8s.ts of 3.18.0. */
const calledByMaster = [
    "create deployments.apps",
    "create jobs.batch",
    "create services",
    "delete deployments.apps",
    "delete jobs.batch",
    "delete pods",
    "delete replicasets.apps",
    "delete services",
    "list deployments.apps",
    "list jobs.batch",
    "list pods",
    "list replicasets.apps",
    "list services",
    "patch deployments.apps",
];

describe("dev and production on one cluster", () => {
    const cluster = new Cluster();
    let workspace: Workspace;
    let inventory: readonly string[];

    before(async function () {
        await requireTools(this, "cluster");
        await cluster.preparePools();
        await createCredentials(cluster);
        workspace = await workspaceOn(cluster);
        for (const { stack } of stacks) {
            succeeded("stack init", await workspace.pulumi("stack", "init", stack, "--no-select"));
        }
        await addStore(workspace, "production");
        inventory = await cluster.inventory();
    });

    after(async () => {
        // Only a failed run leaves anything for these.
        if (workspace as Workspace | undefined) {
            for (const { stack } of stacks) {
                if (workspace.state(stack).includes('"kubernetes:')) {
                    await workspace.operate("destroy", stack);
                }
            }
            await cluster.deleteNamespaces(...allNamespaces);
            await cluster.deletePriorityClasses("dev", "prod");
            await deleteCredentials(cluster);
            workspace.remove();
        }
        await cluster.restorePools();
    });

    for (const { stack } of stacks) {
        describe(`the first preview of ${stack}`, () => {
            let preview: Operated;
            before(async () => {
                preview = succeeded("preview", await workspace.wrapped("preview", stack));
            });

            it("only creates, without a warning", () => {
                assert.deepEqual(operations(preview.events.changes), ["create"]);
                assert.deepEqual(preview.events.complaints, []);
            });

            it("knows every pod template in full", () => {
                const templates = preview.events.steps.flatMap(({ name, inputs }) =>
                    podTemplates(inputs).map((template) => ({ name, hidden: hiddenPaths(template) })),
                );
                assert.ok(templates.length >= 2, "a stack has pod templates");
                assert.deepEqual(
                    templates.filter(({ hidden }) => hidden.length > 0),
                    [],
                );
            });

            it("lets every rule judge", () => {
                assert.match(preview.output, /Policies:\n/);
                assert.doesNotMatch(preview.output, /can't (be judged|run)/);
                assert.deepEqual(
                    preview.events.violations.filter(({ enforcementLevel }) => enforcementLevel !== "advisory"),
                    [],
                );
            });
        });
    }

    describe("a mandatory rule", () => {
        it("stops an up of production before anything is created", async () => {
            const rule = "resources-image-digest";
            workspace.editStack("production", ({ set }) => set(`policies.levels.${rule}`, "mandatory"));
            try {
                const ended = await workspace.wrapped("up", "production");
                assert.notEqual(ended.code, 0);
                assert.match(ended.output, new RegExp(`\\[mandatory\\].*${rule}`));
                assert.match(ended.output, /spec\.template\.spec\.containers\[0\]/);
                assert.deepEqual(changedObjects(ended.events.changes), []);
                assert.deepEqual(await cluster.inventory(), inventory);
            } finally {
                workspace.editStack("production", ({ remove }) => remove("policies"));
            }
        });
    });

    describe("up", () => {
        const ended = new Map<string, Operated>();
        before(async () => {
            // One without the wrapper, one through it with every pack.
            ended.set("dev", await workspace.operate("up", "dev"));
            ended.set("production", await workspace.wrapped("up", "production"));
            for (const [stack, each] of ended) {
                succeeded(`up of ${stack}`, each);
            }
        });

        for (const { stack, namespaces } of stacks) {
            it(`of ${stack} creates, without a warning`, () => {
                const { events } = ended.get(stack)!;
                assert.deepEqual(operations(events.changes), ["create"]);
                assert.deepEqual(events.complaints, []);
            });

            it(`of ${stack} leaves every pod ready`, async () => {
                const pods = await cluster.settledPods(...namespaces);
                const inAll = new Set(Object.keys(pods).map((name) => name.split("/")[0]));
                assert.deepEqual([...inAll].sort(), [...namespaces].sort());
            });

            it(`of ${stack} changes nothing when it is repeated`, async () => {
                const again = await workspace.operate("up", stack, "--expect-no-changes", "--skip-preview");
                assert.equal(again.code, 0, again.output);
                assert.deepEqual(again.events.changes, []);
            });

            it(`of ${stack} finds the cluster as it left it`, async () => {
                const refreshed = await workspace.operate("preview", stack, "--refresh", "--expect-no-changes");
                assert.equal(refreshed.code, 0, refreshed.output);
            });

            it(`of ${stack} puts pods only where their targets say`, async () => {
                const nodes = await cluster.nodes();
                for (const pod of await cluster.pods(...namespaces)) {
                    const targets = targetsOf(workspace, stack, pod);
                    const labels = nodes[pod.spec.nodeName ?? ""]?.metadata.labels ?? {};
                    for (const { key, value } of withConstraint(targets, "required")) {
                        assert.equal(labels[key], value, `${nameOf(pod)} on ${pod.spec.nodeName}: ${key}`);
                    }
                    // Kubernetes itself adds those for nodes that fail.
                    const tolerated = (pod.spec.tolerations ?? [])
                        .filter(({ key }) => key?.startsWith("node.kubernetes.io/") !== true)
                        .map(({ key, operator, value, effect }) => `${key} ${operator} ${value} ${effect}`);
                    const accepted = withConstraint(targets, "accepted");
                    assert.deepEqual(
                        tolerated,
                        accepted.map(({ key, value }) => `${key} Equal ${value} NoSchedule`),
                        nameOf(pod),
                    );
                }
            });
        }

        it("of production spreads the ensemble over hosts and zones", async () => {
            const nodes = await cluster.nodes();
            const members = (await cluster.pods("prod-zookeeper")).map(({ spec }) => nodes[spec.nodeName ?? ""]);
            const zones = members.map((node) => node?.metadata.labels?.["topology.kubernetes.io/zone"]);
            assert.equal(new Set(members.map((node) => node?.metadata.name)).size, 3);
            assert.equal(new Set(zones).size, 3);
        });

        it("enforces Pod Security restricted in every namespace", async () => {
            for (const namespace of allNamespaces) {
                const { metadata } = await cluster.json<KubeObject>("get", "namespace", namespace);
                assert.equal(metadata.labels?.["pod-security.kubernetes.io/enforce"], "restricted", namespace);
                const root = {
                    apiVersion: "v1",
                    kind: "Pod",
                    metadata: { name: "root", namespace },
                    spec: { containers: [{ name: "root", image: "example.com/root:1" }] },
                };
                const refused = await cluster.kubectl(["create", "--dry-run=server", "-f", "-"], JSON.stringify(root));
                assert.match(refused.stderr, /violates PodSecurity "restricted:latest"/);
            }
        });

        it("gives an API token to the masters only", async () => {
            const pods = await cluster.pods(...allNamespaces);
            const holders = pods.filter(({ spec }) => spec.volumes?.some(({ projected }) => projected !== undefined));
            assert.deepEqual([...new Set(holders.map(({ spec }) => spec.serviceAccountName))], ["teraslice-master"]);
            assert.ok(holders.length < pods.length);
        });
    });

    describe("the account of production's master", () => {
        let reviews: AccessReviews;
        const account = ["teraslice-master", "prod-teraslice"] as const;
        /** An account without any binding: what everyone may do. */
        const nobody = ["nobody", "prod-teraslice"] as const;
        before(async () => {
            reviews = await AccessReviews.open(cluster);
        });
        after(() => reviews.close());

        it("may do what the master calls in its namespace, and nothing else", async () => {
            assert.ok(reviews.pairs > 1000, `${reviews.pairs} pairs`);
            const everyone = await reviews.allowed(...nobody, "prod-teraslice");
            const own = await reviews.allowed(...account, "prod-teraslice");
            assert.deepEqual(
                own.filter((pair) => !everyone.includes(pair)),
                calledByMaster,
            );
        });

        it("may do nothing in other namespaces, and nothing outside any", async () => {
            const everyone = await reviews.allowed(...nobody);
            for (const namespace of ["dev-teraslice", undefined]) {
                assert.deepEqual(await reviews.allowed(...account, namespace), everyone, namespace);
            }
        });
    });

    describe("secrets", () => {
        it("are in the cluster where Teraslice needs them, and nowhere else", async () => {
            const objects = await cluster.everything();
            const files = ["ConfigMap prod-teraslice/teraslice-worker", "Secret prod-teraslice/teraslice-master"];
            const given = "Secret platform-credentials/production-opensearch";
            for (const [name, canary] of Object.entries(canaries)) {
                const expected = name === "username" || name === "password" ? [...files, given].sort() : files;
                assert.deepEqual(holdersOf(objects, [canary]), expected, name);
            }
        });

        it("are not in what render writes", async () => {
            const { files, directory } = succeeded("render", await workspace.render("production"));
            const written = [...files, `${directory}.report.json`].map((file) => readFileSync(file, "utf8"));
            assert.ok(
                written.some((text) => /teraslice\.yaml: <(secret|computed)>/.test(text)),
                "a placeholder",
            );
            assert.equal(reveals(written.join("\n"), allCanaries), false);
        });

        it("are encrypted in the state and in the stack file", async () => {
            const exported = succeeded("export", await workspace.pulumi("stack", "export", "--stack", "production"));
            assert.match(exported.stdout, /teraslice-worker-config/);
            for (const text of [
                exported.stdout,
                workspace.state("production"),
                workspace.readStack("production").toString(),
            ]) {
                assert.equal(reveals(text, allCanaries), false);
            }
        });
    });

    describe("a changed configuration", () => {
        let pods: Readonly<Record<string, string>>;
        beforeEach(async () => {
            pods = await cluster.settledPods(...allNamespaces);
        });

        /** Names of the pods that are not the ones from before the change. */
        const rolled = async (): Promise<readonly string[]> => {
            const now = await cluster.settledPods(...allNamespaces);
            assert.deepEqual(Object.keys(now).map(withoutHash).sort(), Object.keys(pods).map(withoutHash).sort());
            return Object.keys(now).filter((name) => now[name] !== pods[name]);
        };
        /** Name of a Deployment's pod without what changes with each. */
        const withoutHash = (name: string): string => name.replace(/^(.*\/teraslice-master)-.*$/, "$1");

        it("of ZooKeeper updates its objects and rolls its members, and nothing else", async () => {
            workspace.editStack("production", ({ set }) => set("zookeeper.syncLimit", 7));
            const ended = await workspace.operate("up", "production");
            assert.equal(ended.code, 0, ended.output);
            assert.deepEqual(operations(ended.events.changes), ["update"]);
            assert.deepEqual(changedObjects(ended.events.changes), [
                "update zookeeper-config",
                "update zookeeper-ensemble-set",
            ]);
            assert.deepEqual(
                await rolled(),
                [1, 2, 3].map((member) => `prod-zookeeper/zookeeper-${member}`),
            );
        });

        it("of Teraslice updates both files and rolls the master, and nothing else", async () => {
            workspace.editStack("production", ({ set }) => set("systems.teraslice.timing.slicerTimeout", "4m"));
            const ended = await workspace.wrapped("up", "production");
            assert.equal(ended.code, 0, ended.output);
            assert.deepEqual(operations(ended.events.changes), ["update"]);
            assert.deepEqual(changedObjects(ended.events.changes), [
                "update teraslice-master-config",
                "update teraslice-master-deployment",
                "update teraslice-worker-config",
            ]);
            assert.deepEqual((await rolled()).map(withoutHash), ["prod-teraslice/teraslice-master"]);
        });
    });

    describe("destroy", () => {
        it("of dev takes nothing from production", async () => {
            const others = async () => (await cluster.inventory()).filter((line) => / prod-/.test(line));
            const [objects, pods] = [await others(), await cluster.settledPods(...productionNamespaces)];
            const ended = await workspace.operate("destroy", "dev");
            assert.equal(ended.code, 0, ended.output);
            assert.deepEqual(await others(), objects);
            assert.deepEqual(await cluster.settledPods(...productionNamespaces), pods);
        });

        it("of both leaves nothing", async () => {
            const ended = await workspace.wrapped("destroy", "production");
            assert.equal(ended.code, 0, ended.output);
            // Volumes and the content of namespaces go a little later.
            await eventually(async () => assert.deepEqual(await cluster.inventory(), inventory));
        });
    });
});
