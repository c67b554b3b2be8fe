import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Cluster } from "./support/cluster";
import type { Step } from "./support/events";
import { type KubeList, type KubeObject, nameOf } from "./support/objects";
import {
    addStore,
    allCanaries,
    baselineNamespaces,
    canaries,
    createCredentials,
    deleteCredentials,
    devNamespaces,
    productionNamespaces,
    targetsOf,
    withConstraint,
    workspaceOn,
} from "./support/platform";
import { account, anywhere, grants, nobody } from "./support/grants";
import { AccessReviews, type Subject, type Where } from "./support/reviews";
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

/** The accounts whose pods call the API. TaskManagers and jobs have theirs too, once there are any. */
const callers = ["flink-shared", "flink-streams", "heron-apiserver", "teraslice-master"];

/** A RoleBinding or a ClusterRoleBinding. */
interface Binding extends KubeObject {
    readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
}

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
            await cluster.deleteNamespaces(...allNamespaces, ...baselineNamespaces);
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

        it("enforces Pod Security in every namespace, restricted but where a system's own pods can't be", async () => {
            for (const namespace of new Set([...allNamespaces, ...baselineNamespaces])) {
                const level = baselineNamespaces.includes(namespace) ? "baseline" : "restricted";
                const { metadata } = await cluster.json<KubeObject>("get", "namespace", namespace);
                assert.equal(metadata.labels?.["pod-security.kubernetes.io/enforce"], level, namespace);
                assert.equal(level === "baseline", "data-platform/pod-security-reason" in (metadata.annotations ?? {}));
                const host = {
                    apiVersion: "v1",
                    kind: "Pod",
                    metadata: { name: "host", namespace },
                    spec: { hostNetwork: true, containers: [{ name: "host", image: "example.com/host:1" }] },
                };
                const refused = await cluster.kubectl(["create", "--dry-run=server", "-f", "-"], JSON.stringify(host));
                assert.match(refused.stderr, new RegExp(`violates PodSecurity "${level}:latest"`));
            }
        });

        it("gives an API token to those only that call the API", async () => {
            const pods = await cluster.pods(...allNamespaces);
            const holders = pods.filter(({ spec }) => spec.volumes?.some(({ projected }) => projected !== undefined));
            assert.deepEqual([...new Set(holders.map(({ spec }) => spec.serviceAccountName))].sort(), callers);
            assert.ok(holders.length < pods.length);
        });
    });

    describe("who may do what", () => {
        let reviews: AccessReviews;
        let everyone: readonly string[];
        before(async () => {
            reviews = await AccessReviews.open(cluster);
            everyone = await reviews.allowed(nobody);
        });
        after(() => reviews.close());

        it("is asked for every verb on every resource", () => {
            assert.ok(reviews.pairs > 1000, `${reviews.pairs} pairs`);
        });

        /** What somebody may do beyond what everyone may do everywhere. */
        const own = async (subject: Subject, where: Where): Promise<readonly string[]> =>
            (await reviews.allowed(subject, where)).filter((pair) => !everyone.includes(pair));

        for (const { who, subject, rights } of grants) {
            it(`${who}: what its system calls, where it calls it, and nothing else`, async () => {
                for (const place of new Set([...Object.keys(rights), ...subject.around])) {
                    const { pairs = [], name } = rights[place] ?? {};
                    const where = { namespace: place === anywhere ? undefined : place, name };
                    // What holds outside of any namespace holds in each.
                    const expected = new Set([...pairs, ...(rights[anywhere]?.pairs ?? [])]);
                    assert.deepEqual(await own(subject, where), [...expected].sort(), `${who} in ${place}`);
                }
            });
        }

        it("nobody else has a right of its own: no binding names another account, or all of a namespace", async () => {
            const bindings = await cluster.json<KubeList<Binding>>(
                ...["get", "rolebindings.rbac.authorization.k8s.io,clusterrolebindings.rbac.authorization.k8s.io"],
                "--all-namespaces",
            );
            const bound = bindings.items
                .flatMap(({ subjects }) => subjects ?? [])
                .map(({ kind, name, namespace }) =>
                    kind === "ServiceAccount" ? `system:serviceaccount:${namespace ?? ""}:${name}` : name,
                )
                .filter((user) => /^system:serviceaccounts?:(dev|prod)-/.test(user));
            const named = grants.map(({ subject }) => subject.user).filter((user) => user.startsWith("system:"));
            assert.deepEqual([...new Set(bound)].sort(), [...named].sort());
            const ui = account("heron-ui", "prod-heron");
            assert.deepEqual(await own(ui, { namespace: "prod-heron" }), []);
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
        const withoutHash = (name: string): string => name.replace(/-[a-z0-9]{6,10}-[a-z0-9]{5}$/, "");

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
