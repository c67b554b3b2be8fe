import * as assert from "node:assert/strict";
import { scheduleLine } from "../../components/foundation/schedule";

const accepts = (line: unknown): boolean => scheduleLine().safeParse(line).success;

describe("a schedule", () => {
    for (const line of [
        "0 3 * * 6",
        "*/15 * * * *",
        "0,30 1-5 1 JAN-MAR mon",
        "5-50/5 0-23/2 1,15 * SUN,sat",
        "59 23 31 12 6",
    ]) {
        it(`may be "${line}"`, () => assert.ok(accepts(line)));
    }

    for (const line of [
        "",
        "0 3 * *",
        "0 3 * * 6 2026",
        "60 3 * * *",
        "0 24 * * *",
        "0 3 0 * *",
        "0 3 32 * *",
        "0 3 * 13 *",
        "0 3 * 0 *",
        "0 3 * * 7",
        "5-1 * * * *",
        "*/0 * * * *",
        "*/61 * * * *",
        "1-2-3 * * * *",
        "1/2/3 * * * *",
        "0  3 * * 6",
        "@weekly",
        "0 3 * * FOO",
        "JAN * * * *",
        ", * * * *",
        "-1 * * * *",
        5,
    ]) {
        it(`may not be ${JSON.stringify(line)}`, () => assert.ok(!accepts(line)));
    }

    it("says what it expects", () => {
        assert.deepEqual(
            scheduleLine()
                .safeParse("weekly")
                .error?.issues.map(({ message }) => message),
            ["a cron line of five fields: minute, hour, day of month, month, day of week, such as 0 3 * * 6"],
        );
    });
});
