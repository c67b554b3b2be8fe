import * as assert from "node:assert/strict";
import { podMebibytes } from "../../components/spark/memory";
import { replacedOn } from "../../components/spark/jobNamespace";
import { crdFaults, crdsMissing } from "../operator/crdSchema";
import { at, find, listAt } from "../support/plans";
import { type ApplicationInput, checkedApplication, plannedApplication } from "./fixtures";

const crds = "spark-operator-v2.5.2.yaml";

/** The inputs of the only application of a plan; they hold against the operator's definition. */
async function rendered(
    overrides: Partial<ApplicationInput> = {},
    others: Parameters<typeof plannedApplication>[1] = {},
): Promise<Readonly<Record<string, unknown>>> {
    const kind = overrides.schedule === undefined ? "SparkApplication" : "ScheduledSparkApplication";
    const { inputs } = find(await plannedApplication(overrides, others), kind);
    if (crdsMissing === undefined) {
        assert.deepEqual(crdFaults(crds, inputs), []);
    }
    return inputs;
}

const container = (part: string, path = "") => `spec.${part}.template.spec.containers[0]${path}`;

/** One setting of an application, and what it shows: `[setting, value, path, expected]`. */
const shown: readonly (readonly [string, Partial<ApplicationInput>, string, unknown])[] = [
    ["type", { type: "Java" }, "spec.type", "Java"],
    ["type", { type: "Python", mainClass: undefined }, "spec.pythonVersion", "3"],
    ["mainClass", {}, "spec.mainClass", "org.example.Pi"],
    ["mainApplicationFile", {}, "spec.mainApplicationFile", "local:///opt/app/pi.jar"],
    ["arguments", { arguments: ["1", "--fast"] }, "spec.arguments", ["1", "--fast"]],
    ["image, by default the catalog's", {}, "spec.image", "docker.io/apache/spark:4.0.1"],
    ["image", { image: "reg.example.com/pi:3.5.1-java17" }, "spec.image", "reg.example.com/pi:3.5.1-java17"],
    [
        "image",
        { image: "reg.example.com/pi:3.5.1-java17" },
        container("driver", ".image"),
        "reg.example.com/pi:3.5.1-java17",
    ],
    ["the version of the image's tag", { image: "reg.example.com/pi:v3.5.1-x" }, "spec.sparkVersion", "3.5.1"],
    ["sparkVersion", { image: "reg.example.com/pi:7", sparkVersion: "4.0.0" }, "spec.sparkVersion", "4.0.0"],
    ["mode", {}, "spec.mode", "cluster"],
    ["restart Never", { restart: { policy: "Never" } }, "spec.restartPolicy", { type: "Never" }],
    [
        "restart OnFailure",
        {
            restart: {
                policy: "OnFailure",
                retries: 5,
                retryInterval: "2m",
                submissionRetries: 1,
                submissionRetryInterval: "10s",
            },
        },
        "spec.restartPolicy",
        {
            type: "OnFailure",
            onFailureRetries: 5,
            onFailureRetryInterval: 120,
            onSubmissionFailureRetries: 1,
            onSubmissionFailureRetryInterval: 10,
        },
    ],
    [
        "restart Always",
        { restart: { policy: "Always", retryInterval: "10s" } },
        "spec.restartPolicy",
        { type: "Always", onFailureRetryInterval: 10, onSubmissionFailureRetryInterval: 30 },
    ],
    ["timeToLive, none by default", {}, "spec.timeToLiveSeconds", undefined],
    ["timeToLive", { timeToLive: "1h" }, "spec.timeToLiveSeconds", 3600],
    [
        "sparkConf",
        { sparkConf: { "spark.sql.shuffle.partitions": 8 } },
        'spec.sparkConf["spark.sql.shuffle.partitions"]',
        "8",
    ],
    [
        "hadoopConf",
        { hadoopConf: { "fs.s3a.path.style.access": true } },
        "spec.hadoopConf",
        { "fs.s3a.path.style.access": "true" },
    ],
    ["no dependencies", {}, "spec.deps", undefined],
    [
        "dependencies",
        {
            dependencies: {
                jars: ["https://x.example.com/a.jar"],
                packages: ["g:a:1"],
                excludePackages: ["g:b"],
                repositories: ["https://m.example.com"],
                files: ["local:///a"],
                pyFiles: ["local:///b.py"],
                archives: ["local:///c.zip"],
            },
        },
        "spec.deps",
        {
            jars: ["https://x.example.com/a.jar"],
            packages: ["g:a:1"],
            excludePackages: ["g:b"],
            repositories: ["https://m.example.com"],
            files: ["local:///a"],
            pyFiles: ["local:///b.py"],
            archives: ["local:///c.zip"],
        },
    ],
    [
        "packages, cached where one can write",
        { dependencies: { packages: ["g:a:1"] } },
        'spec.sparkConf["spark.jars.ivy"]',
        "/tmp/.ivy2",
    ],
    ["encrypted [spark-P28]", {}, 'spec.sparkConf["spark.network.crypto.enabled"]', "true"],
    ["encrypted, off", { encrypted: false }, 'spec.sparkConf["spark.authenticate"]', undefined],
    ["env", { env: { MODE: "fast" } }, container("executor", ".env"), [{ name: "MODE", value: "fast" }]],
    [
        "secretEnv",
        { secretEnv: { PASS: { secretName: "s", key: "k" } } },
        container("driver", ".env"),
        [{ name: "PASS", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }],
    ],
    ["cores", { driver: { cores: 2 } }, "spec.driver.cores", 2],
    ["cores, and so CPU", { driver: { cores: 2 } }, container("driver", ".resources.limits.cpu"), "2"],
    ["cpu", { executor: { cpu: "500m" } }, "spec.executor.coreRequest", "500m"],
    ["cpu above cores", { executor: { cpu: "3" } }, "spec.executor.coreLimit", "3"],
    ["cpuLimit", { executor: { cpuLimit: "4" } }, "spec.executor.coreLimit", "4"],
    ["memory", { executor: { memory: "2Gi" } }, "spec.executor.memory", "2048m"],
    ["memoryOverhead, by default at least 384Mi", {}, "spec.driver.memoryOverhead", "384m"],
    ["memoryOverhead, by default a tenth", { driver: { memory: "10Gi" } }, "spec.driver.memoryOverhead", "1024m"],
    ["memoryOverhead", { driver: { memoryOverhead: "1Gi" } }, "spec.driver.memoryOverhead", "1024m"],
    [
        "ephemeralStorage",
        { driver: { ephemeralStorage: "8Gi" } },
        container("driver", '.resources.limits["ephemeral-storage"]'),
        "8Gi",
    ],
    ["javaOptions", { driver: { javaOptions: "-XX:+UseZGC" } }, "spec.driver.javaOptions", "-XX:+UseZGC"],
    ["labels", { executor: { labels: { team: "a" } } }, "spec.executor.template.metadata.labels.team", "a"],
    ["priority", { executor: { priority: "batch" } }, "spec.executor.template.spec.priorityClassName", "dev-batch"],
    ["instances, one by default", {}, "spec.executor.instances", 1],
    ["instances", { executor: { instances: 4 } }, "spec.executor.instances", 4],
    [
        "scratch of the driver",
        { driver: { scratch: "1Gi" } },
        "spec.driver.template.spec.volumes[name=spark-local-dir-1].emptyDir.sizeLimit",
        "1Gi",
    ],
    [
        "scratch of executors",
        { executor: { scratch: { kind: "emptyDir", size: "1Gi" } } },
        "spec.executor.template.spec.volumes[name=spark-local-dir-1].emptyDir.sizeLimit",
        "1Gi",
    ],
    [
        "dynamicAllocation [spark-P27]",
        { dynamicAllocation: { min: 1, max: 9, initial: 2, shuffleTimeout: "5m" } },
        "spec.dynamicAllocation",
        {
            enabled: true,
            minExecutors: 1,
            maxExecutors: 9,
            initialExecutors: 2,
            shuffleTrackingEnabled: true,
            shuffleTrackingTimeout: 300000,
        },
    ],
    [
        "dynamicAllocation, instead of instances",
        { dynamicAllocation: { max: 9 } },
        "spec.executor.instances",
        undefined,
    ],
];

