import assert from "node:assert/strict";
import { collect, ifKnown, outcomeOf, unknownCheckingProxy } from "../../../policy/views/unknown";
import { unknown } from "../support";

const inputs = unknownCheckingProxy<{ readonly a: unknown; readonly b: string }>({ a: unknown, b: "x" });

describe("unknown values", () => {
    it("are found by the sentinel that CrossGuard knows", () => {
        assert.throws(() => inputs.a, /can't be known during preview/);
        assert.equal(inputs.b, "x");
    });

    it("stop the part that needs them only, at any depth", () => {
        const { messages, unknowns } = outcomeOf(() =>
            collect(["1", "2"], (outer) => collect(["a", "b"] as const, (key) => [`${outer}${String(inputs[key])}`])),
        );
        assert.deepEqual(messages, ["1x", "2x"]);
        assert.equal(unknowns.length, 2);
    });

    it("do not hide other errors", () => {
        const broken = () => {
            throw new TypeError("broken");
        };
        assert.throws(() => outcomeOf(() => collect([1], broken)), TypeError);
        assert.throws(() => ifKnown(broken), TypeError);
    });

    it("can be read as undefined where they do not matter", () => {
        assert.equal(
            ifKnown(() => inputs.a),
            undefined,
        );
        assert.equal(
            ifKnown(() => inputs.b),
            "x",
        );
    });
});
