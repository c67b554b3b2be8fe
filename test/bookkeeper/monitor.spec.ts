import * as assert from "node:assert/strict";
import { bookkeeperAlerts, type BookKeeperWatched } from "../../components/monitoring/alerts/bookkeeper";
import { monitoringSettings } from "../../components/monitoring/schema";
import { all, at, find, listAt } from "../support/plans";
import { type Overrides, planned } from "./fixtures";

const monitoring = monitoringSettings.parse({ scrapers: [{ namespace: "prometheus" }] });
const watched: BookKeeperWatched = {
    namespace: "store",
    objectName: "books",
    bookies: 4,
    claims: ["journal", "ledgers"],
    diskUsageThreshold: 90,
    metrics: true,
};
const named = (given: Partial<BookKeeperWatched>, name: string) =>
    bookkeeperAlerts({ ...watched, ...given }).find((alert) => alert.name === name);

describe("watched bookies", () => {
    const kinds = async (settings: Overrides["settings"]) => {
        const { plan } = await planned({ settings: settings ?? {}, foundation: { monitoring } });
        return plan.resources
            .filter(({ type }) => type.startsWith("kubernetes:monitoring.coreos.com/"))
            .map(({ name }) => name)
            .sort();
    };

    it("are read and have alerts, where the environment is watched", async () => {
        assert.deepEqual(await kinds({}), ["books-monitor-bookies", "books-monitor-rules"]);
        assert.deepEqual(await kinds({ autorecovery: { kind: "pods" } }), [
            "books-monitor-autorecovery",
            "books-monitor-bookies",
            "books-monitor-rules",
        ]);
        assert.deepEqual(await kinds({ metrics: false }), ["books-monitor-rules"]);
        assert.deepEqual(await kinds({ monitoring: { alerts: false } }), ["books-monitor-bookies"]);
        assert.deepEqual(await kinds({ monitoring: { enabled: false } }), []);
    });

    it("let the environment's scrapers in", async () => {
        const { plan } = await planned({ foundation: { monitoring } });
        assert.deepEqual(at(find(plan, "NetworkPolicy").inputs, "spec.ingress[1]"), {
            from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "prometheus" } } }],
            ports: [{ protocol: "TCP", port: 8080 }],
        });
        assert.equal(at(listAt(all(plan, "PodMonitor")[0]?.inputs, "spec.podMetricsEndpoints")[0], "path"), "/metrics");
    });
});

describe("the alerts of bookies", () => {
    it("are called when more than one is missing", () => {
        const expr = named({}, "BookKeeperTooFewBookies")?.expr ?? "";
        assert.match(
            expr,
            /bookie_SERVER_STATUS\{namespace="store",pod=~"books-\[0-9\]\+"\}\) == 1\) or vector\(0\)\) < 3 /,
        );
        assert.match(named({ bookies: 1 }, "BookKeeperTooFewBookies")?.expr ?? "", / < 1 /);
    });

    it("are called for a bookie that takes no entries, and before one does so", () => {
        assert.equal(
            named({}, "BookKeeperReadOnly")?.expr,
            'bookie_SERVER_STATUS{namespace="store",pod=~"books-[0-9]+"} < 1',
        );
        assert.match(
            named({}, "BookKeeperLedgersFilling")?.expr ?? "",
            /^bookie_ledger_dir__bookkeeper_data_ledgers_usage\{.*\} > 80$/,
        );
    });

    it("count the pods of autorecovery among those that are read, and not among the bookies", () => {
        const autorecovery = { objectName: "books-autorecovery", replicas: 2 };
        const missing = named({ autorecovery }, "BookKeeperMetricsMissing")?.expr ?? "";
        assert.match(missing, /< 6$/);
        assert.match(missing, /books-autorecovery/);
        assert.match(named({}, "BookKeeperMetricsMissing")?.expr ?? "", /< 4$/);
        assert.doesNotMatch(named({ autorecovery }, "BookKeeperReadOnly")?.expr ?? "", /autorecovery/);
    });

    it("are those from outside alone where nothing is exported", () => {
        const exprs = bookkeeperAlerts({ ...watched, metrics: false }).map(({ expr }) => expr);
        assert.ok(exprs.length > 3);
        exprs.forEach((expr) => assert.doesNotMatch(expr, /bookie_|up\{/));
    });

    it("watch the volumes of every bookie", () =>
        assert.match(named({}, "BookKeeperVolumeFilling")?.expr ?? "", /journal-books-\[0-9\]\+\|ledgers-books-/));
});
