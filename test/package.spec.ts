import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { parse } from "yaml";
import type { Plan } from "../bin/plan/plan";
import * as components from "../components";
import type { Finding } from "../policy/check";
import { packNames } from "../policy/rule";
import { assertSound } from "./support/invariants";
import { all, at, find } from "./support/plans";

interface Manifest {
    readonly name: string;
    readonly main?: string;
    readonly exports: Readonly<Record<string, string>>;
    readonly types: string;
    readonly dependencies: Readonly<Record<string, string>>;
    readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Paths of all files below a folder, relative to another one, with slashes. */
function filesBelow(folder: string, from: string): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(from, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

/** Names of the packages that a compiled file or a declaration asks for. */
function packagesOf(text: string): string[] {
    const asked = [...text.matchAll(/(?:require\(|from |import\()"([^".][^"]*)"/g)].map(([, name]) => name!);
    return asked.filter((name) => !name.startsWith("node:")).map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
}

describe("the package", function () {
    // Builds, packs, and checks the example's types against all declarations, those of its dependencies too.
    this.timeout(600_000);
    const folder = mkdtempSync(join(tmpdir(), "package-"));
    const example = join(folder, "examples/own-system");
    const installed = join(example, "node_modules/data-platform");
    let manifest: Manifest;
    let files: readonly string[];

    before(() => {
        execFileSync(process.execPath, ["examples/check.mjs", "--offline", "--keep", folder], { stdio: "pipe" });
        manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Manifest;
        files = filesBelow(installed, installed).sort();
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it("holds the compiled components with their types, the packs, and nothing else", () => {
        const compiled = (source: string, ...endings: readonly string[]) =>
            filesBelow(source, ".")
                .filter((file) => file.endsWith(".ts"))
                .flatMap((file) => endings.map((ending) => `dist/${file.replace(/\.ts$/, ending)}`));
        assert.deepEqual(
            files,
            [
                "LICENSE",
                "README.md",
                "package.json",
                ...compiled("components", ".js", ".d.ts"),
                // The page docs/policies.md is written from it, here.
                ...compiled("policy", ".js").filter((file) => file !== "dist/policy/docs.js"),
                ...["all", ...packNames].flatMap((pack) => [
                    `policy/${pack}/PulumiPolicy.yaml`,
                    `policy/${pack}/package.json`,
                ]),
            ].sort(),
        );
    });

    it("is below a megabyte", () => {
        const tarballs = readdirSync(folder).filter((file) => file.endsWith(".tgz"));
        assert.equal(tarballs.length, 1);
        assert.ok(statSync(join(folder, tarballs[0]!)).size < 1_000_000);
    });

    it("offers what components/index.ts does", () => {
        const offered = createRequire(join(example, "index.js"))("data-platform") as object;
        assert.deepEqual(Object.keys(offered).sort(), Object.keys(components).sort());
    });

    it("has an entry and types that are there, whichever way they are looked up", () => {
        assert.deepEqual(manifest.exports, {
            types: "./dist/components/index.d.ts",
            default: "./dist/components/index.js",
        });
        assert.equal(manifest.types, manifest.exports["types"]);
        Object.values(manifest.exports).forEach((file) => assert.ok(existsSync(join(installed, file)), file));
    });

    // The engine starts a project by `exports["."]` of its package.json, else by `main`, else by index.ts
    // (@pulumi/pulumi 3.248.0, cmd/run/run.ts).
    it("leaves this project's own program where the engine looks for it", () => {
        assert.equal(manifest.main, undefined);
        assert.equal(manifest.exports["."], undefined);
    });

    it("depends on every package that it asks for", () => {
        const asked = files
            .filter((file) => /\.(js|d\.ts)$/.test(file))
            .flatMap((file) => packagesOf(readFileSync(join(installed, file), "utf8")));
        const known = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
        assert.ok(new Set(asked).size > 3);
        assert.deepEqual([...new Set(asked)].filter((name) => !known.includes(name)).sort(), []);
    });

    it("has packs whose programs are there", () => {
        for (const pack of ["all", ...packNames]) {
            const home = join(installed, "policy", pack);
            const { main } = parse(readFileSync(join(home, "PulumiPolicy.yaml"), "utf8")) as { readonly main: string };
            assert.ok(existsSync(join(home, main)), pack);
            const own = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as Manifest;
            assert.equal(join(dirname(home), pack, own.main ?? ""), join(home, main), pack);
        }
    });

    describe("in the program of examples/own-system", () => {
        /** Plans it, with other settings than its stack's. */
        const planned = (settings: Readonly<Record<string, unknown>> = {}) => {
            const changes = Object.entries(settings).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
            const output = execFileSync(process.execPath, ["examples/plan.mjs", example, "dev", ...changes], {
                encoding: "utf8",
                stdio: "pipe",
                maxBuffer: 64 * 1024 * 1024,
            });
            return JSON.parse(output) as { readonly plan: Plan; readonly findings: readonly Finding[] };
        };
        const environment = (tier: string) => ({
            "data-platform:environment": { name: "lab", owner: "data-science", tier },
        });
        const image = `ghcr.io/dask/dask:2026.7.1@sha256:${"a".repeat(64)}`;

        it("breaks no rule and no invariant", () => {
            const { plan, findings } = planned();
            assert.deepEqual(findings, []);
            assertSound(plan);
            assert.deepEqual(
                all(plan, "PodDisruptionBudget").map(({ name }) => name),
                ["dask-worker-budget"],
            );
            assert.equal(plan.outputs["address"], "tcp://dask-scheduler.dev-dask.svc.cluster.local:8786");
        });

        it("breaks none in production either, once its image has a digest", () => {
            const { plan, findings } = planned({ ...environment("production"), "own-system:image": image });
            assert.deepEqual(findings, []);
            assertSound(plan);
            const { findings: without } = planned(environment("production"));
            assert.deepEqual([...new Set(without.map(({ rule }) => rule))], ["resources-image-digest"]);
        });

        it("takes every setting", () => {
            const { plan, findings } = planned({
                ...environment("staging"),
                "own-system:context": "lab-cluster",
                "own-system:image": image,
                "own-system:workers": 1,
                "own-system:clients": ["team-a", "team-b"],
            });
            assert.deepEqual(
                findings.filter(({ level }) => level === "mandatory"),
                [],
            );
            assertSound(plan);
            const workers = find(plan, "StatefulSet");
            assert.equal(at(workers.inputs, "spec.replicas"), 1);
            assert.equal(at(workers.inputs, "metadata.namespace"), "lab-dask");
            assert.equal(at(workers.inputs, "spec.template.spec.containers[0].image"), image);
            assert.equal(at(find(plan, "Deployment").inputs, "spec.template.spec.containers[0].image"), image);
            assert.equal(find(plan, "kubernetes").inputs["context"], "lab-cluster");
            assert.deepEqual(all(plan, "PodDisruptionBudget"), []);
            const from = at(find(plan, "NetworkPolicy", "dask-scheduler").inputs, "spec.ingress[0].from");
            assert.deepEqual(
                (from as unknown[]).slice(0, 2).map((peer) => at(peer, "namespaceSelector.matchLabels")),
                ["team-a", "team-b"].map((name) => ({ "kubernetes.io/metadata.name": name })),
            );
        });

        it("refuses what can't be right", () => {
            assert.throws(() => planned({ "own-system:workers": 0 }), /dask\.workers: expected at least 1, found 0/);
        });
    });
});
