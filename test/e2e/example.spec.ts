import * as assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { Cluster } from "./support/cluster";
import { assertPodSecurity, changedObjects, itsFirstPreview, operations } from "./support/converges";
import { eventually, run, succeeded } from "./support/run";
import { requireTools } from "./support/tools";
import { type Operated, Workspace } from "./support/workspace";

const stack = "dev";
const namespace = "dev-dask";

describe("examples/own-system, with the package and its packs", () => {
    const cluster = new Cluster();
    let workspace: Workspace;
    let home: string;
    let inventory: readonly string[];

    /** Changes the example's stack file. */
    const edit = (key: string, value: unknown): void => {
        const file = join(home, `Pulumi.${stack}.yaml`);
        const document = parseDocument(readFileSync(file, "utf8"));
        document.setIn(["config", key], document.createNode(value));
        writeFileSync(file, document.toString({ lineWidth: 0 }));
    };
    /** As a user of the package runs the engine: the packs come from the package. */
    const operate = (action: "preview" | "up" | "destroy", ...further: readonly string[]): Promise<Operated> => {
        const packs =
            action === "destroy" ? [] : ["--policy-pack", join(home, "node_modules/data-platform/policy/all")];
        return workspace.operate(action, stack, "--cwd", home, ...packs, ...further);
    };

    before(async function () {
        await requireTools(this, "cluster");
        workspace = new Workspace(cluster.kubeconfig);
        home = workspace.path("package/examples/own-system");
        const check = [resolve("examples/check.mjs"), "--offline", "--keep", workspace.path("package")];
        const options = { environment: workspace.environment, timeout: 600_000 };
        succeeded("check", await run(process.execPath, check, options));
        edit("own-system:context", await cluster.context());
        succeeded("stack init", await workspace.pulumi("stack", "init", stack, "--no-select", "--cwd", home));
        inventory = await cluster.inventory();
    });

    after(async () => {
        // Only a failed run leaves anything for these.
        if (workspace as Workspace | undefined) {
            await operate("destroy");
            await cluster.deleteNamespaces(namespace);
            workspace.remove();
        }
    });

    describe("the first preview", () => {
        let preview: Operated;
        before(async () => {
            preview = succeeded("preview", await operate("preview"));
        });

        itsFirstPreview(() => preview);

        it("breaks no rule", () => {
            assert.deepEqual(preview.events.violations, []);
        });
    });

    describe("up", () => {
        let up: Operated;
        before(async () => {
            up = succeeded("up", await operate("up"));
        });

        it("creates, without a warning", () => {
            assert.deepEqual(operations(up.events.changes), ["create"]);
            assert.deepEqual(up.events.complaints, []);
        });

        it("leaves a scheduler and three workers ready, each kind with its priority and none with a token", async () => {
            const pods = Object.keys(await cluster.settledPods(namespace)).map((name) => name.split("/")[1] ?? "");
            assert.deepEqual(
                pods.filter((name) => name.startsWith("dask-worker-")).sort(),
                [0, 1, 2].map((ordinal) => `dask-worker-${ordinal}`),
            );
            assert.equal(pods.length, 4);
            const specs = (await cluster.pods(namespace)).map(({ spec }) => spec);
            assert.deepEqual([...new Set(specs.map(({ priorityClassName }) => priorityClassName))].sort(), [
                "dev-scheduler",
                "dev-worker",
            ]);
            assert.ok(specs.every(({ volumes }) => volumes?.every(({ projected }) => projected === undefined)));
        });

        it("enforces Pod Security restricted", async () => {
            await assertPodSecurity(cluster, namespace, "restricted");
        });

        it("changes nothing when it is repeated", async () => {
            const again = await operate("up", "--expect-no-changes", "--skip-preview");
            assert.equal(again.code, 0, again.output);
            assert.deepEqual(again.events.changes, []);
        });
    });

    describe("a change", () => {
        it("is refused in production where the packs refuse it, before anything is touched", async () => {
            const before = await cluster.inventory();
            const file = join(home, `Pulumi.${stack}.yaml`);
            const settings = readFileSync(file, "utf8");
            edit("data-platform:environment", { name: "dev", owner: "data-science", tier: "production" });
            edit("own-system:image", "ghcr.io/dask/dask:latest");
            try {
                const ended = await operate("up");
                assert.notEqual(ended.code, 0);
                assert.match(ended.output, /\[mandatory\].*resources-no-latest-image/);
                assert.deepEqual(changedObjects(ended.events.changes), []);
                assert.deepEqual(await cluster.inventory(), before);
            } finally {
                writeFileSync(file, settings);
            }
        });

        it("that adds a worker touches nothing else", async () => {
            edit("own-system:workers", 4);
            const ended = succeeded("up", await operate("up"));
            assert.deepEqual(changedObjects(ended.events.changes), ["update dask-worker-set"]);
            assert.ok(`${namespace}/dask-worker-3` in (await cluster.settledPods(namespace)));
        });
    });

    describe("destroy", () => {
        it("leaves nothing", async () => {
            const ended = await operate("destroy");
            assert.equal(ended.code, 0, ended.output);
            await eventually(async () => assert.deepEqual(await cluster.inventory(), inventory));
        });
    });
});
