import type { z } from "zod";
import { faultsOf, type Path } from "../../components/foundation/faults";
import { sections } from "../../stacks/schema/sections";

type Schema = z.core.$ZodTypes;

/** A map of settings, a list, or any other value that a stack file may hold. */
export interface Field {
    /** Where a file with a sample of everything above it holds the field. */
    readonly path: Path;
    /** What the field is at its core: no wrapper, none of several forms. */
    readonly schema: Schema;
    /** The tree of the field's section, without the field: parents on the way, and what those require. */
    readonly around: unknown;
    /** What reports of a value of the wrong type expect; the name of the field's kind. */
    readonly words: string;
    readonly required: boolean;
    /** The section whose keys the field's value is one of, where it is a reference. */
    readonly reference: string | undefined;
}

/** What a schema wraps, down to what is no wrapper. */
export function layers(schema: Schema): readonly Schema[] {
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

export const coreOf = (schema: Schema): Schema => layers(schema).at(-1)!;

/** A value that no schema accepts, so that each says what it expects instead. */
const nothingKnown = Number.NaN;

/** What a schema's report of a value of the wrong type expects. */
export function wordsOf(schema: Schema): string {
    const result = (schema as unknown as z.ZodType).safeParse(nothingKnown);
    const [first] = result.success ? [] : faultsOf(result.error, nothingKnown);
    return first?.expected ?? "";
}

const accepts = (schema: Schema, value: unknown): boolean => (schema as unknown as z.ZodType).safeParse(value).success;

const isRequired = (schema: Schema): boolean => !accepts(schema, undefined);

const metaOf = (schema: Schema, key: string): unknown =>
    layers(schema)
        .map((layer) => (layer as unknown as z.ZodType).meta()?.[key])
        .find((mark) => mark !== undefined);

/** The forms of a union that a key's value tells apart; a union of anything else is one value. */
function formsOf(schema: Schema): readonly Schema[] | undefined {
    const { def } = schema._zod;
    return def.type === "union" && "discriminator" in def ? (def.options as readonly Schema[]) : undefined;
}

/** A key that a map accepts. */
const keyOf = (map: z.core.$ZodRecordDef, goodValue: (words: string, core: Schema) => unknown): string =>
    String(goodValue(wordsOf(coreOf(map.keyType as Schema)), map.keyType as Schema));

/** Makes a value that a schema accepts; `goodValue` knows those of single values, by what their reports expect. */
export function sampleOf(schema: Schema, goodValue: (words: string, core: Schema) => unknown): unknown {
    const core = coreOf(schema);
    const { def } = core._zod;
    const forms = formsOf(core);
    if (forms !== undefined) {
        return sampleOf(forms[0]!, goodValue);
    }
    switch (def.type) {
        case "object":
            return Object.fromEntries(
                Object.entries(def.shape as Record<string, Schema>)
                    .filter(([, inner]) => isRequired(inner))
                    .map(([key, inner]) => [key, sampleOf(inner, goodValue)]),
            );
        case "array":
            return [sampleOf(def.element as Schema, goodValue)];
        case "record":
            // Some must have an entry.
            return accepts(schema, {}) ? {} : { [keyOf(def, goodValue)]: sampleOf(def.valueType as Schema, goodValue) };
        case "literal":
            return def.values[0];
        case "enum":
            return Object.values(def.entries)[0];
        default: {
            const reference = metaOf(schema, "reference");
            return reference === undefined ? goodValue(wordsOf(core), core) : "sample";
        }
    }
}

/** Every field of the stack file's schema, in each form that its parents have. */
export function fieldsOf(goodValue: (words: string, core: Schema) => unknown): Field[] {
    const sample = (schema: Schema) => sampleOf(schema, goodValue);
    const below = (
        schema: Schema,
        path: Path,
        required: boolean,
        /** Puts a value of the field into its section. */
        within: (value: unknown) => unknown,
        around: unknown,
    ): Field[] => {
        const core = coreOf(schema);
        const { def } = core._zod;
        const reference = metaOf(schema, "reference");
        const field: Field = {
            path,
            schema: core,
            around,
            words: wordsOf(core),
            required,
            reference: typeof reference === "string" ? reference : undefined,
        };
        const inside = (form: Schema): Field[] => {
            const inner = form._zod.def;
            const whole = sample(form);
            switch (inner.type) {
                case "object":
                    return Object.entries(inner.shape as Record<string, Schema>).flatMap(([key, child]) => {
                        const { [key]: _own, ...others } = whole as Record<string, unknown>;
                        return below(
                            child,
                            [...path, key],
                            isRequired(child),
                            (value) => within({ ...others, [key]: value }),
                            within(others),
                        );
                    });
                case "array":
                    return below(inner.element as Schema, [...path, 0], false, (v) => within([v]), within([]));
                case "record": {
                    const key = keyOf(inner, goodValue);
                    return below(
                        inner.valueType as Schema,
                        [...path, key],
                        false,
                        (value) => within({ [key]: value }),
                        within({}),
                    );
                }
                default:
                    return [];
            }
        };
        const forms = formsOf(core);
        // The discriminator of several forms is a field once.
        const fields = (forms ?? [core]).flatMap((form) => inside(coreOf(form)));
        const discriminator = "discriminator" in def ? (def.discriminator as string) : undefined;
        const seen = new Set<string>();
        return [
            field,
            ...fields.filter(({ path: inner }) => {
                const key = inner.length === path.length + 1 && inner.at(-1) === discriminator ? "kind" : undefined;
                const first = key === undefined || !seen.has(key);
                seen.add(key ?? "");
                return first && key === undefined;
            }),
            ...(discriminator === undefined ? [] : [kindField(core, path, discriminator, within)]),
        ];
    };
    const kindField = (
        union: Schema,
        path: Path,
        discriminator: string,
        within: (value: unknown) => unknown,
    ): Field => ({
        path: [...path, discriminator],
        schema: union,
        around: within({}),
        words: wordsOfKind(union, discriminator, { [discriminator]: "no such kind" }),
        required: wordsOfKind(union, discriminator, {}) !== "",
        reference: undefined,
    });
    return Object.entries(sections).flatMap(([name, schema]) =>
        below(
            schema as unknown as Schema,
            [name],
            isRequired(schema as unknown as Schema),
            (value) => ({ [name]: value }),
            {},
        ),
    );
}

/** The kinds that a union knows, as it lists them for a value of another; nothing where the value has no need of one. */
function wordsOfKind(union: Schema, discriminator: string, given: object): string {
    const result = (union as unknown as z.ZodType).safeParse(given);
    const faults = result.success ? [] : faultsOf(result.error, given);
    return faults.find(({ path }) => path === discriminator)?.expected ?? "";
}

/** A section's tree with a value at a path; parents are there. */
export function withValue(tree: unknown, path: Path, value: unknown): unknown {
    const [key, ...rest] = path;
    if (key === undefined) {
        return value;
    }
    if (Array.isArray(tree)) {
        const list: unknown[] = [...(tree as readonly unknown[])];
        list[Number(key)] = withValue(list[Number(key)], rest, value);
        return list;
    }
    const map = (tree ?? {}) as Record<PropertyKey, unknown>;
    return { ...map, [key]: withValue(map[key], rest, value) };
}
