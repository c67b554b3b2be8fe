import * as assert from "node:assert/strict";
import { GroupAccess, type GroupAccessArgs, groupName } from "../../components/foundation/groupAccess";
import { foundation, identity, identityLabels } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { find, kindsAndNames, planOf } from "../support/plans";

const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["list"] }];
const clusterRules = [{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }];
const group = (name: string) => ({ kind: "Group", apiGroup: "rbac.authorization.k8s.io", name });

const planned = async (args: Partial<GroupAccessArgs>) => {
    const given = { foundation: foundation(), namespace: "ns", identity, groups: ["data", "science"] };
    const plan = await planOf(() => new GroupAccess("g", { ...given, ...args }));
    assertSound(plan);
    return plan;
};

describe("GroupAccess", () => {
    it("is a role in the namespace, bound to each group", async () => {
        const plan = await planned({ rules, objectName: "submitters" });
        assert.deepEqual(kindsAndNames(plan), ["GroupAccess g", "Role g-role", "RoleBinding g-binding"]);
        const metadata = { name: "submitters", namespace: "ns", labels: identityLabels };
        assert.deepEqual(find(plan, "Role").inputs["metadata"], metadata);
        assert.deepEqual(find(plan, "Role").inputs["rules"], rules);
        assert.deepEqual(find(plan, "RoleBinding").inputs["metadata"], metadata);
        assert.deepEqual(find(plan, "RoleBinding").inputs["subjects"], [group("data"), group("science")]);
    });

    it("is a role of the cluster that carries the environment's name", async () => {
        const plan = await planned({ clusterRules });
        assert.deepEqual(kindsAndNames(plan), [
            "ClusterRole g-cluster-role",
            "ClusterRoleBinding g-cluster-binding",
            "GroupAccess g",
        ]);
        const [role, binding] = [find(plan, "ClusterRole").inputs, find(plan, "ClusterRoleBinding").inputs];
        const metadata = { name: "dev-g", labels: identityLabels };
        assert.deepEqual([role["metadata"], binding["metadata"]], [metadata, metadata]);
        assert.deepEqual(role["rules"], clusterRules);
        assert.deepEqual(binding["roleRef"], {
            apiGroup: "rbac.authorization.k8s.io",
            kind: "ClusterRole",
            name: "dev-g",
        });
        assert.deepEqual(binding["subjects"], [group("data"), group("science")]);
    });

    it("needs a namespace for rules, and none for those of the cluster", async () => {
        await assert.rejects(planned({ rules, namespace: undefined }), /rules need a namespace/);
        assert.equal((await planned({ clusterRules, namespace: undefined })).resources.length, 3);
    });

    for (const everybody of ["system:authenticated", "system:unauthenticated", "system:serviceaccounts", ""]) {
        it(`takes no group "${everybody}"`, () => assert.equal(groupName().safeParse(everybody).success, false));
    }

    for (const named of ["data", "oidc:data-team", "system:serviceaccounts:ci"]) {
        it(`takes the group "${named}"`, () => assert.equal(groupName().safeParse(named).success, true));
    }
});
