import { z } from "zod";
import { scheduleLine } from "../foundation/schedule";
import {
    dnsName,
    duration,
    durationFrom,
    flag,
    imageReference,
    oneOf,
    settings,
    text,
    variants,
    whole,
    words,
} from "../foundation/values";
import { awaitTimeout } from "../operator/schema";
import { driverSettings, executorSettings, volumeName, volumeSettings } from "./podSchema";
import { isOwned, namesSecret } from "./sparkConf";

/**
 * Name of an application: a DNS-1035 label, since Services are named after it. At most 40 characters, so that the time that
 * the operator appends to scheduled runs (20) still leaves a label of at most 63.
 */
export const applicationName = () =>
    text(
        /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
        40,
        "a name of at most 40 lower-case letters, digits and -, starting with a letter",
    );

const interval = () => durationFrom("1s").default("30s");

const intervals = {
    retryInterval: interval().describe(
        "Time until a failed run is tried again, times the number of tries so far. Default 30s.",
    ),
    submissionRetryInterval: interval().describe(
        "Time until a failed submission is tried again, times the number of tries so far. Default 30s.",
    ),
};

/** Given always: without a number the operator would not retry at all (ShouldRetry). */
const retries = () => whole(0, 1000).default(3);

const restartSettings = variants("policy", [
    settings({ policy: z.literal("Never").describe("What fails stays failed.") }),
    settings({
        policy: z.literal("OnFailure").describe("What fails is tried again; the default."),
        retries: retries().describe("How often a failed run is tried again. Default 3."),
        submissionRetries: retries().describe("How often a failed submission is tried again. Default 3."),
        ...intervals,
    }),
    settings({
        policy: z
            .literal("Always")
            .describe("What ends is run again, however it ended: for applications that never should, such as streams."),
        ...intervals,
    }),
]).prefault({ policy: "OnFailure" });

const executorCount = (least: number) => whole(least, 10000);

const dynamicAllocationSettings = settings({
    min: executorCount(0).default(0).describe("Least executors. Default 0."),
    max: executorCount(1).describe("Most executors."),
    initial: executorCount(0).optional().describe("Executors at the start. Default min."),
    shuffleTimeout: duration()
        .optional()
        .describe(
            "How long an idle executor is kept for its shuffle files' sake (shuffleTracking.timeout). Default: as long as they are used.",
        ),
})
    .refine((given) => given.min <= given.max, { path: ["min"], error: "at most max" })
    .refine((given) => given.initial === undefined || (given.initial >= given.min && given.initial <= given.max), {
        path: ["initial"],
        error: "a number from min to max",
    });

const history = () => whole(0, 100).default(1);

const cronExpected =
    'a cron line of five fields, such as "15 3 * * *", or @hourly, @daily, @weekly, @monthly, @every 6h';

/**
 * A line of five fields, or one of the words that the operator's parser takes besides (robfig/cron, ParseStandard): no
 * fields say @every, such as each 90 minutes.
 */
const cronLine = () =>
    z.union(
        [
            scheduleLine(),
            text(
                /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every [1-9][0-9]*(m|h([1-9][0-9]?m)?))$/,
                100,
                cronExpected,
            ),
        ],
        { error: cronExpected },
    );

const scheduleSettings = settings({
    cron: cronLine().describe("When it runs: a cron line of five fields."),
    timeZone: text(/^[A-Za-z]+([A-Za-z0-9_+-]*)(\/[A-Za-z0-9_+-]+)*$/, 64, "a time zone such as Europe/Berlin or UTC")
        .default("UTC")
        .describe("Time zone of the line. Default UTC; the operator's own would be that of its pod."),
    concurrency: oneOf("Forbid", "Allow", "Replace")
        .default("Forbid")
        .describe(
            "What happens while the last run has not ended. Forbid: no new one. Replace: the last is killed. Default Forbid.",
        ),
    keepSuccessful: history().describe("Runs that are kept after they succeeded. Default 1."),
    keepFailed: history().describe("Runs that are kept after they failed. Default 1."),
    suspended: flag().default(false).describe("Whether no new run is started. Default false."),
});

/** A property's value: text, or what YAML makes of true and 5. */
const propertyValue = () =>
    z.union([z.string(), z.number(), z.boolean()], { error: "text, a number, true or false" }).transform(String);

const noSecret = (key: string) => !namesSecret(key);

