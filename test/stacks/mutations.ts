import * as fc from "fast-check";
import type { Path } from "../../components/foundation/faults";
import { valueAt } from "../../components/foundation/faults";
import { withValue } from "./schemaFields";

/** One change of a stack file's tree; places are counted, so that one change fits every tree. */
export interface TreeMutation {
    readonly kind: "delete" | "rename" | "replace" | "swap" | "insert" | "copy" | "nest";
    /** Which node, counted over the tree. */
    readonly place: number;
    /** Another node, to swap with or to copy from. */
    readonly other: number;
    readonly key: string;
    readonly value: unknown;
}

/** One change of a stack file's text. */
export interface TextMutation {
    readonly kind: "cut" | "insert" | "line" | "indent" | "end";
    readonly place: number;
    readonly length: number;
    readonly text: string;
}

/** Keys that every object inherits, or that mean something to JavaScript, to YAML or to Pulumi. */
const keys = [
    ...["__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "valueOf", "then", "toJSON"],
    ...["", " ", "<<", "secure", "kind", "name", "namespace", "default", "a.b", "a[0]", "0", "-1", "null", "ä\u0000"],
    ...["data-platform:cluster", "cluster", "data-platform:", ":", "a:b:c", "length", "x".repeat(1000)],
];

const texts = [
    ...["", " ", "a", "none", "yes", "~", "0x1F", "1e3", "12:30:45", "2027-01-31", "-1", "1", "3Gi", "1e99", "9e18Gi"],
    ...["constructor", "__proto__", "toString", "stateful", "batch", "critical", "external", "single", "default"],
    ...[
        "10.0.0.0/8",
        "0.0.0.0/0",
        "::/0",
        "http://a",
        "https://[::1]:9200/a?b#c",
        "0ms",
        "1d",
        "99999999999999999999d",
    ],
    ...["\u0000", "\uD800", "\u202E", "😀", "ä".repeat(100), "x".repeat(20_000), "a.".repeat(5_000), "-".repeat(5_000)],
    ...["zone-1", "standard", "kube-system", "prod-zookeeper", "*", "${x}", "$(x)", "{{x}}", "`x`", "'\"\\", "a\nb: c"],
];

const scalar = fc.oneof(
    fc.constantFrom<unknown>(...texts),
    fc.constantFrom<unknown>(null, true, false, 0, -0, 1, 3, 5, 7, -1, 0.5, 1e308, -1e308, 2 ** 53, 2 ** 31, 65_536),
    fc.constantFrom<unknown>(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    fc.string({ maxLength: 20 }),
    fc.string({ unit: "binary", maxLength: 10 }),
    fc.integer(),
    fc.double(),
);

const key = fc.oneof(fc.constantFrom(...keys), fc.string({ maxLength: 12 }));

/** Any value that YAML can hold, encrypted ones included. */
const value: fc.Arbitrary<unknown> = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        scalar,
        fc.constantFrom<unknown>({ secure: "AAABAcipher" }, { secure: 5 }, { secure: "a", more: "b" }, [], {}),
        fc.array(tie("node"), { maxLength: 3 }),
        fc
            .array(fc.tuple(key, tie("node")), { maxLength: 3 })
            // Own properties, also of keys that an assignment would take for something else.
            .map((entries) => Object.fromEntries(entries)),
    ),
})).node;

export const treeMutation: fc.Arbitrary<TreeMutation> = fc.record({
    kind: fc.constantFrom("delete", "rename", "replace", "replace", "swap", "insert", "copy", "nest"),
    place: fc.nat(),
    other: fc.nat(),
    key,
    value,
});

