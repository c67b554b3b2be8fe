import * as assert from "node:assert/strict";
import { Access, type AccessArgs } from "../../components/foundation/access";
import { foundation, identity, identityLabels } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { at, find, kindsAndNames, planOf } from "../support/plans";

const rules = [
    { apiGroups: [""], resources: ["pods", "services"], verbs: ["get", "list"] },
    { apiGroups: ["apps"], resources: ["deployments"], verbs: ["create"] },
];

const planned = async (args: Partial<AccessArgs> = {}) => {
    let access: Access | undefined;
    const plan = await planOf(() => {
        access = new Access("a", { foundation: foundation(), namespace: "ns", identity, ...args });
    });
    assert.ok(access !== undefined);
    assertSound(plan);
    return { plan, access };
};

describe("Access", () => {
    it("without rules is an account without a token", async () => {
        const { plan, access } = await planned();
        assert.deepEqual(kindsAndNames(plan), ["Access a", "ServiceAccount a-account"]);
        const { inputs } = find(plan, "ServiceAccount");
        assert.deepEqual(inputs["metadata"], { name: "a", namespace: "ns", labels: identityLabels });
        assert.equal(inputs["automountServiceAccountToken"], false);
        assert.deepEqual(inputs["imagePullSecrets"], []);
        assert.deepEqual([access.serviceAccountName, access.mountsToken], ["a", false]);
    });

    it("with rules is an account with a token, a role of just them, and a binding of the two", async () => {
        const { plan, access } = await planned({ rules });
        assert.deepEqual(kindsAndNames(plan), [
            "Access a",
            "Role a-role",
            "RoleBinding a-binding",
            "ServiceAccount a-account",
        ]);
        assert.deepEqual([access.serviceAccountName, access.mountsToken], ["a", true]);
        const [account, role, binding] = ["ServiceAccount", "Role", "RoleBinding"].map((kind) => find(plan, kind));
        assert.equal(account!.inputs["automountServiceAccountToken"], true);
        assert.deepEqual(role!.inputs["rules"], rules);
        assert.deepEqual(binding!.inputs["roleRef"], {
            apiGroup: "rbac.authorization.k8s.io",
            kind: "Role",
            name: "a",
        });
        assert.deepEqual(binding!.inputs["subjects"], [{ kind: "ServiceAccount", name: "a", namespace: "ns" }]);
        assert.ok(binding!.dependencies.includes(role!.urn) && binding!.dependencies.includes(account!.urn));
        for (const each of [account, role, binding]) {
            assert.deepEqual(each!.inputs["metadata"], { name: "a", namespace: "ns", labels: identityLabels });
        }
    });

    it("names its objects as asked for", async () => {
        const { plan, access } = await planned({ rules, objectName: "other" });
        assert.equal(access.serviceAccountName, "other");
        for (const kind of ["ServiceAccount", "Role", "RoleBinding"]) {
            assert.equal(at(find(plan, kind).inputs, "metadata.name"), "other");
        }
        assert.equal(at(find(plan, "RoleBinding").inputs, "roleRef.name"), "other");
        assert.equal(at(find(plan, "RoleBinding").inputs, "subjects[0].name"), "other");
        assert.deepEqual(find(plan, "Access").outputs, { serviceAccountName: "other" });
    });

    it("lives in its namespace and pulls images with the environment's secrets", async () => {
        const { plan } = await planned({
            namespace: "elsewhere",
            foundation: foundation({ images: { pullSecrets: ["mirror"] } }),
        });
        const { inputs } = find(plan, "ServiceAccount");
        assert.equal(at(inputs, "metadata.namespace"), "elsewhere");
        assert.deepEqual(inputs["imagePullSecrets"], [{ name: "mirror" }]);
    });

    it("clashes with another of the same object name in its namespace", async () => {
        const args = { foundation: foundation(), namespace: "ns", identity, objectName: "same" };
        await assert.rejects(
            planOf(() => [new Access("a", args), new Access("b", args)]),
            /ServiceAccount ns same is registered twice/,
        );
    });
});
