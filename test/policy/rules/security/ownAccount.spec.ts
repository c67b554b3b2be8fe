import assert from "node:assert/strict";
import { ownAccount } from "../../../../policy/rules/security/ownAccount";
import { judgeStack, linkedOf, object, stackMessagesOf, unknown, withField } from "../../support";
import { binding, named, podLabel, podSpec, secureSet, secureTemplate } from "./support";

const set = (name: unknown) => linkedOf(withField(secureSet(), [...podSpec, "serviceAccountName"], name));
const expected = `events: ${podLabel}: expected an account of its own in serviceAccountName`;

describe("rule security-own-account", () => {
    it("accepts an account of its own", () => {
        assert.deepEqual(stackMessagesOf(ownAccount, [set("events")]), []);
        const old = linkedOf(
            withField(
                withField(secureSet(), [...podSpec, "serviceAccountName"], undefined),
                [...podSpec, "serviceAccount"],
                "events",
            ),
        );
        assert.deepEqual(stackMessagesOf(ownAccount, [old]), []);
    });

    for (const [name, found] of [
        [undefined, "nothing"],
        ["", "nothing"],
        ["default", '"default"'],
    ]) {
        it(`refuses ${JSON.stringify(name)}`, () => {
            assert.deepEqual(stackMessagesOf(ownAccount, [set(name)]), [`${expected}, found ${String(found)}`]);
        });
    }

    it("accepts the default account where it is meant to have rights", () => {
        const subject = { kind: "ServiceAccount", name: "default", namespace: "dev-kafka" };
        const bound = linkedOf(named(binding([subject]), "bound"));
        assert.deepEqual(stackMessagesOf(ownAccount, [set(undefined), bound]), []);
    });

    it("asks nothing of kinds whose pods run in namespaces that are not known", () => {
        const bare = withField(secureTemplate(), ["spec", "serviceAccountName"], undefined);
        const runtime = linkedOf(
            object("trainer.kubeflow.org/v1alpha1", "ClusterTrainingRuntime", { part: { template: bare } }),
        );
        assert.deepEqual(stackMessagesOf(ownAccount, [runtime]), []);
        assert.equal(stackMessagesOf(ownAccount, [runtime], { without: [] }).length, 1);
    });

    it("judges of a patch what it says", () => {
        const type = "kubernetes:apps/v1:StatefulSetPatch";
        assert.deepEqual(stackMessagesOf(ownAccount, [{ ...set(undefined), type }]), []);
        assert.equal(stackMessagesOf(ownAccount, [{ ...set("default"), type }]).length, 1);
    });

    it("does not judge a name that is not known yet", () => {
        const { messages, unknowns } = judgeStack(ownAccount, [set(unknown)]);
        assert.deepEqual([messages.length, unknowns.length], [0, 1]);
    });
});