export const textMutation: fc.Arbitrary<TextMutation> = fc.record({
    kind: fc.constantFrom("cut", "insert", "line", "indent", "end"),
    place: fc.nat(),
    length: fc.nat({ max: 20 }),
    text: fc.oneof(
        fc.constantFrom(
            ...[":", " ", "\n", "\t", "- ", "{", "}", "[", "]", "#", "&a ", "*a ", "!!binary ", "!!set ", "!x ", "? "],
            ...["|\n", ">-\n", "'", '"', "%YAML 1.1\n---\n", "---\n", "...\n", "<<: ", "&a [*a, *a]", "\r", "\uFEFF"],
            ...["[".repeat(200), "[".repeat(20_000), "{a: ".repeat(3_000), "&a [&b [&c [*a, *b], *a], *b]"],
        ),
        fc.string({ maxLength: 5 }),
        fc.string({ unit: "binary", maxLength: 5 }),
    ),
});

/** Every path of a tree, the whole not among them. */
function pathsOf(tree: unknown, path: Path = []): Path[] {
    return typeof tree !== "object" || tree === null
        ? []
        : Object.entries(tree).flatMap(([name, entry]) => {
              const below = [...path, Array.isArray(tree) ? Number(name) : name];
              return [below, ...pathsOf(entry, below)];
          });
}

/** A tree without the value at a path, or with it under another key. */
function without(tree: unknown, path: Path, renamed?: string): unknown {
    const [first, ...rest] = path;
    if (typeof tree !== "object" || tree === null || first === undefined) {
        return tree;
    }
    if (Array.isArray(tree)) {
        const list = tree as readonly unknown[];
        return rest.length === 0
            ? list.filter((_, index) => index !== first)
            : list.map((entry, index) => (index === first ? without(entry, rest, renamed) : entry));
    }
    return Object.fromEntries(
        Object.entries(tree).flatMap(([name, entry]): [string, unknown][] => {
            if (name !== first) {
                return [[name, entry]];
            }
            if (rest.length > 0) {
                return [[name, without(entry, rest, renamed)]];
            }
            return renamed === undefined ? [] : [[renamed, entry]];
        }),
    );
}

/** A key as somebody might misspell it. */
function misspelt(name: string, place: number): string {
    const at = place % Math.max(1, name.length);
    return name.length < 2 ? `${name}x` : `${name.slice(0, at)}${name.slice(at + 1)}`;
}

/** The tree of a `config` map with a change. */
export function mutatedTree(tree: unknown, { kind, place, other, key: name, value: given }: TreeMutation): unknown {
    const paths = pathsOf(tree);
    const path = paths[place % paths.length];
    const second = paths[other % paths.length];
    if (path === undefined || second === undefined) {
        return tree;
    }
    const here = valueAt(tree, path);
    const there = valueAt(tree, second);
    switch (kind) {
        case "delete":
            return without(tree, path);
        case "rename":
            return without(tree, path, misspelt(String(path.at(-1)), other));
        case "replace":
            return withValue(tree, path, given);
        case "swap":
            return withValue(withValue(tree, path, there), second, here);
        case "copy":
            return withValue(tree, path, there);
        case "nest":
            return withValue(tree, path, other % 2 === 0 ? [here] : { [name]: here });
        case "insert":
            return typeof here !== "object" || here === null || Array.isArray(here)
                ? withValue(tree, path, Array.isArray(here) ? [...(here as readonly unknown[]), given] : given)
                : withValue(tree, path, Object.fromEntries([...Object.entries(here), [name, given]]));
    }
}

/** A stack file's text with a change. */
export function mutatedText(text: string, { kind, place, length, text: given }: TextMutation): string {
    const at = place % (text.length + 1);
    const lines = text.split("\n");
    const line = place % lines.length;
    switch (kind) {
        case "cut":
            return text.slice(0, at) + text.slice(at + length);
        case "insert":
            return text.slice(0, at) + given + text.slice(at);
        case "end":
            return text.slice(0, at);
        case "line":
            return [...lines.slice(0, line), lines[(place + length) % lines.length], ...lines.slice(line)].join("\n");
        case "indent":
            return lines.map((each, index) => (index === line ? ` ${each}` : each)).join("\n");
    }
}
