import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { Spark } from "../../components/spark/spark";
import { crdFaults, crdsMissing } from "../operator/crdSchema";
import type { FoundationOverrides } from "../support/foundation";
import { all, at, find, listAt, planOf } from "../support/plans";
import { application, good, planned, plannedApplication } from "./fixtures";

const crds = "spark-operator-v2.5.2.yaml";

const flowsOf = (inputs: unknown, direction: "ingress" | "egress") =>
    listAt(inputs, `spec.${direction}`).map((rule) => ({
        peers: listAt(rule, direction === "ingress" ? "from" : "to").map(
            (peer) =>
                at(peer, 'podSelector.matchLabels["spark-role"]') ??
                at(peer, "ipBlock.cidr") ??
                at(peer, "namespaceSelector.matchLabels"),
        ),
        ports: listAt(rule, "ports").map((port) => at(port, "port")),
    }));

describe("Spark", () => {
    it("installs no operator unless told to", async () => {
        const { plan } = await planned();
        assert.deepEqual(all(plan, "Release"), []);
    });

    it("installs the chart of the project's present home, as the applications need it [spark-P1]", async () => {
        const { plan } = await planned({ operator: { kind: "chart" } });
        const { inputs } = find(plan, "Release");
        assert.equal(at(inputs, "repositoryOpts.repo"), "https://kubeflow.github.io/spark-operator");
        assert.equal(inputs["version"], "2.5.2");
    });

    it("has it watch the job namespaces and no others [spark-P2]", async () => {
        const { plan } = await planned({ operator: { kind: "chart" }, others: { ml: {} } });
        assert.deepEqual(at(find(plan, "Release").inputs, "values.spark.jobNamespaces"), ["dev-etl", "dev-ml"]);
    });

    it("gives drivers an account of a name that is known, whatever the release is called [spark-P3]", async () => {
        const { plan } = await planned({
            operator: { kind: "chart", release: "other" },
            etl: { applications: { pi: application() } },
        });
        const { inputs } = find(plan, "Release");
        assert.deepEqual(at(inputs, "values.spark.serviceAccount"), { create: false, name: "spark" });
        assert.deepEqual(at(inputs, "values.spark.rbac"), { create: false });
        assert.equal(at(find(plan, "SparkApplication").inputs, "spec.driver.serviceAccount"), "spark");
        assert.ok(find(plan, "ServiceAccount", "spark"));
    });

    it("leaves room for the JVM of each submission [spark-P4]", async () => {
        const { plan } = await planned({ operator: { kind: "chart" } });
        const { inputs } = find(plan, "Release");
        assert.equal(at(inputs, "values.controller.resources.limits.memory"), "1Gi");
        await assert.rejects(
            planned({ operator: { kind: "chart", resources: { memory: "300Mi" } } }),
            /operator\.resources\.memory: .*at least 512Mi, since each submission starts a JVM/,
        );
    });

    it("has no budget for one pod, and for several one that lets one go [spark-P5]", async () => {
        for (const [replicas, enable, minAvailable] of [
            [1, false, 1],
            [3, true, 2],
        ] as const) {
            const { plan } = await planned({ operator: { kind: "chart", replicas } });
            for (const part of ["controller", "webhook"]) {
                const values = at(find(plan, "Release").inputs, `values.${part}`);
                assert.equal(at(values, "replicas"), replicas);
                assert.deepEqual(at(values, "podDisruptionBudget"), { enable, minAvailable });
            }
        }
    });

    it("does not use the chart's hook, which neither is restricted nor reaches the API server [spark-P6]", async () => {
        const { plan } = await planned({ operator: { kind: "chart" } });
        assert.equal(at(find(plan, "Release").inputs, "values.hook.upgradeCrd"), false);
    });

    it("opens the webhook's port to the API server, for a webhook that fails closed [spark-P7]", async () => {
        const { plan } = await planned({ operator: { kind: "chart" } });
        const { inputs } = find(plan, "Release");
        assert.equal(at(inputs, "values.webhook.enable"), true);
        assert.equal(at(inputs, "values.webhook.failurePolicy"), "Fail");
        const policy = find(plan, "NetworkPolicy", "dev-spark-operator-webhook");
        assert.deepEqual(flowsOf(policy.inputs, "ingress"), [{ peers: ["10.43.0.1/32"], ports: [9443] }]);
        assert.equal(at(inputs, "values.webhook.port"), 9443);
    });

    it("runs without the webhook where that is off", async () => {
        const { plan } = await planned({ operator: { kind: "chart", webhook: false } });
        assert.equal(at(find(plan, "Release").inputs, "values.webhook.enable"), false);
        assert.deepEqual(
            all(plan, "NetworkPolicy").filter(({ name }) => name.endsWith("-webhook")),
            [],
        );
    });

    it("selects the operator's pods by the labels of its release", async () => {
        const { plan } = await planned({ operator: { kind: "chart", release: "other" } });
        assert.equal(at(find(plan, "Release").inputs, "values.fullnameOverride"), "dev-other");
        assert.deepEqual(
            at(find(plan, "NetworkPolicy", "dev-other-controller").inputs, "spec.podSelector.matchLabels"),
            {
                "app.kubernetes.io/name": "spark-operator",
                "app.kubernetes.io/instance": "dev-other",
                "app.kubernetes.io/component": "controller",
            },
        );
    });

    it("runs the operator where its targets say, and by its priority", async () => {
        const { plan } = await planned({
            operator: {
                kind: "chart",
                targets: "stateful",
                priority: "high",
                replicas: 2,
            },
        });
        const { inputs } = find(plan, "Release");
        const values = at(inputs, "values.controller");
        assert.deepEqual(at(values, "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"), {
            nodeSelectorTerms: [{ matchExpressions: [{ key: "pool", operator: "In", values: ["stateful"] }] }],
        });
        assert.equal(at(values, "priorityClassName"), "dev-high");
        assert.equal(listAt(values, "topologySpreadConstraints").length, 1);
    });

    const images: readonly (readonly [string, NonNullable<FoundationOverrides["images"]>, Record<string, unknown>])[] =
        [
            [
                "the catalog's",
                {},
                {
                    registry: "ghcr.io",
                    repository: "kubeflow/spark-operator/controller",
                    tag: "2.5.2",
                    pullSecrets: [],
                },
            ],
            [
                "the mirror's, pinned, and pulls it with the environment's Secrets",
                {
                    registry: "mirror.example.com/hub",
                    pins: { "spark-operator": "2.5.3@sha256:" + "a".repeat(64) },
                    pullSecrets: ["mirror"],
                },
                {
                    registry: "mirror.example.com",
                    repository: "hub/kubeflow/spark-operator/controller",
                    tag: `2.5.3@sha256:${"a".repeat(64)}`,
                    pullSecrets: [{ name: "mirror" }],
                },
            ],
        ];
    for (const [what, settings, expected] of images) {
        it(`runs the operator's image, ${what}`, async () => {
            const { plan } = await planned({ operator: { kind: "chart" }, foundation: { images: settings } });
            assert.deepEqual(at(find(plan, "Release").inputs, "values.image"), expected);
            const { registry, repository, tag } = expected;
            assert.deepEqual(find(plan, "Operator").inputs["images"], [
                `${String(registry)}/${String(repository)}:${String(tag)}`,
            ]);
        });
    }

    it("lets the environment's Prometheus read the operator", async () => {
        const { plan } = await planned({
            operator: { kind: "chart" },
            foundation: { monitoring },
        });
        assert.deepEqual(at(find(plan, "Release").inputs, "values.prometheus.podMonitor"), {
            create: true,
            labels: { release: "prometheus" },
            podMetricsEndpoint: { scheme: "http", interval: "30s" },
        });
        assert.deepEqual(flowsOf(find(plan, "NetworkPolicy", "dev-spark-operator-controller").inputs, "ingress"), [
            { peers: [{ "kubernetes.io/metadata.name": "monitoring" }], ports: [8080] },
        ]);
    });

    it("submits applications only when the operator is there [spark-P8]", async () => {
        const { plan } = await planned({ operator: { kind: "chart" }, etl: { applications: { pi: application() } } });
        const { dependencies } = find(plan, "SparkApplication");
        for (const needed of [find(plan, "Release"), ...all(plan, "RoleBinding"), ...all(plan, "NetworkPolicy")]) {
            assert.ok(dependencies.includes(needed.urn), needed.name);
        }
    });

    it("needs a name for each job namespace", async () => {
        await assert.rejects(
            planOf(
                () =>
                    new Spark("spark", {
                        foundation: good(),
                        jobNamespaces: {},
                        settings: { jobNamespaces: { etl: {} } },
                    }),
            ),
            /the job namespace "etl" has no name/,
        );
    });
});

