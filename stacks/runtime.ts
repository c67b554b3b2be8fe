import * as pulumi from "@pulumi/pulumi";
import { existsSync, readFileSync } from "node:fs";
import { containsSecret, SecretValue } from "../components/foundation/secretValue";
import { ownSections, readStackText, stackFile } from "./load";
import { parseStack, type RawConfig } from "./parse";
import type { StackConfig } from "./schema/sections";

/**
 * The configuration that the engine gives the program, checked like the stack file itself. The engine hands over
 * decrypted values; the stack file, where there is one, tells which of them were encrypted, so that `up` and `render`
 * find the same faults.
 *
 * @throws ConfigFaults with every fault.
 */
export function loadRuntimeConfig(stack: string, directory?: string): StackConfig {
    const file = stackFile(stack, directory);
    const fromFile: RawConfig = existsSync(file)
        ? readStackText(readFileSync(file, "utf8"), file)
        : { source: `stack ${stack}`, sections: {}, faults: [] };
    return parseStack(mergeRuntime(fromFile, pulumi.runtime.allConfig(), secretKeys()));
}

/** Keys whose values are encrypted, in whole or in part. */
function secretKeys(): readonly string[] {
    const listed: unknown = JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]");
    return Array.isArray(listed) ? listed.filter((key): key is string => typeof key === "string") : [];
}

/**
 * Puts the engine's decrypted values in the place of the file's placeholders. Sections that only the engine knows (an
 * ESC environment, `--config`) are added. What the engine calls secret though the file holds nothing encrypted there
 * came encrypted from elsewhere.
 */
export function mergeRuntime(
    fromFile: RawConfig,
    runtime: Readonly<Record<string, string>>,
    encryptedKeys: readonly string[],
): RawConfig {
    const sections = Object.fromEntries(
        Object.entries(ownSections(runtime).sections)
            // Pulumi.yaml declares every section with an empty map, or Pulumi would demand it of every stack.
            .filter(([name, text]) => Object.hasOwn(fromFile.sections, name) || text !== "{}")
            .map(([name, text]) => [
                name,
                decrypted(fromFile.sections[name], decoded(String(text), fromFile.sections[name])),
            ]),
    );
    const encrypted = Object.keys(ownSections(Object.fromEntries(encryptedKeys.map((key) => [key, true]))).sections);
    return {
        ...fromFile,
        sections: { ...fromFile.sections, ...sections },
        encryptedSections: encrypted.filter((name) => !containsSecret(fromFile.sections[name])),
    };
}

/** Structured values arrive as JSON; what the file holds as text stays text, for the schema to refuse. */
function decoded(text: string, inFile: unknown): unknown {
    if (typeof inFile === "string" || inFile instanceof SecretValue) {
        return text;
    }
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return text;
    }
}

/** The runtime's value, with a {@link SecretValue} wherever the file holds an encrypted one. */
function decrypted(mark: unknown, value: unknown): unknown {
    if (mark instanceof SecretValue) {
        return typeof value === "string" ? new SecretValue(value, mark.encrypted) : value;
    }
    if (typeof mark !== "object" || mark === null || typeof value !== "object" || value === null) {
        return value;
    }
    const at = (key: string | number) => (mark as Record<string | number, unknown>)[key];
    return Array.isArray(value)
        ? value.map((entry, index) => decrypted(at(index), entry))
        : Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, decrypted(at(key), entry)]));
}
