import assert from "node:assert/strict";
import { roleRefs } from "../../../../policy/rules/security/roleRefs";
import { judgeStack, linkedOf, stackMessagesOf, unknown, withField } from "../../support";
import { binding, inNamespace, named, role } from "./support";

const rule = { apiGroups: [""], resources: ["pods"], verbs: ["get"] };
const there = linkedOf(role(rule));
const clusterRole = linkedOf(inNamespace(named(role(rule, "ClusterRole"), "readers"), undefined));
const bound = (kind: string, name: unknown) => linkedOf(named(binding([], { kind, name }), "bound"));

describe("rule security-role-refs", () => {
    it("accepts a role of the stack, or of Kubernetes", () => {
        assert.deepEqual(stackMessagesOf(roleRefs, [there, bound("Role", "events")]), []);
        assert.deepEqual(stackMessagesOf(roleRefs, [clusterRole, bound("ClusterRole", "readers")]), []);
        assert.deepEqual(stackMessagesOf(roleRefs, [bound("ClusterRole", "view")]), []);
    });

    for (const [what, stack, found] of [
        ["one that is nowhere", [there, bound("Role", "other")], "Role/dev-kafka/other"],
        [
            "one of another namespace",
            [linkedOf(inNamespace(role(rule), "dev-heron")), bound("Role", "events")],
            "Role/dev-kafka/events",
        ],
        ["a ClusterRole that is nowhere", [there, bound("ClusterRole", "events")], "ClusterRole/events"],
    ] as const) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(stackMessagesOf(roleRefs, stack), [
                `bound: RoleBinding roleRef: expected a role that exists, found "${found}"`,
            ]);
        });
    }

    it("accepts what the stack says to exist elsewhere", () => {
        const existing = ["Role/dev-*/other"];
        assert.deepEqual(stackMessagesOf(roleRefs, [bound("Role", "other")], { existing }), []);
    });

    it("does not judge while the name of a role is not known yet", () => {
        const nameless = linkedOf(withField(role(rule), ["metadata", "name"], unknown));
        const { messages, unknowns } = judgeStack(roleRefs, [nameless, bound("Role", "other")]);
        assert.deepEqual([messages.length, unknowns.length], [0, 1]);
        assert.equal(judgeStack(roleRefs, [there, bound("Role", unknown)]).unknowns.length, 1);
    });

    it("asks nothing of a patch", () => {
        const patch = { ...bound("Role", "other"), type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBindingPatch" };
        assert.deepEqual(stackMessagesOf(roleRefs, [patch]), []);
    });
});
