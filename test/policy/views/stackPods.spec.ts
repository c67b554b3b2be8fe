import assert from "node:assert/strict";
import { clustersOf, replicasOf, stackPodsOf } from "../../../policy/views/stackPods";
import { stackViewOf } from "../../../policy/views/stackView";
import { unknownCheckingProxy } from "../../../policy/views/unknown";
import { type Fields, goodLabels, goodStatefulSet, linkedOf, object, unknown, withField } from "../support";

const podsOf = (...objects: readonly Fields[]) =>
    stackPodsOf(
        stackViewOf(
            objects
                .map((each) => linkedOf(each))
                .map((each) => ({ ...each, inputs: unknownCheckingProxy(each.inputs) })),
        ),
    );
const kafka = { matchLabels: { "app.kubernetes.io/name": "kafka" } };
const named = (inputs: Fields, name: string) => withField(inputs, ["metadata", "name"], name);
const labels = ["spec", "template", "metadata", "labels"];

describe("the pods of a stack", () => {
    it("are chosen by labels, in one namespace or in all", () => {
        const pods = podsOf(goodStatefulSet());
        assert.equal(pods.selected("dev-kafka", kafka).groups.length, 1);
        assert.equal(pods.selected(undefined, kafka).groups.length, 1);
        assert.deepEqual(pods.selected("other", kafka), { groups: [], undecided: false });
        assert.deepEqual(pods.selected("dev-kafka", undefined), { groups: [], undecided: false });
    });

    it("may be chosen while their labels or their namespace are not known", () => {
        const unlabelled = podsOf(withField(goodStatefulSet(), [...labels, "a"], unknown));
        assert.deepEqual(unlabelled.selected("dev-kafka", kafka), { groups: [], undecided: true });
        const unplaced = podsOf(withField(goodStatefulSet(), ["metadata", "namespace"], unknown));
        assert.deepEqual(unplaced.selected("other", kafka), { groups: [], undecided: true });
    });

    it("of an operator are known by the labels of its resource", () => {
        const redis = object("redis.redis.opstreelabs.in/v1beta2", "RedisReplication", { clusterSize: 3 });
        const pods = podsOf(redis);
        assert.equal(pods.all[0]?.byOperator, true);
        assert.equal(pods.selected("dev-kafka", { matchLabels: { ...goodLabels } }).groups.length, 1);
        const added = { matchLabels: { role: "replication" } };
        assert.deepEqual(pods.selected("dev-kafka", added), { groups: [], undecided: false });
    });

    it("are as many as their object says", () => {
        const count = (inputs: Fields) => podsOf(inputs).all.map(replicasOf);
        const set = goodStatefulSet();
        assert.deepEqual(count(set), [3]);
        assert.deepEqual(count(withField(set, ["spec", "replicas"], undefined)), [1]);
        const { template } = set.spec as Fields;
        assert.deepEqual(count(object("batch/v1", "Job", { template })), [undefined]);
        const group = "redis.redis.opstreelabs.in/v1beta2";
        assert.deepEqual(count(object(group, "RedisSentinel", { clusterSize: 3 })), [3]);
        const cluster = { clusterSize: 3, redisLeader: {}, redisFollower: { replicas: 6 } };
        assert.deepEqual(count(object(group, "RedisCluster", cluster)), [3, 6]);
    });

    it("are clusters by system, deployment and component, racks together", () => {
        const sizes = (...objects: readonly Fields[]) => clustersOf(podsOf(...objects)).map(({ replicas }) => replicas);
        const set = goodStatefulSet();
        assert.deepEqual(sizes(set, named(set, "rack-b")), [6]);
        for (const key of ["name", "instance", "component"]) {
            const label = `app.kubernetes.io/${key}`;
            assert.ok(label in goodLabels);
            assert.deepEqual(sizes(set, named(withField(set, [...labels, label], "other"), "b")), [3, 3]);
            assert.deepEqual(sizes(set, named(withField(set, [...labels, label], undefined), "b")), [3, 3]);
        }
        assert.deepEqual(sizes(set, withField(set, ["metadata", "namespace"], "other")).length, 1);
    });
});
