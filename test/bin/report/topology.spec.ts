import * as assert from "node:assert/strict";
import { layoutOf, portsText, type Rectangle, textWidth } from "../../../bin/report/layout";
import { endName } from "../../../bin/report/flows";
import { allPorts, type Flow, type Topology, topologyOf } from "../../../bin/report/topology";
import { rackLabel } from "../../../components/foundation/labels";
import type { PlannedResource } from "../../../bin/plan/plan";
import { planStack } from "../../../bin/plan/stack";
import { stackFiles } from "../../../bin/project";
import { stackNames } from "../../../stacks/load";
import { object } from "../diff/support";

type Labels = Readonly<Record<string, string>>;

const namespace = (name: string): PlannedResource => object("v1:Namespace", name);
const pods = (path: string, labels: Labels, kind = "apps/v1:Deployment"): PlannedResource =>
    object(kind, path, { spec: { replicas: 2, template: { metadata: { labels }, spec: { containers: [] } } } });
const policy = (
    path: string,
    labels: Labels,
    ingress?: readonly unknown[],
    egress?: readonly unknown[],
): PlannedResource =>
    object("networking.k8s.io/v1:NetworkPolicy", path, {
        spec: {
            podSelector: { matchLabels: labels },
            policyTypes: [...(ingress === undefined ? [] : ["Ingress"]), ...(egress === undefined ? [] : ["Egress"])],
            ingress: ingress ?? [],
            egress: egress ?? [],
        },
    });
const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: "TCP" }));
const inSpace = (name: string, labels?: Labels) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
    ...(labels && { podSelector: { matchLabels: labels } }),
});
const shown = (topology: Topology, flows: readonly Flow[] = topology.flows): string[] =>
    flows.map(({ from, to, ports }) => {
        const callers = from.map((id) => endName(id, topology)).join(", ");
        return `${callers} -> ${endName(to, topology)} ${ports.join(" ")}`;
    });

const spaces = [namespace("a"), namespace("b")];
const web = pods("a/web", { app: "web" });
const store = pods("b/store", { app: "store" }, "apps/v1:StatefulSet");
const send = policy(
    "a/web-network",
    { app: "web" },
    [],
    [{ to: [inSpace("b", { app: "store" })], ports: tcp(80, 81) }],
);
const receive = policy("b/store-network", { app: "store" }, [{ from: [inSpace("a")], ports: tcp(80, 82) }], []);

describe("topology", () => {
    it("opens what the one may send and the other lets in, and tells what only one end allows", () => {
        const topology = topologyOf([...spaces, web, store, send, receive]);
        assert.deepEqual(shown(topology), ["a / web -> b / store 80"]);
        assert.deepEqual(shown(topology, topology.closed), ["a / web -> b / store 81"]);
    });

    const cases: readonly (readonly [string, readonly PlannedResource[], readonly string[]])[] = [
        ["nothing without policies: they open nothing", [...spaces, web, store], []],
        ["one end where the other has no policy", [...spaces, web, store, send], ["a / web -> b / store 80 81"]],
        [
            "every port and everyone for a rule that names none",
            [...spaces, web, policy("a/open", { app: "web" }, [{}])],
            [`outside the cluster / anyone, a / web -> a / web ${allPorts}`],
        ],
        [
            "a namespace as a whole for a policy of all its pods",
            [
                ...spaces,
                web,
                policy(
                    "a/dns",
                    {},
                    [],
                    [
                        {
                            to: [inSpace("kube-system", { "k8s-app": "kube-dns" })],
                            ports: [{ port: 53, protocol: "UDP" }],
                        },
                    ],
                ),
            ],
            ["every pod of a -> kube-system / kube-dns 53/UDP"],
        ],
        [
            "networks outside, the API server by its name",
            [
                ...spaces,
                web,
                policy(
                    "a/out",
                    { app: "web" },
                    [],
                    [
                        {
                            to: [{ ipBlock: { cidr: "10.0.0.1/32" } }, { ipBlock: { cidr: "192.0.2.0/24" } }],
                            ports: tcp(443),
                        },
                    ],
                ),
            ],
            [
                "a / web -> outside the cluster / 192.0.2.0/24 443",
                "a / web -> outside the cluster / Kubernetes API server 443",
            ],
        ],
        [
            "callers of other namespaces, by name and by label",
            [
                ...spaces,
                web,
                policy("a/in", { app: "web" }, [
                    {
                        from: [
                            inSpace("monitoring", { app: "prometheus" }),
                            { namespaceSelector: { matchLabels: { team: "x" } } },
                        ],
                        ports: tcp(9090),
                    },
                ]),
            ],
            ["monitoring / prometheus, other namespaces: team=x / all pods -> a / web 9090"],
        ],
        [
            "started pods for what a policy selects and no set has",
            [
                ...spaces,
                web,
                policy("a/job-network", { app: "job" }, [
                    { from: [{ podSelector: { matchLabels: { app: "web" } } }], ports: tcp(1) },
                ]),
            ],
            ["a / web -> a / job 1"],
        ],
        [
            "the racks of a cluster as one",
            [
                ...spaces,
                ...["1", "2"].map((rack) =>
                    pods(`a/db-${rack}`, { app: "db", [rackLabel]: rack }, "apps/v1:StatefulSet"),
                ),
                policy("a/n", { app: "db" }, [
                    { from: [{ podSelector: { matchLabels: { app: "db" } } }], ports: tcp(7) },
                ]),
            ],
            ["a / db -> a / db 7"],
        ],
        [
            "a port within a range, and any port of a protocol",
            [
                ...spaces,
                web,
                store,
                policy(
                    "a/w",
                    { app: "web" },
                    [],
                    [{ to: [inSpace("b")], ports: [...tcp(85, 99), { port: 53, protocol: "UDP" }] }],
                ),
                policy("b/s", { app: "store" }, [
                    { from: [inSpace("a")], ports: [{ port: 80, endPort: 90, protocol: "TCP" }, { protocol: "UDP" }] },
                ]),
            ],
            ["a / web -> b / store 53/UDP 85"],
        ],
        [
            "a selector by expressions",
            [
                ...spaces,
                web,
                store,
                policy("b/s", { app: "store" }, [
                    {
                        from: [
                            {
                                namespaceSelector: {},
                                podSelector: { matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] },
                            },
                        ],
                        ports: tcp(1),
                    },
                ]),
            ],
            ['other namespaces: any / {"key":"app","operator":"NotIn","values":["web"]}, b / store -> b / store 1'],
        ],
    ];
    for (const [what, resources, flows] of cases) {
        it(`shows ${what}`, () => {
            assert.deepEqual(shown(topologyOf(resources, ["10.0.0.1/32"])), flows);
        });
    }

    it("marks what holds data, what is protected and what is started", () => {
        const { boxes } = topologyOf([
            ...spaces,
            web,
            { ...store, protect: true },
            receive,
            policy("a/x-network", { x: "y" }, []),
        ]);
        const ends = boxes
            .flatMap((box) => box.ends)
            .map(({ title, kind, stateful, protect }) => [title, kind, stateful, protect]);
        assert.deepEqual(ends, [
            ["web", "pods", false, false],
            ["x", "started", false, false],
            ["store", "pods", true, true],
        ]);
    });

    it("writes runs of ports as ranges, and what stands for a protocol in words", () => {
        assert.equal(portsText(["80", "6001", "6002", "6003", "6005", "6006"]), "80 6001–6003 6005 6006");
        assert.equal(portsText(["all", "all/UDP", "53/UDP"]), "all TCP all UDP 53/UDP");
    });
});

