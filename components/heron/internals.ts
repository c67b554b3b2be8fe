import { z } from "zod";
import type { ConfigValue } from "../foundation/configFiles";
import { isQuantity, parseQuantity } from "../foundation/quantity";
import { duration, flag, milliseconds, settings, whole } from "../foundation/values";
import { type InternalKey, internalKeys, type InternalKind } from "./internalKeys";

type Part = keyof typeof internalKeys;
type Value<Kind> = Kind extends "flag" ? boolean : Kind extends "number" | "share" ? number : string;
type Values<Keys> = {
    readonly [Name in keyof Keys]: Keys[Name] extends readonly [string, infer Kind, ...unknown[]] ? Value<Kind> : never;
};

/** Tuning of topologies' processes, by part; times and sizes carry units. */
export type Internals = { readonly [Each in Part]: Values<(typeof internalKeys)[Each]> };
type GivenInternals = { readonly [Each in Part]: Partial<Values<(typeof internalKeys)[Each]>> };

/** Milliseconds of the unit that Heron counts a time in. */
const times: Readonly<Partial<Record<InternalKind, number>>> = { ms: 1, sec: 1000, min: 60_000 };
/** Bytes of the unit that Heron counts a size in. */
const sizes: Readonly<Partial<Record<InternalKind, number>>> = { bytes: 1, mb: 2 ** 20 };
/** Heron keeps these values in 32 bits. */
const most = 2 ** 31 - 1;

const unitNames: Readonly<Partial<Record<InternalKind, string>>> = {
    ms: "milliseconds",
    sec: "seconds",
    min: "minutes",
    bytes: "bytes",
    mb: "mebibytes (Mi)",
};

/** Whether a value is a whole number of units, at least one, that fits. */
const fits = (value: number, unit: number) => value % unit === 0 && value >= unit && value / unit <= most;

function valueSchema(kind: InternalKind): z.ZodType {
    const time = times[kind];
    const size = sizes[kind];
    const unit = unitNames[kind] ?? "";
    if (time !== undefined) {
        return duration().refine((given) => fits(milliseconds(given), time), { error: `whole ${unit}, at least one` });
    }
    if (size !== undefined) {
        const expected = `a Kubernetes quantity of whole ${unit}, at least one`;
        return z
            .union([z.string(), z.number()], { error: expected })
            .refine((given) => isQuantity(String(given)) && fits(parseQuantity(String(given)), size), {
                error: expected,
                abort: true,
            })
            .transform(String);
    }
    if (kind === "flag") {
        return flag();
    }
    return kind === "share" ? z.number({ error: "a number from 0 to 1" }).min(0).max(1) : whole(0, most);
}

function partSchema(keys: Readonly<Record<string, InternalKey>>): z.ZodType {
    const shape = Object.entries(keys).map(([name, [key, kind, own, meaning]]) => [
        name,
        valueSchema(kind)
            .default(own)
            .describe(`${meaning} (${key}). Default ${String(own)}.`),
    ]);
    return settings(Object.fromEntries(shape) as Record<string, z.ZodType>).prefault({});
}

const titles: Readonly<Record<Part, string>> = {
    general: "What holds for all processes.",
    logging: "Logs of all processes.",
    streamManager: "The stream managers, which route tuples between containers.",
    topologyManager: "The manager of each topology.",
    metricsManager: "The metrics managers.",
    instance: "The instances, which run spouts and bolts.",
    checkpointManager: "The checkpoint managers.",
};

const parts = Object.fromEntries(
    Object.entries(internalKeys).map(([part, keys]) => [part, partSchema(keys).describe(titles[part as Part])]),
) as { [Each in Part]: z.ZodPrefault<z.ZodType<Internals[Each], GivenInternals[Each]>> };

/** Tuning of topologies' processes. */
export const internalsSettings = settings(parts)
    .refine(
        ({ streamManager: { lowWatermark, highWatermark } }) =>
            parseQuantity(lowWatermark) < parseQuantity(highWatermark),
        { path: ["streamManager", "lowWatermark"], error: "less than highWatermark" },
    )
    .prefault({});

/** What a file holds for the keys of some parts, in the units that Heron counts in. */
export function internalValues(given: Internals, wanted: readonly Part[]): Record<string, ConfigValue> {
    const entries = wanted.flatMap((part) =>
        Object.entries<InternalKey>(internalKeys[part]).map(([name, [key, kind]]): [string, ConfigValue] => {
            const value = (given[part] as Readonly<Record<string, string | number | boolean>>)[name];
            return [key, inUnits(kind, value)];
        }),
    );
    return Object.fromEntries(entries);
}

function inUnits(kind: InternalKind, value: string | number | boolean | undefined): ConfigValue {
    const time = times[kind];
    const size = sizes[kind];
    if (time !== undefined) {
        return milliseconds(String(value)) / time;
    }
    return size === undefined ? value : parseQuantity(String(value)) / size;
}
