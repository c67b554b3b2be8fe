import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

describe("the build", () => {
    let directory: string;
    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), "prune-"));
    });
    afterEach(() => rmSync(directory, { recursive: true }));

    const prune = () => spawnSync(process.execPath, [resolve("bin/prune.mjs")], { cwd: directory, encoding: "utf8" });

    it("keeps no compiled file whose source is gone, such as one that has become a folder", () => {
        for (const folder of ["stacks/checks", "dist/stacks/checks"]) {
            mkdirSync(join(directory, folder), { recursive: true });
        }
        for (const file of ["stacks/checks/index.ts", "dist/stacks/checks/index.js", "dist/stacks/checks.js"]) {
            writeFileSync(join(directory, file), "");
        }
        writeFileSync(join(directory, "dist/.tsbuildinfo"), "");
        assert.equal(prune().status, 0);
        assert.deepEqual(readdirSync(join(directory, "dist"), { recursive: true }).sort(), [
            ".tsbuildinfo",
            "stacks",
            "stacks/checks",
            "stacks/checks/index.js",
        ]);
    });

    it("has nothing to remove before the first build", () => assert.equal(prune().stderr, ""));
});
