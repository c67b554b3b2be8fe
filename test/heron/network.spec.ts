import * as assert from "node:assert/strict";
import type { Peer } from "../../components/foundation/networkPolicy";
import { heronFlows } from "../../components/heron/network";
import type { HeronSettings } from "../../components/heron/schema";
import { given, onBookies, type Overrides } from "./fixtures";

const tool = (component: string): Peer => ({
    namespace: "dev-heron",
    podLabels: {
        "app.kubernetes.io/name": "heron",
        "app.kubernetes.io/instance": "heron",
        "app.kubernetes.io/component": component,
    },
});
const topologies: Peer = { namespace: "dev-topologies", podLabels: { app: "heron" } };
const others: Peer = { podLabels: { app: "heron" } };
const zookeeper = { peers: [{ namespace: "zk" }], ports: [2181] };
const kubernetes = { peers: [{ cidr: "10.0.0.1/32" }], ports: [6443] };
const bookies = { peers: [{ podLabels: { app: "bookie" } }], ports: [3181] };
const amongTopologies = [6001, 6002, 6003, 6005, 6006, 6007, 6008, 6009];
const store: Peer[] = [{ cidr: "10.9.0.0/16" }];
const team: Peer = { namespace: "team" };

const dlog = { uri: "distributedlog://zk/x", flow: { peers: bookies.peers, ports: [{ port: 3181 }] } };

/** Flows with plain port numbers, without those that nobody uses. */
function flows(settings: HeronSettings = {}, overrides: Overrides = {}) {
    const of = heronFlows(
        given({ settings, ...overrides }, "uploader" in settings || "bookkeeper" in settings ? dlog : undefined),
    );
    const plain = (list: (typeof of)["ui"]["ingress"]) =>
        list
            .filter((flow) => flow.peers.length > 0)
            .map(({ peers, ports }) => ({ peers, ports: ports.map(({ port }) => port) }));
    return Object.fromEntries(
        Object.entries(of).map(([part, { ingress, egress }]) => [
            part,
            { ingress: plain(ingress), egress: plain(egress) },
        ]),
    );
}

describe("the flows", () => {
    it("open nothing to anybody else by default, and the shell to the tracker only", () => {
        assert.deepEqual(flows(), {
            apiserver: {
                ingress: [{ peers: [topologies], ports: [9000] }],
                egress: [kubernetes, zookeeper, { peers: [topologies], ports: [6002] }],
            },
            tracker: {
                ingress: [{ peers: [tool("ui")], ports: [8888] }],
                egress: [zookeeper, { peers: [topologies], ports: [6003, 6004] }],
            },
            ui: { ingress: [], egress: [{ peers: [tool("tracker")], ports: [8888] }] },
            topology: {
                ingress: [
                    { peers: [others], ports: amongTopologies },
                    { peers: [tool("apiserver")], ports: [6002] },
                    { peers: [tool("tracker")], ports: [6003, 6004] },
                ],
                egress: [
                    { peers: [others], ports: amongTopologies },
                    zookeeper,
                    { peers: [tool("apiserver")], ports: [9000] },
                ],
            },
        });
    });

    it("keep topologies from the API server where packages lie elsewhere", () => {
        const { apiserver, topology } = flows(onBookies);
        assert.deepEqual(apiserver, {
            ingress: [],
            egress: [kubernetes, zookeeper, bookies, { peers: [topologies], ports: [6002] }],
        });
        assert.deepEqual(topology?.egress, [{ peers: [others], ports: amongTopologies }, zookeeper, bookies]);
    });

    it("lead topologies alone to the bookies for checkpoints", () => {
        const { apiserver, topology } = flows({ statefulStorage: { kind: "dlog" }, bookkeeper: {} });
        assert.deepEqual(apiserver?.egress, [kubernetes, zookeeper, { peers: [topologies], ports: [6002] }]);
        assert.deepEqual(topology?.egress[2], bookies);
    });

    const s3: HeronSettings["uploader"] = { kind: "s3", bucket: "topologies", region: "eu", peers: store };
    const buckets: readonly (readonly [string, HeronSettings["uploader"], number, number])[] = [
        ["s3", s3, 443, 443],
        ["s3 with an endpoint", { ...s3, endpoint: "http://minio:9001" }, 9001, 9001],
        ["s3 with a proxy, which topologies do not know", { ...s3, proxy: "http://proxy:3128" }, 3128, 443],
        ["gcs", { kind: "gcs", bucket: "topologies", peers: store }, 443, 443],
    ];
    for (const [what, uploader, up, down] of buckets) {
        it(`lead to a bucket: ${what}`, () => {
            const { apiserver, topology } = flows({ uploader });
            assert.deepEqual(apiserver?.egress[2], { peers: store, ports: [up] });
            assert.deepEqual(topology?.egress.at(-1), { peers: store, ports: [down] });
        });
    }

    const scrapers = [{ namespace: "monitoring" }];
    const monitoring = { labels: {}, interval: "30s", scrapers, alerts: true, alertLabels: {} };
    const cases: readonly (readonly [
        string,
        HeronSettings,
        Overrides,
        string,
        "ingress" | "egress",
        Peer[],
        number[],
    ])[] = [
        [
            "apiServer.clients",
            { ...onBookies, apiServer: { clients: [team] } },
            {},
            "apiserver",
            "ingress",
            [team],
            [9000],
        ],
        ["tracker.clients", { tracker: { clients: [team] } }, {}, "tracker", "ingress", [tool("ui"), team], [8888]],
        ["ui.clients", { ui: { clients: [team] } }, {}, "ui", "ingress", [team], [8889]],
        ["metrics.scrapers", { metrics: { scrapers: [team] } }, {}, "topology", "ingress", [team], [8080]],
        ["the environment's scrapers", {}, { foundation: { monitoring } }, "topology", "ingress", scrapers, [8080]],
        [
            "topologies.egress",
            { topologies: { egress: [{ to: [team], ports: [{ port: 9092 }] }] } },
            {},
            "topology",
            "egress",
            [team],
            [9092],
        ],
    ];
    for (const [what, settings, overrides, part, direction, peers, ports] of cases) {
        it(`follow ${what}`, () => {
            const list = flows(settings, overrides)[part]?.[direction] ?? [];
            assert.deepEqual(list.at(what.includes("clients") ? 0 : -1), { peers, ports });
        });
    }

    it("know no scraper without metrics", () => {
        const settings: HeronSettings = { metrics: { prometheus: false, scrapers: [team] } };
        assert.equal(flows(settings)["topology"]?.ingress.length, 3);
    });
});
