import * as pulumi from "@pulumi/pulumi";
import type { ConfigValue } from "../foundation/configFiles";
import { ifGiven, milliseconds } from "../foundation/values";
import { ScheduledTask } from "../sets/scheduledTask";
import { type JobArgs, type JobWork, registerJobParts } from "./job";
import { snapshotScript } from "./repairScript";
import type { SnapshotSettings } from "./surroundingsSchema";

const seconds = (given: string) => milliseconds(given) / 1000;

/** Snapshots that Cassandra takes by itself, for cassandra.yaml. */
export function snapshotOptions(settings: SnapshotSettings): Record<string, ConfigValue> {
    return {
        auto_snapshot: settings.auto,
        auto_snapshot_ttl: ifGiven(settings.autoKeep, (keep) => `${seconds(keep)}s`),
        snapshot_before_compaction: settings.beforeCompaction,
        incremental_backups: settings.incrementalBackups,
    };
}

/** When all nodes take a snapshot, and how long it stays. */
export type ScheduledSnapshots = NonNullable<SnapshotSettings["scheduled"]>;

/** A snapshot of all nodes, as a Job. The nodes themselves remove it when its time is over (`--ttl`). */
export function snapshotWork({ keep }: ScheduledSnapshots): JobWork {
    return {
        part: "snapshots",
        script: snapshotScript(),
        task: { keepSeconds: seconds(keep) },
        deadlineSeconds: 3600,
        retries: 2,
    };
}

export interface SnapshotArgs extends JobArgs {
    readonly settings: ScheduledSnapshots;
}

/** Regular snapshots: a CronJob that asks one node's agent after the other. */
export class CassandraSnapshots extends pulumi.ComponentResource {
    constructor(name: string, args: SnapshotArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data-platform:cassandra:Snapshots", name, {}, opts);
        const job = registerJobParts(name, args, snapshotWork(args.settings), { parent: this });
        new ScheduledTask(
            `${name}-task`,
            { ...job.args, schedule: args.settings.schedule },
            { parent: this, dependsOn: [job.config] },
        );
        this.registerOutputs({});
    }
}
