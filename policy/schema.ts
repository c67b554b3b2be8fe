import { z } from "zod";
import { oneOf, settings, words } from "../components/foundation/values";
import { levels } from "./rule";
import { allRules } from "./rules";

const ruleNames = allRules.map(({ name }) => name);

// Quoted, for Pulumi reads a bare date as a point in time and passes `2027-01-31 00:00:00 +0000 UTC` on.
const dateExpected = 'a date in quotes, such as "2027-01-31", or permanent';

const exemption = settings({
    resource: words().describe("Pulumi name of the resource; * stands for any text."),
    rule: z.enum(ruleNames).describe("Name of the rule."),
    reason: words().describe("Why the rule may be broken here, for whoever reads it at its end date."),
    until: z
        .union([z.literal("permanent"), z.iso.date({ error: dateExpected })], { error: dateExpected })
        .describe("Last day on which the exemption holds (UTC), as a quoted YYYY-MM-DD, or permanent."),
});

const levelSettings = settings(
    Object.fromEntries(
        allRules.map(({ name, description }) => [
            name,
            oneOf(...levels)
                .optional()
                .describe(`Level of: ${description}`),
        ]),
    ),
);

const ruleSettings = settings(
    Object.fromEntries(allRules.map((rule) => [rule.name, rule.settings.optional().describe(rule.description)])),
);

/** The section `data-platform:policies` of a stack's config. A name that no rule has is a fault. */
export const policySettings = settings({
    levels: levelSettings.default({}).describe("Levels of rules, where the tier's own is not wanted. Default none."),
    settings: ruleSettings.default({}).describe("Settings of rules, by rule. Default each rule's own."),
    exemptions: z.array(exemption).default([]).describe("Resources on which a rule may be broken. Default none."),
});

export type PolicySettings = z.output<typeof policySettings>;
