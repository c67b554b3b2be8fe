import assert from "node:assert/strict";
import { defaultDeny } from "../../../../policy/rules/security/defaultDeny";
import { type Fields, judgeStack, linkedOf, object, stackMessagesOf, unknown } from "../../support";
import { dnsEgress, inNamespace, named, networkPolicy } from "./support";

const namespace = linkedOf(inNamespace(named(object("v1", "Namespace"), "dev-kafka"), undefined));
const closed = { podSelector: {}, egress: [dnsEgress] };
const withPolicy = (spec: Fields) => [namespace, linkedOf(networkPolicy({ ...closed, ...spec }))];
const expected =
    "dev-kafka: Namespace dev-kafka: expected a NetworkPolicy for all pods and both directions, with no ingress, and egress to port 53 alone";

describe("rule security-default-deny", () => {
    for (const [what, spec] of [
        ["DNS alone", {}],
        ["nothing", { egress: [] }],
        ["nothing, in the other spelling", { podSelector: { matchLabels: {} }, ingress: undefined }],
    ] as const) {
        it(`accepts a policy that opens ${what}`, () => {
            assert.deepEqual(stackMessagesOf(defaultDeny, withPolicy(spec)), []);
        });
    }

    it("accepts it beside others", () => {
        const stack = [...withPolicy({}), linkedOf(named(networkPolicy({}), "other"))];
        assert.deepEqual(stackMessagesOf(defaultDeny, stack), []);
    });

    it("refuses a namespace without one", () => {
        assert.deepEqual(stackMessagesOf(defaultDeny, [namespace]), [`${expected}, found nothing`]);
        const elsewhere = linkedOf(inNamespace(networkPolicy(closed), "dev-heron"));
        assert.deepEqual(stackMessagesOf(defaultDeny, [namespace, elsewhere]), [`${expected}, found nothing`]);
    });

    for (const [what, spec] of [
        ["for some pods", { podSelector: { matchLabels: { a: "b" } } }],
        ["for some pods, by an expression", { podSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] } }],
        ["of one direction", { policyTypes: ["Ingress"] }],
        ["of the other", { policyTypes: ["Egress"] }],
        ["that lets something in", { ingress: [dnsEgress] }],
        ["that lets everything out", { egress: [{}] }],
        ["that opens another port", { egress: [{ ...dnsEgress, ports: [{ port: 53 }, { port: 443 }] }] }],
        ["that opens every port", { egress: [{ to: dnsEgress.to }] }],
        ["that opens a range of ports", { egress: [{ ...dnsEgress, ports: [{ port: 53, endPort: 99 }] }] }],
    ] as const) {
        it(`refuses a policy ${what}`, () => {
            assert.deepEqual(stackMessagesOf(defaultDeny, withPolicy(spec)), [`${expected}, found "1 that are not"`]);
        });
    }

    it("takes the port of the DNS from the stack", () => {
        const stack = withPolicy({ egress: [{ ...dnsEgress, ports: [{ port: 5353 }] }] });
        assert.deepEqual(stackMessagesOf(defaultDeny, stack, { egressPorts: [5353] }), []);
        assert.equal(stackMessagesOf(defaultDeny, stack).length, 1);
    });

    it("does not judge what is not known yet", () => {
        const { messages, unknowns } = judgeStack(defaultDeny, withPolicy({ egress: unknown }));
        assert.deepEqual([messages.length, unknowns.length], [0, 1]);
    });
});
