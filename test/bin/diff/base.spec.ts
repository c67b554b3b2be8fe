import * as assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectDirectory } from "../../../bin/project";
import type { BasePlan } from "../../../bin/diff/base";

const program = join(__dirname, "planAtProgram.ts");

/** A stand-in for the project: what it "plans" is the content of the stack file. */
const planner = `import { readFileSync } from "node:fs";
export async function planStack(stack: string) {
    const outputs = { stack, text: readFileSync("stacks/Pulumi." + stack + ".yaml", "utf8").trim() };
    if (outputs.text === "wrong") throw new Error("one fault of the file");
    return { plan: { resources: [], outputs } };
}
`;
const compiler = JSON.stringify({
    compilerOptions: { rootDir: ".", outDir: "dist", module: "node16", target: "ES2022", noCheck: true, types: [] },
    include: ["bin"],
});

describe("planAt", function () {
    // Each test compiles and starts processes; a busy machine takes its time.
    this.timeout(120_000);
    let root: string;
    let scratch: string;
    let project: string;
    const git = (...arguments_: string[]): string =>
        execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...arguments_], {
            cwd: project,
            encoding: "utf8",
        });
    const write = (files: Readonly<Record<string, string>>): void => {
        for (const [name, content] of Object.entries(files)) {
            mkdirSync(dirname(join(project, name)), { recursive: true });
            writeFileSync(join(project, name), content);
        }
    };
    const commit = (message: string): void => {
        git("add", "--all");
        git("commit", "--quiet", "--message", message);
        git("tag", message);
    };
    const start = (revision: string, stack: string): ChildProcess =>
        spawn(process.execPath, ["-r", "ts-node/register/transpile-only", program, project, revision, stack], {
            cwd: projectDirectory(),
            env: { ...process.env, TMPDIR: scratch, TS_NODE_PROJECT: join(projectDirectory(), "tsconfig.json") },
            stdio: ["ignore", "pipe", "pipe"],
        });
    const ended = async (child: ChildProcess): Promise<{ code: number | null; out: string; errors: string }> => {
        const texts = { out: "", errors: "" };
        child.stdout?.on("data", (chunk: Buffer) => (texts.out += chunk.toString()));
        child.stderr?.on("data", (chunk: Buffer) => (texts.errors += chunk.toString()));
        const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
        return { code, ...texts };
    };
    const planAt = async (revision: string, stack: string): Promise<BasePlan> => {
        const { code, out, errors } = await ended(start(revision, stack));
        assert.equal(code, 0, errors);
        return JSON.parse(out) as BasePlan;
    };
    const refused = async (revision: string, stack: string): Promise<string> => {
        const { code, errors } = await ended(start(revision, stack));
        assert.equal(code, 1);
        return errors;
    };

    // Node's own cache of compiled code lies in the same place.
    const checkedOut = (): string[] => readdirSync(scratch).filter((name) => name.startsWith("data-platform-diff-"));

    before(() => {
        root = mkdtempSync(join(tmpdir(), "plan-at-"));
        scratch = join(root, "scratch");
        // A project that is a folder of a larger repository.
        project = join(root, "repository", "platform");
        mkdirSync(scratch);
        mkdirSync(project, { recursive: true });
        symlinkSync(join(projectDirectory(), "node_modules"), join(project, "node_modules"), "junction");
        execFileSync("git", ["init", "--quiet", join(root, "repository")]);
        write({ ".gitignore": "node_modules\n", "bin/plan/stack.ts": planner, "tsconfig.build.json": compiler });
        write({ "stacks/Pulumi.dev.yaml": "old", "stacks/Pulumi.bad.yaml": "wrong", "package-lock.json": "1" });
        commit("first");
        write({ "stacks/Pulumi.dev.yaml": "new" });
        write({ "bin/plan/stack.ts": "export const = ;" });
        commit("broken");
        write({ "bin/plan/stack.ts": "export {};" });
        commit("other");
        // What is not committed belongs to the working tree, never to the revision.
        write({ "stacks/Pulumi.fresh.yaml": "fresh", "stacks/Pulumi.dev.yaml": "uncommitted" });
    });
    afterEach(() => {
        assert.deepEqual(checkedOut(), [], "nothing is left behind");
        assert.equal(git("worktree", "list").trim().split("\n").length, 1);
        assert.equal(git("status", "--short").trim().split("\n").length, 2, "the working tree is as it was");
    });
    after(() => rmSync(root, { recursive: true, force: true }));

    it("plans by the revision's own files and code", async () => {
        const { base, plan, notes } = await planAt("first", "dev");
        assert.deepEqual(plan, { resources: [], outputs: { stack: "dev", text: "old" } });
        assert.match(base, /^first \([0-9a-f]{10}\)$/);
        assert.deepEqual(notes, []);
    });

    it("has no plan for a stack that had no file, and says when other packages were locked", async () => {
        write({ "package-lock.json": "2" });
        const { plan, notes } = await planAt("first", "fresh");
        write({ "package-lock.json": "1" });
        assert.equal(plan, undefined);
        assert.match(notes.join(), /^package-lock\.json differs/);
    });

    const refusals: readonly (readonly [string, string, string, RegExp])[] = [
        [
            "a revision that is not there",
            "nowhere",
            "dev",
            /^--diff: expected a branch, tag or commit .*, found "nowhere"/,
        ],
        ["what looks like an option", "--all", "dev", /^--diff: expected a branch, tag or commit .*, found "--all"/],
        [
            "code that doesn't compile",
            "broken",
            "dev",
            /^--diff: broken \(.*\) does not compile:\nbin\/plan\/stack\.ts/,
        ],
        ["code from before plans", "other", "dev", /expected bin\/plan\/stack\.ts to export planStack, found none$/],
        [
            "a stack that can't be planned",
            "first",
            "bad",
            /^--diff: stack bad can't be planned .*:\none fault of the file$/,
        ],
    ];
    for (const [what, revision, stack, message] of refusals) {
        it(`refuses ${what} in one message`, async () => {
            assert.match(await refused(revision, stack), message);
        });
    }

    it("leaves nothing behind when it is interrupted", async () => {
        const child = start("first", "dev");
        const end = ended(child);
        while (child.exitCode === null && checkedOut().length === 0) {
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
        child.kill("SIGINT");
        assert.equal((await end).code, 130);
    });
});
