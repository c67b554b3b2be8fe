import assert from "node:assert/strict";
import { policyTypes } from "../../../../policy/rules/security/policyTypes";
import { judge, messagesOf, object, unknown } from "../../support";
import { networkPolicy } from "./support";

const expected = "NetworkPolicy spec.policyTypes: expected Ingress and Egress";
const patch = "kubernetes:networking.k8s.io/v1:NetworkPolicyPatch";

describe("rule security-policy-types", () => {
    it("accepts both", () => {
        assert.deepEqual(messagesOf(policyTypes, networkPolicy({})), []);
        assert.deepEqual(messagesOf(policyTypes, networkPolicy({ policyTypes: ["Egress", "Ingress"] })), []);
    });

    for (const [types, found] of [
        [["Ingress"], '"Ingress"'],
        [["Egress"], '"Egress"'],
        [[], "nothing"],
        [undefined, "nothing"],
    ] as const) {
        it(`refuses ${JSON.stringify(types)}`, () => {
            assert.deepEqual(messagesOf(policyTypes, networkPolicy({ policyTypes: types })), [
                `${expected}, found ${found}`,
            ]);
        });
    }

    it("judges of a patch what it says", () => {
        assert.deepEqual(messagesOf(policyTypes, networkPolicy({ policyTypes: undefined }), {}, patch), []);
        assert.equal(messagesOf(policyTypes, networkPolicy({ policyTypes: ["Egress"] }), {}, patch).length, 1);
    });

    it("does not judge what is not known yet, and nothing but policies", () => {
        assert.equal(judge(policyTypes, networkPolicy({ policyTypes: unknown })).unknowns.length, 1);
        assert.deepEqual(messagesOf(policyTypes, object("v1", "ConfigMap")), []);
    });
});
