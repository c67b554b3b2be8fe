import * as assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { Plan, PlannedResource } from "../../bin/plan/plan";
import { monitoringSettings } from "../../components/monitoring/schema";
import type { SingleNodeSettings } from "../../components/opensearch/schema";
import { OpenSearchSingleNode } from "../../components/opensearch/singleNode";
import { foundation } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, listAt, mapAt, planOf } from "../support/plans";
import { existing, hashOf, planned, selector, setting, type Settings, setup } from "./support/cluster";

const monitoring = monitoringSettings.parse({ scrapers: [{ namespace: "prometheus" }] });
const scrapers = {
    from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "prometheus" } } }],
    ports: [{ protocol: "TCP", port: 9200 }],
};

const cluster = async (settings: Settings, watched = true): Promise<Plan> =>
    (await planned({ settings, ...(watched && { foundation: { monitoring } }) })).plan;

const single = async (settings: Omit<SingleNodeSettings, "kind">, watched = true): Promise<Plan> => {
    const plan = await planOf(
        () =>
            new OpenSearchSingleNode("search", {
                foundation: foundation(watched ? { monitoring } : {}),
                namespace: "stores",
                settings: { kind: "single", ...settings },
            }),
    );
    assertSound(plan);
    return plan;
};

type Watching = Pick<SingleNodeSettings, "monitoring" | "exporter">;
const monitors = (plan: Plan): string[] =>
    plan.resources
        .filter(({ type }) => type.startsWith("kubernetes:monitoring.coreos.com/"))
        .map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`);
const endpoint = (monitor: PlannedResource): unknown => at(monitor.inputs, "spec.podMetricsEndpoints[0]");
const alerts = (plan: Plan): Map<unknown, string> =>
    new Map(
        listAt(find(plan, "PrometheusRule").inputs, "spec.groups[0].rules").map((rule) => [
            at(rule, "alert"),
            String(at(rule, "expr")),
        ]),
    );
const expr = (plan: Plan, alert: string): string => alerts(plan).get(alert) ?? "";
const ingress = (plan: Plan, policy: string): readonly unknown[] =>
    listAt(find(plan, "NetworkPolicy", policy).inputs, "spec.ingress");
const hasScrapers = (plan: Plan, policy: string): boolean =>
    ingress(plan, policy).some((rule) => isDeepStrictEqual(rule, scrapers));

const rules = "PrometheusRule search-monitor-rules";
const forms: readonly (readonly [string, (settings: Watching, watched?: boolean) => Promise<Plan>, string, string])[] =
    [
        ["a cluster", cluster, "PodMonitor search-monitor-data", "search-data-network"],
        ["a single node", single, "PodMonitor search-monitor-node", "search-node-network"],
    ];
for (const [what, plan, podMonitor, policy] of forms) {
    describe(`how ${what} is watched`, () => {
        const cases: readonly (readonly [string, Watching, boolean, readonly string[]])[] = [
            ["alerts from outside only, by default", {}, true, [rules]],
            ["a monitor too, with the exporter", { exporter: true }, true, [podMonitor, rules]],
            ["nothing in an environment that is not", { exporter: true }, false, []],
            ["nothing where it is left out", { exporter: true, monitoring: { enabled: false } }, true, []],
            ["no alerts where it is silent", { exporter: true, monitoring: { alerts: false } }, true, [podMonitor]],
            ["nothing where it is silent, without exporter", { monitoring: { alerts: false } }, true, []],
        ];
        for (const [kinds, settings, watched, expected] of cases) {
            it(`has ${kinds}`, async () => assert.deepEqual(monitors(await plan(settings, watched)), expected));
        }

        it("reads as often as the environment says, or as it asks itself", async () => {
            const interval = async (settings: Watching) =>
                at(endpoint(find(await plan({ exporter: true, ...settings }), "PodMonitor")), "interval");
            assert.equal(await interval({}), "30s");
            assert.equal(await interval({ monitoring: { interval: "5s" } }), "5s");
        });

        it("reads a port that the nodes have, by labels that only they carry", async () => {
            const made = await plan({ exporter: true });
            const monitor = find(made, "PodMonitor");
            const set = find(made, "StatefulSet").inputs;
            assert.equal(at(endpoint(monitor), "path"), "/_prometheus/metrics");
            const ports = listAt(set, "spec.template.spec.containers[name=opensearch].ports");
            const read = ports.find((each) => at(each, "name") === at(endpoint(monitor), "port"));
            assert.equal(at(read, "containerPort"), 9200);
            const labels = mapAt(set, "spec.template.metadata.labels");
            const wanted = Object.entries(mapAt(monitor.inputs, "spec.selector.matchLabels"));
            assert.deepEqual(
                wanted.filter(([key, value]) => labels[key] !== value),
                [],
            );
            assert.ok(wanted.some(([key]) => key === "app.kubernetes.io/component"));
            assert.equal(at(monitor.inputs, "metadata.namespace"), "stores");
        });

        it("lets in who watches the environment, only while there is something to read", async () => {
            for (const [settings, watched, expected] of [
                [{ exporter: true }, true, true],
                [{ exporter: false }, true, false],
                [{ exporter: true }, false, false],
                [{ exporter: true, monitoring: { enabled: false } }, true, false],
            ] as const) {
                assert.equal(hasScrapers(await plan(settings, watched), policy), expected, JSON.stringify(settings));
            }
        });

        it("alerts on what the exporter says only where there is one", async () => {
            assert.equal(alerts(await plan({})).has("OpenSearchRed"), false);
            const all = alerts(await plan({ exporter: true }));
            assert.ok(all.has("OpenSearchRed") && all.has("OpenSearchMetricsMissing"));
            assert.match(all.get("OpenSearchMetricsMissing") ?? "", /endpoint="http"/);
        });

        it("restarts no node for it", async () => {
            const hash = async (settings: Watching, watched: boolean) =>
                hashOf(await plan(settings, watched), "StatefulSet");
            assert.equal(await hash({ exporter: true }, true), await hash({}, false));
        });
    });
}

describe("the alerts of a single node", () => {
    it("are on its set and its volume, and ask for no second node", async () => {
        const plan = await single({ exporter: true });
        const set = find(plan, "StatefulSet").inputs;
        assert.match(expr(plan, "OpenSearchQuorumLost"), new RegExp(`"${String(at(set, "metadata.name"))}".* < 1$`));
        assert.match(expr(plan, "OpenSearchVolumeFilling"), /persistentvolumeclaim=~"data-search-\[0-9\]\+"/);
        assert.match(expr(plan, "OpenSearchMetricsMissing"), / < 1$/);
        assert.equal(alerts(plan).has("OpenSearchYellow"), false);
    });

    it("read plain HTTP, since it has no security", async () => {
        const read = endpoint(find(await single({ exporter: true }), "PodMonitor"));
        assert.deepEqual(read, { port: "http", path: "/_prometheus/metrics", interval: "30s", scheme: "http" });
    });
});

describe("the alerts of a cluster", () => {
    it("count as managers the nodes that are, and all of its pods and volumes", async () => {
        const both = await cluster({ data: { nodes: 5 }, exporter: true });
        assert.match(expr(both, "OpenSearchQuorumLost"), /"search-data".* < 3$/);
        assert.match(expr(both, "OpenSearchNodesMissing"), / < 5$/);
        const apart = await cluster({ data: { nodes: 4 }, managers: { nodes: 5 }, exporter: true });
        assert.match(expr(apart, "OpenSearchQuorumLost"), /"search-manager".* < 3$/);
        assert.match(expr(apart, "OpenSearchMetricsMissing"), / < 9$/);
        assert.match(
            expr(apart, "OpenSearchVolumeFilling"),
            /"\(data-search-manager-\[0-9\]\+\|data-search-data-\[0-9\]\+\)"/,
        );
        const sets = all(apart, "StatefulSet").map(({ inputs }) => [
            at(inputs, "metadata.name"),
            listAt(inputs, "spec.volumeClaimTemplates").map((claim) => at(claim, "metadata.name")),
        ]);
        assert.deepEqual(sets, [
            ["search-data", ["data"]],
            ["search-manager", ["data"]],
        ]);
    });
});

describe("the exporter of a cluster", () => {
    it("is read on managers too, each part by itself, and both let the scrapers in", async () => {
        const plan = await cluster({ managers: {}, exporter: true });
        assert.deepEqual(
            all(plan, "PodMonitor").map(({ inputs }) => [
                at(inputs, "metadata.name"),
                at(inputs, "spec.selector.matchLabels"),
            ]),
            [
                ["search-data", selector("data")],
                ["search-manager", selector("manager")],
            ],
        );
        assert.deepEqual(
            all(plan, "NetworkPolicy")
                .filter(({ name }) => hasScrapers(plan, name))
                .map(({ name }) => name),
            ["search-data-network", "search-manager-network"],
        );
        assert.equal(hasScrapers(await cluster({ managers: {} }), "search-manager-network"), false);
    });

    it("is read over TLS as the user metrics, with what the namespace's Secrets hold", async () => {
        const plan = await cluster({ exporter: true });
        const key = (name: string, which: string) => ({ name, key: which });
        assert.deepEqual(endpoint(find(plan, "PodMonitor")), {
            port: "http",
            path: "/_prometheus/metrics",
            interval: "30s",
            scheme: "https",
            tlsConfig: {
                ca: { secret: key("search-nodes", "ca.crt") },
                serverName: "search.stores.svc.cluster.local",
            },
            basicAuth: {
                username: key("search-login-metrics", "username"),
                password: key("search-login-metrics", "password"),
            },
        });
        const login = find(plan, "Secret", "search-login-metrics").inputs;
        assert.deepEqual(Object.keys(mapAt(login, "stringData")), ["password", "username"]);
        assert.equal(at(login, "metadata.namespace"), "stores");
        // The nodes trust what the same key of the same Secret holds.
        const certificates = "spec.template.spec.volumes[name=certificates].secret";
        assert.deepEqual(at(find(plan, "StatefulSet").inputs, certificates), { secretName: "search-nodes" });
        assert.equal(setting(plan, "plugins.security.ssl.http.pemtrustedcas_filepath"), "certificates/ca.crt");
        const names = listAt(find(plan, "CertRequest", "search-node-request-0").inputs, "dnsNames");
        assert.ok(names.includes(at(endpoint(find(plan, "PodMonitor")), "tlsConfig.serverName")));
    });

    it("is read with the authority of certificates that exist, by its own key", async () => {
        const { certificates, existing: names } = existing;
        const security = { certificates: { ...certificates, authorityKey: "root.pem" }, existing: names } as never;
        const read = endpoint(find(await cluster({ exporter: true, security }), "PodMonitor"));
        assert.deepEqual(at(read, "tlsConfig.ca.secret"), { name: "node-tls", key: "root.pem" });
    });

    it("has a user, whoever reads, and none without it", async () => {
        const secrets = (plan: Plan) => all(plan, "Secret").map(({ name }) => name);
        assert.ok(secrets(await cluster({ exporter: true }, false)).includes("search-login-metrics"));
        assert.equal(secrets(await cluster({})).includes("search-login-metrics"), false);
        const { cluster: made } = await planned({ settings: { exporter: true } });
        assert.throws(() => made.connectionFor("metrics"), /no user "metrics"/);
    });

    it("keeps the password out of everything but Secrets, and its user out of the nodes", async () => {
        const plan = await cluster({ exporter: true });
        for (const { name, type, secretPaths } of plan.resources.filter(({ type: each }) => !each.startsWith("tls:"))) {
            assert.ok(secretPaths.length === 0 || type.endsWith(":Secret"), `${name}: ${secretPaths.join(", ")}`);
        }
        assert.doesNotMatch(JSON.stringify(find(plan, "StatefulSet").inputs), /login-metrics/);
        assert.doesNotMatch(JSON.stringify(setup(plan)), /metrics/);
    });

    it("has its user written by the Task, and a new password with the administrator's, without a restart", async () => {
        const admin = { exporter: true, security: { admin: { rotation: 1 } } };
        const [without, before, now] = await Promise.all([cluster({}), cluster({ exporter: true }), cluster(admin)]);
        assert.notEqual(hashOf(before, "Job"), hashOf(without, "Job"));
        assert.notEqual(hashOf(now, "Job"), hashOf(before, "Job"));
        assert.equal(hashOf(now, "StatefulSet"), hashOf(before, "StatefulSet"));
        const passwords = all(now, "RandomPassword").map(({ name }) => name);
        assert.ok(passwords.includes("search-metrics-password-1"));
    });
});
