import type { z } from "zod";
import { type Fault, formatFound, formatPath, nearest } from "../components/foundation/faults";
import { markedValues } from "./schemaWalk";

/** A fault for each reference to a name that its section does not define. */
export function referenceFaults(
    schemas: Readonly<Record<string, z.core.$ZodType>>,
    raw: Readonly<Record<string, unknown>>,
    prefix: string,
): Fault[] {
    const known = (section: string): string[] => {
        const content = raw[section];
        return typeof content === "object" && content !== null ? Object.keys(content) : [];
    };
    return Object.entries(schemas)
        .flatMap(([section, schema]) => markedValues("reference", schema, raw[section], [`${prefix}${section}`]))
        .flatMap(({ path, mark, value }) =>
            typeof mark === "string" && typeof value === "string" ? [{ path, section: mark, name: value }] : [],
        )
        .filter(({ section, name }) => !known(section).includes(name))
        .map(({ path, section, name }) => {
            const meant = nearest(name, known(section));
            const choices = known(section).join(" | ");
            const expected =
                meant !== undefined
                    ? `a name from ${prefix}${section} (did you mean ${meant}?)`
                    : `a name from ${prefix}${section}${choices === "" ? ", which is empty" : ` (${choices})`}`;
            return { path: formatPath(path), expected, found: formatFound(name) };
        });
}
