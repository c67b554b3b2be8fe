import * as assert from "node:assert/strict";
import { stringify } from "yaml";
import type { z } from "zod";
import { formatFound, formatPath, type Path } from "../../components/foundation/faults";
import { SecretValue } from "../../components/foundation/secretValue";
import { fileFaults, faultLines } from "../support/stackFiles";
import { goodOf, kindOf } from "./fieldKinds";
import { type Break, encrypted, type Kind } from "./kind";
import { readingsOf } from "./readings";
import { coreOf, type Field, fieldsOf, sampleOf, withValue } from "./schemaFields";

/*
 * Stack files broken in one field each, made from the schema: a new field is covered without a line here, and one of a
 * kind that fieldKinds.ts does not know must still say in words of its own what it expects.
 */

const goodValue: Parameters<typeof fieldsOf>[0] = (words, schema) => goodOf({ words, schema });
const fields = fieldsOf(goodValue);

/** The other sections of each file: what references and systems need. */
const base = {
    cluster: { context: "dev", apiServer: { cidrs: ["10.0.0.1/32"] } },
    environment: { name: "dev", owner: "team", tier: "development" },
    targets: { sample: [{ key: "pool", value: "sample" }] },
    priorityClasses: { sample: { value: 1 } },
    opensearch: { kind: "external", nodes: ["https://example.com"], peers: [{ cidr: "10.0.0.0/8" }] },
};

const fileOf = (sections: unknown): string =>
    stringify(
        {
            config: Object.fromEntries(
                Object.entries({ ...base, ...(sections as object) }).map(([name, content]) => [
                    `data-platform:${name}`,
                    content,
                ]),
            ),
        },
        // Folding takes long where a text is.
        { lineWidth: 0, aliasDuplicateObjects: false },
    );

const printed = ([section, ...rest]: Path): string => formatPath([`data-platform:${String(section)}`, ...rest]);

/** What a report says that it found. */
function foundOf(kind: Kind, value: unknown): string {
    if (value === encrypted) {
        return formatFound(new SecretValue("x", true));
    }
    const plain = typeof value === "string" || typeof value === "number";
    // What stands in a secret's place, or plainly in a map's, may be the secret in another form: only its type is shown.
    const hidden = kind.name === "secret" || (plain && (kind.name === "map" || kind.name === "map of settings"));
    if (!hidden) {
        return formatFound(value);
    }
    return value === ""
        ? "empty text"
        : Array.isArray(value)
          ? "a list"
          : typeof value === "object"
            ? "a map"
            : `a ${typeof value}`;
}

let files = 0;

/** A line without what was found. */
const wanted = (line: string): string => line.replace(/, found [^]*$/, "");

/** What the samples themselves have wrong with each other, such as a peer that is nobody, by what is in the file. */
const already = new Map<string, readonly string[]>();

function alreadyWrong(unbroken: unknown): readonly string[] {
    const print = JSON.stringify(unbroken);
    const lines = already.get(print) ?? fileFaults(fileOf(unbroken)).map(wanted);
    already.set(print, lines);
    return lines;
}

/** Problems with what a broken file reports, as it is read and as the engine hands it over. */
function problemsOf(sections: unknown, unbroken: unknown, expected: string): string[] {
    files++;
    const { asFile, asRuntime } = readingsOf(fileOf(sections));
    const lines = faultLines(asFile);
    const before = alreadyWrong(unbroken);
    const news = lines.filter((line) => !before.includes(wanted(line)));
    const handedOver = faultLines(asRuntime);
    return [
        ...(news.length === 1 && news[0] === expected ? [] : [`wanted ${expected}\n   got ${news.join("\n       ")}`]),
        ...(JSON.stringify(handedOver) === JSON.stringify(lines)
            ? []
            : [`the engine's: ${expected}\n   got ${handedOver.join("\n       ")}`]),
    ].map((problem) => (problem.length > 2000 ? `${problem.slice(0, 2000)}...` : problem));
}

const assertNone = (problems: readonly string[]): void => assert.equal(problems.join("\n"), "");

const byKind = new Map<Kind, Field[]>();
for (const field of fields) {
    const kind = kindOf(field);
    byKind.set(kind, [...(byKind.get(kind) ?? []), field]);
}

/**
 * Whether a field is broken in one of the ways: the first of each kind in all of them, the others in a few that differ
 * from field to field. ALL_FIELDS=1 breaks every field in every way.
 */
const chosen =
    (way: number) =>
    (_: Field, index: number): boolean =>
        process.env["ALL_FIELDS"] === "1" || index < 2 || (index + way) % 24 === 0;

/** A value that the field accepts, in its section. */
const unbrokenOf = (field: Field): unknown =>
    field.words.includes(" | ") && "discriminator" in field.schema._zod.def
        ? withValue(field.around, field.path.slice(0, -1), sampleOf(field.schema, goodValue))
        : withValue(field.around, field.path, sampleOf(field.schema, goodValue));

