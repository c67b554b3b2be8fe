import type { Context } from "mocha";
import { run } from "../../e2e/support/run";

/** Skips the suite, and says why, where a program does not run; fails it where `REAL_REQUIRED=1` says that none may be. */
export async function requireProgram(
    context: Context,
    command: string,
    ...arguments_: readonly string[]
): Promise<void> {
    const reason = await missing(command, arguments_);
    if (reason === undefined) {
        return;
    }
    if (process.env["REAL_REQUIRED"] === "1") {
        throw new Error(reason);
    }
    process.stdout.write(`    skipped: ${reason}\n`);
    context.skip();
}

async function missing(command: string, arguments_: readonly string[]): Promise<string | undefined> {
    try {
        const { code, output } = await run(command, arguments_, { environment: process.env });
        return code === 0 ? undefined : `${command} does not run: ${output.trim()}`;
    } catch (error) {
        return `${command} does not run: ${error instanceof Error ? error.message : String(error)}`;
    }
}
