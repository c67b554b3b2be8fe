import * as assert from "node:assert/strict";
import type { z } from "zod";
import { formatPath, type Path } from "../../components/foundation/faults";
import { sections } from "../../stacks/schema/sections";

interface Setting {
    readonly path: string;
    readonly description: string | undefined;
}

type Schema = z.core.$ZodTypes;

/** What a schema wraps, down to what is no wrapper; descriptions may stand at any layer. */
function layers(schema: Schema): readonly Schema[] {
    const { def } = schema._zod;
    switch (def.type) {
        case "optional":
        case "default":
        case "prefault":
        case "nullable":
            return [schema, ...layers(def.innerType as Schema)];
        case "pipe":
            return [schema, ...layers(def.in as Schema)];
        default:
            return [schema];
    }
}

const descriptionOf = (wrapped: readonly Schema[]): string | undefined =>
    wrapped.map((layer) => (layer as unknown as z.ZodType).description).find((text) => text !== undefined);

/** Every setting that a stack file may hold: each key of each map of settings, however deep. */
function settingsOf(schema: Schema, path: Path): readonly Setting[] {
    const { def } = layers(schema).at(-1)!._zod;
    switch (def.type) {
        case "object":
            return Object.entries(def.shape).flatMap(([key, inner]) => {
                const below = [...path, key];
                const description = descriptionOf(layers(inner as Schema));
                return [{ path: formatPath(below), description }, ...settingsOf(inner as Schema, below)];
            });
        case "record":
            return settingsOf(def.valueType as Schema, [...path, "*"]);
        case "array":
            return settingsOf(def.element as Schema, [...path, 0]);
        case "union":
            return def.options.flatMap((option) => settingsOf(option as Schema, path));
        default:
            return [];
    }
}

const all = Object.entries(sections).flatMap(([name, schema]) => [
    { path: name, description: descriptionOf(layers(schema as unknown as Schema)) },
    ...settingsOf(schema as unknown as Schema, [name]),
]);

describe("the settings of a stack file", () => {
    it("are found by the walk, in every form that they have", () => {
        const paths = new Set(all.map((setting) => setting.path));
        for (const path of [
            "cluster.dns.podLabels",
            'targets["*"][0].constraint',
            'priorityClasses["*"].value',
            "zookeeper.resources.cpuLimit",
            "zookeeper.peers[0].cidr",
            "zookeeper.clients[0].podLabels",
            "opensearch.credentials.passwordKey",
            "systems.teraslice.namespace.quota.pods",
            "images.pins.zookeeper",
        ]) {
            assert.ok(paths.has(path), path);
        }
    });

    it("each say what they are for", () => {
        const silent = all.filter(({ description }) => (description ?? "").trim() === "").map(({ path }) => path);
        assert.deepEqual(silent, []);
    });

    it("each say it in a sentence", () => {
        const unfinished = all
            .filter(({ description }) => !/^\S.*[.]$/s.test(description ?? ""))
            .map(({ path }) => path);
        assert.deepEqual([...new Set(unfinished)], []);
    });
});
