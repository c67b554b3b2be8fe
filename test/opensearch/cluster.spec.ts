import * as assert from "node:assert/strict";
import { all, at, find, kindsAndNames, listAt } from "../support/plans";
import { type Settings, container, dataOf, peer, planned, pod, selector, setting } from "./support/cluster";

describe("OpenSearchCluster", () => {
    it("is three nodes that do everything, and a Task that sets them up", async () => {
        const { plan, cluster } = await planned();
        assert.deepEqual(
            kindsAndNames(plan).filter((each) => !/^(PrivateKey|SelfSignedCert|CertRequest|LocallySigned)/.test(each)),
            [
                "Access search-access",
                "Access search-setup-access",
                "Cluster search",
                "ConfigMap search-config",
                "ConfigMap search-scripts",
                "ConfigMap search-setup-config",
                "Job search-setup-task-job",
                "NetworkPolicy search-data-network",
                "NetworkPolicy search-setup-task-network",
                "PodDisruptionBudget search-data-budget",
                "RandomPassword search-admin-password-0",
                "RandomPassword search-readiness-password-0",
                "Secret search-admin-secret",
                "Secret search-login-admin",
                "Secret search-nodes-secret",
                "Secret search-readiness",
                "Secret search-security",
                "Service search-data-headless",
                "Service search-data-service",
                "ServiceAccount search-access-account",
                "ServiceAccount search-setup-access-account",
                "Setup search-setup",
                "StatefulSet search-data-set",
                "Task search-setup-task",
                "WorkerSet search-data",
            ],
        );
        const url = "https://search.stores.svc.cluster.local:9200";
        assert.deepEqual(find(plan, "Cluster").outputs, { nodes: [url] });
        assert.deepEqual(cluster.flow, {
            peers: [{ namespace: "stores", podLabels: selector("data") }],
            ports: [{ port: 9200, protocol: "TCP" }],
        });
    });

    it("keeps its inputs to what a guard compares", async () => {
        const image = "docker.io/opensearchproject/opensearch:3.1.0";
        assert.deepEqual(find((await planned()).plan, "Cluster").inputs, {
            clusterName: "dev-search",
            nodes: 3,
            storage: "50Gi",
            storageClass: null,
            managers: 0,
            managerStorage: null,
            managerStorageClass: null,
            image,
        });
        const settings = {
            clusterName: "prod",
            data: { nodes: 4, storage: "1Ti", storageClass: "fast" },
            managers: { nodes: 5, storage: "2Gi", storageClass: "slow" },
        } as const;
        assert.deepEqual(find((await planned({ settings })).plan, "Cluster").inputs, {
            clusterName: "prod",
            nodes: 4,
            storage: "1Ti",
            storageClass: "fast",
            managers: 5,
            managerStorage: "2Gi",
            managerStorageClass: "slow",
            image,
        });
    });

    const claim = "spec.volumeClaimTemplates[0].spec";
    const sets: readonly (readonly [string, Settings, string, string, unknown])[] = [
        ["data.nodes", { data: { nodes: 5 } }, "search-data", "spec.replicas", 5],
        ["data.storage", { data: { storage: "7Gi" } }, "search-data", `${claim}.resources.requests.storage`, "7Gi"],
        ["data.storageClass", { data: { storageClass: "fast" } }, "search-data", `${claim}.storageClassName`, "fast"],
        [
            "data.resources",
            { data: { resources: { memory: "8Gi" } } },
            "search-data",
            `${container}.resources.limits.memory`,
            "8Gi",
        ],
        ["data.priority", { data: { priority: "high" } }, "search-data", `${pod}.priorityClassName`, "dev-high"],
        [
            "data.priority, of the Task too",
            { data: { priority: "high" } },
            "search-setup",
            `${pod}.priorityClassName`,
            "dev-high",
        ],
        [
            "data.targets",
            { data: { targets: "stateful" } },
            "search-data",
            `${pod}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`,
            [{ matchExpressions: [{ key: "pool", operator: "In", values: ["stateful"] }] }],
        ],
        [
            "data.spread",
            { data: { spread: { zones: "required" } } },
            "search-data",
            `${pod}.topologySpreadConstraints[0].whenUnsatisfiable`,
            "DoNotSchedule",
        ],
        ["managers.nodes", { managers: { nodes: 5 } }, "search-manager", "spec.replicas", 5],
        ["managers, three by default", { managers: {} }, "search-manager", "spec.replicas", 3],
        [
            "managers.storage",
            { managers: { storage: "1Gi" } },
            "search-manager",
            `${claim}.resources.requests.storage`,
            "1Gi",
        ],
        [
            "managers.priority",
            { managers: { priority: "high" } },
            "search-manager",
            `${pod}.priorityClassName`,
            "dev-high",
        ],
        [
            "recovery, in what the Task may take",
            { recovery: "10m" },
            "search-setup",
            "spec.activeDeadlineSeconds",
            1500,
        ],
    ];
    for (const [what, settings, name, path, expected] of sets) {
        it(`shows ${what}`, async () => {
            const kind = name === "search-setup" ? "Job" : "StatefulSet";
            assert.deepEqual(at(find((await planned({ settings })).plan, kind, name).inputs, path), expected);
        });
    }

    for (const [what, settings, expected] of [
        ["half of the memory by default", {}, "-Xms2048m -Xmx2048m "],
        ["what is given", { data: { heap: "1Gi" } }, "-Xms1024m -Xmx1024m "],
        ["never 31 GiB", { data: { resources: { memory: "128Gi" } } }, "-Xms31743m -Xmx31743m "],
    ] as const) {
        it(`has as heap ${what}`, async () => {
            const set = find((await planned({ settings })).plan, "StatefulSet").inputs;
            const options = String(at(set, `${container}.env[name=OPENSEARCH_JAVA_OPTS].value`));
            assert.ok(options.startsWith(expected), options);
        });
    }

    it("shows recovery in how long the engine waits", async () => {
        const timeouts = async (recovery: string) =>
            find((await planned({ settings: { recovery } })).plan, "StatefulSet").customTimeouts;
        // 600 s and ten to settle, once at the first start and three times in a roll; 300 s to pull.
        assert.deepEqual(await timeouts("10m"), { create: "910s", update: "2130s" });
        assert.notDeepEqual(await timeouts("20m"), await timeouts("10m"));
    });

    it("uses the environment's image everywhere", async () => {
        const { plan } = await planned({
            settings: { managers: {} },
            foundation: { images: { pins: { opensearch: "3.1.1" } } },
        });
        const images = [...all(plan, "StatefulSet"), ...all(plan, "Job")].flatMap(({ inputs }) =>
            ["containers", "initContainers"].flatMap((part) =>
                at(inputs, `${pod}.${part}`) === undefined
                    ? []
                    : listAt(inputs, `${pod}.${part}`).map((each) => at(each, "image")),
            ),
        );
        assert.deepEqual(new Set(images), new Set(["docker.io/opensearchproject/opensearch:3.1.1"]));
    });
});

