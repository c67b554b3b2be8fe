/** A pattern that must match all of a label's value. */
export interface Pattern {
    readonly pattern: string;
}

/** What labels of a series must be: a value, or a pattern. */
export type Matchers = Readonly<Record<string, string | Pattern>>;

/** A selector of series: `up{namespace="a",pod=~"b-[0-9]+"}`, with the labels in the order given. */
export function series(metric: string, matchers: Matchers): string {
    const conditions = Object.entries(matchers).map(([label, value]) =>
        // A PromQL string in double quotes escapes as JSON does.
        typeof value === "string" ? `${label}=${JSON.stringify(value)}` : `${label}=~${JSON.stringify(value.pattern)}`,
    );
    return `${metric}{${conditions.join(",")}}`;
}

/** A name in a pattern: its dots stand for themselves. */
export function literally(name: string): string {
    return name.replace(/[.]/g, "\\.");
}

/** One of several patterns. */
export function anyOf(patterns: readonly string[]): Pattern {
    return { pattern: patterns.length === 1 ? patterns.join("") : `(${patterns.join("|")})` };
}

/** The pods of which some series holds a condition, each once, however many monitors read it. */
export function podsWhere(selector: string, condition: string): string {
    return `max by (pod) (${selector}) ${condition}`;
}

/** How many series an expression has; 0 rather than nothing where there are none. */
export function countOf(expression: string): string {
    return `(count(${expression}) or vector(0))`;
}
