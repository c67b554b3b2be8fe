import assert from "node:assert/strict";
import { spread } from "../../../../policy/rules/operations/spread";
import { type Fields, judgeStack, stackMessagesOf, unknown, withField } from "../../support";
import { operatedDeployment, operatedRedis, operatedSet, podPath, renamed, setLabelsPath, stackOf } from "./support";

const anti = [...podPath, "affinity", "podAntiAffinity"];
const hosts = [...anti, "requiredDuringSchedulingIgnoredDuringExecution", 0];
const zones = [...podPath, "topologySpreadConstraints", 0];
const judged = (objects: readonly Fields[], settings?: Fields) =>
    stackMessagesOf(spread, stackOf(...objects), settings);

describe("rule operations-spread", () => {
    const term = (
        (operatedSet().spec as Fields).template as {
            spec: { affinity: { podAntiAffinity: Record<string, unknown[]> } };
        }
    ).spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution![0];
    const preferred = withField(operatedSet(), anti, {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }],
    });
    const bare = (replicas: number) =>
        withField(
            withField(withField(operatedSet(), ["spec", "replicas"], replicas), anti, undefined),
            [...podPath, "topologySpreadConstraints"],
            undefined,
        );

    it("accepts pods that keep apart, strictly or not, and a pod that is alone", () => {
        assert.deepEqual(judged([operatedSet()]), []);
        assert.deepEqual(judged([preferred]), []);
        assert.deepEqual(judged([operatedDeployment()]), []);
        assert.deepEqual(judged([operatedRedis("RedisCluster")]), []);
        assert.deepEqual(judged([operatedRedis("RedisReplication")]), []);
        assert.deepEqual(judged([bare(1)]), []);
    });

    it("says what it expects and where", () => {
        assert.deepEqual(judged([bare(3)]), [
            "events: spec.template.spec.affinity.podAntiAffinity: expected a term over kubernetes.io/hostname that selects the pods themselves, found nothing",
            "events: spec.template.spec.topologySpreadConstraints: expected a constraint over topology.kubernetes.io/zone that selects the pods themselves, maxSkew at most 1, found nothing",
        ]);
    });

    const bad: readonly (readonly [string, Fields])[] = [
        ["no anti-affinity", withField(operatedSet(), anti, undefined)],
        ["another topology than hosts", withField(operatedSet(), [...hosts, "topologyKey"], "other")],
        [
            "anti-affinity to other pods",
            withField(operatedSet(), [...hosts, "labelSelector", "matchLabels"], { a: "b" }),
        ],
        ["anti-affinity to no pods", withField(operatedSet(), [...hosts, "labelSelector"], undefined)],
        [
            "a preference for other pods",
            withField(
                preferred,
                [...anti, "preferredDuringSchedulingIgnoredDuringExecution", 0, "podAffinityTerm", "labelSelector"],
                { matchLabels: { a: "b" } },
            ),
        ],
        ["no spread", withField(operatedSet(), [...podPath, "topologySpreadConstraints"], undefined)],
        ["spread over something else", withField(operatedSet(), [...zones, "topologyKey"], "kubernetes.io/hostname")],
        ["spread of other pods", withField(operatedSet(), [...zones, "labelSelector", "matchLabels"], { a: "b" })],
        ["a large skew", withField(operatedSet(), [...zones, "maxSkew"], 5)],
        ["a Deployment without", withField(operatedDeployment(), anti, undefined)],
        [
            "followers of Redis without",
            withField(operatedRedis("RedisCluster"), ["spec", "redisFollower", "affinity"], undefined),
        ],
    ];
    for (const [what, inputs] of bad) {
        it(`refuses ${what}`, () => {
            assert.equal(judged([inputs]).length, 1);
        });
    }

    it("keeps racks of one cluster apart over the whole cluster", () => {
        const rack = (name: string, selector?: Fields): Fields => {
            const set = withField(
                withField(renamed(operatedSet(), name), ["spec", "replicas"], 1),
                [...setLabelsPath, "data-platform/rack"],
                name,
            );
            return selector === undefined ? set : withField(set, [...hosts, "labelSelector", "matchLabels"], selector);
        };
        assert.deepEqual(judged([rack("a"), rack("b")]), []);
        // Each keeps off its own rack only.
        assert.equal(
            judged([rack("a", { "data-platform/rack": "a" }), rack("b", { "data-platform/rack": "b" })]).length,
            2,
        );
        assert.deepEqual(judged([rack("a", { "data-platform/rack": "a" })]), []);
    });

    it("takes the skew from the stack", () => {
        assert.deepEqual(judged([withField(operatedSet(), [...zones, "maxSkew"], 5)], { skew: 5 }), []);
    });

    it("leaves a number of pods that is not known yet undecided", () => {
        const { messages, unknowns } = judgeStack(
            spread,
            stackOf(
                withField(operatedSet(), ["spec", "replicas"], unknown),
                renamed(withField(operatedRedis("RedisReplication"), ["spec", "affinity"], undefined), "r"),
            ),
        );
        assert.deepEqual([messages.length, unknowns.length], [1, 1]);
    });
});
