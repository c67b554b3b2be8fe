import * as assert from "node:assert/strict";
import { z } from "zod";
import { SettingsFaults, checked } from "../../components/foundation/faults";
import { SecretValue } from "../../components/foundation/secretValue";
import * as values from "../../components/foundation/values";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const long = (length: number) => "a".repeat(length);
const encrypted = new SecretValue("hunter2", true);

interface Kind {
    readonly schema: z.ZodType;
    /** Values that are taken as they are, or `[given, taken]`. */
    readonly good: readonly unknown[];
    readonly bad: readonly unknown[];
    /** The beginning of what the fault says was expected. */
    readonly expected: string;
}

const kinds: Readonly<Record<string, Kind>> = {
    cpu: {
        schema: values.cpu(),
        good: ["500m", "2", "0.5", { given: 2, taken: "2" }, { given: 0.25, taken: "0.25" }],
        bad: ["0", 0, "0m", -1, "-1", "2 cores", "2c", "", true, null, [], {}],
        expected: "CPU cores as a Kubernetes quantity above 0",
    },
    bytes: {
        schema: values.bytes(),
        good: ["1Mi", "512Mi", "1.5Gi", "2e9", { given: 2 ** 20, taken: "1048576" }],
        bad: ["512", 512, "1023Ki", "10GiB", "10 Gi", "lots", "", 0, null, undefined],
        expected: "a Kubernetes quantity of at least 1Mi with a unit",
    },
    duration: {
        schema: values.duration(),
        good: ["500ms", "60s", "5m", "2h", "1d", "0s"],
        bad: ["60", 60, "1.5h", "-1s", "1 m", "1w", "s", "", null],
        expected: "a time with its unit",
    },
    dnsLabel: {
        schema: values.dnsLabel(20),
        good: ["a", "0", "a-b", long(20)],
        bad: ["", "-a", "a-", "A", "a_b", "a.b", long(21), 5, "a\n"],
        expected: "a DNS label of at most 20 characters",
    },
    durationFrom: {
        schema: values.durationFrom("1m"),
        good: ["1m", "60s", "1h"],
        bad: ["59s", "0s", "59999ms"],
        expected: "a time of at least 1m",
    },
    dnsName: {
        schema: values.dnsName(),
        good: ["a", "a.b-c.0d", "cluster.local"],
        bad: ["", ".a", "a.", "a..b", "A.b", "a_b", [...Array<string>(130)].fill("a").join(".")],
        expected: "a DNS name",
    },
    labelKey: {
        schema: values.labelKey(),
        good: ["pool", "topology.kubernetes.io/zone", "a_b.c-d", long(63), `example.com/${long(63)}`],
        bad: ["", "/a", "a/", "a/b/c", "Example.com/a", "-a", "a-", long(64), "a b", `${"p.".repeat(127)}p/a`],
        expected: "a label key",
    },
    labelValue: {
        schema: values.labelValue(),
        good: ["", "west", "A_b.c-1", long(63)],
        bad: ["-a", "a-", "a b", "a/b", long(64), 5, true],
        expected: "a label value: at most 63",
    },
    registry: {
        schema: values.registry(),
        good: ["registry.example.com", "localhost:5000", "registry.example.com/mirror/a", "Reg.Example.com:443/x_y"],
        bad: ["", "https://registry.example.com", "registry.example.com/", "reg/UPPER", "reg:port", "reg/a:tag"],
        expected: "a registry host with an optional path and no scheme",
    },
    imageRepository: {
        schema: values.imageRepository(),
        good: ["ghcr.io/terascope/teraslice", "zookeeper", "localhost:5000/a/b"],
        bad: ["", "ghcr.io/a:1", `ghcr.io/a@${digest}`, "https://ghcr.io/a", "ghcr.io/A/b", "a/"],
        expected: "an image repository without tag or digest",
    },
    imageVersion: {
        schema: values.imageVersion(),
        good: ["3.9.4", "v1", `3.9.4@${digest}`, "latest-stable"],
        bad: ["", "latest", `latest@${digest}`, digest, `@${digest}`, "3.9.4@sha256:abc", "a:b", "-1", long(129), 3.9],
        expected: "a tag",
    },
    imageReference: {
        schema: values.imageReference(),
        good: ["ghcr.io/a/b:1", "b:1.2", `localhost:5000/b:1@${digest}`],
        bad: ["", "ghcr.io/a/b", "a:latest", `a:latest@${digest}`, `a@${digest}`, "https://a/b:1"],
        expected: "an image",
    },
    port: {
        schema: values.port(),
        good: [1, 2181, 65535],
        bad: [0, 65536, -1, 80.5, "80", null],
        expected: "a port from 1 to 65535",
    },
    cidr: {
        schema: values.cidr(),
        good: ["10.0.0.0/16", "0.0.0.0/0", "10.1.2.3/32", "fd00::/8", "::1/128"],
        bad: [
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0/16",
            "::1/129",
            "10.0.0.0/",
            "10.0.0.0/a",
            "10.0.0.0/8/8",
            "host/8",
            10,
        ],
        expected: "a network in CIDR form",
    },
    url: {
        schema: values.url(),
        good: ["http://a", "https://a.example.com:9200/path?x=1"],
        bad: ["", "a", "ftp://a", "http://", "http:///a", "https://a b", "//a", 5],
        expected: "an http or https URL",
    },
    words: { schema: values.words(), good: ["a b", " "], bad: ["", 5, null], expected: "text" },
    whole: {
        schema: values.whole(3, 5),
        good: [3, 4, 5],
        bad: [2, 6, 3.5, "4", Number.NaN, null],
        expected: "a whole number from 3 to 5",
    },
    flag: { schema: values.flag(), good: [true, false], bad: ["yes", "true", 0, 1, null], expected: "true or false" },
    oneOf: {
        schema: values.oneOf("red", "green"),
        good: ["red", "green"],
        bad: ["blue", "Red", "", 5, null],
        expected: "red | green",
    },
    secret: {
        schema: values.secret(),
        good: [encrypted],
        bad: ["", 5, null, {}, ["hunter2"]],
        expected: "an encrypted value (pulumi config set --secret)",
    },
};

