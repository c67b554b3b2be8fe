import assert from "node:assert/strict";
import { matchesGlob } from "../../policy/glob";

describe("matchesGlob", () => {
    for (const [pattern, text, matches] of [
        ["dev-*", "dev-kafka", true],
        ["dev-*", "dev-", true],
        ["dev-*", "a-dev-kafka", false],
        ["*-kafka", "dev-kafka", true],
        ["dev", "dev", true],
        ["dev", "develop", false],
        ["a.c", "abc", false],
        ["(a)+", "(a)+", true],
    ] as const) {
        it(`${pattern} ${matches ? "is" : "is not"} ${text}`, () => assert.equal(matchesGlob(pattern, text), matches));
    }
});
