import assert from "node:assert/strict";
import { openPolicies } from "../../../../policy/rules/security/openPolicies";
import { type Fields, judge, messagesOf, object, unknown, withField } from "../../support";
import { dnsEgress, networkPolicy } from "./support";

const labels = { matchLabels: { a: "b" } };
const ports = [{ port: 9092 }];
const peer = { podSelector: labels };
const ends = [
    ["ingress", "from"],
    ["egress", "to"],
] as const;

describe("rule security-open-policies", () => {
    it("accepts certain peers and ports", () => {
        const good = [
            peer,
            { namespaceSelector: labels },
            { namespaceSelector: labels, podSelector: {} },
            // All pods of the policy's own namespace.
            { podSelector: {} },
            { ipBlock: { cidr: "10.0.0.0/8" } },
        ];
        const spec = { ingress: [{ from: good, ports }], egress: [{ to: good, ports }] };
        assert.deepEqual(messagesOf(openPolicies, networkPolicy(spec)), []);
    });

    for (const [direction, key] of ends) {
        const place = `NetworkPolicy spec.${direction}[0]`;
        const everyPod =
            'expected a namespaceSelector or podSelector with labels, found "every pod of every namespace"';
        const of = (rule: Fields) => networkPolicy({ [direction]: [rule] });
        for (const [what, rule, message] of [
            ["without peers", { ports }, `: expected peers in ${key}, found nothing`],
            ["with no peers", { [key]: [], ports }, `: expected peers in ${key}, found nothing`],
            ["without ports", { [key]: [peer] }, ": expected certain ports, found nothing"],
            [
                "with a protocol alone",
                { [key]: [peer], ports: [{ protocol: "TCP" }] },
                ": expected certain ports, found nothing",
            ],
            ...["0.0.0.0/0", "::/0"].map(
                (cidr) =>
                    [
                        `to ${cidr}`,
                        { [key]: [peer, { ipBlock: { cidr, except: ["10.0.0.0/8"] } }], ports },
                        `.${key}[1]: expected a network that is not the whole world, found "${cidr}"`,
                    ] as const,
            ),
            ["to every namespace", { [key]: [{ namespaceSelector: {} }], ports }, `.${key}[0]: ${everyPod}`],
            [
                "to every pod of every namespace",
                { [key]: [{ namespaceSelector: { matchLabels: {} }, podSelector: {} }], ports },
                `.${key}[0]: ${everyPod}`,
            ],
            [
                "to certain pods of every namespace",
                { [key]: [{ namespaceSelector: {}, podSelector: labels }], ports },
                `.${key}[0]: expected a namespaceSelector with labels, found "pods with the labels in every namespace"`,
            ],
            ["to an empty peer", { [key]: [{}], ports }, `.${key}[0]: ${everyPod}`],
        ] as const) {
            it(`refuses ${direction} ${what}`, () => {
                assert.deepEqual(messagesOf(openPolicies, of(rule)), [`${place}${message}`]);
            });
        }

        it(`refuses ${direction} of every pod`, () => {
            const all = networkPolicy({ podSelector: {}, [direction]: [{ [key]: [peer], ports }] });
            assert.deepEqual(messagesOf(openPolicies, all), [
                `${place}: expected a podSelector with labels, found "one that selects every pod"`,
            ]);
        });

        it(`does not judge ${direction} that is not known yet`, () => {
            const { messages, unknowns } = judge(openPolicies, networkPolicy({ [direction]: unknown }));
            assert.deepEqual([messages.length, unknowns.length], [0, 1]);
        });

        it(`lets a system that chooses its ports use any among its own pods, ${direction}`, () => {
            const own = { matchLabels: { app: "twister2" } };
            const among = (to: Fields) =>
                withField(
                    networkPolicy({ podSelector: own, [direction]: [{ [key]: [to], ports: [{ protocol: "TCP" }] }] }),
                    ["metadata", "labels"],
                    { "app.kubernetes.io/name": "twister2" },
                );
            assert.deepEqual(messagesOf(openPolicies, among({ podSelector: own })), []);
            assert.equal(messagesOf(openPolicies, among(peer)).length, 1);
            assert.equal(messagesOf(openPolicies, among({ podSelector: own, namespaceSelector: labels })).length, 1);
            assert.equal(messagesOf(openPolicies, among({ podSelector: own }), { anyPort: [] }).length, 1);
        });
    }

    it("lets every pod reach the DNS", () => {
        const dns = networkPolicy({ podSelector: {}, egress: [dnsEgress] });
        assert.deepEqual(messagesOf(openPolicies, dns), []);
        assert.equal(messagesOf(openPolicies, dns, { sharedPorts: [5353] }).length, 1);
    });

    it("judges of a patch what it says", () => {
        const type = "kubernetes:networking.k8s.io/v1:NetworkPolicyPatch";
        const patch = (egress: Fields[]) => object("networking.k8s.io/v1", "NetworkPolicy", { egress });
        assert.deepEqual(messagesOf(openPolicies, patch([{ to: [peer], ports }]), {}, type), []);
        assert.equal(messagesOf(openPolicies, patch([{ to: [peer] }]), {}, type).length, 1);
    });

    it("has nothing to say of other objects", () => {
        assert.deepEqual(messagesOf(openPolicies, object("v1", "ConfigMap")), []);
    });
});
