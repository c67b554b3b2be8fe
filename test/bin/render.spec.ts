import * as assert from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDirectory } from "../../bin/project";

const project = projectDirectory();

function render(...arguments_: string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(process.execPath, ["dist/bin/render.js", ...arguments_], { cwd: project, encoding: "utf8" });
}

describe("render", function () {
    // Each test starts the whole program; a busy machine takes its time.
    this.timeout(120_000);
    let directory: string;
    before(() => {
        // What runs is what was built: only then does a test of it say anything.
        const built = spawnSync("npm", ["run", "-s", "build"], { cwd: project, encoding: "utf8" });
        assert.strictEqual(built.status, 0, built.stdout);
    });
    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), "render-"));
    });
    afterEach(() => rmSync(directory, { recursive: true }));

    it("plans the local stack, twice the same to the byte", () => {
        const out = join(directory, "local");
        const contents = (): string[] =>
            [
                `${out}.report.json`,
                ...readdirSync(out, { recursive: true, withFileTypes: true })
                    .filter((entry) => entry.isFile())
                    .map((entry) => join(entry.parentPath, entry.name)),
            ].map((file) => readFileSync(file, "utf8"));
        const first = render("--stack", "local", "--out", out);
        assert.strictEqual(first.stderr, "");
        assert.strictEqual(first.status, 0);
        const before = contents();
        assert.strictEqual(render("--stack", "local", "--out", out).stdout, first.stdout);
        assert.deepStrictEqual(contents(), before);
        assert.match(first.stdout, /^data-platform local \(development\): \d+ resources/);
        assert.match(first.stdout, /next: npm run preview -- --stack local\n$/);
        const report = JSON.parse(before[0]!) as { stack: string; totals: { all: { pods: number } } };
        assert.ok(report.stack === "local" && report.totals.all.pods > 0);
        const client = readFileSync(join(out, "clients/flink/shared/config.yaml"), "utf8");
        assert.match(client, /^kubernetes\.cluster-id: flink-shared$/m);
    });

    it("prints the headline only when asked to be quiet", () => {
        const { stdout } = render("--stack", "local", "--out", join(directory, "local"), "--quiet");
        assert.match(stdout, /^data-platform local .*\n$/);
    });

    it("writes a page, and appends a summary to what is there", () => {
        const [page, summary] = [join(directory, "pages", "local.html"), join(directory, "summary.md")];
        writeFileSync(summary, "before\n");
        const files = ["--out", join(directory, "local"), "--report", page, "--markdown", summary];
        assert.strictEqual(render("--stack", "local", "--quiet", ...files).status, 0);
        assert.match(readFileSync(page, "utf8"), /^<!doctype html>[^]*<svg class="topology"[^]*<\/html>\n$/);
        assert.match(readFileSync(summary, "utf8"), /^before\n### local\n\ndata-platform local /);
    });

    it("says what is wrong with a revision, and writes nothing", () => {
        const { status, stderr } = render("--stack", "local", "--out", join(directory, "local"), "--diff", "nowhere");
        assert.strictEqual(status, 1);
        assert.match(stderr, /^--diff: expected a branch, tag or commit that this repository has, found "nowhere"/);
        assert.doesNotMatch(stderr, /\n +at /);
        assert.deepStrictEqual(readdirSync(directory), []);
    });

    it("suggests the stack that was meant, without a stack trace", () => {
        const { status, stderr } = render("--stack", "lokal");
        assert.strictEqual(status, 1);
        assert.match(stderr, /did you mean local\?/);
        assert.doesNotMatch(stderr, /\n +at /);
    });

    it("refuses a directory that it did not write", () => {
        writeFileSync(join(directory, "precious"), "");
        const { status, stderr } = render("--stack", "local", "--out", directory);
        assert.strictEqual(status, 1);
        assert.match(stderr, /^.* is not empty and was not rendered to before.*\n$/);
        assert.deepStrictEqual(readdirSync(directory), ["precious"]);
    });
});
