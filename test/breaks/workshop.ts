import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import type { Pitfall } from "../pitfalls/pitfall";

/** What the specs need of the project. */
const needed = [
    "bin",
    "components",
    "docs",
    "policy",
    "stacks",
    "test",
    "Pulumi.yaml",
    "index.ts",
    "package.json",
    "tsconfig.json",
    "tsconfig.check.json",
];

/** What came of a run of the tests that catch a defect. */
export interface Outcome {
    readonly passed: number;
    readonly failed: readonly string[];
    /** What was printed instead of a result, where the tests did not even run. */
    readonly trouble?: string;
}

/** A copy of the project, in which one defect at a time is brought in. */
export class Workshop {
    private readonly home = mkdtempSync(join(tmpdir(), "breaks-"));
    private readonly project = join(this.home, "main");

    constructor() {
        mkdirSync(this.project);
        needed.forEach((part) => cpSync(part, join(this.project, part), { recursive: true }));
        // Once for all breaks: a run that has to translate everything first takes three times as long.
        readdirSync(this.project, { recursive: true, encoding: "utf8" })
            .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
            .forEach((file) => translate(join(this.project, file)));
        symlinkSync(resolve("node_modules"), join(this.project, "node_modules"));
        // Specs read the documents that stand beside the project.
        symlinkSync(resolve("../shared"), join(this.home, "shared"));
    }

    /** Runs the tests of a pitfall with its break in place. */
    public async outcome({ id, spec, break: broken }: Pitfall): Promise<Outcome> {
        const file = join(this.project, broken.file);
        const text = readFileSync(file, "utf8");
        writeFileSync(
            file,
            text.replace(broken.find, () => broken.replace),
        );
        translate(file);
        try {
            return await this.tests(id, spec.replace(/\.ts$/, ".js"));
        } finally {
            writeFileSync(file, text);
            translate(file);
        }
    }

    public close(): void {
        rmSync(this.home, { recursive: true, force: true });
    }

    private tests(id: string, spec: string): Promise<Outcome> {
        const mocha = resolve("node_modules/mocha/bin/mocha.js");
        const args = [mocha, "--no-config", "-t", "60000", "--reporter", "json", "--fgrep", `[${id}]`, spec];
        return new Promise((done) => {
            const limits = { cwd: this.project, timeout: 120_000, maxBuffer: 64 * 1024 * 1024 };
            execFile(process.execPath, args, limits, (_status, output, errors) => done(read(output, errors)));
        });
    }
}

/** What TypeScript makes of one file, beside it: as Node loads it, and without a look at its types. */
function translate(file: string): void {
    if (!file.endsWith(".ts")) {
        return;
    }
    const { outputText } = transpileModule(readFileSync(file, "utf8"), {
        compilerOptions: { target: ScriptTarget.ES2022, module: ModuleKind.CommonJS, esModuleInterop: true },
    });
    writeFileSync(file.replace(/\.ts$/, ".js"), outputText);
}

interface Report {
    readonly passes: readonly unknown[];
    readonly failures: readonly { readonly fullTitle: string }[];
}

function read(output: string, errors: string): Outcome {
    const start = output.indexOf("{\n");
    try {
        const { passes, failures } = JSON.parse(output.slice(start)) as Report;
        return { passed: passes.length, failed: failures.map(({ fullTitle }) => fullTitle) };
    } catch {
        return { passed: 0, failed: [], trouble: `${output}\n${errors}`.slice(-2000) };
    }
}
