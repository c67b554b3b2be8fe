import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Cluster } from "./support/cluster";
import { assertPodSecurity, changedObjects, itConverged, itsFirstPreview, operations } from "./support/converges";
import { dataGrants } from "./support/grants";
import { itMayDo } from "./support/mayDo";
import type { KubeList, KubeObject } from "./support/objects";
import { eventually, succeeded } from "./support/run";
import { generatedSecrets, holdersOf, reveals } from "./support/secrets";
import { requireTools } from "./support/tools";
import { type Operated, Workspace } from "./support/workspace";

const stacks = [
    { stack: "data", environment: "data", namespaces: ["data-cassandra", "data-kafka"] },
    {
        stack: "data-production",
        environment: "data-prod",
        namespaces: ["data-prod-cassandra", "data-prod-kafka"],
    },
] as const;

/** What the operators' custom resources of each stack report, once they are there. */
const customResources = {
    data: [
        "RedisReplication data-redis-cache/redis-cache",
        "RedisSentinel data-redis-cache/redis-cache",
        "SparkApplication data-spark-research/pi",
        "TrainJob data-tensorflow-research/hello",
    ],
    "data-production": [
        "RedisCluster data-prod-redis-catalog/redis-catalog",
        "RedisReplication data-prod-redis-sessions/redis-sessions",
        "RedisSentinel data-prod-redis-sessions/redis-sessions",
        "ScheduledSparkApplication data-prod-spark-reports/daily",
    ],
} as const;

const kinds = [
    "sparkapplications.sparkoperator.k8s.io",
    "scheduledsparkapplications.sparkoperator.k8s.io",
    "redisreplications.redis.redis.opstreelabs.in",
    "redissentinels.redis.redis.opstreelabs.in",
    "redisclusters.redis.redis.opstreelabs.in",
    "trainjobs.trainer.kubeflow.org",
];

interface CustomResource extends KubeObject {
    readonly status?: Readonly<Record<string, unknown>>;
}

