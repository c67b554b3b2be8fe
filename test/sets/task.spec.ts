import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { Task, type TaskArgs } from "../../components/sets/task";
import { assertNamedFromParent, assertPlainComponentInputs } from "../support/invariants";
import { at, find, kindsAndNames, mapAt, planOf } from "../support/plans";
import { setArgs } from "../support/sets";

const planned = async (own: Partial<TaskArgs> = {}): Promise<Plan> => {
    const plan = await planOf(() => new Task("store-task", { ...setArgs(), deadlineSeconds: 900, ...own }));
    assertNamedFromParent(plan);
    assertPlainComponentInputs(plan);
    return plan;
};

describe("Task", () => {
    it("registers a Job and its policy", async () => {
        const own = kindsAndNames(await planned()).filter((each) => !each.includes("set-access"));
        assert.deepEqual(own, ["Job store-task-job", "NetworkPolicy store-task-network", "Task store-task"]);
    });

    it("runs one hardened pod that isn't started again in place", async () => {
        const spec = mapAt(find(await planned(), "Job").inputs, "spec");
        assert.equal(at(spec, "template.spec.restartPolicy"), "Never");
        assert.equal(at(spec, "template.spec.securityContext.runAsNonRoot"), true);
        assert.equal(at(spec, "template.spec.containers[0].securityContext.readOnlyRootFilesystem"), true);
        // A Job that is removed when it has ended would be made anew by every up.
        assert.equal(spec["ttlSecondsAfterFinished"], undefined);
        assert.equal(spec["parallelism"], undefined);
    });

    it("is not waited for longer than its deadline and a minute", async () => {
        const job = find(await planned({ deadlineSeconds: 120 }), "Job");
        assert.equal(at(job.inputs, "spec.activeDeadlineSeconds"), 120);
        assert.deepEqual(job.customTimeouts, { create: "180s", update: "180s" });
    });

    it("is tried again as often as said, six times by default", async () => {
        assert.equal(at(find(await planned(), "Job").inputs, "spec.backoffLimit"), 6);
        assert.equal(at(find(await planned({ retries: 2 }), "Job").inputs, "spec.backoffLimit"), 2);
    });

    it("has a fixed name, so a changed one is deleted first", async () => {
        const job = find(await planned(), "Job");
        assert.equal(at(job.inputs, "metadata.name"), "store");
        assert.equal(job.deleteBeforeReplace, true);
    });

    it("may be reached by nobody, and reaches only what it is given", async () => {
        const egress = [{ peers: [{ cidr: "10.0.0.0/8" }], ports: [{ port: 9200 }] }];
        const policy = find(await planned({ egress }), "NetworkPolicy").inputs;
        assert.deepEqual(at(policy, "spec.ingress"), []);
        assert.deepEqual(at(policy, "spec.egress"), [
            { to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ protocol: "TCP", port: 9200 }] },
        ]);
        assert.deepEqual(
            at(policy, "spec.podSelector.matchLabels"),
            Object.fromEntries(
                Object.entries(mapAt(find(await planned(), "Job").inputs, "spec.template.metadata.labels")).filter(
                    ([key]) => key in mapAt(policy, "spec.podSelector.matchLabels"),
                ),
            ),
        );
    });
});
