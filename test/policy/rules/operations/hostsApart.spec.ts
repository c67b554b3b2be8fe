import assert from "node:assert/strict";
import { hostsApart } from "../../../../policy/rules/operations/hostsApart";
import { type Fields, stackMessagesOf, withField } from "../../support";
import { levelsOf, operatedDeployment, operatedRedis, operatedSet, podPath, stackOf } from "./support";

const anti = [...podPath, "affinity", "podAntiAffinity"];
const judged = (inputs: Fields) => stackMessagesOf(hostsApart, stackOf(inputs));

/** With the required terms as preferences. */
function loosened(inputs: Fields, path: readonly (string | number)[]): Fields {
    const { requiredDuringSchedulingIgnoredDuringExecution: terms } = path.reduce<unknown>(
        (value, step) => (value as Record<string | number, unknown>)[step],
        inputs,
    ) as { requiredDuringSchedulingIgnoredDuringExecution: unknown[] };
    return withField(inputs, path, {
        preferredDuringSchedulingIgnoredDuringExecution: terms.map((term) => ({ weight: 100, podAffinityTerm: term })),
    });
}

describe("rule operations-hosts-apart", () => {
    it("refuses in production only", () => {
        assert.equal(levelsOf(hostsApart), "disabled disabled mandatory");
    });

    it("accepts members that never share a host", () => {
        assert.deepEqual(judged(operatedSet()), []);
        assert.deepEqual(judged(operatedRedis("RedisReplication")), []);
    });

    it("refuses members that may", () => {
        assert.deepEqual(judged(loosened(operatedSet(), anti)), [
            'events: spec.template.spec.affinity.podAntiAffinity: expected a required term over kubernetes.io/hostname that selects the pods themselves, found "preferred"',
        ]);
        assert.equal(judged(withField(operatedSet(), anti, undefined)).length, 1);
        const redis = operatedRedis("RedisReplication");
        assert.equal(judged(loosened(redis, ["spec", "affinity", "podAntiAffinity"])).length, 1);
    });

    it("asks nothing of pods that keep nothing, and of one alone", () => {
        assert.deepEqual(judged(loosened(operatedDeployment(), anti)), []);
        const loose = loosened(operatedSet(), anti);
        assert.deepEqual(judged(withField(loose, ["spec", "volumeClaimTemplates"], undefined)), []);
        assert.deepEqual(judged(withField(loose, ["spec", "replicas"], 1)), []);
    });
});
