import { z } from "zod";
import { SecretValue } from "./secretValue";
import { secretExpected } from "./values";

/** One thing wrong with some settings: where, what was expected there, and what was found. */
export interface Fault {
    /** Dotted path with indices: `targets.batch[2].constraint`. */
    readonly path: string;
    readonly expected: string;
    /** What was found, ready to print; absent where the fault is about something missing. */
    readonly found?: string;
}

export type Path = readonly PropertyKey[];

/** Renders a path the way people write it: `a.b[2]["odd key"]`. */
export function formatPath(path: Path): string {
    return path.reduce<string>((before, part) => {
        if (typeof part === "number") {
            return `${before}[${part}]`;
        }
        const key = String(part);
        if (!/^[A-Za-z_][A-Za-z0-9_:-]*$/.test(key)) {
            return `${before}[${JSON.stringify(key)}]`;
        }
        return before === "" ? key : `${before}.${key}`;
    }, "");
}

/** A value for an error message: short, and never a secret. */
export function formatFound(value: unknown): string {
    if (value === undefined) {
        return "nothing";
    }
    if (value instanceof SecretValue) {
        return "an encrypted value";
    }
    if (Array.isArray(value)) {
        return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
    }
    if (typeof value === "object" && value !== null) {
        // The keys only: a value may be a secret that nobody has encrypted yet. Sorted, as the engine hands them over.
        const keys = Object.keys(value).sort().join(", ");
        return keys === "" ? "an empty map" : shortened(`a map of ${keys}`);
    }
    // JSON knows neither infinity nor NaN, which YAML does, and prints null.
    return typeof value === "number" ? String(value) : shortened(JSON.stringify(value));
}

function shortened(text: string): string {
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** One line a fault. */
export function formatFault(fault: Fault): string {
    const found = fault.found === undefined ? "" : `, found ${fault.found}`;
    return `${fault.path}: expected ${fault.expected}${found}`;
}

/** A longer word is no misspelt one, and comparing it takes its length in time and memory. */
const longestMisspelt = 100;

/** The known word nearest to the given one, if it is near enough to be what was meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
    if (word.length > longestMisspelt) {
        return undefined;
    }
    const ranked = known
        .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
        .sort((a, b) => a.distance - b.distance);
    const best = ranked[0];
    return best !== undefined && best.distance <= Math.max(1, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** Levenshtein distance with neighbouring swaps counted as one edit. */
function editDistance(a: string, b: string): number {
    const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
    const cell = (i: number, j: number): number => rows[i]?.[j] ?? 0;
    for (let i = 1; i <= a.length; i++) {
        rows[i] = [i];
        for (let j = 1; j <= b.length; j++) {
            const same = a[i - 1] === b[j - 1] ? 0 : 1;
            let least = Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + same);
            if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
                least = Math.min(least, cell(i - 2, j - 2) + 1);
            }
            rows[i]?.push(least);
        }
    }
    return cell(a.length, b.length);
}

/** The value at a path of a plain tree. */
export function valueAt(root: unknown, path: Path): unknown {
    return path.reduce<unknown>(
        (value, part) =>
            typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
        root,
    );
}

/** Turns what zod found wrong with `input` into faults below `prefix`. */
export function faultsOf(error: z.ZodError, input: unknown, prefix: Path = []): Fault[] {
    const encrypted = error.issues.map((issue) => encryptedAbove(input, issue)).filter((path) => path !== undefined);
    const faults = firstOfEach(error.issues).flatMap((issue): Fault[] => {
        const inside = encrypted.find((above) => above.every((part, index) => part === issue.path[index]));
        if (inside !== undefined) {
            return [encryptedSettings([...prefix, ...inside])];
        }
        const path = [...prefix, ...issue.path];
        const value = valueAt(input, issue.path);
        if (issue.code === "unrecognized_keys") {
            // settings() puts the known keys into the message.
            const known = issue.message.split(" | ");
            return issue.keys.map((key) => unknownKey([...path, key], key, known));
        }
        if (issue.code === "invalid_key") {
            const key = String(issue.path.at(-1));
            return issue.issues.map((inner) => ({
                path: formatPath(path),
                expected: `a key that is ${expectation(inner)}`,
                found: formatFound(key),
            }));
        }
        const expected = expectation(issue);
        const hidden = expected.startsWith(secretExpected) || isPlainForMap(issue, value);
        // What stands in a secret's place may be the secret in another form.
        const found = hidden ? formatHidden(value) : formatFound(value);
        return [{ path: formatPath(path), expected, found }];
    });
    // One value may break several checks that expect the same of it.
    return [...new Map(faults.map((fault) => [formatFault(fault), fault])).values()];
}

