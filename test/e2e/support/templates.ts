/** What the engine writes into its event log where a value is secret, or not known before the change. */
const marks = /^(\[secret\]|output<.*>|04da6b54-80e4-46f7-96ec-b56ff0331ba9)$/;

/** Paths of secret or unknown values in plain data: `spec.containers[0].image`. */
export function hiddenPaths(value: unknown, path = ""): readonly string[] {
    if (typeof value === "string") {
        return marks.test(value) ? [path] : [];
    }
    if (Array.isArray(value)) {
        return value.flatMap((item: unknown, index) => hiddenPaths(item, `${path}[${index}]`));
    }
    if (typeof value === "object" && value !== null) {
        return Object.entries(value).flatMap(([key, item]) => hiddenPaths(item, path === "" ? key : `${path}.${key}`));
    }
    return [];
}

/** The pod templates inside an object, wherever they hide: everything with containers. */
export function podTemplates(value: unknown): readonly unknown[] {
    if (Array.isArray(value)) {
        return value.flatMap(podTemplates);
    }
    if (typeof value !== "object" || value === null) {
        return [];
    }
    const { spec } = value as { readonly spec?: unknown };
    const isTemplate = typeof spec === "object" && spec !== null && "containers" in spec;
    return isTemplate ? [value] : Object.values(value).flatMap(podTemplates);
}