describe("a stack file with one field broken", () => {
    after(() => console.log(`      ${files} broken files of ${fields.length} fields of ${byKind.size} kinds`));

    it("is made of every field that there is", () => {
        const paths = new Set(fields.map(({ path }) => formatPath(path)));
        for (const path of [
            "cluster.dns.podLabels.pool",
            "targets.sample[0].constraint",
            "priorityClasses.sample.value",
            "zookeeper.resources.cpuLimit",
            "zookeeper.peers[0].cidr",
            "zookeeper.connectionString",
            "opensearch.credentials.passwordKey",
            "systems.teraslice.namespace.quota.pods",
            "systems.teraslice.connectors.s3.sample.endpoint",
            "images.pins.zookeeper",
            "base.stack",
            "sharing.opensearchUsers.sample.indexPatterns[0]",
            "zookeeper.tls.certificates.renewBefore",
            "zookeeper.authentication.users.sample.passwordKey",
            "opensearch.security.existing.adminName",
            "opensearch.snapshots.repositories.sample.credentials.secretKeyKey",
            "opensearch.exposure.gateway.name",
            "uploader.writing.htpasswdKey",
            "uploader.exposure.authentication.login.rotation",
            "monitoring.scrapers[0].cidr",
            "systems.teraslice.indices.state.retention",
            "systems.cassandra.replace.sample-rack1-0",
            'systems.kafka.topics.sample.config["retention.ms"]',
            "systems.spark.jobNamespaces.sample.applications.sample.schedule.cron",
            "systems.redis.instances.sample.sentinel.quorum",
            "systems.tensorflow.jobNamespaces.sample.jobs.sample.command[0]",
            'systems.tensorflow.runtimes.sample.accelerators["example.com/pool"]',
        ]) {
            assert.ok(paths.has(path), path);
        }
        assert.ok(fields.length > 1000 && byKind.size >= 30);
    });

    for (const [kind, ofKind] of byKind) {
        const wrongs = kind.breaks(ofKind[0]!).map((_, index) => index);
        const name = (index: number): string => {
            const [value] = kind.breaks(ofKind[0]!)[index] ?? [];
            const shown = JSON.stringify(value);
            return shown.length > 40 ? `${shown.slice(0, 30)}... of ${shown.length} characters` : shown;
        };
        for (const index of wrongs) {
            it(`in a ${kind.name}: ${name(index)}`, () => {
                assertNone(
                    ofKind.filter(chosen(index)).flatMap((field) => {
                        const [value, ownWords] = kind.breaks(field)[index] as Break;
                        // A name that is not there need not be told its grammar.
                        const words =
                            field.reference !== undefined && typeof value === "string"
                                ? `a name from data-platform:${field.reference} (sample)`
                                : ownWords;
                        const expected = `${printed(field.path)}: expected ${words ?? field.words}, found ${foundOf(kind, value)}`;
                        return problemsOf(withValue(field.around, field.path, value), unbrokenOf(field), expected);
                    }),
                );
            });
        }
    }

    it("in a reference, to a name that is not there", () => {
        const references = fields.filter(({ reference }) => reference !== undefined);
        assert.ok(references.length >= 8);
        assertNone(
            references.flatMap((field) => [
                ...problemsOf(
                    withValue(field.around, field.path, "simple"),
                    unbrokenOf(field),
                    `${printed(field.path)}: expected a name from data-platform:${field.reference ?? ""} (did you mean sample?), found "simple"`,
                ),
                ...problemsOf(
                    withValue(field.around, field.path, "constructor"),
                    unbrokenOf(field),
                    `${printed(field.path)}: expected a name from data-platform:${field.reference ?? ""} (sample), found "constructor"`,
                ),
            ]),
        );
    });

    it("in what must be there and is not", () => {
        const required = fields.filter((field) => field.required);
        assert.ok(required.length >= 30);
        assertNone(
            required.flatMap((field) =>
                problemsOf(
                    field.path.length === 1 ? { [String(field.path[0])]: undefined } : field.around,
                    unbrokenOf(field),
                    `${printed(field.path)}: expected ${field.words}, found nothing`,
                ),
            ),
        );
    });

    for (const [what, key] of [
        ["a misspelt key", undefined],
        ["a key that every object inherits", "constructor"],
    ] as const) {
        it(`in a map of settings, with ${what}`, () => {
            const maps = fields.filter(({ words }) => words === "a map of settings");
            assertNone(
                maps.flatMap((field) =>
                    formsOf(field).flatMap(({ sample, keys }) => {
                        const meant = [...keys].sort((a, b) => b.length - a.length)[0]!;
                        const unknown = key ?? `${meant}x`;
                        const known =
                            key === undefined && keys.length > 0
                                ? `a known key (did you mean ${meant}?)`
                                : knownKeys(keys);
                        return problemsOf(
                            withValue(field.around, field.path, { ...sample, [unknown]: 1 }),
                            withValue(field.around, field.path, sample),
                            `${printed([...field.path, unknown])}: expected ${known}, found an unknown key`,
                        );
                    }),
                ),
            );
        });
    }

    it("in a map, with a key of the wrong form", () => {
        const maps = fields.filter(({ words }) => words === "a map");
        assert.ok(maps.length >= 20);
        const wrongKey = "no key!";
        assertNone(
            maps.flatMap((field) => {
                const { def } = field.schema._zod;
                const key = def.type === "record" ? fields.find(({ path }) => isBelow(path, field.path)) : undefined;
                const content = withValue(key?.around, key?.path ?? [], "sample");
                const keyWords = def.type === "record" ? keyWordsOf(def.keyType as Field["schema"]) : "";
                return key === undefined || keyWords === ""
                    ? []
                    : problemsOf(
                          withValue(field.around, field.path, { [wrongKey]: sampleBelow(key) }),
                          content,
                          `${printed([...field.path, wrongKey])}: expected a key that is ${keyWords}, found "${wrongKey}"`,
                      );
            }),
        );
    });

    it("in a map, with a key that would be left out without a word", () => {
        const maps = fields.filter(({ words }) => words === "a map" || words === "a map of settings");
        assertNone(
            maps.flatMap((field) => {
                const sample = sampleOf(field.schema, goodValue) ?? {};
                const evil = JSON.parse(`{ "__proto__": { "a": 1 } }`) as object;
                const broken = Object.defineProperties(
                    {},
                    {
                        ...Object.getOwnPropertyDescriptors(sample),
                        ...Object.getOwnPropertyDescriptors(evil),
                    },
                );
                return problemsOf(
                    withValue(field.around, field.path, broken),
                    withValue(field.around, field.path, sample),
                    `${printed([...field.path, "__proto__"])}: expected any other key: no setting is called so, found an unknown key`,
                );
            }),
        );
    });

    it("in a list that must not be empty", () => {
        const lists = fields.filter(({ schema }) => leastLength(schema) > 0);
        assert.ok(lists.length >= 5);
        assertNone(
            lists.flatMap((field) =>
                problemsOf(
                    withValue(field.around, field.path, []),
                    unbrokenOf(field),
                    `${printed(field.path)}: expected ${wordsForEmpty(field.schema)}, found an empty list`,
                ),
            ),
        );
    });

    it("never says so in words that are not the project's own", () => {
        const foreign = fields.filter(({ words }) => /^$|^Invalid|^Too |^expected /.test(words));
        assert.deepEqual(
            foreign.map(({ path, words }) => `${formatPath(path)}: ${words}`),
            [],
        );
    });
});

