import assert from "node:assert/strict";
import { policySelects } from "../../../../policy/rules/security/policySelects";
import { type Fields, judgeStack, linkedOf, stackMessagesOf, unknown, withField } from "../../support";
import { inNamespace, named, networkPolicy, secureSet } from "./support";

const set = linkedOf(secureSet());
const policy = (podSelector: Fields | undefined, annotations?: Fields) =>
    linkedOf(withField(named(networkPolicy({ podSelector }), "policy"), ["metadata", "annotations"], annotations));
const expected = "policy: NetworkPolicy spec.podSelector: expected labels of pods in its namespace";
const wrong = { matchLabels: { "app.kubernetes.io/name": "kafak" } };

describe("rule security-policy-selects", () => {
    for (const [what, selector] of [
        ["labels of a set", { matchLabels: { "app.kubernetes.io/name": "kafka" } }],
        ["an expression", { matchExpressions: [{ key: "app.kubernetes.io/name", operator: "In", values: ["kafka"] }] }],
        ["every pod", {}],
        ["every pod, by leaving it out", undefined],
    ] as const) {
        it(`accepts ${what}`, () => {
            assert.deepEqual(stackMessagesOf(policySelects, [set, policy(selector)]), []);
        });
    }

    it("refuses labels that no pod has", () => {
        assert.deepEqual(stackMessagesOf(policySelects, [set, policy(wrong)]), [
            `${expected}, found ${JSON.stringify(JSON.stringify(wrong))}`,
        ]);
    });

    it("refuses labels of pods in another namespace", () => {
        const elsewhere = linkedOf(inNamespace(secureSet(), "dev-heron"));
        const good = { matchLabels: { "app.kubernetes.io/name": "kafka" } };
        assert.equal(stackMessagesOf(policySelects, [elsewhere, policy(good)]).length, 1);
    });

    it("accepts labels of pods that a system starts by itself, if the policy says so", () => {
        const says = (who: string) => policy(wrong, { "data-platform/selects": who });
        assert.deepEqual(stackMessagesOf(policySelects, [set, says("pods that Flink starts")]), []);
        assert.equal(stackMessagesOf(policySelects, [set, says("")]).length, 1);
    });

    it("does not judge while labels of pods are not known yet", () => {
        const vague = linkedOf(withField(secureSet(), ["spec", "template", "metadata", "labels"], unknown));
        const { messages, unknowns } = judgeStack(policySelects, [vague, policy(wrong)]);
        assert.deepEqual([messages.length, unknowns.length], [0, 1]);
    });
});
