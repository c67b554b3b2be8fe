import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { z } from "zod";
import {
    checked,
    formatFault,
    formatFound,
    formatPath,
    nearest,
    SettingsFaults,
    unknownKey,
    valueAt,
} from "../../components/foundation/faults";
import { SecretValue } from "../../components/foundation/secretValue";
import { dnsLabel, labelKey, port, secret, settings, variants, whole, words } from "../../components/foundation/values";

function faultsFor(schema: z.ZodType, input: unknown): string[] {
    try {
        checked(schema, "the thing", input);
    } catch (error) {
        assert.ok(error instanceof SettingsFaults);
        const [first, ...lines] = error.message.split("\n");
        assert.equal(first, "the thing can't be used as given:");
        assert.deepEqual(
            lines,
            error.faults.map((fault) => `  ${formatFault(fault)}`),
        );
        return lines.map((line) => line.trim());
    }
    return [];
}

describe("a fault's path", () => {
    for (const [path, written] of [
        [[], ""],
        [["a"], "a"],
        [["a", "b", 2, "c"], "a.b[2].c"],
        [["data-platform:targets", "batch", 2, "constraint"], "data-platform:targets.batch[2].constraint"],
        [["a", "odd key", 0], 'a["odd key"][0]'],
        [["a", "example.com/zone"], 'a["example.com/zone"]'],
        [["a", 'quo"te'], 'a["quo\\"te"]'],
        [["0"], '["0"]'],
        [["", "x"], '[""].x'],
    ] as const) {
        it(`is written ${written === "" ? "empty at the root" : written}`, () =>
            assert.equal(formatPath(path), written));
    }

    it("leads to the value", () => {
        const root = { a: { b: [10, { c: "found" }] } };
        assert.equal(valueAt(root, ["a", "b", 1, "c"]), "found");
        assert.equal(valueAt(root, ["a", "x", "y"]), undefined);
        assert.equal(valueAt(root, []), root);
    });
});

describe("the nearest known word", () => {
    const known = ["storage", "members", "targets", "priority"];
    for (const [word, meant] of [
        ["storge", "storage"],
        ["storaeg", "storage"],
        // Two swaps, each one slip of the fingers.
        ["tsoraeg", "storage"],
        ["Storage", "storage"],
        ["target", "targets"],
        ["prioritty", "priority"],
        ["membres", "members"],
        ["zookeeper", undefined],
        ["", undefined],
        ["xyz", undefined],
    ] as const) {
        it(`of "${word}" is ${meant ?? "none"}`, () => assert.equal(nearest(word, known), meant));
    }

    it("is the first of equally near ones, and none of nothing", () => {
        assert.equal(nearest("cat", ["bat", "hat"]), "bat");
        assert.equal(nearest("cat", []), undefined);
    });

    it("is the word itself, and survives one edit", () => {
        const word = fc.stringMatching(/^[a-z]{4,12}$/);
        fc.assert(
            fc.property(word, fc.nat(), (meant, position) => {
                const cut = position % meant.length;
                assert.equal(nearest(meant, ["0000000000000000", meant]), meant);
                assert.equal(nearest(meant.slice(0, cut) + meant.slice(cut + 1), ["0000000000000000", meant]), meant);
            }),
        );
    });

    it("is proposed for an unknown key", () => {
        assert.equal(
            formatFault(unknownKey(["a", "storge"], "storge", known)),
            "a.storge: expected a known key (did you mean storage?), found an unknown key",
        );
        assert.equal(
            formatFault(unknownKey(["a", "xyz"], "xyz", known)),
            "a.xyz: expected one of the known keys (storage, members, targets, priority), found an unknown key",
        );
    });
});

