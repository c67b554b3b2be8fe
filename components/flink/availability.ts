import { z } from "zod";
import { duration, flag, milliseconds, oneOf, settings, text, variants, whole } from "../foundation/values";
import { externalZookeeperSettings } from "../zookeeper/schema";
import { durableUri } from "./storage";

/** A time above 0, with its default. */
export const time = (own: string, meaning: string) =>
    duration()
        .refine((value) => milliseconds(value) > 0, { error: "a time above 0" })
        .default(own)
        .describe(`${meaning} Default ${own}.`);

/** What survives a JobManager. */
export const highAvailabilitySettings = variants("kind", [
    settings({ kind: z.literal("none").describe("A JobManager that ends takes all jobs with it; the default.") }),
    settings({
        kind: z.literal("kubernetes").describe("Leader and jobs are kept in ConfigMaps of the namespace."),
        storageDir: durableUri().describe(
            "Directory of an object store for what the ConfigMaps point to (high-availability.storageDir).",
        ),
        leaseDuration: time("30s", "How long a leader's word holds, which a slow API server must not outlast."),
        renewDeadline: time("20s", "How long a leader tries to renew it; less than leaseDuration."),
        retryPeriod: time("5s", "Time between two tries; less than renewDeadline."),
        retries: whole(1, 1000)
            .default(15)
            .describe("Tries of a change of a ConfigMap (kubernetes.transactional-operation.max-retries). Default 15."),
    }).superRefine((given, context) => {
        if (milliseconds(given.renewDeadline) >= milliseconds(given.leaseDuration)) {
            context.addIssue({ code: "custom", path: ["renewDeadline"], message: "a time below leaseDuration" });
        }
        if (milliseconds(given.retryPeriod) >= milliseconds(given.renewDeadline)) {
            context.addIssue({ code: "custom", path: ["retryPeriod"], message: "a time below renewDeadline" });
        }
    }),
    settings({
        kind: z.literal("zookeeper").describe("Leader and jobs are kept in ZooKeeper."),
        storageDir: durableUri().describe(
            "Directory of an object store for what ZooKeeper's nodes point to (high-availability.storageDir).",
        ),
        root: text(/^(\/[A-Za-z0-9._-]+)+$/, 200, "an absolute path of letters, digits, ., _ and -, such as /flink")
            .default("/flink")
            .describe("Node below which each session has one of its id. Default /flink."),
        ensemble: variants("kind", [
            settings({ kind: z.literal("shared").describe("The ensemble of the stack; the default.") }),
            externalZookeeperSettings,
        ])
            .prefault({ kind: "shared" })
            .describe("Which ensemble."),
        sessionTimeout: time("60s", "How long ZooKeeper waits for a silent client."),
        connectionTimeout: time("15s", "How long a connection may take."),
        tolerateSuspended: flag()
            .default(true)
            .describe(
                "Whether a leader stays one while its connection is suspended but its session holds. Default true.",
            ),
    }),
]).prefault({ kind: "none" });

/** Checkpoints of jobs that say nothing else. */
export const checkpointingSettings = settings({
    directory: durableUri().describe("Directory of an object store for checkpoints (execution.checkpointing.dir)."),
    savepointDirectory: durableUri()
        .optional()
        .describe("Directory for savepoints whose request names none. Default none."),
    interval: time("1m", "Time between the starts of two checkpoints of a job that says nothing else."),
    timeout: time("10m", "Time after which a checkpoint is given up."),
    minPause: duration()
        .default("0s")
        .describe("Least time between the end of one and the start of the next. Default 0s."),
    retained: whole(1, 100).default(1).describe("Completed checkpoints that are kept. Default 1."),
    onCancel: oneOf("retain", "delete")
        .default("retain")
        .describe("What becomes of checkpoints when their job is cancelled. Default retain."),
    backend: oneOf("hashmap", "rocksdb")
        .default("hashmap")
        .describe(
            "Where the state of running jobs is: on the Java heap, or in RocksDB on local storage. Default hashmap.",
        ),
    incremental: flag()
        .default(false)
        .describe("Whether a checkpoint holds only what changed; rocksdb only. Default false."),
    unaligned: flag()
        .default(false)
        .describe("Whether checkpoints overtake data in flight, for jobs under back pressure. Default false."),
}).refine((given) => !given.incremental || given.backend === "rocksdb", {
    path: ["incremental"],
    error: "false, since only the backend rocksdb knows incremental checkpoints",
});
