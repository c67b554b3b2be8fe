import assert from "node:assert/strict";
import { checked, SettingsFaults } from "../../components/foundation/faults";
import { policySettings } from "../../policy/schema";

const faults = (input: unknown): string[] => {
    try {
        checked(policySettings, "policies", input);
    } catch (error) {
        assert.ok(error instanceof SettingsFaults);
        return error.faults.map(({ path, expected }) => `${path}: ${expected}`);
    }
    return [];
};
const exemption = { resource: "a", rule: "naming-dns-names", reason: "why", until: "2026-05-01" };

describe("schema of data-platform:policies", () => {
    it("fills in what is left out", () => {
        assert.deepEqual(checked(policySettings, "policies", {}), { levels: {}, settings: {}, exemptions: [] });
    });

    it("accepts levels, settings and exemptions", () => {
        const section = {
            levels: { "naming-dns-names": "disabled" },
            settings: { "resources-requests-and-limits": { requests: [], limits: ["memory"] } },
            exemptions: [exemption, { ...exemption, until: "permanent" }],
        };
        assert.deepEqual(checked(policySettings, "policies", section), section);
    });

    const bad: [string, unknown, RegExp][] = [
        ["an unknown key", { level: {} }, /^level: .*levels/],
        [
            "a level of an unknown rule",
            { levels: { "naming-dns-name": "advisory" } },
            /^levels.naming-dns-name: .*naming-dns-names/,
        ],
        ["settings of an unknown rule", { settings: { other: {} } }, /^settings.other: /],
        [
            "an exemption from an unknown rule",
            { exemptions: [{ ...exemption, rule: "other" }] },
            /^exemptions\[0\].rule: /,
        ],
        ["an unknown level", { levels: { "naming-dns-names": "remediate" } }, /disabled \| advisory \| mandatory/],
        ["an unknown setting", { settings: { "naming-dns-names": { a: 1 } } }, /^settings.naming-dns-names.a: /],
        ["no reason", { exemptions: [{ ...exemption, reason: "" }] }, /^exemptions\[0\].reason: /],
        ["no resource", { exemptions: [{ ...exemption, resource: undefined }] }, /^exemptions\[0\].resource: /],
        ["no end", { exemptions: [{ ...exemption, until: undefined }] }, /until: a date in quotes/],
        ["no real date", { exemptions: [{ ...exemption, until: "2026-02-30" }] }, /until: a date in quotes/],
        [
            "what Pulumi makes of a bare date",
            { exemptions: [{ ...exemption, until: "2026-05-01 00:00:00 +0000 UTC" }] },
            /in quotes/,
        ],
    ];
    for (const [what, input, expected] of bad) {
        it(`refuses ${what}`, () => {
            const found = faults(input);
            assert.equal(found.length, 1);
            assert.match(found[0]!, expected);
        });
    }
});
