import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import Ajv from "ajv";
import { parse } from "yaml";
import { stackFileJsonSchema } from "../../stacks/jsonSchema";
import { stackFile, stackNames } from "../../stacks/load";
import { sections } from "../../stacks/schema/sections";
import { at, listAt, mapAt } from "../support/plans";
import { type Edit, goodFile, stackFileWith } from "../support/stackFiles";

const schema = stackFileJsonSchema();
const config = at(schema, "properties.config");
const section = (name: string): unknown => at(config, `properties["data-platform:${name}"]`);

describe("the JSON Schema of a stack file", () => {
    it("is the one that is checked in (npm run generate writes it)", () => {
        assert.equal(readFileSync("stacks/schema.json", "utf8"), `${JSON.stringify(schema, undefined, 2)}\n`);
    });

    it("is the same at each time", () => {
        assert.equal(JSON.stringify(stackFileJsonSchema()), JSON.stringify(schema));
    });

    it("has every section under its full key, and no other of ours", () => {
        assert.deepEqual(
            Object.keys(mapAt(config, "properties")),
            Object.keys(sections).map((name) => `data-platform:${name}`),
        );
        assert.deepEqual(listAt(config, "required"), ["data-platform:cluster", "data-platform:environment"]);
    });

    it("keeps descriptions, words to choose from and defaults", () => {
        const target = at(section("targets"), "additionalProperties.items.properties");
        assert.match(String(at(target, "constraint.description")), /^required: pods run only on nodes/);
        assert.deepEqual(at(target, "constraint.enum"), ["required", "preferred", "accepted"]);
        assert.equal(at(target, "constraint.default"), "required");
        assert.equal(at(section("cluster"), "description"), "Where the stack goes.");
    });

    it("asks for what people write: nothing that has a default", () => {
        const target = at(section("targets"), "additionalProperties.items");
        assert.deepEqual(at(target, "required"), ["key", "value"]);
        assert.equal(at(section("images"), "required"), undefined);
    });

    it("accepts an encrypted value or text for a secret, and shows no mark of the program's own", () => {
        const encrypted = { type: "string", minLength: 1, description: "The ciphertext." };
        assert.deepEqual(at(section("cluster"), "properties.kubeconfig"), {
            description: "Content of a kubeconfig, encrypted.",
            anyOf: [
                {
                    type: "object",
                    properties: { secure: encrypted },
                    required: ["secure"],
                    additionalProperties: false,
                },
                { type: "string", minLength: 1 },
            ],
        });
        const words = new Set<string>();
        const visit = (node: unknown, names: boolean): void => {
            if (typeof node === "object" && node !== null) {
                for (const [key, inner] of Object.entries(node)) {
                    if (!names && !Array.isArray(node)) {
                        words.add(key);
                    }
                    visit(inner, key === "properties" || key === "default" || key === "definitions");
                }
            }
        };
        visit(at(schema, "properties"), true);
        for (const mark of ["secret", "reference", "$schema", "id", "$id", "~standard"]) {
            assert.equal(words.has(mark), false, mark);
        }
        assert.ok(words.has("additionalProperties"), "the walk reaches the schemas");
    });

    it("refers to nothing that it does not hold", () => {
        const references = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)].map(
            ([, name]) => name,
        );
        assert.ok(references.every((name) => at(schema, `definitions["${name ?? ""}"]`) !== undefined));
        assert.equal(references.length, JSON.stringify(schema).split('"$ref"').length - 1);
    });
});

describe("an editor that checks stack files by it", () => {
    const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(schema);
    const faults = (text: string): readonly string[] => {
        validate(parse(text));
        return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
    };

    for (const stack of stackNames()) {
        it(`finds no fault in ${stack}`, () => assert.deepEqual(faults(readFileSync(stackFile(stack), "utf8")), []));
    }

    it("finds no fault in a good file with Pulumi's own entries and keys of others", () => {
        const own = "encryptionsalt: v1:a\nsecretsprovider: passphrase\nencryptedkey: abc\nenvironment: [dev]\n";
        assert.deepEqual(faults(own + goodFile), []);
    });

    const cases: readonly (readonly [string, Edit, RegExp])[] = [
        ["a misspelt word", ["constraint: required", "constraint: requird"], /batch\/2\/constraint.*allowed values/],
        ["a misspelt key", ["storage: 20Gi", "storge: 20Gi"], /zookeeper.* must NOT have additional properties/],
        [
            "a misspelt section",
            ["data-platform:images:", "data-platform:image:"],
            /config must NOT have additional properties/,
        ],
        ["a key without a namespace", ["aws:region:", "region:"], /config must NOT have additional properties/],
        ["an even ensemble", ["members: 3", "members: 4"], /zookeeper\/members/],
        ["a missing section", ["data-platform:environment:", "aws:environment:"], /config must have required property/],
        ["an encrypted name", ["owner: data-team", "owner: { secure: a }"], /environment\/owner must be string/],
        ["an encrypted value of another form", ["{ secure: AAABAcipher }", "{ secret: a }"], /pullCredentials/],
        ["a bad label", ["value: west", "value: far west"], /batch\/2\/value must match pattern/],
    ];
    for (const [what, edit, expected] of cases) {
        it(`finds ${what}`, () => assert.match(faults(stackFileWith(edit)).join("\n"), expected));
    }

    it("finds an entry beside config that is not Pulumi's", () => {
        assert.deepEqual(faults(`other: 1\n${goodFile}`), [" must NOT have additional properties"]);
        assert.deepEqual(faults("encryptionsalt: a\n"), [" must have required property 'config'"]);
    });
});
