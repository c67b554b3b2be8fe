import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CommandError } from "../commandError";
import type { Platform } from "../../stacks/platform";
import type { ManifestFile } from "./manifests";

/** Names the files of the last render, so that the next one removes its own and nothing else. */
export const markerFile = ".data-platform-rendered";

/** Folder, beside the manifests, of the files that clients of the systems are configured with. */
const clientFolder = "clients";

/** The files that clients of a stack's systems are configured with, by the stack's own outputs. */
export function clientFilesOf(outputs: Readonly<Record<string, unknown>>): ManifestFile[] {
    const { clientFiles } = (outputs["platform"] ?? {}) as Partial<Platform>;
    return Object.entries(clientFiles ?? {}).map(([path, content]) => ({ name: `${clientFolder}/${path}`, content }));
}

/**
 * Writes files into a directory of their own and removes those of an earlier render that are not there any more.
 *
 * @throws CommandError for a directory that holds anything and was not written by an earlier render.
 */
export function writeRendered(directory: string, files: readonly ManifestFile[]): void {
    const marker = join(directory, markerFile);
    const rendered = existsSync(marker);
    if (!rendered && existsSync(directory) && readdirSync(directory).length > 0) {
        throw new CommandError(`${directory} is not empty and was not rendered to before; give another --out`);
    }
    mkdirSync(directory, { recursive: true });
    const names = new Set(files.map(({ name }) => name));
    const earlier = rendered ? readFileSync(marker, "utf8").split("\n") : [];
    // The marker is only text that anyone may edit: names that lead out of the directory are not ours.
    const stale = earlier.filter((name) => /^(\w[\w.-]*\/)*\w[\w.-]*$/.test(name) && !names.has(name));
    stale.forEach((name) => rmSync(join(directory, name), { force: true }));
    writeFileSync(marker, [...names, ""].join("\n"));
    for (const { name, content } of files) {
        const file = join(directory, name);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
    }
}
