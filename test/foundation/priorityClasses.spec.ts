import * as assert from "node:assert/strict";
import type { z } from "zod";
import { PriorityClasses, priorityClassName, priorityClassSettings } from "../../components/foundation/priorityClasses";
import { foundation } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, planOf } from "../support/plans";

const { environment } = foundation();

const planned = async (classes: Record<string, z.input<typeof priorityClassSettings>>) => {
    const parsed = Object.fromEntries(
        Object.entries(classes).map(([name, given]) => [name, priorityClassSettings.parse(given)]),
    );
    const plan = await planOf(() => new PriorityClasses("priorities", { environment, classes: parsed }));
    assertSound(plan);
    return plan;
};

describe("PriorityClasses", () => {
    it("registers a class each, named after the environment since they are the cluster's", async () => {
        const plan = await planned({ batch: { value: 1000 }, critical: { value: 5 } });
        assert.deepEqual(
            all(plan, "PriorityClass").map(({ name, inputs }) => [name, at(inputs, "metadata.name")]),
            [
                ["priorities-batch", "dev-batch"],
                ["priorities-critical", "dev-critical"],
            ],
        );
        assert.equal(priorityClassName(environment, "batch"), "dev-batch");
    });

    it("has defaults that preempt, and that no pod gets without asking", async () => {
        const { inputs, deleteBeforeReplace } = find(await planned({ batch: { value: 1000 } }), "PriorityClass");
        const { metadata, ...rest } = inputs;
        assert.deepEqual(rest, {
            apiVersion: "scheduling.k8s.io/v1",
            kind: "PriorityClass",
            value: 1000,
            preemptionPolicy: "PreemptLowerPriority",
            globalDefault: false,
            description: 'Priority "batch" of the environment dev.',
        });
        assert.equal(at(metadata, 'labels["data-platform/environment"]'), "dev");
        assert.equal(at(metadata, 'labels["app.kubernetes.io/instance"]'), "priorities");
        // A value can't change and the name is fixed: a replacement must delete first.
        assert.equal(deleteBeforeReplace, true);
    });

    for (const [setting, given, field, expected] of [
        ["value", { value: -5 }, "value", -5],
        ["preemption", { value: 1, preemption: "Never" }, "preemptionPolicy", "Never"],
        ["description", { value: 1, description: "For jobs." }, "description", "For jobs."],
    ] as const) {
        it(`shows ${setting}`, async () => {
            assert.equal(find(await planned({ batch: given }), "PriorityClass").inputs[field], expected);
        });
    }

    it("registers none where there are none", async () => {
        assert.deepEqual(all(await planned({}), "PriorityClass"), []);
    });

    for (const value of [1000000001, -2147483649, 1.5]) {
        it(`refuses the value ${value}`, () => assert.throws(() => priorityClassSettings.parse({ value })));
    }
});
