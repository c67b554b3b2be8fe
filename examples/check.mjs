/*
 * Uses the package as another program does: packs it, puts it and examples/own-system into an empty folder, installs,
 * checks types and plans.
 *
 *     node examples/check.mjs [--offline] [--keep DIR]
 *
 * --offline  takes every other package from this project's own node_modules instead of a registry
 * --keep     the folder, which stays; without it a temporary one, which does not
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({ options: { offline: { type: "boolean" }, keep: { type: "string" } } });
const folder = resolve(options.keep ?? mkdtempSync(join(tmpdir(), "own-system-")));
// The same way from the example to the package as here, so that its package.json holds as it is.
const example = join(folder, "examples/own-system");
const installed = join(example, "node_modules");

/** Runs a command to its end; everything ends with it if it fails. */
function run(command, parameters, directory) {
    const { status, stdout, stderr, error } = spawnSync(command, parameters, { cwd: directory, encoding: "utf8" });
    if (status !== 0) {
        throw new Error(`${command} ${parameters.join(" ")} failed:\n${error?.message ?? stdout + stderr}`);
    }
    return stdout;
}

/** Builds and packs; returns the tarball's path. */
function packed() {
    run("npm", ["run", "--silent", "build"], project);
    const [{ filename }] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", folder], project));
    return join(folder, filename);
}

/** What `npm install` would put there, without asking anybody. */
function link(tarball) {
    const own = join(project, "node_modules");
    for (const entry of readdirSync(own).filter((name) => !name.startsWith("."))) {
        symlinkSync(join(own, entry), join(installed, entry), "dir");
    }
    mkdirSync(join(installed, "data-platform"));
    run("tar", ["-xzf", tarball, "--strip-components=1", "-C", join(installed, "data-platform")], folder);
}

/** Folders of a package anywhere below a `node_modules`. */
function copiesOf(name, modules = installed) {
    const packages = readdirSync(modules)
        .filter((entry) => !entry.startsWith("."))
        .flatMap((entry) =>
            entry.startsWith("@") ? readdirSync(join(modules, entry)).map((each) => join(entry, each)) : [entry],
        );
    return packages.flatMap((entry) => [
        ...(entry === name ? [join(modules, entry)] : []),
        ...(isFolder(join(modules, entry, "node_modules")) ? copiesOf(name, join(modules, entry, "node_modules")) : []),
    ]);
}

function isFolder(path) {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Types, the package's declarations included; and, where time matters less, as Pulumi's own templates find packages. */
function checkTypes() {
    const compile = (...further) => run(process.execPath, [join(installed, "typescript/bin/tsc"), ...further], example);
    compile("--skipLibCheck", "false", "--outDir", "js");
    if (!options.offline) {
        compile("--noEmit", "--module", "commonjs", "--moduleResolution", "node10");
    }
}

try {
    mkdirSync(installed, { recursive: true });
    cpSync(join(project, "examples/own-system"), example, {
        recursive: true,
        filter: (path) => !path.includes("node_modules"),
    });
    const tarball = packed();
    if (options.offline) {
        link(tarball);
    } else {
        run("npm", ["install", "--no-audit", "--no-fund"], example);
        for (const shared of ["@pulumi/pulumi", "@pulumi/kubernetes"].filter((name) => copiesOf(name).length !== 1)) {
            throw new Error(`expected one copy of ${shared}, found ${copiesOf(shared).join(", ")}`);
        }
    }
    checkTypes();
    // The planner is no part of the package. Beside the example it takes the example's own copy of the Pulumi SDK.
    cpSync(join(project, "dist"), join(example, "planner"), { recursive: true });
    const { plan, findings } = JSON.parse(
        run(process.execPath, [join(project, "examples/plan.mjs"), example, "dev"], example),
    );
    if (findings.length > 0) {
        throw new Error(`expected no finding, found ${JSON.stringify(findings, undefined, 2)}`);
    }
    console.log(`examples/own-system: ${plan.resources.length} resources, no finding`);
} finally {
    if (options.keep === undefined) {
        rmSync(folder, { recursive: true, force: true });
    }
}
