import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Cluster } from "./support/cluster";
import { assertPodSecurity, changedObjects, itConverged, itsFirstPreview, operations } from "./support/converges";
import {
    addStore,
    allCanaries,
    baselineNamespaces,
    canaries,
    createCredentials,
    deleteCredentials,
    devNamespaces,
    productionNamespaces,
    workspaceOn,
} from "./support/platform";
import { grants } from "./support/grants";
import { itMayDo } from "./support/mayDo";
import { eventually, succeeded } from "./support/run";
import { holdersOf, reveals } from "./support/secrets";
import { requireTools } from "./support/tools";
import type { Operated, Workspace } from "./support/workspace";

const stacks = [
    { stack: "dev", namespaces: devNamespaces },
    { stack: "production", namespaces: productionNamespaces },
] as const;
const allNamespaces = stacks.flatMap(({ namespaces }) => namespaces);

/** The accounts whose pods call the API. TaskManagers and jobs have theirs too, once there are any. */
const callers = ["flink-shared", "flink-streams", "heron-apiserver", "teraslice-master"];

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
                    await workspace.release(stack);
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

            itsFirstPreview(() => preview);
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
                workspace.editStack("production", ({ set }) => set(`policies.levels.${rule}`, "disabled"));
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
            itConverged(() => ended.get(stack)!, { stack, namespaces, cluster, workspace: () => workspace });
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
                await assertPodSecurity(
                    cluster,
                    namespace,
                    baselineNamespaces.includes(namespace) ? "baseline" : "restricted",
                );
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
        itMayDo(cluster, grants, ["dev", "prod"], { name: "heron-ui", namespace: "prod-heron" });
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

        it("of production is refused as long as what keeps data is protected", async () => {
            const before = await cluster.inventory();
            const ended = await workspace.wrapped("destroy", "production");
            assert.notEqual(ended.code, 0);
            assert.match(ended.output, /protect/);
            assert.deepEqual(changedObjects(ended.events.changes), []);
            assert.deepEqual(await cluster.inventory(), before);
        });

        it("of both leaves nothing", async () => {
            await workspace.release("production");
            const ended = await workspace.wrapped("destroy", "production");
            assert.equal(ended.code, 0, ended.output);
            // Volumes and the content of namespaces go a little later.
            await eventually(async () => assert.deepEqual(await cluster.inventory(), inventory));
        });
    });
});
