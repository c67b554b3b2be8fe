import * as assert from "node:assert/strict";
import { checkedApplication, plannedApplication } from "./fixtures";
import { at, find } from "../support/plans";

describe("the schedule of a Spark application", () => {
    for (const cron of ["15 3 * * *", "0,30 1-5 1 JAN-MAR mon", "@hourly", "@every 90m", "@every 1h30m", "@every 6h"]) {
        it(`may be "${cron}"`, async () => {
            const plan = await plannedApplication({ schedule: { cron } });
            assert.equal(at(find(plan, "ScheduledSparkApplication").inputs, "spec.schedule"), cron);
        });
    }

    // The operator would only say so in the status of the object, which nobody waits for.
    for (const cron of [
        "every day",
        "61 3 * * *",
        "15 3 * * FOO",
        "@reboot",
        "@every",
        "@every 0m",
        "@every 1d",
        "@daily 3",
    ]) {
        it(`is never "${cron}"`, () => {
            assert.throws(() => checkedApplication({ schedule: { cron } }), /a cron line of five fields/);
        });
    }
});
