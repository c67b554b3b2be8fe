import * as assert from "node:assert/strict";
import type { RedisInstanceInput } from "../../components/redis/schema";
import { all, at, find, kindsAndNames, listAt, mapAt } from "../support/plans";
import { cluster, configOf, type Overrides, planned, production, resource, spec } from "./fixtures";

const replicationOf = async (overrides: Overrides = {}) => spec((await planned(overrides)).plan, "RedisReplication");
const sentinelOf = async (overrides: Overrides = {}) => spec((await planned(overrides)).plan, "RedisSentinel");
const clusterOf = async (settings: RedisInstanceInput = cluster) =>
    spec((await planned({ settings })).plan, "RedisCluster");
const restricted = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
};

describe("RedisInstance", () => {
    it("registers a replication and its Sentinels by default", async () => {
        const { plan } = await planned();
        assert.deepEqual(kindsAndNames(plan), [
            "Access cache-access",
            "ConfigMap cache-client",
            "ConfigMap cache-config",
            "NetworkPolicy cache-data-network",
            "NetworkPolicy cache-sentinel-network",
            "RandomPassword cache-generated",
            "RedisInstance cache",
            "RedisReplication cache-replication",
            "RedisSentinel cache-sentinel",
            "Secret cache-password",
            "ServiceAccount cache-access-account",
        ]);
    });

    it("registers a cluster without Sentinels", async () => {
        const { plan } = await planned({ settings: cluster });
        assert.deepEqual(
            kindsAndNames(plan).filter((each) => /^(Redis|NetworkPolicy)/.test(each)),
            [
                "NetworkPolicy cache-follower-network",
                "NetworkPolicy cache-leader-network",
                "RedisCluster cache-cluster",
                "RedisInstance cache",
            ],
        );
    });

    it("names what deletes nothing by default [redis-P1]", async () => {
        for (const of of [await replicationOf(), await clusterOf()]) {
            assert.equal(at(of, "storage.keepAfterDelete"), true);
            assert.deepEqual(at(of, "kubernetesConfig.persistentVolumeClaimRetentionPolicy"), {
                whenDeleted: "Retain",
                whenScaled: "Retain",
            });
        }
        assert.equal(at(await replicationOf({ settings: { keepVolumes: false } }), "storage.keepAfterDelete"), false);
    });

    it("waits for what the operator reports [redis-P2]", async () => {
        const annotation = 'metadata.annotations["pulumi.com/waitFor"]';
        const replication = await planned();
        assert.equal(at(resource(replication.plan, "RedisReplication"), annotation), "jsonpath={.status.masterNode}");
        assert.equal(at(resource(replication.plan, "RedisSentinel"), annotation), undefined);
        const four = await planned({ settings: { ...cluster, leaders: 4 } });
        assert.deepEqual(JSON.parse(String(at(resource(four.plan, "RedisCluster"), annotation))), [
            "jsonpath={.status.state}=Ready",
            "jsonpath={.status.readyLeaderReplicas}=4",
        ]);
    });

    it("keeps what only the engine reads out of the pods [redis-P3]", async () => {
        for (const of of [await replicationOf(), await sentinelOf(), await clusterOf()]) {
            assert.deepEqual(at(of, "kubernetesConfig.ignoreAnnotations"), ["pulumi.com/waitFor"]);
        }
    });

    it("has a budget of one pod, and none where a single pod could never leave [redis-P4]", async () => {
        const one = { enabled: true, maxUnavailable: 1 };
        assert.deepEqual(at(await replicationOf(), "pdb"), one);
        assert.deepEqual(at(await sentinelOf(), "pdb"), one);
        const members = await clusterOf();
        assert.deepEqual([at(members, "redisLeader.pdb"), at(members, "redisFollower.pdb")], [one, one]);
        const single = await replicationOf({ settings: { size: 1, sentinel: { kind: "none" } } });
        assert.equal(at(single, "pdb"), undefined);
    });

    it("never lets the operator make a StatefulSet anew [redis-P5]", async () => {
        for (const settings of [{}, cluster]) {
            const { plan } = await planned({ settings });
            const kind = all(plan, "RedisCluster").length > 0 ? "RedisCluster" : "RedisReplication";
            const annotations = Object.keys(mapAt(resource(plan, kind), "metadata.annotations"));
            assert.deepEqual(annotations, ["data-platform/config-hash", "pulumi.com/waitFor"]);
        }
    });

    it("restarts the pods where their configuration changes, since the operator does not see it [redis-P6]", async () => {
        const hash = async (settings: RedisInstanceInput, kind = "RedisReplication") =>
            String(
                at(
                    resource((await planned({ settings })).plan, kind),
                    'metadata.annotations["data-platform/config-hash"]',
                ),
            );
        const before = await hash({});
        assert.equal(await hash({}), before);
        const changed = [
            await hash({ eviction: "allkeys-lru" }),
            await hash({ password: { kind: "generated", rotation: 1 } }),
            await hash({ tls: { kind: "encrypted" } }),
            await hash({ tls: { kind: "encrypted", certificates: { kind: "generated", rotation: 1 } } }),
        ];
        assert.equal(new Set([before, ...changed]).size, 5);
        assert.notEqual(
            await hash({ password: { kind: "generated", rotation: 1 } }, "RedisSentinel"),
            await hash({}, "RedisSentinel"),
        );
    });

    it("runs every container hardened, the operator's own init container too [redis-P7]", async () => {
        const pod = {
            runAsNonRoot: true,
            runAsUser: 1000,
            runAsGroup: 1000,
            fsGroup: 1000,
            fsGroupChangePolicy: "OnRootMismatch",
            seccompProfile: { type: "RuntimeDefault" },
        };
        const members = await clusterOf();
        for (const of of [await replicationOf(), await sentinelOf(), members]) {
            assert.deepEqual(of["podSecurityContext"], pod);
            assert.deepEqual(at(of, "initContainer.securityContext"), restricted);
            assert.equal(at(of, "initContainer.enabled"), false);
        }
        assert.deepEqual((await replicationOf())["securityContext"], restricted);
        assert.deepEqual((await sentinelOf())["securityContext"], restricted);
        assert.deepEqual(at(members, "redisLeader.securityContext"), restricted);
        assert.deepEqual(at(members, "redisFollower.securityContext"), restricted);
        assert.deepEqual(at(members, "redisExporter.securityContext"), restricted);
    });

    it("makes Sentinel a resource of its own, which alone speaks TLS and has a budget and probes [redis-P8]", async () => {
        const { plan } = await planned({ settings: { tls: { kind: "encrypted" } } });
        assert.equal(at(resource(plan, "RedisReplication"), "spec.sentinel"), undefined);
        const files = {
            ca: "ca.crt",
            cert: "tls.crt",
            key: "tls.key",
            secret: { secretName: "cache-tls", defaultMode: 0o440 },
        };
        assert.deepEqual(at(resource(plan, "RedisReplication"), "spec.TLS"), files);
        assert.deepEqual(at(resource(plan, "RedisSentinel"), "spec.TLS"), files);
    });

    it("tells Sentinel its quorum, its times, its group and the password [redis-P9]", async () => {
        assert.deepEqual(at(await sentinelOf({ settings: { sentinel: { size: 5 } } }), "redisSentinelConfig"), {
            redisReplicationName: "cache",
            masterGroupName: "mymaster",
            quorum: "3",
            downAfterMilliseconds: "5000",
            failoverTimeout: "60000",
            parallelSyncs: "1",
            redisReplicationPassword: { secretKeyRef: { name: "cache-password", key: "password" } },
        });
        const set = await sentinelOf({
            settings: {
                sentinel: { size: 5, quorum: 2, downAfter: "10s", failoverTimeout: "3m", parallelSyncs: 2 },
                password: { kind: "none" },
            },
        });
        assert.deepEqual(at(set, "redisSentinelConfig"), {
            redisReplicationName: "cache",
            masterGroupName: "mymaster",
            quorum: "2",
            downAfterMilliseconds: "10000",
            failoverTimeout: "180000",
            parallelSyncs: "2",
        });
    });

    it("starts Sentinel after the replication has a master", async () => {
        const { plan } = await planned();
        const sentinel = find(plan, "RedisSentinel");
        assert.ok(sentinel.dependencies.includes(find(plan, "RedisReplication").urn));
    });

    it("gives the members one password, from a Secret only [redis-P10]", async () => {
        const { plan } = await planned();
        const reference = { name: "cache-password", key: "password" };
        for (const kind of ["RedisReplication", "RedisSentinel"]) {
            assert.deepEqual(at(resource(plan, kind), "spec.kubernetesConfig.redisSecret"), reference);
        }
        assert.ok(find(plan, "Secret", "cache-password").secretPaths.length > 0);
        for (const { inputs } of all(plan, "ConfigMap")) {
            assert.doesNotMatch(JSON.stringify(inputs), /requirepass|masterauth/);
        }
        const existing = await replicationOf({
            settings: { password: { kind: "existing", secretName: "own", passwordKey: "pw" } },
        });
        assert.deepEqual(at(existing, "kubernetesConfig.redisSecret"), { name: "own", key: "pw" });
        const none = await replicationOf({ settings: { password: { kind: "none" } } });
        assert.equal(at(none, "kubernetesConfig.redisSecret"), undefined);
    });

    it("names every host that members and the operator are reached by in the certificate [redis-P11]", async () => {
        const { plan } = await planned({ settings: { tls: { kind: "encrypted" } } });
        const hosts = listAt(find(plan, "CertRequest").inputs, "dnsNames");
        for (const host of [
            "*.cache-headless.dev-cache.svc.cluster.local",
            "*.cache-sentinel-headless.dev-cache.svc.cluster.local",
            "cache-master.dev-cache.svc.cluster.local",
            "cache-sentinel.dev-cache.svc.cluster.local",
            "localhost",
        ]) {
            assert.ok(hosts.includes(host), host);
        }
        const members = await planned({ settings: { ...cluster, tls: { kind: "encrypted" } } });
        const others = listAt(find(members.plan, "CertRequest").inputs, "dnsNames");
        assert.ok(others.includes("*.cache-follower-headless.dev-cache.svc.cluster.local"));
        assert.deepEqual(Object.keys(mapAt(find(plan, "Secret", "cache-tls").inputs, "stringData")).sort(), [
            "ca.crt",
            "tls.crt",
            "tls.key",
        ]);
    });

    it("takes certificates that exist by their keys", async () => {
        const certificates = { kind: "existing", secretName: "own", authorityKey: "a", certificateKey: "c" } as const;
        const { plan, instance } = await planned({ settings: { tls: { kind: "encrypted", certificates } } });
        assert.deepEqual(at(resource(plan, "RedisReplication"), "spec.TLS"), {
            ca: "a",
            cert: "c",
            key: "tls.key",
            secret: { secretName: "own", defaultMode: 0o440 },
        });
        assert.deepEqual(instance.authority, { secretName: "own", key: "a" });
        assert.equal(all(plan, "PrivateKey").length, 0);
    });

    it("gives a cluster its data volume, its memory of the cluster, and its image's version [redis-P12]", async () => {
        const members = await clusterOf({ ...cluster, storage: "20Gi", storageClass: "fast", nodeConfStorage: "2Gi" });
        const claim = (storage: string) => ({
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } }, storageClassName: "fast" },
        });
        assert.equal(members["persistenceEnabled"], true);
        assert.deepEqual(members["storage"], {
            keepAfterDelete: true,
            volumeClaimTemplate: claim("20Gi"),
            nodeConfVolume: true,
            nodeConfVolumeClaimTemplate: claim("2Gi"),
        });
        assert.equal(members["clusterVersion"], "v7");
        const eight = await planned({
            settings: cluster,
            foundation: { images: { pins: { redis: "v8.2.2" } } },
        });
        assert.equal(spec(eight.plan, "RedisCluster")["clusterVersion"], "v8");
    });

    it("counts followers by leader, for the operator counts them all together [redis-P13]", async () => {
        const members = await clusterOf({ ...cluster, leaders: 4, followersPerLeader: 2 });
        assert.deepEqual(
            [members["clusterSize"], at(members, "redisLeader.replicas"), at(members, "redisFollower.replicas")],
            [4, 4, 8],
        );
        const without = await clusterOf({ ...cluster, followersPerLeader: 0 });
        assert.equal(at(without, "redisFollower.replicas"), 0);
    });

    it("keeps leaders and followers apart from each other [redis-P14]", async () => {
        const { plan } = await planned({ settings: cluster, foundation: production });
        const selector = {
            "app.kubernetes.io/name": "redis",
            "app.kubernetes.io/instance": "cache",
            "app.kubernetes.io/component": "data",
        };
        for (const part of ["redisLeader", "redisFollower"]) {
            const pod = mapAt(spec(plan, "RedisCluster"), part);
            assert.deepEqual(at(pod, "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution"), [
                { labelSelector: { matchLabels: selector }, topologyKey: "kubernetes.io/hostname" },
            ]);
            assert.deepEqual(at(pod, "topologySpreadConstraints[0].labelSelector.matchLabels"), selector);
        }
        // The operator copies the labels of its resource to the pods.
        const labels = mapAt(resource(plan, "RedisCluster"), "metadata.labels");
        assert.ok(Object.entries(selector).every(([key, value]) => labels[key] === value));
    });

    it("sends members and Sentinels where their targets say", async () => {
        const targets = {
            data: [
                { key: "pool", value: "redis", constraint: "required" as const },
                { key: "zone", value: "a", constraint: "preferred" as const },
                { key: "pool", value: "redis", constraint: "accepted" as const },
            ],
            few: [{ key: "pool", value: "small", constraint: "required" as const }],
        };
        const { plan } = await planned({
            settings: { targets: "data", priority: "high", sentinel: { targets: "few" } },
            foundation: { targets },
        });
        const members = spec(plan, "RedisReplication");
        const required = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]";
        assert.equal(at(members, `${required}.matchExpressions[0].values[0]`), "redis");
        assert.equal(at(members, "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight"), 1);
        assert.deepEqual(members["tolerations"], [
            { key: "pool", operator: "Equal", value: "redis", effect: "NoSchedule" },
        ]);
        assert.equal(members["priorityClassName"], "dev-high");
        const sentinels = spec(plan, "RedisSentinel");
        assert.equal(at(sentinels, `${required}.matchExpressions[0].values[0]`), "small");
        assert.equal(sentinels["priorityClassName"], "dev-high");
    });

    it("waits between two members until the operator has looked at the first [redis-P15]", async () => {
        for (const of of [await replicationOf(), await clusterOf()]) {
            assert.ok(Number(at(of, "kubernetesConfig.minReadySeconds")) > 30);
        }
    });

    it("takes images from the mirror, with the pull secrets", async () => {
        const { plan } = await planned({
            foundation: { images: { registry: "mirror.example.com/hub", pullSecrets: ["pull"] } },
        });
        const members = spec(plan, "RedisReplication");
        assert.equal(at(members, "kubernetesConfig.image"), "mirror.example.com/hub/opstree/redis:v7.0.15");
        assert.equal(at(members, "redisExporter.image"), "mirror.example.com/hub/opstree/redis-exporter:v1.48.0");
        assert.deepEqual(at(members, "kubernetesConfig.imagePullSecrets"), [{ name: "pull" }]);
        assert.equal(
            at(spec(plan, "RedisSentinel"), "kubernetesConfig.image"),
            "mirror.example.com/hub/opstree/redis-sentinel:v7.0.15",
        );
    });

    it("gives each part its resources and its time to stop", async () => {
        const resources = { cpu: "1", memory: "2Gi", ephemeralStorage: "1Gi" };
        const { plan } = await planned({
            settings: {
                resources,
                gracePeriod: "5m",
                readyTimeout: "30m",
                sentinel: { resources: { cpu: "10m", memory: "32Mi" } },
            },
        });
        const members = spec(plan, "RedisReplication");
        assert.deepEqual(at(members, "kubernetesConfig.resources"), {
            requests: { cpu: "1", memory: "2Gi", "ephemeral-storage": "1Gi" },
            limits: { cpu: "4", memory: "2Gi", "ephemeral-storage": "1Gi" },
        });
        assert.equal(members["terminationGracePeriodSeconds"], 300);
        assert.equal(at(spec(plan, "RedisSentinel"), "kubernetesConfig.resources.limits.memory"), "32Mi");
        const members2 = await clusterOf({ ...cluster, resources, gracePeriod: "5m" });
        assert.equal(at(members2, "redisFollower.resources.limits.memory"), "2Gi");
        assert.equal(at(members2, "redisLeader.terminationGracePeriodSeconds"), 300);
    });

    it("refuses in production what loses data there [redis-P17]", async () => {
        const refused: readonly (readonly [RedisInstanceInput, RegExp])[] = [
            [{ password: { kind: "none" } }, /password\.kind: expected generated or existing/],
            [{ size: 2 }, /size: expected at least 3/],
            [{ sentinel: { kind: "none" } }, /sentinel\.kind: expected own/],
            [{ ...cluster, followersPerLeader: 0 }, /followersPerLeader: expected at least 1/],
        ];
        for (const [settings, message] of refused) {
            await assert.rejects(planned({ settings, foundation: production }), message);
            await planned({ settings });
        }
        await planned({ foundation: production });
    });

    it("puts the settings into what Redis reads last", async () => {
        assert.match(configOf((await planned()).plan), /^maxmemory 644245094\n/);
    });
});
