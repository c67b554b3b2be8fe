import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { totalsOf } from "../../bin/plan/totals";
import { demand } from "../../components/cassandra/demand";
import type { CassandraSettings } from "../../components/cassandra/schema";
import { Cassandra } from "../../components/cassandra/cassandra";
import { sumOfDemands } from "../../components/foundation/demand";
import { foundation } from "../support/foundation";
import { all, at, find, kindsAndNames, listAt, mapAt, planOf } from "../support/plans";
import { parsed, planned, threeRacks } from "./fixtures";

const pod = "spec.template.spec";
const container = `${pod}.containers[name=cassandra]`;
const configure = `${pod}.initContainers[name=configure]`;
const nodes = {
    "app.kubernetes.io/name": "cassandra",
    "app.kubernetes.io/instance": "ring",
    "app.kubernetes.io/component": "node",
};
/** Nodes and nothing beside them. */
const plain: CassandraSettings = {
    authentication: { kind: "none" },
    internodeEncryption: { mode: "none" },
    repair: { enabled: false },
};
const setOf = (plan: Plan, rack = "rack1") => find(plan, "StatefulSet", `ring-${rack}`).inputs;
/** Whether a rack's set comes after another rack's: the engine makes a component's children when those are there. */
const follows = (plan: Plan, rack: string, other: string) =>
    find(plan, "WorkerSet", `ring-${rack}`).dependencies.includes(find(plan, "StatefulSet", `ring-${other}`).urn);
const hashOf = (plan: Plan, rack?: string) =>
    at(setOf(plan, rack), 'spec.template.metadata.annotations["data-platform/config-hash"]');

