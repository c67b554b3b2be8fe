import type { ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { configSchemaOf, initialConfigOf, optionsOf, policiesOf } from "../../policy/pack";
import { z } from "zod";
import { settings } from "../../components/foundation/values";
import { defineStackRule, usualLevels } from "../../policy/rule";
import { allRules } from "../../policy/rules";
import { outcomeOf, unknownCheckingProxy } from "../../policy/views/unknown";
import { goodContainer, goodStatefulSet, resourceOf, unknown, withField, type Fields } from "./support";

const now = new Date("2026-05-01T12:00:00Z");
const containers = ["spec", "template", "spec", "containers"];
const optionsFrom = (environment: unknown, policies?: unknown) =>
    optionsOf({ getObject: (key: string) => (key === "environment" ? environment : policies) }, now);
const policyOf = (name: string, policies?: unknown) =>
    policiesOf(allRules, optionsFrom({ tier: "production" }, policies)).find((policy) => policy.name === name)!;

/** Runs a policy as the engine does and collects what it reports. */
async function reported(
    name: string,
    inputs: Fields,
    { policies, config = {} }: { policies?: unknown; config?: Fields } = {},
) {
    const messages: string[] = [];
    const { type, urn, name: resource } = resourceOf(inputs);
    const args = { type, urn, name: resource, props: unknownCheckingProxy(inputs), getConfig: () => config };
    const policy = policyOf(name, policies);
    const validate = "validateResource" in policy ? policy.validateResource : undefined;
    assert.ok(typeof validate === "function");
    try {
        await validate(args as unknown as ResourceValidationArgs, (message: string) => messages.push(message));
    } catch (error) {
        const { unknowns } = outcomeOf(() => {
            throw error;
        });
        return { messages, unknowns: unknowns.length };
    }
    return { messages, unknowns: 0 };
}

/** A resource as the engine hands it to a rule over the whole stack. */
function stackResource(name: string, opts: Fields) {
    return { urn: `urn:${name}`, name, type: "kubernetes:core/v1:Secret", props: {}, opts, dependencies: [] };
}

describe("policy packs", () => {
    it("take levels from the tier, and from the stack before it", () => {
        const levels = (environment: unknown, policies?: unknown) =>
            new Set(
                policiesOf(allRules, optionsFrom(environment, policies)).map(
                    ({ enforcementLevel }) => enforcementLevel,
                ),
            );
        assert.deepEqual(
            levels({ name: "dev", owner: "data", tier: "development" }),
            new Set(["advisory", "disabled"]),
        );
        assert.deepEqual(levels({ tier: "staging" }), new Set(["mandatory", "advisory", "disabled"]));
        assert.deepEqual(levels({ tier: "production" }), new Set(["mandatory"]));
        const own = Object.fromEntries(allRules.map(({ name }) => [name, "disabled"]));
        assert.deepEqual(levels({ tier: "production" }, { levels: own }), new Set(["disabled"]));
    });

    it("judge a stack without a tier as production", () => {
        assert.equal(optionsFrom(undefined).tier, "production");
    });

    it("report every fault of the section without a stack trace", () => {
        const section = { levels: { other: "advisory" }, exemptions: [{ rule: "naming-dns-names" }] };
        assert.throws(
            () => optionsFrom({ tier: "production" }, section),
            (error: unknown) => {
                assert.ok(error instanceof pulumi.RunError);
                for (const path of [
                    "levels.other",
                    "exemptions[0].resource",
                    "exemptions[0].reason",
                    "exemptions[0].until",
                ]) {
                    assert.ok(error.message.includes(path), path);
                }
                return true;
            },
        );
        assert.throws(() => optionsFrom({ tier: "prod" }), /development \| staging \| production/);
    });

    it("refuse an exemption whose end is past", () => {
        const past = { resource: "a", rule: "naming-dns-names", reason: "why", until: "2026-04-30" };
        assert.throws(() => optionsFrom({ tier: "production" }, { exemptions: [past] }), pulumi.RunError);
    });

    it("repeat the level beside the settings, or the engine would take the rule as advisory", () => {
        const rule = "resources-requests-and-limits";
        const options = optionsFrom({ tier: "production" }, { settings: { [rule]: { limits: ["cpu"] } } });
        const config = initialConfigOf(allRules, options);
        assert.equal(config[rule]!.enforcementLevel, "mandatory");
        assert.deepEqual(config[rule]!.limits, ["cpu"]);
        assert.deepEqual(
            Object.keys(config),
            allRules.map(({ name }) => name),
        );
    });

    it("report violations, but not those of exempt resources", async () => {
        const rule = "resources-no-latest-image";
        const bad = withField(goodStatefulSet(), [...containers, 0, "image"], "kafka");
        const { messages } = await reported(rule, bad);
        assert.equal(messages.length, 1);
        assert.match(
            messages[0]!,
            /found "kafka"\nWhat to do: Name a version .*docs\/policies\.md#resources-no-latest-image\.$/,
        );
        assert.equal((await reported(rule, goodStatefulSet())).messages.length, 0);
        const exemptions = [{ resource: "event*", rule, reason: "why", until: "permanent" }];
        assert.deepEqual(await reported(rule, bad, { policies: { exemptions } }), { messages: [], unknowns: 0 });
    });

    it("report violations around a value that is not known yet, and then that value", async () => {
        const both = [
            { ...goodContainer(), image: unknown },
            { ...goodContainer(), image: "kafka" },
        ];
        const outcome = await reported("resources-no-latest-image", withField(goodStatefulSet(), containers, both));
        assert.equal(outcome.messages.length, 1);
        assert.equal(outcome.unknowns, 1);
    });

    it("hand the whole stack to a rule over it, and report at the resource that has to change", async () => {
        const orphans = defineStackRule({
            name: "operations-orphans",
            description: "All wait.",
            severity: "low",
            remediation: "Wait.",
            levels: usualLevels,
            settings: settings({ parents: z.boolean().default(false) }),
            checkStack: ({ resources, waitsFor }, { parents }) =>
                resources
                    .filter((each) => (parents ? each.parent === undefined : waitsFor(each).size === 0))
                    .map((resource) => ({ resource, message: `alone${resource.protect ? ", protected" : ""}` })),
        });
        const judged = async (config: Fields, exemptions: unknown = []) => {
            const [policy] = policiesOf([orphans], {
                ...optionsFrom({ tier: "production" }, {}),
                exemptions: exemptions as [],
            });
            assert.ok(policy !== undefined && "validateStack" in policy);
            const reports: (string | undefined)[][] = [];
            const first = stackResource("one", { protect: true });
            const second = { ...stackResource("two", {}), parent: first, dependencies: [first] };
            const args = { resources: [first, second], getConfig: () => config };
            await policy.validateStack(args as unknown as StackValidationArgs, (message: string, urn?: string) =>
                reports.push([message, urn]),
            );
            return reports;
        };
        const told = "alone, protected\nWhat to do: Wait. See docs/policies.md#operations-orphans.";
        assert.deepEqual(await judged({}), [[told, "urn:one"]]);
        assert.deepEqual(await judged({ parents: true }), [[told, "urn:one"]]);
        const exempt = { resource: "one", rule: "operations-orphans", reason: "why", until: "permanent" };
        assert.deepEqual(await judged({}, [exempt]), []);
    });

    it("use the configuration that the engine settled on", async () => {
        const bare = withField(goodStatefulSet(), [...containers, 0, "resources"], undefined);
        const outcome = await reported("resources-requests-and-limits", bare, {
            config: { requests: ["cpu"], limits: [] },
        });
        assert.equal(outcome.messages.length, 1);
    });

    it("derive CrossGuard's schema with all defaults from each rule's settings", () => {
        for (const rule of allRules) {
            const { properties } = configSchemaOf(rule);
            const defaults = Object.fromEntries(
                Object.entries(properties).map(([key, schema]) => [key, schema.default]),
            );
            assert.deepEqual(defaults, rule.settings.parse({}), rule.name);
        }
    });
});

describe("the config schema of every rule", () => {
    it("has patterns that the engine's regular expressions (RE2) can read: no lookaround, no back reference", () => {
        const patterns = allRules.flatMap((rule) =>
            [...JSON.stringify(configSchemaOf(rule)).matchAll(/"pattern":"((?:[^"\\\\]|\\\\.)*)"/g)].map(
                ([, pattern]) => pattern ?? "",
            ),
        );
        assert.ok(patterns.length > 0);
        assert.deepEqual(
            patterns.filter((pattern) => /\(\?<?[=!]|\\\\[1-9]/.test(pattern)),
            [],
        );
    });
});
