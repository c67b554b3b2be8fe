import { z } from "zod";
import { oneOf, settings, whole } from "../../../components/foundation/values";
import { violation } from "../../message";
import { type Fields, fieldsAt } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";

const year = 365 * 24 * 3600;

/** A field, what must stand there, and whether what stands there is that. */
type Demand = readonly [path: string, expected: string, holds: (found: unknown) => boolean];

const wholeFrom =
    (least: number, most: number) =>
    (found: unknown): boolean =>
        typeof found === "number" && Number.isInteger(found) && found >= least && found <= most;

export const jobLimits = defineRule({
    name: "operations-job-limits",
    description: "A Job ends: its retries and its time are bounded, and runs of a CronJob neither pile up nor overlap.",
    severity: "medium",
    remediation:
        "Set the field that the message names. A Job that the program owns needs no ttlSecondsAfterFinished: it would be made anew after each removal.",
    levels: usualLevels,
    settings: settings({
        retries: whole(0, 1000).default(10).describe("Most retries of a Job (backoffLimit)."),
        seconds: whole(1, year)
            .default(7 * 24 * 3600)
            .describe("Longest time of a Job, in seconds (activeDeadlineSeconds)."),
        history: whole(0, 100).default(10).describe("Most ended Jobs that a CronJob keeps, of each kind."),
        concurrency: z
            .array(oneOf("Allow", "Forbid", "Replace"))
            .min(1)
            .default(["Forbid", "Replace"])
            .describe("What a CronJob may do when a run is due and the last one has not ended."),
    }),
    check: ({ kind, patch, object }, limits) => {
        const { retries, seconds, history, concurrency } = limits;
        const ofJob = (jobPath: string): readonly Demand[] => [
            [`${jobPath}.backoffLimit`, `a whole number from 0 to ${retries}`, wholeFrom(0, retries)],
            [`${jobPath}.activeDeadlineSeconds`, `a whole number from 1 to ${seconds}`, wholeFrom(1, seconds)],
            [
                `${jobPath}.template.spec.restartPolicy`,
                "Never or OnFailure",
                (found) => found === "Never" || found === "OnFailure",
            ],
        ];
        const historyDemand = (path: string): Demand => [
            `spec.${path}`,
            `a whole number from 0 to ${history}`,
            wholeFrom(0, history),
        ];
        const concurrencyDemand: Demand = [
            "spec.concurrencyPolicy",
            concurrency.join(" or "),
            (found) => concurrency.some((allowed) => allowed === found),
        ];
        const demands: Readonly<Record<string, readonly Demand[]>> = {
            Job: ofJob("spec"),
            CronJob: [
                ...ofJob("spec.jobTemplate.spec"),
                concurrencyDemand,
                // The controller looks every 10 seconds: a shorter time misses runs (batch/v1 CronJobSpec).
                ["spec.startingDeadlineSeconds", "a whole number from 10", wholeFrom(10, year)],
                historyDemand("successfulJobsHistoryLimit"),
                historyDemand("failedJobsHistoryLimit"),
            ],
            ScheduledSparkApplication: [
                concurrencyDemand,
                historyDemand("successfulRunHistoryLimit"),
                historyDemand("failedRunHistoryLimit"),
            ],
        };
        return collect(demands[kind] ?? [], ([path, expected, holds]) => {
            const steps = path.split(".");
            const found = steps.slice(0, -1).reduce<Fields>(fieldsAt, object)[steps.at(-1) ?? ""];
            return holds(found) || (patch && found === undefined)
                ? []
                : [violation(`${kind} ${path}`, expected, found)];
        });
    },
});
