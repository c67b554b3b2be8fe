/** A value of a Helm chart: plain data. */
export type ChartValue =
    string | number | boolean | null | readonly ChartValue[] | { readonly [key: string]: ChartValue };

/** Values of a Helm chart. */
export type ChartValues = Readonly<Record<string, ChartValue>>;

const isMap = (value: ChartValue | undefined): value is ChartValues =>
    typeof value === "object" && value !== null && !Array.isArray(value);

/** Values over values, as Helm merges files of them: maps key by key, all else replaced, lists too. */
export function mergedValues(under: ChartValues, over: ChartValues): Record<string, ChartValue> {
    const merged = Object.entries(over).map(([key, value]): [string, ChartValue] => {
        const below = Object.hasOwn(under, key) ? under[key] : undefined;
        return [key, isMap(below) && isMap(value) ? mergedValues(below, value) : value];
    });
    return Object.fromEntries([...Object.entries(under), ...merged]);
}

/** An image reference in the three parts that charts have values for: the tag with its digest, if it has one. */
export function imageParts(reference: string): {
    readonly registry: string;
    readonly repository: string;
    readonly tag: string;
} {
    const [, host, path, tag] = /^(?:([^/]+[.:][^/]*|localhost)\/)?([^:@]+):(.+)$/.exec(reference) ?? [];
    if (path === undefined || tag === undefined) {
        throw new Error(`"${reference}" is no image reference with a tag`);
    }
    return { registry: host ?? "docker.io", repository: path, tag };
}
