import * as assert from "node:assert/strict";
import { totalsOf } from "../../bin/plan/totals";
import { BookKeeper, zookeeperClients } from "../../components/bookkeeper/bookkeeper";
import { type BookKeeperSettings, bookkeeperSettings, demand } from "../../components/bookkeeper/schema";
import { sumOfDemands } from "../../components/foundation/demand";
import { foundation } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, kindsAndNames, listAt, mapAt, planOf } from "../support/plans";
import { type Overrides, planned, selector, zookeeper } from "./fixtures";

const pod = "spec.template.spec";
const container = `${pod}.containers[name=bookie]`;
const prepared = `${pod}.initContainers[name=cluster]`;
const clientPorts = [{ protocol: "TCP", port: 3181 }];
const httpPorts = [{ protocol: "TCP", port: 8080 }];
const inNamespace = (name: string) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
});
const pods = (component: string) => ({
    podSelector: { matchLabels: { ...selector, "app.kubernetes.io/component": component } },
});
const toZookeeper = { to: [inNamespace("zk")], ports: [{ protocol: "TCP", port: 2181 }] };
const ownPods = { autorecovery: { kind: "pods" } } as const;

describe("BookKeeper", () => {
    it("registers bookies with all that belongs to them", async () => {
        const { plan, bookkeeper } = await planned();
        assert.deepEqual(kindsAndNames(plan), [
            "Access books-access",
            "BookKeeper books",
            "ConfigMap books-config",
            "NetworkPolicy books-bookies-network",
            "PodDisruptionBudget books-bookies-budget",
            "Service books-bookies-headless",
            "ServiceAccount books-access-account",
            "StatefulSet books-bookies-set",
            "WorkerSet books-bookies",
        ]);
        assert.deepEqual(bookkeeper.connection, {
            bookies: 4,
            zookeeperServers: "zk-1.zk:2181,zk-2.zk:2181",
            ledgersPath: "/ledgers",
            flow: {
                peers: [{ namespace: "store", podLabels: selector }],
                ports: [{ port: 3181, protocol: "TCP" }],
            },
        });
        assert.deepEqual(find(plan, "BookKeeper").outputs, { bookies: 4, ledgersPath: "/ledgers" });
    });

    it("has probes, bounded memory, time to stop, a budget, durable volumes and names for unready pods [heron-P8]", async () => {
        const { plan } = await planned();
        const set = find(plan, "StatefulSet").inputs;
        for (const [probe, path] of [
            ["startupProbe", "/api/v1/bookie/is_ready"],
            ["readinessProbe", "/api/v1/bookie/is_ready"],
            ["livenessProbe", "/heartbeat"],
        ] as const) {
            assert.deepEqual(at(set, `${container}.${probe}.httpGet`), { path, port: "http" }, probe);
        }
        assert.equal(at(set, `${container}.resources.limits.memory`), "2Gi");
        assert.doesNotMatch(JSON.stringify(set), /GCThreads|AggressiveOpts/);
        assert.ok(Number(at(set, `${pod}.terminationGracePeriodSeconds`)) >= 60);
        assert.equal(at(find(plan, "PodDisruptionBudget").inputs, "spec.maxUnavailable"), 1);
        assert.equal(at(set, "spec.podManagementPolicy"), "Parallel");
        assert.equal(at(set, "spec.serviceName"), "books-bookies");
        assert.deepEqual(find(plan, "Service", "books-bookies").inputs["spec"], {
            selector,
            clusterIP: "None",
            publishNotReadyAddresses: true,
            ports: [{ name: "client", port: 3181, targetPort: "client", protocol: "TCP" }],
        });
        assert.deepEqual(
            listAt(set, "spec.volumeClaimTemplates").map((claim) => [
                at(claim, "metadata.name"),
                at(claim, "spec.resources.requests.storage"),
            ]),
            [
                ["journal", "10Gi"],
                ["ledgers", "30Gi"],
            ],
        );
        assert.deepEqual(at(set, "spec.persistentVolumeClaimRetentionPolicy"), {
            whenDeleted: "Retain",
            whenScaled: "Retain",
        });
        const spec = JSON.stringify(mapAt(set, pod));
        assert.doesNotMatch(spec, /hostPath|hostPort|hostNetwork|prometheus\.io/);
        assert.ok(
            at(
                set,
                `${pod}.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm`,
            ) !== undefined,
        );
    });

    const cases: readonly (readonly [string, Overrides, string, string, unknown])[] = [
        ["bookies", { settings: { bookies: 7 } }, "StatefulSet", "spec.replicas", 7],
        [
            "journal.size",
            { settings: { journal: { size: "2Gi" } } },
            "StatefulSet",
            "spec.volumeClaimTemplates[0].spec.resources.requests.storage",
            "2Gi",
        ],
        [
            "ledgers.size",
            { settings: { ledgers: { size: "9Gi" } } },
            "StatefulSet",
            "spec.volumeClaimTemplates[1].spec.resources.requests.storage",
            "9Gi",
        ],
        [
            "storageClass",
            { settings: { storageClass: "usual", ledgers: { storageClass: "large" } } },
            "StatefulSet",
            "spec.volumeClaimTemplates[0].spec.storageClassName",
            "usual",
        ],
        [
            "ledgers.storageClass, before the shared one",
            { settings: { storageClass: "usual", ledgers: { storageClass: "large" } } },
            "StatefulSet",
            "spec.volumeClaimTemplates[1].spec.storageClassName",
            "large",
        ],
        [
            "journal.storageClass",
            { settings: { journal: { storageClass: "fast" } } },
            "StatefulSet",
            "spec.volumeClaimTemplates[0].spec.storageClassName",
            "fast",
        ],
        [
            "no storageClass by default",
            {},
            "StatefulSet",
            "spec.volumeClaimTemplates[0].spec.storageClassName",
            undefined,
        ],
        [
            "resources",
            { settings: { resources: { cpu: "2", cpuLimit: "3", memory: "4Gi", ephemeralStorage: "1Gi" } } },
            "StatefulSet",
            `${container}.resources`,
            {
                requests: { cpu: "2", memory: "4Gi", "ephemeral-storage": "1Gi" },
                limits: { cpu: "3", memory: "4Gi", "ephemeral-storage": "1Gi" },
            },
        ],
        [
            "heap",
            { settings: { heap: "512Mi" } },
            "StatefulSet",
            `${container}.env[name=BOOKIE_MAX_HEAP_MEMORY].value`,
            "512m",
        ],
        [
            "directMemory",
            { settings: { directMemory: "512Mi" } },
            "StatefulSet",
            `${container}.env[name=BOOKIE_MAX_DIRECT_MEMORY].value`,
            "512m",
        ],
        ["a heap of 40 %", {}, "StatefulSet", `${container}.env[name=BOOKIE_MAX_HEAP_MEMORY].value`, "819m"],
        [
            "targets",
            { settings: { targets: "stateful" } },
            "StatefulSet",
            `${pod}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`,
            [{ matchExpressions: [{ key: "pool", operator: "In", values: ["stateful"] }] }],
        ],
        [
            "spread",
            { settings: { spread: { zones: "required" } } },
            "StatefulSet",
            `${pod}.topologySpreadConstraints[0].whenUnsatisfiable`,
            "DoNotSchedule",
        ],
        ["priority", { settings: { priority: "critical" } }, "StatefulSet", `${pod}.priorityClassName`, "dev-critical"],
        [
            "autorecovery: pods, with their targets",
            { settings: { ...ownPods, targets: "stateful" } },
            "Deployment",
            `${pod}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`,
            [{ matchExpressions: [{ key: "pool", operator: "In", values: ["stateful"] }] }],
        ],
        ["autorecovery.replicas, 2 by default", { settings: ownPods }, "Deployment", "spec.replicas", 2],
        [
            "autorecovery.replicas",
            { settings: { autorecovery: { kind: "pods", replicas: 3 } } },
            "Deployment",
            "spec.replicas",
            3,
        ],
        [
            "autorecovery.resources",
            { settings: { autorecovery: { kind: "pods", resources: { memory: "1000Mi" } } } },
            "Deployment",
            `${pod}.containers[0].env[name=BOOKIE_MAX_HEAP_MEMORY].value`,
            "400m",
        ],
        [
            "the environment's registry",
            { foundation: { images: { registry: "reg.example.com" } } },
            "StatefulSet",
            `${container}.image`,
            "reg.example.com/apache/bookkeeper:4.14.5",
        ],
    ];
    for (const [what, given, kind, path, expected] of cases) {
        it(`shows ${what} in its ${kind}`, async () => {
            assert.deepEqual(at(find((await planned(given)).plan, kind).inputs, path), expected);
        });
    }

    it("calls each bookie by a name that every client can resolve, before it is ready", async () => {
        const { plan } = await planned({ foundation: { dns: { domain: "c.example" } } });
        const env = listAt(find(plan, "StatefulSet").inputs, `${container}.env`);
        assert.deepEqual(env.slice(0, 2), [
            { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            { name: "BOOKIE_ADDRESS", value: "$(POD_NAME).books-bookies.store.svc.c.example" },
        ]);
        const conf = String(at(find(plan, "ConfigMap").inputs, 'data["bk_server.conf"]'));
        assert.ok(conf.includes("advertisedAddress=${env:BOOKIE_ADDRESS}\n"), conf);
        assert.equal(at(find(plan, "StatefulSet").inputs, "spec.serviceName"), "books-bookies");
    });

    it("makes the cluster before the bookie starts, with the same configuration", async () => {
        const set = find((await planned()).plan, "StatefulSet").inputs;
        assert.deepEqual(at(set, `${prepared}.env`), at(set, `${container}.env`));
        assert.deepEqual(at(set, `${prepared}.resources`), at(set, `${container}.resources`));
        assert.equal(listAt(set, `${prepared}.command`)[0], "bash");
        assert.deepEqual(at(set, `${container}.command`), ["/opt/bookkeeper/bin/bookkeeper", "bookie"]);
        for (const path of [prepared, container]) {
            assert.deepEqual(at(set, `${path}.volumeMounts[name=config]`), {
                name: "config",
                mountPath: "/etc/bookkeeper",
                readOnly: true,
            });
        }
        assert.equal(at(set, `${pod}.securityContext.runAsUser`), 1000);
    });

    it("lets in who may come, and the bookies out to ZooKeeper and to each other", async () => {
        const policy = async (given: Overrides, name = "books") =>
            mapAt(find((await planned(given)).plan, "NetworkPolicy", name).inputs, "spec");
        const settings = { clients: [{ cidr: "10.0.0.0/8" }], scrapers: [{ namespace: "watch" }] };
        const clients = [{ namespace: "heron" }];
        const both = await policy({ settings, clients });
        assert.deepEqual(both["ingress"], [
            {
                from: [{ ipBlock: { cidr: "10.0.0.0/8" } }, inNamespace("heron"), pods("bookie")],
                ports: clientPorts,
            },
            { from: [inNamespace("watch")], ports: httpPorts },
        ]);
        assert.deepEqual(both["egress"], [toZookeeper, { to: [pods("bookie")], ports: clientPorts }]);

        const apart = await policy({ settings: { ...settings, ...ownPods }, clients: [] });
        assert.deepEqual(at(apart, "ingress[0].from"), [{ ipBlock: { cidr: "10.0.0.0/8" } }, pods("autorecovery")]);
        assert.deepEqual(apart["egress"], [toZookeeper]);
        const recovery = await policy({ settings: { ...settings, ...ownPods } }, "books-autorecovery");
        assert.deepEqual(recovery["ingress"], [{ from: [inNamespace("watch")], ports: httpPorts }]);
        assert.deepEqual(recovery["egress"], [toZookeeper, { to: [pods("bookie")], ports: clientPorts }]);

        const off = await policy({ settings: { autorecovery: { kind: "off" }, metrics: false, scrapers: [] } });
        assert.deepEqual([off["ingress"], off["egress"]], [[], [toZookeeper]]);
        const unread = await policy({ settings: { metrics: false, scrapers: [{ namespace: "watch" }] } });
        assert.deepEqual(unread["ingress"], [{ from: [pods("bookie")], ports: clientPorts }]);
    });

    it("names its pods to the ensemble that they connect to, those of autorecovery where there are any", () => {
        const clients = (given: BookKeeperSettings) =>
            zookeeperClients("books", "store", bookkeeperSettings.parse(given));
        const bookies = { namespace: "store", podLabels: selector };
        assert.deepEqual(clients({}), [bookies]);
        assert.deepEqual(clients({ autorecovery: { kind: "pods" } }), [
            bookies,
            { namespace: "store", podLabels: { ...selector, "app.kubernetes.io/component": "autorecovery" } },
        ]);
    });

    it("copies what a lost bookie held in one place only", async () => {
        for (const [settings, deployments, inBookies] of [
            [{}, 0, true],
            [ownPods, 1, false],
            [{ autorecovery: { kind: "off" } }, 0, false],
        ] as const) {
            const { plan } = await planned({ settings });
            assert.equal(all(plan, "Deployment").length, deployments);
            const conf = String(at(find(plan, "ConfigMap").inputs, 'data["bk_server.conf"]'));
            assert.ok(conf.includes(`autoRecoveryDaemonEnabled=${inBookies}\n`), conf);
        }
        const { plan } = await planned({ settings: ownPods });
        const deployment = find(plan, "Deployment").inputs;
        const [only, ...others] = listAt(deployment, `${pod}.containers`);
        assert.deepEqual(others, []);
        assert.deepEqual(at(only, "command"), ["/opt/bookkeeper/bin/bookkeeper", "autorecovery"]);
        assert.deepEqual(at(only, "env[name=BOOKIE_ADDRESS].valueFrom.fieldRef"), { fieldPath: "status.podIP" });
        assert.deepEqual(at(only, "readinessProbe.httpGet"), { path: "/heartbeat", port: "http" });
        assert.ok(find(plan, "MasterSet").dependencies.includes(find(plan, "StatefulSet").urn), "after the bookies");
    });

    it("is rolled by a change of its configuration", async () => {
        const hashes = async (settings: Overrides["settings"]) => {
            const { plan } = await planned({ settings: settings ?? {} });
            return [...all(plan, "StatefulSet"), ...all(plan, "Deployment")].map(({ inputs }) =>
                at(inputs, 'spec.template.metadata.annotations["data-platform/config-hash"]'),
            );
        };
        const before = await hashes(ownPods);
        assert.equal(before.length, 2);
        const after = await hashes({ ...ownPods, diskUsageThreshold: 90 });
        before.forEach((hash, index) => assert.notEqual(after[index], hash));
        assert.deepEqual(await hashes({ ...ownPods, clients: [{ namespace: "other" }] }), before);
    });

    it("waits for its configuration", async () => {
        const { plan } = await planned();
        assert.ok(find(plan, "WorkerSet").dependencies.includes(find(plan, "ConfigMap").urn));
    });

    it("puts its metadata below the path of ZooKeeper's connection", async () => {
        const { bookkeeper } = await planned({ zookeeper: { ...zookeeper, connectionString: "zk:2181/heron" } });
        assert.equal(bookkeeper.connection.zookeeperServers, "zk:2181");
        assert.equal(bookkeeper.connection.ledgersPath, "/heron/ledgers");
    });

    it("asks the quota for what its pods really ask for", async () => {
        for (const settings of [{}, ownPods, { bookies: 1, autorecovery: { kind: "off" } }] as const) {
            const { plan } = await planned({ settings });
            const { requests, limits, pods: count, storage } = totalsOf(plan.resources).all;
            const { cpu, memory, cpuLimit, memoryLimit, ...rest } = sumOfDemands(
                demand(bookkeeperSettings.parse(settings)),
            );
            assert.deepEqual(
                [
                    { cpu, memory },
                    { cpu: cpuLimit, memory: memoryLimit },
                ],
                [requests, limits],
            );
            assert.deepEqual(rest, { pods: count, storage });
        }
    });

    it("calls no API and has no token", async () => {
        const { plan } = await planned({ settings: ownPods });
        assert.deepEqual(all(plan, "Role"), []);
        for (const { inputs } of [find(plan, "StatefulSet"), find(plan, "Deployment")]) {
            assert.equal(at(inputs, `${pod}.automountServiceAccountToken`), false);
        }
    });

    it("keeps its inputs to what a guard compares", async () => {
        const settings = { storageClass: "usual", journal: { size: "2Gi", storageClass: "fast" } };
        assert.deepEqual(find((await planned({ settings })).plan, "BookKeeper").inputs, {
            bookies: 4,
            ledgersPath: "/ledgers",
            claims: [
                { name: "journal", size: "2Gi", storageClass: "fast" },
                { name: "ledgers", size: "30Gi", storageClass: "usual" },
            ],
            image: "docker.io/apache/bookkeeper:4.14.5",
        });
    });

    it("stands beside another one in the same namespace", async () => {
        const given = { foundation: foundation(), namespace: "store", zookeeper, settings: ownPods };
        const plan = await planOf(() => [new BookKeeper("books", given), new BookKeeper("other", given)]);
        assertSound(plan);
        assert.equal(all(plan, "StatefulSet").length, 2);
    });

    it("refuses what can't work", async () => {
        await assert.rejects(
            planned({ settings: { bookies: 0 } }),
            /books can't be used as given:\n {2}bookies: expected/,
        );
        await assert.rejects(planned({ settings: { targets: "nowhere" } }), /there is no target set "nowhere"/);
        const tls = { connectionString: "zk:2281", required: true, rotation: 0 };
        await assert.rejects(planned({ zookeeper: { ...zookeeper, tls } }), /books connects to ZooKeeper without TLS/);
    });
});