describe("the layout of every stack", function () {
    this.timeout(60_000);
    const overlap = (a: Rectangle, b: Rectangle): boolean =>
        a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
    const within = (inner: Rectangle, outer: Rectangle): boolean =>
        inner.x >= outer.x &&
        inner.y >= outer.y &&
        inner.x + inner.width <= outer.x + outer.width &&
        inner.y + inner.height <= outer.y + outer.height;

    for (const stack of stackNames(stackFiles())) {
        describe(stack, () => {
            let topology: Topology;
            before(async () => {
                topology = topologyOf((await planStack(stack, stackFiles())).plan.resources);
            });

            it("has both ends of every flow, and the same each time", () => {
                const ids = new Set(topology.boxes.flatMap(({ id, ends }) => [id, ...ends.map((end) => end.id)]));
                assert.ok(topology.flows.length > 0);
                topology.flows.forEach(({ from, to }) => [...from, to].forEach((id) => assert.ok(ids.has(id), id)));
                assert.equal(JSON.stringify(layoutOf(topology)), JSON.stringify(layoutOf(topology)));
            });

            it("opens no connection at one end only", () => {
                assert.deepEqual(shown(topology, topology.closed), []);
            });

            it("keeps boxes apart, texts inside, and lines off each other", () => {
                const { width, height, boxes, flows } = layoutOf(topology);
                const whole = { x: 0, y: 0, width, height };
                boxes.forEach((box, index) => {
                    assert.ok(within(box, whole));
                    boxes.slice(index + 1).forEach((other) => assert.ok(!overlap(box, other)));
                    box.ends.forEach((end, at) => {
                        assert.ok(within(end, box), end.end.title);
                        box.ends.slice(at + 1).forEach((other) => assert.ok(!overlap(end, other)));
                        end.texts.forEach(({ x, y, text, size, align }) => {
                            const length = textWidth(text, size);
                            const left = align === "end" ? x - length : x;
                            assert.ok(within({ x: left, y: y - size, width: length, height: size }, end), text);
                        });
                    });
                });
                const drawn = topology.flows.filter(({ from, to }) => from.some((id) => id !== to));
                assert.equal(flows.length, drawn.length);
                flows.forEach((flow, index) => {
                    assert.ok(flow.x > flow.into.x && flow.x < width && flow.joins.length > 0);
                    const crossing = flows
                        .slice(index + 1)
                        .filter((other) => other.x === flow.x && other.top <= flow.bottom && flow.top <= other.bottom);
                    assert.deepEqual(crossing, []);
                });
            });
        });
    }
});
