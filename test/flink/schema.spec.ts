import * as assert from "node:assert/strict";
import { demand, leastWorkerDemand } from "../../components/flink/demand";
import { jobManagerHeap, taskHeap } from "../../components/flink/memory";
import { type FlinkSessionSettings, flinkSessionSettings } from "../../components/flink/schema";
import { imageFaults, pluginsFor, releaseOf } from "../../components/flink/storage";
import { checked, formatPath, SettingsFaults } from "../../components/foundation/faults";
import { available, electedByZooKeeper, sessionOf, store } from "./fixtures";

function faults(settings: unknown): readonly string[] {
    try {
        checked(flinkSessionSettings, "flink", settings);
        return [];
    } catch (error) {
        assert.ok(error instanceof SettingsFaults);
        return error.faults.map(({ path, expected }) => `${path}: ${expected}`);
    }
}

const ends = (found: readonly string[], path: string, expected: string) =>
    assert.ok(
        found.some((line) => line.startsWith(`${path}: `) && line.includes(expected)),
        `${path}: ${expected} among ${found.join("; ")}`,
    );

/** What settings must have to do with each other: `[what, settings, path, a part of what is expected]`. */
const refused: readonly (readonly [string, unknown, string, string])[] = [
    [
        "election without pods that may call",
        { ...available, mode: { kind: "standalone" } },
        "highAvailability.kind",
        "none or zookeeper",
    ],
    [
        "more workers at least than at most",
        { mode: { kind: "native", least: 3, most: 2 } },
        "mode.least",
        "at most mode.most",
    ],
    ["no way to the store", { ...store, egress: [] }, "egress", "at least one entry"],
    ["a store without its plugin", { s3: {} }, "s3", "nothing without s3-fs-presto"],
    [
        "a savepoint without its plugin",
        { ...store, checkpointing: { ...store.checkpointing, savepointDirectory: "gs://b/s" } },
        "checkpointing.savepointDirectory",
        "gs-fs-hadoop",
    ],
    [
        "increments without RocksDB",
        { ...store, checkpointing: { ...store.checkpointing, incremental: true } },
        "checkpointing.incremental",
        "false",
    ],
    [
        "too little for a JobManager",
        { jobManager: { resources: { memory: "900Mi" } } },
        "jobManager.resources.memory",
        "128Mi of heap",
    ],
    ["too little for tasks", { taskManager: { managedFraction: 0.9 } }, "taskManager.resources.memory", "64Mi of heap"],
    [
        "a variable twice",
        { env: { A: "1" }, secretEnv: { A: { secretName: "a", key: "b" } } },
        "secretEnv.A",
        "that env does not have",
    ],
    ["a Secret inside another", { secretFiles: { a: "/a", b: "/a/b" } }, "secretFiles.b", "a directory of its own"],
    ["a Secret over Flink", { secretFiles: { a: "/opt/flink/conf" } }, "secretFiles.a", "a path outside /opt/flink"],
    ["a key below another", { config: { "a.b": 1, "a.b.c": 2 } }, 'config["a.b.c"]', "no key below a.b"],
    ["a password in a URL", { config: { "a.b": "http://u:p@h" } }, 'config["a.b"]', "without a password"],
    [
        "Flink's labels",
        { taskManager: { labels: { app: "x" } } },
        "taskManager.labels.app",
        "other than app, type and component",
    ],
    [
        "a group twice",
        { submitters: [1, 2].map(() => ({ group: "a", rights: ["debug"] })) },
        "submitters",
        "each group once",
    ],
    [
        "a right twice",
        { submitters: [{ group: "a", rights: ["debug", "debug"] }] },
        "submitters[0].rights",
        "each right once",
    ],
    ["a plugin twice", { plugins: ["gs-fs-hadoop", "gs-fs-hadoop"] }, "plugins", "each plugin once"],
    ["no time at all", { slotRequestTimeout: "0s" }, "slotRequestTimeout", "a time above 0"],
    [
        "everybody",
        { submitters: [{ group: "system:authenticated", rights: ["debug"] }] },
        "submitters[0].group",
        "named people",
    ],
];

