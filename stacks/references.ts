import type { z } from "zod";
import { type Fault, formatFound, formatPath, nearest, type Path } from "../components/foundation/faults";

/** A name in a stack file that must be a key of another section. */
interface Reference {
    readonly path: Path;
    readonly section: string;
    readonly name: string;
}

/**
 * Finds every reference in a raw tree: schemas mark them with `meta({ reference: <section> })`. It reads the raw tree
 * rather than the parsed one, so that a missing target set is reported beside the faults of the same section.
 */
function references(schema: z.core.$ZodType, value: unknown, path: Path): Reference[] {
    const section = (schema as z.ZodType).meta()?.["reference"];
    if (typeof section === "string") {
        return typeof value === "string" ? [{ path, section, name: value }] : [];
    }
    const { def } = (schema as z.core.$ZodTypes)._zod;
    // The mark may stand below what makes the setting optional.
    switch (def.type) {
        case "optional":
        case "default":
        case "prefault":
        case "nullable":
            return references(def.innerType, value, path);
        case "pipe":
            return references(def.in, value, path);
    }
    if (typeof value !== "object" || value === null) {
        return [];
    }
    const entries = Object.entries(value);
    switch (def.type) {
        case "object":
            return entries.flatMap(([key, entry]) => {
                const inner = def.shape[key];
                return inner === undefined ? [] : references(inner, entry, [...path, key]);
            });
        case "record":
            return entries.flatMap(([key, entry]) => references(def.valueType, entry, [...path, key]));
        case "array":
            return entries.flatMap(([index, entry]) => references(def.element, entry, [...path, Number(index)]));
        case "union":
            return unionOption(def, value).flatMap((option) => references(option, value, path));
        default:
            return [];
    }
}

/** The option of a union that a value chooses by its discriminator; none where there is no discriminator. */
function unionOption(
    def: z.core.$ZodUnionDef | z.core.$ZodDiscriminatedUnionDef,
    value: object,
): readonly z.core.$ZodType[] {
    const key = "discriminator" in def ? def.discriminator : undefined;
    if (key === undefined) {
        return [];
    }
    const chosen = (value as Record<string, unknown>)[key];
    return def.options.filter((option) => option._zod.propValues?.[key]?.has(chosen as z.core.util.Primitive));
}

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
        .flatMap(([section, schema]) => references(schema, raw[section], [`${prefix}${section}`]))
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
