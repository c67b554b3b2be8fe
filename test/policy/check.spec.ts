import assert from "node:assert/strict";
import { checkPlan, type CheckOptions } from "../../policy/check";
import { goodStatefulSet, resourceOf, withField } from "./support";

const image = ["spec", "template", "spec", "containers", 0, "image"];
const latest = resourceOf(withField(goodStatefulSet(), image, "kafka:latest"));
const now = new Date("2026-05-01T12:00:00Z");
const check = (options: Partial<CheckOptions> = {}) => checkPlan([latest], { tier: "production", now, ...options });
const rules = (options: Partial<CheckOptions> = {}) => check(options).map(({ rule, level }) => [rule, level]);
const exemption = { resource: "events", rule: "resources-no-latest-image", reason: "why", until: "permanent" };

describe("checkPlan", () => {
    it("finds nothing in a good plan", () => {
        assert.deepEqual(checkPlan([resourceOf(goodStatefulSet())], { tier: "production", now }), []);
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
            [digest, "advisory"],
            [tag, "mandatory"],
        ]);
        assert.deepEqual(rules({ levels: { [digest]: "mandatory", [tag]: "disabled" } }), [[digest, "mandatory"]]);
    });

    it("gives each rule its settings", () => {
        const bare = resourceOf(withField(goodStatefulSet(), [...image.slice(0, -1), "resources"], undefined));
        const settings = { "resources-requests-and-limits": { requests: ["cpu"], limits: [] } };
        assert.equal(checkPlan([bare], { tier: "production", now }).length, 6);
        assert.equal(checkPlan([bare], { tier: "production", now, settings }).length, 1);
    });

    it("lets exempt resources pass that rule only", () => {
        assert.deepEqual(rules({ exemptions: [exemption] }), [["resources-image-digest", "advisory"]]);
        assert.deepEqual(rules({ exemptions: [{ ...exemption, until: "2026-05-01" }] }).length, 1);
        assert.deepEqual(rules({ exemptions: [{ ...exemption, resource: "event" }] }).length, 2);
    });

    it("refuses an exemption whose end is past", () => {
        assert.throws(() => check({ exemptions: [{ ...exemption, until: "2026-04-30" }] }), /exemptions\[0\]\.until/);
    });

    it("reports a value that is not known yet as an advisory, and everything else as usual", () => {
        const computedPaths = ["spec.template.spec.containers[0].image"];
        const findings = checkPlan([{ ...latest, computedPaths }], { tier: "production", now });
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
            checkPlan([set], { tier: "staging", now }).map(({ rule }) => rule),
            ["naming-label-values"],
        );
        const findings = checkPlan([{ ...set, computedPaths: [label] }], { tier: "staging", now });
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
        const order = checkPlan([latest, other], { tier: "production", now }).map(({ resource, rule }) => [
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
});
