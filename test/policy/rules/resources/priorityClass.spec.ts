import assert from "node:assert/strict";
import { priorityClass } from "../../../../policy/rules/resources/priorityClass";
import { goodStatefulSet, judgeStack, linkedOf, object, stackMessagesOf, unknown, withField } from "../../support";

const declared = linkedOf(
    withField(object("scheduling.k8s.io/v1", "PriorityClass"), ["metadata", "name"], "dev-critical"),
);
const set = (name: unknown) =>
    linkedOf(withField(goodStatefulSet(), ["spec", "template", "spec", "priorityClassName"], name));
const base = (outputs: unknown) =>
    linkedOf({ metadata: { name: "base" }, outputs }, { type: "pulumi:pulumi:StackReference" });
const place = "events: pod template spec.template.spec.priorityClassName";

describe("rule resources-priority-class", () => {
    it("accepts a class of the stack, and Kubernetes' own", () => {
        for (const name of ["dev-critical", "system-cluster-critical"]) {
            assert.deepEqual(stackMessagesOf(priorityClass, [declared, set(name)]), []);
        }
    });

    it("asks for a class, unless the stack does not", () => {
        for (const none of [undefined, "", null]) {
            const messages = stackMessagesOf(priorityClass, [declared, set(none)]);
            assert.equal(messages.length, 1);
            assert.match(messages[0]!, /expected a priority class, found/);
            assert.deepEqual(stackMessagesOf(priorityClass, [declared, set(none)], { required: false }), []);
        }
    });

    it("refuses a class that there is not", () => {
        assert.deepEqual(stackMessagesOf(priorityClass, [declared, set("critical")]), [
            `${place}: expected one of dev-critical, found "critical"`,
        ]);
        assert.deepEqual(stackMessagesOf(priorityClass, [set("critical")], { required: false }), [
            `${place}: expected a class that there is, found "critical"`,
        ]);
        assert.deepEqual(stackMessagesOf(priorityClass, [set("critical")], { existing: ["critical"] }), []);
    });

    it("refuses a class that is the default of the whole cluster", () => {
        const one = (globalDefault: unknown) =>
            linkedOf({ ...object("scheduling.k8s.io/v1", "PriorityClass"), value: 1, globalDefault });
        assert.deepEqual(stackMessagesOf(priorityClass, [one(false)]), []);
        assert.deepEqual(stackMessagesOf(priorityClass, [one(undefined)]), []);
        assert.deepEqual(stackMessagesOf(priorityClass, [one(true)]), [
            "events: PriorityClass globalDefault: expected false, for it would become the priority of every other stack's pods too, found true",
        ]);
    });

    it("takes the classes of a base stack, once they are known", () => {
        const outputs = { platform: { priorityClasses: { critical: "base-critical" } } };
        assert.deepEqual(stackMessagesOf(priorityClass, [base(outputs), set("base-critical")]), []);
        assert.equal(stackMessagesOf(priorityClass, [base(outputs), set("critical")]).length, 1);
        const { messages, unknowns } = judgeStack(priorityClass, [base({ platform: unknown }), set("base-critical")]);
        assert.deepEqual([messages.length, unknowns.length], [0, 1]);
    });

    it("judges templates in custom resources, and what partial ones say", () => {
        const redis = object("redis.redis.opstreelabs.in/v1beta2", "RedisReplication", {});
        assert.equal(stackMessagesOf(priorityClass, [linkedOf(redis)]).length, 1);
        const type = "kubernetes:apps/v1:StatefulSetPatch";
        const patch = (name: unknown) => ({ ...set(name), type });
        assert.deepEqual(stackMessagesOf(priorityClass, [patch(undefined)]), []);
        assert.equal(stackMessagesOf(priorityClass, [patch("critical")]).length, 1);
    });

    it("judges the templates beside one whose class is not known yet", () => {
        const other = linkedOf(withField(goodStatefulSet(), ["metadata", "name"], "other"));
        const { messages, unknowns } = judgeStack(priorityClass, [declared, set(unknown), other]);
        assert.deepEqual([messages.length, unknowns.length], [1, 1]);
    });
});
