import { isIP } from "node:net";
import { z } from "zod";
import { isQuantity, parseQuantity } from "./quantity";
import { SecretValue } from "./secretValue";

/*
 * The kinds of value that settings are made of, checked by meaning. The text of each error is what was *expected*;
 * faults.ts adds the path and what was found. Parsing is idempotent: what comes out may go in again, so a component
 * takes both a program's own literals and a parsed stack file.
 */

/**
 * A check that failed ends the checks of its value, and of all that the value is part of: those rely on it, as the bound
 * of a heap does on memory that can be read.
 */
const abort = true;

/** An object whose unknown keys are faults. The error lists the known keys, for faults.ts to suggest the nearest. */
export function settings<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
    return z.strictObject(shape, {
        // The keys of the schema that reports, which may have been extended since.
        error: ({ code, inst }) => (code === "unrecognized_keys" ? knownKeys(inst).join(" | ") : undefined),
    });
}

function knownKeys(schema: unknown): string[] {
    return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** One of several forms of a setting, told apart by one key's value. */
export function variants<
    const Options extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]],
    Key extends string,
>(key: Key, options: Options) {
    return z.discriminatedUnion(key, options, {
        // What is no map at all is reported here too, whatever the declared type of the issue says.
        error: ({ code }: { readonly code: string }) =>
            code === "invalid_type" ? undefined : knownVariants(key, options).join(" | "),
    });
}

function knownVariants(key: string, options: readonly z.core.$ZodTypeDiscriminable[]): string[] {
    return options
        .flatMap((option) => [...(option._zod.propValues[key] ?? [])])
        .filter((value) => value !== undefined)
        .map(String);
}

const quantity = (expected: string, allowed: (value: number) => boolean) =>
    z
        .union([z.string(), z.number()], { error: expected })
        .refine((value) => isQuantity(String(value)) && allowed(parseQuantity(String(value))), {
            error: expected,
            abort,
        })
        .transform(String);

/** CPU in cores: `2`, `0.5` or `500m`. */
export const cpu = () => quantity("CPU cores as a Kubernetes quantity above 0, such as 500m or 2", (v) => v > 0);

/** Memory or storage: a quantity of bytes of at least 1Mi, since a bare `512` is nearly always a forgotten unit. */
export const bytes = () =>
    quantity(
        "a Kubernetes quantity of at least 1Mi with a unit, such as 512Mi or 10Gi",
        // No volume and no node holds an exbibyte.
        (v) => v >= 2 ** 20 && v <= 2 ** 60,
    );

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86400e3 };
const durationGrammar = /^(\d+)(ms|s|m|h|d)$/;

const durationExpected = "a time with its unit, such as 500ms, 60s, 5m, 2h or 1d";
/** Ten years. More is a slip, and no system counts so far. */
const longestDuration = 3650;

/** A time with its unit: `500ms`, `60s`, `5m`, `2h` or `1d`; at most ten years. */
export const duration = () =>
    z
        .string({ error: durationExpected })
        .regex(durationGrammar, { error: durationExpected, abort })
        .refine((value) => milliseconds(value) <= longestDuration * milliseconds("1d"), {
            error: `a time of at most ${longestDuration}d`,
            abort,
        });

/** The same, of at least some other time. */
export const durationFrom = (least: string) =>
    duration().refine((value) => milliseconds(value) >= milliseconds(least), { error: `a time of at least ${least}` });

/** Milliseconds in a checked duration. */
export function milliseconds(text: string): number {
    const [, amount, unit] = durationGrammar.exec(text) ?? [];
    const factor = durationUnits[unit ?? ""];
    if (amount === undefined || factor === undefined) {
        throw new Error(`"${text}" is not a time with its unit`);
    }
    return Number(amount) * factor;
}

/** Whole seconds in a checked duration, rounded up. */
export function seconds(text: string): number {
    return Math.ceil(milliseconds(text) / 1000);
}

/** What a setting becomes where it is given; undefined stays undefined, so that the default holds. */
export function ifGiven<From, To>(value: From | undefined, to: (value: From) => To): To | undefined {
    return value === undefined ? undefined : to(value);
}

