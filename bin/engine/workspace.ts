import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { stackFile } from "../../stacks/load";
import { compareText } from "../plan/values";
import { CommandError } from "../commandError";
import {
    backendOf,
    creationArguments,
    isListed,
    localFolder,
    localStack,
    localStackFile,
    passphraseFile,
    passphraseOf,
    stateFolder,
    type Action,
} from "./invocation";
import { runPulumi } from "./pulumi";

type Environment = Readonly<Record<string, string | undefined>>;

/** What an operation on a stack needs in place. */
export interface Workspace {
    readonly environment: Environment;
    /** Stack file in the place of the project's own, if there is one. */
    readonly configFile: string | undefined;
    /** False only for a `destroy` of a stack that has no state. */
    readonly exists: boolean;
}

/** Puts state folder, passphrase and the stack itself in place, and returns the engine's environment. */
export async function prepareWorkspace(
    project: string,
    stack: string,
    action: Action,
    environment: Environment,
): Promise<Workspace> {
    const ownFile = join(project, stackFile(stack));
    const ownText = readFileSync(ownFile, "utf8");
    const backend = backendOf(
        project,
        environment,
        readIfThere(join(environment.PULUMI_HOME ?? join(homedir(), ".pulumi"), "credentials.json")),
        readFileSync(join(project, "Pulumi.yaml"), "utf8"),
    );
    const passphrase = passphraseOf(stack, environment, backend, ownText);
    if (backend.fallback) {
        mkdirSync(join(project, stateFolder), { recursive: true });
    }
    const full: Environment = {
        ...environment,
        ...backend.environment,
        ...(passphrase === "generated" ? { PULUMI_CONFIG_PASSPHRASE_FILE: generatedPassphrase(project) } : {}),
    };
    const listing = await runPulumi(["stack", "ls", "--json"], {
        directory: project,
        environment: full,
        capture: true,
    });
    if (listing.code !== 0) {
        throw new CommandError("The stacks of the backend can't be listed; see the message above.");
    }
    const exists = isListed(listing.output, stack);
    const creation = stack === localStack ? initFolder(project) : project;
    if (!exists && action !== "destroy") {
        const created = await runPulumi(creationArguments(stack, ownText), { directory: creation, environment: full });
        if (created.code !== 0) {
            throw new CommandError(`Stack ${stack} can't be created; see the message above.`);
        }
    }
    if (stack !== localStack) {
        return { environment: full, configFile: undefined, exists: exists || action !== "destroy" };
    }
    const configFile = join(project, localFolder, `Pulumi.${stack}.yaml`);
    writeFileSync(configFile, localStackFile(ownText, readIfThere(join(creation, `Pulumi.${stack}.yaml`))));
    return { environment: full, configFile, exists: exists || action !== "destroy" };
}

/**
 * A folder from which the local stack is created: a project of the same name without any stack file, so that the engine
 * puts the salt there and the project's own stack file stays as it is, whatever happens half-way.
 */
function initFolder(project: string): string {
    const folder = join(project, localFolder, "init");
    mkdirSync(join(project, localFolder), { recursive: true, mode: 0o700 });
    mkdirSync(folder, { recursive: true });
    const name = /^name:.*$/m.exec(readFileSync(join(project, "Pulumi.yaml"), "utf8"))?.[0] ?? "name: data-platform";
    writeFileSync(join(folder, "Pulumi.yaml"), `${name}\nruntime: nodejs\n`);
    return folder;
}

function generatedPassphrase(project: string): string {
    const file = join(project, passphraseFile);
    if (!existsSync(file)) {
        writeFileSync(file, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
    }
    return file;
}

function readIfThere(file: string): string | undefined {
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/**
 * Makes the directory that the Kubernetes plugin renders to, readable by its owner only, and returns what to tell the
 * user: the plugin writes Secrets in the clear.
 */
export function prepareRenderDirectory(project: string, directory: string): string {
    const path = resolve(project, directory);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
    return `Manifests go to ${relative(process.cwd(), path)}, Secrets in the clear: only you can read that directory, keep it so.`;
}

/**
 * Folders below `directory` that hold a policy pack, sorted. Where one pack, `all`, has the rules of every other it stands
 * alone: each pack is a process of its own and costs its start.
 */
export function packFolders(directory: string): readonly string[] {
    const folders = readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name === "PulumiPolicy.yaml")
        .map((entry) => entry.parentPath)
        .sort(compareText);
    const all = folders.filter((folder) => basename(folder) === "all");
    return all.length > 0 ? all : folders;
}
