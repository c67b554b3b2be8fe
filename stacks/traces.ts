/** A frame of the Pulumi SDK's own. */
const sdkFrame = /^ +at .*[/\\]node_modules[/\\]@pulumi[/\\]/;

/** Takes the SDK's frames out of an error's trace: they say nothing about the program. */
export function withoutSdkFrames(trace: string): string {
    return trace
        .split("\n")
        .filter((line) => !sdkFrame.test(line))
        .join("\n");
}

/**
 * Shortens the trace of whatever ends the program, before Pulumi formats it. It formats every error, also one of which
 * it prints the message only, and on such a frame as `node_modules/@pulumi/resource.ts` Node 20's `util.inspect` with
 * colours never finds the end of the package's name: it runs for half a minute and takes gigabytes.
 */
export function shortenTraces(): void {
    const shorten = (error: unknown): void => {
        if (error instanceof Error && error.stack !== undefined) {
            error.stack = withoutSdkFrames(error.stack);
        }
    };
    // Before Pulumi's own listeners, which are there already when the program is loaded.
    process.prependListener("unhandledRejection", shorten);
    process.prependListener("uncaughtException", shorten);
}