/** Port of a URL, with the scheme's default. */
export function portOf(address: string): number {
    const { port, protocol } = new URL(address);
    return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

/** Text of one form. */
export const text = (pattern: RegExp, longest: number, expected: string) =>
    z.string({ error: expected }).max(longest, { error: expected, abort }).regex(pattern, { error: expected, abort });

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

/** RFC 1123 label: the name of a namespace, or a part of a longer name. */
export const dnsLabel = (longest = 63) =>
    text(
        new RegExp(`^${label}$`),
        longest,
        `a DNS label of at most ${longest} characters: lower-case letters, digits and -, starting and ending with a letter or digit`,
    );

/** RFC 1123 subdomain: the name of most Kubernetes objects. */
export const dnsName = () =>
    text(
        new RegExp(`^${label}(\\.${label})*$`),
        253,
        "a DNS name: labels of lower-case letters, digits and -, joined by dots",
    );

const qualified = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";

/** A label or taint key: an optional DNS prefix of at most 253 characters, and a name. */
export const labelKey = () => {
    const expected = "a label key: an optional DNS prefix and /, then at most 63 letters, digits, -, _ or .";
    // The prefix's length is no part of the pattern: CrossGuard's engine reads it too, and knows no lookahead.
    return text(new RegExp(`^(${label}(\\.${label})*/)?${qualified}$`), 317, expected).refine(
        (key) => key.lastIndexOf("/") <= 253,
        { error: expected, abort },
    );
};

/** A label value: at most 63 characters, possibly empty. */
export const labelValue = () =>
    text(new RegExp(`^(${qualified})?$`), 63, "a label value: at most 63 letters, digits, -, _ or .");

const host = "[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*(:[0-9]+)?";
const pathPart = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*";

/** A registry with an optional path, without scheme: `registry.example.com/mirror`. */
export const registry = () =>
    text(
        new RegExp(`^(${host})(/${pathPart})*$`),
        255,
        "a registry host with an optional path and no scheme, such as registry.example.com/mirror",
    );

/** An image's repository without tag: `ghcr.io/terascope/teraslice`. */
export const imageRepository = () =>
    text(
        new RegExp(`^(${host}/)?${pathPart}(/${pathPart})*$`),
        255,
        "an image repository without tag or digest, such as ghcr.io/terascope/teraslice",
    );

/** A tag with an optional digest: `3.9.4`, `3.9.4@sha256:…`. */
export const imageVersion = () =>
    text(
        /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?$/,
        200,
        "a tag with an optional digest, such as 3.9.4 or 3.9.4@sha256:<64 hex digits>",
    ).refine((version) => version.split("@")[0] !== "latest", {
        error: "a tag other than latest, which names no version",
        abort,
    });

/** A whole image reference with tag, for images that the catalog does not hold. */
export const imageReference = () =>
    text(
        new RegExp(`^(${host}/)?${pathPart}(/${pathPart})*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?$`),
        512,
        "an image reference with a tag, such as ghcr.io/terascope/teraslice:v3.18.0-nodev24.19.0",
    ).refine((reference) => !/:latest(@|$)/.test(reference), { error: "an image tag other than latest", abort });

/** A TCP or UDP port. */
export const port = () =>
    z
        .int({ error: "a port from 1 to 65535" })
        .min(1, { error: "a port from 1 to 65535", abort })
        .max(65535, { error: "a port from 1 to 65535", abort });

/** A network in CIDR form, IPv4 or IPv6; a single address is `/32` or `/128`. */
export const cidr = () =>
    z.string({ error: "a network in CIDR form, such as 10.0.0.0/16" }).refine(
        (value) => {
            const [address, bits, rest] = value.split("/");
            const version = isIP(address ?? "");
            return (
                version !== 0 &&
                // An address with a zone is one of this machine alone.
                !value.includes("%") &&
                rest === undefined &&
                /^\d{1,3}$/.test(bits ?? "") &&
                Number(bits) <= (version === 4 ? 32 : 128)
            );
        },
        { error: "a network in CIDR form, such as 10.0.0.0/16", abort },
    );

/** An http or https URL. */
export const url = () =>
    z
        .string({ error: "an http or https URL" })
        .refine((value) => /^https?:\/\/[^\s/]+/.test(value) && URL.canParse(value) && portOf(value) > 0, {
            error: "an http or https URL",
            abort,
        });

/** One or more certificates in PEM form. */
export const certificatePem = () =>
    text(
        /^\s*-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----\s*$/,
        100_000,
        "one or more certificates in PEM form (BEGIN CERTIFICATE)",
    );

/** Text that is not empty. */
export const words = () => z.string({ error: "text" }).min(1, { error: "text that is not empty", abort });

/** A whole number within bounds. */
export const whole = (least: number, most: number) => {
    const expected = `a whole number from ${least} to ${most}`;
    return z.int({ error: expected }).min(least, { error: expected, abort }).max(most, { error: expected, abort });
};

/** Yes or no; YAML's true or false. */
export const flag = () => z.boolean({ error: "true or false" });

/** One of a few words. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(...choices: Words) => z.enum(choices);

/** What a secret's error expects; faults.ts shows nothing of what was found instead. */
export const secretExpected = "an encrypted value (pulumi config set --secret)";

/**
 * A secret. In a stack file it is an encrypted value (`secure: …`); plain text is a fault outside development, which
 * the stack's parser checks, since only it knows the tier.
 */
export const secret = () =>
    z
        .union([z.instanceof(SecretValue), z.string().min(1, { error: secretExpected, abort })], {
            error: secretExpected,
        })
        .transform((value) => (typeof value === "string" ? new SecretValue(value, false) : value))
        .meta({ secret: true });
