import type { Edit } from "../support/stackFiles";
import { type Broken, itFindsEach, itLeavesAlone, systemWith } from "./brokenTable";

const spark = (settings: string): Edit => systemWith("spark", settings);

/** A good application with further settings. */
const pi = (settings: string): Edit =>
    spark(
        `{ jobNamespaces: { etl: { applications: { pi: { type: Scala, mainClass: a.Pi, mainApplicationFile: "local:///opt/pi.jar", ${settings} } } } } }`,
    );

/** A fault of the system. */
const at = (path: string, expected: string, found: string) =>
    `data-platform:systems.spark.${path}: expected ${expected}, found ${found}`;

/** A fault of the application. */
const ofPi = (path: string, expected: string, found: string) =>
    at(`jobNamespaces.etl.applications.pi.${path}`, expected, found);

const broken: readonly Broken[] = [
    [
        "no job namespace",
        [spark("{ jobNamespaces: {} }")],
        [at("jobNamespaces", "at least one job namespace", "an empty map")],
    ],
    [
        "an operator of no known kind",
        [spark("{ operator: { kind: helm }, jobNamespaces: { etl: {} } }")],
        [at("operator.kind", "existing | chart", '"helm"')],
    ],
    [
        "a chart's settings for an operator that is there",
        [spark("{ operator: { kind: existing, version: 2.5.2 }, jobNamespaces: { etl: {} } }")],
        [at("operator.version", "one of the known keys (kind)", "an unknown key")],
    ],
    [
        "a chart without a whole version",
        [spark('{ operator: { kind: chart, version: "2.5" }, jobNamespaces: { etl: {} } }')],
        [at("operator.version", "a chart's whole version, such as 2.5.2", '"2.5"')],
    ],
    [
        "too little memory for the operator's submissions",
        [spark("{ operator: { kind: chart, resources: { memory: 300Mi } }, jobNamespaces: { etl: {} } }")],
        [
            at(
                "operator.resources.memory",
                "at least 512Mi, since each submission starts a JVM in the operator's pod",
                '"300Mi"',
            ),
        ],
    ],
    [
        "an operator that everybody waits for",
        [spark("{ operator: { kind: chart, timeout: 3h }, jobNamespaces: { etl: {} } }")],
        [at("operator.timeout", "a time from 1s to 2h", '"3h"')],
    ],
    [
        "an operator's target set that is not there",
        [spark("{ operator: { kind: chart, targets: nowhere }, jobNamespaces: { etl: {} } }")],
        [at("operator.targets", "a name from data-platform:targets (stateful | batch)", '"nowhere"')],
    ],
    [
        "an application with a name that no Service can have [spark-P26]",
        [
            spark(
                '{ jobNamespaces: { etl: { applications: { 1pi: { type: Python, mainApplicationFile: "local:///a.py" } } } } }',
            ),
        ],
        [
            at(
                'jobNamespaces.etl.applications["1pi"]',
                "a key that is a name of at most 40 lower-case letters, digits and -, starting with a letter",
                '"1pi"',
            ),
        ],
    ],
    [
        "an application in a language that Spark doesn't run",
        [
            spark(
                '{ jobNamespaces: { etl: { applications: { pi: { type: Perl, mainApplicationFile: "local:///a.pl" } } } } }',
            ),
        ],
        [ofPi("type", "Scala | Java | Python | R", '"Perl"')],
    ],
    [
        "a Scala application without a class",
        [
            spark(
                '{ jobNamespaces: { etl: { applications: { pi: { type: Scala, mainApplicationFile: "local:///opt/pi.jar" } } } } }',
            ),
        ],
        [ofPi("mainClass", "the class to run, which a Scala application needs", "nothing")],
    ],
    [
        "a Python application with a class",
        [
            spark(
                '{ jobNamespaces: { etl: { applications: { pi: { type: Python, mainClass: a.Pi, mainApplicationFile: "local:///a.py" } } } } }',
            ),
        ],
        [ofPi("mainClass", "no class, since a Python application has none", '"a.Pi"')],
    ],
    [
        "a file on the submitter's disk",
        [
            spark(
                "{ jobNamespaces: { etl: { applications: { pi: { type: Python, mainApplicationFile: /home/me/a.py } } } } }",
            ),
        ],
        [
            ofPi(
                "mainApplicationFile",
                "a URI of a file in the image (local:///…) or one that the pods can fetch (https, s3a, gs, abfs, hdfs)",
                '"/home/me/a.py"',
            ),
        ],
    ],
    [
        "an image that doesn't say which Spark it holds",
        [pi('image: "reg.example.com/pi:7"')],
        [ofPi("sparkVersion", "the version of Spark in the image, whose tag does not begin with one", "nothing")],
    ],
    [
        "an image without a tag",
        [pi("image: reg.example.com/pi")],
        [
            ofPi(
                "image",
                "an image reference with a tag, such as ghcr.io/terascope/teraslice:v3.18.0-nodev24.19.0",
                '"reg.example.com/pi"',
            ),
        ],
    ],
    [
        "a Spark that knows no pod templates",
        [pi("sparkVersion: 2.4.8")],
        [ofPi("sparkVersion", "a version of Spark of at least 3.0.0, such as 4.0.1", '"2.4.8"')],
    ],
    [
        "a restart policy of Kubernetes' spelling",
        [pi("restart: { policy: onFailure }")],
        [ofPi("restart.policy", "Never | OnFailure | Always", '"onFailure"')],
    ],
    [
        "retries of what is never retried",
        [pi("restart: { policy: Never, retries: 3 }")],
        [ofPi("restart.retries", "one of the known keys (policy)", "an unknown key")],
    ],
    [
        "a time to live of what never ends",
        [pi("timeToLive: 1h, restart: { policy: Always }")],
        [ofPi("timeToLive", "no time to live, since what always runs again never ends", '"1h"')],
    ],
    [
        "a schedule of what always runs again",
        [pi('schedule: { cron: "@daily" }, restart: { policy: Always }')],
        [
            ofPi(
                "restart.policy",
                "Never or OnFailure beside schedule: what always runs again never lets the next run start",
                '"Always"',
            ),
        ],
    ],
    [
        "a schedule without fields",
        [pi("schedule: { cron: every day }")],
        [
            ofPi(
                "schedule.cron",
                'a cron line of five fields, such as "15 3 * * *", or @hourly, @daily, @weekly, @monthly, @every 6h',
                '"every day"',
            ),
        ],
    ],
    [
        "a scheduled application to wait for",
        [pi('schedule: { cron: "@daily" }, submission: { awaited: true }')],
        [ofPi("submission", "nothing beside schedule, by which the operator submits it later", "a map of awaited")],
    ],
    [
        "configuration of a setting's own",
        [pi("sparkConf: { spark.executor.memory: 2g }")],
        [
            ofPi(
                'sparkConf["spark.executor.memory"]',
                "a key that is one that no setting stands for and that the operator leaves free",
                '"spark.executor.memory"',
            ),
        ],
    ],
    [
        "an account that the operator would refuse [spark-P25]",
        [pi("sparkConf: { spark.kubernetes.authenticate.driver.serviceAccountName: admin }")],
        [
            ofPi(
                'sparkConf["spark.kubernetes.authenticate.driver.serviceAccountName"]',
                "a key that is one that no setting stands for and that the operator leaves free",
                '"spark.kubernetes.authenticate.driver.serviceAccountName"',
            ),
        ],
    ],
    [
        "configuration that is none of Spark's",
        [pi("sparkConf: { sql.shuffle.partitions: 8 }")],
        [
            ofPi(
                'sparkConf["sql.shuffle.partitions"]',
                "a key that is one that begins with spark.",
                '"sql.shuffle.partitions"',
            ),
        ],
    ],
    [
        "a secret in the configuration [spark-P24]",
        [pi("hadoopConf: { fs.s3a.secret.key: hunter2 }")],
        [
            ofPi(
                'hadoopConf["fs.s3a.secret.key"]',
                "a key that is one whose value is no secret: all who may read applications see it; use secretEnv or a volume",
                '"fs.s3a.secret.key"',
            ),
        ],
    ],
    [
        "a secret in a variable",
        [pi("env: { DB_PASSWORD: hunter2 }")],
        [
            ofPi(
                "env.DB_PASSWORD",
                "a key that is one whose value is no secret: all who may read applications see it; use secretEnv or a volume",
                '"DB_PASSWORD"',
            ),
        ],
    ],
    [
        "a variable that Spark sets",
        [pi("env: { SPARK_LOCAL_DIRS: /data }")],
        [
            ofPi(
                "env.SPARK_LOCAL_DIRS",
                "a key that is a variable that does not begin with SPARK_, by which Spark tells its own pods",
                '"SPARK_LOCAL_DIRS"',
            ),
        ],
    ],
    [
        "a variable twice",
        [pi("env: { MODE: fast }, secretEnv: { MODE: { secretName: s, key: k } }")],
        [ofPi("secretEnv.MODE", "a variable that env does not set too", "a map of key, secretName")],
    ],
    [
        "a secret in the place of its reference, which is not shown",
        [pi("secretEnv: { TOKEN: hunter2 }")],
        [ofPi("secretEnv.TOKEN", "a map of settings", "a string")],
    ],
    [
        "too little memory for Spark",
        [pi("driver: { memory: 256Mi }")],
        [ofPi("driver.memory", "at least 512Mi, below which Spark's memory manager does not start", '"256Mi"')],
    ],
    [
        "a CPU limit below the request",
        [pi('executor: { cpu: "2", cpuLimit: "1" }')],
        [ofPi("executor.cpuLimit", "a CPU limit of at least the request", '"1"')],
    ],
    [
        "a heap among the JVM's options",
        [pi("executor: { javaOptions: -Xmx4g }")],
        [
            ofPi(
                "executor.javaOptions",
                "JVM options without -Xmx and -Xms, which Spark derives from memory",
                '"-Xmx4g"',
            ),
        ],
    ],
    [
        "scratch space beyond the local storage",
        [pi("executor: { scratch: { kind: emptyDir, size: 10Gi } }")],
        [ofPi("executor.ephemeralStorage", "more than 11264Mi, which the scratch volumes may fill", "nothing")],
    ],
    [
        "a label that Spark sets",
        [pi("driver: { labels: { spark-role: executor } }")],
        [
            ofPi(
                "driver.labels.spark-role",
                "a key that is a label that neither Spark nor the platform sets itself",
                '"spark-role"',
            ),
        ],
    ],
    [
        "a target set that is not there",
        [pi("executor: { targets: nowhere }")],
        [ofPi("executor.targets", "a name from data-platform:targets (stateful | batch)", '"nowhere"')],
    ],
    [
        "a priority class that is not there",
        [pi("driver: { priority: nowhere }")],
        [ofPi("driver.priority", "a name from data-platform:priorityClasses (critical)", '"nowhere"')],
    ],
    [
        "a fixed number of executors beside dynamic allocation",
        [pi("executor: { instances: 3 }, dynamicAllocation: { max: 9 }")],
        [ofPi("executor.instances", "no fixed number beside dynamicAllocation", "3")],
    ],
    [
        "least executors above most",
        [pi("dynamicAllocation: { min: 10, max: 9 }")],
        [ofPi("dynamicAllocation.min", "at most max", "10")],
    ],
    [
        "a volume where scratch space is",
        [pi("volumes: { a: { kind: secret, name: a, path: /tmp/a } }")],
        [ofPi("volumes.a.path", "a path other than those that Spark and the pods' scratch volumes have", '"/tmp/a"')],
    ],
    [
        "two volumes in one place",
        [pi("volumes: { a: { kind: secret, name: a, path: /a }, b: { kind: configMap, name: b, path: /a } }")],
        [ofPi("volumes.b.path", "a path that no other volume has", '"/a"')],
    ],
    [
        "a volume with a name of Spark's own",
        [pi("volumes: { spark-local-dir-2: { kind: claim, name: a, path: /a } }")],
        [
            ofPi(
                "volumes.spark-local-dir-2",
                "a key that is a name other than tmp, work and spark-…, which Spark and the pods' scratch volumes have",
                '"spark-local-dir-2"',
            ),
        ],
    ],
    [
        "a node's folder",
        [pi("volumes: { a: { kind: hostPath, name: a, path: /a } }")],
        [ofPi("volumes.a.kind", "files | configMap | secret | claim", '"hostPath"')],
    ],
    [
        "everybody as submitters",
        [spark('{ jobNamespaces: { etl: { submitters: ["system:authenticated"] } } }')],
        [
            at(
                "jobNamespaces.etl.submitters[0]",
                "a group of named people, not one that everybody is in",
                '"system:authenticated"',
            ),
        ],
    ],
    [
        "more pods than the quota",
        [
            spark(
                '{ jobNamespaces: { etl: { namespace: { quota: { pods: 2 } }, applications: { pi: { type: Python, mainApplicationFile: "local:///a.py", executor: { instances: 3 } } } } } }',
            ),
        ],
        [
            at(
                "jobNamespaces.etl.namespace.quota.pods",
                "at least 4 for the drivers and executors of its applications",
                "2",
            ),
        ],
    ],
    [
        "a package that is no coordinate",
        [pi("dependencies: { packages: [hadoop-aws] }")],
        [
            ofPi(
                "dependencies.packages[0]",
                "a Maven coordinate: group, artifact and version, joined by :",
                '"hadoop-aws"',
            ),
        ],
    ],
];

describe("a stack file with Spark", () => {
    itFindsEach(broken);

    itLeavesAlone([
        ["an operator that is there and nothing to submit", [spark("{ jobNamespaces: { etl: {} } }")]],
        [
            "an operator of the stack's own",
            [spark("{ operator: { kind: chart, webhook: false, replicas: 2 }, jobNamespaces: { etl: {} } }")],
        ],
        ["an application", [pi('arguments: ["1"]')]],
        [
            "settings of the scheduler's that no setting stands for",
            [pi("sparkConf: { spark.kubernetes.allocation.batch.size: 20 }")],
        ],
        ["dynamic allocation on a schedule", [pi('schedule: { cron: "0 3 * * 1-5" }, dynamicAllocation: { max: 9 }')]],
    ]);
});
