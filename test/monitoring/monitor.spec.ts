import * as assert from "node:assert/strict";
import type { Alert } from "../../components/monitoring/alerts/alert";
import {
    Monitor,
    type MonitorArgs,
    type MonitorEndpoint,
    monitors,
    monitorSpec,
    ruleGroups,
    scraperFlow,
} from "../../components/monitoring/monitor";
import { monitorSettings } from "../../components/monitoring/schema";
import { foundation, identity, identityLabels } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { at, find, kindsAndNames, listAt, planOf } from "../support/plans";
import { everyAlert, monitoring } from "./fixtures";

const on = monitorSettings.parse({});
const off = monitorSettings.parse({ enabled: false });
const watched = foundation({ monitoring: monitoring() });

const endpoint: MonitorEndpoint = {
    part: "members",
    kind: "pod",
    selector: { "app.kubernetes.io/name": "store" },
    port: "metrics",
};
const alert: Alert = {
    name: "StoreDown",
    expr: 'up{namespace="stores",pod=~"store-[0-9]+"} == 0',
    for: "5m",
    severity: "critical",
    summary: "{{ $labels.pod }} is down",
    description: "Look at it.",
};

const planned = async (overrides: Partial<MonitorArgs> = {}) => {
    const plan = await planOf(
        () =>
            new Monitor("store-monitor", {
                foundation: watched,
                namespace: "stores",
                identity,
                objectName: "store",
                settings: on,
                endpoints: [endpoint],
                alerts: [alert],
                ...overrides,
            }),
    );
    // What it watches is not registered here.
    const elsewhere = plan.resources.filter(({ type }) => type.endsWith(":PodMonitor")).map(({ name }) => name);
    assertSound(plan, elsewhere);
    return plan;
};

describe("Monitor", () => {
    it("registers a monitor for each endpoint, and the rules", async () => {
        const plan = await planned({ endpoints: [endpoint, { ...endpoint, part: "master", kind: "service" }] });
        assert.deepEqual(kindsAndNames(plan), [
            "Monitor store-monitor",
            "PodMonitor store-monitor-members",
            "PrometheusRule store-monitor-rules",
            "ServiceMonitor store-monitor-master",
        ]);
        for (const kind of ["PodMonitor", "ServiceMonitor", "PrometheusRule"]) {
            const { inputs } = find(plan, kind);
            assert.equal(at(inputs, "apiVersion"), "monitoring.coreos.com/v1");
            assert.equal(at(inputs, "kind"), kind);
            assert.equal(at(inputs, "metadata.namespace"), "stores");
            assert.deepEqual(at(inputs, "metadata.labels"), identityLabels);
        }
        assert.equal(at(find(plan, "PodMonitor").inputs, "metadata.name"), "store-members");
        assert.equal(at(find(plan, "ServiceMonitor").inputs, "metadata.name"), "store-master");
        assert.equal(at(find(plan, "PrometheusRule").inputs, "metadata.name"), "store");
    });

    it("carries the labels by which Prometheus selects it, over its own", async () => {
        const labels = { release: "prom", "app.kubernetes.io/part-of": "kube-prometheus" };
        const plan = await planned({ foundation: foundation({ monitoring: monitoring({ labels }) }) });
        for (const kind of ["PodMonitor", "PrometheusRule"]) {
            assert.deepEqual(at(find(plan, kind).inputs, "metadata.labels"), { ...identityLabels, ...labels });
        }
    });

    const interval = (plan: Awaited<ReturnType<typeof planned>>) =>
        at(find(plan, "PodMonitor").inputs, "spec.podMetricsEndpoints[0].interval");
    it("reads as often as the environment says", async () => {
        assert.equal(interval(await planned()), "30s");
        const slow = foundation({ monitoring: monitoring({ interval: "60s" }) });
        assert.equal(interval(await planned({ foundation: slow })), "60s");
    });
    it("reads as often as the system says, where it does", async () => {
        assert.equal(interval(await planned({ settings: monitorSettings.parse({ interval: "10s" }) })), "10s");
    });

    const silent: readonly (readonly [string, Partial<MonitorArgs>])[] = [
        ["the environment wants no alerts", { foundation: foundation({ monitoring: monitoring({ alerts: false }) }) }],
        ["the system wants none", { settings: monitorSettings.parse({ alerts: false }) }],
        ["there are none", { alerts: [] }],
    ];
    for (const [when, overrides] of silent) {
        it(`registers no rules when ${when}`, async () => {
            assert.deepEqual(kindsAndNames(await planned(overrides)), [
                "Monitor store-monitor",
                "PodMonitor store-monitor-members",
            ]);
        });
    }
    it("registers rules alone for a system that exports nothing", async () => {
        assert.deepEqual(kindsAndNames(await planned({ endpoints: [] })), [
            "Monitor store-monitor",
            "PrometheusRule store-monitor-rules",
        ]);
    });

    const nothing: readonly (readonly [string, Partial<MonitorArgs>])[] = [
        ["the environment is not watched", { foundation: foundation() }],
        ["the system is not watched", { settings: off }],
    ];
    for (const [when, overrides] of nothing) {
        it(`is refused when ${when}, since monitors() says so`, async () => {
            const args = { foundation: watched, settings: on, ...overrides };
            assert.equal(monitors(args.foundation, args.settings), false);
            await assert.rejects(planned(overrides), /nothing to do/);
        });
    }
    it("is wanted where environment and system are watched", () => assert.equal(monitors(watched, on), true));
});

