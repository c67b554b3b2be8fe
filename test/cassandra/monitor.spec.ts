import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { cassandraAlerts, type CassandraWatched } from "../../components/cassandra/alerts";
import { jmxAgentYaml, metricNames } from "../../components/cassandra/jmxAgentYaml";
import { racksOf } from "../../components/cassandra/ring";
import type { CassandraSettings } from "../../components/cassandra/schema";
import { monitoringSettings } from "../../components/monitoring/schema";
import { foundation } from "../support/foundation";
import { all, at, find, listAt } from "../support/plans";
import { parsed, planned, threeRacks } from "./fixtures";

const monitoring = monitoringSettings.parse({ scrapers: [{ namespace: "prometheus" }] });
const exporter = { image: "reg.example.com/agent:1", jar: "/agent.jar" };
const watched = (settings: CassandraSettings): CassandraWatched => {
    const given = parsed(settings);
    return { namespace: "store", instance: "ring", racks: racksOf("ring", given.racks), settings: given };
};
const names = (settings: CassandraSettings) => cassandraAlerts(watched(settings)).map(({ name }) => name);
const named = (settings: CassandraSettings, name: string) =>
    cassandraAlerts(watched(settings)).find((alert) => alert.name === name)?.expr ?? "";

describe("a watched datacenter", () => {
    const kinds = async (settings: CassandraSettings) => {
        const { plan } = await planned({ settings, foundation: foundation({ monitoring }) });
        return plan.resources
            .filter(({ type }) => type.startsWith("kubernetes:monitoring.coreos.com/"))
            .map(({ name }) => name)
            .sort();
    };

    it("has alerts where the environment is watched, and is read where it has the agent", async () => {
        assert.deepEqual(await kinds({}), ["ring-monitor-rules"]);
        assert.deepEqual(await kinds({ exporter }), ["ring-monitor-nodes", "ring-monitor-rules"]);
        assert.deepEqual(await kinds({ exporter, monitoring: { enabled: false } }), []);
    });

    it("has the agent in each node, and lets scrapers in to it alone", async () => {
        const { plan } = await planned({
            settings: { ...threeRacks, exporter, scrapers: [{ namespace: "own" }] },
            foundation: foundation({ monitoring }),
        });
        const from = ["own", "prometheus"].map((name) => ({
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
        }));
        for (const rack of ["a", "b", "c"]) {
            const rules = listAt(find(plan, "NetworkPolicy", `ring-${rack}`).inputs, "spec.ingress");
            assert.deepEqual(rules.at(-1), { from, ports: [{ protocol: "TCP", port: 9404 }] });
        }
        const data = at(find(plan, "ConfigMap", "ring-jmx-agent").inputs, "data");
        assert.deepEqual(data, { "jmx-agent.yaml": jmxAgentYaml });
        assert.match(String(at(find(plan, "ConfigMap", "ring-config").inputs, 'data["jvm-options"]')), /-javaagent:/);
        assert.equal(at(all(plan, "PodMonitor")[0]?.inputs, "spec.podMetricsEndpoints[0].port"), "metrics");
    });

    it("has no port for metrics without it", async () => {
        const { plan } = await planned({ settings: { scrapers: [{ namespace: "own" }] } });
        assert.doesNotMatch(JSON.stringify(plan.resources.map(({ inputs }) => inputs)), /9404|"own"/);
    });
});

describe("the alerts of a datacenter", () => {
    it("tell of pods, volumes and repair by what is seen from outside", () => {
        assert.ok(names({}).includes("CassandraPodNotReady"));
        assert.ok(names({}).includes("CassandraRepairLate"));
        assert.ok(!names({ repair: { enabled: false } }).includes("CassandraRepairLate"));
        assert.match(named({}, "CassandraRepairLate"), /cronjob="ring-repair"\} > 9 \* 86400/);
    });

    it("are called while a volume still has room for compaction", () => {
        assert.match(named({}, "CassandraVolumeFilling"), / < 0\.4$/);
        assert.match(
            named({ commitlogStorage: "5Gi" }, "CassandraVolumeNearlyFull"),
            /commitlog-ring-rack1-.* < 0\.2$/,
        );
    });

    it("look at all racks and nothing else", () => {
        assert.match(named(threeRacks, "CassandraPodNotReady"), /pod=~"\(ring-a-\[0-9\]\+\|ring-b-\[0-9\]\+\|ring-c-/);
    });

    it("tell of the ring by the agent's metrics alone", () => {
        const ring = ["CassandraNodesDown", "CassandraUnavailable", "CassandraTimeouts", "CassandraDroppedMessages"];
        for (const name of [...ring, "CassandraCompactionsPending", "CassandraExceptions", "CassandraMetricsMissing"]) {
            assert.ok(names({ exporter }).includes(name), name);
            assert.ok(!names({}).includes(name), name);
        }
        assert.match(named({ ...threeRacks, exporter }, "CassandraMetricsMissing"), / < 9$/);
    });

    it("use metrics that the agent's configuration makes, of beans that it reads", () => {
        const config = parse(jmxAgentYaml) as {
            includeObjectNames: string[];
            rules: { name: string; pattern: string }[];
        };
        const made = config.rules.map(({ name }) => name);
        for (const name of Object.values(metricNames)) {
            assert.ok(made.includes(name), name);
        }
        for (const { pattern } of config.rules) {
            const [, domain = "", type = ""] = /^([a-z.]+)<type=([A-Za-z]+)/.exec(pattern) ?? [];
            assert.ok(
                config.includeObjectNames.some((each) => each.startsWith(`${domain}:type=${type}`)),
                pattern,
            );
        }
        const used = cassandraAlerts(watched({ exporter })).flatMap(({ expr }) => expr.match(/\bcassandra_\w+/g) ?? []);
        assert.deepEqual(
            [...new Set(used)].filter((name) => !made.includes(name)),
            [],
        );
    });
});
