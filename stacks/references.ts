import type { z } from "zod";
import { type Fault, formatFound, formatPath, nearest, type Path } from "../components/foundation/faults";
import { markedValues } from "./schemaWalk";

/** A reference to a name that a section defines. */
export interface Reference {
    readonly path: Path;
    /** The section that defines such names. */
    readonly section: string;
    readonly name: string;
}

type Schemas = Readonly<Record<string, z.core.$ZodType>>;
type Tree = Readonly<Record<string, unknown>>;

/** The names that a section of a tree defines. */
export function definedNames(tree: Tree, section: string): string[] {
    const content = tree[section];
    return typeof content === "object" && content !== null ? Object.keys(content) : [];
}

/** Every reference of a tree of sections. */
export function referencesOf(schemas: Schemas, tree: Tree, prefix: string): Reference[] {
    return Object.entries(schemas)
        .flatMap(([section, schema]) => markedValues("reference", schema, tree[section], [`${prefix}${section}`]))
        .flatMap(({ path, mark, value }) =>
            typeof mark === "string" && typeof value === "string" ? [{ path, section: mark, name: value }] : [],
        );
}

/**
 * A fault for each reference to a name that its section does not define.
 *
 * @param further names that something else defines, by section; "unknown" where they are judged later
 */
export function referenceFaults(
    schemas: Schemas,
    raw: Tree,
    prefix: string,
    further: Readonly<Record<string, readonly string[] | "unknown">> = {},
): Fault[] {
    const known = (section: string): readonly string[] => {
        const more = further[section] ?? [];
        return [...definedNames(raw, section), ...(more === "unknown" ? [] : more)];
    };
    return referencesOf(schemas, raw, prefix)
        .filter(({ section, name }) => further[section] !== "unknown" && !known(section).includes(name))
        .map(({ path, section, name }) => {
            const meant = nearest(name, known(section));
            const choices = [...new Set(known(section))].join(" | ");
            const where = `${prefix}${section}${further[section] === undefined ? "" : " or of the base"}`;
            const expected =
                meant !== undefined
                    ? `a name from ${where} (did you mean ${meant}?)`
                    : `a name from ${where}${choices === "" ? ", which is empty" : ` (${choices})`}`;
            return { path: formatPath(path), expected, found: formatFound(name) };
        });
}
