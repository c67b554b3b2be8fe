import assert from "node:assert/strict";
import { labelValues } from "../../../../policy/rules/naming/labelValues";
import { goodStatefulSet, judge, messagesOf, object, unknown, withField } from "../../support";

describe("rule naming-label-values", () => {
    it("accepts valid keys and values", () => {
        assert.deepEqual(messagesOf(labelValues, goodStatefulSet()), []);
        const labels = { a: "", "b.c_d-E": "A.b_c-1", "example.com/x": "a".repeat(63) };
        assert.deepEqual(
            messagesOf(labelValues, withField(object("v1", "Secret"), ["metadata", "labels"], labels)),
            [],
        );
    });

    const places: [string, string[]][] = [
        ["metadata.labels", ["metadata", "labels"]],
        ["spec.template.metadata.labels", ["spec", "template", "metadata", "labels"]],
        ["spec.selector.matchLabels", ["spec", "selector", "matchLabels"]],
    ];
    for (const [place, path] of places) {
        it(`names a bad value at ${place}`, () => {
            assert.deepEqual(messagesOf(labelValues, withField(goodStatefulSet(), path, { a: "b c" })), [
                `StatefulSet ${place}["a"]: expected text of at most 63 letters, digits, - _ and ., starting and ending with a letter or digit, found "b c"`,
            ]);
        });
        it(`names a bad key at ${place}`, () => {
            const messages = messagesOf(labelValues, withField(goodStatefulSet(), path, { "a b": "c" }));
            assert.equal(messages.length, 1);
            assert.match(messages[0]!, /expected keys of the form .* found "a b"$/);
        });
    }

    it("judges the selector of a Service", () => {
        assert.equal(messagesOf(labelValues, object("v1", "Service", { selector: { a: "-" } })).length, 1);
    });

    for (const value of ["-a", "a-", "a/b", "é", "a".repeat(64), true, 1, null]) {
        it(`refuses the value ${JSON.stringify(value).slice(0, 20)}`, () => {
            const secret = withField(object("v1", "Secret"), ["metadata", "labels"], { a: value });
            assert.equal(messagesOf(labelValues, secret).length, 1);
        });
    }
    for (const key of ["", "/a", "a/", "a/b/c", "Upper.com/a", "-a", "a".repeat(64), `${"a.".repeat(127)}/b`]) {
        it(`refuses the key ${key.slice(0, 20)}`, () => {
            const secret = withField(object("v1", "Secret"), ["metadata", "labels"], { [key]: "b" });
            assert.equal(messagesOf(labelValues, secret).length, 1);
        });
    }

    it("judges the labels around one that is not known yet", () => {
        const secret = withField(object("v1", "Secret"), ["metadata", "labels"], { a: unknown, b: "-" });
        const { messages, unknowns } = judge(labelValues, secret);
        assert.equal(messages.length, 1);
        assert.equal(unknowns.length, 1);
    });
});
