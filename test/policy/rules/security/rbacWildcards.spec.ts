import assert from "node:assert/strict";
import { rbacWildcards } from "../../../../policy/rules/security/rbacWildcards";
import { judge, messagesOf, object, unknown } from "../../support";
import { role } from "./support";

const good = { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"], nonResourceURLs: ["/healthz"] };

describe("rule security-rbac-wildcards", () => {
    for (const kind of ["Role", "ClusterRole"] as const) {
        it(`accepts a ${kind} that names everything`, () => {
            assert.deepEqual(messagesOf(rbacWildcards, role(good, kind)), []);
        });
        for (const [key, value] of [
            ["apiGroups", "*"],
            ["resources", "*"],
            ["resources", "*/scale"],
            ["verbs", "*"],
            ["nonResourceURLs", "/metrics/*"],
        ] as const) {
            it(`refuses ${value} in ${key} of a ${kind}`, () => {
                assert.deepEqual(messagesOf(rbacWildcards, role({ ...good, [key]: [...good[key], value] }, kind)), [
                    `${kind} rules[0]: expected names without * in ${key}, found "${value}"`,
                ]);
            });
        }
    }

    it("judges the lists beside one that is not known yet", () => {
        const { messages, unknowns } = judge(rbacWildcards, role({ ...good, verbs: unknown, resources: ["*"] }));
        assert.deepEqual([messages.length, unknowns.length], [1, 1]);
    });

    it("judges a patch, and nothing but roles", () => {
        const type = "kubernetes:rbac.authorization.k8s.io/v1:RolePatch";
        assert.equal(messagesOf(rbacWildcards, role({ verbs: ["*"] }), {}, type).length, 1);
        const other = { ...object("acme.example.com/v1", "Role"), rules: [{ verbs: ["*"] }] };
        assert.deepEqual(messagesOf(rbacWildcards, other), []);
    });
});
