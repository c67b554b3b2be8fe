import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { CommandError } from "../commandError";
import { isFields } from "../../policy/views/raw";

/** The engine's operations that the wrapper runs. */
export const actions = ["preview", "up", "destroy"] as const;
export type Action = (typeof actions)[number];

/** Only this stack gets a generated passphrase, and a stack file of its own for the salt that goes with it. */
export const localStack = "local";

/** Names inside the project that the wrapper writes; git ignores all of them. */
export const stateFolder = ".pulumi-state";
export const passphraseFile = ".passphrase";
export const localFolder = ".local";

/** Where the engine keeps a stack's state. */
export interface Backend {
    /** True for the folder inside the project that the wrapper falls back to. */
    readonly fallback: boolean;
    /** What the engine's environment needs beside what the user has set. */
    readonly environment: Readonly<Record<string, string>>;
}

/**
 * The user's own backend where there is one, by environment, login or project file; a folder in the project otherwise.
 *
 * @param credentials Content of the CLI's `credentials.json`, undefined without one.
 */
export function backendOf(
    project: string,
    environment: Readonly<Record<string, string | undefined>>,
    credentials: string | undefined,
    projectFile: string,
): Backend {
    const login: unknown = credentials === undefined ? undefined : JSON.parse(credentials);
    const settings: unknown = parse(projectFile);
    const chosen =
        environment.PULUMI_BACKEND_URL ??
        environment.PULUMI_ACCESS_TOKEN ??
        (isFields(login) && login.current !== "" ? login.current : undefined) ??
        (isFields(settings) && isFields(settings.backend) ? settings.backend.url : undefined);
    return chosen === undefined
        ? { fallback: true, environment: { PULUMI_BACKEND_URL: pathToFileURL(join(project, stateFolder)).href } }
        : { fallback: false, environment: {} };
}

/** How the engine gets the passphrase that encrypts a stack's secrets. */
export type Passphrase = "given" | "generated";

/**
 * Whether the passphrase is given (or not needed) or generated, for the local stack only: a generated passphrase is
 * lost with the working copy, and every secret of the stack with it.
 *
 * @throws CommandError for another stack whose secrets would need one.
 */
export function passphraseOf(
    stack: string,
    environment: Readonly<Record<string, string | undefined>>,
    backend: Pick<Backend, "fallback">,
    stackFile: string,
): Passphrase {
    const given = environment.PULUMI_CONFIG_PASSPHRASE ?? environment.PULUMI_CONFIG_PASSPHRASE_FILE;
    if (given !== undefined || !usesPassphrase(stackFile)) {
        return "given";
    }
    if (stack === localStack) {
        return "generated";
    }
    if (!backend.fallback) {
        return "given";
    }
    throw new CommandError(
        `The secrets of stack ${stack} are encrypted with a passphrase of your own. Set PULUMI_CONFIG_PASSPHRASE, or ` +
            "PULUMI_CONFIG_PASSPHRASE_FILE to the path of a file that holds it.",
    );
}

function usesPassphrase(stackFile: string): boolean {
    const provider = secretsProviderOf(stackFile);
    return provider === undefined || provider === "passphrase" || provider === "default";
}

/** The stack file's own `secretsprovider`, undefined for the backend's default. */
export function secretsProviderOf(stackFile: string): string | undefined {
    const content: unknown = parse(stackFile);
    return isFields(content) && typeof content.secretsprovider === "string" ? content.secretsprovider : undefined;
}

/** Arguments that create a stack without selecting it, so that the user's own selection stays. */
export function creationArguments(stack: string, stackFile: string): readonly string[] {
    const provider = secretsProviderOf(stackFile);
    return [
        "stack",
        "init",
        stack,
        "--no-select",
        "--non-interactive",
        ...(provider === undefined ? [] : ["--secrets-provider", provider]),
    ];
}

/** True where `pulumi stack ls --json` lists the stack, be it by its short or by its full name. */
export function isListed(listing: string, stack: string): boolean {
    const stacks: unknown = JSON.parse(listing);
    return (
        Array.isArray(stacks) &&
        stacks.some(
            (entry) => isFields(entry) && typeof entry.name === "string" && entry.name.split("/").at(-1) === stack,
        )
    );
}

/**
 * Arguments of the operation itself. Never `--yes`: a change without anybody to ask is confirmed by whoever runs it
 * (`npm run up -- --stack S -- --yes`), or Pulumi refuses it.
 */
export function operationArguments(
    action: Action,
    stack: string,
    given: {
        /** Folders of the policy packs. They read their levels and settings from the stack's own config. */
        readonly packs: readonly string[];
        /** Stack file in the place of the project's own. */
        readonly configFile: string | undefined;
        /** The user's further arguments, which come last and so prevail. */
        readonly further: readonly string[];
    },
): readonly string[] {
    // Policy packs judge changes; there is nothing to judge about a removal.
    const packs = action === "destroy" ? [] : given.packs;
    return [
        action,
        "--stack",
        stack,
        ...(given.configFile === undefined ? [] : ["--config-file", given.configFile]),
        ...packs.flatMap((folder) => ["--policy-pack", folder]),
        ...given.further,
    ];
}

/**
 * The local stack's file as the engine gets it: the project's own with the salt of this working copy's passphrase. The
 * engine writes the salt into the file it is given. In the project's own file it would show up in git, useless to anyone
 * without the passphrase that was generated here.
 *
 * @param salted What the engine wrote when it created the stack; undefined where it wrote nothing.
 */
export function localStackFile(stackFile: string, salted: string | undefined): string {
    const salt: unknown = salted === undefined ? undefined : parse(salted);
    const own: unknown = parse(stackFile);
    const encryption = isFields(salt) && typeof salt.encryptionsalt === "string" ? salt.encryptionsalt : undefined;
    return encryption === undefined || (isFields(own) && own.encryptionsalt !== undefined)
        ? stackFile
        : `encryptionsalt: ${encryption}\n${stackFile}`;
}
