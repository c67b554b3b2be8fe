import type { Field } from "./schemaFields";

/** A value that breaks a field, and what its report expects, where that is not the kind's own words. */
export type Break = readonly [value: unknown, expected?: string];

/** One kind of field: how it is recognised, a value that it accepts, and values that it doesn't. */
export interface Kind {
    readonly name: string;
    readonly is: (field: Pick<Field, "words" | "schema">) => boolean;
    readonly good?: unknown;
    /** What fields accept that refuse it, since they accept a part of the kind only. */
    readonly others?: readonly unknown[];
    /** The same, where it depends on what the field's report expects. */
    readonly goodFor?: (words: string) => unknown;
    readonly breaks: (field: Pick<Field, "words" | "schema">) => readonly Break[];
}

/** What `pulumi config set --secret` writes into a stack file. */
export const encrypted = { secure: "AAABAcipher" };

/** Values of types that hardly any field has. */
export const maps: readonly Break[] = [[{ a: 1 }], [{}]];
export const lists: readonly Break[] = [[["a"]], [[]]];
export const numbers: readonly Break[] = [[5], [1e308], [-1.5]];
export const flags: readonly Break[] = [[true]];
export const nothing: readonly Break[] = [[null]];
export const texts: readonly Break[] = [["text"], [""], ["x".repeat(30_000)]];
export const secrets: readonly Break[] = [[encrypted]];
export const noText: readonly Break[] = [...maps, ...lists, ...numbers, ...flags, ...nothing, ...secrets];
export const noNumber: readonly Break[] = [...maps, ...lists, ...texts, ...flags, ...nothing, ...secrets];

export const repeated = (text: string, count: number) => text.repeat(count);

/** A kind of text, with wrong grammar. */
export const textKind = (name: string, words: RegExp, good: string, ...grammar: readonly (string | Break)[]): Kind => ({
    name,
    is: (field) => words.test(field.words),
    good,
    breaks: () => [
        ...noText,
        ...grammar.map((each): Break => (typeof each === "string" ? [each] : each)),
        ["ä ö\u0000\u{1F600}"],
        [repeated("x!", 15_000)],
    ],
});

/** A number as it is and as text; what is text, or no number at all. */
export const quantityKind = (
    name: string,
    words: RegExp,
    good: string,
    ...wrong: readonly (string | number)[]
): Kind => ({
    name,
    is: (field) => words.test(field.words),
    good,
    breaks: () => [
        ...maps,
        ...lists,
        ...flags,
        ...nothing,
        ...secrets,
        ...["", "text", "-1Gi", "1 Gi", "1Gib", "1,5Gi", "1.2.3", "Gi", "0x10", "1e400", "NaN", "١"].map(
            (each): Break => [each],
        ),
        ...wrong.map((each): Break => [each]),
        [repeated("9", 30_000) + "!"],
    ],
});
