import assert from "node:assert/strict";
import { quota } from "../../../../policy/rules/resources/quota";
import {
    type Fields,
    goodStatefulSet,
    judgeStack,
    linkedOf,
    object,
    stackMessagesOf,
    unknown,
    withField,
} from "../../support";

const amounts = { cpu: "100m", memory: "512Mi", "ephemeral-storage": "1Gi" };
const namespace = linkedOf(withField(object("v1", "Namespace"), ["metadata"], { name: "dev-kafka" }));
const limits = (item: Fields = { type: "Container", default: amounts, defaultRequest: amounts }) =>
    linkedOf(withField(object("v1", "LimitRange", { limits: [item] }), ["metadata", "name"], "limits"));
const hard = (keys: Fields, more: Fields = {}) =>
    linkedOf(withField(object("v1", "ResourceQuota", { hard: keys, ...more }), ["metadata", "name"], "quota"));
const claims = [{ spec: { resources: { requests: { storage: "10Gi" } } } }];
// 3 pods of 500m, 1Gi, 1Gi, with 10Gi each.
const set = linkedOf(withField(goodStatefulSet(), ["spec", "volumeClaimTemplates"], claims));
const enough = {
    pods: 3,
    cpu: "1500m",
    memory: "3Gi",
    "requests.cpu": "1500m",
    "requests.memory": "3Gi",
    "requests.ephemeral-storage": "3Gi",
    "limits.cpu": "1500m",
    "limits.memory": "3Gi",
    "limits.ephemeral-storage": "3Gi",
    "requests.storage": "30Gi",
    "count/services": 0,
};
const place = "quota: ResourceQuota spec.hard";

describe("rule resources-quota", () => {
    it("accepts a quota with room for what the stack has in its namespace", () => {
        assert.deepEqual(stackMessagesOf(quota, [namespace, limits(), hard(enough), set]), []);
    });

    for (const [key, given, least] of [
        ["pods", 2, "3"],
        ["cpu", "1", "1500m"],
        ["memory", "2Gi", "3Gi"],
        ["requests.cpu", "1", "1500m"],
        ["requests.memory", "2Gi", "3Gi"],
        ["requests.ephemeral-storage", "2Gi", "3Gi"],
        ["limits.cpu", "1", "1500m"],
        ["limits.memory", "2Gi", "3Gi"],
        ["limits.ephemeral-storage", "2Gi", "3Gi"],
        ["requests.storage", "20Gi", "30Gi"],
    ] as const) {
        it(`refuses too little ${key}`, () => {
            assert.deepEqual(stackMessagesOf(quota, [hard({ ...enough, [key]: given }), set]), [
                `${place}["${key}"]: expected at least ${least}, what the stack's objects in the namespace ask for, found ${JSON.stringify(given)}`,
            ]);
        });
    }

    it("counts the namespace's own objects only, and no quota with a scope", () => {
        const elsewhere = { ...set, inputs: withField(set.inputs, ["metadata", "namespace"], "other") };
        assert.deepEqual(stackMessagesOf(quota, [hard({ pods: 0 }), elsewhere]), []);
        for (const scope of [{ scopes: ["BestEffort"] }, { scopeSelector: { matchExpressions: [] } }]) {
            assert.deepEqual(stackMessagesOf(quota, [hard({ pods: 0 }, scope), set]), []);
        }
    });

    it("asks for a LimitRange in every namespace, unless the stack does not", () => {
        assert.deepEqual(stackMessagesOf(quota, [namespace]), [
            "dev-kafka: Namespace dev-kafka: expected a LimitRange in it, found nothing",
        ]);
        assert.deepEqual(stackMessagesOf(quota, [namespace], { limitRange: false }), []);
    });

    for (const key of ["default", "defaultRequest"]) {
        for (const name of Object.keys(amounts)) {
            it(`asks for ${key} of ${name}, unless the stack does not`, () => {
                const item = { type: "Container", default: { ...amounts }, defaultRequest: { ...amounts } };
                const stack = [namespace, limits(withField(item, [key, name], undefined))];
                assert.deepEqual(stackMessagesOf(quota, stack), [
                    `limits: LimitRange spec.limits of type Container, ${key}: expected a quantity of ${name} above 0, found nothing`,
                ]);
                const others = Object.keys(amounts).filter((other) => other !== name);
                assert.deepEqual(stackMessagesOf(quota, stack, { defaults: others }), []);
            });
        }
    }

    it("takes defaults of containers only", () => {
        const ofPods = limits({ type: "Pod", default: amounts, defaultRequest: amounts });
        assert.equal(stackMessagesOf(quota, [namespace, ofPods]).length, 6);
    });

    it("judges what is known, and says what is not", () => {
        const unclear = linkedOf(
            withField(withField(goodStatefulSet(), ["metadata", "name"], "unclear"), ["spec", "replicas"], unknown),
        );
        const judged = (pods: number) => {
            const { messages, unknowns } = judgeStack(quota, [hard({ pods }), set, unclear]);
            return [messages.length, unknowns.length];
        };
        assert.deepEqual(judged(2), [1, 0]);
        assert.deepEqual(judged(9), [0, 1]);
        const somewhere = {
            ...limits(),
            inputs: withField(limits().inputs, ["metadata", "namespace"], unknown),
        };
        const { messages, unknowns } = judgeStack(quota, [namespace, somewhere]);
        assert.deepEqual([messages.length, unknowns.length], [0, 1]);
    });
});
