/** A fault of the user's doing or surroundings: its message says it all, a stack trace would only hide it. */
export class CommandError extends Error {}

/**
 * Runs a command's body and turns what it throws into an exit code and text for people: the message alone for an
 * expected fault, message and stack for a defect of this program.
 */
export async function runCommand(body: () => Promise<number>, isExpected: (error: Error) => boolean): Promise<void> {
    try {
        process.exitCode = await body();
    } catch (error) {
        const fault = error instanceof Error ? error : new Error(String(error));
        const expected = fault instanceof CommandError || isExpected(fault);
        process.stderr.write(expected ? `${fault.message}\n` : `This is a defect: ${fault.stack ?? fault.message}\n`);
        process.exitCode = 1;
    }
}
