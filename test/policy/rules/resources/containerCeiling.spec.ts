import assert from "node:assert/strict";
import { containerCeiling } from "../../../../policy/rules/resources/containerCeiling";
import { goodStatefulSet, judge, messagesOf, unknown, withField } from "../../support";

const resources = ["spec", "template", "spec", "containers", 0, "resources"];
const tooMuch = { cpu: "33", memory: "257Gi", "ephemeral-storage": "501Gi" };
const ceilings = { cpu: "32", memory: "256Gi", "ephemeral-storage": "500Gi" };
const keys = { cpu: "cpu", memory: "memory", "ephemeral-storage": "ephemeralStorage" };

describe("rule resources-container-ceiling", () => {
    it("accepts amounts up to the ceiling", () => {
        assert.deepEqual(messagesOf(containerCeiling, goodStatefulSet()), []);
        const largest = { requests: ceilings, limits: ceilings };
        assert.deepEqual(messagesOf(containerCeiling, withField(goodStatefulSet(), resources, largest)), []);
    });

    for (const bound of ["requests", "limits"]) {
        for (const name of ["cpu", "memory", "ephemeral-storage"] as const) {
            it(`refuses too large ${bound} of ${name}, unless the stack allows them`, () => {
                const set = withField(goodStatefulSet(), [...resources, bound, name], tooMuch[name]);
                assert.deepEqual(messagesOf(containerCeiling, set), [
                    `container "broker" (spec.template.spec.containers[0]) resources.${bound}.${name}: expected at most ${ceilings[name]}, found "${tooMuch[name]}"`,
                ]);
                assert.deepEqual(messagesOf(containerCeiling, set, { [keys[name]]: tooMuch[name] }), []);
            });
        }
    }

    it("judges init containers", () => {
        const init = [{ name: "init", resources: { limits: { memory: "1Ti" } } }];
        const set = withField(goodStatefulSet(), ["spec", "template", "spec", "initContainers"], init);
        assert.match(messagesOf(containerCeiling, set).join(), /^init container "init"/);
    });

    it("judges the amounts beside one that is not known yet", () => {
        const unclear = withField(goodStatefulSet(), [...resources, "limits", "cpu"], unknown);
        const { messages, unknowns } = judge(
            containerCeiling,
            withField(unclear, [...resources, "limits", "memory"], "1Ti"),
        );
        assert.equal(messages.length, 1);
        assert.equal(unknowns.length, 1);
    });
});
