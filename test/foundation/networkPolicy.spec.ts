import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { checked, SettingsFaults } from "../../components/foundation/faults";
import {
    apiServerFlow,
    dnsFlow,
    egressFlows,
    egressSettings,
    type Flow,
    networkPolicySpec,
    type Peer,
    peerSettings,
    tcp,
} from "../../components/foundation/networkPolicy";
import { foundation } from "../support/foundation";
import { listAt } from "../support/plans";

const selector = { app: "zk" };
const ingress = (...flows: Flow[]): readonly unknown[] => listAt(networkPolicySpec(selector, flows, []), "ingress");
const egress = (...flows: Flow[]): readonly unknown[] => listAt(networkPolicySpec(selector, [], flows), "egress");

describe("a network policy", () => {
    it("of a set without flows allows nothing either way", () => {
        assert.deepEqual(networkPolicySpec(selector, [], []), {
            podSelector: { matchLabels: selector },
            policyTypes: ["Ingress", "Egress"],
            ingress: [],
            egress: [],
        });
    });

    const byName = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team-a" } } };
    for (const [what, given, expected] of [
        ["all pods of a namespace, by its name", { namespace: "team-a" }, byName],
        [
            "some pods of a namespace",
            { namespace: "team-a", podLabels: { app: "x" } },
            { ...byName, podSelector: { matchLabels: { app: "x" } } },
        ],
        [
            "namespaces by labels",
            { namespaceLabels: { team: "a" }, podLabels: { app: "x" } },
            { namespaceSelector: { matchLabels: { team: "a" } }, podSelector: { matchLabels: { app: "x" } } },
        ],
        ["pods of its own namespace", { podLabels: { app: "x" } }, { podSelector: { matchLabels: { app: "x" } } }],
        ["a network", { cidr: "10.0.0.0/8" }, { ipBlock: { cidr: "10.0.0.0/8" } }],
    ] as const satisfies readonly (readonly [string, Peer, unknown])[]) {
        it(`names ${what}`, () => {
            const flow = { peers: [given], ports: tcp(1, 2) };
            const ports = [
                { protocol: "TCP", port: 1 },
                { protocol: "TCP", port: 2 },
            ];
            assert.deepEqual(ingress(flow), [{ from: [expected], ports }]);
            assert.deepEqual(egress(flow), [{ to: [expected], ports }]);
        });
    }

    it("keeps a flow's protocol, TCP where it has none", () => {
        const peers = [{ cidr: "10.0.0.0/8" }];
        assert.deepEqual(listAt(ingress({ peers, ports: [{ port: 53, protocol: "UDP" }, { port: 5 }] })[0], "ports"), [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 5 },
        ]);
    });

    it("has no rule for a flow without peers or without ports, which would allow all", () => {
        assert.deepEqual(ingress({ peers: [], ports: tcp(1) }), []);
        assert.deepEqual(egress({ peers: [], ports: tcp(1) }), []);
        assert.deepEqual(ingress({ peers: [{ namespace: "a" }], ports: [] }), []);
        assert.deepEqual(egress({ peers: [{ namespace: "a" }], ports: [] }), []);
    });

    it("never has a rule that leaves open whom or on which port", () => {
        const peer = fc.constantFrom<Peer>({ namespace: "a" }, { podLabels: { a: "b" } }, { cidr: "10.0.0.0/8" });
        const flow = fc.record({
            peers: fc.array(peer, { maxLength: 3 }),
            ports: fc.array(fc.record({ port: fc.integer({ min: 1, max: 65535 }) }), { maxLength: 3 }),
        });
        fc.assert(
            fc.property(fc.array(flow, { maxLength: 4 }), (flows) => {
                const used = flows.filter(({ peers, ports }) => peers.length > 0 && ports.length > 0);
                const rules = [...ingress(...flows), ...egress(...flows)] as { from?: object[]; to?: object[] }[];
                assert.equal(rules.length, 2 * used.length);
                for (const rule of rules) {
                    const peers = rule.from ?? rule.to ?? [];
                    assert.ok(peers.length > 0 && peers.every((each) => Object.keys(each).length > 0));
                    assert.ok(listAt(rule, "ports").length > 0);
                }
            }),
        );
    });
});

describe("the settings of a peer", () => {
    const faults = (given: unknown): readonly string[] => {
        try {
            checked(peerSettings, "peer", given);
            return [];
        } catch (error) {
            assert.ok(error instanceof SettingsFaults);
            return error.faults.map(({ path, expected }) => `${path}: ${expected}`);
        }
    };
    const either = ": either pods (namespace or namespaceLabels, podLabels) or a cidr";

    for (const [given, expected] of [
        [{ namespace: "a" }, []],
        [{ podLabels: { a: "b" } }, []],
        [{ namespaceLabels: { a: "b" }, podLabels: { a: "b" } }, []],
        [{ cidr: "::/0" }, []],
        [{}, [either]],
        [{ namespace: "a", cidr: "10.0.0.0/8" }, [either]],
        [{ podLabels: {}, cidr: "10.0.0.0/8" }, [either]],
        [
            { namespace: "a", namespaceLabels: { a: "b" } },
            ["namespaceLabels: no labels beside namespace, which is one name"],
        ],
    ] as const) {
        it(`${expected.length === 0 ? "take" : "refuse"} ${JSON.stringify(given)}`, () =>
            assert.deepEqual(faults(given), expected));
    }
});

describe("known flows", () => {
    it("reach name resolution, wherever the environment has it", () => {
        assert.deepEqual(dnsFlow(foundation().network), {
            peers: [{ namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" } }],
            ports: [
                { port: 53, protocol: "UDP" },
                { port: 53, protocol: "TCP" },
            ],
        });
        const own = foundation({
            dns: { namespace: "dns", podLabels: { app: "coredns" }, cidrs: ["169.254.20.10/32"] },
        });
        assert.deepEqual(dnsFlow(own.network).peers, [
            { namespace: "dns", podLabels: { app: "coredns" } },
            { cidr: "169.254.20.10/32" },
        ]);
    });

    it("reach the API server where the environment says that it is, and fail where it does not", () => {
        const known = foundation({ apiServer: { cidrs: ["10.96.0.1/32", "10.0.0.0/28"], ports: [443, 6443] } });
        assert.deepEqual(apiServerFlow(known.network, "it"), {
            peers: [{ cidr: "10.96.0.1/32" }, { cidr: "10.0.0.0/28" }],
            ports: tcp(443, 6443),
        });
        assert.throws(() => apiServerFlow(foundation().network, "it"), {
            message: "it calls the Kubernetes API, but cluster.apiServer does not say where it is",
        });
    });

    it("are read from settings, TCP by default", () => {
        const given = egressSettings.parse({
            to: [{ cidr: "10.0.0.0/8" }],
            ports: [{ port: 1 }, { port: 2, protocol: "UDP" }],
        });
        assert.deepEqual(egressFlows([given]), [
            {
                peers: [{ cidr: "10.0.0.0/8" }],
                ports: [
                    { port: 1, protocol: "TCP" },
                    { port: 2, protocol: "UDP" },
                ],
            },
        ]);
        assert.throws(() => egressSettings.parse({ to: [], ports: [{ port: 1 }] }));
        assert.throws(() => egressSettings.parse({ to: [{ cidr: "10.0.0.0/8" }], ports: [] }));
    });
});
