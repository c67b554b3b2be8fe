import * as assert from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parse } from "yaml";
import {
    backendOf,
    creationArguments,
    isListed,
    localStackFile,
    operationArguments,
    passphraseOf,
} from "../../../bin/engine/invocation";
import { packFolders } from "../../../bin/engine/workspace";

describe("backendOf", () => {
    const project = "name: data-platform\n";
    const backend = (environment: Record<string, string>, credentials?: string, projectFile = project) =>
        backendOf("/work place", environment, credentials, projectFile);

    it("falls back to a folder in the project", () => {
        const expected = { fallback: true, environment: { PULUMI_BACKEND_URL: "file:///work%20place/.pulumi-state" } };
        assert.deepStrictEqual(backend({}), expected);
        assert.deepStrictEqual(backend({}, '{"current":""}'), expected);
    });

    it("leaves the user's own backend alone, however it is chosen", () => {
        const own = { fallback: false, environment: {} };
        assert.deepStrictEqual(backend({ PULUMI_BACKEND_URL: "s3://b" }), own);
        assert.deepStrictEqual(backend({ PULUMI_ACCESS_TOKEN: "t" }), own);
        assert.deepStrictEqual(backend({}, '{"current":"s3://b"}'), own);
        assert.deepStrictEqual(backend({}, undefined, `${project}backend: { url: s3://b }\n`), own);
    });
});

describe("passphraseOf", () => {
    const fallback = { fallback: true };
    const plain = "config: {}\n";

    it("generates one for the local stack, unless one is given", () => {
        assert.strictEqual(passphraseOf("local", {}, fallback, plain), "generated");
        assert.strictEqual(passphraseOf("local", { PULUMI_CONFIG_PASSPHRASE: "" }, fallback, plain), "given");
        assert.strictEqual(passphraseOf("local", { PULUMI_CONFIG_PASSPHRASE_FILE: "f" }, fallback, plain), "given");
    });

    it("asks for one for any other stack, and says how to give it", () => {
        assert.throws(
            () => passphraseOf("dev", {}, fallback, plain),
            /stack dev .* Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE/,
        );
        assert.strictEqual(passphraseOf("dev", { PULUMI_CONFIG_PASSPHRASE: "x" }, fallback, plain), "given");
    });

    it("is not needed where a key service encrypts, or another backend decides", () => {
        assert.strictEqual(passphraseOf("dev", {}, fallback, "secretsprovider: awskms://k\n"), "given");
        assert.strictEqual(passphraseOf("dev", {}, { fallback: false }, plain), "given");
    });
});

describe("creationArguments", () => {
    it("leave the user's selection alone and keep the stack file's way of encrypting", () => {
        const plain = ["stack", "init", "dev", "--no-select", "--non-interactive"];
        assert.deepStrictEqual(creationArguments("dev", "config: {}\n"), plain);
        assert.deepStrictEqual(creationArguments("dev", "secretsprovider: awskms://k\n"), [
            ...plain,
            "--secrets-provider",
            "awskms://k",
        ]);
    });
});

describe("isListed", () => {
    const listing = JSON.stringify([{ name: "dev" }, { name: "organization/data-platform/staging" }]);
    it("finds short and full names", () => {
        assert.ok(isListed(listing, "dev"));
        assert.ok(isListed(listing, "staging"));
    });
    it("takes no part of a name for the name", () => {
        assert.ok(!isListed(listing, "stag"));
        assert.ok(!isListed("[]", "dev"));
    });
});

describe("operationArguments", () => {
    const given = { packs: ["policy/all"], configFile: undefined, further: [] };

    it("run every pack in preview and up, and none in destroy", () => {
        const packs = ["--policy-pack", "policy/a", "--policy-pack", "policy/b"];
        const two = { ...given, packs: ["policy/a", "policy/b"] };
        assert.deepStrictEqual(operationArguments("preview", "dev", two), ["preview", "--stack", "dev", ...packs]);
        assert.deepStrictEqual(operationArguments("up", "dev", two), ["up", "--stack", "dev", ...packs]);
        assert.deepStrictEqual(operationArguments("destroy", "dev", two), ["destroy", "--stack", "dev"]);
    });

    it("never confirm a change by themselves", () => {
        for (const action of ["preview", "up", "destroy"] as const) {
            assert.ok(!operationArguments(action, "dev", given).includes("--yes"), action);
        }
    });

    it("end with the user's own arguments", () => {
        const arguments_ = operationArguments("preview", "local", {
            ...given,
            configFile: ".local/Pulumi.local.yaml",
            further: ["--diff", "--json"],
        });
        assert.deepStrictEqual(arguments_.slice(-2), ["--diff", "--json"]);
        assert.deepStrictEqual(arguments_.slice(3, 5), ["--config-file", ".local/Pulumi.local.yaml"]);
    });
});

describe("localStackFile", () => {
    const own = "# comment\nconfig:\n  a:b: 1\n";
    it("adds the salt of this working copy and changes nothing else", () => {
        const file = localStackFile(own, "encryptionsalt: v1:abc=:v1:d\n");
        assert.deepStrictEqual(parse(file), { encryptionsalt: "v1:abc=:v1:d", config: { "a:b": 1 } });
        assert.ok(file.endsWith(own));
    });
    it("is the project's own where the engine wrote no salt, or the project has one", () => {
        assert.strictEqual(localStackFile(own, undefined), own);
        assert.strictEqual(
            localStackFile(`encryptionsalt: v1:own\n${own}`, "encryptionsalt: v1:new\n"),
            `encryptionsalt: v1:own\n${own}`,
        );
    });
});

describe("packFolders", () => {
    let directory: string;
    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), "packs-"));
    });
    afterEach(() => rmSync(directory, { recursive: true }));

    const pack = (...names: string[]): void =>
        names.forEach((name) => {
            const file = join(directory, name, "PulumiPolicy.yaml");
            mkdirSync(dirname(file), { recursive: true });
            writeFileSync(file, "");
        });
    const found = (): string[] => packFolders(directory).map((folder) => relative(directory, folder));

    it("finds every pack, sorted", () => {
        pack("b", "a", "deep/er");
        mkdirSync(join(directory, "rules"));
        assert.deepStrictEqual(found(), ["a", "b", join("deep", "er")]);
    });

    it("takes the pack of all rules alone", () => {
        pack("naming", "all");
        assert.deepStrictEqual(found(), ["all"]);
    });
});
