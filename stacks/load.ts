import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { type Document, parseDocument } from "yaml";
import { type Fault, formatFault, formatFound, formatPath, nearest, unknownKey } from "../components/foundation/faults";
import { SecretValue } from "../components/foundation/secretValue";
import { ConfigFaults } from "./faults";
import { parseStack, prefix, type RawConfig, redacted } from "./parse";
import { lineTooDeep, tooDeep, tooDeepFault } from "./plainTree";
import type { StackConfig } from "./schema/sections";

const project = prefix.slice(0, -1);

/** Top-level entries of a stack file: `config`, and Pulumi's own. */
const topLevel = ["config", "encryptionsalt", "secretsprovider", "encryptedkey", "environment"];

/** Folder of the stack files, as `stackConfigDir` in Pulumi.yaml names it. */
export const stackDirectory = "stacks";

/** Path of a stack's file. */
export function stackFile(stack: string, directory = stackDirectory): string {
    return path.join(directory, `Pulumi.${stack}.yaml`);
}

/** Names of the stacks that have a file, sorted. */
export function stackNames(directory = stackDirectory): string[] {
    return readdirSync(directory)
        .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
        .sort();
}

/**
 * Reads the text of a stack file. Keys of other namespaces are left alone; a misspelt key of ours is a fault. An
 * encrypted value becomes a {@link SecretValue} with a placeholder, since it can't be decrypted here.
 */
export function readStackText(text: string, source: string): RawConfig {
    const document = documentOf(text, source);
    if (document.errors.length > 0) {
        const faults = document.errors.map((error) => ({
            path: `line ${error.linePos?.[0].line ?? 1}`,
            expected: "YAML",
            found: error.message.split("\n")[0]?.replace(/ at line \d+.*$/, "") ?? error.code,
        }));
        // One mistake may confuse the parser many times over.
        throw new ConfigFaults(source, [...new Map(faults.map((fault) => [formatFault(fault), fault])).values()]);
    }
    const root = plainContent(document, source);
    const deep = tooDeep(root);
    if (deep !== undefined) {
        throw new ConfigFaults(source, [tooDeepFault(deep)]);
    }
    if (typeof root !== "object" || root === null || Array.isArray(root)) {
        throw new ConfigFaults(source, [
            { path: "config", expected: "a map of settings", found: formatFound(root ?? undefined) },
        ]);
    }
    const faults: Fault[] = Object.keys(root)
        .filter((key) => !topLevel.includes(key))
        .map((key) => unknownKey([key], key, topLevel));
    const config = (root as { config?: unknown }).config;
    if (typeof config !== "object" || config === null || Array.isArray(config)) {
        faults.push({ path: "config", expected: "a map of settings", found: formatFound(config ?? undefined) });
        throw new ConfigFaults(source, faults);
    }
    const { sections, faults: keyFaults } = ownSections(config as Record<string, unknown>);
    return {
        source,
        sections: markEncrypted(sections) as Record<string, unknown>,
        faults: [...faults, ...keyFaults],
    };
}

function documentOf(text: string, source: string): Document.Parsed {
    const deep = lineTooDeep(text);
    if (deep !== undefined) {
        throw new ConfigFaults(source, [
            { path: `line ${deep}`, expected: "YAML", found: "lists and maps in each other by the thousand" },
        ]);
    }
    return parseDocument(text, { prettyErrors: true, logLevel: "error" });
}

/** The document's content; an alias without its anchor shows only here. */
function plainContent(document: Document.Parsed, source: string): unknown {
    try {
        return document.toJS();
    } catch (error) {
        const found = error instanceof Error ? error.message : String(error);
        throw new ConfigFaults(source, [{ path: "config", expected: "YAML", found }]);
    }
}

/** This project's sections of a `config` map. A key without a namespace belongs to the project, as Pulumi has it. */
export function ownSections(config: Readonly<Record<string, unknown>>): {
    sections: Record<string, unknown>;
    faults: Fault[];
} {
    const sections: [name: string, content: unknown][] = [];
    const faults: Fault[] = [];
    const add = (key: string, name: string, value: unknown): void => {
        if (sections.some(([known]) => known === name)) {
            faults.push({ path: formatPath([key]), expected: `${name} once`, found: "the same section again" });
        }
        sections.push([name, value]);
    };
    for (const [key, value] of Object.entries(config)) {
        const [namespace, ...rest] = key.split(":");
        if (rest.length === 0) {
            add(key, key, value);
        } else if (namespace === project) {
            add(key, rest.join(":"), value);
        } else if (nearest(namespace ?? "", [project]) !== undefined) {
            faults.push({
                path: formatPath([key]),
                expected: `a key of ${project} (did you mean ${prefix}${rest.join(":")}?)`,
                found: "an unknown key",
            });
        }
    }
    return { sections: Object.fromEntries(sections), faults };
}

/** Replaces Pulumi's encrypted values, `{ secure: <ciphertext> }`, by marked placeholders. */
function markEncrypted(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(markEncrypted);
    }
    if (typeof value === "object" && value !== null) {
        const entries = Object.entries(value);
        if (entries.length === 1 && typeof (value as { secure?: unknown }).secure === "string") {
            return new SecretValue("<secret>", true);
        }
        return Object.fromEntries(entries.map(([key, entry]) => [key, markEncrypted(entry)]));
    }
    return value;
}

/**
 * The configuration of a stack, read from its file alone: without an engine, and without the means to decrypt.
 *
 * @throws ConfigFaults when there is no such file, or with every fault of it.
 */
export function loadStackFile(
    stack: string,
    options: { readonly directory?: string; readonly redactSecrets?: boolean } = {},
): StackConfig {
    const file = stackFile(stack, options.directory);
    if (!existsSync(file)) {
        const known = stackNames(options.directory);
        const meant = nearest(stack, known);
        throw new ConfigFaults(file, [
            {
                path: "stack",
                expected:
                    meant === undefined
                        ? `one of ${known.join(" | ")}`
                        : `a stack that has a file (did you mean ${meant}?)`,
                found: formatFound(stack),
            },
        ]);
    }
    const config = parseStack(readStackText(readFileSync(file, "utf8"), file));
    return options.redactSecrets === true ? redacted(config) : config;
}
