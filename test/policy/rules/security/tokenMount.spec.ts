import assert from "node:assert/strict";
import { tokenMount } from "../../../../policy/rules/security/tokenMount";
import { type Fields, judgeStack, linkedOf, object, stackMessagesOf, unknown, withField } from "../../support";
import { binding, inNamespace, named, podLabel, podSpec, role, secureSet } from "./support";

const field = "automountServiceAccountToken";
const account = (value: unknown) => withField(object("v1", "ServiceAccount"), [field], value);
const accountOf = (value: unknown) => linkedOf(account(value));
const set = (value: unknown, name: unknown = "events") =>
    linkedOf(withField(withField(secureSet(), [...podSpec, field], value), [...podSpec, "serviceAccountName"], name));
const subject = { kind: "ServiceAccount", name: "events", namespace: "dev-kafka" };
const bound = linkedOf(named(binding([subject]), "bound"));
const rights = [bound, linkedOf(named(role({ verbs: ["get"] }), "events"))];
const expected = (who: string) => `expected false in ${field}, for dev-kafka/${who} has no rights in this stack`;

describe("rule security-token-mount", () => {
    it("accepts no token, or one with rights", () => {
        assert.deepEqual(stackMessagesOf(tokenMount, [accountOf(false), set(false)]), []);
        assert.deepEqual(stackMessagesOf(tokenMount, [accountOf(true), set(true), ...rights]), []);
        assert.deepEqual(stackMessagesOf(tokenMount, [accountOf(undefined), set(undefined), bound]), []);
    });

    for (const value of [true, undefined]) {
        it(`refuses ${String(value)} on a pod without rights`, () => {
            const found = value === undefined ? "nothing" : "true";
            assert.deepEqual(stackMessagesOf(tokenMount, [accountOf(false), set(value)]), [
                `events: ${podLabel}: ${expected("events")}, found ${found}`,
            ]);
            assert.deepEqual(stackMessagesOf(tokenMount, [set(value, null)]), [
                `events: ${podLabel}: ${expected("default")}, found ${found}`,
            ]);
        });
        it(`refuses ${String(value)} on an account without rights`, () => {
            assert.deepEqual(stackMessagesOf(tokenMount, [accountOf(value)]), [
                `events: ServiceAccount: ${expected("events")}, found ${value === undefined ? "nothing" : "true"}`,
            ]);
        });
    }

    for (const [what, others] of [
        ["another account", [linkedOf(binding([{ ...subject, name: "other" }]))]],
        ["the account of another namespace", [linkedOf(binding([{ ...subject, namespace: "dev-heron" }]))]],
        ["a person of that name", [linkedOf(binding([{ ...subject, kind: "User" }]))]],
        ["nothing, by a role without rules", [bound, linkedOf({ ...role({}), rules: [] })]],
    ] as const) {
        it(`sees no rights in a binding of ${what}`, () => {
            assert.equal(stackMessagesOf(tokenMount, [set(true), ...others]).length, 1);
        });
    }

    it("knows rights from another namespace, and from another stack", () => {
        const elsewhere = linkedOf(inNamespace(binding([subject]), "dev-heron"));
        assert.deepEqual(stackMessagesOf(tokenMount, [set(true), elsewhere]), []);
        assert.deepEqual(stackMessagesOf(tokenMount, [set(true)], { elsewhere: ["dev-*/events"] }), []);
    });

    describe("of pods that can't be told", () => {
        const redis = linkedOf(
            object("redis.redis.opstreelabs.in/v1beta2", "RedisSentinel", { serviceAccountName: "events" }),
        );
        it("looks at their account", () => {
            assert.deepEqual(stackMessagesOf(tokenMount, [redis, accountOf(false)]), []);
            assert.equal(stackMessagesOf(tokenMount, [redis, accountOf(true)]).length, 2);
            assert.equal(stackMessagesOf(tokenMount, [redis]).length, 1);
        });
        it("knows their kinds from the stack", () => {
            assert.equal(stackMessagesOf(tokenMount, [redis, accountOf(false)], { without: [] }).length, 1);
        });
    });

    it("judges of patches what they say", () => {
        const patch = (inputs: Fields, type: string) => linkedOf(inputs, { type });
        const ofAccount = "kubernetes:core/v1:ServiceAccountPatch";
        assert.deepEqual(stackMessagesOf(tokenMount, [patch(account(undefined), ofAccount)]), []);
        assert.equal(stackMessagesOf(tokenMount, [patch(account(true), ofAccount)]).length, 1);
        const deployment = (spec: Fields) =>
            patch(object("apps/v1", "Deployment", { template: { spec } }), "kubernetes:apps/v1:DeploymentPatch");
        assert.deepEqual(stackMessagesOf(tokenMount, [deployment({})]), []);
        assert.deepEqual(stackMessagesOf(tokenMount, [deployment({ [field]: true })]), []);
        const whole = { [field]: true, serviceAccountName: "events" };
        assert.equal(stackMessagesOf(tokenMount, [deployment(whole)]).length, 1);
    });

    it("does not judge what is not known yet", () => {
        const vague = linkedOf(named(binding([{ ...subject, name: unknown }]), "vague"));
        for (const stack of [[set(unknown)], [set(true), vague]]) {
            const { messages, unknowns } = judgeStack(tokenMount, stack);
            assert.deepEqual([messages.length, unknowns.length], [0, 1]);
        }
    });
});
