import assert from "node:assert/strict";
import { jobLimits } from "../../../../policy/rules/operations/jobLimits";
import { type Fields, goodTemplate, judge, messagesOf, object, unknown, withField } from "../../support";
import { operatedSet } from "./support";

const jobSpec = (): Fields => ({
    backoffLimit: 3,
    activeDeadlineSeconds: 600,
    template: withField(goodTemplate(), ["spec", "restartPolicy"], "Never"),
});
const job = (): Fields => object("batch/v1", "Job", jobSpec());
const cronJob = (): Fields =>
    object("batch/v1", "CronJob", {
        schedule: "0 3 * * *",
        concurrencyPolicy: "Forbid",
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: { spec: jobSpec() },
    });
const run = ["spec", "jobTemplate", "spec"];

describe("rule operations-job-limits", () => {
    it("accepts work that ends", () => {
        assert.deepEqual(messagesOf(jobLimits, job()), []);
        assert.deepEqual(messagesOf(jobLimits, cronJob()), []);
        assert.deepEqual(messagesOf(jobLimits, withField(cronJob(), ["spec", "concurrencyPolicy"], "Replace")), []);
        const onFailure = withField(job(), ["spec", "template", "spec", "restartPolicy"], "OnFailure");
        assert.deepEqual(messagesOf(jobLimits, onFailure), []);
        assert.deepEqual(messagesOf(jobLimits, operatedSet()), []);
    });

    it("says what it expects and where", () => {
        assert.deepEqual(messagesOf(jobLimits, withField(cronJob(), [...run, "activeDeadlineSeconds"], undefined)), [
            "CronJob spec.jobTemplate.spec.activeDeadlineSeconds: expected a whole number from 1 to 604800, found nothing",
        ]);
    });

    const bad: readonly (readonly [Fields, readonly string[], unknown])[] = [
        ...[job(), cronJob()].flatMap((inputs) => {
            const path = inputs.kind === "Job" ? ["spec"] : run;
            return [
                [inputs, [...path, "backoffLimit"], undefined],
                [inputs, [...path, "backoffLimit"], 11],
                [inputs, [...path, "activeDeadlineSeconds"], undefined],
                [inputs, [...path, "activeDeadlineSeconds"], 0],
                [inputs, [...path, "template", "spec", "restartPolicy"], "Always"],
                [inputs, [...path, "template", "spec", "restartPolicy"], undefined],
            ] as const;
        }),
        [cronJob(), ["spec", "concurrencyPolicy"], undefined],
        [cronJob(), ["spec", "concurrencyPolicy"], "Allow"],
        [cronJob(), ["spec", "startingDeadlineSeconds"], undefined],
        [cronJob(), ["spec", "startingDeadlineSeconds"], 5],
        [cronJob(), ["spec", "successfulJobsHistoryLimit"], undefined],
        [cronJob(), ["spec", "failedJobsHistoryLimit"], 100],
    ];
    for (const [inputs, path, value] of bad) {
        it(`refuses ${String(inputs.kind)} ${path.join(".")} ${value === undefined ? "left out" : JSON.stringify(value)}`, () => {
            assert.equal(messagesOf(jobLimits, withField(inputs, path, value)).length, 1);
        });
    }

    it("judges the runs of scheduled Spark applications", () => {
        const scheduled = (spec: Fields): Fields =>
            object("sparkoperator.k8s.io/v1beta2", "ScheduledSparkApplication", {
                concurrencyPolicy: "Forbid",
                successfulRunHistoryLimit: 1,
                failedRunHistoryLimit: 1,
                ...spec,
            });
        assert.deepEqual(messagesOf(jobLimits, scheduled({})), []);
        assert.deepEqual(messagesOf(jobLimits, scheduled({ concurrencyPolicy: "Allow" })), [
            'ScheduledSparkApplication spec.concurrencyPolicy: expected Forbid or Replace, found "Allow"',
        ]);
        assert.equal(messagesOf(jobLimits, scheduled({ failedRunHistoryLimit: undefined })).length, 1);
    });

    it("takes its bounds from the stack", () => {
        for (const [settings, count] of [
            [{ retries: 2 }, 1],
            [{ seconds: 599 }, 1],
            [{ history: 2 }, 1],
            [{ concurrency: ["Allow"] }, 1],
            [{ retries: 3, seconds: 600, history: 3, concurrency: ["Forbid"] }, 0],
        ] as const) {
            assert.equal(messagesOf(jobLimits, cronJob(), settings).length, count, JSON.stringify(settings));
        }
    });

    it("asks nothing of a patch but what it says", () => {
        const patch = object("batch/v1", "CronJob", { concurrencyPolicy: "Allow" });
        assert.equal(messagesOf(jobLimits, patch, {}, "kubernetes:batch/v1:CronJobPatch").length, 1);
    });

    it("judges what stands beside a value that is not known yet", () => {
        const inputs = withField(
            withField(job(), ["spec", "backoffLimit"], unknown),
            ["spec", "activeDeadlineSeconds"],
            0,
        );
        const { messages, unknowns } = judge(jobLimits, inputs);
        assert.deepEqual([messages.length, unknowns.length], [1, 1]);
    });
});
