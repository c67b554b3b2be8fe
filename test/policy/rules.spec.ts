import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { policiesMarkdown, ruleLines } from "../../policy/docs";
import { levels, packNames, urlOf } from "../../policy/rule";
import { allRules, packs } from "../../policy/rules";

const root = join(__dirname, "..", "..");
const kebab = (file: string) => file.replace(/\.ts$/, "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe("rules", () => {
    for (const pack of packNames) {
        it(`of pack ${pack} are one file and one spec each, and all of them are in the pack`, () => {
            const files = readdirSync(join(root, "policy", "rules", pack)).filter((file) => file !== "index.ts");
            assert.deepEqual(
                packs[pack].rules.map(({ name }) => name),
                files.map((file) => `${pack}-${kebab(file)}`).sort(),
            );
            for (const file of files) {
                assert.ok(existsSync(join(__dirname, "rules", pack, file.replace(/\.ts$/, ".spec.ts"))), file);
            }
        });
    }

    for (const pack of ["all", ...packNames]) {
        it(`of policy/${pack} run compiled`, () => {
            const read = (file: string) => readFileSync(join(root, "policy", pack, file), "utf8");
            const main = `../../dist/policy/${pack}/index.js`;
            const project = parse(read("PulumiPolicy.yaml")) as { main: string; runtime: unknown };
            assert.equal(project.main, main);
            assert.deepEqual(project.runtime, { name: "nodejs", options: { typescript: false } });
            const { version } = JSON.parse(read("package.json")) as { version: string };
            assert.match(version, /^\d+\.\d+\.\d+$/);
            assert.ok(existsSync(join(root, "policy", pack, "index.ts")));
        });
    }

    it("have names, texts and levels that CrossGuard and readers can use", () => {
        assert.equal(new Set(allRules.map(({ name }) => name)).size, allRules.length);
        for (const rule of allRules) {
            assert.match(rule.description, /^[A-Z].*\.$/);
            assert.match(rule.remediation, /^[A-Z].*\.$/);
            for (const level of Object.values(rule.levels)) {
                assert.ok(levels.includes(level));
            }
            assert.equal(urlOf(rule), `docs/policies.md#${rule.name}`);
        }
    });

    it("are listed each with severity and levels, or as a stack has them", () => {
        const lines = ruleLines();
        const options = {
            tier: "staging" as const,
            levels: { "naming-dns-names": "disabled" as const },
            exemptions: [{ resource: "a-*", rule: "naming-dns-names", reason: "history", until: "2027-01-31" }],
            now: new Date("2026-05-01"),
        };
        for (const { name, severity, levels: byTier, description } of allRules) {
            const line = lines.findIndex((each) => each.trim().startsWith(`${name} `));
            const words = lines[line]!.trim().split(/ +/);
            assert.deepEqual(words, [name, severity, byTier.development, byTier.staging, byTier.production]);
            assert.equal(lines[line + 1]!.trim(), description);
        }
        assert.ok(
            ruleLines(options).some((line) =>
                /naming-dns-names +medium +disabled; except a-\* \(2027-01-31\): history$/.test(line),
            ),
        );
        assert.ok(ruleLines(options).some((line) => /naming-label-values +medium +mandatory$/.test(line)));
    });

    it("are documented in docs/policies.md as they are", () => {
        const page = readFileSync(join(root, "docs", "policies.md"), "utf8");
        assert.equal(page, policiesMarkdown(), "docs/policies.md is old: npm run generate");
    });
});