const monitoring = {
    labels: { release: "prometheus" },
    interval: "30s",
    scrapers: [{ namespace: "monitoring" }],
    alerts: true,
    alertLabels: {},
};

describe("a job namespace of Spark", () => {
    it("lets drivers do what they have to, and executors nothing [spark-P9]", async () => {
        const { plan } = await planned();
        const rules = listAt(find(plan, "Role", "spark").inputs, "rules").map(
            (rule) => [listAt(rule, "resources")[0], listAt(rule, "verbs")] as const,
        );
        const verbs = new Map(rules);
        assert.deepEqual([...verbs.keys()], ["pods", "configmaps", "services", "persistentvolumeclaims"]);
        for (const made of ["pods", "configmaps", "persistentvolumeclaims"]) {
            assert.ok(verbs.get(made)?.includes("create"), made);
        }
        for (const [, allowed] of rules) {
            assert.ok(allowed.includes("deletecollection") && !allowed.includes("*"));
        }
        assert.deepEqual(
            all(plan, "RoleBinding").map(({ inputs }) => at(inputs, "subjects[0].name")),
            ["spark"],
        );
        assert.equal(find(plan, "ServiceAccount", "spark-executor").inputs["automountServiceAccountToken"], false);
    });

    it("opens the fixed ports between drivers and executors, and nothing else [spark-P10]", async () => {
        const { plan } = await planned();
        const driver = find(plan, "NetworkPolicy", "spark-driver");
        const executor = find(plan, "NetworkPolicy", "spark-executor");
        assert.deepEqual(at(driver.inputs, "spec.podSelector.matchLabels"), {
            "spark-role": "driver",
            "sparkoperator.k8s.io/launched-by-spark-operator": "true",
        });
        assert.deepEqual(flowsOf(driver.inputs, "ingress"), [{ peers: ["executor"], ports: [7078, 7079] }]);
        assert.deepEqual(flowsOf(driver.inputs, "egress"), [
            { peers: ["10.43.0.1/32"], ports: [443] },
            { peers: ["executor"], ports: [7079] },
        ]);
        assert.deepEqual(flowsOf(executor.inputs, "ingress"), [{ peers: ["driver", "executor"], ports: [7079] }]);
        assert.deepEqual(flowsOf(executor.inputs, "egress"), [
            { peers: ["driver"], ports: [7078, 7079] },
            { peers: ["executor"], ports: [7079] },
        ]);
    });

    it("opens the UI to its clients, and both parts to where egress says", async () => {
        const { plan } = await planned({
            etl: {
                clients: [{ namespace: "team" }],
                egress: [{ to: [{ cidr: "10.8.0.0/16" }], ports: [{ port: 9000 }] }],
            },
        });
        const driver = find(plan, "NetworkPolicy", "spark-driver").inputs;
        assert.deepEqual(flowsOf(driver, "ingress").at(-1)?.ports, [4040]);
        assert.deepEqual(flowsOf(driver, "egress").at(-1), { peers: ["10.8.0.0/16"], ports: [9000] });
        const executor = find(plan, "NetworkPolicy", "spark-executor").inputs;
        assert.deepEqual(flowsOf(executor, "egress").at(-1), { peers: ["10.8.0.0/16"], ports: [9000] });
    });

    it("lets submitters submit, and read no Secrets", async () => {
        const { plan } = await planned({ etl: { submitters: ["data"] } });
        const rules = listAt(find(plan, "Role", "spark-submitters").inputs, "rules");
        const resources = rules.flatMap((rule) => listAt(rule, "resources"));
        assert.ok(resources.includes("sparkapplications") && resources.includes("pods/portforward"));
        assert.ok(!resources.includes("secrets"));
        assert.deepEqual(at(find(plan, "RoleBinding", "spark-submitters").inputs, "subjects[0].name"), "data");
        assert.equal(all((await planned()).plan, "GroupAccess").length, 0);
    });

    it("hands submitters an application that is as good as the stack's own", async function () {
        const { plan, spark } = await planned();
        const [file, text] = Object.entries(spark.clientFiles)[0] ?? [];
        assert.equal(file, "dev-etl/spark-pi.yaml");
        assert.equal(at(find(plan, "ConfigMap", "spark-client").inputs, 'data["spark-pi.yaml"]'), text);
        const document = parse(String(text)) as Record<string, unknown>;
        assert.equal(at(document, 'spec.sparkConf["spark.blockManager.port"]'), "7079");
        if (crdsMissing === undefined) {
            assert.deepEqual(crdFaults(crds, document), []);
        }
    });

    it("has its drivers read, where the environment is watched", async () => {
        const { plan } = await planned({ foundation: { monitoring }, etl: { applications: { pi: application() } } });
        const monitors = all(plan, "PodMonitor");
        assert.deepEqual(
            monitors.map(({ inputs }) => at(inputs, "spec.podMetricsEndpoints[0].path")),
            ["/metrics/prometheus", "/metrics/executors/prometheus"],
        );
        assert.equal(
            at(find(plan, "SparkApplication").inputs, 'spec.sparkConf["spark.ui.prometheus.enabled"]'),
            "true",
        );
        assert.deepEqual(flowsOf(find(plan, "NetworkPolicy", "spark-driver").inputs, "ingress").at(-1)?.ports, [4040]);
        const off = await planned({
            foundation: { monitoring },
            etl: { monitoring: { enabled: false }, applications: { pi: application() } },
        });
        assert.deepEqual(all(off.plan, "PodMonitor"), []);
        assert.equal(
            at(find(off.plan, "SparkApplication").inputs, 'spec.sparkConf["spark.ui.prometheus.enabled"]'),
            undefined,
        );
    });

    it("awaits that an application is taken up, never that it ends [spark-P11]", async () => {
        const { inputs, customTimeouts } = find(await plannedApplication(), "SparkApplication");
        assert.equal(at(inputs, 'metadata.annotations["pulumi.com/waitFor"]'), "jsonpath={.status.driverInfo.podName}");
        assert.equal(customTimeouts["create"], "300s");
        const set = find(
            await plannedApplication({ submission: { awaited: false, timeout: "9m" } }),
            "SparkApplication",
        );
        assert.equal(at(set.inputs, "metadata.annotations"), undefined);
        assert.equal(set.customTimeouts["create"], "540s");
    });

    it("keeps an application's files in a ConfigMap that is there first", async () => {
        const plan = await plannedApplication({
            volumes: { conf: { kind: "files", files: { "a.txt": "b" }, path: "/etc/app" } },
        });
        const files = find(plan, "ConfigMap", "pi-conf");
        assert.deepEqual(files.inputs["data"], { "a.txt": "b" });
        assert.ok(find(plan, "SparkApplication").dependencies.includes(files.urn));
    });

    it("refuses a catalog image that doesn't say which Spark it holds", async () => {
        await assert.rejects(
            plannedApplication({}, { foundation: { images: { pins: { spark: "stable" } } } }),
            /applications\.pi\.sparkVersion: expected the version of Spark in the image/,
        );
    });
});
