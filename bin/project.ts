import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { stackDirectory } from "../stacks/load";

/** Folder of `Pulumi.yaml`: above this file, whether it runs compiled or not. */
export function projectDirectory(from: string = __dirname): string {
    if (existsSync(join(from, "Pulumi.yaml"))) {
        return from;
    }
    if (dirname(from) === from) {
        throw new Error("there is no Pulumi.yaml above this program");
    }
    return projectDirectory(dirname(from));
}

/** The folder of the stack files as a user would type it here, so that messages name files that way. */
export function stackFiles(): string {
    const path = relative(process.cwd(), join(projectDirectory(), stackDirectory));
    return path === "" ? "." : path;
}