describe("A monitor's spec", () => {
    const read = { port: "metrics", path: "/metrics", interval: "30s", scheme: "http" };
    const common = {
        selector: { matchLabels: { "app.kubernetes.io/name": "store" } },
        namespaceSelector: { matchNames: ["stores"] },
    };
    const secret = (secretName: string, key: string) => ({ secretName, key });
    const cases: readonly (readonly [string, Partial<MonitorEndpoint>, unknown])[] = [
        ["of pods", {}, { ...common, podMetricsEndpoints: [read] }],
        ["of a service", { kind: "service" }, { ...common, endpoints: [read] }],
        ["with a path", { path: "/x" }, { ...common, podMetricsEndpoints: [{ ...read, path: "/x" }] }],
        [
            "with labels of the pods",
            { podTargetLabels: ["app.kubernetes.io/component"] },
            { ...common, podTargetLabels: ["app.kubernetes.io/component"], podMetricsEndpoints: [read] },
        ],
        [
            "over TLS with a login, by names of Secrets only",
            {
                tls: { authority: secret("ca", "ca.crt"), serverName: "store.local" },
                basicAuth: { username: secret("login", "username"), password: secret("login", "password") },
            },
            {
                ...common,
                podMetricsEndpoints: [
                    {
                        ...read,
                        scheme: "https",
                        tlsConfig: { ca: { secret: { name: "ca", key: "ca.crt" } }, serverName: "store.local" },
                        basicAuth: {
                            username: { name: "login", key: "username" },
                            password: { name: "login", key: "password" },
                        },
                    },
                ],
            },
        ],
    ];
    for (const [what, overrides, expected] of cases) {
        it(`${what} is as the operator reads it`, () =>
            assert.deepEqual(monitorSpec({ ...endpoint, ...overrides }, "stores", "30s"), expected));
    }
    it("is refused where it would select everything", () => {
        assert.throws(() => monitorSpec({ ...endpoint, selector: {} }, "stores", "30s"), /must select something/);
    });
});

describe("Rules", () => {
    const groups = (overrides: Parameters<typeof monitoring>[0] = {}, alerts: readonly Alert[] = [alert]) =>
        ruleGroups({
            foundation: watched,
            namespace: "stores",
            identity,
            objectName: "store",
            alerts,
            monitoring: monitoring(overrides),
        });
    const own = {
        severity: "critical",
        environment: "dev",
        owner: "data-team",
        namespace: "stores",
        system: "store",
        component: "store-a",
    };

    it("say how urgent an alert is and whose", () => {
        assert.deepEqual(groups(), [
            {
                name: "store",
                rules: [
                    {
                        alert: "StoreDown",
                        expr: alert.expr,
                        for: "5m",
                        labels: own,
                        annotations: { summary: alert.summary, description: alert.description },
                    },
                ],
            },
        ]);
    });
    it("carry the environment's labels for routing", () => {
        assert.deepEqual(groups({ alertLabels: { team: "data" } })[0]?.rules[0]?.labels, { team: "data", ...own });
    });
    it("name the page of the system where there is one", () => {
        const annotations = groups({}, [{ ...alert, runbook: "docs/store.md" }])[0]?.rules[0]?.annotations;
        assert.equal(at(annotations, "runbook"), "docs/store.md");
    });
    for (const [system, { alerts }] of Object.entries(everyAlert)) {
        it(`of ${system} reach the plan whole`, async () => {
            const plan = await planned({ alerts });
            const rules = listAt(find(plan, "PrometheusRule").inputs, "spec.groups[0].rules");
            assert.deepEqual(
                rules.map((rule) => [at(rule, "alert"), at(rule, "labels.severity")]),
                alerts.map(({ name, severity }) => [name, severity]),
            );
        });
    }
});

describe("Who may read metrics", () => {
    const own = { namespace: "team" };
    const prometheus = monitoring().scrapers;
    const cases: readonly (readonly [string, ReturnType<typeof scraperFlow>, unknown])[] = [
        ["the environment's and the system's scrapers", scraperFlow(watched, on, [own], 7000), [own, ...prometheus]],
        ["the environment's alone", scraperFlow(watched, on, [], 7000), prometheus],
        ["the system's, where it is not watched", scraperFlow(watched, off, [own], 7000), [own]],
        ["the system's, where the environment is not", scraperFlow(foundation(), on, [own], 7000), [own]],
        ["nobody", scraperFlow(foundation(), on, [], 7000), []],
    ];
    for (const [who, flow, peers] of cases) {
        it(`are ${who}, on the one port`, () =>
            assert.deepEqual(flow, { peers, ports: [{ port: 7000, protocol: "TCP" }] }));
    }
});