describe("Cassandra", () => {
    it("registers nodes with all that belongs to them", async () => {
        const { plan, cassandra } = await planned({ settings: plain });
        assert.deepEqual(
            kindsAndNames(plan),
            [
                "Access ring-access",
                "Cassandra ring",
                "ConfigMap ring-clients",
                "ConfigMap ring-config",
                "ConfigMap ring-rack1-rackdc",
                "ConfigMap ring-scripts",
                "NetworkPolicy ring-rack1-network",
                "PodDisruptionBudget ring-budget",
                "Security ring-security",
                "Service ring-headless",
                "Service ring-service",
                "ServiceAccount ring-access-account",
                "StatefulSet ring-rack1-set",
                "WorkerSet ring-rack1",
                "Jobs ring-jobs",
            ].sort(),
        );
        assert.deepEqual(cassandra.contactPoints, ["ring-client.store.svc.cluster.local"]);
        assert.deepEqual(cassandra.flow, {
            peers: [{ namespace: "store", podLabels: nodes }],
            ports: [{ port: 9042, protocol: "TCP" }],
        });
        assert.equal(cassandra.namespaceName, "store");
        assert.equal(cassandra.clientAuthorities, undefined);
        assert.deepEqual(find(plan, "Cassandra").outputs, { contactPoints: cassandra.contactPoints });
    });

    it("registers what guards compare: what a node fixes when it first starts, and sizes [cassandra-P22]", async () => {
        const settings: CassandraSettings = {
            racks: { a: { nodes: 3, rack: "Rack1-chicago", zone: "west" }, b: { nodes: 2 } },
            clusterName: "chicago",
            datacenter: "DC1-chicago",
            numTokens: 8,
            storage: "9Gi",
            commitlogStorage: "2Gi",
            storageClass: "fast",
        };
        const { plan } = await planned({ settings });
        assert.deepEqual(find(plan, "Cassandra").inputs, {
            clusterName: "chicago",
            datacenter: "DC1-chicago",
            racks: {
                a: { nodes: 3, rack: "Rack1-chicago", zone: "west" },
                b: { nodes: 2, rack: "b", zone: null },
            },
            numTokens: 8,
            storage: "9Gi",
            commitlogStorage: "2Gi",
            storageClass: "fast",
            image: "docker.io/library/cassandra:5.0.6",
        });
    });

    it("changes one rack after the other, and one node after the other [cassandra-P10] [cassandra-P13]", async () => {
        const { plan } = await planned({ settings: threeRacks });
        assert.ok(follows(plan, "b", "a"));
        assert.ok(follows(plan, "c", "b"));
        assert.ok(!follows(plan, "a", "b") && !follows(plan, "a", "c") && !follows(plan, "b", "c"));
        for (const rack of ["a", "b", "c"]) {
            assert.equal(at(setOf(plan, rack), "spec.podManagementPolicy"), "OrderedReady");
            assert.equal(at(setOf(plan, rack), "spec.updateStrategy.type"), "RollingUpdate");
            assert.equal(at(setOf(plan, rack), "spec.minReadySeconds"), 30);
        }
    });

    it("has one budget for all racks, and keeps all its nodes apart [cassandra-P14]", async () => {
        const { plan } = await planned({
            settings: threeRacks,
            foundation: foundation({ environment: { tier: "production" } }),
        });
        const budget = find(plan, "PodDisruptionBudget").inputs;
        assert.deepEqual(budget["spec"], {
            maxUnavailable: 1,
            unhealthyPodEvictionPolicy: "IfHealthyBudget",
            selector: { matchLabels: nodes },
        });
        for (const rack of ["a", "b", "c"]) {
            const term = `${pod}.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]`;
            assert.deepEqual(at(setOf(plan, rack), `${term}.labelSelector.matchLabels`), nodes);
        }
        const one = await planned({ settings: { racks: { a: { nodes: 1 } } } });
        assert.equal(all(one.plan, "PodDisruptionBudget").length, 0);
    });

    it("has names for nodes that are not ready, and an address in front of those that are [cassandra-P11]", async () => {
        const { plan } = await planned({ settings: threeRacks });
        assert.deepEqual(find(plan, "Service", "ring").inputs["spec"], {
            selector: nodes,
            clusterIP: "None",
            publishNotReadyAddresses: true,
            ports: [
                { name: "cql", port: 9042, targetPort: "cql", protocol: "TCP" },
                { name: "storage", port: 7000, targetPort: "storage", protocol: "TCP" },
            ],
        });
        assert.deepEqual(find(plan, "Service", "ring-client").inputs["spec"], {
            selector: nodes,
            type: "ClusterIP",
            ports: [{ name: "cql", port: 9042, targetPort: "cql", protocol: "TCP" }],
        });
        assert.equal(at(setOf(plan, "a"), "spec.serviceName"), "ring");
    });

    it("starts the server itself, not the image's entry point, from a folder that it does not write to [cassandra-P2]", async () => {
        const set = setOf((await planned()).plan);
        assert.deepEqual(at(set, `${container}.command`), ["cassandra", "-f"]);
        assert.deepEqual(at(set, `${configure}.command`), ["bash", "/scripts/configure.sh"]);
        assert.deepEqual(at(set, `${container}.volumeMounts[name=config]`), {
            name: "config",
            mountPath: "/etc/cassandra",
            readOnly: true,
        });
        const variables = listAt(set, `${configure}.env`).map((each) => at(each, "name"));
        assert.deepEqual(variables, ["POD_NAME", "POD_IP", "RACK"]);
    });

    it("gives the server no variable that nodetool would take for its own [cassandra-P4]", async () => {
        const set = setOf((await planned()).plan);
        assert.deepEqual(
            listAt(set, `${container}.env`).map((each) => at(each, "name")),
            ["POD_IP"],
        );
    });

    it("lets nodes join for hours, and asks them seldom enough [cassandra-P7] [cassandra-P8]", async () => {
        const set = setOf((await planned()).plan);
        const alive = at(set, `${container}.livenessProbe`);
        assert.deepEqual(at(alive, "tcpSocket"), { port: "storage" });
        assert.deepEqual(at(set, `${container}.startupProbe.tcpSocket`), { port: "storage" });
        const ready = mapAt(set, `${container}.readinessProbe`);
        assert.deepEqual(at(ready, "exec.command"), ["bash", "/scripts/readiness.sh"]);
        assert.ok(Number(ready["timeoutSeconds"]) >= 10, "nodetool starts a JVM");
        assert.ok(Number(ready["periodSeconds"]) >= 20, "nodetool starts a JVM");
    });

    it("drains before it stops, and has the time [cassandra-P9]", async () => {
        const set = setOf((await planned()).plan);
        assert.deepEqual(at(set, `${container}.lifecycle.preStop.exec.command`), ["nodetool", "drain"]);
        assert.equal(at(set, `${pod}.terminationGracePeriodSeconds`), 1800);
    });

    it("waits for each node as long as it may take to stop and to start [cassandra-P24]", async () => {
        const { plan } = await planned();
        const { create, update } = find(plan, "StatefulSet").customTimeouts;
        const atLeast = 3 * (30 * 60 + 1800);
        assert.ok(parseInt(String(create), 10) >= atLeast, String(create));
        assert.ok(parseInt(String(update), 10) >= atLeast, String(update));
    });

    it("runs as the image's user, with no capability, and keeps its volumes [cassandra-P15] [cassandra-P25]", async () => {
        const set = setOf((await planned()).plan);
        assert.equal(at(set, `${pod}.securityContext.runAsUser`), 999);
        assert.equal(at(set, `${pod}.securityContext.fsGroup`), 999);
        assert.deepEqual(at(set, `${container}.securityContext.capabilities`), { drop: ["ALL"] });
        assert.deepEqual(at(set, "spec.persistentVolumeClaimRetentionPolicy"), {
            whenDeleted: "Retain",
            whenScaled: "Retain",
        });
    });

    it("offers JMX to nobody [cassandra-P21]", async () => {
        const { plan } = await planned({ settings: threeRacks });
        const ports = [...all(plan, "NetworkPolicy"), ...all(plan, "Service"), ...all(plan, "StatefulSet")];
        assert.doesNotMatch(JSON.stringify(ports.map(({ inputs }) => inputs)), /7199|jmx|LOCAL_JMX/i);
    });

    it("restarts no node for another rack, other seeds or a replaced node [cassandra-P26]", async () => {
        const before = await planned({ settings: threeRacks });
        const racks = { ...threeRacks.racks, a: { nodes: 4 }, d: { nodes: 3 } };
        const after = await planned({
            settings: { racks, seedsPerRack: 2, replace: { "ring-a-1": "10.0.0.1" } },
        });
        for (const rack of ["a", "b", "c"]) {
            const template = (plan: Plan) => at(setOf(plan, rack), "spec.template");
            assert.deepEqual(template(after.plan), template(before.plan), rack);
        }
        assert.equal(at(setOf(after.plan, "a"), "spec.replicas"), 4);
        assert.match(String(at(find(after.plan, "ConfigMap", "ring-config").inputs, "data.seeds")), /ring-d-1 d /);
    });

    it("restarts nodes for what they read when they start", async () => {
        const before = hashOf((await planned()).plan);
        for (const settings of [
            { config: { concurrent_reads: 64 } },
            { numTokens: 8 },
            { heap: "1Gi" },
            { racks: { rack1: { nodes: 3, rack: "other" } } },
            { internodeEncryption: { certificates: { kind: "generated", rotation: 1 } } },
            { exporter: { image: "reg.example.com/agent:1", jar: "/agent.jar" } },
        ] satisfies CassandraSettings[]) {
            assert.notEqual(hashOf((await planned({ settings })).plan), before, JSON.stringify(settings));
        }
    });

    it("lets nodes reach each other on the storage port alone", async () => {
        const { plan } = await planned({ settings: { ...plain, ...threeRacks } });
        const between = { ports: [{ protocol: "TCP", port: 7000 }] };
        const peers = [{ podSelector: { matchLabels: nodes } }];
        for (const rack of ["a", "b", "c"]) {
            const spec = mapAt(find(plan, "NetworkPolicy", `ring-${rack}`).inputs, "spec");
            assert.deepEqual(spec["ingress"], [{ ...between, from: peers }]);
            assert.deepEqual(spec["egress"], [{ ...between, to: peers }]);
        }
    });

    it("tells clients how to reach it, and no secret", async () => {
        const { plan, cassandra } = await planned();
        assert.deepEqual(at(find(plan, "ConfigMap", "ring-clients").inputs, "data"), cassandra.clientFiles);
        assert.match(cassandra.clientFiles["application.conf"] ?? "", /local-datacenter = "dc1"/);
        assert.doesNotMatch(JSON.stringify(cassandra.clientFiles), /ssl/);
        assert.match(
            cassandra.clientFiles["cqlshrc"] ?? "",
            /hostname=ring-client\.store\.svc\.cluster\.local\nport=9042\n/,
        );
        const tls = await planned({ settings: { clientEncryption: { mode: "required" } } });
        assert.match(tls.cassandra.clientFiles["application.conf"] ?? "", /DefaultSslEngineFactory/);
        assert.match(tls.cassandra.clientFiles["cqlshrc"] ?? "", /Secret ring-client-tls in store/);
        assert.ok(tls.cassandra.clientAuthorities !== undefined);
    });

    for (const [what, settings] of [
        ["as it is by default", {}],
        ["of racks with volumes for the commit log", { ...threeRacks, commitlogStorage: "4Gi" }],
        ["without Jobs", plain],
        ["with all Jobs", { snapshots: { scheduled: { schedule: "0 3 * * *" } } }],
    ] as const) {
        it(`asks the quota for what it plans, ${what}`, async () => {
            const { plan } = await planned({ settings });
            const { requests, limits, pods: count, storage } = totalsOf(plan.resources).all;
            const { cpu, memory, cpuLimit, memoryLimit, ...rest } = sumOfDemands(demand(parsed(settings)));
            assert.deepEqual(
                [
                    { cpu, memory },
                    { cpu: cpuLimit, memory: memoryLimit },
                ],
                [requests, limits],
            );
            assert.deepEqual(rest, { pods: count, storage });
        });
    }

    it("refuses settings that can't be used", async () => {
        const settings: CassandraSettings = { gracePeriod: "1s", storage: "1" };
        const register = () => new Cassandra("ring", { foundation: foundation(), namespace: "store", settings });
        await assert.rejects(() => planOf(register), /gracePeriod: expected a time of at least 300s/);
        await assert.rejects(() => planOf(register), /storage: expected a Kubernetes quantity of at least 1Mi/);
    });
});
