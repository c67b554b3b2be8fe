import assert from "node:assert/strict";
import { defaultAccount } from "../../../../policy/rules/security/defaultAccount";
import { judgeStack, linkedOf, object, stackMessagesOf, unknown, withField } from "../../support";
import { binding, inNamespace, named } from "./support";

const field = "automountServiceAccountToken";
const namespace = linkedOf(inNamespace(named(object("v1", "Namespace"), "dev-kafka"), undefined));
const account = (value: unknown, name = "default") =>
    linkedOf(withField(named(object("v1", "ServiceAccount"), name), [field], value), {
        type: "kubernetes:core/v1:ServiceAccountPatch",
    });
const subject = { kind: "ServiceAccount", name: "default", namespace: "dev-kafka" };
const started = withField(binding([subject]), ["metadata", "annotations"], { "data-platform/selects": "pods of jobs" });
const expected = `dev-kafka: ServiceAccount dev-kafka/default: expected false in ${field}`;

describe("rule security-default-account", () => {
    it("accepts one without a token, or with rights", () => {
        assert.deepEqual(stackMessagesOf(defaultAccount, [namespace, account(false)]), []);
        assert.deepEqual(stackMessagesOf(defaultAccount, [namespace, linkedOf(started), account(true)]), []);
    });

    it("refuses rights for it, unless a system starts pods under it by itself, or the stack names the namespace", () => {
        const stack = [namespace, account(true)];
        assert.deepEqual(stackMessagesOf(defaultAccount, [...stack, linkedOf(binding([subject]))]), [
            'events: RoleBinding subjects[0]: expected an account of its own, found "dev-kafka/default"',
        ]);
        assert.deepEqual(stackMessagesOf(defaultAccount, [...stack, linkedOf(started)]), []);
        const named = { namespaces: ["dev-kafka"] };
        assert.deepEqual(stackMessagesOf(defaultAccount, [...stack, linkedOf(binding([subject]))], named), []);
        const person = { kind: "User", name: "default" };
        assert.deepEqual(stackMessagesOf(defaultAccount, [namespace, account(false), linkedOf(binding([person]))]), []);
    });

    for (const [what, others, found] of [
        ["none", [], "nothing"],
        ["one that says nothing", [account(undefined)], "nothing"],
        ["one with a token", [account(true)], "true"],
        ["another account", [account(false, "events")], "nothing"],
    ] as const) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(stackMessagesOf(defaultAccount, [namespace, ...others]), [`${expected}, found ${found}`]);
        });
    }

    it("leaves namespaces that the stack names to others", () => {
        assert.deepEqual(stackMessagesOf(defaultAccount, [namespace], { namespaces: ["dev-*"] }), []);
    });

    it("does not judge what is not known yet", () => {
        const { messages, unknowns } = judgeStack(defaultAccount, [namespace, account(unknown)]);
        assert.deepEqual([messages.length, unknowns.length], [0, 1]);
    });
});