const noSecretError = {
    error: "one whose value is no secret: all who may read applications see it; use secretEnv or a volume",
    abort: true,
};

const sparkConf = z.record(
    text(/^spark\.[A-Za-z0-9_.-]+$/, 253, "one that begins with spark.")
        .refine((key) => !isOwned(key), {
            error: "one that no setting stands for and that the operator leaves free",
            abort: true,
        })
        .refine(noSecret, noSecretError),
    propertyValue(),
);

const hadoopConf = z.record(
    text(/^[A-Za-z][A-Za-z0-9_.-]*$/, 253, "one of Hadoop's configuration, without spark.hadoop. before it").refine(
        noSecret,
        noSecretError,
    ),
    propertyValue(),
);

const uri = () =>
    text(
        /^(local|https?|s3a|gs|abfss?|hdfs):\/\/[^\s,]+$/,
        2000,
        "a URI of a file in the image (local:///…) or one that the pods can fetch (https, s3a, gs, abfs, hdfs)",
    );

const dependencySettings = settings({
    jars: z.array(uri()).default([]).describe("Jars for driver and executors. Default none."),
    files: z.array(uri()).default([]).describe("Files for the working directory. Default none."),
    pyFiles: z.array(uri()).default([]).describe("Python files for the search path. Default none."),
    archives: z.array(uri()).default([]).describe("Archives that are unpacked in the working directory. Default none."),
    packages: z
        .array(
            text(
                /^[A-Za-z0-9._-]+:[A-Za-z0-9._-]+:[A-Za-z0-9._-]+$/,
                300,
                "a Maven coordinate: group, artifact and version, joined by :",
            ),
        )
        .default([])
        .describe(
            "Maven packages. The operator's pod fetches them when it submits, so its egress must allow it. Default none.",
        ),
    excludePackages: z
        .array(text(/^[A-Za-z0-9._-]+:[A-Za-z0-9._-]+$/, 300, "group and artifact of a Maven package, joined by :"))
        .default([])
        .describe("Packages that are left out of what packages depend on. Default none."),
    repositories: z
        .array(text(/^https:\/\/[^\s,@]+$/, 500, "an https URL without a login"))
        .default([])
        .describe("Further Maven repositories. Default none."),
}).prefault({});

const variableName = () =>
    text(/^[A-Za-z_][A-Za-z0-9_]*$/, 200, "the name of an environment variable: letters, digits and _").refine(
        (name) => !name.startsWith("SPARK_"),
        { error: "a variable that does not begin with SPARK_, by which Spark tells its own pods", abort: true },
    );

const submissionSettings = settings({
    awaited: flag()
        .default(true)
        .describe("Whether `up` waits until the operator has taken it up; never until it ends. Default true."),
    timeout: awaitTimeout().default("5m").describe("How long. Default 5m."),
});

/** A version of Spark; pod templates, which carry targets and security contexts, need 3. */
const sparkVersion = () =>
    text(/^([3-9]|[1-9][0-9]+)\.[0-9]+\.[0-9]+$/, 20, "a version of Spark of at least 3.0.0, such as 4.0.1");

/** The version that an image's tag begins with; undefined where it begins with none. */
export function versionOfTag(reference: string): string | undefined {
    const [, version] = /:v?([3-9]\.[0-9]+\.[0-9]+)[^:/]*$/.exec(reference) ?? [];
    return version;
}

