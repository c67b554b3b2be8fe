import assert from "node:assert/strict";
import fc from "fast-check";
import { statefulSetNames } from "../../../../policy/rules/naming/statefulSetNames";
import { goodStatefulSet, judge, messagesOf, object, unknown, withField } from "../../support";

const named = (name: unknown) => withField(goodStatefulSet(), ["metadata", "name"], name);

describe("rule naming-stateful-set-names", () => {
    it("accepts 52 characters and refuses 53", () => {
        assert.deepEqual(messagesOf(statefulSetNames, named("a".repeat(52))), []);
        assert.deepEqual(messagesOf(statefulSetNames, named("a".repeat(53))), [
            `StatefulSet metadata.name: expected at most 52 characters, for label controller-revision-hash is <name>-<hash> in 63, found "${"a".repeat(53)} (53)"`,
        ]);
    });

    it("says more of a name with which not even the pods' names fit", () => {
        const set = withField(named("a".repeat(61)), ["spec", "replicas"], 11);
        assert.equal(messagesOf(statefulSetNames, set).length, 2);
        assert.equal(messagesOf(statefulSetNames, withField(set, ["spec", "replicas"], 10)).length, 1);
        assert.equal(messagesOf(statefulSetNames, withField(set, ["spec", "ordinals"], { start: 5 })).length, 2);
    });

    it("guarantees that everything built from an accepted name fits into 63 characters", () => {
        const lengths = fc.integer({ min: 1, max: 63 });
        fc.assert(
            fc.property(lengths, fc.integer({ min: 0, max: 100000 }), (length, replicas) => {
                const set = withField(named("a".repeat(length)), ["spec", "replicas"], replicas);
                const fits = `${"a".repeat(length)}-${2 ** 32 - 1}`.length <= 63;
                assert.equal(messagesOf(statefulSetNames, set).length === 0, fits);
            }),
        );
    });

    it("judges StatefulSets only", () => {
        const name = ["metadata", "name"];
        const deployment = withField(object("apps/v1", "Deployment"), name, "a".repeat(60));
        assert.deepEqual(messagesOf(statefulSetNames, deployment), []);
        const patch = "kubernetes:apps/v1:StatefulSetPatch";
        assert.deepEqual(messagesOf(statefulSetNames, named("a".repeat(60)), {}, patch), []);
    });

    it("needs the replicas of a long name only", () => {
        const set = (length: number) => withField(named("a".repeat(length)), ["spec", "replicas"], unknown);
        assert.deepEqual(judge(statefulSetNames, set(40)), { messages: [], unknowns: [] });
        const { messages, unknowns } = judge(statefulSetNames, set(60));
        assert.equal(messages.length, 1);
        assert.equal(unknowns.length, 1);
    });
});
