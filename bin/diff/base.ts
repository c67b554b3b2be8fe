import { type ChildProcess, fork, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError } from "../commandError";
import type { ComparedPlan } from "./diff";
import type { PlanAnswer } from "./planChild";

/** How a stack was at a revision. */
export interface BasePlan {
    /** The revision as given, with the short form of its commit where that says more. */
    readonly base: string;
    /** Undefined where the stack had no file. */
    readonly plan: ComparedPlan | undefined;
    readonly notes: readonly string[];
}

/** Signals by which a user or a system ends a command. */
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Which stack: its name, and its file's path inside the project. */
export interface BaseStack {
    readonly name: string;
    readonly file: string;
}

/**
 * Plans a stack as it was at a git revision, by that revision's own code, compiled beside the packages that are installed
 * here. Nothing is downloaded; git's own working trees, index and references stay as they are.
 *
 * @throws CommandError for a revision that is not there, or that can't be compiled or planned.
 */
export async function planAt(project: string, revision: string, { name, file }: BaseStack): Promise<BasePlan> {
    const processes = new Processes();
    const commit = await resolveCommit(processes, project, revision);
    const scratch = mkdtempSync(join(tmpdir(), "data-platform-diff-"));
    const clean = (): void => rmSync(scratch, { recursive: true, force: true });
    const leave = (signal: (typeof endings)[number]): void => {
        processes.end();
        clean();
        process.exit(128 + constants.signals[signal]);
    };
    endings.forEach((signal) => process.once(signal, leave));
    try {
        const root = await checkOut(processes, project, commit, scratch);
        const base = commit.startsWith(revision) ? commit.slice(0, 10) : `${revision} (${commit.slice(0, 10)})`;
        const notes = notesOf(project, root);
        if (!existsSync(join(root, file))) {
            return { base, plan: undefined, notes };
        }
        await compile(processes, project, root, base);
        return { base, plan: await planIn(processes, root, name, base), notes };
    } finally {
        endings.forEach((signal) => process.off(signal, leave));
        clean();
    }
}

/** The processes that are still running for a comparison. */
class Processes {
    private readonly running = new Set<ChildProcess>();

    /** Runs a command to its end; output and errors come back as one text each. */
    public run(
        command: string,
        arguments_: readonly string[],
        options: { readonly directory: string; readonly environment?: Readonly<Record<string, string>> },
    ): Promise<{ readonly code: number; readonly output: string; readonly errors: string }> {
        const child = this.watched(
            spawn(command, arguments_, {
                cwd: options.directory,
                env: { ...process.env, ...options.environment },
                stdio: ["ignore", "pipe", "pipe"],
            }),
        );
        const texts = { output: "", errors: "" };
        child.stdout.setEncoding("utf8").on("data", (chunk: string) => (texts.output += chunk));
        child.stderr.setEncoding("utf8").on("data", (chunk: string) => (texts.errors += chunk));
        return new Promise((resolve, reject) => {
            child.on("error", reject);
            child.on("close", (code) => resolve({ code: code ?? 1, ...texts }));
        });
    }

    /** Notes a process until it ends. */
    public watched<T extends ChildProcess>(child: T): T {
        this.running.add(child);
        child.on("exit", () => this.running.delete(child));
        return child;
    }

    public end(): void {
        this.running.forEach((child) => child.kill("SIGKILL"));
    }
}

async function resolveCommit(processes: Processes, project: string, revision: string): Promise<string> {
    const { code, output } = await processes.run(
        "git",
        ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`],
        { directory: project },
    );
    // Before git 2.30 rev-parse prints the option's end as well.
    const commit = output.trim().split("\n").at(-1) ?? "";
    if (code !== 0 || commit === "") {
        throw new CommandError(
            `--diff: expected a branch, tag or commit that this repository has, found ${JSON.stringify(revision)}. ` +
                "A shallow clone has only its newest commits: git fetch --unshallow.",
        );
    }
    return commit;
}

/** Writes the revision's files into the scratch folder, by an index of its own, and returns the project's folder there. */
async function checkOut(processes: Processes, project: string, commit: string, scratch: string): Promise<string> {
    const files = join(scratch, "files");
    mkdirSync(files);
    const git = async (...arguments_: string[]): Promise<string> => {
        const { code, output, errors } = await processes.run("git", arguments_, {
            directory: project,
            environment: { GIT_INDEX_FILE: join(scratch, "index") },
        });
        if (code !== 0) {
            throw new CommandError(`--diff: git ${arguments_[0] ?? ""} of ${commit} failed: ${errors.trim()}`);
        }
        return output.replace(/\n$/, "");
    };
    // The project may be a folder of a larger repository, and checkout-index knows paths from the repository's top.
    const [prefix, top] = [await git("rev-parse", "--show-prefix"), await git("rev-parse", "--show-toplevel")];
    await git("read-tree", commit);
    await git("-C", top, "checkout-index", "--all", "--force", `--prefix=${files}/`);
    return join(files, prefix);
}

function notesOf(project: string, root: string): string[] {
    const lock = (directory: string): string => {
        const file = join(directory, "package-lock.json");
        return existsSync(file) ? readFileSync(file, "utf8") : "";
    };
    return lock(project) === lock(root)
        ? []
        : ["package-lock.json differs: both plans were made with the packages that are installed here"];
}

async function compile(processes: Processes, project: string, root: string, base: string): Promise<void> {
    if (!existsSync(join(root, "tsconfig.build.json"))) {
        throw new CommandError(
            `--diff: expected tsconfig.build.json at ${base}, found none: it is too old to compare with`,
        );
    }
    symlinkSync(join(project, "node_modules"), join(root, "node_modules"), "junction");
    const { code, output, errors } = await processes.run(
        process.execPath,
        [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json"],
        { directory: root },
    );
    if (code !== 0) {
        throw new CommandError(`--diff: ${base} does not compile:\n${firstLines(output + errors)}`);
    }
}

async function planIn(processes: Processes, root: string, stack: string, base: string): Promise<ComparedPlan> {
    const child = processes.watched(
        fork(require.resolve("./planChild"), [root, stack], {
            cwd: root,
            stdio: ["ignore", "ignore", "pipe", "ipc"],
            // Keeps undefined apart from null, as the plan of this process has them.
            serialization: "advanced",
        }),
    );
    let errors = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (errors += chunk));
    const answer = await new Promise<PlanAnswer>((resolve, reject) => {
        child.on("error", reject);
        child.on("message", (reply) => resolve(reply as PlanAnswer));
        child.on("close", () => resolve({ fault: firstLines(errors) }));
    });
    child.kill();
    if ("fault" in answer) {
        throw new CommandError(`--diff: stack ${stack} can't be planned as it was at ${base}:\n${answer.fault}`);
    }
    return answer.plan;
}

function firstLines(text: string): string {
    return text.trim().split("\n").slice(0, 10).join("\n");
}
