import assert from "node:assert/strict";
import fc from "fast-check";
import { workloadNames } from "../../../../policy/rules/naming/workloadNames";
import { goodStatefulSet, judge, messagesOf, object, unknown, withField } from "../../support";

const named = (name: unknown) => withField(goodStatefulSet(), ["metadata", "name"], name);
const workload = (apiVersion: string, kind: string, length: number, spec = {}) =>
    withField(object(apiVersion, kind, spec), ["metadata", "name"], "a".repeat(length));
const indexed = { completionMode: "Indexed", completions: 100 };

describe("rule naming-workload-names", () => {
    const kinds: [string, string, number, object, string][] = [
        ["apps/v1", "StatefulSet", 52, {}, "label controller-revision-hash is <name>-<hash>"],
        ["apps/v1", "Deployment", 46, {}, "pods are <name>-<hash>-<5 letters>"],
        ["apps/v1", "DaemonSet", 57, {}, "pods are <name>-<5 letters>"],
        ["apps/v1", "ReplicaSet", 57, {}, "pods are <name>-<5 letters>"],
        ["batch/v1", "Job", 57, {}, "pods are <name>-<5 letters>"],
        ["batch/v1", "Job", 54, indexed, "pods are <name>-<index>-<5 letters>"],
        ["batch/v1", "CronJob", 48, {}, "pods are <name>-<minutes>-<5 letters>"],
    ];
    for (const [apiVersion, kind, room, spec, what] of kinds) {
        it(`leaves room: ${kind}, ${what}`, () => {
            assert.deepEqual(messagesOf(workloadNames, workload(apiVersion, kind, room, spec)), []);
            const name = "a".repeat(room + 1);
            assert.deepEqual(messagesOf(workloadNames, workload(apiVersion, kind, room + 1, spec)), [
                `${kind} metadata.name: expected at most ${room} characters, for ${what} in 63, found "${name} (${name.length})"`,
            ]);
        });
    }

    it("says more of a name with which not even the pods' names fit", () => {
        const set = withField(named("a".repeat(61)), ["spec", "replicas"], 11);
        assert.equal(messagesOf(workloadNames, set).length, 2);
        assert.equal(messagesOf(workloadNames, withField(set, ["spec", "replicas"], 10)).length, 1);
        assert.equal(messagesOf(workloadNames, withField(set, ["spec", "ordinals"], { start: 5 })).length, 2);
    });

    it("guarantees that everything built from an accepted name fits into 63 characters", () => {
        const lengths = fc.integer({ min: 1, max: 63 });
        fc.assert(
            fc.property(lengths, fc.integer({ min: 0, max: 100000 }), (length, replicas) => {
                const set = withField(named("a".repeat(length)), ["spec", "replicas"], replicas);
                const fits = `${"a".repeat(length)}-${2 ** 32 - 1}`.length <= 63;
                assert.equal(messagesOf(workloadNames, set).length === 0, fits);
            }),
        );
    });

    it("asks the names of claim templates to name a volume", () => {
        const claims = (...names: unknown[]) =>
            withField(
                goodStatefulSet(),
                ["spec", "volumeClaimTemplates"],
                names.map((name) => ({ metadata: { name } })),
            );
        assert.deepEqual(messagesOf(workloadNames, claims("data", "a".repeat(63))), []);
        for (const bad of [undefined, "", "Data", "a.b", "a".repeat(64)]) {
            assert.match(
                messagesOf(workloadNames, claims("data", bad)).join(),
                /^StatefulSet spec.volumeClaimTemplates\[1\].metadata.name: expected a DNS label of at most 63 characters/,
            );
        }
    });

    it("judges workloads only, and no patch", () => {
        assert.deepEqual(messagesOf(workloadNames, workload("v1", "ConfigMap", 100)), []);
        const patch = "kubernetes:apps/v1:StatefulSetPatch";
        assert.deepEqual(messagesOf(workloadNames, named("a".repeat(60)), {}, patch), []);
    });

    it("needs the replicas of a long name only", () => {
        const set = (length: number) => withField(named("a".repeat(length)), ["spec", "replicas"], unknown);
        assert.deepEqual(judge(workloadNames, set(40)), { messages: [], unknowns: [] });
        const { messages, unknowns } = judge(workloadNames, set(60));
        assert.equal(messages.length, 1);
        assert.equal(unknowns.length, 1);
    });
});
