import * as assert from "node:assert/strict";
import { sumOfDemands } from "../../components/foundation/demand";
import { faultsOf, formatFault } from "../../components/foundation/faults";
import { redisConf } from "../../components/redis/redisConf";
import { startedDemand } from "../../components/redis/demand";
import { Redis } from "../../components/redis/redis";
import { clusterVersion } from "../../components/redis/resources";
import { type RedisInstanceInput, redisInstanceSettings, redisSettings } from "../../components/redis/schema";
import { foundation, type FoundationOverrides } from "../support/foundation";
import { all, at, find, planOf } from "../support/plans";

const conf = (settings: RedisInstanceInput = {}) => redisConf(redisInstanceSettings.parse(settings)).split("\n");
const faults = (settings: unknown): string[] => {
    const { error } = redisInstanceSettings.safeParse(settings);
    return error === undefined ? [] : faultsOf(error, settings).map(formatFault);
};

describe("What stands behind Redis' generated configuration", () => {
    it("bounds the memory, and keeps data unless told otherwise [redis-P19]", () => {
        const lines = conf({ resources: { memory: "1000Mi" }, maxMemoryPercent: 50 });
        assert.ok(lines.includes(`maxmemory ${500 * 2 ** 20}`));
        assert.ok(lines.includes("maxmemory-policy noeviction"));
        assert.ok(conf({ eviction: "allkeys-lfu" }).includes("maxmemory-policy allkeys-lfu"));
    });

    it("names the files, which the operator's two generators name differently [redis-P20]", () => {
        assert.ok(conf().includes('appendfilename "appendonly.aof"'));
        assert.ok(conf().includes('appenddirname "appendonlydir"'));
    });

    it("writes what is to be kept", () => {
        const lines = conf({
            persistence: { appendOnly: false, fsync: "always", snapshots: [{ after: "2m", changes: 5 }] },
        });
        assert.ok(lines.includes("appendonly no") && lines.includes("appendfsync always"));
        assert.deepEqual(
            lines.filter((line) => line.startsWith("save")),
            ['save ""', "save 120 5"],
        );
        assert.equal(conf().filter((line) => line.startsWith("save")).length, 4);
    });

    it("stops the writes of a master that is cut off [redis-P21]", () => {
        assert.ok(conf().includes("min-replicas-to-write 1"));
        assert.ok(conf({ size: 2 }).includes("min-replicas-to-write 0"));
        assert.ok(conf({ size: 5, minReplicas: 2 }).includes("min-replicas-to-write 2"));
    });

    it("gives members of a cluster their time, and further directives in order", () => {
        assert.ok(conf({ kind: "cluster", nodeTimeout: "20s" }).includes("cluster-node-timeout 20000"));
        assert.deepEqual(conf({ directives: { "slowlog-max-len": "10", hz: "20" } }).slice(-3), [
            "hz 20",
            "slowlog-max-len 10",
            "",
        ]);
    });
});

