import * as assert from "node:assert/strict";
import { bookieConf, javaEnv } from "../../components/bookkeeper/bookieConf";
import { bookkeeperSettings, type BookKeeperSettings } from "../../components/bookkeeper/schema";
import { allPaths, docsPage, inBackticks, keyTable } from "../support/docsTables";

/*
 * Heron's document does not mention BookKeeper; these are the keys of its manifests: the ConfigMap bookie-config of
 * deploy/kubernetes/general and of the chart, and the chart's values below bookkeeper (apache/incubator-heron 1c5779d).
 */
const official: Readonly<Record<string, readonly string[]>> = {
    "Keys of bk_server.conf": [
        ...["BOOKIE_EXTRA_OPTS", "bookiePort", "journalDirectory", "ledgerDirectories", "indexDirectories"],
        ...["zkServers", "useHostNameAsBookieID", "httpServerPort", "autoRecoveryDaemonEnabled"],
        ...["enableStatistics", "enableTaskExecutionStats", "statsProviderClass"],
    ],
    "Values of Heron's chart": [
        ...["image", "imagePullPolicy", "storageClassName", "replicas", "createReplicas", "useStatefulSet"],
        ...["affinityPods", "useVolumeClaimTemplate", "useHostNameAsBookieID", "tolerateUnreadyEndpoints"],
        ...["prometheus.enabled", "resources.cpuMin", "resources.cpuMax", "resources.heapMemory"],
        ...["resources.directMemory", "resources.readCacheSize", "resources.writeCacheSize", "useHostPath"],
        ...["journal.capacity", "journal.hostPath", "ledgers.capacity", "ledgers.hostPath"],
    ],
};

const page = docsPage("bookkeeper.md");
const table = (heading: string) => keyTable(page, heading);

const rendered = (given: BookKeeperSettings): string[] =>
    bookieConf(bookkeeperSettings.parse(given), { servers: "zk:2181", path: "" })
        .trimEnd()
        .split("\n")
        .map((line) => line.slice(0, line.indexOf("=")));

const everyPath = allPaths(bookkeeperSettings);

describe("docs/bookkeeper.md", () => {
    for (const [heading, keys] of Object.entries(official)) {
        it(`says of every key of "${heading}" where it is, or why it is not`, () => {
            const rows = table(heading);
            assert.deepEqual(
                keys.filter((key) => !rows.has(key)),
                [],
            );
            for (const [key, { here, note, paths }] of rows) {
                if (paths.length === 0) {
                    assert.match(here, /^(computed|not offered)$/, key);
                    assert.ok(here === "computed" || note.length > 20, `${key} is explained`);
                }
                assert.ok(note.length > 0, key);
                assert.deepEqual(
                    paths.filter((path) => !everyPath.includes(path)),
                    [],
                    `${key}: settings that there are not`,
                );
            }
        });
    }

    it("has the chart's values and no others", () =>
        assert.deepEqual(
            [...table("Values of Heron's chart").keys()].sort(),
            [...(official["Values of Heron's chart"] ?? [])].sort(),
        ));

    it("names every setting", () => {
        const [, sentence = ""] = /documents each setting with its default:\n([^]*?)\.\n/.exec(page) ?? [];
        assert.deepEqual(inBackticks(sentence).sort(), Object.keys(bookkeeperSettings.shape).sort());
    });

    it("lists every pitfall", () => {
        for (const id of ["heron-P1", "heron-P8", "heron-P9"]) {
            assert.match(page, new RegExp(`^\\| ${id} +\\| \\S`, "m"));
        }
    });
});

describe("the configuration of bookies", () => {
    it("has exactly the keys that the page offers or computes", () => {
        const offered = [...table("Keys of bk_server.conf")]
            .filter(([key, { here }]) => here !== "not offered" && key !== "BOOKIE_EXTRA_OPTS")
            .map(([key]) => key);
        const all = [{}, { autorecovery: { kind: "pods" } }, { autorecovery: { kind: "off" } }] as const;
        assert.deepEqual([...new Set(all.flatMap(rendered))].sort(), offered.sort());
    });

    it("has the official memory options, as variables of the start script", () => {
        const names = javaEnv({ resources: { memory: "1Gi" } }).map(({ name }) => name);
        for (const name of ["BOOKIE_MIN_HEAP_MEMORY", "BOOKIE_MAX_HEAP_MEMORY", "BOOKIE_MAX_DIRECT_MEMORY"]) {
            assert.ok(names.includes(name), name);
        }
    });
});
