import * as assert from "node:assert/strict";
import { all, at, find, listAt } from "../support/plans";
import { cluster, operatorPeer, planned, spec, watched } from "./fixtures";

describe("Who reaches an instance of Redis", () => {
    it("lets in clients, members, Sentinels and the operator, by the operator's labels [redis-P16]", async () => {
        const { plan } = await planned({
            settings: { clients: [{ namespace: "apps" }] },
            clients: [{ namespace: "jobs" }],
            foundation: watched,
        });
        const data = { app: "cache", redis_setup_type: "replication", role: "replication" };
        const sentinel = { app: "cache-sentinel", redis_setup_type: "sentinel", role: "sentinel" };
        const operator = {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": operatorPeer.namespace } },
            podSelector: { matchLabels: operatorPeer.podLabels },
        };
        const inNamespace = (name: string) => ({
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
        });
        const pods = (labels: object) => ({ podSelector: { matchLabels: labels } });
        const port = (...numbers: number[]) => numbers.map((number) => ({ protocol: "TCP", port: number }));
        const others = [operator, inNamespace("apps"), inNamespace("jobs")];
        assert.deepEqual(at(find(plan, "NetworkPolicy", "cache-data-network").inputs, "spec"), {
            podSelector: { matchLabels: data },
            policyTypes: ["Ingress", "Egress"],
            ingress: [
                { from: [pods(data)], ports: port(6379) },
                { from: [pods(sentinel), ...others], ports: port(6379) },
                {
                    from: [{ ...inNamespace("monitoring"), ...pods({ app: "prometheus" }) }],
                    ports: port(9121),
                },
            ],
            egress: [{ to: [pods(data)], ports: port(6379) }],
        });
        assert.deepEqual(at(find(plan, "NetworkPolicy", "cache-sentinel-network").inputs, "spec"), {
            podSelector: { matchLabels: sentinel },
            policyTypes: ["Ingress", "Egress"],
            ingress: [{ from: [pods(sentinel), ...others], ports: port(26379) }],
            egress: [
                { to: [pods(data)], ports: port(6379) },
                { to: [pods(sentinel)], ports: port(26379) },
            ],
        });
    });

    it("opens the bus of a cluster among leaders and followers", async () => {
        const { plan } = await planned({ settings: cluster });
        for (const part of ["leader", "follower"]) {
            const policy = find(plan, "NetworkPolicy", `cache-${part}-network`).inputs;
            assert.deepEqual(at(policy, "spec.podSelector.matchLabels"), {
                app: `cache-${part}`,
                redis_setup_type: "cluster",
                role: part,
            });
            assert.deepEqual(at(policy, "spec.egress[0].ports"), [
                { protocol: "TCP", port: 6379 },
                { protocol: "TCP", port: 16379 },
            ]);
            assert.equal(listAt(policy, "spec.egress[0].to").length, 2);
        }
    });

    it("is read by the labels and the port that the operator gives, where the environment is watched", async () => {
        const { plan } = await planned({ foundation: watched });
        const monitor = find(plan, "PodMonitor").inputs;
        assert.deepEqual(at(monitor, "spec.selector.matchLabels"), {
            app: "cache",
            redis_setup_type: "replication",
            role: "replication",
        });
        assert.equal(at(monitor, "spec.podMetricsEndpoints[0].port"), "redis-exporter");
        const rules = listAt(find(plan, "PrometheusRule").inputs, "spec.groups[0].rules").map((rule) =>
            at(rule, "alert"),
        );
        assert.ok(rules.includes("RedisNoSingleMaster") && rules.includes("RedisReplicasMissing"));
        const members = await planned({ settings: cluster, foundation: watched });
        assert.equal(all(members.plan, "PodMonitor").length, 2);
        const quiet = await planned({
            settings: { metrics: false, monitoring: { alerts: false } },
            foundation: watched,
        });
        assert.equal(all(quiet.plan, "PodMonitor").length + all(quiet.plan, "PrometheusRule").length, 0);
        assert.equal(at(spec(quiet.plan, "RedisReplication"), "redisExporter.enabled"), false);
        const off = await planned({ settings: { monitoring: { enabled: false } }, foundation: watched });
        assert.equal(all(off.plan, "Monitor").length, 0);
    });

    it("tells clients where to connect, and where the password is", async () => {
        const { plan, instance } = await planned({ settings: { tls: { kind: "encrypted" } } });
        assert.deepEqual(instance.endpoints, {
            master: "cache-master.dev-cache.svc.cluster.local:6379",
            replicas: "cache-replica.dev-cache.svc.cluster.local:6379",
            sentinels: "cache-sentinel.dev-cache.svc.cluster.local:26379",
        });
        const file = instance.clientFiles["connection.yaml"] ?? "";
        assert.match(file, /masterGroup: mymaster/);
        assert.match(file, /mode: sentinel/);
        assert.match(file, /secretName: cache-password/);
        assert.equal(at(find(plan, "ConfigMap", "cache-client").inputs, 'data["connection.yaml"]'), file);
        assert.equal(instance.flows.length, 2);
        const alone = await planned({ settings: { size: 1, sentinel: { kind: "none" } } });
        assert.deepEqual(alone.instance.endpoints.replicas, undefined);
        assert.match(alone.instance.clientFiles["connection.yaml"] ?? "", /mode: replication/);
        const members = await planned({ settings: cluster });
        assert.match(members.instance.clientFiles["connection.yaml"] ?? "", /mode: cluster/);
    });
});
