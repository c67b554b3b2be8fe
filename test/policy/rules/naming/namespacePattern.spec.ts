import assert from "node:assert/strict";
import { namespacePattern } from "../../../../policy/rules/naming/namespacePattern";
import { judge, messagesOf, object, unknown, withField } from "../../support";

const named = (name: unknown) => withField(object("v1", "Namespace"), ["metadata", "name"], name);
const label = ["metadata", "labels", "data-platform/environment"];

describe("rule naming-namespace-pattern", () => {
    it("accepts a namespace named after its environment", () => {
        assert.deepEqual(messagesOf(namespacePattern, named("dev-kafka")), []);
    });

    for (const bad of ["kafka", "prod-kafka", "dev", "develop-kafka", "my-dev-kafka"]) {
        it(`refuses ${bad}`, () => {
            assert.deepEqual(messagesOf(namespacePattern, named(bad)), [
                `Namespace metadata.name: expected dev-*, found "${bad}"`,
            ]);
        });
    }

    it("goes by the stack's pattern and its further names", () => {
        assert.deepEqual(messagesOf(namespacePattern, named("kafka-dev"), { pattern: "*-{environment}" }), []);
        assert.equal(messagesOf(namespacePattern, named("dev-kafka"), { pattern: "team-*" }).length, 1);
        assert.deepEqual(messagesOf(namespacePattern, named("kafka"), { others: ["spark", "kaf*"] }), []);
        assert.deepEqual(messagesOf(namespacePattern, named("redis"), { others: ["kafka"] }), [
            'Namespace metadata.name: expected dev-* or kafka, found "redis"',
        ]);
    });

    it("leaves a missing label to naming-required-labels, where the pattern needs it", () => {
        for (const none of [undefined, ""]) {
            const bare = withField(named("kafka"), label, none);
            assert.deepEqual(messagesOf(namespacePattern, bare), []);
            assert.equal(messagesOf(namespacePattern, bare, { pattern: "team-*" }).length, 1);
        }
    });

    it("judges namespaces only, and no patch", () => {
        assert.deepEqual(messagesOf(namespacePattern, object("v1", "Service")), []);
        assert.deepEqual(messagesOf(namespacePattern, named("kafka"), {}, "kubernetes:core/v1:NamespacePatch"), []);
    });

    it("can't judge an unknown name or environment", () => {
        assert.equal(judge(namespacePattern, named(unknown)).unknowns.length, 1);
        assert.equal(judge(namespacePattern, withField(named("kafka"), label, unknown)).unknowns.length, 1);
    });
});
