import * as pulumi from "@pulumi/pulumi";
import { milliseconds } from "../foundation/values";
import { ScheduledTask } from "../sets/scheduledTask";
import { type JobArgs, type JobWork, registerJobParts } from "./job";
import { repairScript } from "./repairScript";
import type { RepairSettings } from "./surroundingsSchema";

/** The repair of all nodes, as a Job. Not tried again: a second attempt would begin with the first node again. */
export function repairWork({ keyspaces, parallelism, deadline }: RepairSettings): JobWork {
    return {
        part: "repair",
        script: repairScript(),
        task: { keyspaces: keyspaces ?? [], parallelism },
        deadlineSeconds: milliseconds(deadline) / 1000,
        retries: 0,
    };
}

export interface RepairArgs extends JobArgs {
    readonly settings: RepairSettings;
}

/** Regular repair: a CronJob that asks one node's agent after the other. */
export class CassandraRepair extends pulumi.ComponentResource {
    constructor(name: string, args: RepairArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data-platform:cassandra:Repair", name, {}, opts);
        const job = registerJobParts(name, args, repairWork(args.settings), { parent: this });
        new ScheduledTask(
            `${name}-task`,
            { ...job.args, schedule: args.settings.schedule },
            { parent: this, dependsOn: [job.config] },
        );
        this.registerOutputs({});
    }
}
