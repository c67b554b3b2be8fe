import { z } from "zod";
import { secretReferenceSettings } from "../components/foundation/secretReference";
import { prefix } from "./parse";
import { sections } from "./schema/sections";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** What `pulumi config set --secret` writes. */
const encrypted = {
    type: "object",
    properties: { secure: { type: "string", minLength: 1, description: "The ciphertext." } },
    required: ["secure"],
    additionalProperties: false,
} satisfies JsonSchema;

/** A key of a Secret that exists. */
const existing = z.toJSONSchema(secretReferenceSettings, { target: "draft-7", io: "input" });
delete existing.$schema;

/** Pulumi's own entries beside `config`, by the stack file's documentation. */
const topLevel = {
    encryptionsalt: { type: "string", description: "Pulumi's own: salt of the passphrase." },
    secretsprovider: { type: "string", description: "Pulumi's own: where the key for secrets is." },
    encryptedkey: { type: "string", description: "Pulumi's own: the key for secrets, encrypted." },
    environment: { description: "Pulumi's own: ESC environments to import." },
} as const satisfies Record<string, JsonSchema>;

/** The sections as people write them, before defaults are filled in; recursive and named settings are definitions. */
function sectionSchemas(): JsonSchema {
    return z.toJSONSchema(z.object(sections), {
        io: "input",
        target: "draft-7",
        // Refinements and instances of a class can't be said in JSON Schema; the program checks them.
        unrepresentable: "any",
        override: ({ jsonSchema: node }) => {
            if (node["secret"] === true) {
                const reference = node["existing"] === true ? [existing] : [];
                node.anyOf = [encrypted, { type: "string", minLength: 1 }, ...reference];
            }
            // Marks for the program's own checks.
            delete node["secret"];
            delete node["existing"];
            delete node["reference"];
        },
    });
}

/** A section's key in a stack file. */
const keyOf = (section: string): string => `${prefix}${section}`;

/**
 * JSON Schema (draft 7, which editors read best) of a stack file: the sections of this project, keys of any other
 * namespace, and Pulumi's own entries.
 */
export function stackFileJsonSchema(): object {
    const { properties, required, definitions } = sectionSchemas();
    return {
        $schema: "http://json-schema.org/draft-07/schema#",
        title: "Stack file of the data platform",
        type: "object",
        properties: {
            config: {
                type: "object",
                properties: Object.fromEntries(
                    Object.entries(properties ?? {}).map(([section, schema]) => [keyOf(section), schema]),
                ),
                patternProperties: { [`^(?!${prefix})[^:]+:.+$`]: {} },
                required: (required ?? []).map(keyOf),
                additionalProperties: false,
            },
            ...topLevel,
        },
        required: ["config"],
        additionalProperties: false,
        ...(definitions !== undefined && { definitions }),
    };
}
