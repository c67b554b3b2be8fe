import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { ScheduledTask, type ScheduledTaskArgs } from "../../components/sets/scheduledTask";
import { Task } from "../../components/sets/task";
import { assertSound } from "../support/invariants";
import { at, find, kindsAndNames, planOf } from "../support/plans";
import { setArgs } from "../support/sets";

const planned = async (own: Partial<ScheduledTaskArgs> = {}): Promise<Plan> => {
    const plan = await planOf(
        () => new ScheduledTask("store-task", { ...setArgs(), deadlineSeconds: 900, schedule: "0 3 * * 6", ...own }),
    );
    assertSound(plan);
    return plan;
};

describe("ScheduledTask", () => {
    it("registers a CronJob and its policy", async () => {
        const own = kindsAndNames(await planned()).filter((each) => !each.includes("set-access"));
        assert.deepEqual(own, [
            "CronJob store-task-cron-job",
            "NetworkPolicy store-task-network",
            "ScheduledTask store-task",
        ]);
    });

    it("does what a Task does, again and again", async () => {
        const job = find(await planOf(() => new Task("store-task", { ...setArgs(), deadlineSeconds: 900 })), "Job");
        const cron = find(await planned(), "CronJob");
        assert.deepEqual(at(cron.inputs, "spec.jobTemplate.spec"), job.inputs["spec"]);
        assert.deepEqual(
            at(cron.inputs, "spec.jobTemplate.metadata.labels"),
            at(job.inputs, "metadata.labels"),
            "its Jobs carry its labels",
        );
    });

    for (const [argument, given, path, expected] of [
        ["schedule", { schedule: "30 1 * * *" }, "spec.schedule", "30 1 * * *"],
        ["timeZone", { timeZone: "Europe/Berlin" }, "spec.timeZone", "Europe/Berlin"],
        ["the zone that nodes share by default", {}, "spec.timeZone", "Etc/UTC"],
        ["one run at a time", {}, "spec.concurrencyPolicy", "Forbid"],
        ["a bound on being late, so that it never gives up", {}, "spec.startingDeadlineSeconds", 3600],
        ["retries", { retries: 0 }, "spec.jobTemplate.spec.backoffLimit", 0],
        ["deadlineSeconds", { deadlineSeconds: 60 }, "spec.jobTemplate.spec.activeDeadlineSeconds", 60],
    ] as const) {
        it(`shows ${argument}`, async () => {
            assert.deepEqual(at(find(await planned(given), "CronJob").inputs, path), expected);
        });
    }
});
