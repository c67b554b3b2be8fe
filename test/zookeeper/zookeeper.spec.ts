import * as assert from "node:assert/strict";
import { configHash } from "../../components/foundation/configFiles";
import type { Peer } from "../../components/foundation/networkPolicy";
import { parseQuantity } from "../../components/foundation/quantity";
import { monitoringSettings } from "../../components/monitoring/schema";
import { ZooKeeper, type ZooKeeperArgs } from "../../components/zookeeper/zookeeper";
import { foundation, type FoundationOverrides } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, kindsAndNames, listAt, mapAt, planOf } from "../support/plans";

interface Overrides {
    readonly settings?: ZooKeeperArgs["settings"];
    readonly clients?: readonly Peer[];
    readonly foundation?: FoundationOverrides;
}

const planned = async ({ settings, clients, foundation: overrides }: Overrides = {}) => {
    let ensemble: ZooKeeper | undefined;
    const plan = await planOf(() => {
        ensemble = new ZooKeeper("zk", {
            foundation: foundation(overrides),
            namespace: "stores",
            ...(settings && { settings }),
            ...(clients && { clients }),
        });
    });
    assertSound(plan);
    assert.ok(ensemble !== undefined);
    return { plan, ensemble };
};

const pod = "spec.template.spec";
const container = `${pod}.containers[name=zookeeper]`;
const claimSize = (name: string) => `spec.volumeClaimTemplates[0].spec.resources.requests.${name}`;
const selector = {
    "app.kubernetes.io/name": "zookeeper",
    "app.kubernetes.io/instance": "zk",
    "app.kubernetes.io/component": "member",
};
const peers = { podSelector: { matchLabels: selector } };
const between = [
    { protocol: "TCP", port: 2888 },
    { protocol: "TCP", port: 3888 },
];

