import assert from "node:assert/strict";
import { z } from "zod";
import { settings } from "../../components/foundation/values";
import { checkPlan, type CheckOptions, type PlannedResource } from "../../policy/check";
import { defineStackRule } from "../../policy/rule";
import { labelValues } from "../../policy/rules/naming/labelValues";
import { imageDigest } from "../../policy/rules/resources/imageDigest";
import { noLatestImage } from "../../policy/rules/resources/noLatestImage";
import { requestsAndLimits } from "../../policy/rules/resources/requestsAndLimits";
import { collect } from "../../policy/views/unknown";
import { goodStatefulSet, linkedOf, resourceOf, withField } from "./support";

const image = ["spec", "template", "spec", "containers", 0, "image"];
const latest = resourceOf(withField(goodStatefulSet(), image, "kafka:latest"));
const someRules = [imageDigest, noLatestImage, requestsAndLimits];
const now = new Date("2026-05-01T12:00:00Z");
const check = (options: Partial<CheckOptions> = {}) =>
    checkPlan([latest], { tier: "production", now, ...options }, someRules);
const rules = (options: Partial<CheckOptions> = {}) => check(options).map(({ rule, level }) => [rule, level]);
const exemption = { resource: "events", rule: "resources-no-latest-image", reason: "why", until: "permanent" };

