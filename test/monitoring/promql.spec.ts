import * as assert from "node:assert/strict";
import { anyOf, countOf, literally, podsWhere, series } from "../../components/monitoring/promql";

describe("PromQL", () => {
    const cases: readonly (readonly [string, string, string])[] = [
        ["a value", series("up", { namespace: "a" }), 'up{namespace="a"}'],
        ["a pattern", series("up", { pod: { pattern: "a-[0-9]+" } }), 'up{pod=~"a-[0-9]+"}'],
        ["labels in their order", series("up", { b: "1", a: "2" }), 'up{b="1",a="2"}'],
        ["quotes and backslashes", series("up", { a: 'x"\\' }), 'up{a="x\\"\\\\"}'],
        ["a dot of a name in a pattern", series("up", { a: anyOf([literally("a.b")]) }), 'up{a=~"a\\\\.b"}'],
        ["one of several", series("up", { a: anyOf(["a", "b"]) }), 'up{a=~"(a|b)"}'],
        ["pods, each once", podsWhere("up{}", "== 1"), "max by (pod) (up{}) == 1"],
        ["a count that may be of nothing", countOf("up == 1"), "(count(up == 1) or vector(0))"],
    ];
    for (const [what, found, expected] of cases) {
        it(`writes ${what}`, () => assert.equal(found, expected));
    }
});
