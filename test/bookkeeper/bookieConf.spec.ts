import * as assert from "node:assert/strict";
import { bookieConf, javaEnv } from "../../components/bookkeeper/bookieConf";
import { bookkeeperSettings, type BookKeeperSettings } from "../../components/bookkeeper/schema";

const servers = { servers: "a:2181,b:2181", path: "" };
const conf = (given: BookKeeperSettings = {}, zookeeper = servers): Readonly<Record<string, string>> =>
    Object.fromEntries(
        bookieConf(bookkeeperSettings.parse(given), zookeeper)
            .trimEnd()
            .split("\n")
            .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );

describe("bk_server.conf", () => {
    it("is this one by default", () =>
        assert.deepEqual(conf(), {
            bookiePort: "3181",
            advertisedAddress: "${env:BOOKIE_ADDRESS}",
            metadataServiceUri: "zk+hierarchical://a:2181;b:2181/ledgers",
            journalDirectories: "/bookkeeper/data/journal",
            journalMaxSizeMB: "1024",
            ledgerDirectories: "/bookkeeper/data/ledgers",
            indexDirectories: "/bookkeeper/data/ledgers",
            logSizeLimit: String(2 ** 30),
            diskUsageThreshold: "0.95",
            diskUsageWarnThreshold: "0.9",
            diskUsageLwmThreshold: "0.9",
            isForceGCAllowWhenNoSpace: "true",
            httpServerEnabled: "true",
            httpServerPort: "8080",
            httpServerClass: "org.apache.bookkeeper.http.vertx.VertxHttpServer",
            enableStatistics: "true",
            enableTaskExecutionStats: "true",
            statsProviderClass: "org.apache.bookkeeper.stats.prometheus.PrometheusMetricsProvider",
            autoRecoveryDaemonEnabled: "true",
            lostBookieRecoveryDelay: "600",
        }));

    for (const [what, given, key, expected] of [
        ["ledgersPath", { ledgersPath: "/books" }, "metadataServiceUri", "zk+hierarchical://a:2181;b:2181/books"],
        // Five files that are not needed any more, the present one and two that are: eight of ten parts.
        ["journal.size, in tenths", { journal: { size: "1Gi" } }, "journalMaxSizeMB", "102"],
        ["journal.size, up to the default", { journal: { size: "100Gi" } }, "journalMaxSizeMB", "2048"],
        ["ledgers.size, in twentieths", { ledgers: { size: "5Gi" } }, "logSizeLimit", String((5 * 2 ** 30) / 20)],
        ["ledgers.size, up to the default", { ledgers: { size: "1Ti" } }, "logSizeLimit", String(2 ** 30)],
        ["diskUsageThreshold", { diskUsageThreshold: 80 }, "diskUsageThreshold", "0.8"],
        ["diskUsageThreshold, below it", { diskUsageThreshold: 80 }, "diskUsageWarnThreshold", "0.75"],
        ["diskUsageThreshold, below it", { diskUsageThreshold: 80 }, "diskUsageLwmThreshold", "0.75"],
        ["metrics: false", { metrics: false }, "enableStatistics", undefined],
        ["metrics: false", { metrics: false }, "enableTaskExecutionStats", undefined],
        ["metrics: false", { metrics: false }, "statsProviderClass", undefined],
        // Probes ask it whatever the metrics.
        ["metrics: false", { metrics: false }, "httpServerEnabled", "true"],
        ["autorecovery: pods", { autorecovery: { kind: "pods" } }, "autoRecoveryDaemonEnabled", "false"],
        ["autorecovery.delay", { autorecovery: { kind: "pods", delay: "90s" } }, "lostBookieRecoveryDelay", "90"],
        ["autorecovery: off", { autorecovery: { kind: "off" } }, "autoRecoveryDaemonEnabled", "false"],
        ["autorecovery: off", { autorecovery: { kind: "off" } }, "lostBookieRecoveryDelay", undefined],
    ] as const) {
        it(`shows ${what} in ${key}`, () => assert.equal(conf(given)[key], expected));
    }

    it("puts the metadata below the path of ZooKeeper's connection", () =>
        assert.equal(
            conf({}, { servers: "a:2181", path: "/heron" })["metadataServiceUri"],
            "zk+hierarchical://a:2181/heron/ledgers",
        ));
});

describe("the variables of the Java processes", () => {
    const env = Object.fromEntries(
        javaEnv({ resources: { memory: "1000Mi" }, directMemory: "300Mi" }).map(({ name, value }) => [name, value]),
    );

    it("bound heap and buffers", () => {
        assert.equal(env["BOOKIE_MIN_HEAP_MEMORY"], "400m");
        assert.equal(env["BOOKIE_MAX_HEAP_MEMORY"], "400m");
        assert.equal(env["BOOKIE_MAX_DIRECT_MEMORY"], "300m");
    });

    it("have no option that some Java does not know, or that counts threads", () => {
        const options = Object.values(env).join(" ");
        assert.doesNotMatch(options, /GCThreads|AggressiveOpts|Unlock|DoEscapeAnalysis|ResizePLAB|DisableExplicitGC/);
        assert.match(options, /-XX:\+ExitOnOutOfMemoryError/);
    });

    it("have no name that the image's scripts would put into its own files", () => {
        // apply-config-from-env.py takes all that begins so.
        assert.deepEqual(
            Object.keys(env).filter((name) => /^(BK|ZK)_/.test(name)),
            [],
        );
    });
});
