import assert from "node:assert/strict";
import { oddQuorums } from "../../../../policy/rules/operations/oddQuorums";
import { type Fields, judgeStack, stackMessagesOf, unknown, withField } from "../../support";
import { operatedRedis, operatedSet, renamed, setLabelsPath, stackOf } from "./support";

const nameLabel = "app.kubernetes.io/name";
const componentLabel = "app.kubernetes.io/component";

/** A set of a system's component. */
function set(system: string, component: string, replicas: unknown, name = component): Fields {
    const labelled = [
        [nameLabel, system],
        [componentLabel, component],
    ].reduce<Fields>((each, [key, value]) => withField(each, [...setLabelsPath, key!], value), operatedSet());
    return renamed(withField(labelled, ["spec", "replicas"], replicas), name);
}

const judged = (objects: readonly Fields[], settings?: Fields) =>
    stackMessagesOf(oddQuorums, stackOf(...objects), settings);

describe("rule operations-odd-quorums", () => {
    for (const [system, component] of [
        ["zookeeper", "member"],
        ["kafka", "controller"],
        ["kafka", "broker"],
        ["opensearch", "manager"],
        ["opensearch", "data"],
        ["opensearch", "node"],
    ] as const) {
        it(`asks ${system}'s ${component}s to be odd in number`, () => {
            for (const replicas of [1, 3, 5, 7, 0]) {
                assert.deepEqual(judged([set(system, component, replicas)]), []);
            }
            for (const replicas of [2, 4, 9]) {
                assert.deepEqual(judged([set(system, component, replicas)]), [
                    `${component}: members of ${system} events: expected one of 1, 3, 5, 7, found ${replicas}`,
                ]);
            }
        });
    }

    it("counts the members of all racks together", () => {
        const racks = (...sizes: readonly number[]) =>
            sizes.map((size, i) => set("zookeeper", "member", size, `r-${i}`));
        assert.deepEqual(judged(racks(2, 2, 1)), []);
        assert.deepEqual(judged(racks(1, 1)), [
            "r-0: members of zookeeper events: expected one of 1, 3, 5, 7, found 2",
        ]);
    });

    it("lets brokers and data nodes be any number beside voters of their own", () => {
        assert.deepEqual(judged([set("kafka", "controller", 3), set("kafka", "broker", 4)]), []);
        assert.deepEqual(judged([set("opensearch", "manager", 3), set("opensearch", "data", 2)]), []);
        assert.equal(judged([set("kafka", "controller", 2), set("kafka", "broker", 4)]).length, 1);
        const elsewhere = withField(set("kafka", "controller", 3), ["metadata", "namespace"], "other");
        assert.equal(judged([elsewhere, set("kafka", "broker", 4)]).length, 1);
    });

    it("judges Redis' sentinels, which a custom resource makes", () => {
        const sentinels = (size: number) =>
            withField(
                withField(operatedRedis("RedisSentinel"), ["metadata", "labels", componentLabel], "sentinel"),
                ["spec", "clusterSize"],
                size,
            );
        assert.deepEqual(judged([sentinels(3)]), []);
        assert.equal(judged([sentinels(4)]).length, 1);
        assert.deepEqual(judged([withField(operatedRedis("RedisReplication"), ["spec", "clusterSize"], 2)]), []);
    });

    it("takes sizes and voters from the stack", () => {
        assert.deepEqual(judged([set("zookeeper", "member", 2)], { sizes: [2] }), []);
        assert.deepEqual(judged([set("etcd", "member", 2)]), []);
        assert.equal(judged([set("etcd", "member", 2)], { voters: { etcd: ["member"] } }).length, 1);
        assert.equal(judged([set("zookeeper", "member", 2)], { voters: { etcd: ["member"] } }).length, 1);
    });

    it("leaves a number that is not known yet undecided", () => {
        const { messages, unknowns } = judgeStack(
            oddQuorums,
            stackOf(set("zookeeper", "member", unknown), set("kafka", "controller", 2)),
        );
        assert.equal(messages.length, 1);
        assert.equal(unknowns.length, 1);
        assert.deepEqual(judgeStack(oddQuorums, stackOf(set("flink", "jobmanager", unknown))).unknowns, []);
    });
});
