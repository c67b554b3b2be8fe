import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import type { FlinkSessionSettings } from "../../components/flink/schema";
import { monitoringSettings } from "../../components/monitoring/schema";
import { assertSound } from "../support/invariants";
import { all, at, find, listAt, planOf } from "../support/plans";
import {
    available,
    config,
    electedByZooKeeper,
    ensemble,
    flinkSession,
    foundation,
    jobManager,
    mainContainer,
    sessionPlan,
    template,
} from "./fixtures";

/** Policies and monitors for pods that the JobManager starts. */
const started = ["flink-team-taskmanager-network", "flink-team-monitor-taskmanager"];

const selector = (part: string, kind = "native") => ({
    app: "flink-team",
    type: `flink-${kind}-kubernetes`,
    component: part,
});

const monitoring = monitoringSettings.parse({ scrapers: [{ namespace: "prometheus" }] });

const tree = (plan: Plan) =>
    plan.resources.map(
        ({ type, name, parent }) => `${type.split(":").at(-1) ?? ""} ${name} < ${parent?.split("::").at(-1) ?? ""}`,
    );

describe("FlinkSession", () => {
    const forms: readonly (readonly [string, FlinkSessionSettings])[] = [
        ["alone", {}],
        ["with election by ConfigMaps", { ...available, jobManager: { replicas: 3 } }],
        ["with election by ZooKeeper", { ...electedByZooKeeper, jobManager: { replicas: 2 } }],
        ["with a fixed number of TaskManagers", { mode: { kind: "standalone" } }],
        ["with both", { ...electedByZooKeeper, mode: { kind: "standalone" }, jobManager: { replicas: 2 } }],
        ["with plugins and files", { plugins: ["gs-fs-hadoop", "s3-fs-hadoop"], secretFiles: { a: "/a", b: "/b" } }],
        ["without metrics", { metrics: { enabled: false } }],
        ["with as little local storage as there may be", { jobManager: { resources: { ephemeralStorage: "1Gi" } } }],
    ];
    for (const [what, settings] of forms) {
        it(`is sound ${what}`, async () => {
            assertSound(await sessionPlan(settings, { foundation: foundation({ monitoring }) }), started);
        });
    }

    it("registers exactly these resources", async () => {
        assert.deepEqual(tree(await sessionPlan()), [
            "FlinkSession flink-team < data-platform-test",
            "ConfigMap flink-team-client < flink-team",
            "ConfigMap flink-team-config < flink-team",
            "MasterSet flink-team-jobmanager < flink-team",
            "Deployment flink-team-jobmanager-deployment < flink-team-jobmanager",
            "Service flink-team-jobmanager-headless < flink-team-jobmanager",
            "NetworkPolicy flink-team-jobmanager-network < flink-team-jobmanager",
            "Access flink-team-jobmanager-access < flink-team",
            "ServiceAccount flink-team-jobmanager-access-account < flink-team-jobmanager-access",
            "RoleBinding flink-team-jobmanager-access-binding < flink-team-jobmanager-access",
            "Role flink-team-jobmanager-access-role < flink-team-jobmanager-access",
            "ConfigMap flink-team-pod-template < flink-team",
            "Service flink-team-rest < flink-team",
            "Access flink-team-taskmanager-access < flink-team",
            "ServiceAccount flink-team-taskmanager-access-account < flink-team-taskmanager-access",
            "NetworkPolicy flink-team-taskmanager-network < flink-team",
        ]);
    });

    it("registers exactly these resources with a fixed number of TaskManagers", async () => {
        const plan = await sessionPlan({ mode: { kind: "standalone" } });
        assert.deepEqual(
            tree(plan).filter((line) => /taskmanager|template|jobmanager-access/.test(line)),
            [
                "Access flink-team-jobmanager-access < flink-team",
                "ServiceAccount flink-team-jobmanager-access-account < flink-team-jobmanager-access",
                "WorkerSet flink-team-taskmanager < flink-team",
                "PodDisruptionBudget flink-team-taskmanager-budget < flink-team-taskmanager",
                "Service flink-team-taskmanager-headless < flink-team-taskmanager",
                "NetworkPolicy flink-team-taskmanager-network < flink-team-taskmanager",
                "StatefulSet flink-team-taskmanager-set < flink-team-taskmanager",
                "Access flink-team-taskmanager-access < flink-team",
                "ServiceAccount flink-team-taskmanager-access-account < flink-team-taskmanager-access",
            ],
        );
    });

    it("selects pods by Flink's labels, and by those of their mode", async () => {
        const native = await sessionPlan();
        assert.deepEqual(jobManager(native, "spec.selector.matchLabels"), selector("jobmanager"));
        for (const service of all(native, "Service")) {
            assert.deepEqual(at(service.inputs, "spec.selector"), selector("jobmanager"));
        }
        const policy = find(native, "NetworkPolicy", "flink-team-taskmanager");
        assert.deepEqual(at(policy.inputs, "spec.podSelector.matchLabels"), selector("taskmanager"));
        const fixed = await sessionPlan({ mode: { kind: "standalone" } });
        assert.deepEqual(
            at(find(fixed, "StatefulSet").inputs, "spec.selector.matchLabels"),
            selector("taskmanager", "standalone"),
        );
    });

    it("has the Service of the JobManager only where there is no election", async () => {
        const names = async (settings: FlinkSessionSettings) =>
            all(await sessionPlan(settings), "Service").map(({ inputs }) => at(inputs, "metadata.name"));
        assert.deepEqual((await names({})).sort(), ["flink-team", "flink-team-rest"]);
        assert.deepEqual(await names(available), ["flink-team-rest"]);
        const headless = find(await sessionPlan(), "Service", "flink-team").inputs;
        assert.deepEqual(
            listAt(headless, "spec.ports").map((port) => [at(port, "name"), at(port, "port")]),
            [
                ["jobmanager-rpc", 6123],
                ["blobserver", 6124],
            ],
        );
        assert.equal(at(headless, "spec.publishNotReadyAddresses"), true);
    });

    it("lets the JobManager start after all that it finds, and go before it", async () => {
        const plan = await sessionPlan();
        const set = find(plan, "MasterSet");
        const before = set.dependencies.map((urn) => urn.split("::").at(-1)).sort();
        for (const name of [
            "config",
            "pod-template",
            "taskmanager-network",
            "jobmanager-access-binding",
            "taskmanager-access-account",
        ]) {
            assert.ok(before.includes(`flink-team-${name}`), `${name} among ${before.join(", ")}`);
        }
        assert.ok(!before.includes("flink-team-rest"));
    });

    it("asks the leader whether it is ready, and only itself whether it lives", async () => {
        const plan = await sessionPlan();
        assert.equal(mainContainer(plan, "startupProbe.httpGet.path"), "/config");
        assert.equal(mainContainer(plan, "readinessProbe.httpGet.path"), "/overview");
        assert.deepEqual(mainContainer(plan, "livenessProbe.tcpSocket"), { port: "jobmanager-rpc" });
        assert.deepEqual(at(template(plan), "spec.containers[0].livenessProbe.tcpSocket"), { port: 6122 });
    });

    it("gives a JobManager its own address, which election needs", async () => {
        const field = { fieldRef: { fieldPath: "status.podIP" } };
        for (const settings of [{}, available]) {
            const plan = await sessionPlan(settings);
            assert.deepEqual(mainContainer(plan, "env[name=_POD_IP_ADDRESS].valueFrom"), field);
        }
        assert.equal(config(await sessionPlan())["jobmanager.rpc.address"], "flink-team.dev-flink-team");
        assert.equal(config(await sessionPlan(available))["jobmanager.rpc.address"], undefined);
        const elected = await sessionPlan({ ...electedByZooKeeper, mode: { kind: "standalone" } });
        assert.deepEqual(mainContainer(elected, "args"), ["jobmanager", "$(_POD_IP_ADDRESS)"]);
    });

    it("gives TaskManagers a token only where ConfigMaps tell the leader", async () => {
        const token = async (settings: FlinkSessionSettings) =>
            at(template(await sessionPlan(settings)), "spec.automountServiceAccountToken");
        assert.equal(await token({}), false);
        assert.equal(await token(electedByZooKeeper), false);
        assert.equal(await token(available), true);
        const plan = await sessionPlan(available);
        assert.deepEqual(at(find(plan, "Role", "flink-team-taskmanager").inputs, "rules"), [
            { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] },
        ]);
        assert.deepEqual(at(find(plan, "Role", "flink-team").inputs, "rules[3]"), {
            apiGroups: [""],
            resources: ["configmaps"],
            verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
        });
        const fixed = await sessionPlan({ mode: { kind: "standalone" } });
        assert.deepEqual(all(fixed, "Role"), []);
        assert.equal(jobManager(fixed, "spec.template.spec.automountServiceAccountToken"), false);
    });

    it("gives groups the rights that they have, and no more", async () => {
        const plan = await sessionPlan({
            rest: { kind: "nodePort" },
            submitters: [
                { group: "analysts", rights: ["submit"] },
                { group: "operators", rights: ["forward", "debug"] },
            ],
        });
        const names = ["flink-team", "flink-team-rest"];
        assert.deepEqual(at(find(plan, "Role", "flink-team-submitters-0").inputs, "rules"), [
            { apiGroups: [""], resources: ["services"], verbs: ["get"], resourceNames: names },
            { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"], resourceNames: ["flink-team"] },
        ]);
        assert.deepEqual(at(find(plan, "Role", "flink-team-submitters-1").inputs, "rules"), [
            { apiGroups: [""], resources: ["services"], verbs: ["get"], resourceNames: names },
            { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
            { apiGroups: [""], resources: ["pods/portforward"], verbs: ["create"] },
            { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
            { apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] },
        ]);
        const nodes = all(plan, "ClusterRole");
        assert.deepEqual(
            nodes.map(({ inputs }) => [at(inputs, "metadata.name"), at(inputs, "rules")]),
            [["dev-flink-team-submitters-0", [{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }]]],
        );
    });

    it("opens only the ports that parts need of each other", async () => {
        const plan = await sessionPlan({ ...electedByZooKeeper, clients: [{ namespace: "team" }] });
        const flows = (policy: string, direction: string, peers: string) =>
            listAt(find(plan, "NetworkPolicy", policy).inputs, `spec.${direction}`).map((flow) => [
                listAt(flow, peers).map(
                    (each) =>
                        at(each, "podSelector.matchLabels.component") ??
                        at(each, "ipBlock.cidr") ??
                        at(each, 'namespaceSelector.matchLabels["kubernetes.io/metadata.name"]'),
                ),
                listAt(flow, "ports").map((port) => at(port, "port")),
            ]);
        const zookeeper = [["dev-zookeeper"], [2181]];
        const store = [["192.0.2.0/24"], [443]];
        assert.deepEqual(flows("flink-team", "ingress", "from"), [
            [["team"], [8081]],
            [
                ["jobmanager", "taskmanager"],
                [6123, 6124],
            ],
        ]);
        assert.deepEqual(flows("flink-team", "egress", "to"), [
            [["10.0.0.1/32"], [443]],
            [["taskmanager"], [6122, 6121]],
            [["jobmanager"], [6123, 6124]],
            zookeeper,
            store,
        ]);
        assert.deepEqual(flows("flink-team-taskmanager", "ingress", "from"), [
            [
                ["jobmanager", "taskmanager"],
                [6122, 6121],
            ],
        ]);
        assert.deepEqual(flows("flink-team-taskmanager", "egress", "to"), [
            [["jobmanager"], [6123, 6124]],
            [["taskmanager"], [6122, 6121]],
            zookeeper,
            store,
        ]);
    });

    it("needs the API server's address where its pods call it", async () => {
        const without = foundation({ apiServer: undefined });
        await assert.rejects(sessionPlan({}, { foundation: without }), /A Flink JobManager calls the Kubernetes API/);
        await sessionPlan({ mode: { kind: "standalone" } }, { foundation: without });
    });

    it("refuses an ensemble that asks for more than Flink's client has here", async () => {
        const refuses = (zookeeper: typeof ensemble | undefined, message: RegExp) =>
            assert.rejects(sessionPlan(electedByZooKeeper, { zookeeper }), message);
        await refuses(undefined, /highAvailability.ensemble: expected the stack's ZooKeeper, or an external one/);
        const tls = { connectionString: "zk:2281", required: true, rotation: 0 };
        await refuses({ ...ensemble, tls }, /expected an ensemble with a port without TLS/);
        await refuses(
            { ...ensemble, authentication: { required: true, logins: {} } },
            /serves clients without a login/,
        );
        await sessionPlan(electedByZooKeeper, { zookeeper: { ...ensemble, tls: { ...tls, required: false } } });
    });

    it("says how it is reached", async () => {
        const given: unknown[] = [];
        await planOf(() => {
            const { url, ui, clusterId, namespaceName, clientFiles } = flinkSession({ clusterId: "reports" });
            given.push(url, ui, clusterId, namespaceName, Object.keys(clientFiles));
        });
        assert.deepEqual(given, [
            "http://reports-rest.dev-flink-team.svc.cluster.local:8081",
            {
                service: "reports-rest",
                port: 8081,
                portName: "rest",
                podLabels: { app: "reports", type: "flink-native-kubernetes", component: "jobmanager" },
                containerPort: 8081,
            },
            "reports",
            "dev-flink-team",
            ["config.yaml", "commands.txt"],
        ]);
    });

    it("is watched only where the environment is, and it may be", async () => {
        const kinds = async (settings: FlinkSessionSettings, watched: boolean) =>
            (await sessionPlan(settings, { foundation: foundation(watched ? { monitoring } : {}) })).resources
                .filter(({ type }) => type.startsWith("kubernetes:monitoring.coreos.com/"))
                .map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`)
                .sort();
        const monitors = ["PodMonitor flink-team-monitor-jobmanager", "PodMonitor flink-team-monitor-taskmanager"];
        assert.deepEqual(await kinds({}, false), []);
        assert.deepEqual(await kinds({}, true), [...monitors, "PrometheusRule flink-team-monitor-rules"]);
        assert.deepEqual(await kinds({ monitoring: { alerts: false } }, true), monitors);
        assert.deepEqual(await kinds({ monitoring: { enabled: false } }, true), []);
        assert.deepEqual(await kinds({ metrics: { enabled: false }, monitoring: { alerts: false } }, true), []);
    });
});