describe("a Spark application", () => {
    for (const [what, settings, path, expected] of shown) {
        it(`shows ${what} at ${path}`, async () => {
            assert.deepEqual(at(await rendered(settings), path), expected);
        });
    }

    it("never goes without retries unless told to: without a number the operator makes none [spark-P12]", async () => {
        const policy = at(await rendered(), "spec.restartPolicy");
        assert.equal(at(policy, "onFailureRetries"), 3);
        assert.equal(at(policy, "onSubmissionFailureRetries"), 3);
    });

    it("is submitted with fixed ports, also those of executors' blocks [spark-P13]", async () => {
        const inputs = await rendered();
        for (const [key, port] of [
            ["spark.driver.port", "7078"],
            ["spark.driver.blockManager.port", "7079"],
            ["spark.blockManager.port", "7079"],
            ["spark.ui.port", "4040"],
        ]) {
            assert.equal(at(inputs, `spec.sparkConf["${key}"]`), port, key);
        }
    });

    it("runs both parts restricted, without the webhook [spark-P14]", async () => {
        const inputs = await rendered();
        for (const part of ["driver", "executor"]) {
            const spec = at(inputs, `spec.${part}.template.spec`);
            assert.deepEqual(at(spec, "securityContext"), {
                runAsNonRoot: true,
                runAsUser: 185,
                runAsGroup: 185,
                fsGroup: 185,
                fsGroupChangePolicy: "OnRootMismatch",
                seccompProfile: { type: "RuntimeDefault" },
            });
            assert.deepEqual(at(inputs, container(part, ".securityContext")), {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
            });
            assert.equal(at(spec, "enableServiceLinks"), false);
            assert.deepEqual(
                ["securityContext", "affinity", "tolerations", "volumeMounts", "env"].map((key) =>
                    at(inputs, `spec.${part}.${key}`),
                ),
                [undefined, undefined, undefined, undefined, undefined],
                "fields that only the webhook would apply",
            );
        }
    });

    it("names the containers as Spark looks for them [spark-P15]", async () => {
        const inputs = await rendered();
        assert.equal(at(inputs, container("driver", ".name")), "spark-kubernetes-driver");
        assert.equal(at(inputs, container("executor", ".name")), "spark-kubernetes-executor");
    });

    it("gives a token to the driver alone [spark-P16]", async () => {
        const inputs = await rendered();
        assert.equal(at(inputs, "spec.driver.template.spec.automountServiceAccountToken"), true);
        assert.equal(at(inputs, "spec.executor.template.spec.automountServiceAccountToken"), false);
        assert.equal(at(inputs, "spec.executor.serviceAccount"), "spark-executor");
    });

    const targets = {
        mixed: [
            { key: "pool", value: "batch", constraint: "required" as const },
            { key: "zone", value: "west", constraint: "preferred" as const },
            { key: "pool", value: "batch", constraint: "accepted" as const },
        ],
    };

    it("puts its pods where the targets say, all three kinds of them [spark-P17]", async () => {
        const inputs = await rendered(
            { driver: { targets: "mixed" }, executor: { targets: "mixed" } },
            { foundation: { targets } },
        );
        for (const part of ["driver", "executor"]) {
            const spec = at(inputs, `spec.${part}.template.spec`);
            const affinity = at(spec, "affinity.nodeAffinity");
            assert.equal(
                at(
                    affinity,
                    "requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key",
                ),
                "pool",
            );
            assert.equal(
                at(affinity, "preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].key"),
                "zone",
            );
            assert.deepEqual(at(spec, "tolerations"), [
                { key: "pool", operator: "Equal", value: "batch", effect: "NoSchedule" },
            ]);
        }
    });

    it("says its memory overhead, which quotas count, of Python four tenths [spark-P18]", async () => {
        const inputs = await rendered({ type: "Python", mainClass: undefined, executor: { memory: "10Gi" } });
        assert.equal(at(inputs, "spec.executor.memoryOverhead"), "4096m");
        assert.equal(at(inputs, container("executor", ".resources.limits.memory")), `${(10 + 4) * 1024}Mi`);
        assert.equal(podMebibytes("Scala", { memory: "512Mi" }), 512 + 384);
    });

    it("bounds what shuffle files may take, and writes nowhere else [spark-P19]", async () => {
        const inputs = await rendered();
        for (const part of ["driver", "executor"]) {
            const mounts = listAt(inputs, container(part, ".volumeMounts")).map((mount) => [
                at(mount, "name"),
                at(mount, "mountPath"),
            ]);
            assert.deepEqual(mounts, [
                ["spark-local-dir-1", "/var/data/spark-local"],
                ["tmp", "/tmp"],
                ["work", "/opt/spark/work-dir"],
            ]);
            for (const volume of listAt(inputs, `spec.${part}.template.spec.volumes`)) {
                assert.equal(typeof at(volume, "emptyDir.sizeLimit"), "string");
            }
        }
    });

    it("may keep shuffle files in a volume of each executor's own", async () => {
        const inputs = await rendered({ executor: { scratch: { kind: "claim", storageClass: "fast", size: "50Gi" } } });
        const key = "spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1";
        assert.deepEqual(
            ["options.claimName", "options.storageClass", "options.sizeLimit", "mount.path", "mount.readOnly"].map(
                (end) => at(inputs, `spec.sparkConf["${key}.${end}"]`),
            ),
            ["OnDemand", "fast", "50Gi", "/var/data/spark-local", "false"],
        );
        assert.equal(at(inputs, "spec.executor.template.spec.volumes[name=spark-local-dir-1]"), undefined);
    });

    it("mounts what its volumes say, in the pods that they say", async () => {
        const inputs = await rendered({
            volumes: {
                conf: { kind: "files", files: { "a.txt": "b" }, path: "/etc/app" },
                shared: { kind: "configMap", name: "all", path: "/etc/all", part: "driver" },
                keys: { kind: "secret", name: "keys", path: "/etc/keys", part: "executors" },
                data: { kind: "claim", name: "data", path: "/data" },
                old: { kind: "claim", name: "old", path: "/old", readOnly: true },
            },
        });
        const volumes = (part: string) =>
            listAt(inputs, `spec.${part}.template.spec.volumes`).filter(
                (volume) => at(volume, "emptyDir") === undefined,
            );
        const conf = { name: "conf", configMap: { name: "pi-conf" } };
        const claims = [
            { name: "data", persistentVolumeClaim: { claimName: "data", readOnly: false } },
            { name: "old", persistentVolumeClaim: { claimName: "old", readOnly: true } },
        ];
        assert.deepEqual(volumes("driver"), [conf, { name: "shared", configMap: { name: "all" } }, ...claims]);
        assert.deepEqual(volumes("executor"), [conf, { name: "keys", secret: { secretName: "keys" } }, ...claims]);
        assert.deepEqual(listAt(inputs, container("driver", ".volumeMounts")).slice(3), [
            { name: "conf", mountPath: "/etc/app", readOnly: true },
            { name: "shared", mountPath: "/etc/all", readOnly: true },
            { name: "data", mountPath: "/data" },
            { name: "old", mountPath: "/old", readOnly: true },
        ]);
    });

    it("is submitted again when one of its files changes [spark-P20]", async () => {
        const hash = async (text: string) =>
            at(
                await rendered({ volumes: { conf: { kind: "files", files: { "a.txt": text }, path: "/etc/app" } } }),
                'spec.driver.template.metadata.annotations["data-platform/config-hash"]',
            );
        assert.equal(typeof (await hash("a")), "string");
        assert.notEqual(await hash("a"), await hash("b"));
    });

    it("is made anew, not updated, where it may be gone by then [spark-P21]", () => {
        assert.deepEqual(replacedOn(checkedApplication()), []);
        assert.deepEqual(replacedOn(checkedApplication({ timeToLive: "1h" })), ["*"]);
        assert.deepEqual(replacedOn(checkedApplication({ timeToLive: "1h", schedule: { cron: "@daily" } })), []);
    });

    it("is replaced delete-first [spark-P22]", async () => {
        assert.equal(find(await plannedApplication(), "SparkApplication").deleteBeforeReplace, true);
    });

    it("pulls with the environment's secrets", async () => {
        const inputs = await rendered({}, { foundation: { images: { pullSecrets: ["mirror"] } } });
        assert.deepEqual(at(inputs, "spec.imagePullSecrets"), ["mirror"]);
        assert.deepEqual(at(inputs, "spec.executor.template.spec.imagePullSecrets"), [{ name: "mirror" }]);
    });

    it("runs on a schedule, in a time zone that is said [spark-P23]", async () => {
        const schedule = {
            cron: "15 3 * * *",
            concurrency: "Replace",
            keepSuccessful: 2,
            keepFailed: 0,
            suspended: true,
        } as const;
        const inputs = await rendered({ schedule });
        const { template, ...spec } = inputs["spec"] as Record<string, unknown>;
        assert.deepEqual(spec, {
            schedule: "15 3 * * *",
            timeZone: "UTC",
            concurrencyPolicy: "Replace",
            successfulRunHistoryLimit: 2,
            failedRunHistoryLimit: 0,
            suspend: true,
        });
        assert.equal(at(template, "mainClass"), "org.example.Pi");
        assert.equal(at(inputs, "metadata.annotations"), undefined);
        assert.equal(
            at(await rendered({ schedule: { cron: "@daily", timeZone: "Europe/Berlin" } }), "spec.timeZone"),
            "Europe/Berlin",
        );
    });
});
