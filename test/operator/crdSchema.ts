import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** The part of an OpenAPI v3 schema that CustomResourceDefinitions use and this checks; rules in CEL are not. */
interface Schema {
    readonly type?: string;
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly additionalProperties?: Schema | boolean;
    readonly items?: Schema;
    readonly required?: readonly string[];
    readonly enum?: readonly unknown[];
    readonly pattern?: string;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly minItems?: number;
    readonly minLength?: number;
    readonly maxLength?: number;
    readonly nullable?: boolean;
    readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
    readonly "x-kubernetes-int-or-string"?: boolean;
    readonly "x-kubernetes-embedded-resource"?: boolean;
}

interface Definition {
    readonly kind: string;
    readonly spec: {
        readonly group: string;
        readonly names: { readonly kind: string };
        readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
    };
}

const folder = join(__dirname, "../../../shared/crds");

/** Why the definitions can't be read here; undefined where they can. */
export const crdsMissing: string | undefined = existsSync(folder)
    ? undefined
    : "the CustomResourceDefinitions are not beside the project (../shared/crds)";

const definitions = new Map<string, Definition | undefined>();

/** The definition of a kind. Only its own document is parsed: some files are large. */
function definitionOf(file: string, group: string, kind: string): Definition | undefined {
    const id = [file, group, kind].join("\0");
    if (!definitions.has(id)) {
        const document = readFileSync(join(folder, file), "utf8")
            .split(/^---.*$/m)
            .find((text) => text.includes(`\n    kind: ${kind}\n`) && text.includes(`\n  group: ${group}\n`));
        definitions.set(id, document === undefined ? undefined : (parse(document) as Definition));
    }
    return definitions.get(id);
}

/**
 * What is wrong with a custom resource by its definition, one line each: unknown fields too, which the API server would
 * drop without a word.
 *
 * @param file of ../shared/crds, such as `spark-operator-v2.5.2.yaml`
 */
export function crdFaults(file: string, resource: Readonly<Record<string, unknown>>): string[] {
    const [group, version] = String(resource["apiVersion"]).split("/");
    const kind = String(resource["kind"]);
    const definition = definitionOf(file, group ?? "", kind);
    const schema = definition?.spec.versions.find(({ name }) => name === version)?.schema.openAPIV3Schema;
    if (schema === undefined) {
        return [`${file} defines no ${kind} of ${String(resource["apiVersion"])}`];
    }
    // What is in metadata is the API server's own schema.
    return faultsAt("", schema, { ...resource, ...(resource["metadata"] !== undefined && { metadata: {} }) });
}

function faultsAt(path: string, schema: Schema, value: unknown): string[] {
    const here = path === "" ? "the object" : path;
    if (value === null) {
        return schema.nullable === true ? [] : [`${here}: null`];
    }
    if (schema.enum !== undefined && !schema.enum.includes(value)) {
        return [`${here}: ${JSON.stringify(value)} is none of ${schema.enum.map(String).join(", ")}`];
    }
    if (schema["x-kubernetes-int-or-string"] === true) {
        return Number.isInteger(value) || typeof value === "string" ? [] : [`${here}: neither integer nor text`];
    }
    switch (schema.type) {
        case "object":
            return objectFaults(path, schema, value);
        case "array":
            return Array.isArray(value)
                ? [
                      ...(value.length < (schema.minItems ?? 0) ? [`${here}: fewer than ${schema.minItems}`] : []),
                      ...value.flatMap((entry, index) => faultsAt(`${path}[${index}]`, schema.items ?? {}, entry)),
                  ]
                : [`${here}: no list`];
        case "string":
            return typeof value === "string" ? textFaults(here, schema, value) : [`${here}: no text`];
        case "integer":
        case "number":
            return typeof value !== "number" || (schema.type === "integer" && !Number.isInteger(value))
                ? [`${here}: no ${schema.type}`]
                : value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity)
                  ? [`${here}: ${value} is out of bounds`]
                  : [];
        case "boolean":
            return typeof value === "boolean" ? [] : [`${here}: neither true nor false`];
        default:
            return [];
    }
}

function textFaults(here: string, schema: Schema, value: string): string[] {
    const wrong =
        value.length < (schema.minLength ?? 0) ||
        value.length > (schema.maxLength ?? Infinity) ||
        (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value));
    return wrong ? [`${here}: ${JSON.stringify(value)} is not of its form`] : [];
}

function objectFaults(path: string, schema: Schema, value: unknown): string[] {
    if (typeof value !== "object" || Array.isArray(value)) {
        return [`${path === "" ? "the object" : path}: no map`];
    }
    const entries = Object.entries(value as Record<string, unknown>).filter(([, entry]) => entry !== undefined);
    const below = (key: string) => (path === "" ? key : `${path}.${key}`);
    const free = schema.additionalProperties;
    const open = schema["x-kubernetes-preserve-unknown-fields"] === true || free === true;
    const missing = (schema.required ?? []).filter((key) => !entries.some(([name]) => name === key));
    return [
        ...missing.map((key) => `${below(key)}: missing`),
        ...entries.flatMap(([key, entry]) => {
            const property = schema.properties?.[key] ?? (typeof free === "object" ? free : undefined);
            return property !== undefined
                ? faultsAt(below(key), property, entry)
                : open
                  ? []
                  : [`${below(key)}: unknown`];
        }),
    ];
}