describe("The settings of an instance of Redis", () => {
    const table: readonly (readonly [unknown, RegExp])[] = [
        [{ size: 0 }, /size: expected a whole number from 1 to 9/],
        [{ sentinel: { size: 4 } }, /sentinel\.size: expected 3, 5 or 7/],
        [{ sentinel: { size: 3, quorum: 5 } }, /sentinel\.quorum: expected a quorum of at most size/],
        [{ size: 1 }, /sentinel\.kind: expected none with one member/],
        [{ minReplicas: 2 }, /minReplicas: expected fewer than size - 1/],
        [{ kind: "cluster", leaders: 2 }, /leaders: expected a whole number from 3/],
        [
            { directives: { requirepass: "hunter2" } },
            /a directive that neither the operator nor another setting writes/,
        ],
        [{ directives: { hz: "1\nrequirepass x" } }, /directives\.hz: expected the directive's value in one line/],
        [{ maxMemoryPercent: 100 }, /maxMemoryPercent: expected a whole number from 10 to 80/],
    ];
    for (const [settings, message] of table) {
        it(`refuses ${JSON.stringify(settings)}`, () => assert.match(faults(settings).join("\n"), message));
    }

    it("takes an odd number of Sentinels only [redis-P22]", () => {
        assert.deepEqual(
            [3, 5, 7].flatMap((size) => faults({ sentinel: { size } })),
            [],
        );
        assert.equal(faults({ sentinel: { size: 2 } }).length, 1);
    });

    it("counts the pods that the operator starts", () => {
        const of = (settings: RedisInstanceInput) => sumOfDemands(startedDemand(redisInstanceSettings.parse(settings)));
        const replication = of({
            resources: { memory: "1Gi" },
            metrics: false,
            sentinel: { resources: { memory: "64Mi" } },
        });
        assert.equal(replication.pods, 6);
        assert.equal(replication.memory, 3 * 2 ** 30 + 3 * 64 * 2 ** 20);
        assert.equal(replication.storage, 30 * 2 ** 30);
        const members = of({ kind: "cluster", leaders: 3, followersPerLeader: 2 });
        assert.equal(members.pods, 9);
        assert.equal(members.storage, 9 * 11 * 2 ** 30);
        assert.ok(of({}).memory > of({ metrics: false }).memory);
    });

    it("tells the operator the major version of the image", () => {
        assert.deepEqual(["a/redis:v7.0.15", "a/redis:8.2.2@sha256:0", "host:5000/redis:stable"].map(clusterVersion), [
            "v7",
            "v8",
            "v7",
        ]);
    });
});

describe("Redis", () => {
    const planned = (operator: object, images: FoundationOverrides["images"] = {}) =>
        planOf(() => {
            new Redis("redis", {
                foundation: foundation({
                    images,
                    apiServer: { cidrs: ["10.96.0.1/32"], ports: [443] },
                    dns: { domain: "k8s.example" },
                }),
                operatorNamespace: "dev-redis-operator",
                namespaces: { cache: "dev-redis-cache", queue: "dev-redis-queue" },
                settings: redisSettings.parse({ operator, instances: { cache: {}, queue: { kind: "cluster" } } }),
            });
        });
    const existing = { kind: "existing", peers: [{ namespace: "ops", podLabels: { name: "redis-operator" } }] };

    it("lets the operator watch its instances' namespaces only, and write their configuration [redis-P23]", async () => {
        const values = at(find(await planned({ kind: "chart" }), "Release").inputs, "values");
        assert.equal(at(values, "redisOperator.watchNamespace"), "dev-redis-cache,dev-redis-queue");
        assert.equal(at(values, "redisOperator.serviceDNSDomain"), "k8s.example");
        assert.equal(at(values, "redisOperator.name"), "dev-redis-operator");
        assert.deepEqual(at(values, "featureGates"), { GenerateConfigInInitContainer: true });
        assert.equal(at(values, "securityContext.readOnlyRootFilesystem"), true);
    });

    it("runs the operator's image of the catalog, in the pods that it starts too [redis-P25]", async () => {
        const values = async (images?: FoundationOverrides["images"]) => {
            const all = at(find(await planned({ kind: "chart" }, images), "Release").inputs, "values.redisOperator");
            const { imageName, imageTag, initContainerImageTag, imagePullSecrets } = all as Record<string, unknown>;
            return { imageName, imageTag, initContainerImageTag, imagePullSecrets };
        };
        assert.deepEqual(await values(), {
            imageName: "quay.io/opstree/redis-operator",
            imageTag: "v0.26.0",
            initContainerImageTag: "v0.26.0",
            imagePullSecrets: [],
        });
        const pins = { "redis-operator": "v0.27.0" };
        assert.deepEqual(await values({ registry: "mirror.example.com/hub", pins, pullSecrets: ["mirror"] }), {
            imageName: "mirror.example.com/hub/opstree/redis-operator",
            imageTag: "v0.27.0",
            initContainerImageTag: "v0.27.0",
            imagePullSecrets: [{ name: "mirror" }],
        });
    });

    it("lets the operator and the members of each instance reach each other", async () => {
        const plan = await planned({ kind: "chart" });
        const operator = find(plan, "NetworkPolicy", "redis-operator-operator").inputs;
        assert.equal((at(operator, "spec.egress[1].to") as unknown[]).length, 3);
        assert.deepEqual(at(operator, "spec.egress[1].ports"), [{ protocol: "TCP", port: 6379 }]);
        assert.deepEqual(at(operator, "spec.egress[2].ports"), [{ protocol: "TCP", port: 26379 }]);
        const policy = find(plan, "NetworkPolicy", "redis-cache-data-network").inputs;
        assert.match(JSON.stringify(at(policy, "spec.ingress")), /"name":"dev-redis-operator"/);
    });

    it("is gone before its operator, whose finalizer would keep it for ever [redis-P24]", async () => {
        const plan = await planned({ kind: "chart" });
        for (const kind of ["RedisReplication", "RedisCluster"]) {
            assert.ok(
                find(plan, kind).dependencies.some((urn) => urn.includes("redis-operator")),
                kind,
            );
        }
        assert.equal(all(await planned(existing), "Release").length, 0);
    });
});