const isPair = (value: unknown): value is { given: unknown; taken: unknown } =>
    typeof value === "object" && value !== null && "taken" in value;

for (const [name, { schema, good, bad, expected }] of Object.entries(kinds)) {
    describe(`the kind ${name}`, () => {
        for (const entry of good) {
            const { given, taken } = isPair(entry) ? entry : { given: entry, taken: entry };
            it(`takes ${JSON.stringify(given)}, and what came out again`, () => {
                const once = schema.parse(given);
                assert.deepEqual(once, taken);
                assert.deepEqual(schema.parse(once), once);
            });
        }
        for (const given of bad) {
            it(`refuses ${given === undefined ? "nothing" : JSON.stringify(given)}`, () => {
                assert.throws(
                    () => checked(schema, "it", given),
                    (error) => {
                        assert.ok(error instanceof SettingsFaults);
                        assert.equal(error.faults.length, 1, error.message);
                        assert.ok(error.faults[0]!.expected.startsWith(expected), error.message);
                        return true;
                    },
                );
            });
        }
    });
}

describe("the kind secret", () => {
    it("wraps plain text, and says that it was plain", () => {
        const taken = values.secret().parse("hunter2");
        assert.equal(taken.reveal(), "hunter2");
        assert.equal(taken.encrypted, false);
        assert.equal(values.secret().parse(taken), taken);
        assert.equal(values.secret().parse(encrypted), encrypted);
    });
});

describe("durations", () => {
    for (const [text, milliseconds, seconds] of [
        ["500ms", 500, 1],
        ["60s", 60_000, 60],
        ["5m", 300_000, 300],
        ["2h", 7_200_000, 7200],
        ["1d", 86_400_000, 86_400],
        ["1001ms", 1001, 2],
    ] as const) {
        it(`counts ${text}`, () => {
            assert.equal(values.milliseconds(text), milliseconds);
            assert.equal(values.seconds(text), seconds);
        });
    }

    it("refuses what was never checked", () => {
        assert.throws(() => values.milliseconds("60"), { message: '"60" is not a time with its unit' });
    });
});

describe("settings and variants", () => {
    const shape = values.settings({ storage: values.bytes().default("1Gi"), members: values.whole(1, 7).optional() });
    const either = values.variants("kind", [
        values.settings({ kind: z.literal("own").optional(), members: values.whole(1, 7) }),
        values.settings({ kind: z.literal("external"), address: values.words() }),
    ]);
    const faults = (schema: z.ZodType, given: unknown): string[] => {
        try {
            checked(schema, "it", given);
            return [];
        } catch (error) {
            assert.ok(error instanceof SettingsFaults);
            return error.message.split("\n").slice(1);
        }
    };

    it("fill in defaults once", () => {
        assert.deepEqual(shape.parse({}), { storage: "1Gi" });
        assert.deepEqual(shape.parse(shape.parse({ members: 3 })), { storage: "1Gi", members: 3 });
    });

    it("refuse unknown keys and suggest the nearest", () => {
        assert.deepEqual(faults(shape, { storge: "1Gi", zzzzzz: 1 }), [
            "  storge: expected a known key (did you mean storage?), found an unknown key",
            "  zzzzzz: expected one of the known keys (storage, members), found an unknown key",
        ]);
    });

    it("choose a variant by its key, which one of them may do without", () => {
        assert.deepEqual(either.parse({ members: 3 }), { members: 3 });
        assert.deepEqual(either.parse({ kind: "external", address: "a" }), { kind: "external", address: "a" });
        assert.deepEqual(faults(either, { kind: "extern" }), ['  kind: expected own | external, found "extern"']);
        assert.deepEqual(faults(either, { kind: "external", members: 3 }), [
            "  address: expected text, found nothing",
            "  members: expected one of the known keys (kind, address), found an unknown key",
        ]);
    });

    it("name the variants where the key is missing and needed", () => {
        const needed = values.variants("kind", [
            values.settings({ kind: z.literal("single") }),
            values.settings({ kind: z.literal("external") }),
        ]);
        assert.deepEqual(faults(needed, {}), ["  kind: expected single | external, found nothing"]);
    });

    it("refuse an encrypted value in their place, as one fault", () => {
        const inside = z.object({ inner: shape, other: values.settings({}) });
        assert.deepEqual(faults(inside, { inner: encrypted, other: encrypted }), [
            "  inner: expected a map of settings, found an encrypted value",
            "  other: expected a map of settings, found an encrypted value",
        ]);
        assert.deepEqual(faults(z.object({ either }), { either: encrypted }), [
            "  either: expected a map of settings, found an encrypted value",
        ]);
        const refined = shape.refine(() => false, { error: "something else" });
        assert.deepEqual(faults(refined, encrypted), ["  : expected a map of settings, found an encrypted value"]);
    });
});
