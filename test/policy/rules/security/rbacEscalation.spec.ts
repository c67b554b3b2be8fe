import assert from "node:assert/strict";
import { rbacEscalation } from "../../../../policy/rules/security/rbacEscalation";
import { judge, messagesOf, object, unknown } from "../../support";
import { role } from "./support";

const rbac = "rbac.authorization.k8s.io";
const certificates = "certificates.k8s.io";
const admission = "admissionregistration.k8s.io";

describe("rule security-rbac-escalation", () => {
    for (const [group, resource, verb] of [
        ["", "pods", "create"],
        ["", "pods/exec", "create"],
        ["", "serviceaccounts", "create"],
        ["", "nodes", "list"],
        ["", "namespaces", "get"],
        ["other.example.com", "signers", "sign"],
        [rbac, "roles", "create"],
    ] as const) {
        it(`accepts ${verb} on ${resource} of "${group}"`, () => {
            const rule = { apiGroups: [group], resources: [resource], verbs: [verb] };
            assert.deepEqual(messagesOf(rbacEscalation, role(rule)), []);
        });
    }

    for (const [group, resource, verb, gives] of [
        [rbac, "roles", "escalate", "any role"],
        [rbac, "clusterroles", "bind", "any role"],
        ["", "users", "impersonate", "the rights of others"],
        ["authentication.k8s.io", "userextras/scopes", "impersonate", "the rights of others"],
        ["", "serviceaccounts/token", "create", "the rights of any account there"],
        ["", "nodes/proxy", "get", "every container of a node, past the API server"],
        ["", "persistentvolumes", "create", "any path of a node"],
        ["", "namespaces", "patch", "another Pod Security level"],
        ["", "pods/ephemeralcontainers", "update", "the inside of any pod there"],
        [certificates, "certificatesigningrequests/approval", "update", "a certificate of anybody"],
        [certificates, "signers", "approve", "a certificate of anybody"],
        [admission, "mutatingwebhookconfigurations", "patch", "every object that is written"],
        [admission, "validatingwebhookconfigurations", "create", "every object that is written"],
    ] as const) {
        it(`refuses ${verb} on ${resource}`, () => {
            const rule = { apiGroups: [group], resources: [resource], verbs: ["watch", verb] };
            const found = resource === "nodes/proxy" ? `watch, ${verb}` : verb;
            assert.deepEqual(messagesOf(rbacEscalation, role(rule, "ClusterRole")), [
                `ClusterRole rules[0]: expected no way to ${gives}, found "${found} on ${resource}"`,
            ]);
        });
    }

    it("does not judge verbs that are not known yet, but the other rules", () => {
        const bad = { apiGroups: [""], resources: ["users"], verbs: ["impersonate"] };
        const inputs = { ...role(bad), rules: [{ ...bad, verbs: unknown }, bad] };
        const { messages, unknowns } = judge(rbacEscalation, inputs);
        assert.deepEqual([messages.length, unknowns.length], [1, 1]);
    });

    it("has nothing to say of other objects", () => {
        assert.deepEqual(messagesOf(rbacEscalation, object("v1", "ConfigMap")), []);
    });
});
