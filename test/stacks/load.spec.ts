import * as assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { SecretValue } from "../../components/foundation/secretValue";
import { ConfigFaults } from "../../stacks/faults";
import { loadStackFile, ownSections, readStackText, stackDirectory, stackFile, stackNames } from "../../stacks/load";
import { goodFile, secretsIn } from "../support/stackFiles";

const read = (text: string) => readStackText(text, "f");

describe("the text of a stack file", () => {
    it("is split into our sections, by name", () => {
        const { sections, faults, source } = read("config:\n  data-platform:a: 1\n  data-platform:b: { c: [x] }\n");
        assert.deepEqual(
            { sections, faults, source },
            { sections: { a: 1, b: { c: ["x"] } }, faults: [], source: "f" },
        );
    });

    it("holds keys of other namespaces, which are left alone", () => {
        const { sections, faults } = read(
            "config:\n  pulumi:tags: {}\n  kubernetes:context: x\n  aws:region: y\n  data-platform:a: 1\n",
        );
        assert.deepEqual([sections, faults], [{ a: 1 }, []]);
    });

    it("holds keys without a namespace, which are the project's, as Pulumi has it", () => {
        assert.deepEqual(ownSections({ cluster: 1, "data-platform:images": 2, "a:b:c": 3 }), {
            sections: { cluster: 1, images: 2 },
            faults: [],
        });
    });

    it("holds Pulumi's own entries beside config", () => {
        const { faults } = read(
            "encryptionsalt: v1:a\nsecretsprovider: passphrase\nencryptedkey: abc\nenvironment: [dev]\nconfig: {}\n",
        );
        assert.deepEqual(faults, []);
        assert.deepEqual(read("encryptionsalt: v1:a\nother: 1\nconfig: {}\n").faults, [
            {
                path: "other",
                expected: "one of the known keys (config, encryptionsalt, secretsprovider, encryptedkey, environment)",
                found: "an unknown key",
            },
        ]);
    });

    it("may misspell our namespace, which is a fault", () => {
        const { sections, faults } = read("config:\n  data-plattform:cluster: {}\n  dataplatform:images: {}\n");
        assert.deepEqual(sections, {});
        assert.deepEqual(
            faults.map(({ path: at, expected }) => `${at}: ${expected}`),
            [
                "data-plattform:cluster: a key of data-platform (did you mean data-platform:cluster?)",
                "dataplatform:images: a key of data-platform (did you mean data-platform:images?)",
            ],
        );
    });

    it("has a marked placeholder for every encrypted value, and for nothing else", () => {
        const { sections } = read(
            "config:\n  data-platform:a: { x: { secure: c1 }, y: [{ secure: c2 }], z: { secure: c3, b: 1 }, n: { secure: 5 } }\n",
        );
        const { x, y, z, n } = sections["a"] as { x: unknown; y: unknown[]; z: unknown; n: unknown };
        assert.ok(x instanceof SecretValue && y[0] instanceof SecretValue);
        assert.deepEqual([x.reveal(), x.encrypted], ["<secret>", true]);
        assert.deepEqual([z, n], [{ secure: "c3", b: 1 }, { secure: 5 }]);
    });
});

describe("a stack's file", () => {
    let directory = "";
    before(() => {
        directory = mkdtempSync(path.join(tmpdir(), "stacks-"));
        writeFileSync(path.join(directory, "Pulumi.prod.yaml"), goodFile);
        writeFileSync(path.join(directory, "Pulumi.dev.yaml"), goodFile.replace("members: 3", "members: 2"));
        writeFileSync(path.join(directory, "Pulumi.yaml"), "name: x\n");
        writeFileSync(path.join(directory, "other.yaml"), "a: 1\n");
    });
    after(() => rmSync(directory, { recursive: true }));

    it("is named as Pulumi names it, in the folder that Pulumi.yaml names", () => {
        assert.equal(stackFile("dev"), path.join("stacks", "Pulumi.dev.yaml"));
        assert.equal(stackFile("dev", "x"), path.join("x", "Pulumi.dev.yaml"));
        const project = parse(readFileSync("Pulumi.yaml", "utf8")) as { stackConfigDir: string };
        assert.equal(project.stackConfigDir, stackDirectory);
        assert.deepEqual(stackNames(directory), ["dev", "prod"]);
    });

    it("is loaded with its encrypted values as placeholders", () => {
        const config = loadStackFile("prod", { directory });
        assert.equal(config.environment.name, "prod");
        assert.deepEqual(secretsIn(config), ["<secret>"]);
    });

    it("is loaded with a placeholder for plain text too, when asked", () => {
        const text = goodFile
            .replace("tier: production", "tier: development")
            .replace("{ secure: AAABAcipher }", "hunter2");
        writeFileSync(path.join(directory, "Pulumi.plain.yaml"), text);
        assert.deepEqual(secretsIn(loadStackFile("plain", { directory })), ["hunter2"]);
        assert.deepEqual(secretsIn(loadStackFile("plain", { directory, redactSecrets: true })), ["<secret>"]);
        rmSync(path.join(directory, "Pulumi.plain.yaml"));
    });

    for (const [stack, expected] of [
        ["dev", /Pulumi\.dev\.yaml has 1 fault; nothing was changed:\n {2}data-platform:zookeeper\.members: expected/],
        ["prd", /stack: expected a stack that has a file \(did you mean prod\?\), found "prd"/],
        ["elsewhere", /stack: expected one of dev \| prod, found "elsewhere"/],
    ] as const) {
        it(`is refused for ${stack}`, () => {
            assert.throws(
                () => loadStackFile(stack, { directory }),
                (error) => {
                    assert.ok(error instanceof ConfigFaults);
                    assert.match(error.message, expected);
                    return true;
                },
            );
        });
    }
});

describe("the stack files of this project", () => {
    it("are there", () =>
        assert.deepEqual(stackNames(), [
            "base",
            "data",
            "data-production",
            "dev",
            "local",
            "production",
            "staging",
            "team-batch",
            "team-streaming",
        ]));

    for (const stack of stackNames()) {
        it(`hold what ${stack} needs, for an environment of that kind`, () => {
            const { environment, cluster } = loadStackFile(stack);
            const tiers: Record<string, string> = {
                local: "development",
                dev: "development",
                data: "development",
                base: "development",
                "team-batch": "development",
                "team-streaming": "development",
                "data-production": "production",
            };
            assert.equal(environment.tier, tiers[stack] ?? stack);
            assert.equal(cluster.render !== undefined, stack === "local");
        });

        it(`name the schema by which editors check ${stack}`, () => {
            const [first] = readFileSync(stackFile(stack), "utf8").split("\n");
            assert.equal(first, "# yaml-language-server: $schema=./schema.json");
        });
    }
});
