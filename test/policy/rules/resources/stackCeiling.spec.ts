import assert from "node:assert/strict";
import { stackCeiling } from "../../../../policy/rules/resources/stackCeiling";
import { goodStatefulSet, judgeStack, linkedOf, object, stackMessagesOf, unknown, withField } from "../../support";

const named = (name: string, path: string[], value: unknown) =>
    linkedOf(withField(withField(goodStatefulSet(), ["metadata", "name"], name), path, value));
const claims = [{ spec: { resources: { requests: { storage: "10Gi" } } } }];
// 3 pods, 1500m, 3Gi and 30Gi; and 5 pods, 2500m and 5Gi.
const small = named("small", ["spec", "volumeClaimTemplates"], claims);
const large = named("large", ["spec", "replicas"], 5);
const claim = linkedOf(
    withField(object("v1", "PersistentVolumeClaim", claims[0]!.spec), ["metadata", "name"], "claim"),
);

describe("rule resources-stack-ceiling", () => {
    it("accepts sums up to the ceiling", () => {
        assert.deepEqual(stackMessagesOf(stackCeiling, [small, large, claim]), []);
        const just = { pods: 8, cpu: "4", memory: "8Gi", storage: "40Gi" };
        assert.deepEqual(stackMessagesOf(stackCeiling, [small, large, claim], just), []);
    });

    for (const [settings, message] of [
        [{ pods: 7 }, 'large: pods of the stack, 5 of them here: expected at most 7, found "8"'],
        [{ cpu: "3" }, 'large: CPU requests of the stack, 2500m of them here: expected at most 3, found "4"'],
        [{ memory: "7Gi" }, 'large: memory requests of the stack, 5Gi of them here: expected at most 7Gi, found "8Gi"'],
        [
            { storage: "39Gi" },
            'small: volume claims of the stack, 30Gi of them here: expected at most 39Gi, found "40Gi"',
        ],
    ] as const) {
        it(`refuses more than ${JSON.stringify(settings)}`, () => {
            assert.deepEqual(stackMessagesOf(stackCeiling, [small, large, claim], settings), [message]);
        });
    }

    it("refuses more than its own ceilings", () => {
        const huge = named("huge", ["spec", "replicas"], 10000);
        assert.equal(stackMessagesOf(stackCeiling, [huge]).length, 3);
    });

    it("needs not wait for what is not known yet once the sum is too large", () => {
        const unclear = named("unclear", ["spec", "replicas"], unknown);
        const judged = (pods: number) => {
            const { messages, unknowns } = judgeStack(stackCeiling, [large, unclear], { pods });
            return [messages.length, unknowns.length];
        };
        assert.deepEqual(judged(4), [1, 3]);
        assert.deepEqual(judged(100), [0, 4]);
    });
});
