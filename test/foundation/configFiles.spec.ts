import * as assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { parse } from "yaml";
import { configHash, type ConfigValue, properties, yaml, yamlFile } from "../../components/foundation/configFiles";
import { SecretValue } from "../../components/foundation/secretValue";
import { find, planOf } from "../support/plans";

const plainTree = fc.letrec<{ tree: ConfigValue; map: Record<string, ConfigValue> }>((tie) => ({
    tree: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.array(tie("tree"), { maxLength: 3 }),
        tie("map"),
    ),
    map: fc.dictionary(fc.stringMatching(/^[a-z.]{1,6}$/), tie("tree"), { maxKeys: 4, noNullPrototype: true }),
}));

/** The same tree with the keys of every map in the other order. */
function reversed(value: ConfigValue): ConfigValue {
    if (Array.isArray(value)) {
        return value.map((entry: ConfigValue) => reversed(entry));
    }
    return typeof value === "object" && value !== null
        ? Object.fromEntries(
              Object.entries(value as Record<string, ConfigValue>)
                  .reverse()
                  .map(([key, entry]) => [key, reversed(entry)]),
          )
        : value;
}

describe("YAML", () => {
    it("is the same text for the same settings, in whatever order", () => {
        fc.assert(fc.property(plainTree.map, (tree) => assert.equal(yaml(reversed(tree)), yaml(tree))));
        assert.equal(yaml({ b: 1, a: { d: 1, c: 2 } }), "a:\n  c: 2\n  d: 1\nb: 1\n");
    });

    it("reads back as what was written", () => {
        fc.assert(fc.property(plainTree.map, (tree) => assert.deepEqual(parse(yaml(tree)), tree)));
    });

    it("leaves out what is undefined, folds no line and makes no alias", () => {
        const long = "word ".repeat(60).trim();
        const shared = { x: 1 };
        assert.equal(yaml({ a: undefined, b: long }), `b: ${long}\n`);
        assert.equal(yaml({ a: shared, b: shared }), "a:\n  x: 1\nb:\n  x: 1\n");
    });
});

describe("properties", () => {
    it("are lines in the given order, without what is undefined", () => {
        assert.equal(properties({ b: 1, a: "x", c: undefined, d: false }), "b=1\na=x\nd=false\n");
        assert.equal(properties({}), "");
    });
});

describe("the hash of texts", () => {
    it("is 16 hex digits, the same for the same texts and another for others", () => {
        assert.equal(configHash("a"), "ca978112ca1bbdca");
        assert.match(configHash("a", "b"), /^[0-9a-f]{16}$/);
        const hashes = [["a", "b"], ["ab"], ["b", "a"], ["a"], ["a", "b", ""]].map((texts) => configHash(...texts));
        assert.equal(new Set(hashes).size, hashes.length);
    });
});

describe("a YAML file", () => {
    const withPassword = (password: ConfigValue): ConfigValue => ({
        url: "http://a",
        login: { user: "admin", passwords: ["x", password] },
    });

    it("without secrets is plain text", () => {
        const file = yamlFile(withPassword("public"));
        assert.equal(file.secret, false);
        assert.equal(file.text, yaml(withPassword("public")));
    });

    for (const [form, leaf] of [
        ["a SecretValue", () => new SecretValue("hunter2", true)],
        ["a plain-text secret", () => new SecretValue("hunter2", false)],
        ["a secret Output", () => pulumi.secret("hunter2")],
        ["an Output", () => pulumi.output("hunter2")],
    ] as const) {
        it(`with ${form} is a secret text as a whole, with the value in its place`, async () => {
            const seen: string[] = [];
            const plan = await planOf(async () => {
                const file = yamlFile(withPassword(leaf()));
                assert.equal(file.secret, true);
                assert.equal(await pulumi.isSecret(pulumi.output(file.text)), true);
                pulumi.output(file.text).apply((text) => seen.push(text));
                new k8s.core.v1.Secret("s", { metadata: { name: "s" }, stringData: { "a.yaml": file.text } });
            });
            assert.deepEqual(find(plan, "Secret").secretPaths, ['stringData["a.yaml"]']);
            assert.equal(JSON.stringify(plan).includes("hunter2"), false);
            assert.deepEqual(parse(seen[0] ?? ""), withPassword("hunter2"));
        });
    }

    it("has a hash that a secret never reaches", () => {
        const { hash } = yamlFile(withPassword(new SecretValue("hunter2", true)));
        assert.equal(yamlFile(withPassword(new SecretValue("other", false))).hash, hash);
        assert.equal(yamlFile(withPassword(pulumi.secret("third"))).hash, hash);
        assert.equal(configHash(yaml(withPassword("<secret>"))), hash);
    });

    it("has a hash that every plain change shows in, and nothing else", () => {
        const secret = new SecretValue("hunter2", true);
        fc.assert(
            fc.property(plainTree.map, plainTree.map, (one, other) => {
                const same = yaml(one) === yaml(other);
                assert.equal(yamlFile({ ...one, ZZ: secret }).hash === yamlFile({ ...other, ZZ: secret }).hash, same);
                const turned = { ZZ: secret, ...(reversed(one) as object) };
                assert.equal(yamlFile(turned).hash, yamlFile({ ...one, ZZ: secret }).hash);
            }),
        );
    });
});