const plainApplicationSettings = settings({
    type: oneOf("Scala", "Java", "Python", "R").describe("Its language: Scala, Java, Python or R."),
    mainClass: text(/^[A-Za-z_$][A-Za-z0-9_$]*([.][A-Za-z_$][A-Za-z0-9_$]*)*$/, 500, "the full name of a class")
        .optional()
        .describe("Class to run, of Scala and Java applications."),
    mainApplicationFile: uri().describe(
        "The jar or the script: in the image (local:///…), or where the pods can fetch it.",
    ),
    arguments: z
        .array(words())
        .default([])
        .describe("Arguments of the application. Never secrets: they stand in the process list. Default none."),
    image: imageReference().optional().describe("Image of driver and executors. Default: the catalog's spark."),
    sparkVersion: sparkVersion()
        .optional()
        .describe("Spark's version in the image. Default: that which its tag begins with."),
    restart: restartSettings.describe("What happens when it ends or fails. Default OnFailure, three times."),
    timeToLive: durationFrom("1m")
        .optional()
        .describe(
            "Time after its end at which the operator removes it; a change of it then is a new application. Default: it stays.",
        ),
    sparkConf: sparkConf.default({}).describe("Further configuration of Spark. Never secrets. Default none."),
    hadoopConf: hadoopConf
        .default({})
        .describe("Configuration of Hadoop's clients, without spark.hadoop. before it. Never secrets. Default none."),
    dependencies: dependencySettings.describe("What it needs beside its main file. Default nothing."),
    encrypted: flag()
        .default(true)
        .describe(
            "Whether driver and executors authenticate each other and encrypt what they send (spark.authenticate, spark.network.crypto). Default true.",
        ),
    env: z
        .record(variableName().refine(noSecret, noSecretError), z.string({ error: "text" }))
        .default({})
        .describe("Environment variables of driver and executors. Never secrets. Default none."),
    secretEnv: z
        .record(
            variableName(),
            settings({
                secretName: dnsName().describe("Name of a Secret of the job namespace."),
                key: words().describe("Its key."),
            }),
        )
        .default({})
        .describe("Environment variables from Secrets of the job namespace. Default none."),
    volumes: z
        .record(volumeName(), volumeSettings)
        .default({})
        .describe("What its pods mount, by name. Default nothing."),
    driver: driverSettings.describe("The driver's pod."),
    executor: executorSettings.describe("The executors' pods."),
    dynamicAllocation: dynamicAllocationSettings
        .optional()
        .describe("Executors as many as there is work for. Default: a fixed number."),
    schedule: scheduleSettings.optional().describe("When it runs again and again. Default: once, at once."),
    submission: submissionSettings
        .optional()
        .describe(
            "What `up` waits for; not of a scheduled application, which is not submitted by `up`. Default that it is submitted, 5m.",
        ),
});

type PlainApplication = z.output<typeof plainApplicationSettings>;

/** What of an application's settings contradicts itself: where, and what was expected. */
function applicationFaults(given: PlainApplication): { path: (string | number)[]; expected: string }[] {
    const compiled = given.type === "Scala" || given.type === "Java";
    const unversioned =
        given.image !== undefined && given.sparkVersion === undefined && versionOfTag(given.image) === undefined;
    const paths = Object.entries(given.volumes).map(([name, { path }]) => ({ name, path }));
    const both = Object.keys(given.secretEnv).filter((name) => Object.hasOwn(given.env, name));
    const faults: [boolean, (string | number)[], string][] = [
        [
            compiled && given.mainClass === undefined,
            ["mainClass"],
            `the class to run, which a ${given.type} application needs`,
        ],
        [
            !compiled && given.mainClass !== undefined,
            ["mainClass"],
            `no class, since a ${given.type} application has none`,
        ],
        [unversioned, ["sparkVersion"], "the version of Spark in the image, whose tag does not begin with one"],
        [
            given.dynamicAllocation !== undefined && given.executor.instances !== undefined,
            ["executor", "instances"],
            "no fixed number beside dynamicAllocation",
        ],
        [
            given.schedule !== undefined && given.submission !== undefined,
            ["submission"],
            "nothing beside schedule, by which the operator submits it later",
        ],
        [
            given.schedule !== undefined && given.restart.policy === "Always",
            ["restart", "policy"],
            "Never or OnFailure beside schedule: what always runs again never lets the next run start",
        ],
        [
            given.timeToLive !== undefined && given.restart.policy === "Always",
            ["timeToLive"],
            "no time to live, since what always runs again never ends",
        ],
        ...paths.map(({ name, path }, index): [boolean, (string | number)[], string] => [
            paths.findIndex((other) => other.path === path) !== index,
            ["volumes", name, "path"],
            "a path that no other volume has",
        ]),
        ...both.map((name): [boolean, (string | number)[], string] => [
            true,
            ["secretEnv", name],
            "a variable that env does not set too",
        ]),
    ];
    return faults.filter(([wrong]) => wrong).map(([, path, expected]) => ({ path, expected }));
}

/** A Spark application that the operator submits. */
export const applicationSettings = plainApplicationSettings.superRefine((given, context) => {
    for (const { path, expected } of applicationFaults(given)) {
        context.addIssue({ code: "custom", path, message: expected });
    }
});

export type ApplicationSettings = z.output<typeof applicationSettings>;