describe("the settings of a Flink session", () => {
    for (const [what, settings, path, expected] of refused) {
        it(`refuse ${what}`, () => ends(faults(settings), path, expected));
    }

    it("are good where they say nothing", () => assert.deepEqual(faults({}), []));

    for (const key of [
        "kubernetes.cluster-id",
        "rest.port",
        "s3.access-key",
        "high-availability",
        "restart-strategy",
    ]) {
        it(`refuse ${key} in the free part`, () =>
            ends(faults({ config: { [key]: "x" } }), formatPath(["config", key]), "a key that is"));
    }

    for (const id of ["", "1a", "a-", "A", "a.b", "a".repeat(46)]) {
        it(`refuse the cluster id "${id}"`, () =>
            ends(faults({ clusterId: id }), "clusterId", "a cluster id of at most 45"));
    }
});

describe("the storage of a Flink session", () => {
    for (const [uri, plugins] of [
        ["s3://b/x", ["s3-fs-presto", "s3-fs-hadoop"]],
        ["s3a://b", ["s3-fs-hadoop"]],
        ["s3p://b", ["s3-fs-presto"]],
        ["abfss://c@a.dfs.core.windows.net/x", ["azure-fs-hadoop"]],
        ["gs://b/x", ["gs-fs-hadoop"]],
        ["oss://b/x", ["oss-fs-hadoop"]],
    ] as const) {
        it(`reaches ${uri} by ${plugins.join(" or ")}`, () => {
            assert.deepEqual(pluginsFor(uri), plugins);
            const [plugin] = plugins;
            assert.deepEqual(faults({ ...store, plugins: [plugin], checkpointing: { directory: uri } }), []);
        });
    }

    for (const uri of ["file:///data", "hdfs://nn/x", "/data", "s3://", "s3://user:key@b/x", "s3://b/x y"]) {
        it(`refuses ${uri}`, () =>
            ends(faults({ ...store, checkpointing: { directory: uri } }), "checkpointing.directory", "object store"));
    }

    it("knows the release by the image's tag", () => {
        assert.equal(releaseOf("docker.io/library/flink:2.2.1-scala_2.12-java17"), "2.2.1");
        assert.equal(releaseOf("reg:5000/flink:2.3.0@sha256:00"), "2.3.0");
        assert.equal(releaseOf("flink:java17"), undefined);
        assert.deepEqual(
            ["flink:2.0.2", "flink:1.20.4-java17", "flink:java17"].map((image) => imageFaults(image).length),
            [0, 1, 1],
        );
    });
});

describe("the memory of Flink", () => {
    // The log of a JobManager and a TaskManager 2.2.0: 1600m and 2048m with a metaspace of 256m, and the default share.
    it("is divided as Flink divides it", () => {
        assert.equal(jobManagerHeap({ memory: "1600Mi", metaspace: "256Mi" }), 1024);
        const tasks = taskHeap({ memory: "2Gi", metaspace: "256Mi", managedFraction: 0.4 });
        assert.ok(Math.abs(tasks - 563714445 / 2 ** 20) < 2, String(tasks));
    });
});

describe("what a Flink session asks of a quota", () => {
    const of = (settings: FlinkSessionSettings) => sessionOf(settings).settings;
    it("is its JobManagers, and the TaskManagers that it always has", () => {
        const pods = (settings: FlinkSessionSettings) =>
            [demand(of(settings)), leastWorkerDemand(of(settings))].map((demands) => demands.map((each) => each.pods));
        assert.deepEqual(pods({}), [[1], [1]]);
        assert.deepEqual(pods({ mode: { kind: "native", least: 3 } }), [[1], [3]]);
        assert.deepEqual(pods({ ...electedByZooKeeper, jobManager: { replicas: 2 } }), [[2], [1]]);
        assert.deepEqual(pods({ mode: { kind: "standalone", replicas: 4 } }), [[1, 4], []]);
        assert.equal(demand(of({}))[0]?.resources.memory, "2Gi");
        assert.equal(leastWorkerDemand(of({}))[0]?.resources.memory, "4Gi");
    });
});