describe("data and data-production on one cluster", () => {
    const cluster = new Cluster();
    let workspace: Workspace;
    let inventory: readonly string[];

    before(async function () {
        await requireTools(this, "cluster");
        await cluster.preparePools();
        workspace = new Workspace(cluster.kubeconfig);
        const context = await cluster.context();
        for (const { stack } of stacks) {
            workspace.editStack(stack, ({ set }) => set("cluster.context", context));
            succeeded("stack init", await workspace.pulumi("stack", "init", stack, "--no-select"));
        }
        inventory = await cluster.inventory();
    });

    after(async () => {
        // Only a failed run leaves anything for these.
        if (workspace as Workspace | undefined) {
            for (const { stack, environment } of stacks) {
                if (workspace.state(stack).includes('"kubernetes:')) {
                    await workspace.release(stack);
                    await workspace.operate("destroy", stack);
                }
                await cluster.deletePriorityClasses(environment);
            }
            workspace.remove();
        }
        await cluster.restorePools();
    });

    for (const { stack } of stacks) {
        describe(`the first preview of ${stack}`, () => {
            let preview: Operated;
            before(async () => {
                preview = succeeded("preview", await workspace.wrapped("preview", stack));
            });

            itsFirstPreview(() => preview);
        });
    }

    describe("up", () => {
        const ended = new Map<string, Operated>();
        before(async () => {
            for (const { stack } of stacks) {
                ended.set(stack, succeeded(`up of ${stack}`, await workspace.wrapped("up", stack)));
            }
        });

        for (const { stack, namespaces } of stacks) {
            itConverged(() => ended.get(stack)!, { stack, namespaces, cluster, workspace: () => workspace });

            it(`of ${stack} has every custom resource accepted by its schema, and waits for what it reports`, async () => {
                const { items } = await cluster.json<KubeList<CustomResource>>(
                    ...["get", kinds.join(","), "--all-namespaces"],
                );
                const { environment } = stacks.find((each) => each.stack === stack)!;
                const own = items.filter(
                    ({ metadata }) => metadata.labels?.["data-platform/environment"] === environment,
                );
                assert.deepEqual(
                    own.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`).sort(),
                    [...customResources[stack]].sort(),
                );
                const awaited = own.filter(({ metadata }) => "pulumi.com/waitFor" in (metadata.annotations ?? {}));
                assert.ok(awaited.length >= 2, "some are awaited");
                assert.deepEqual(
                    awaited.filter(({ status }) => status === undefined).map(({ metadata }) => metadata.name),
                    [],
                );
            });
        }

        it("of data-production gives each zone a rack of Cassandra and of Kafka", async () => {
            const nodes = await cluster.nodes();
            for (const [namespace, component] of [
                ["data-prod-cassandra", "node"],
                ["data-prod-kafka", "broker"],
            ] as const) {
                const { items } = await cluster.json<KubeList<KubeObject & { spec: { nodeName?: string } }>>(
                    ...["get", "pods", "--namespace", namespace],
                    ...["--selector", `app.kubernetes.io/component=${component}`],
                );
                assert.equal(items.length, 3);
                for (const { metadata, spec } of items) {
                    const zone = nodes[spec.nodeName ?? ""]?.metadata.labels?.["topology.kubernetes.io/zone"];
                    assert.equal(zone, metadata.labels?.["data-platform/rack"], metadata.name);
                }
            }
        });

        it("enforces Pod Security restricted in every namespace", async () => {
            const { items } = await cluster.json<KubeList<KubeObject>>("get", "namespaces");
            const own = items.map(({ metadata }) => metadata.name).filter((name) => /^data-/.test(name));
            assert.ok(own.length >= 10, own.join(", "));
            for (const namespace of own) {
                await assertPodSecurity(cluster, namespace, "restricted");
            }
        });

        it("lets one pod of a cluster be evicted and not a second, whichever rack it is in", async () => {
            const evict = (name: string) => {
                const eviction = {
                    apiVersion: "policy/v1",
                    kind: "Eviction",
                    metadata: { name, namespace: "data-prod-cassandra" },
                };
                const path = `/api/v1/namespaces/data-prod-cassandra/pods/${name}/eviction`;
                return cluster.kubectl(["create", "--raw", path, "-f", "-"], JSON.stringify(eviction));
            };
            // Cordoned, so that the evicted pod stays away.
            const names = Object.keys(await cluster.nodes());
            await cluster.must(["cordon", ...names]);
            try {
                succeeded("the first eviction", await evict("cassandra-zone-1-0"));
                const second = await evict("cassandra-zone-2-0");
                assert.notEqual(second.code, 0);
                assert.match(second.output, /disruption budget/);
            } finally {
                await cluster.must(["uncordon", ...names]);
            }
            await cluster.settledPods("data-prod-cassandra");
        });
    });

    describe("who may do what", () => {
        itMayDo(cluster, dataGrants, ["data"], { name: "cassandra", namespace: "data-prod-cassandra" });
    });

    describe("secrets", () => {
        it("are in Secrets of their own namespace, and nowhere else", async () => {
            const shown = ["stack", "export", "--stack", "data-production"];
            const [secretly, plainly] = await Promise.all([
                workspace.pulumi(...shown, "--show-secrets"),
                workspace.pulumi(...shown),
            ]);
            const secrets = generatedSecrets(succeeded("export", secretly).stdout);
            assert.ok(secrets.length >= 10, `${secrets.length} passwords and keys`);
            const holders = holdersOf(await cluster.everything(), secrets);
            assert.ok(holders.length >= 5);
            assert.deepEqual(
                holders.filter((holder) => !/^Secret data-prod-(cassandra|kafka|redis-[a-z]+)\//.test(holder)),
                [],
            );
            const { files } = succeeded("render", await workspace.render("data-production"));
            const texts = [
                plainly.stdout,
                workspace.state("data-production"),
                ...files.map((file) => readFileSync(file, "utf8")),
            ];
            assert.equal(reveals(texts.join("\n"), secrets), false);
        });
    });

    describe("a change", () => {
        it("of one rack's size changes that rack's set, and what lists its nodes, and rolls nothing else", async () => {
            const before = await cluster.settledPods("data-cassandra");
            workspace.editStack("data", ({ set }) => set("systems.cassandra.racks.rack1.nodes", 4));
            const up = succeeded("up", await workspace.operate("up", "data", "--skip-preview"));
            assert.ok(changedObjects(up.events.changes).includes("update cassandra-rack1-set"));
            const after = await cluster.settledPods("data-cassandra");
            assert.deepEqual(
                Object.keys(before).filter((name) => before[name] !== after[name]),
                [],
            );
            assert.ok("data-cassandra/cassandra-rack1-3" in after);
        });

        it("of a topic is applied by a Job of its own, and rolls nothing", async () => {
            const before = await cluster.settledPods("data-kafka");
            workspace.editStack("data", ({ set }) => set("systems.kafka.topics.events.partitions", 12));
            const up = succeeded("up", await workspace.operate("up", "data", "--skip-preview"));
            assert.deepEqual(operations(up.events.changes.filter(({ type }) => type.endsWith(":Job"))), [
                "create-replacement",
                "delete-replaced",
                "replace",
            ]);
            assert.deepEqual(await cluster.settledPods("data-kafka"), before);
        });
    });

    describe("a custom resource that never gets ready", () => {
        it("ends the up within its time, and is named", async () => {
            // The simulated operator reports three leaders, however many there should be.
            const path = "systems.redis.instances.catalog";
            workspace.editStack("data-production", ({ set }) => {
                set(`${path}.leaders`, 4);
                set(`${path}.readyTimeout`, "1m");
            });
            const began = Date.now();
            const ended = await workspace.operate("up", "data-production", "--skip-preview");
            const seconds = (Date.now() - began) / 1000;
            assert.notEqual(ended.code, 0);
            assert.match(ended.output, /RedisCluster.*redis-catalog/);
            assert.match(ended.output, /readyLeaderReplicas|timed out waiting/);
            assert.ok(seconds >= 55 && seconds < 150, `${seconds} s`);
            workspace.editStack("data-production", ({ set }) => set(`${path}.leaders`, 3));
            succeeded("up", await workspace.operate("up", "data-production", "--skip-preview"));
        });
    });

    describe("destroy", () => {
        it("of data takes nothing from data-production", async () => {
            const others = async () => (await cluster.inventory()).filter((line) => / data-prod/.test(line));
            const objects = await others();
            const ended = succeeded("destroy", await workspace.operate("destroy", "data"));
            assert.deepEqual(ended.events.complaints, []);
            assert.deepEqual(await others(), objects);
        });

        it("of both leaves nothing", async () => {
            await workspace.release("data-production");
            const ended = succeeded("destroy", await workspace.wrapped("destroy", "data-production"));
            assert.deepEqual(ended.events.complaints, []);
            await eventually(async () => assert.deepEqual(await cluster.inventory(), inventory));
        });
    });
});