describe("checkPlan", () => {
    it("finds nothing in a good plan", () => {
        assert.deepEqual(checkPlan([resourceOf(goodStatefulSet())], { tier: "production", now }, someRules), []);
    });

    it("says which rule, how bad, where and why", () => {
        assert.deepEqual(check()[1], {
            rule: "resources-no-latest-image",
            severity: "high",
            level: "mandatory",
            resource: latest.urn,
            message:
                'container "broker" (spec.template.spec.containers[0]): expected an image tag that names a version, or a digest, found "kafka:latest"',
        });
    });

    it("takes the level from the tier, and a stack's own level before it", () => {
        const [digest, tag] = ["resources-image-digest", "resources-no-latest-image"];
        assert.deepEqual(rules({ tier: "development" }), [[tag, "advisory"]]);
        assert.deepEqual(rules({ tier: "staging" }), [
            [digest, "advisory"],
            [tag, "mandatory"],
        ]);
        assert.deepEqual(rules({ tier: "production" }), [
            [digest, "mandatory"],
            [tag, "mandatory"],
        ]);
        assert.deepEqual(rules({ levels: { [digest]: "advisory", [tag]: "disabled" } }), [[digest, "advisory"]]);
    });

    it("gives each rule its settings", () => {
        const bare = resourceOf(withField(goodStatefulSet(), [...image.slice(0, -1), "resources"], undefined));
        const settings = { "resources-requests-and-limits": { requests: ["cpu"], limits: [] } };
        assert.equal(checkPlan([bare], { tier: "production", now }, someRules).length, 6);
        assert.equal(checkPlan([bare], { tier: "production", now, settings }, someRules).length, 1);
    });

    it("lets exempt resources pass that rule only", () => {
        assert.deepEqual(rules({ exemptions: [exemption] }), [["resources-image-digest", "mandatory"]]);
        assert.deepEqual(rules({ exemptions: [{ ...exemption, until: "2026-05-01" }] }).length, 1);
        assert.deepEqual(rules({ exemptions: [{ ...exemption, resource: "event" }] }).length, 2);
    });

    it("refuses an exemption whose end is past", () => {
        assert.throws(() => check({ exemptions: [{ ...exemption, until: "2026-04-30" }] }), /exemptions\[0\]\.until/);
    });

    it("reports a value that is not known yet as an advisory, and everything else as usual", () => {
        const computedPaths = ["spec.template.spec.containers[0].image"];
        const findings = checkPlan([{ ...latest, computedPaths }], { tier: "production", now }, someRules);
        assert.deepEqual(
            findings.map(({ level, rule }) => [level, rule]),
            [
                ["advisory", "resources-image-digest"],
                ["advisory", "resources-no-latest-image"],
            ],
        );
        assert.match(findings[1]!.message, /^can't be judged before the change: .*containers\.0\.image/);
    });

    it("finds unknown values behind keys that need quotes", () => {
        const label = 'metadata.labels["data-platform/owner"]';
        const set = resourceOf(
            withField(goodStatefulSet(), ["metadata", "labels", "data-platform/owner"], "<computed>"),
        );
        assert.deepEqual(
            checkPlan([set], { tier: "staging", now }, [labelValues]).map(({ rule }) => rule),
            ["naming-label-values"],
        );
        const findings = checkPlan([{ ...set, computedPaths: [label] }], { tier: "staging", now }, [labelValues]);
        assert.deepEqual(
            findings.map(({ rule, level }) => [rule, level]),
            [["naming-label-values", "advisory"]],
        );
    });

    it("skips components and providers", () => {
        const types = ["data-platform:kafka:Kafka", "pulumi:providers:kubernetes"];
        const resources = types.map((type) => ({ ...latest, type }));
        assert.deepEqual(checkPlan(resources, { tier: "production", now }), []);
    });

    it("keeps the order of the plan and, inside it, of the rules", () => {
        const other = { ...latest, urn: "urn:a", name: "a" };
        const order = checkPlan([latest, other], { tier: "production", now }, someRules).map(({ resource, rule }) => [
            resource,
            rule,
        ]);
        assert.deepEqual(
            order.map(([urn]) => urn),
            [latest.urn, latest.urn, "urn:a", "urn:a"],
        );
        assert.deepEqual(
            order.slice(0, 2).map(([, rule]) => rule),
            ["resources-image-digest", "resources-no-latest-image"],
        );
    });

    describe("with a rule over the whole stack", () => {
        const settingsOfRule = settings({ most: z.number().default(1) });
        const few = defineStackRule({
            name: "operations-few",
            description: "Few.",
            severity: "low",
            remediation: "Remove.",
            levels: { development: "disabled", staging: "advisory", production: "mandatory" },
            settings: settingsOfRule,
            checkStack: (stack, { most }) =>
                collect(stack.objects.slice(most), (resource) => [
                    { resource, message: `too many: ${String(resource.view.metadata.name)}` },
                ]),
        });
        const plan = [
            linkedOf({ ...goodStatefulSet(), metadata: { name: "one" } }),
            linkedOf({ ...goodStatefulSet(), metadata: { name: "two" } }),
        ];
        const found = (options: Partial<CheckOptions> = {}, resources: readonly PlannedResource[] = plan) =>
            checkPlan(resources, { tier: "production", now, ...options }, [few]).map(
                ({ resource, level, message }) => `${resource.split("::").at(-1) ?? ""} ${level} ${message}`,
            );

        it("tells of which resource it says something, at the tier's level", () => {
            assert.deepEqual(found(), ["two mandatory too many: two"]);
            assert.deepEqual(found({ tier: "staging" }), ["two advisory too many: two"]);
            assert.deepEqual(found({ tier: "development" }), []);
        });

        it("takes settings and exemptions", () => {
            assert.deepEqual(found({ settings: { "operations-few": { most: 2 } } }), []);
            const exempt = { resource: "two", rule: "operations-few", reason: "why", until: "permanent" };
            assert.deepEqual(found({ exemptions: [exempt] }), []);
            assert.deepEqual(found({ exemptions: [{ ...exempt, resource: "one" }] }).length, 1);
        });

        it("says what it can't judge, beside what it found", () => {
            const third = linkedOf({ ...goodStatefulSet(), metadata: { name: "three" } });
            const [judged, unjudged, ...others] = found({}, [...plan, { ...third, computedPaths: ["metadata.name"] }]);
            assert.equal(judged, "two mandatory too many: two");
            assert.match(unjudged!, /^one advisory can't be judged before the change: .*metadata\.name/);
            assert.deepEqual(others, []);
        });
    });
});