/**
 * The issues without those of checks that rely on an earlier one, of a value that is not even of its kind: zod measures
 * the length of a list that should be text, and a refinement of the whole judges what a part's own check has refused.
 */
function firstOfEach(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
    const refused = new Set<string>();
    return issues.filter(({ code, path }) => {
        if (code === "unrecognized_keys") {
            return true;
        }
        const place = formatPath(path);
        const first = !refused.has(place);
        if (code !== "custom") {
            refused.add(place);
        }
        return first;
    });
}

/** Where an encrypted value stands in the place of a map, whose keys zod would miss one by one. */
function encryptedAbove(input: unknown, issue: z.core.$ZodIssue): Path | undefined {
    const ends = issue.path.map((_, index) => index);
    const above = issue.code === "unrecognized_keys" ? [...ends, issue.path.length] : ends;
    const end = above.find((length) => valueAt(input, issue.path.slice(0, length)) instanceof SecretValue);
    return end === undefined ? undefined : issue.path.slice(0, end);
}

function encryptedSettings(path: Path): Fault {
    return { path: formatPath(path), expected: "a map of settings", found: "an encrypted value" };
}

/** Whether a plain value stands in the place of a map: it may be a secret, pasted where a reference to it belongs. */
function isPlainForMap(issue: z.core.$ZodIssue, value: unknown): boolean {
    const forMap = issue.code === "invalid_type" && (issue.expected === "object" || issue.expected === "record");
    return forMap && (typeof value === "string" || typeof value === "number");
}

/** The kind of a value that must not be shown. */
function formatHidden(value: unknown): string {
    if (value === undefined || value === null || value === "") {
        return value === "" ? "empty text" : "nothing";
    }
    return Array.isArray(value) ? "a list" : typeof value === "object" ? "a map" : `a ${typeof value}`;
}

/** The fault of a key that nothing reads, with the nearest known key. */
export function unknownKey(path: Path, key: string, known: readonly string[]): Fault {
    const meant = nearest(key, known);
    const expected =
        meant === undefined ? `one of the known keys (${known.join(", ")})` : `a known key (did you mean ${meant}?)`;
    return { path: formatPath(path), expected, found: "an unknown key" };
}

const articles: Readonly<Record<string, string>> = {
    string: "text",
    number: "a number",
    int: "a whole number",
    boolean: "true or false",
    object: "a map of settings",
    record: "a map",
    array: "a list",
};

function expectation(issue: z.core.$ZodIssue): string {
    switch (issue.code) {
        case "invalid_type":
            // A message of our own says more than the type; zod's begins with "Invalid input".
            return issue.message.startsWith("Invalid input")
                ? (articles[issue.expected] ?? issue.expected)
                : issue.message;
        case "invalid_value":
            return issue.message.startsWith("Invalid ") ? issue.values.map(String).join(" | ") : issue.message;
        case "too_small":
            return issue.message.startsWith("Too small")
                ? `at least ${String(issue.minimum)}${unitOf(issue.origin)}`
                : issue.message;
        case "too_big":
            return issue.message.startsWith("Too big")
                ? `at most ${String(issue.maximum)}${unitOf(issue.origin)}`
                : issue.message;
        case "invalid_union":
            // Only z.json has no words of ours: it gives its own union none.
            return issue.message === "Invalid input"
                ? "plain values: text, numbers, true, false, lists and maps"
                : issue.message;
        default:
            return issue.message;
    }
}

function unitOf(origin: string): string {
    return origin === "array" || origin === "set" ? " entries" : origin === "string" ? " characters" : "";
}

/** Settings that a component can't work with. The message lists every fault, one a line. */
export class SettingsFaults extends Error {
    constructor(
        subject: string,
        public readonly faults: readonly Fault[],
    ) {
        super([`${subject} can't be used as given:`, ...faults.map((fault) => `  ${formatFault(fault)}`)].join("\n"));
        this.name = "SettingsFaults";
    }
}

/**
 * Checks a component's settings and fills in defaults.
 *
 * @throws SettingsFaults with every fault.
 */
export function checked<Schema extends z.ZodType>(schema: Schema, subject: string, input: unknown): z.output<Schema> {
    const result = schema.safeParse(input);
    if (!result.success) {
        throw new SettingsFaults(subject, faultsOf(result.error, input));
    }
    return result.data;
}
