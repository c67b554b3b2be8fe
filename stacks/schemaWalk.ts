import type { z } from "zod";
import type { Path } from "../components/foundation/faults";

/** A value of a tree, with its schema. */
interface Visit {
    readonly path: Path;
    /** The value's schema, and what it wraps: a mark may stand at any layer. */
    readonly schemas: readonly z.core.$ZodTypes[];
    readonly value: unknown;
}

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
    return visits(schema as z.core.$ZodTypes, value, path).flatMap((visit) => {
        const marks = visit.schemas.map((each) => (each as unknown as z.ZodType).meta()?.[key]);
        const mark = marks.find((each) => each !== undefined);
        return mark === undefined ? [] : [{ path: visit.path, mark, value: visit.value }];
    });
}

/** Finds every setting of a tree that has the name, whichever component's it is. Keys of maps are no settings. */
export function settingsNamed(
    name: string,
    schema: z.core.$ZodType,
    value: unknown,
    path: Path,
): Pick<Visit, "path" | "value">[] {
    return visits(schema as z.core.$ZodTypes, value, path).flatMap((visit) => {
        const isSetting = visit.schemas.some(({ _zod: { def } }) => def.type === "object" && hasOwn(def.shape, name));
        const entry = isSetting ? (visit.value as Record<string, unknown> | null)?.[name] : undefined;
        return entry === undefined ? [] : [{ path: [...visit.path, name], value: entry }];
    });
}

const hasOwn = (shape: object, name: string) => Object.hasOwn(shape, name);

/** Every value of a tree for which there is a schema, the whole first. */
function visits(schema: z.core.$ZodTypes, value: unknown, path: Path): Visit[] {
    const schemas = layers(schema, value);
    const visit = { path, schemas, value };
    if (typeof value !== "object" || value === null) {
        return [visit];
    }
    const below = schemas.flatMap(({ _zod: { def } }) => {
        switch (def.type) {
            case "object":
                return entriesOf(value).flatMap(([name, entry]) =>
                    // A file's key may be one that every object inherits, such as constructor.
                    hasOwn(def.shape, name) ? visits(def.shape[name] as z.core.$ZodTypes, entry, [...path, name]) : [],
                );
            case "record":
                return entriesOf(value).flatMap(([name, entry]) =>
                    visits(def.valueType as z.core.$ZodTypes, entry, [...path, name]),
                );
            case "array":
                return entriesOf(value).flatMap(([index, entry]) =>
                    visits(def.element as z.core.$ZodTypes, entry, [...path, Number(index)]),
                );
            default:
                return [];
        }
    });
    return [visit, ...below];
}

/** Entries of a list in their order, those of a map by their keys: the engine hands maps over in an order of its own. */
const entriesOf = (value: object): [string, unknown][] =>
    Array.isArray(value)
        ? Object.entries(value)
        : Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** A schema, and what stands inside of it for the same value: below what makes it optional, and the chosen form. */
function layers(schema: z.core.$ZodTypes, value: unknown): readonly z.core.$ZodTypes[] {
    const { def } = schema._zod;
    switch (def.type) {
        case "optional":
        case "default":
        case "prefault":
        case "nullable":
            return [schema, ...layers(def.innerType as z.core.$ZodTypes, value)];
        case "pipe":
            return [schema, ...layers(def.in as z.core.$ZodTypes, value)];
        case "union":
            return [schema, ...unionOptions(def, value).flatMap((option) => layers(option, value))];
        default:
            return [schema];
    }
}

/** The options of a union that a value chooses by its discriminator; none where there is no discriminator. */
function unionOptions(
    def: z.core.$ZodUnionDef | z.core.$ZodDiscriminatedUnionDef,
    value: unknown,
): readonly z.core.$ZodTypes[] {
    const key = "discriminator" in def ? def.discriminator : undefined;
    if (key === undefined || typeof value !== "object" || value === null) {
        return [];
    }
    const chosen = (value as Record<string, unknown>)[key] as z.core.util.Primitive;
    return (def.options as readonly z.core.$ZodTypes[]).filter((option) => option._zod.propValues?.[key]?.has(chosen));
}
