import * as assert from "node:assert/strict";
import type { Alert } from "../../components/monitoring/alerts/alert";
import { commonAlerts, podPattern, type Watched } from "../../components/monitoring/alerts/common";
import { openSearchAlerts } from "../../components/monitoring/alerts/opensearch";
import { terasliceAlerts } from "../../components/monitoring/alerts/teraslice";
import { uploaderAlerts } from "../../components/monitoring/alerts/uploader";
import { zookeeperAlerts } from "../../components/monitoring/alerts/zookeeper";
import { accepts, everyAlert, openSearch, selectorsIn, teraslice, uploader, zookeeper } from "./fixtures";

const names = (alerts: readonly Alert[]): string[] => alerts.map(({ name }) => name);
const named = (alerts: readonly Alert[], name: string): Alert => {
    const found = alerts.find((alert) => alert.name === name);
    assert.ok(found !== undefined, `${name} among ${names(alerts).join(", ")}`);
    return found;
};

/** Labels by which a selector takes part of a namespace. */
const narrowing = ["pod", "statefulset", "deployment", "persistentvolumeclaim", "job_name"];

for (const [system, { namespace, prefix, alerts }] of Object.entries(everyAlert)) {
    describe(`Alerts of ${system}`, () => {
        it("have names of their own that begin with the system's", () => {
            assert.equal(new Set(names(alerts)).size, alerts.length);
            names(alerts).forEach((name) => assert.match(name, new RegExp(`^${prefix}[A-Z][A-Za-z]+$`)));
        });
        for (const alert of alerts) {
            it(`${alert.name} looks at its own pods only`, () => {
                const selectors = selectorsIn(alert.expr);
                assert.ok(selectors.length > 0, alert.expr);
                for (const { metric, labels } of selectors) {
                    assert.equal(labels["namespace"], namespace, metric);
                    assert.ok(
                        narrowing.some((label) => label in labels),
                        `${metric} selects part of the namespace`,
                    );
                }
                // No metric stands without a selector: what is left are functions, operators and grouping labels.
                const bare = alert.expr
                    .replace(/\{[^}]*\}/g, "{}")
                    .replace(/\b(on|by) \([^)]*\)/g, "")
                    .match(/[a-z_]{2,}\b(?!\s*[({])/g);
                assert.deepEqual(
                    (bare ?? []).filter((word) => !["or", "and"].includes(word)),
                    [],
                );
            });
            it(`${alert.name} says how urgent, after how long, and what to do`, () => {
                assert.ok(["critical", "warning"].includes(alert.severity));
                assert.match(alert.for, /^[1-9][0-9]*[smh]$/);
                assert.match(alert.summary, /^[^\n]{10,120}$/);
                assert.match(
                    alert.description,
                    /(Look at|Look for|Find|Free|Give|Raise|Make|Delete|Take|Ask|Look whether) /,
                    "a remedy in the imperative",
                );
                assert.match(alert.description, /\.$/);
                assert.match(alert.runbook ?? "", new RegExp(`^docs/${system}\\.md$`));
            });
            it(`${alert.name} names in its text only labels that its series have`, () => {
                const aggregated = /^(\(count|sum|max|min)\(/.test(alert.expr);
                const used = [...`${alert.summary} ${alert.description}`.matchAll(/\$labels\.([a-z_]+)/g)];
                if (aggregated) {
                    assert.deepEqual(used, [], "an aggregation has no labels left");
                }
            });
        }
    });
}

describe("Pod names in alerts", () => {
    const set = podPattern({ kind: "StatefulSet", objectName: "zk.a" });
    const deployment = podPattern({ kind: "Deployment", objectName: "web" });
    const cases: readonly (readonly [string, string, boolean])[] = [
        [set, "zk.a-0", true],
        [set, "zk.a-12", true],
        [set, "zkxa-0", false],
        [set, "zk.a-b-0", false],
        [set, "other-zk.a-0", false],
        [deployment, "web-5d9c7b8f4-x2x7k", true],
        [deployment, "web-other-5d9c7b8f4-x2x7k", false],
        [deployment, "web-0", false],
    ];
    for (const [pattern, name, expected] of cases) {
        it(`${pattern} ${expected ? "takes" : "leaves"} ${name}`, () =>
            assert.equal(accepts(`~${pattern}`, name), expected));
    }
});

describe("Common alerts", () => {
    const watched: Watched = { system: "X", namespace: "ns", workloads: [], runbook: "docs/x.md" };
    const setOf = (claimTemplates?: readonly string[]) => ({
        ...watched,
        workloads: [{ kind: "StatefulSet" as const, objectName: "store", ...(claimTemplates && { claimTemplates }) }],
    });

    it("look at volumes only where there are claims, by the names that the control plane gives them", () => {
        assert.ok(!names(commonAlerts(setOf())).some((name) => name.includes("Volume")));
        const { expr } = named(commonAlerts(setOf(["data", "log"])), "XVolumeFilling");
        for (const { labels } of selectorsIn(expr)) {
            assert.ok(accepts(labels["persistentvolumeclaim"], "data-store-0"));
            assert.ok(accepts(labels["persistentvolumeclaim"], "log-store-2"));
            assert.ok(!accepts(labels["persistentvolumeclaim"], "data-store-b-0"));
        }
    });
    it("know shared claims by their own names", () => {
        const { expr } = named(uploaderAlerts(uploader), "UploaderVolumeFilling");
        assert.equal(selectorsIn(expr)[0]?.labels["persistentvolumeclaim"], "~uploader-packages");
    });
    it("take a StatefulSet by its pods that are missing, and a Deployment by its availability", () => {
        const of = (kind: "StatefulSet" | "Deployment") =>
            names(commonAlerts({ ...watched, workloads: [{ kind, objectName: "a" }] }));
        assert.ok(of("StatefulSet").includes("XPodsMissing") && !of("StatefulSet").includes("XUnavailable"));
        assert.ok(of("Deployment").includes("XUnavailable") && !of("Deployment").includes("XPodsMissing"));
    });
    it("take other pods where restarts are counted, and nowhere else", () => {
        const alerts = commonAlerts(setOf(), undefined, ["job-.+"]);
        const takes = alerts.filter(({ expr }) =>
            selectorsIn(expr).some(({ labels }) => "pod" in labels && accepts(labels["pod"], "job-1")),
        );
        assert.deepEqual(names(takes), ["XRestarts", "XOutOfMemory"]);
    });
});

describe("ZooKeeper's alerts", () => {
    const majorities: readonly (readonly [1 | 3 | 5 | 7, number])[] = [
        [1, 1],
        [3, 2],
        [5, 3],
        [7, 4],
    ];
    for (const [members, majority] of majorities) {
        it(`know that ${majority} of ${members} make a quorum`, () => {
            const alerts = zookeeperAlerts({ ...zookeeper, members });
            assert.match(named(alerts, "ZooKeeperQuorumLost").expr, new RegExp(` < ${majority}$`));
            assert.match(named(alerts, "ZooKeeperMetricsMissing").expr, new RegExp(` < ${members}$`));
            if (members > 1) {
                assert.match(named(alerts, "ZooKeeperFollowersMissing").expr, new RegExp(` < ${members - 1}$`));
            }
        });
    }
    it("ask a single member for no leader and no followers", () => {
        const single = zookeeperAlerts({ ...zookeeper, members: 1 });
        assert.ok(!single.some(({ expr }) => /leader_uptime|synced_followers|election/.test(expr)));
        assert.ok(names(single).includes("ZooKeeperOutstandingRequests"));
    });
    it("read no metrics that nobody exports", () => {
        const outside = zookeeperAlerts({ ...zookeeper, metrics: false });
        assertFromOutside(outside);
        assert.ok(names(outside).includes("ZooKeeperQuorumLost"));
    });
    it("look at the volumes that there are", () => {
        const one = named(zookeeperAlerts({ ...zookeeper, claims: ["data"] }), "ZooKeeperVolumeFilling");
        assert.equal(selectorsIn(one.expr)[0]?.labels["persistentvolumeclaim"], "~data-zookeeper-[0-9]+");
    });
});

describe("Teraslice's alerts", () => {
    it("read no metrics that nobody exports", () => {
        assertFromOutside(terasliceAlerts({ ...teraslice, metrics: false }));
    });
    it("know the pods of jobs", () => {
        const { expr } = named(terasliceAlerts(teraslice), "TerasliceRestarts");
        const { pod } = selectorsIn(expr)[0]?.labels ?? {};
        for (const name of [
            "teraslice-master-5d9c7b8f4-x2x7k",
            "ts-exc-my-job-0a1b2c3d-4e5f-xyz12",
            "ts-wkr-a-b-c-d",
        ]) {
            assert.ok(accepts(pod, name), name);
        }
        assert.ok(!accepts(pod, "other-ts-wkr-a"));
    });
    it("look at the volume of shared assets where there is one", () => {
        assert.ok(names(terasliceAlerts(teraslice)).includes("TerasliceVolumeFilling"));
        const without = terasliceAlerts({ ...teraslice, assetsClaim: undefined });
        assert.ok(!names(without).includes("TerasliceVolumeFilling"));
    });
    it("look at no single reading, since the master resets its metrics every ten seconds", () => {
        const own = terasliceAlerts(teraslice).filter(({ expr }) => expr.includes("teraslice_"));
        for (const { name, expr } of own) {
            const readings = selectorsIn(expr).filter(({ metric }) => metric.startsWith("teraslice_"));
            const windows = expr.match(/teraslice_[a-z_]+\{[^}]*\}\[\d+m\]/g) ?? [];
            assert.equal(windows.length, readings.length, name);
        }
        assert.ok(own.length >= 6);
    });
});

describe("OpenSearch's alerts", () => {
    const single = {
        namespace: "ns",
        nodes: [{ objectName: "opensearch", replicas: 1, clusterManagers: true, claims: ["data"] }],
    } as const;

    it("count cluster managers only for the quorum", () => {
        const { expr } = named(openSearchAlerts(openSearch), "OpenSearchQuorumLost");
        assert.equal(selectorsIn(expr)[0]?.labels["statefulset"], "~opensearch-managers");
        assert.match(expr, / < 2$/);
        const all = openSearch.nodes.map((nodes) => ({ ...nodes, clusterManagers: true }));
        assert.match(named(openSearchAlerts({ ...openSearch, nodes: all }), "OpenSearchQuorumLost").expr, / < 3$/);
    });
    it("look at the nodes of every set", () => {
        const { expr } = named(openSearchAlerts(openSearch), "OpenSearchPodNotReady");
        const { pod } = selectorsIn(expr)[0]?.labels ?? {};
        assert.ok(accepts(pod, "opensearch-managers-0") && accepts(pod, "opensearch-data-1"));
        assert.match(named(openSearchAlerts(openSearch), "OpenSearchMetricsMissing").expr, / < 5$/);
    });
    it("follow the watermarks", () => {
        const alerts = openSearchAlerts(openSearch);
        assert.match(named(alerts, "OpenSearchVolumeFilling").expr, / < 0\.15$/);
        assert.match(named(alerts, "OpenSearchVolumeNearlyFull").expr, / < 0\.1$/);
        assert.match(named(alerts, "OpenSearchVolumeNearlyFull").description, /flood_stage/);
    });
    it("read the exporter only where there is one", () => {
        assertFromOutside(openSearchAlerts(single));
        assertFromOutside(openSearchAlerts({ ...openSearch, exporterPort: undefined }));
    });
    it("take yellow for the normal state of a single node", () => {
        const alerts = openSearchAlerts({ ...single, exporterPort: "http" });
        assert.ok(names(alerts).includes("OpenSearchRed"));
        assert.deepEqual(
            names(alerts).filter((name) => /Yellow|NodesMissing/.test(name)),
            [],
        );
    });
});

describe("The uploader's alerts", () => {
    it("are all seen from outside", () => assertFromOutside(uploaderAlerts(uploader)));
    it("look at inodes too, for many small files", () => {
        assert.ok(names(uploaderAlerts(uploader)).includes("UploaderInodesNearlyUsed"));
    });
});

function assertFromOutside(alerts: readonly Alert[]): void {
    assert.ok(alerts.length > 0);
    const own = alerts.flatMap(({ expr }) => selectorsIn(expr)).filter(({ metric }) => !/^kube(let)?_/.test(metric));
    assert.deepEqual(own, []);
}
