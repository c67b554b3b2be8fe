import { z } from "zod";
import { flinkSessionSettings } from "../../components/flink/schema";
import { isFields } from "../../policy/raw";

/** Settings that are described where they are defined, as one. */
const shared =
    /(^namespace$|(^|\.)(resources|targets|spread|priority)$|peers$|^(clients|egress|metrics\.scrapers|monitoring)$|ensemble\.(tls|port|peers|connectionString)$)/;

function paths(schema: unknown, path: string): string[] {
    if (!isFields(schema) || shared.test(path)) {
        return [path];
    }
    if (isFields(schema.properties)) {
        return Object.entries(schema.properties).flatMap(([key, child]) =>
            paths(child, path === "" ? key : `${path}.${key}`),
        );
    }
    const options = schema.oneOf ?? schema.anyOf;
    if (Array.isArray(options) && options.some((option) => isFields(option) && isFields(option.properties))) {
        return [...new Set(options.flatMap((option) => paths(option, path)))];
    }
    if (isFields(schema.items) && isFields(schema.items.properties)) {
        return paths(schema.items, `${path}[]`);
    }
    return [path];
}

/** Paths of all settings of a session, `[]` for the entries of a list. */
export const settingPaths: readonly string[] = [
    ...new Set(paths(z.toJSONSchema(flinkSessionSettings, { io: "input", unrepresentable: "any" }), "")),
];