describe("the nodes of a cluster", () => {
    it("begin a cluster of themselves, and find each other whether they are ready or not", async () => {
        const { plan } = await planned({ settings: { data: { nodes: 5 } } });
        assert.equal(
            dataOf(plan, "ConfigMap", "search-scripts")["initial-managers"],
            "search-data-0,search-data-1,search-data-2,search-data-3,search-data-4\n",
        );
        assert.deepEqual(setting(plan, "discovery.seed_hosts"), ["search-nodes.stores.svc.cluster.local"]);
        const set = find(plan, "StatefulSet").inputs;
        assert.deepEqual(at(set, `${container}.command`), ["bash", "/scripts/start.sh", "/scripts/initial-managers"]);
        assert.equal(at(set, `${container}.env[name=node.roles].value`), "cluster_manager,data,ingest");
        assert.equal(at(set, `${container}.env[name=node.name].valueFrom.fieldRef.fieldPath`), "metadata.name");
        assert.deepEqual(at(set, `${container}.readinessProbe.exec.command`), ["bash", "/scripts/readiness.sh"]);
        assert.equal(at(set, "spec.podManagementPolicy"), "Parallel");
        assert.equal(at(set, "spec.serviceName"), "search-nodes");
    });

    it("leave it to managers where there are some, and change after those", async () => {
        const { plan } = await planned({ settings: { managers: {} } });
        assert.equal(
            dataOf(plan, "ConfigMap", "search-scripts")["initial-managers"],
            "search-manager-0,search-manager-1,search-manager-2\n",
        );
        const [managers, data] = ["search-manager", "search-data"].map((name) => find(plan, "StatefulSet", name));
        assert.deepEqual(
            [managers, data].map((set) =>
                ["command", "env[name=node.roles].value", "readinessProbe.exec.command"].map((path) =>
                    at(set?.inputs, `${container}.${path}`),
                ),
            ),
            [
                [
                    ["bash", "/scripts/start.sh", "/scripts/initial-managers"],
                    "cluster_manager",
                    ["bash", "/scripts/readiness.sh", "manager"],
                ],
                [["bash", "/scripts/start.sh"], "data,ingest", ["bash", "/scripts/readiness.sh"]],
            ],
        );
        assert.ok(find(plan, "WorkerSet", "search-data").dependencies.includes(managers?.urn ?? ""));
        assert.deepEqual(setting(plan, "discovery.seed_hosts"), [
            "search-managers.stores.svc.cluster.local",
            "search-nodes.stores.svc.cluster.local",
        ]);
    });

    it("are set up beside them, not after them: they are ready only when the Task is done", async () => {
        const { plan } = await planned({ settings: { managers: {} } });
        const { dependencies } = find(plan, "Setup");
        const sets = all(plan, "StatefulSet").map(({ urn }) => urn);
        assert.deepEqual(
            dependencies.filter((urn) => sets.includes(urn)),
            [],
        );
        for (const name of ["search-security", "search-admin", "search-login-admin"]) {
            assert.ok(dependencies.includes(find(plan, "Secret", name).urn), name);
        }
        const waited = find(plan, "WorkerSet", "search-data").dependencies;
        for (const name of ["search-config", "search-scripts"]) {
            assert.ok(waited.includes(find(plan, "ConfigMap", name).urn), name);
        }
        for (const name of ["search-nodes", "search-readiness"]) {
            assert.ok(waited.includes(find(plan, "Secret", name).urn), name);
        }
    });

    it("serve clients from the data nodes only", async () => {
        const { plan } = await planned({ settings: { managers: {} } });
        const services = all(plan, "Service").map(({ inputs }) => [
            at(inputs, "metadata.name"),
            at(inputs, 'spec.selector["app.kubernetes.io/component"]'),
            listAt(inputs, "spec.ports").map((port) => at(port, "port")),
            at(inputs, "spec.clusterIP") ?? at(inputs, "spec.type"),
        ]);
        assert.deepEqual(
            services.sort((a, b) => String(a[0]).localeCompare(String(b[0]))),
            [
                ["search", "data", [9200], "ClusterIP"],
                ["search-managers", "manager", [9200, 9300], "None"],
                ["search-nodes", "data", [9200, 9300], "None"],
            ],
        );
    });

    it("mount what they need, none of it the administrator's", async () => {
        const { plan } = await planned();
        const set = find(plan, "StatefulSet").inputs;
        const home = "/usr/share/opensearch";
        assert.deepEqual(
            listAt(set, `${container}.volumeMounts`).map((each) => [at(each, "name"), at(each, "mountPath")]),
            [
                ["config", `${home}/config`],
                ["yml", `${home}/config/opensearch.yml`],
                ["certificates", `${home}/config/certificates`],
                ["scripts", "/scripts"],
                ["login", "/readiness"],
                ["data", `${home}/data`],
                ["logs", `${home}/logs`],
                ["tmp", "/tmp"],
            ],
        );
        const secrets = listAt(set, `${pod}.volumes`).map((each) => at(each, "secret.secretName"));
        assert.deepEqual(
            secrets.filter((each) => each !== undefined),
            ["search-nodes", "search-readiness"],
        );
        assert.deepEqual(at(find(plan, "Job").inputs, `${pod}.volumes[name=admin].secret`), {
            secretName: "search-admin",
        });
    });

    it("let in their clients, the Task and each other, and reach each other only", async () => {
        const given = {
            settings: { managers: {}, clients: [{ cidr: "10.0.0.0/8" }] },
            clients: [{ namespace: "team" }],
        };
        const { plan } = await planned(given);
        const policy = (name: string) => at(find(plan, "NetworkPolicy", name).inputs, "spec");
        const between = { from: [peer("data"), peer("manager")], ports: [{ protocol: "TCP", port: 9300 }] };
        const reach = [{ to: between.from, ports: between.ports }];
        assert.deepEqual(at(policy("search-data-network"), "ingress"), [
            {
                from: [
                    { ipBlock: { cidr: "10.0.0.0/8" } },
                    { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team" } } },
                    peer("setup"),
                ],
                ports: [{ protocol: "TCP", port: 9200 }],
            },
            between,
        ]);
        assert.deepEqual(at(policy("search-manager-network"), "ingress"), [between]);
        assert.deepEqual(at(policy("search-data-network"), "egress"), reach);
        assert.deepEqual(at(policy("search-manager-network"), "egress"), reach);
        assert.deepEqual(at(policy("search-setup-task-network"), "egress"), [
            { to: [peer("data")], ports: [{ protocol: "TCP", port: 9200 }] },
        ]);
    });
});
