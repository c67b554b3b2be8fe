import type { z } from "zod";
import { dataKinds } from "./dataKinds";
import {
    type Break,
    encrypted,
    flags,
    type Kind,
    lists,
    maps,
    noNumber,
    noText,
    nothing,
    numbers,
    quantityKind,
    repeated,
    secrets,
    textKind,
    texts,
} from "./kind";
import type { Field } from "./schemaFields";

const bounds = /^a whole number from (-?\d+) to (\d+)$/;

const numberBounds = /^a number (?:from|above) ([\d.]+) (?:to|and at most) ([\d.]+)$/;

const registryTags = ["a b", "-a", ".a", "a/b", repeated("x", 129), "3.9.4@sha256:abc", "3.9.4@md5:0", "@sha256:a"];

/** The kinds of field that a stack file has. A kind that none of them is must at least say what it expects. */
export const kinds: readonly Kind[] = [
    {
        name: "map of settings",
        is: ({ words }) => words === "a map of settings",
        breaks: () => [...texts, ...numbers, ...flags, ...lists, ...nothing, ...secrets],
    },
    {
        name: "map",
        is: ({ words }) => words === "a map",
        breaks: () => [...texts, ...numbers, ...flags, ...lists, ...nothing, ...secrets],
    },
    {
        name: "list",
        is: ({ words }) => words === "a list",
        breaks: () => [...texts, ...numbers, ...flags, ...maps, ...nothing, ...secrets],
    },
    quantityKind("bytes", /^a Kubernetes quantity of at least 1Mi/, "1Gi", 0, 20, 1.5, -1, "512", "1Ki", "10gi", "1m"),
    quantityKind("cpu", /^CPU cores as a Kubernetes quantity above 0/, "1", 0, -1, "0", "0m", "1 core", "-500m", "1c"),
    textKind(
        "duration",
        /^a time with its unit/,
        "1h",
        "",
        "2",
        "2 s",
        "-1s",
        "1.5s",
        "1w",
        "2S",
        "1h30m",
        "PT1H",
        "s",
    ),
    textKind(
        "DNS label",
        /^a DNS label of at most \d+/,
        "sample",
        "",
        "A",
        "-a",
        "a-",
        "a_b",
        "a.b",
        repeated("a", 64),
    ),
    textKind("DNS name", /^a DNS name/, "sample", "", "A.b", "a..b", ".a", "a.", "a_b", "-a.b", repeated("a", 254)),
    {
        ...textKind(
            "label key",
            /^a label key/,
            "pool",
            ...["", "/a", "a/", "A/b", "a b", "a/b/c", repeated("x", 64), `${repeated("a.", 127)}a/b`],
        ),
        others: ["example.com/pool"],
    },
    textKind("label value", /^a label value: /, "sample", "far west", "-a", "a-", repeated("a", 64), "a/b"),
    textKind(
        "network",
        /^a network in CIDR form/,
        "10.0.0.0/8",
        ...["", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "010.0.0.0/8", "::/129", "10.0.0.0/8/8", "10.0.0.0/-1", "/8"],
        ...["10.0.0.0/", "10.0.0.0/ 8", "example.com/8", "10.0.0.256/8", "0/0"],
    ),
    textKind(
        "URL",
        /^an http or https URL$/,
        "https://example.com:9200",
        ...[
            "",
            "example.com",
            "ftp://example.com",
            "http://",
            "http:// a",
            "http://[::1",
            "https:/a",
            "http://a:99999",
        ],
    ),
    textKind(
        "registry",
        /^a registry host/,
        "registry.example.com/mirror",
        ...["", "https://r.example.com", "r.example.com/", "/a", "r.example.com:port", "r.example.com/UPPER", "r@a"],
    ),
    textKind(
        "image repository",
        /^an image repository/,
        "example.com/image",
        ...["", "a@sha256:0", "UPPER/Case", "a//b", "a/", "/a", "https://a/b", "a b", "a/b:1.0"],
    ),
    textKind("image version", /^a tag with an optional digest/, "1.0", "", ...registryTags, [
        "latest",
        "a tag other than latest, which names no version",
    ]),
    textKind("image reference", /^an image reference/, "example.com/image:1.0", "", "image", "a:b c", "a/B:1", [
        "example.com/image:latest",
        "an image tag other than latest",
    ]),
    textKind(
        "connection string",
        /^host:port pairs/,
        "zk:2181",
        ...["", "zk", "zk:", ":2181", "zk:2181,", "zk:2181 /a", "zk:123456", "zk_1:2181", "zk:2181;zk:2182"],
    ),
    textKind("broker address", /^host:port$/, "kafka:9092", "", "kafka", "kafka:", ":9092", "kafka:0", "-a:1", "a:b"),
    textKind("user name", /^a user name/, "sample", "", "-a", "a b", ".a", repeated("a", 64), "a:b"),
    textKind("certificate", /^PEM text|in PEM form/, certificate(), "", "text", "-----BEGIN CERTIFICATE-----"),
    textKind("path in a pod", /^an absolute path in the job's pods/, "/data/file", "", "a/b", "/", "/a b"),
    textKind("path of a page", /^a path that begins with \//, "/ui", "", "ui", "/a b", "/a?b", "/a;b", "/$a"),
    textKind(
        "URL for nginx",
        /^an http or https URL without user/,
        "https://auth.example.com/check",
        ...["", "example.com", "ftp://example.com", "https://u@example.com", "https://example.com/$a", "https://a;b"],
    ),
    textKind("date", /^a date in quotes/, "permanent", "", "soon", "2027-02-30", "2027-1-1", "01.02.2027", "Permanent"),
    {
        name: "whole number",
        is: ({ words }) => bounds.test(words),
        goodFor: (words) => {
            const [, least, most] = bounds.exec(words) ?? [];
            return Math.min(Math.max(5, Number(least)), Number(most));
        },
        breaks: ({ words }) => {
            const [, least, most] = bounds.exec(words) ?? [];
            return [...noNumber, [Number(least) - 1], [Number(most) + 1], [Number(most) - 0.5], [1e308], [most]];
        },
    },
    {
        name: "port",
        is: ({ words }) => words === "a port from 1 to 65535",
        good: 80,
        breaks: () => [...noNumber, [0], [-80], [65_536], [80.5], ["80"], [1e308]],
    },
    {
        name: "flag",
        is: ({ words }) => words === "true or false",
        good: true,
        breaks: () => [
            ...maps,
            ...lists,
            ...texts,
            ...numbers,
            ...nothing,
            ...secrets,
            [0],
            [1],
            ["true"],
            ["yes"],
            ["on"],
        ],
    },
    {
        name: "one of a few words",
        is: ({ schema }) => schema._zod.def.type === "enum",
        breaks: ({ words }) => choiceBreaks(words.split(" | ")),
    },
    {
        name: "kind",
        is: ({ schema }) => "discriminator" in schema._zod.def,
        breaks: ({ words }) => choiceBreaks(words.split(" | ")),
    },
    {
        name: "one of a few values",
        is: ({ schema }) => schema._zod.def.type === "literal",
        breaks: () => [...noNumber, [0], [2], [-1], ["1"], [1e308]],
    },
    {
        name: "secret",
        is: ({ words }) => words.startsWith("an encrypted value (pulumi config set --secret)"),
        good: encrypted,
        breaks: () => [[""], ...numbers, ...flags, ...maps, ...lists],
    },
    ...dataKinds,
    {
        // Whatever JSON can hold, so nothing encrypted.
        name: "plain values",
        is: ({ words }) => words.startsWith("plain values: "),
        breaks: () => [...secrets, [[encrypted]], [{ a: encrypted }]],
    },
    quantityKind("whole mebibytes", /^a Kubernetes quantity of whole mebibytes/, "1Mi", 0, "1Ki", "1500Ki", "512"),
    quantityKind("whole bytes", /^a Kubernetes quantity of whole bytes/, "1Ki", 0, "0", "1.5", "100m"),
    textKind(
        "absolute path",
        /^an absolute path( of letters|, (or a variable )?such as)/,
        "/sample",
        ...["", "a/b", "/a b", "//", "/a?b"],
    ),
    textKind("relative path", /^a relative path of letters/, "a/b", "", "/a", "a//b", "a/", "a b"),
    textKind(
        "path from a folder",
        /^a path of letters, digits, \., _ and -, such as \.\//,
        "./a",
        "",
        "a",
        "./",
        "./a b",
    ),
    textKind("znode", /^a znode below the root/, "/ledgers", "", "ledgers", "/", "/a/b", "/a b"),
    textKind(
        "stack name",
        /^a stack's full name/,
        "organization/data-platform/sample",
        ...["", "sample", "data-platform/sample", "a/b/c/d", "a//c", "a/b/", "a b/c/d"],
    ),
    textKind("user at a host", /^<user>@<host>$/, "user@bastion.example.com", "", "user", "@host", "user@", "a b@c"),
    textKind(
        "IP address",
        /^(an IP address(: .*)?|the IP address of a node)$/,
        "10.0.0.1",
        "",
        "10.0.0",
        "10.0.0.256",
        "host",
    ),
    textKind(
        "directory",
        /^a directory of an object store/,
        "s3://bucket/flink",
        "",
        "/data",
        "file:///data",
        "s3://",
        "s3:a",
    ),
    textKind("Java class", /^a Java class/, "org.example.Main", "", "org..Main", "1a", "a b"),
    {
        name: "number",
        is: ({ words }) => numberBounds.test(words),
        good: 0.5,
        breaks: ({ words }) => {
            const [, least, most] = numberBounds.exec(words) ?? [];
            return [...noNumber, [Number(least) - 0.1], [Number(most) + 0.1], [1e308], [most]];
        },
    },
    {
        name: "single value",
        is: ({ words }) => /^text, a number,( or)? true or false$/.test(words),
        good: "sample",
        breaks: () => [...maps, ...lists, ...nothing, ...secrets],
    },
    {
        name: "text that may be empty",
        is: (field) => field.words === "text" && accepts(field, ""),
        breaks: () => noText,
    },
    {
        name: "text",
        is: ({ words }) => words === "text",
        good: "sample",
        breaks: () => [...noText, ["", "text that is not empty"]],
    },
];

function choiceBreaks(choices: readonly string[]): readonly Break[] {
    const [first = ""] = choices;
    const wrong = [`${first}x`, first.toUpperCase() === first ? first.toLowerCase() : first.toUpperCase(), ` ${first}`];
    return [
        ...maps,
        ...lists,
        ...texts,
        ...numbers,
        ...flags,
        ...nothing,
        ...secrets,
        ...wrong.map((each): Break => [each]),
        ["constructor"],
        [[first]],
    ];
}

function certificate(): string {
    return "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
}

function accepts({ schema }: Pick<Field, "schema">, value: unknown): boolean {
    return (schema as unknown as z.ZodType).safeParse(value).success;
}

/** A kind that the table does not know: what it expects of a wrong type is all that can be said of it. */
export const otherKind: Kind = { name: "other", is: () => true, good: "sample", breaks: () => [...noText] };

/** The kind of a field. */
export function kindOf(field: Pick<Field, "words" | "schema">): Kind {
    return kinds.find(({ is }) => is(field)) ?? otherKind;
}

/** A value that a field accepts. */
export function goodOf(field: Pick<Field, "words" | "schema">): unknown {
    const { good = "sample", goodFor, others = [] } = kindOf(field);
    return goodFor?.(field.words) ?? [good, ...others].find((value) => accepts(field, value)) ?? good;
}
