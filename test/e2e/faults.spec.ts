import * as assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { stringify } from "yaml";
import { Cluster } from "./support/cluster";
import { workspaceOn } from "./support/platform";
import { type Ended, succeeded } from "./support/run";
import { requireTools } from "./support/tools";
import { type StackEditor, Workspace } from "./support/workspace";

/** A stack file with faults, and the lines that must say so: path and what was expected there. */
interface Broken {
    readonly name: string;
    /** Stack file to begin with. */
    readonly from: "dev" | "production";
    readonly edit: (editor: StackEditor) => void;
    readonly lines: readonly RegExp[];
}

const brokenFiles: readonly Broken[] = [
    {
        name: "a misspelt section",
        from: "dev",
        edit: ({ set }) => set("zookeper", { members: 3 }),
        lines: [/^data-platform:zookeper: expected .*did you mean .*zookeeper\?/],
    },
    {
        name: "a misspelt setting",
        from: "dev",
        edit: ({ set }) => set("zookeeper.memebrs", 3),
        lines: [/^data-platform:zookeeper\.memebrs: expected .*did you mean members\?/],
    },
    {
        name: "an even ensemble",
        from: "dev",
        edit: ({ set }) => set("zookeeper.members", 4),
        lines: [/^data-platform:zookeeper\.members: expected 1, 3, 5 or 7.*, found 4$/],
    },
    {
        name: "a size that is no quantity",
        from: "dev",
        edit: ({ set }) => set("zookeeper.storage", "10 gigabytes"),
        lines: [/^data-platform:zookeeper\.storage: expected .*found "10 gigabytes"$/],
    },
    {
        name: "a target set that is not there",
        from: "production",
        edit: ({ set }) => set("systems.teraslice.targets", "bach"),
        lines: [/^data-platform:systems\.teraslice\.targets: expected .*did you mean batch\?.*found "bach"$/],
    },
    {
        name: "a priority class that is not there",
        from: "production",
        edit: ({ remove }) => remove("priorityClasses.critical"),
        lines: [
            /^data-platform:zookeeper\.priority: expected a name from data-platform:priorityClasses.*found "critical"$/,
            /^data-platform:systems\.teraslice\.priority: expected a name from data-platform:priorityClasses/,
            /^data-platform:systems\.heron\.bookkeeper\.priority: expected a name from/,
            /^data-platform:systems\.heron\.priority: expected a name from/,
            /^data-platform:systems\.twister2\.jobNamespaces\.research\.uploader\.priority: expected a name from/,
            /^data-platform:systems\.twister2\.dashboard\.priority: expected a name from/,
            /^data-platform:systems\.flink\.streams\.jobManager\.priority: expected a name from/,
        ],
    },
    {
        name: "a constraint that does not exist",
        from: "dev",
        edit: ({ set }) => set("targets.batch", [{ key: "pool", value: "batch", constraint: "tolerated" }]),
        lines: [/^data-platform:targets\.batch\[0\]\.constraint: expected .*found "tolerated"$/],
    },
    {
        name: "a preference for execution controllers, which Teraslice can't express",
        from: "dev",
        edit: ({ set }) => set("systems.teraslice.executionControllerTargets", "stateful"),
        lines: [/executionControllerTargets: expected a target set without preferred targets/],
    },
    {
        name: "a single OpenSearch node and a single ZooKeeper member in production",
        from: "production",
        edit: ({ set }) => {
            set("opensearch", { kind: "single" });
            set("zookeeper.members", 1);
        },
        lines: [
            /^data-platform:opensearch\.kind: expected cluster or external in a production environment/,
            /^data-platform:zookeeper\.members: expected 3, 5 or 7 in a production environment.*found 1$/,
        ],
    },
    {
        name: "two ways to a cluster",
        from: "dev",
        edit: ({ set }) => set("cluster.render", "rendered"),
        lines: [/^data-platform:cluster: expected exactly one of context, kubeconfig and render/],
    },
    {
        name: "a secret in plain text outside development",
        from: "production",
        edit: ({ set }) => {
            set("images.pullCredentials", { mirror: "plain-canary" });
        },
        lines: [/^data-platform:images\.pullCredentials\.mirror: expected an encrypted value/],
    },
    {
        name: "two systems in one namespace, and Teraslice without a store",
        from: "dev",
        edit: ({ set, remove }) => {
            set("systems.teraslice.namespace.name", "dev-zookeeper");
            remove("opensearch");
        },
        lines: [
            /^data-platform:systems\.teraslice\.namespace\.name: expected a namespace of its own/,
            /^data-platform:opensearch: expected settings, since systems\.teraslice keeps its state in OpenSearch/,
        ],
    },
];

