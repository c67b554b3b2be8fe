import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isFields } from "../../policy/views/raw";

/** One line of a table of keys. */
export interface Row {
    /** Text of the second column: the setting, or a word such as `computed` for a key that none decides. */
    readonly here: string;
    /** Text of the third column. */
    readonly note: string;
    /** What the second column names in backticks: paths of settings. */
    readonly paths: readonly string[];
}

/** All that a text names in backticks. */
export const inBackticks = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, inner]) => inner ?? "");

/** A page of `docs/`, such as `flink.md`. */
export const docsPage = (file: string): string => readFileSync(join(__dirname, "../../docs", file), "utf8");

/** The table below a heading, by the key in the first column; keys stand in backticks, each once. */
export function keyTable(page: string, heading: string): ReadonlyMap<string, Row> {
    const section = page.split(/^#+ /m).find((each) => each.startsWith(`${heading}\n`));
    assert.ok(section !== undefined, `the page has the section ${heading}`);
    const rows = section.split("\n").flatMap((line): [string, Row][] => {
        const [before, key = "", here = "", note = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
        const [name] = before === "" ? inBackticks(key) : [];
        return name === undefined ? [] : [[name, { here, note, paths: inBackticks(here) }]];
    });
    const found = new Map(rows);
    assert.equal(found.size, rows.length, `${heading}: each key once`);
    return found;
}

/**
 * Paths of all settings of a schema, `[]` for the entries of a list and `*` for the keys of a map. Secrets, and what
 * matches `whole`, are one setting whatever they hold.
 */
export function settingPaths(schema: z.ZodType, whole?: RegExp): readonly string[] {
    const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
    const walk = (node: unknown, path: string): readonly string[] => {
        if (!isFields(node) || whole?.test(path) === true || node.secret === true) {
            return [path];
        }
        if (typeof node.$ref === "string") {
            // What has a name stands among the definitions, once.
            const definition = root.$defs?.[node.$ref.replace("#/$defs/", "")];
            assert.ok(definition !== undefined, `${path} refers to ${node.$ref}`);
            return walk(definition, path);
        }
        if (isFields(node.properties)) {
            return Object.entries(node.properties).flatMap(([key, child]) =>
                walk(child, path === "" ? key : `${path}.${key}`),
            );
        }
        const options = node.oneOf ?? node.anyOf;
        if (Array.isArray(options) && options.some((option) => isFields(option) && isFields(option.properties))) {
            return options.flatMap((option) => walk(option, path));
        }
        if (isFields(node.items) && isFields(node.items.properties)) {
            return walk(node.items, `${path}[]`);
        }
        return isFields(node.additionalProperties) ? walk(node.additionalProperties, `${path}.*`) : [path];
    };
    return [...new Set(walk(root, ""))];
}

/** Paths of all settings, and of those that hold them; the entries of lists and maps are one with these. */
export function allPaths(schema: z.ZodType): readonly string[] {
    const found = settingPaths(schema).flatMap((path) => {
        const steps = path.replace(/(\[\]|\.\*).*$/, "").split(".");
        return steps.map((_, index) => steps.slice(0, index + 1).join("."));
    });
    return [...new Set(found)];
}
