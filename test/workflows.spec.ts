import * as assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectDirectory } from "../bin/project";
import { loadStackFile, stackNames } from "../stacks/load";

type Fields = Readonly<Record<string, unknown>>;

interface Step extends Fields {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Fields;
    readonly env?: Readonly<Record<string, string>>;
}

interface Job extends Fields {
    readonly if?: string;
    readonly environment?: string;
    readonly permissions?: Fields;
    readonly "timeout-minutes"?: number;
    readonly strategy?: { readonly matrix: { readonly stack: readonly string[] } };
    readonly steps: readonly Step[];
}

interface Workflow extends Fields {
    readonly on: Fields;
    readonly permissions: Fields;
    readonly concurrency: { readonly group: string };
    readonly jobs: Readonly<Record<string, Job>>;
}

const project = projectDirectory();
const folder = join(project, ".github", "workflows");
const stacks = stackNames(join(project, "stacks"));
const manifest = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
    readonly scripts: Readonly<Record<string, string>>;
    readonly dependencies: Readonly<Record<string, string>>;
};
const text = (name: string): string => readFileSync(join(folder, `${name}.yml`), "utf8");
const workflow = (name: string): Workflow => parse(text(name)) as Workflow;
const names = readdirSync(folder).map((file) => file.replace(/\.yml$/, ""));
const jobs = (name: string): readonly Job[] => Object.values(workflow(name).jobs);
const steps = (name: string): readonly Step[] => jobs(name).flatMap((job) => job.steps);
/** A runner reaches what is no kind cluster on somebody's machine, and what is a cluster at all. */
const reachable = stacks.filter((stack) => {
    const { context, kubeconfig } = loadStackFile(stack, { directory: join(project, "stacks") }).cluster;
    return kubeconfig !== undefined || (context !== undefined && !context.startsWith("kind-"));
});

describe("workflows", () => {
    it("are those that the documentation names", () => {
        assert.deepEqual([...names].sort(), ["drift", "plan", "preview", "test"]);
    });

    for (const name of names) {
        describe(name, () => {
            it("gives the token no more than reading, a job at most comments", () => {
                assert.deepEqual(workflow(name).permissions, { contents: "read" });
                for (const { permissions = {} } of jobs(name)) {
                    const allowed = { contents: "read", "pull-requests": "write" };
                    Object.entries(permissions).forEach(([key, value]) =>
                        assert.equal(value, allowed[key as keyof typeof allowed], key),
                    );
                }
            });

            it("pins every action to a version", () => {
                steps(name).forEach(({ uses }) =>
                    assert.match(uses ?? "a/b@v1", /^[\w-]+\/[\w-]+@(v\d+(\.\d+\.\d+)?|[0-9a-f]{40})$/),
                );
            });

            it("calls only scripts that there are, after installing what is locked", () => {
                const runs = steps(name).flatMap(({ run }) => (run === undefined ? [] : [run]));
                assert.equal(runs[0], "npm ci");
                const called = runs.flatMap((run) => [...run.matchAll(/npm (?:run (?:-s )?)?([\w:-]+)/g)]);
                const scripts = called.map(([, script = ""]) => script).filter((script) => script !== "ci");
                scripts.forEach((script) => assert.ok(script in manifest.scripts, script));
            });

            it("puts nothing that a stranger names into a shell", () => {
                steps(name).forEach(({ run }) => assert.doesNotMatch(run ?? "", /\$\{\{/));
            });

            it("ends by itself, stands back for a newer run, and leaves no token in the checkout", () => {
                jobs(name).forEach((job) => assert.ok((job["timeout-minutes"] ?? 360) <= 60));
                assert.match(workflow(name).concurrency.group, new RegExp(`^${name}`));
                const checkouts = steps(name).filter(({ uses }) => uses?.startsWith("actions/checkout@"));
                assert.ok(checkouts.length > 0);
                checkouts.forEach((step) => assert.equal(step.with?.["persist-credentials"], false));
            });

            it("never runs a request's code with the base's rights", () => {
                assert.ok(!("pull_request_target" in workflow(name).on) && !("workflow_run" in workflow(name).on));
            });

            it("holds secrets only where no fork comes, and by environment", () => {
                for (const job of jobs(name)) {
                    if (!JSON.stringify(job).includes("secrets.")) {
                        continue;
                    }
                    assert.equal(job.environment, "${{ matrix.stack }}");
                    if ("pull_request" in workflow(name).on) {
                        const own = "${{ github.event.pull_request.head.repo.full_name == github.repository }}";
                        assert.equal(job.if, own);
                    }
                }
            });
        });
    }

    it("test runs everything that needs no cluster, on main and on requests", () => {
        assert.deepEqual(Object.keys(workflow("test").on), ["push", "pull_request"]);
        assert.deepEqual(workflow("test").on.push, { branches: ["main"] });
        assert.equal(steps("test").at(-1)?.run, "npm test");
    });

    it("plan needs no secret, plans every stack and compares with the base branch", () => {
        assert.doesNotMatch(text("plan"), /secrets\.|id-token|environment:/);
        assert.deepEqual(Object.keys(workflow("plan").on), ["pull_request"]);
        assert.deepEqual(jobs("plan")[0]?.strategy?.matrix.stack, stacks);
        // A merge commit's first parent is the base; with a depth of 1 it is not there.
        assert.equal(steps("plan")[0]?.with?.["fetch-depth"], 2);
        const run = steps("plan").find((step) => step.run?.includes("render"))?.run ?? "";
        assert.match(run, /--stack "\$STACK" --diff HEAD\^1 --report \S+ --markdown "\$GITHUB_STEP_SUMMARY"/);
    });

    it("preview judges the stacks that a runner reaches by every rule, with the pinned engine", () => {
        assert.deepEqual(jobs("preview")[0]?.strategy?.matrix.stack, reachable);
        const action = steps("preview").find(({ uses }) => uses?.startsWith("pulumi/actions@"))?.with ?? {};
        assert.equal(action.command, "preview");
        assert.equal(action["comment-on-pr"], true);
        assert.equal(action["pulumi-version"], manifest.dependencies.pulumi);
        const packs = String(action.policyPacks).split(",");
        packs.forEach((pack) => assert.ok(readdirSync(join(project, pack)).includes("PulumiPolicy.yaml"), pack));
        const built = steps("preview").findIndex(({ run }) => run === "npm run build");
        assert.ok(built >= 0 && built < steps("preview").findIndex(({ uses }) => uses?.startsWith("pulumi/")));
    });

    it("drift fails where the cluster differs, every night, and writes nothing", () => {
        assert.deepEqual(Object.keys(workflow("drift").on), ["schedule", "workflow_dispatch"]);
        assert.deepEqual(jobs("drift")[0]?.strategy?.matrix.stack, reachable);
        const run = steps("drift").at(-1)?.run ?? "";
        assert.match(run, /^npx pulumi refresh --preview-only --expect-no-changes --non-interactive/);
        assert.doesNotMatch(text("drift"), /continue-on-error|--yes/);
    });
});
