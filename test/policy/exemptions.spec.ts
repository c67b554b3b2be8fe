import assert from "node:assert/strict";
import { isExempt, refusePast } from "../../policy/exemptions";

const exemption = (resource: string, until = "permanent") => ({ resource, rule: "r", reason: "why", until });

describe("exemptions", () => {
    for (const [pattern, name, matches] of [
        ["kafka", "kafka", true],
        ["kafka", "kafka-0", false],
        ["kafka*", "kafka-0", true],
        ["*-set", "kafka-set", true],
        ["a*c", "abc", true],
        ["a.c", "abc", false],
        ["*", "anything", true],
        ["", "anything", false],
    ] as const) {
        it(`${pattern} ${matches ? "matches" : "does not match"} ${name}`, () => {
            assert.equal(isExempt([exemption(pattern)], "r", name), matches);
        });
    }

    it("lets no other rule pass", () => {
        assert.equal(isExempt([exemption("*")], "other", "a"), false);
        assert.equal(isExempt([], "r", "a"), false);
    });

    it("holds to the end of its last day", () => {
        const exemptions = [exemption("a", "2026-05-01"), exemption("b")];
        assert.doesNotThrow(() => refusePast(exemptions, new Date("2026-05-01T23:59:59Z")));
        assert.throws(() => refusePast(exemptions, new Date("2026-05-02T00:00:00Z")), {
            message:
                "data-platform:policies can't be used as given:\n" +
                '  exemptions[0].until: expected today (2026-05-02) or later, or no exemption of a from r any more, found "2026-05-01"',
        });
    });
});
