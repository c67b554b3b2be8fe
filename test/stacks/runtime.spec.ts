import * as assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { SecretValue } from "../../components/foundation/secretValue";
import { ConfigFaults } from "../../stacks/faults";
import { loadStackFile, readStackText, stackFile, stackNames } from "../../stacks/load";
import { loadRuntimeConfig, mergeRuntime } from "../../stacks/runtime";
import { configOf, goodFile, runtimeConfig, runtimeConfigOf, secretsIn, stackFileWith } from "../support/stackFiles";

const merge = (text: string, runtime: Record<string, string>, encrypted: readonly string[] = []) =>
    mergeRuntime(readStackText(text, "f"), runtime, encrypted);

describe("the engine's values", () => {
    it("take the place of the file's placeholders, and stay secret", () => {
        const config = runtimeConfigOf(goodFile, (cipher) => `plain ${cipher}`);
        assert.deepEqual(secretsIn(config), ["plain AAABAcipher"]);
        assert.equal(config.images.pullCredentials["mirror"]?.encrypted, true);
        assert.deepEqual(secretsIn(configOf(goodFile)), ["<secret>"]);
    });

    for (const stack of stackNames()) {
        it(`give the same configuration of ${stack} as its file`, () => {
            const text = readFileSync(stackFile(stack), "utf8");
            assert.deepEqual(runtimeConfigOf(text), loadStackFile(stack));
        });
    }

    it("are secret only where the file has them encrypted", () => {
        const text = "config:\n  data-platform:a: { x: { secure: c }, y: plain, l: [{ secure: c }, plain] }\n";
        const runtime = runtimeConfig(text, () => "hunter2");
        assert.equal(runtime["data-platform:a"], '{"x":"hunter2","y":"plain","l":["hunter2","plain"]}');
        const { x, y, l } = merge(text, runtime).sections["a"] as { x: unknown; y: unknown; l: unknown[] };
        assert.ok(x instanceof SecretValue && l[0] instanceof SecretValue);
        assert.deepEqual(
            [x.reveal(), x.encrypted, y, l[0].reveal(), l[1]],
            ["hunter2", true, "plain", "hunter2", "plain"],
        );
    });

    for (const plain of ["hunter2", "12345", '{"hunter2":1}', "null"]) {
        it(`stay secret where a whole section is encrypted: ${plain}`, () => {
            const section = merge("config:\n  data-platform:a: { secure: c }\n", { "data-platform:a": plain }).sections[
                "a"
            ];
            assert.ok(section instanceof SecretValue);
            assert.equal(section.reveal(), plain);
        });
    }

    it("are what the file has, not what its text could mean as JSON", () => {
        const text = 'config:\n  data-platform:a: "12"\n  data-platform:b: 12\n  data-platform:c: true\n';
        const { sections } = merge(text, {
            "data-platform:a": "12",
            "data-platform:b": "12",
            "data-platform:c": "true",
        });
        assert.deepEqual(sections, { a: "12", b: 12, c: true });
    });

    it("add sections that only the engine knows; of other namespaces none", () => {
        const { sections, encryptedSections } = merge(
            "config:\n  data-platform:a: { x: 1 }\n",
            {
                "data-platform:a": '{"x":1}',
                "data-platform:b": '{"y":2}',
                "kubernetes:context": "z",
                "data-platform:t": "text",
            },
            ["data-platform:a", "data-platform:b", "kubernetes:token"],
        );
        assert.deepEqual(sections, { a: { x: 1 }, b: { y: 2 }, t: "text" });
        assert.deepEqual(encryptedSections, ["a", "b"]);
    });

    it("leave it to a file that holds encrypted values to say which they are", () => {
        const { encryptedSections } = merge(
            "config:\n  data-platform:a: { x: { secure: abc }, y: plain }\n",
            { "data-platform:a": '{"x":"opened","y":"plain"}' },
            ["data-platform:a"],
        );
        assert.deepEqual(encryptedSections, []);
    });

    it("don't add the empty map by which Pulumi.yaml declares a section", () => {
        const runtime = { "data-platform:a": "{}", "data-platform:b": "{}" };
        assert.deepEqual(merge("config:\n  data-platform:a: {}\n", runtime).sections, { a: {} });
    });

    it("keep the faults that were found in the file", () => {
        const { faults } = merge("config: { data-platfrom:a: 1 }\nother: 1\n", {});
        assert.deepEqual(
            faults.map((fault) => fault.path),
            ["other", "data-platfrom:a"],
        );
    });
});

describe("the configuration of a running program", () => {
    let directory = "";
    const secretKeys = process.env["PULUMI_CONFIG_SECRET_KEYS"];
    before(() => {
        directory = mkdtempSync(path.join(tmpdir(), "stacks-"));
    });
    afterEach(() => {
        pulumi.runtime.setAllConfig({});
        delete process.env["PULUMI_CONFIG_SECRET_KEYS"];
        if (secretKeys !== undefined) {
            process.env["PULUMI_CONFIG_SECRET_KEYS"] = secretKeys;
        }
    });
    after(() => rmSync(directory, { recursive: true }));

    const run = (text: string | undefined, runtime: Record<string, string>, secret: readonly string[] = []) => {
        rmSync(path.join(directory, "Pulumi.x.yaml"), { force: true });
        if (text !== undefined) {
            writeFileSync(path.join(directory, "Pulumi.x.yaml"), text);
        }
        pulumi.runtime.setAllConfig(runtime);
        process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(secret);
        return loadRuntimeConfig("x", directory);
    };
    const faultsOf = (...args: Parameters<typeof run>): string => {
        try {
            run(...args);
            return "";
        } catch (error) {
            assert.ok(error instanceof ConfigFaults);
            return error.message;
        }
    };

    it("is the engine's, marked by the file", () => {
        const config = run(
            goodFile,
            runtimeConfig(goodFile, () => "hunter2"),
        );
        assert.equal(config.environment.name, "prod");
        assert.deepEqual(secretsIn(config), ["hunter2"]);
    });

    it("has the faults of the file, under the file's name", () => {
        const text = stackFileWith(["members: 3", "members: 4"]);
        const message = faultsOf(
            text,
            runtimeConfig(text, () => "hunter2"),
        );
        assert.match(message, /Pulumi\.x\.yaml has 1 fault; nothing was changed:\n.*zookeeper\.members/);
    });

    it("needs no file: what the engine calls secret may hold secrets", () => {
        const runtime = runtimeConfig(goodFile, () => "hunter2");
        assert.deepEqual(secretsIn(run(undefined, runtime, ["data-platform:images"])), ["hunter2"]);
        const message = faultsOf(undefined, runtime);
        assert.match(message, /^stack x has 1 fault.*\n.*pullCredentials\.mirror: expected an encrypted value/);
        assert.equal(message.includes("hunter2"), false);
    });

    it("is refused when there is nothing", () => {
        assert.match(faultsOf(undefined, {}), /^stack x has 2 faults/);
    });
});
