import * as assert from "node:assert/strict";
import { clusterEffects } from "./clusterEffects";
import { sessionPlan } from "./fixtures";
import { settingPaths } from "./schemaPaths";
import { storeEffects } from "./storeEffects";

const effects = [...clusterEffects, ...storeEffects];

/** Settings that other tests show: those of the stack, of hashes, of refusals, and of monitors. */
const shownElsewhere = ["namespace", "credentialsRotation", "highAvailability.ensemble.tls", "monitoring"];

describe("every setting of a Flink session shows in its plan", () => {
    for (const [setting, settings, read, expected] of effects) {
        it(`${setting}: ${expected === undefined ? "nothing" : JSON.stringify(expected)}`.slice(0, 120), async () => {
            assert.deepEqual(read(await sessionPlan(settings)), expected);
        });
    }

    it("and none is left out", () => {
        const shown = new Set([...effects.map(([setting]) => setting), ...shownElsewhere]);
        assert.deepEqual([...shown].sort(), [...settingPaths].sort());
    });
});
