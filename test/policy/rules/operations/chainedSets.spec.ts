import assert from "node:assert/strict";
import { chainedSets } from "../../../../policy/rules/operations/chainedSets";
import type { LinkedResource } from "../../../../policy/views/stackView";
import { type Fields, linkedOf, stackMessagesOf, unknown, withField } from "../../support";
import { operatedSet, renamed, setLabelsPath } from "./support";

const instance = "app.kubernetes.io/instance";

/** Sets that wait for those of the given places. */
function sets(waits: readonly (readonly number[])[], change: (each: Fields, index: number) => Fields = (each) => each) {
    return waits.reduce<LinkedResource[]>((before, places, index) => {
        const inputs = change(renamed(operatedSet(), `rack-${index}`), index);
        return [...before, linkedOf(inputs, { dependencies: places.map((place) => before[place]!.urn) })];
    }, []);
}

describe("rule operations-chained-sets", () => {
    it("accepts one set, and sets in a chain in any order", () => {
        assert.deepEqual(stackMessagesOf(chainedSets, sets([[]])), []);
        const chain = sets([[], [0], [1]]);
        assert.deepEqual(stackMessagesOf(chainedSets, chain), []);
        assert.deepEqual(stackMessagesOf(chainedSets, chain.toReversed()), []);
    });

    it("accepts a chain through components", () => {
        const [first, second] = sets([[], []]);
        const type = "data-platform:sets:WorkerSet";
        const parent = { urn: `urn:pulumi:dev::data-platform::${type}::rack-1`, type, name: "rack-1", inputs: {} };
        assert.deepEqual(
            stackMessagesOf(chainedSets, [
                first!,
                { ...parent, dependencies: [first!.urn] },
                { ...second!, parent: parent.urn },
            ]),
            [],
        );
    });

    it("refuses sets that are updated at the same time", () => {
        assert.deepEqual(stackMessagesOf(chainedSets, sets([[], []])), [
            "rack-1: StatefulSet rack-1: expected to wait for rack-0, or rack-0 for it: 2 sets of one deployment in one chain, found nothing",
        ]);
        assert.equal(stackMessagesOf(chainedSets, sets([[], [0], [0]])).length, 1);
        assert.equal(stackMessagesOf(chainedSets, sets([[], [], []])).length, 2);
    });

    it("chains components of one deployment too, but not different deployments", () => {
        const component = "app.kubernetes.io/component";
        const mixed = sets([[], []], (each, index) => withField(each, [...setLabelsPath, component], `part-${index}`));
        assert.equal(stackMessagesOf(chainedSets, mixed).length, 1);
        const apart = sets([[], []], (each, index) => withField(each, [...setLabelsPath, instance], `events-${index}`));
        assert.deepEqual(stackMessagesOf(chainedSets, apart), []);
        const namespaces = sets([[], []], (each, index) => withField(each, ["metadata", "namespace"], `dev-${index}`));
        assert.deepEqual(stackMessagesOf(chainedSets, namespaces), []);
    });

    it("takes a set whose labels say nothing, or are not known yet, for one of its own", () => {
        for (const value of [undefined, unknown]) {
            const bare = sets([[], []], (each) => withField(each, [...setLabelsPath, instance], value));
            assert.deepEqual(stackMessagesOf(chainedSets, bare), []);
        }
    });
});
