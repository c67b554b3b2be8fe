import * as assert from "node:assert/strict";
import { Heron } from "../../components/heron/heron";
import type { HeronSettings } from "../../components/heron/schema";
import { foundation } from "../support/foundation";
import { all, at, find, listAt, mapAt } from "../support/plans";
import { apiServer, onBookies, type Overrides, planned, waitsFor, zookeeper } from "./fixtures";

const pod = "spec.template.spec";
const peers = [{ cidr: "10.9.0.0/16" }];

describe("Heron's stores", () => {
    it("are the stack's ensemble by default, and nothing else", async () => {
        const { plan } = await planned();
        assert.deepEqual([...all(plan, "ZooKeeper"), ...all(plan, "BookKeeper"), ...all(plan, "DlogNamespace")], []);
        await assert.rejects(
            planned({ zookeeper: undefined }),
            /zookeeper\.kind is shared, but the stack has no ensemble/,
        );
    });

    it("may be somebody else's", async () => {
        const external: HeronSettings = { zookeeper: { kind: "external", connectionString: "else:2181", peers } };
        const { plan } = await planned({ zookeeper: undefined, settings: external });
        const data = mapAt(find(plan, "ConfigMap", "heron-config").inputs, "data");
        assert.match(String(data["statemgr.yaml"]), /connection\.string: else:2181/);
    });

    it("come one after another: ZooKeeper, bookies, their namespace, then the tools [heron-P1]", async () => {
        const { plan } = await planned({ settings: { ...onBookies, zookeeper: { kind: "ensemble" } } });
        assert.ok(waitsFor(plan, find(plan, "BookKeeper")).includes("heron-zookeeper-ensemble-set"));
        assert.ok(waitsFor(plan, find(plan, "DlogNamespace")).includes("heron-bookkeeper-bookies-set"));
        for (const tool of ["apiserver", "tracker"]) {
            const before = waitsFor(plan, find(plan, "MasterSet", `heron-${tool}`));
            assert.ok(before.includes("heron-dlog-task-job"), `${tool} after ${before.join(", ")}`);
            assert.ok(before.includes("heron-zookeeper-ensemble-set"), `${tool} after ${before.join(", ")}`);
        }
        assert.ok(waitsFor(plan, find(plan, "MasterSet", "heron-ui")).includes("heron-tracker-deployment"));
        assert.equal(find(plan, "Heron").inputs["dlogPath"], "/heronbkdl");
        const data = mapAt(find(plan, "ConfigMap", "heron-config").inputs, "data");
        const uri = String(find(plan, "DlogNamespace").inputs["uri"]);
        assert.match(uri, /\/heronbkdl$/);
        assert.ok(String(data["uploader.yaml"]).includes(uri));
    });

    it("follow dlogPath", async () => {
        const { plan } = await planned({ settings: { ...onBookies, dlogPath: "/packages" } });
        assert.match(String(find(plan, "DlogNamespace").inputs["uri"]), /\/packages$/);
    });

    it("let in Heron's own parts: ZooKeeper", async () => {
        const { plan } = await planned({ settings: { ...onBookies, zookeeper: { kind: "ensemble" } } });
        const [clients] = listAt(find(plan, "NetworkPolicy", "heron-zookeeper").inputs, "spec.ingress");
        assert.deepEqual(
            listAt(clients, "from").map((peer) => [
                at(peer, 'podSelector.matchLabels["app.kubernetes.io/component"]') ??
                    at(peer, "podSelector.matchLabels.app"),
                at(peer, 'namespaceSelector.matchLabels["kubernetes.io/metadata.name"]'),
            ]),
            [
                ["apiserver", "dev-heron"],
                ["tracker", "dev-heron"],
                ["heron", "dev-topologies"],
                ["bookie", "dev-heron"],
                ["dlog-bind", "dev-heron"],
            ],
        );
    });

    it("let in Heron's own parts: bookies", async () => {
        const { plan } = await planned({ settings: onBookies });
        const text = JSON.stringify(at(find(plan, "NetworkPolicy", "heron-bookkeeper").inputs, "spec.ingress"));
        assert.match(text, /"app\.kubernetes\.io\/component":"apiserver"/);
        assert.match(text, /"podSelector":\{"matchLabels":\{"app":"heron"\}\}/);
    });

    it("keep ZooKeeper's state, and never lose its quorum to a drain [heron-P6]", async () => {
        const { plan } = await planned({ settings: { zookeeper: { kind: "ensemble" } } });
        const set = find(plan, "StatefulSet", "heron-zookeeper");
        const labels = mapAt(set.inputs, "spec.template.metadata.labels");
        const budget = find(plan, "PodDisruptionBudget", "heron-zookeeper");
        assert.equal(at(set.inputs, "spec.replicas"), 3);
        assert.equal(at(set.inputs, "spec.volumeClaimTemplates[0].metadata.name"), "data");
        assert.equal(at(budget.inputs, "spec.maxUnavailable"), 1);
        const anti = `${pod}.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector.matchLabels`;
        for (const selector of [mapAt(budget.inputs, "spec.selector.matchLabels"), mapAt(set.inputs, anti)]) {
            assert.ok(Object.entries(selector).every(([key, value]) => labels[key] === value));
        }
        assert.equal(
            at(find(plan, "Service", "heron-zookeeper-members").inputs, "spec.publishNotReadyAddresses"),
            true,
        );
    });

    it("purge old snapshots, and are ready only in a quorum [heron-P7]", async () => {
        const { plan } = await planned({ settings: { zookeeper: { kind: "ensemble" } } });
        const data = mapAt(find(plan, "ConfigMap", "heron-zookeeper-config").inputs, "data");
        assert.match(String(data["zoo.cfg"]), /^autopurge\.purgeInterval=6$/m);
        const set = find(plan, "StatefulSet", "heron-zookeeper");
        assert.match(JSON.stringify(at(set.inputs, `${pod}.containers[0].readinessProbe`)), /srvr/);
        // No script of Heron's image writes the ensemble's configuration.
        assert.match(String(at(set.inputs, `${pod}.containers[0].image`)), /\/zookeeper:/);
    });
});

