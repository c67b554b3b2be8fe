import { type Fault, formatPath, type Path } from "../components/foundation/faults";

/** Deeper than any setting, and far from where recursion over the tree would end the program. */
const deepest = 100;

/**
 * Where a tree of plain values nests more than 100 levels deep, as one does that contains itself through an alias;
 * undefined where it nowhere does.
 */
export function tooDeep(value: unknown, path: Path = []): Path | undefined {
    if (typeof value !== "object" || value === null) {
        return undefined;
    }
    if (path.length >= deepest) {
        return path;
    }
    for (const [key, entry] of Object.entries(value)) {
        const found = tooDeep(entry, [...path, Array.isArray(value) ? Number(key) : key]);
        if (found !== undefined) {
            return found;
        }
    }
    return undefined;
}

/** Brackets that a text may have open at once, and indents that a line may have: more end the YAML parser's recursion. */
const mostOpen = 1000;

/**
 * The line of a YAML text in which lists and maps nest by the thousand. The parser is recursive, and Node may end the
 * whole process, not with an error, where its stack does.
 */
export function lineTooDeep(text: string): number | undefined {
    let open = 0;
    const index = text.split("\n").findIndex((line) => {
        for (const character of line) {
            open += character === "[" || character === "{" ? 1 : character === "]" || character === "}" ? -1 : 0;
            if (open > mostOpen) {
                return true;
            }
        }
        return (/^[ ?:-]*/.exec(line)?.[0].length ?? 0) > mostOpen;
    });
    return index === -1 ? undefined : index + 1;
}

/** The fault of a tree that nests too deeply; its path is cut where it says enough. */
export function tooDeepFault(path: Path): Fault {
    return {
        path: formatPath(path.slice(0, 4)),
        expected: `at most ${deepest} levels of lists and maps`,
        found: "more, or an alias of what it stands in",
    };
}

/** The key that JavaScript takes for an object's prototype: parsers of settings leave it out without a word. */
const prototypeKey = "__proto__";

/** A fault for each `__proto__` of a tree. */
export function prototypeKeyFaults(value: unknown, path: Path): Fault[] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    return Object.entries(value).flatMap(([key, entry]) => {
        const below = [...path, Array.isArray(value) ? Number(key) : key];
        const fault = {
            path: formatPath(below),
            expected: "any other key: no setting is called so",
            found: "an unknown key",
        };
        return key === prototypeKey ? [fault] : prototypeKeyFaults(entry, below);
    });
}
