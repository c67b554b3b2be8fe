/** An object as it came from a program: nothing is known of its fields. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The field as an object; an empty one where there is none. */
export function fieldsAt(parent: Fields, key: string): Fields {
    const value = parent[key];
    return isFields(value) ? value : {};
}

/** The field as a list; an empty one where there is none. */
export function listAt(parent: Fields, key: string): readonly unknown[] {
    const value = parent[key];
    return Array.isArray(value) ? value : [];
}

/** One step further down a path: `spec.containers[0]`. */
export function at(path: string, step: string | number): string {
    return typeof step === "number" ? `${path}[${step}]` : path === "" ? step : `${path}.${step}`;
}

/** As {@link at}, in Pulumi's notation, which quotes a key that is no plain word: `a.b`, `a[0]`, `a["b.c"]`. */
export function propertyPath(path: string, step: string | number): string {
    return typeof step === "number" || /^[A-Za-z_$][\w$-]*$/.test(step)
        ? at(path, step)
        : `${path}[${JSON.stringify(step)}]`;
}

/** Where a pod template was found, before rules see it. */
export interface RawPodTemplate {
    readonly path: string;
    readonly partial: boolean;
    /** Reads the template on demand, since it may not be known yet. */
    readonly template: () => unknown;
    /** Path of a container that does not stand in the template itself; undefined for one that does. */
    readonly containerPath?: (list: string, index: number) => string | undefined;
}

/** An object with some fields replaced. All are read on demand, so that an unknown one harms nothing until touched. */
export function overlay(base: Fields, changes: Readonly<Record<string, () => unknown>>): Fields {
    const result: Fields = {};
    const reads = { ...Object.fromEntries(Object.keys(base).map((key) => [key, () => base[key]])), ...changes };
    for (const [key, get] of Object.entries(reads)) {
        Object.defineProperty(result, key, { get, enumerable: true });
    }
    return result;
}

/** Computes once, when first asked; a computation that fails is tried again. */
export function once<Value>(compute: () => Value): () => Value {
    let known: { readonly value: Value } | undefined;
    return () => (known ??= { value: compute() }).value;
}
