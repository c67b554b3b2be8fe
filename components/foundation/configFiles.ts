import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { SecretReference, type SecretReader } from "./secretReference";
import { SecretValue } from "./secretValue";

/** A value of a configuration file. Secrets may stand at any leaf; they never reach the file's hash. */
export type ConfigValue =
    | string
    | number
    | boolean
    | null
    | undefined
    | SecretValue
    | SecretReference
    | pulumi.Output<string>
    | readonly ConfigValue[]
    | { readonly [key: string]: ConfigValue };

/** A configuration file ready to be mounted. */
export interface ConfigFile {
    /** The text: plain if the file holds no secret, else a secret Output. */
    readonly text: pulumi.Input<string>;
    /** Whether the text is secret, so that it belongs into a Secret rather than a ConfigMap. */
    readonly secret: boolean;
    /** Short hash of the text, with every secret replaced by a mark: for the annotation that rolls the pods. */
    readonly hash: string;
}

/** Short, stable hash of plain texts: sha256, 16 hex digits. */
export function configHash(...texts: readonly string[]): string {
    return createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, 16);
}

/**
 * YAML with sorted keys and no line folding, so that the same settings are the same bytes. Undefined entries are left
 * out.
 */
export function yaml(value: ConfigValue): string {
    return stringify(value, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
}

/** `key=value` lines in the given order, as ZooKeeper and Java properties files have them. */
export function properties(entries: Readonly<Record<string, string | number | boolean | undefined>>): string {
    return Object.entries(entries)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => `${key}=${String(value)}\n`)
        .join("");
}

/**
 * A YAML file that may hold secrets.
 *
 * @param read reads existing Secrets; needed where the value refers to any
 */
export function yamlFile(value: ConfigValue, read?: SecretReader): ConfigFile {
    const hash = configHash(yaml(replaceSecrets(value, () => "<secret>")));
    if (!holdsSecret(value)) {
        return { text: yaml(value), secret: false, hash };
    }
    const revealed = replaceSecrets(value, (leaf) => secretOutput(leaf, read));
    const resolved = pulumi.output(revealed as object) as pulumi.Output<unknown>;
    const text = resolved.apply((plain) => yaml(plain as ConfigValue));
    return { text: pulumi.secret(text), secret: true, hash };
}

type SecretLeaf = SecretValue | SecretReference | pulumi.Output<string>;

function isSecretLeaf(value: ConfigValue): value is SecretLeaf {
    return value instanceof SecretValue || value instanceof SecretReference || pulumi.Output.isInstance(value);
}

function secretOutput(leaf: SecretLeaf, read: SecretReader | undefined): pulumi.Output<string> {
    if (leaf instanceof SecretValue) {
        return leaf.output();
    }
    if (!(leaf instanceof SecretReference)) {
        return leaf;
    }
    if (read === undefined) {
        throw new Error(`nothing here reads the Secret ${leaf.namespace}/${leaf.secretName}`);
    }
    return read(leaf);
}

function holdsSecret(value: ConfigValue): boolean {
    return (
        isSecretLeaf(value) || (typeof value === "object" && value !== null && Object.values(value).some(holdsSecret))
    );
}

function replaceSecrets(value: ConfigValue, replace: (leaf: SecretLeaf) => ConfigValue): ConfigValue {
    if (isSecretLeaf(value)) {
        return replace(value);
    }
    if (Array.isArray(value)) {
        return value.map((entry: ConfigValue) => replaceSecrets(entry, replace));
    }
    if (typeof value === "object" && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replaceSecrets(entry, replace)]));
    }
    return value;
}
