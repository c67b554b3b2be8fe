import assert from "node:assert/strict";
import { selectorKeys, selectorMatches } from "../../../policy/views/labelSelector";

const expression = (operator: string, values?: readonly string[]) => ({
    matchExpressions: [{ key: "tier", operator, ...(values && { values }) }],
});

describe("label selectors", () => {
    const cases: readonly (readonly [string, unknown, Record<string, string>, boolean])[] = [
        ["none selects nothing", undefined, {}, false],
        ["an empty one selects everything", {}, {}, true],
        ["a label that is there", { matchLabels: { a: "b" } }, { a: "b", c: "d" }, true],
        ["a label of another value", { matchLabels: { a: "b" } }, { a: "c" }, false],
        ["a label that is missing", { matchLabels: { a: "b", c: "d" } }, { a: "b" }, false],
        ["In", expression("In", ["x", "y"]), { tier: "y" }, true],
        ["In, missing", expression("In", ["x"]), {}, false],
        ["NotIn", expression("NotIn", ["x"]), { tier: "x" }, false],
        ["NotIn, missing", expression("NotIn", ["x"]), {}, true],
        ["Exists", expression("Exists"), { tier: "" }, true],
        ["Exists, missing", expression("Exists"), {}, false],
        ["DoesNotExist", expression("DoesNotExist"), { tier: "x" }, false],
        ["DoesNotExist, missing", expression("DoesNotExist"), {}, true],
        ["an operator that Kubernetes does not know", expression("Near"), { tier: "x" }, false],
        ["labels and expressions together", { matchLabels: { a: "b" }, ...expression("Exists") }, { a: "b" }, false],
    ];
    for (const [what, selector, labels, expected] of cases) {
        it(`${what}: ${expected}`, () => {
            assert.equal(selectorMatches(selector, labels), expected);
        });
    }

    it("name the keys that they ask for", () => {
        assert.deepEqual(selectorKeys({ matchLabels: { a: "b" }, ...expression("Exists") }), ["a", "tier"]);
        assert.deepEqual(selectorKeys({}), []);
    });
});
