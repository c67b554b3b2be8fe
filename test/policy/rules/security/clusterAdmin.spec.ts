import assert from "node:assert/strict";
import { clusterAdmin } from "../../../../policy/rules/security/clusterAdmin";
import { judge, messagesOf, object, unknown } from "../../support";
import { binding } from "./support";

const bound = (kind: string, name: unknown) => binding([], { kind, name });

describe("rule security-cluster-admin", () => {
    for (const [kind, name] of [
        ["ClusterRole", "view"],
        ["ClusterRole", "my-cluster-admin"],
        ["Role", "admin"],
    ] as const) {
        it(`accepts ${kind} ${name}`, () => {
            assert.deepEqual(messagesOf(clusterAdmin, bound(kind, name)), []);
        });
    }

    for (const name of ["cluster-admin", "admin", "edit", "system:node"]) {
        it(`refuses ClusterRole ${name}`, () => {
            for (const kind of ["RoleBinding", "ClusterRoleBinding"]) {
                assert.deepEqual(messagesOf(clusterAdmin, { ...bound("ClusterRole", name), kind }), [
                    `${kind} roleRef: expected a role other than cluster-admin, admin, edit, system:*, found "${name}"`,
                ]);
            }
        });
    }

    it("refuses the roles that the stack names", () => {
        assert.deepEqual(messagesOf(clusterAdmin, bound("ClusterRole", "edit"), { roles: ["view"] }), []);
        assert.equal(messagesOf(clusterAdmin, bound("ClusterRole", "view"), { roles: ["view"] }).length, 1);
    });

    it("does not judge a name that is not known yet, and nothing but bindings", () => {
        assert.equal(judge(clusterAdmin, bound("ClusterRole", unknown)).unknowns.length, 1);
        assert.deepEqual(messagesOf(clusterAdmin, object("v1", "ConfigMap")), []);
    });
});
