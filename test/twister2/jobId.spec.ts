import * as assert from "node:assert/strict";
import fc from "fast-check";
import { jobId, jobNamePart, longestJobId, timePart, userNamePart } from "../../components/twister2/jobId";

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const anyText = fc.string({ unit: "binary", maxLength: 60 });
const conforming = fc.stringMatching(/^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$/);

describe("Twister2's job ids", () => {
    const names: readonly (readonly [string, string])[] = [
        ["t2-job", "t2-job"],
        ["a", "a"],
        ["My_Job.v2", "my-job-v2"],
        ["9lives", "alives"],
        ["job-", "jobz"],
        ["-x-", "axz"],
        ["Word Count!", "wordcount"],
        ["___", "a-z"],
        ["-", "a"],
        ["äöü", ""],
        ["", ""],
        ["a".repeat(30), "a".repeat(30)],
        ["a".repeat(31), "a".repeat(30)],
        // Cut last, so that the end may be - again: 29 letters, then -, then more.
        [`${"a".repeat(29)}-rest`, `${"a".repeat(29)}-`],
    ];
    for (const [name, expected] of names) {
        it(`makes "${expected}" of a job named "${name}"`, () => assert.equal(jobNamePart(name), expected));
    }

    const users: readonly (readonly [string, string])[] = [
        ["ann", "ann"],
        ["Ann.Lee", "ann-lee"],
        ["administrator", "administr"],
        ["42", "a2"],
        ["", ""],
    ];
    for (const [name, expected] of users) {
        it(`makes "${expected}" of a user "${name}"`, () => assert.equal(userNamePart(name), expected));
    }

    it("counts the time from the end of 2018, in base 36", () => {
        assert.equal(timePart(1_546_290_000_000), "0");
        assert.equal(timePart(1_546_290_000_000 + 36 ** 2), "100");
        assert.equal(timePart(Date.UTC(2020, 11, 16)), (Date.UTC(2020, 11, 16) - 1_546_290_000_000).toString(36));
    });

    it("keeps the last 8 digits of a time that is longer", () => {
        assert.equal(timePart(1_546_290_000_000 + 36 ** 8), "00000000");
    });

    it("joins user, job and time", () => {
        const time = 1_546_290_000_000 + 35;
        assert.equal(jobId({ user: "Ann.Lee", job: "My_Job.v2", time }), "ann-lee-my-job-v2-z");
    });

    it("leaves out a user that nothing is left of", () => {
        const time = 1_546_290_000_000;
        assert.equal(jobId({ user: "", job: "t2-job", time }), "t2-job-0");
        assert.equal(jobId({ user: "äöü", job: "t2-job", time }), "t2-job-0");
    });

    const time = fc.integer({ min: 1_546_290_000_000, max: 4_000_000_000_000 });

    it("never are longer than 49 characters", () => {
        fc.assert(
            fc.property(anyText, anyText, time, (user, job, at) => {
                assert.ok(jobId({ user, job, time: at }).length <= longestJobId);
            }),
        );
    });

    it("are labels wherever something is left of the job's name", () => {
        fc.assert(
            fc.property(fc.string(), fc.string(), time, (user, job, at) => {
                fc.pre(jobNamePart(job) !== "");
                assert.match(jobId({ user, job, time: at }), label);
            }),
        );
    });

    it("keep a name that follows the rules", () => {
        fc.assert(fc.property(conforming, (name) => assert.equal(jobNamePart(name), name)));
    });

    it("make of a name's part nothing but small letters, digits and -, with a letter first", () => {
        fc.assert(fc.property(fc.string(), (name) => assert.match(jobNamePart(name), /^([a-z][-a-z0-9]{0,29})?$/)));
    });
});
