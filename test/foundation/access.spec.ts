import * as assert from "node:assert/strict";
import { Access, type AccessArgs } from "../../components/foundation/access";
import { foundation, identity, identityLabels } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, kindsAndNames, planOf } from "../support/plans";

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

    it("may do in another namespace what is asked for there, and nothing in its own", async () => {
        const { plan, access } = await planned({ elsewhere: { namespace: "jobs", rules } });
        assert.deepEqual(kindsAndNames(plan), [
            "Access a",
            "Role a-elsewhere-role",
            "RoleBinding a-elsewhere-binding",
            "ServiceAccount a-account",
        ]);
        assert.equal(access.mountsToken, true);
        for (const kind of ["Role", "RoleBinding"]) {
            assert.equal(at(find(plan, kind).inputs, "metadata.namespace"), "jobs");
        }
        assert.equal(at(find(plan, "ServiceAccount").inputs, "metadata.namespace"), "ns");
        assert.deepEqual(find(plan, "RoleBinding").inputs["subjects"], [
            { kind: "ServiceAccount", name: "a", namespace: "ns" },
        ]);
    });

    it("may do both, and elsewhere nothing without rules", async () => {
        const both = await planned({ rules, elsewhere: { namespace: "jobs", rules } });
        assert.equal(all(both.plan, "Role").length, 2);
        const none = await planned({ elsewhere: { namespace: "jobs", rules: [] } });
        assert.deepEqual([all(none.plan, "Role").length, none.access.mountsToken], [0, false]);
    });

    it("gives rights to an account that exists, and makes none", async () => {
        const { plan, access } = await planned({ rules, existingAccount: "default", objectName: "jobs" });
        assert.deepEqual(kindsAndNames(plan), ["Access a", "Role a-role", "RoleBinding a-binding"]);
        assert.equal(access.serviceAccountName, "default");
        assert.equal(at(find(plan, "Role").inputs, "metadata.name"), "jobs");
        assert.deepEqual(find(plan, "RoleBinding").inputs["subjects"], [
            { kind: "ServiceAccount", name: "default", namespace: "ns" },
        ]);
    });

    it("narrows verbs to objects by name", async () => {
        const narrow = [
            { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"], resourceNames: ["session"] },
        ];
        const { plan } = await planned({ rules: narrow });
        assert.deepEqual(find(plan, "Role").inputs["rules"], narrow);
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
