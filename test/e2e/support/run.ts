import { spawn } from "node:child_process";

/** What a command ended with. */
export interface Ended {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
    /** Both, as a user sees them. */
    readonly output: string;
}

export interface RunOptions {
    /** @default the current directory */
    readonly directory?: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
    /** Text for standard input; without it there is none, so that nothing can wait for an answer. */
    readonly input?: string;
    /**
     * Milliseconds after which the command is killed.
     *
     * @default 240000
     */
    readonly timeout?: number;
}

/** Runs a command to its end, whatever its exit code. */
export function run(command: string, arguments_: readonly string[], options: RunOptions): Promise<Ended> {
    const child = spawn(command, arguments_, {
        cwd: options.directory,
        env: { ...options.environment },
        stdio: ["pipe", "pipe", "pipe"],
        timeout: options.timeout ?? 240_000,
    });
    let stdout = "";
    let stderr = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
        output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
        output += text;
    });
    // A command that ends before it has read its input is told apart by its exit code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    return new Promise((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr, output }));
    });
}

/** The same command ended well, or the test ends with all that it said. */
export function succeeded<E extends Ended>(what: string, ended: E): E {
    if (ended.code !== 0) {
        throw new Error(`${what} ended with ${ended.code}:\n${ended.output}`);
    }
    return ended;
}

/** Tries again until there is an answer; the last error is the test's. */
export async function eventually<T>(attempt: () => Promise<T>, seconds = 60): Promise<T> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
        try {
            return await attempt();
        } catch (error) {
            if (Date.now() > end) {
                throw error;
            }
            await new Promise((resolve) => setTimeout(resolve, 500));
        }
    }
}
