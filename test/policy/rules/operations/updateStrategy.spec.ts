import assert from "node:assert/strict";
import { updateStrategy } from "../../../../policy/rules/operations/updateStrategy";
import { type Fields, judgeStack, object, stackMessagesOf, unknown, withField } from "../../support";
import { operatedDeployment, operatedRedis, operatedSet, podPath, setLabelsPath, stackOf } from "./support";

const strategy = ["spec", "updateStrategy"];
const rolling = ["spec", "strategy", "rollingUpdate"];
const component = [...setLabelsPath, "app.kubernetes.io/component"];
const judged = (objects: readonly Fields[], settings?: Fields) =>
    stackMessagesOf(updateStrategy, stackOf(...objects), settings);

const claim = (...accessModes: readonly string[]) => object("v1", "PersistentVolumeClaim", { accessModes });
const mounting = (inputs: Fields) =>
    withField(inputs, [...podPath, "volumes"], [{ name: "data", persistentVolumeClaim: { claimName: "events" } }]);
const recreated = (inputs: Fields) =>
    withField(withField(inputs, ["spec", "strategy"], { type: "Recreate" }), ["spec", "replicas"], 1);

describe("rule operations-update-strategy", () => {
    it("accepts one pod at a time", () => {
        assert.deepEqual(judged([operatedSet(), operatedDeployment(), operatedRedis("RedisCluster")]), []);
        assert.deepEqual(judged([withField(operatedSet(), strategy, undefined)]), []);
        assert.deepEqual(judged([withField(operatedSet(), [...strategy, "rollingUpdate"], { partition: 0 })]), []);
        assert.deepEqual(judged([withField(operatedDeployment(), [...rolling, "maxUnavailable"], 1)]), []);
        assert.deepEqual(judged([recreated(operatedDeployment())]), []);
    });

    const bad: readonly (readonly [string, Fields, string])[] = [
        [
            "a set that somebody has to restart",
            withField(operatedSet(), [...strategy, "type"], "OnDelete"),
            'StatefulSet spec.updateStrategy.type: expected RollingUpdate, found "OnDelete"',
        ],
        [
            "a set of which some pods stay behind",
            withField(operatedSet(), [...strategy, "rollingUpdate"], { partition: 1 }),
            "StatefulSet spec.updateStrategy.rollingUpdate.partition: expected 0, or pods below it keep the old template, found 1",
        ],
        [
            "a set that stops several pods at once",
            withField(operatedSet(), [...strategy, "rollingUpdate"], { maxUnavailable: 2 }),
            "StatefulSet spec.updateStrategy.rollingUpdate.maxUnavailable: expected 1, found 2",
        ],
        [
            "a set that stops a share of its pods at once",
            withField(operatedSet(), [...strategy, "rollingUpdate"], { maxUnavailable: "50%" }),
            'StatefulSet spec.updateStrategy.rollingUpdate.maxUnavailable: expected 1, found "50%"',
        ],
        [
            "members that wait for each other",
            withField(operatedSet(), ["spec", "podManagementPolicy"], "OrderedReady"),
            'StatefulSet spec.podManagementPolicy: expected Parallel, found "OrderedReady"',
        ],
        [
            "members that wait for each other by default",
            withField(operatedSet(), ["spec", "podManagementPolicy"], undefined),
            'StatefulSet spec.podManagementPolicy: expected Parallel, found "OrderedReady"',
        ],
        [
            "a sentinel that somebody has to restart",
            withField(operatedRedis("RedisSentinel"), ["spec", "kubernetesConfig", "updateStrategy"], {
                type: "OnDelete",
            }),
            'RedisSentinel spec.kubernetesConfig.updateStrategy.type: expected RollingUpdate, found "OnDelete"',
        ],
        [
            "a Deployment that stops all its pods at once",
            withField(operatedDeployment(), [...rolling, "maxUnavailable"], 2),
            "Deployment spec.strategy.rollingUpdate.maxUnavailable: expected 0, or 1 where there are several pods, found 2",
        ],
        [
            "a single pod that goes before the next comes",
            withField(withField(operatedDeployment(), ["spec", "replicas"], 1), [...rolling, "maxUnavailable"], 1),
            "Deployment spec.strategy.rollingUpdate.maxUnavailable: expected 0, or 1 where there are several pods, found 1",
        ],
    ];
    for (const [what, inputs, message] of bad) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(judged([inputs]), [`events: ${message}`]);
        });
    }

    it("takes Kubernetes' quarter, rounded down, for what a Deployment leaves out", () => {
        const quarter = withField(operatedDeployment(), ["spec", "strategy"], undefined);
        assert.deepEqual(judged([quarter]), []);
        assert.deepEqual(judged([withField(quarter, ["spec", "replicas"], 7)]), []);
        assert.equal(judged([withField(quarter, ["spec", "replicas"], 8)]).length, 1);
        const stated = withField(operatedDeployment(), [...rolling, "maxUnavailable"], "25%");
        assert.deepEqual(judged([stated]), []);
    });

    it("asks a Deployment with a volume of one node to stop before it starts", () => {
        const bound = mounting(operatedDeployment());
        assert.deepEqual(judged([bound, claim("ReadWriteOnce")]), [
            'events: Deployment spec.strategy.type: expected Recreate, since claim events can be mounted on one node at a time, found "RollingUpdate"',
            "events: Deployment spec.replicas: expected at most 1, since claim events can be mounted on one node at a time, found 2",
        ]);
        assert.equal(judged([bound, claim("ReadWriteOncePod")]).length, 2);
        assert.deepEqual(judged([recreated(bound), claim("ReadWriteOnce")]), []);
        assert.deepEqual(judged([bound, claim("ReadWriteMany")]), []);
        assert.deepEqual(judged([bound]), []);
        assert.deepEqual(judged([bound, withField(claim("ReadWriteOnce"), ["metadata", "namespace"], "other")]), []);
    });

    it("never lets two masters be active of which there may be one", () => {
        const master = (inputs: Fields) =>
            withField(
                withField(inputs, component, "master"),
                [...setLabelsPath, "app.kubernetes.io/name"],
                "teraslice",
            );
        assert.equal(judged([master(operatedDeployment())]).length, 2);
        assert.deepEqual(judged([master(recreated(operatedDeployment()))]), []);
    });

    it("takes types, management and single masters from the stack", () => {
        const manual = withField(operatedSet(), [...strategy, "type"], "OnDelete");
        assert.deepEqual(judged([manual], { types: ["OnDelete"] }), []);
        assert.equal(judged([operatedSet()], { podManagement: { "kafka/broker": "OrderedReady" } }).length, 1);
        assert.equal(judged([operatedDeployment()], { single: ["kafka/broker"] }).length, 2);
    });

    it("judges what stands beside a value that is not known yet", () => {
        const set = withField(
            withField(operatedSet(), [...strategy, "type"], unknown),
            ["spec", "podManagementPolicy"],
            "OrderedReady",
        );
        const { messages, unknowns } = judgeStack(updateStrategy, stackOf(set));
        assert.deepEqual(messages, [
            'events: StatefulSet spec.podManagementPolicy: expected Parallel, found "OrderedReady"',
        ]);
        assert.equal(unknowns.length, 1);
    });
});