describe("ZooKeeper", () => {
    it("registers three members that know each other by default", async () => {
        const { plan, ensemble } = await planned();
        assert.deepEqual(kindsAndNames(plan), [
            "Access zk-access",
            "ConfigMap zk-config",
            "NetworkPolicy zk-ensemble-network",
            "PodDisruptionBudget zk-ensemble-budget",
            "Service zk-ensemble-headless",
            "Service zk-ensemble-service",
            "ServiceAccount zk-access-account",
            "StatefulSet zk-ensemble-set",
            "WorkerSet zk-ensemble",
            "ZooKeeper zk",
        ]);
        const members = [1, 2, 3].map((index) => `zk-${index}.zk-members.stores.svc.cluster.local:2181`);
        assert.equal(ensemble.connectionString, members.join(","));
        assert.deepEqual(find(plan, "ZooKeeper").outputs, { connectionString: members.join(",") });
        assert.deepEqual(ensemble.flow, {
            peers: [{ namespace: "stores", podLabels: selector }],
            ports: [{ port: 2181, protocol: "TCP" }],
        });
    });

    const cases: readonly (readonly [string, Overrides, string, string, unknown])[] = [
        ["members", { settings: { members: 5 } }, "StatefulSet", "spec.replicas", 5],
        ["storage", { settings: { storage: "7Gi" } }, "StatefulSet", claimSize("storage"), "7Gi"],
        ["one volume by default", {}, "StatefulSet", "spec.volumeClaimTemplates[1]", undefined],
        [
            "logStorage",
            { settings: { logStorage: "3Gi" } },
            "StatefulSet",
            "spec.volumeClaimTemplates[1].spec.resources.requests",
            { storage: "3Gi" },
        ],
        [
            "logStorage, mounted",
            { settings: { logStorage: "3Gi" } },
            "StatefulSet",
            `${container}.volumeMounts[name=datalog].mountPath`,
            "/datalog",
        ],
        [
            "storageClass",
            { settings: { storageClass: "fast" } },
            "StatefulSet",
            "spec.volumeClaimTemplates[0].spec.storageClassName",
            "fast",
        ],
        [
            "storageClass, of the log too",
            { settings: { storageClass: "fast", logStorage: "3Gi" } },
            "StatefulSet",
            "spec.volumeClaimTemplates[1].spec.storageClassName",
            "fast",
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
        ["heap", { settings: { heap: "512Mi" } }, "StatefulSet", `${container}.env[name=ZK_SERVER_HEAP].value`, "512"],
        [
            "heap, all of it from the start",
            { settings: { heap: "512Mi" } },
            "StatefulSet",
            `${container}.env[name=SERVER_JVMFLAGS].value`,
            "-Xms512m -XX:+ExitOnOutOfMemoryError -Dzookeeper.electionPortBindRetry=0",
        ],
        ["a heap of 60 % by default", {}, "StatefulSet", `${container}.env[name=ZK_SERVER_HEAP].value`, "921"],
        [
            "metrics",
            { settings: { metrics: true } },
            "StatefulSet",
            `${container}.ports[name=metrics]`,
            { name: "metrics", containerPort: 7000, protocol: "TCP" },
        ],
        ["metrics off", { settings: { metrics: false } }, "StatefulSet", `${container}.ports[name=metrics]`, undefined],
        [
            "targets",
            { settings: { targets: "stateful" } },
            "StatefulSet",
            `${pod}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`,
            [{ matchExpressions: [{ key: "pool", operator: "In", values: ["stateful"] }] }],
        ],
        ["no targets by default", {}, "StatefulSet", `${pod}.affinity.nodeAffinity`, undefined],
        [
            "spread.hosts",
            { settings: { spread: { hosts: "required" } } },
            "StatefulSet",
            `${pod}.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey`,
            "kubernetes.io/hostname",
        ],
        [
            "spread.zones",
            { settings: { spread: { zones: "required" } } },
            "StatefulSet",
            `${pod}.topologySpreadConstraints[0].whenUnsatisfiable`,
            "DoNotSchedule",
        ],
        ["priority", { settings: { priority: "critical" } }, "StatefulSet", `${pod}.priorityClassName`, "dev-critical"],
        ["no priority by default", {}, "StatefulSet", `${pod}.priorityClassName`, undefined],
        [
            "settings.clients and clients, on the client port",
            { settings: { clients: [{ cidr: "10.0.0.0/8" }] }, clients: [{ namespace: "team" }] },
            "NetworkPolicy",
            "spec.ingress",
            [
                {
                    from: [
                        { ipBlock: { cidr: "10.0.0.0/8" } },
                        { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team" } } },
                    ],
                    ports: [{ protocol: "TCP", port: 2181 }],
                },
                { from: [peers], ports: between },
            ],
        ],
        [
            "settings.scrapers, on the metrics port",
            { settings: { scrapers: [{ namespace: "monitoring" }] } },
            "NetworkPolicy",
            "spec.ingress",
            [
                { from: [peers], ports: between },
                {
                    from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
                    ports: [{ protocol: "TCP", port: 7000 }],
                },
            ],
        ],
        [
            "no way for scrapers without metrics",
            { settings: { metrics: false, scrapers: [{ namespace: "monitoring" }] } },
            "NetworkPolicy",
            "spec.ingress",
            [{ from: [peers], ports: between }],
        ],
        ["no clients by default", {}, "NetworkPolicy", "spec.ingress", [{ from: [peers], ports: between }]],
        ["the way to each other", {}, "NetworkPolicy", "spec.egress", [{ to: [peers], ports: between }]],
        [
            "the environment's registry",
            { foundation: { images: { registry: "reg.example.com" } } },
            "StatefulSet",
            `${container}.image`,
            "reg.example.com/library/zookeeper:3.9.4",
        ],
    ];
    for (const [what, given, kind, path, expected] of cases) {
        it(`shows ${what} in its ${kind}`, async () => {
            assert.deepEqual(at(find((await planned(given)).plan, kind).inputs, path), expected);
        });
    }

    it("names its members in the cluster's own domain", async () => {
        const { ensemble } = await planned({ foundation: { dns: { domain: "c.example" } }, settings: { members: 1 } });
        assert.equal(ensemble.connectionString, "zk-1.zk-members.stores.svc.c.example:2181");
    });

    for (const members of [1, 3, 5, 7] as const) {
        it(`tells ${members === 1 ? "its only member" : `all ${members} members`} who they are`, async () => {
            const { plan, ensemble } = await planned({ settings: { members } });
            const config = String(at(find(plan, "ConfigMap").inputs, 'data["zoo.cfg"]'));
            const servers = config.split("\n").filter((line) => line.startsWith("server."));
            const set = find(plan, "StatefulSet").inputs;
            assert.equal(servers.length, at(set, "spec.replicas"));
            // The pods' own names: <set>-<ordinal>.<headless service>, the ordinals from `ordinals.start` on.
            const [name, service] = [at(set, "metadata.name"), at(set, "spec.serviceName")].map(String);
            const hosts = Array.from({ length: members }, (_, index) => {
                const ordinal = Number(at(set, "spec.ordinals.start")) + index;
                return `${name}-${ordinal}.${service}.stores.svc.cluster.local`;
            });
            assert.deepEqual(
                servers,
                hosts.map((host, index) => `server.${index + 1}=${host}:2888:3888;2181`),
            );
            assert.equal(ensemble.connectionString, hosts.map((host) => `${host}:2181`).join(","));
            assert.equal(config.includes("standaloneEnabled=true"), members === 1);
        });
    }

    it("numbers its members by their pods' index, from 1 on", async () => {
        const set = find((await planned()).plan, "StatefulSet").inputs;
        assert.equal(at(set, "spec.ordinals.start"), 1);
        assert.deepEqual(at(set, `${container}.env[name=ZOO_MY_ID].valueFrom`), {
            fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" },
        });
    });

    it("never waits for one member's quorum before it starts the next", async () => {
        const set = find((await planned()).plan, "StatefulSet").inputs;
        assert.match(
            JSON.stringify(at(set, `${container}.readinessProbe`)),
            /srvr.*Mode: \(leader\|follower\|observer\)/,
        );
        assert.equal(at(set, "spec.podManagementPolicy"), "Parallel");
        assert.match(JSON.stringify(at(set, `${container}.livenessProbe`)), /ruok/);
        assert.doesNotMatch(JSON.stringify(at(set, `${container}.livenessProbe`)), /srvr|Mode/);
        const startup = mapAt(set, `${container}.startupProbe`);
        assert.equal(Number(startup["periodSeconds"]) * Number(startup["failureThreshold"]), 300);
        assert.equal(at(set, "spec.minReadySeconds"), 10);
        assert.equal(at(set, `${pod}.terminationGracePeriodSeconds`), 60);
    });

    it("offers clients the ready members, and members each other ready or not", async () => {
        const { plan } = await planned();
        const [clients, members] = ["service", "headless"].map(
            (name) => find(plan, "Service", `zk-ensemble-${name}`).inputs,
        );
        const port = (name: string, number: number) => ({ name, port: number, targetPort: name, protocol: "TCP" });
        assert.deepEqual(clients!["spec"], { selector, type: "ClusterIP", ports: [port("client", 2181)] });
        assert.deepEqual(members!["spec"], {
            selector,
            clusterIP: "None",
            publishNotReadyAddresses: true,
            ports: [port("client", 2181), port("server", 2888), port("election", 3888)],
        });
        const offered = listAt(find(plan, "StatefulSet").inputs, `${container}.ports`).map((each) => at(each, "name"));
        assert.deepEqual(offered, ["client", "server", "election", "metrics"]);
    });

    it("mounts its configuration over the image's, and rolls when it changes", async () => {
        const { plan } = await planned();
        const set = find(plan, "StatefulSet");
        const config = find(plan, "ConfigMap");
        assert.deepEqual(at(set.inputs, `${container}.volumeMounts`), [
            { name: "config", mountPath: "/conf/zoo.cfg", subPath: "zoo.cfg", readOnly: true },
            { name: "data", mountPath: "/data" },
            { name: "logs", mountPath: "/logs" },
            { name: "tmp", mountPath: "/tmp" },
        ]);
        assert.equal(at(set.inputs, `${pod}.volumes[name=config].configMap.name`), at(config.inputs, "metadata.name"));
        assert.ok(find(plan, "WorkerSet").dependencies.includes(config.urn));
        const hash = (inputs: unknown) => at(inputs, 'spec.template.metadata.annotations["data-platform/config-hash"]');
        assert.equal(hash(set.inputs), configHash(String(at(config.inputs, 'data["zoo.cfg"]'))));
        const changed = find((await planned({ settings: { syncLimit: 9 } })).plan, "StatefulSet").inputs;
        assert.notEqual(hash(changed), hash(set.inputs));
        const same = find(
            (await planned({ foundation: { environment: { owner: "others" } } })).plan,
            "StatefulSet",
        ).inputs;
        assert.equal(hash(same), hash(set.inputs));
    });

    it("leaves a quarter of the memory to the rest of the process, at least", async () => {
        for (const memory of ["512Mi", "1Gi", "1536Mi", "8Gi"]) {
            const set = find((await planned({ settings: { resources: { memory } } })).plan, "StatefulSet").inputs;
            const heap = Number(at(set, `${container}.env[name=ZK_SERVER_HEAP].value`)) * 2 ** 20;
            assert.ok(heap > 0 && heap <= 0.75 * parseQuantity(memory), memory);
        }
    });

    it("calls no API and has no token", async () => {
        const { plan } = await planned();
        assert.deepEqual([all(plan, "Role"), all(plan, "RoleBinding")], [[], []]);
        assert.equal(at(find(plan, "StatefulSet").inputs, `${pod}.automountServiceAccountToken`), false);
        assert.equal(at(find(plan, "StatefulSet").inputs, `${pod}.serviceAccountName`), "zk");
        assert.equal(at(find(plan, "ServiceAccount").inputs, "metadata.name"), "zk");
    });

    it("keeps its inputs to what a guard compares", async () => {
        assert.deepEqual(find((await planned()).plan, "ZooKeeper").inputs, {
            members: 3,
            storage: "10Gi",
            logStorage: null,
            storageClass: null,
            image: "docker.io/library/zookeeper:3.9.4",
        });
        const settings = { members: 5, storage: "1Gi", logStorage: "2Gi", storageClass: "fast" } as const;
        const given = await planned({ settings, foundation: { images: { pins: { zookeeper: "3.9.5" } } } });
        assert.deepEqual(find(given.plan, "ZooKeeper").inputs, {
            ...settings,
            image: "docker.io/library/zookeeper:3.9.5",
        });
    });

    it("stands beside another one in the same namespace", async () => {
        const given = { foundation: foundation(), namespace: "stores" };
        const plan = await planOf(() => [new ZooKeeper("zk", given), new ZooKeeper("other", given)]);
        assertSound(plan);
        assert.equal(all(plan, "StatefulSet").length, 2);
    });

    it("refuses settings that can't work, a target set that is not there, and before it registers anything", async () => {
        await assert.rejects(
            planned({ settings: { members: 2 as 3 } }),
            /zk can't be used as given:\n {2}members: expected 1, 3/,
        );
        await assert.rejects(planned({ settings: { targets: "nowhere" } }), /there is no target set "nowhere"/);
    });
});

describe("a watched ensemble", () => {
    const monitoring = monitoringSettings.parse({ scrapers: [{ namespace: "prometheus" }] });
    const watched = (settings: ZooKeeperArgs["settings"], environment = foundation({ monitoring })) =>
        planOf(() => new ZooKeeper("zk", { foundation: environment, namespace: "stores", settings: settings ?? {} }));
    const kinds = async (...given: Parameters<typeof watched>) =>
        (await watched(...given)).resources
            .filter(({ type }) => type.startsWith("kubernetes:monitoring.coreos.com/"))
            .map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`);

    it("has a monitor of its members and alerts, where the environment is watched", async () => {
        assert.deepEqual(await kinds({}), ["PodMonitor zk-monitor-members", "PrometheusRule zk-monitor-rules"]);
        assert.deepEqual(await kinds({}, foundation()), []);
        assert.deepEqual(await kinds({ monitoring: { enabled: false } }), []);
        assert.deepEqual(await kinds({ monitoring: { alerts: false } }), ["PodMonitor zk-monitor-members"]);
        assert.deepEqual(await kinds({ metrics: false }), ["PrometheusRule zk-monitor-rules"]);
    });

    it("reads the port that the members have, by labels that they carry", async () => {
        const plan = await watched({});
        const monitor = find(plan, "PodMonitor").inputs;
        const set = find(plan, "StatefulSet").inputs;
        const port = at(monitor, "spec.podMetricsEndpoints[0].port");
        const ports = listAt(set, "spec.template.spec.containers[0].ports").map((each) => at(each, "name"));
        assert.ok(ports.includes(port), String(port));
        const labels = mapAt(set, "spec.template.metadata.labels");
        for (const [key, value] of Object.entries(mapAt(monitor, "spec.selector.matchLabels"))) {
            assert.equal(labels[key], value);
        }
    });

    it("lets in who watches the environment", async () => {
        const ingress = JSON.stringify(at(find(await watched({}), "NetworkPolicy").inputs, "spec.ingress"));
        assert.match(ingress, /prometheus.*7000/);
        const off = await watched({ monitoring: { enabled: false } });
        assert.doesNotMatch(JSON.stringify(find(off, "NetworkPolicy").inputs), /prometheus/);
    });
});
