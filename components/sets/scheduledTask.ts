import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { registerJob, type TaskArgs } from "./task";

export interface ScheduledTaskArgs extends TaskArgs {
    /** When it is done: a cron line. */
    readonly schedule: string;
    /**
     * Time zone of the schedule, by its IANA name.
     *
     * @default Etc/UTC
     */
    readonly timeZone?: string | undefined;
}

/** How late a run may begin, in seconds; without a bound a controller that was away for long gives the schedule up. */
const latestStart = 3600;

/**
 * Work that is done again and again: a CronJob, with the network policy of its pods. One run at a time: while one is
 * under way, the next is left out.
 */
export class ScheduledTask extends pulumi.ComponentResource {
    constructor(name: string, args: ScheduledTaskArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data-platform:sets:ScheduledTask", name, {}, opts);
        const inside = { parent: this };
        const { labels, spec, network } = registerJob(name, args, inside);
        new k8s.batch.v1.CronJob(
            `${name}-cron-job`,
            {
                metadata: { name: args.objectName, namespace: args.namespace, labels },
                spec: {
                    schedule: args.schedule,
                    timeZone: args.timeZone ?? "Etc/UTC",
                    concurrencyPolicy: "Forbid",
                    startingDeadlineSeconds: latestStart,
                    successfulJobsHistoryLimit: 1,
                    failedJobsHistoryLimit: 3,
                    jobTemplate: { metadata: { labels }, spec },
                },
            },
            { ...inside, dependsOn: [args.access, network] },
        );
        this.registerOutputs({});
    }
}