/** The faults of a message, one a line, without what the engine puts around them. */
const faultLines = ({ output }: Ended): readonly string[] =>
    output.split("\n").flatMap((line) => /^ +(\S+: expected .*)$/.exec(line)?.[1] ?? []);

function assertOneMessage(ended: Ended): void {
    assert.notEqual(ended.code, 0);
    assert.doesNotMatch(ended.output, /^\s+at .*:\d+/m);
    assert.doesNotMatch(ended.output, /This is a defect|unhandled/);
}

describe("a stack file with faults", () => {
    const cluster = new Cluster();
    const stack = "broken";
    let workspace: Workspace;
    let inventory: readonly string[];

    before(async function () {
        await requireTools(this, "cluster");
        workspace = await workspaceOn(cluster);
        workspace.editStack(stack, () => undefined, "dev");
        succeeded("stack init", await workspace.pulumi("stack", "init", stack, "--no-select"));
        inventory = await cluster.inventory();
    });

    after(() => {
        (workspace as Workspace | undefined)?.remove();
    });

    for (const { name, from, edit, lines } of brokenFiles) {
        it(`is refused: ${name}`, async () => {
            workspace.editStack(stack, edit, from);
            const up = await workspace.operate("up", stack);
            assertOneMessage(up);
            assert.match(up.output, /stacks\/Pulumi\.broken\.yaml has \d+ faults?; nothing was changed:/);
            const told = [...new Set(faultLines(up))];
            lines.forEach((line) =>
                assert.ok(
                    told.some((each) => line.test(each)),
                    `${line}\n${up.output}`,
                ),
            );
            assert.equal(told.length, lines.length, told.join("\n"));
            assert.doesNotMatch(up.output, /plain-canary/);
            assert.doesNotMatch(workspace.state(stack), /"kubernetes:/);

            const render = await workspace.render(stack);
            assertOneMessage(render);
            assert.deepEqual(faultLines(render), told);
        });
    }

    it("has created nothing", async () => {
        assert.deepEqual(await cluster.inventory(), inventory);
    });
});

describe("a cluster that is not there", () => {
    let workspace: Workspace;

    before(async function () {
        await requireTools(this, "engine");
        // A proxy would answer in the place of the cluster.
        const direct = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"].map((key) => [key, undefined]);
        workspace = new Workspace(undefined, Object.fromEntries(direct) as Record<string, undefined>);
        succeeded("stack init", await workspace.pulumi("stack", "init", "dev", "--no-select"));
    });

    after(() => {
        (workspace as Workspace | undefined)?.remove();
    });

    const refused = async (reason: RegExp): Promise<void> => {
        const up = await workspace.operate("up", "dev");
        assertOneMessage(up);
        const said = up.events.complaints.map((complaint) => complaint.trim());
        assert.equal(said.length, 1, up.output);
        assert.match(said[0] ?? "", reason);
        assert.doesNotMatch(said[0] ?? "", /\n/);
        assert.doesNotMatch(workspace.state("dev"), /"kubernetes:/);
    };

    it("without a kubeconfig is one line", () => refused(/there is no kubeconfig at .* "kind-dev"/));

    it("with another context in the kubeconfig is one line", async () => {
        writeKubeconfig("staging-cluster");
        await refused(/the kubeconfig has no context "kind-dev" \(it has staging-cluster\)/);
    });

    it("with nobody at its address is one line", async () => {
        writeKubeconfig("kind-dev");
        await refused(/the cluster's API server https:\/\/127\.0\.0\.1:1 can't be reached \(ECONNREFUSED\)/);
    });

    function writeKubeconfig(context: string): void {
        const kubeconfig = {
            apiVersion: "v1",
            kind: "Config",
            clusters: [{ name: "nowhere", cluster: { server: "https://127.0.0.1:1" } }],
            users: [{ name: "nobody", user: {} }],
            contexts: [{ name: context, context: { cluster: "nowhere", user: "nobody" } }],
        };
        writeFileSync(workspace.environment["KUBECONFIG"] ?? "", stringify(kubeconfig));
    }
});
