import assert from "node:assert/strict";
import { secretListing } from "../../../../policy/rules/security/secretListing";
import { judge, messagesOf, unknown } from "../../support";
import { role } from "./support";

const rule = { apiGroups: [""], resources: ["secrets"] };

describe("rule security-secret-listing", () => {
    for (const [what, good] of [
        ["to read named ones", { ...rule, verbs: ["get", "list"], resourceNames: ["a"] }],
        ["to make one", { ...rule, verbs: ["create"] }],
        ["to list what is no Secret", { ...rule, resources: ["configmaps"], verbs: ["list"] }],
        ["to list what another group calls secrets", { ...rule, apiGroups: ["acme.example.com"], verbs: ["list"] }],
    ] as const) {
        it(`accepts ${what}`, () => {
            assert.deepEqual(messagesOf(secretListing, role(good)), []);
        });
    }

    for (const verb of ["get", "list", "watch", "deletecollection"]) {
        it(`refuses to ${verb} all`, () => {
            const bad = { ...rule, resources: ["pods", "secrets"], verbs: ["create", verb] };
            assert.deepEqual(messagesOf(secretListing, role(bad, "ClusterRole")), [
                `ClusterRole rules[0]: expected resourceNames beside verbs that read secrets, found "${verb}"`,
            ]);
        });
    }

    it("refuses the verbs that the stack names", () => {
        assert.deepEqual(messagesOf(secretListing, role({ ...rule, verbs: ["get"] }), { verbs: ["list"] }), []);
    });

    it("does not judge verbs that are not known yet", () => {
        const { messages, unknowns } = judge(secretListing, role({ ...rule, verbs: unknown }));
        assert.deepEqual([messages.length, unknowns.length], [0, 1]);
    });
});
