import * as assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { clientFiles, configFiles } from "../../components/heron/files";
import { type InternalKey, internalKeys } from "../../components/heron/internalKeys";
import { type HeronSettings, heronSettings } from "../../components/heron/schema";
import { allPaths, docsPage, keyTable } from "../support/docsTables";
import { dlogUri, effects } from "./fileEffects";
import { given } from "./fixtures";

const page = docsPage("heron.md");
const table = (heading: string) => keyTable(page, heading);

/** The document that the keys come from; it is no part of the project. */
const specification = join(__dirname, "../../../shared/spec/heron.txt");

const ofDocument = table('Keys of the document "Kubernetes"');
const beyond = table("Keys beyond the document");
const tuning = table("Tuning keys");
const tables = [...ofDocument, ...beyond, ...tuning];

const everyPath = allPaths(heronSettings);

/** A rendered key as the tables have it. */
const generic = (key: string): string =>
    key
        .replace(/^(heron\.kubernetes)\.(executor|manager)\./, "$1.[x].")
        .replace(/^(heron\.kubernetes\.(pod|service)\.(label|annotation|secret|secretKeyRef))\..+$/, "$1.*")
        .replace(/^(heron\.kubernetes\.\[x\]\.volumes\.\w+)\..+$/, "$1.*");

/** All keys of Heron that some files hold; those of the sinks are not Heron's. */
function keysOf(files: Readonly<Record<string, string>>): string[] {
    const keys = (value: unknown): string[] =>
        typeof value === "object" && value !== null && !Array.isArray(value)
            ? Object.entries(value).flatMap(([key, inner]) => [key, ...keys(inner)])
            : [];
    return Object.entries(files)
        .filter(([name]) => !name.endsWith("metrics_sinks.yaml"))
        .flatMap(([, text]) => keys(parse(text, { version: "1.1" })))
        .filter((key) => key.startsWith("heron."))
        .map(generic);
}

/** What every setting together may render. */
function rendered(): Set<string> {
    const dlog = { uri: dlogUri, flow: { peers: [], ports: [] } };
    const tunnelled: HeronSettings = { stateManager: { tunnel: { host: "me@gate" } } };
    const ofEffects = effects.flatMap(([, settings, file]) => {
        const text = configFiles(given({ settings }, dlog))[file] ?? "";
        return keysOf({ [file]: text });
    });
    return new Set([...keysOf(clientFiles(given({ settings: tunnelled }))), ...ofEffects]);
}

describe("the keys of Heron", () => {
    it("of the document are all in its table, and no other", function () {
        if (!existsSync(specification)) {
            console.log(`      skipped: there is no ${specification}`);
            this.skip();
        }
        const text = readFileSync(specification, "utf8");
        const keys = [...text.matchAll(/(?<![\w.])heron\.[a-z]+(\.[a-z]+)+/g)].map(([key]) => key);
        assert.ok(keys.length > 30);
        assert.deepEqual([...new Set(keys)].sort(), [...ofDocument.keys()].sort());
    });

    it("that are rendered are exactly those that the tables offer", () => {
        const offered = tables.filter(([, { here }]) => here !== "not offered").map(([key]) => key);
        assert.deepEqual([...rendered()].sort(), [...new Set(offered)].sort());
    });

    it("name settings that there are, or say why they are none", () => {
        for (const [key, { here, note, paths }] of tables) {
            if (paths.length === 0) {
                assert.match(here, /^(computed|not offered)$/, key);
                assert.ok(note.length > 15, `${key} is explained`);
            }
            assert.deepEqual(
                paths.filter((path) => !everyPath.includes(path)),
                [],
                `${key}: settings that there are not`,
            );
        }
        assert.ok(!everyPath.includes("scheduler.none"));
    });

    it("of tuning lead to their settings", () => {
        const expected = Object.entries(internalKeys).flatMap(([part, keys]) =>
            Object.entries<InternalKey>(keys).map(([name, [key]]) => [key, `internals.${part}.${name}`]),
        );
        assert.deepEqual(
            [...tuning].map(([key, { paths }]) => [key, ...paths]),
            expected,
        );
    });

    it("are of the release: no class of com.twitter", () => {
        const text = JSON.stringify(configFiles(given()));
        assert.doesNotMatch(text, /com\.twitter/);
        assert.match(text, /org\.apache\.heron\.scheduler\.kubernetes\.KubernetesScheduler/);
    });
});
