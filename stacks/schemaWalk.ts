import type { z } from "zod";
import type { Path } from "../components/foundation/faults";

/** A value of a raw tree whose schema carries a mark. */
export interface Marked<Mark> {
    readonly path: Path;
    readonly mark: Mark;
    readonly value: unknown;
}

/**
 * Finds every value of a raw tree whose schema was given `meta({ [key]: <mark> })`. It reads the raw tree rather than
 * the parsed one, so that what a mark stands for can be checked beside the faults of the same section.
 */
export function markedValues(key: string, schema: z.core.$ZodType, value: unknown, path: Path): Marked<unknown>[] {
    const mark = (schema as z.ZodType).meta()?.[key];
    if (mark !== undefined) {
        return [{ path, mark, value }];
    }
    const { def } = (schema as z.core.$ZodTypes)._zod;
    // The mark may stand below what makes the setting optional.
    switch (def.type) {
        case "optional":
        case "default":
        case "prefault":
        case "nullable":
            return markedValues(key, def.innerType, value, path);
        case "pipe":
            return markedValues(key, def.in, value, path);
    }
    if (typeof value !== "object" || value === null) {
        return [];
    }
    const entries = Object.entries(value);
    switch (def.type) {
        case "object":
            return entries.flatMap(([name, entry]) => {
                const inner = def.shape[name];
                return inner === undefined ? [] : markedValues(key, inner, entry, [...path, name]);
            });
        case "record":
            return entries.flatMap(([name, entry]) => markedValues(key, def.valueType, entry, [...path, name]));
        case "array":
            return entries.flatMap(([index, entry]) => markedValues(key, def.element, entry, [...path, Number(index)]));
        case "union":
            return unionOption(def, value).flatMap((option) => markedValues(key, option, value, path));
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
