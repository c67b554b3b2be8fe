import { spawn } from "node:child_process";
import { constants } from "node:os";

/** What the CLI ended with. */
export interface Ended {
    readonly code: number;
    /** Captured standard output, empty where it went to the terminal. */
    readonly output: string;
}

/**
 * Runs the CLI of the npm package `pulumi`, which fetches the engine when it runs for the first time.
 *
 * @param capture True to keep standard output and return it; messages still go to the terminal.
 */
export function runPulumi(
    arguments_: readonly string[],
    {
        directory,
        environment,
        capture = false,
    }: {
        readonly directory: string;
        readonly environment: Readonly<Record<string, string | undefined>>;
        readonly capture?: boolean;
    },
): Promise<Ended> {
    const child = spawn(process.execPath, [require.resolve("pulumi/run.js"), ...arguments_], {
        cwd: directory,
        env: { ...environment },
        stdio: ["inherit", capture ? "pipe" : "inherit", "inherit"],
    });
    // A terminal sends its interrupt to the engine as well, which then ends in order; to end before it would orphan it.
    const wait = (): void => undefined;
    process.on("SIGINT", wait);
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    return new Promise<Ended>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code, signal) => {
            // The shell's convention for an end by signal.
            resolve({ code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), output });
        });
    }).finally(() => process.off("SIGINT", wait));
}