const knownKeys = (keys: readonly string[]) => `one of the known keys (${keys.join(", ")})`;

/** The forms of a map of settings, a sample and the keys of each. */
function formsOf({ schema }: Field): { sample: Record<string, unknown>; keys: readonly string[] }[] {
    const { def } = schema._zod;
    const forms = def.type === "union" ? (def.options as readonly Field["schema"][]) : [schema];
    return forms.flatMap((form) => {
        const core = coreOf(form);
        const inner = core._zod.def;
        return inner.type === "object"
            ? [{ sample: sampleOf(core, goodValue) as Record<string, unknown>, keys: Object.keys(inner.shape) }]
            : [];
    });
}

const isBelow = (path: Path, above: Path): boolean =>
    path.length === above.length + 1 && above.every((part, index) => part === path[index]);

const sampleBelow = (field: Field): unknown => sampleOf(field.schema, goodValue);

/** What a key of a map must be; empty where it may be any text. */
function keyWordsOf(key: Field["schema"]): string {
    const core = coreOf(key);
    const result = (
        core as unknown as { safeParse: (value: string) => { error?: { issues: { message: string }[] } } }
    ).safeParse("no key!");
    return result.error?.issues[0]?.message ?? "";
}

/** What a list that must not be empty expects, in words of its own or in the usual ones. */
function wordsForEmpty(list: Field["schema"]): string {
    const result = (list as unknown as z.ZodType).safeParse([]);
    const own = result.error?.issues[0]?.message ?? "";
    return own.startsWith("at least one ") ? own : `at least ${leastLength(list)} entries`;
}

/** The least number of entries of a list. */
function leastLength(schema: Field["schema"]): number {
    const checks = schema._zod.def.type === "array" ? (schema._zod.def.checks ?? []) : [];
    return Math.max(
        0,
        ...checks.map((check) => {
            const { def } = check._zod as unknown as { def: { check: string; minimum?: number } };
            return def.check === "min_length" ? (def.minimum ?? 0) : 0;
        }),
    );
}
