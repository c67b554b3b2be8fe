import * as assert from "node:assert/strict";
import { Cluster } from "./support/cluster";
import { succeeded } from "./support/run";
import { requireTools } from "./support/tools";
import { Workspace } from "./support/workspace";

const base = "base";
const teams = ["team-streaming", "team-batch"] as const;

/** What the guard says of a change that takes ZooKeeper away. */
const refusal =
    /guard data-platform-sharing: this change takes away what other stacks use:\s+team-batch \(owner batch\) uses zookeeper of base\s+team-streaming \(owner streaming\) uses zookeeper of base\s+The safe way: /;

describe("a base and two teams on it", function () {
    this.timeout(1_800_000);
    const cluster = new Cluster();
    let workspace: Workspace;
    let inventory: readonly string[];

    before(async function () {
        await requireTools(this, "cluster");
        await cluster.preparePools();
        inventory = await cluster.inventory();
        workspace = new Workspace(cluster.kubeconfig);
        const context = await cluster.context();
        for (const stack of [base, ...teams]) {
            workspace.editStack(stack, ({ set }) => set("cluster.context", context));
            if (stack !== base) {
                succeeded("init", await workspace.pulumi("stack", "init", stack, "--no-select"));
            }
        }
    });

    after(async () => {
        if (workspace as Workspace | undefined) {
            for (const stack of [...teams, base].filter((each) => workspace.state(each).includes('"kubernetes:'))) {
                await workspace.operate("destroy", stack);
            }
            workspace.remove();
            await cluster.restorePools();
        }
    });

    it("tells a team what to do before the base is there", async () => {
        const ended = await workspace.operate("preview", teams[0]);
        assert.notEqual(ended.code, 0);
        assert.match(
            ended.output,
            /platform: expected .*: run up on organization\/data-platform\/base .* found nothing/,
        );
        succeeded("init", await workspace.pulumi("stack", "init", base, "--no-select"));
    });

    it("goes up, and changes nothing the second time", async () => {
        for (const stack of [base, ...teams]) {
            succeeded(stack, await workspace.operate("up", stack, "--skip-preview"));
        }
        for (const stack of [base, ...teams]) {
            const { events } = succeeded(stack, await workspace.operate("preview", stack));
            assert.deepEqual(
                lines(events.changes).filter((change) => !change.startsWith("read ")),
                [],
            );
        }
    });

    it("lists the base's consumers in its preview", async () => {
        const { output } = succeeded("preview", await workspace.operate("preview", base));
        assert.match(output, /team-batch \(environment batch, owner batch\) uses opensearch, .*zookeeper/);
        assert.match(output, /team-streaming \(environment streaming, owner streaming\) uses .*zookeeper/);
    });

    it("refuses to take away what they use, in preview and up, before anything is touched", async () => {
        const untouched = await cluster.inventory();
        workspace.editStack(base, ({ remove }) => remove("zookeeper"));
        for (const action of ["preview", "up"] as const) {
            const ended = await workspace.operate(action, base);
            assert.notEqual(ended.code, 0);
            assert.match(ended.output, refusal);
            const done = lines(ended.events.changes).filter((change) => !change.startsWith("update sharing"));
            assert.deepEqual(done, []);
        }
        assert.deepEqual(await cluster.inventory(), untouched);
    });

    it("refuses to take the whole section away, and the wrapper to destroy the base", async () => {
        workspace.editStack(base, ({ remove }) => remove("sharing"));
        const ended = await workspace.operate("preview", base);
        assert.notEqual(ended.code, 0);
        assert.match(
            ended.output,
            /team-streaming \(owner streaming\) uses priorityClasses\.batch, priorityClasses\.critical/,
        );
        workspace.editStack(base, ({ set }) => set("sharing", {}));
        const destroyed = await workspace.wrapped("destroy", base);
        assert.notEqual(destroyed.code, 0);
        assert.match(destroyed.output, /Other stacks use what base shares; nothing was changed/);
    });

    it("lets a part go that nobody uses any more, and its change reach the teams' next preview", async () => {
        workspace.editStack("team-batch", ({ set }) => set("base.uploader", false));
        succeeded("team-batch", await workspace.operate("up", "team-batch", "--skip-preview"));
        workspace.editStack(base, ({ set, remove }) => {
            remove("uploader");
            set("zookeeper", { members: 5, storage: "5Gi", targets: "stateful", priority: "critical" });
        });
        succeeded("base", await workspace.operate("up", base, "--skip-preview"));
        const { output, events } = succeeded("preview", await workspace.operate("preview", "team-streaming"));
        assert.ok(
            events.changes.some(({ op }) => op === "update" || op === "replace"),
            output,
        );
        assert.match(JSON.stringify(events.changes), /zookeeper-5\.zookeeper-members\.base-zookeeper/);
    });

    it("lets everything go when the teams are gone, and leaves nothing", async () => {
        for (const stack of teams) {
            succeeded(stack, await workspace.wrapped("destroy", stack));
        }
        workspace.editStack(base, ({ remove }) => remove("zookeeper"));
        succeeded("preview", await workspace.operate("preview", base));
        succeeded(base, await workspace.wrapped("destroy", base));
        assert.deepEqual(await cluster.inventory(), inventory);
    });
});

/** `op name` of each change. */
function lines(changes: readonly { readonly op: string; readonly name: string }[]): string[] {
    return changes.map(({ op, name }) => `${op} ${name}`);
}