describe("Heron's arguments", () => {
    it("name two namespaces", () => {
        const one = { namespace: "x", topologyNamespace: "x", settings: {}, zookeeper };
        assert.throws(
            () => new Heron("heron", { foundation: foundation({ apiServer }), ...one }),
            /heron: the topology namespace must be another than the control namespace/,
        );
    });
});

describe("Heron's monitors", () => {
    const monitoring = { labels: {}, interval: "30s", scrapers: [{ namespace: "m" }], alerts: true, alertLabels: {} };

    it("read topologies by the name that their template gives the port, and watch the tools", async () => {
        const { plan } = await planned({ foundation: { monitoring } });
        const monitor = find(plan, "PodMonitor");
        assert.equal(at(monitor.inputs, "metadata.namespace"), "dev-topologies");
        assert.deepEqual(at(monitor.inputs, "spec.selector.matchLabels"), { app: "heron" });
        assert.equal(at(monitor.inputs, "spec.podMetricsEndpoints[0].port"), "metrics");
        assert.deepEqual(at(monitor.inputs, "spec.podTargetLabels"), ["topology"]);
        const rules = find(plan, "PrometheusRule");
        assert.equal(at(rules.inputs, "metadata.namespace"), "dev-heron");
        assert.match(JSON.stringify(rules.inputs["spec"]), /heron-apiserver\|heron-tracker\|heron-ui/);
        assert.match(JSON.stringify(rules.inputs["spec"]), /heron-packages/);
    });

    const off: readonly (readonly [string, Overrides])[] = [
        ["monitoring is off", { foundation: { monitoring }, settings: { monitoring: { enabled: false } } }],
        ["the environment is not watched", {}],
    ];
    for (const [what, overrides] of off) {
        it(`are none where ${what}`, async () => {
            const { plan } = await planned(overrides);
            assert.deepEqual([...all(plan, "PodMonitor"), ...all(plan, "PrometheusRule")], []);
        });
    }

    it("read nothing where topologies serve nothing", async () => {
        const { plan } = await planned({ foundation: { monitoring }, settings: { metrics: { prometheus: false } } });
        assert.deepEqual(all(plan, "PodMonitor"), []);
    });
});