describe("what was found", () => {
    const hunter = new SecretValue("hunter2", true);
    for (const [value, shown] of [
        [undefined, "nothing"],
        [null, "null"],
        ["text", '"text"'],
        [12, "12"],
        [[1, "a"], "a list of 2"],
        [{ a: 1 }, "a map of a"],
        [hunter, "an encrypted value"],
        [{ deep: [{ in: hunter }] }, "a map of deep"],
    ] as const) {
        it(`is shown as ${shown}`, () => assert.equal(formatFound(value), shown));
    }

    it("is cut at 80 characters", () => {
        const shown = formatFound("x".repeat(100));
        assert.equal(shown, `"${"x".repeat(76)}...`);
        assert.equal(shown.length, 80);
        assert.equal(formatFound("x".repeat(78)), `"${"x".repeat(78)}"`);
    });

    it("never reveals a secret, wherever it stands", () => {
        const holder = fc.letrec((tie) => ({
            tree: fc.oneof(
                { maxDepth: 4 },
                fc.constant(hunter),
                fc.array(tie("tree"), { maxLength: 3 }),
                fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie("tree"), { maxKeys: 3 }),
                fc.string(),
            ),
        }));
        fc.assert(fc.property(holder.tree, (tree) => !formatFound(tree).includes("hunter2")));
    });

    it("is hidden in a secret's place, in whatever form", () => {
        const schema = settings({ password: secret() });
        for (const [given, shown] of [
            [undefined, "nothing"],
            ["", "empty text"],
            [{ value: "hunter2" }, "a map"],
            [["hunter2"], "a list"],
            [12345, "a number"],
        ] as const) {
            assert.deepEqual(faultsFor(schema, { password: given }), [
                `password: expected an encrypted value (pulumi config set --secret), found ${shown}`,
            ]);
        }
    });

    it("is a plain value's type only, in the place of a map: it may be a secret that is no reference", () => {
        const kinds = variants("kind", [settings({ kind: z.literal("secret"), name: words() })]);
        const schema = settings({ login: settings({ secretName: words() }), env: z.record(z.string(), kinds) });
        const shown = (given: unknown) => faultsFor(schema, given);
        assert.deepEqual(shown({ login: "hunter2", env: { TOKEN: "hunter2", PIN: 1234, NONE: "" } }), [
            "login: expected a map of settings, found a string",
            "env.TOKEN: expected a map of settings, found a string",
            "env.PIN: expected a map of settings, found a number",
            "env.NONE: expected a map of settings, found empty text",
        ]);
        assert.deepEqual(shown({ login: ["hunter2"], env: "hunter2" }), [
            "login: expected a map of settings, found a list of 1",
            "env: expected a map, found a string",
        ]);
    });

    it("is a secret's type only, in the place of plain settings", () => {
        assert.deepEqual(faultsFor(settings({ name: dnsLabel(5) }), { name: hunter }), [
            "name: expected a DNS label of at most 5 characters: lower-case letters, digits and -, starting and ending with a letter or digit, found an encrypted value",
        ]);
    });
});

describe("checked settings", () => {
    const schema = settings({
        name: dnsLabel(5),
        count: whole(1, 3).default(2),
        ports: z.array(port()).min(1).max(2).optional(),
        labels: z.record(labelKey(), z.string()).optional(),
        note: z.string().min(2).optional(),
        nested: settings({ on: z.boolean() }).optional(),
        mode: z.enum(["a", "b"]).optional(),
        size: z.number().max(4).optional(),
        members: z.literal([1, 3], { error: "1 or 3, since two are no more than one" }).optional(),
    });

    it("come with their defaults", () => {
        assert.deepEqual(checked(schema, "the thing", { name: "a" }), { name: "a", count: 2 });
    });

    it("report every fault, each once, where it is and what it should have been", () => {
        assert.deepEqual(
            faultsFor(schema, {
                name: "Much_Too_Long",
                count: 7,
                ports: [],
                labels: { "bad key": "x", good: 5 },
                note: "x",
                nested: { on: "yes", color: true },
                mode: "c",
                size: 9,
                members: 2,
            }),
            [
                'name: expected a DNS label of at most 5 characters: lower-case letters, digits and -, starting and ending with a letter or digit, found "Much_Too_Long"',
                "count: expected a whole number from 1 to 3, found 7",
                "ports: expected at least 1 entries, found an empty list",
                'labels["bad key"]: expected a key that is a label key: an optional DNS prefix and /, then at most 63 letters, digits, -, _ or ., found "bad key"',
                "labels.good: expected text, found 5",
                'note: expected at least 2 characters, found "x"',
                'nested.on: expected true or false, found "yes"',
                "nested.color: expected one of the known keys (on), found an unknown key",
                'mode: expected a | b, found "c"',
                "size: expected at most 4, found 9",
                "members: expected 1 or 3, since two are no more than one, found 2",
            ],
        );
    });

    it("name the kind of what is missing or of another kind", () => {
        assert.deepEqual(faultsFor(schema, { name: "a", ports: 5, labels: [], nested: "x", size: "x" }), [
            "ports: expected a list, found 5",
            "labels: expected a map, found an empty list",
            "nested: expected a map of settings, found a string",
            'size: expected a number, found "x"',
        ]);
        assert.deepEqual(faultsFor(schema, undefined), [": expected a map of settings, found nothing"]);
        assert.deepEqual(faultsFor(schema, { name: "a", ports: [1, 2, 3] }), [
            "ports: expected at most 2 entries, found a list of 3",
        ]);
    });
});
