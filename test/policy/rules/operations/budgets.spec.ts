import assert from "node:assert/strict";
import { budgets } from "../../../../policy/rules/operations/budgets";
import { type Fields, goodTemplate, judgeStack, object, stackMessagesOf, unknown, withField } from "../../support";
import {
    broken,
    clusterLabels,
    goodParts,
    operatedDeployment,
    operatedRedis,
    operatedSet,
    renamed,
    setLabelsPath,
    stackOf,
} from "./support";

const judged = (...objects: readonly Fields[]) => stackMessagesOf(budgets, stackOf(...objects));
const budget = (changes: Fields = {}): Fields =>
    Object.entries(changes).reduce<Fields>(
        (each, [key, value]) => withField(each, ["spec", key], value),
        goodParts().budget,
    );
const pods = (replicas: number) => withField(operatedSet(), ["spec", "replicas"], replicas);
const annotated = (inputs: Fields) =>
    withField(inputs, ["metadata", "annotations"], { "data-platform/selects": "pods that Teraslice starts" });

describe("rule operations-budgets", () => {
    it("accepts one budget for several pods, and none for one", () => {
        assert.deepEqual(broken(budgets, []), []);
        assert.deepEqual(judged(pods(1)), []);
        assert.deepEqual(judged(pods(3), budget({ maxUnavailable: undefined, minAvailable: 2 })), []);
        assert.deepEqual(judged(operatedDeployment(), budget({ unhealthyPodEvictionPolicy: "AlwaysAllow" })), []);
    });

    const bad: readonly (readonly [string, readonly Fields[], string])[] = [
        [
            "several pods without a budget",
            [pods(3)],
            "StatefulSet events: expected one PodDisruptionBudget for its 3 pods, found nothing",
        ],
        [
            "several pods with two budgets",
            [pods(3), budget(), renamed(budget(), "again")],
            'StatefulSet events: expected one PodDisruptionBudget for its 3 pods, found "events, again"',
        ],
        [
            "a budget that lets no pod go",
            [pods(3), budget({ maxUnavailable: 0 })],
            "PodDisruptionBudget spec.maxUnavailable: expected more than 0, for 0 blocks every drain for ever, found 0",
        ],
        [
            "a budget that lets no share of pods go",
            [pods(3), budget({ maxUnavailable: "0%" })],
            'PodDisruptionBudget spec.maxUnavailable: expected more than 0, for 0 blocks every drain for ever, found "0%"',
        ],
        [
            "a budget that asks for all pods",
            [pods(3), budget({ maxUnavailable: undefined, minAvailable: 3 })],
            "PodDisruptionBudget spec.minAvailable: expected to let one of 3 pods go, or every drain is blocked for ever, found 3",
        ],
        [
            "a budget that asks for the only pod",
            [pods(1), budget({ maxUnavailable: undefined, minAvailable: 1 })],
            "PodDisruptionBudget spec.minAvailable: expected to let one of 1 pods go, or every drain is blocked for ever, found 1",
        ],
        [
            "a budget that asks for a share that is all pods",
            [pods(3), budget({ maxUnavailable: undefined, minAvailable: "67%" })],
            'PodDisruptionBudget spec.minAvailable: expected to let one of 3 pods go, or every drain is blocked for ever, found "67%"',
        ],
        [
            "a budget that lets two members go",
            [pods(3), budget({ maxUnavailable: 2 })],
            "PodDisruptionBudget spec.maxUnavailable: expected to let one member go at a time, found 2",
        ],
        [
            "a budget that lets all pods of a Deployment go",
            [operatedDeployment(), budget({ unhealthyPodEvictionPolicy: "AlwaysAllow", maxUnavailable: 2 })],
            "PodDisruptionBudget spec.maxUnavailable: expected to keep at least one of 2 pods, found 2",
        ],
        [
            "a budget without a number",
            [pods(3), budget({ maxUnavailable: undefined })],
            "PodDisruptionBudget spec: expected maxUnavailable or minAvailable, found nothing",
        ],
        [
            "a budget that says nothing of members that are not ready",
            [pods(3), budget({ unhealthyPodEvictionPolicy: undefined })],
            "PodDisruptionBudget spec.unhealthyPodEvictionPolicy: expected IfHealthyBudget, for a member that is not ready may hold the last copy, found nothing",
        ],
        [
            "a budget that lets members go that are not ready",
            [pods(3), budget({ unhealthyPodEvictionPolicy: "AlwaysAllow" })],
            'PodDisruptionBudget spec.unhealthyPodEvictionPolicy: expected IfHealthyBudget, for a member that is not ready may hold the last copy, found "AlwaysAllow"',
        ],
        [
            "a budget that keeps a Deployment's broken pods",
            [operatedDeployment(), budget()],
            'PodDisruptionBudget spec.unhealthyPodEvictionPolicy: expected AlwaysAllow, for a pod that never becomes ready would block every drain, found "IfHealthyBudget"',
        ],
    ];
    for (const [what, objects, message] of bad) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(judged(...objects), [`events: ${message}`]);
        });
    }

    it("refuses a budget that selects nothing, and misses it where it belongs", () => {
        for (const selector of [{ matchLabels: { a: "b" } }, undefined]) {
            const messages = judged(pods(3), budget({ selector }));
            assert.equal(messages.length, 2);
            assert.match(messages[0]!, /^events: PodDisruptionBudget spec\.selector: expected the labels of pods/);
        }
        assert.equal(judged(pods(3), withField(budget(), ["metadata", "namespace"], "other")).length, 2);
    });

    it("refuses a budget over pods of a Job, which it can't count", () => {
        const job = renamed(object("batch/v1", "Job", { template: goodTemplate() }), "task");
        assert.deepEqual(judged(pods(3), budget(), job), [
            'events: PodDisruptionBudget spec.selector: expected pods of sets only, for a budget can\'t count others, found "pods of Job task"',
        ]);
    });

    const rack = (name: string): Fields =>
        withField(
            withField(renamed(operatedSet(), name), ["spec", "replicas"], 1),
            [...setLabelsPath, "data-platform/rack"],
            name,
        );
    const ofRack = (name: string): Fields =>
        renamed(budget({ selector: { matchLabels: { ...clusterLabels, "data-platform/rack": name } } }), name);

    it("asks racks of one cluster for one budget over all", () => {
        assert.deepEqual(judged(rack("a"), rack("b"), budget()), []);
        assert.equal(judged(rack("a"), rack("b")).length, 2);
        assert.deepEqual(judged(rack("a"), rack("b"), ofRack("a"), ofRack("b")), [
            'a: StatefulSet a: expected one PodDisruptionBudget for all sets of its cluster, found "a without b"',
            'b: StatefulSet b: expected one PodDisruptionBudget for all sets of its cluster, found "b without a"',
        ]);
    });

    it("believes who says that a system starts the pods, but lets nobody block for ever", () => {
        const started = annotated(
            budget({ selector: { matchLabels: { a: "b" } }, maxUnavailable: undefined, minAvailable: 1000 }),
        );
        assert.deepEqual(judged(started), []);
        const blocked = annotated(budget({ selector: { matchLabels: { a: "b" } }, maxUnavailable: 0 }));
        assert.equal(judged(blocked).length, 1);
        assert.equal(judged(withField(started, ["spec", "unhealthyPodEvictionPolicy"], undefined)).length, 1);
    });

    it("asks Redis' operator for the budgets that it makes", () => {
        assert.deepEqual(judged(operatedRedis("RedisCluster"), renamed(operatedRedis("RedisReplication"), "r")), []);
        const cluster = withField(operatedRedis("RedisCluster"), ["spec", "redisFollower", "pdb"], undefined);
        assert.deepEqual(judged(cluster), [
            "events: RedisCluster spec.redisFollower.pdb.enabled: expected true for 3 pods, found nothing",
            "events: RedisCluster spec.redisFollower.pdb.maxUnavailable: expected 1, found nothing",
        ]);
        const replication = operatedRedis("RedisReplication");
        assert.equal(judged(withField(replication, ["spec", "pdb", "maxUnavailable"], 2)).length, 1);
        assert.equal(judged(withField(replication, ["spec", "pdb", "enabled"], false)).length, 1);
        const single = withField(withField(replication, ["spec", "clusterSize"], 1), ["spec", "pdb"], undefined);
        assert.deepEqual(judged(single), []);
    });

    it("holds of what the API server returns too", () => {
        const returned = withField(budget(), ["status"], { disruptionsAllowed: 1 });
        assert.deepEqual(judged(pods(3), returned), []);
    });

    it("leaves what is not known yet undecided", () => {
        const selector = judgeStack(budgets, stackOf(pods(3), budget({ selector: { matchLabels: { a: unknown } } })));
        assert.deepEqual(selector.messages, []);
        const replicas = judgeStack(
            budgets,
            stackOf(withField(operatedSet(), ["spec", "replicas"], unknown), budget({ maxUnavailable: 0 })),
        );
        assert.equal(replicas.messages.length, 0);
        assert.ok(replicas.unknowns.length > 0);
        const labels = judgeStack(
            budgets,
            stackOf(withField(operatedSet(), [...setLabelsPath, "app.kubernetes.io/name"], unknown), budget()),
        );
        assert.ok(!labels.messages.some((message) => message.includes("spec.selector")));
    });
});
