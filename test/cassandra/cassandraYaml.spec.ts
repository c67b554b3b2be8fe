import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { cassandraYaml, jvmOptions, logbackXml, rackdcProperties } from "../../components/cassandra/cassandraYaml";
import { ownedKeys } from "../../components/cassandra/keys";
import type { CassandraSettings } from "../../components/cassandra/schema";
import { surroundingsOptions } from "../../components/cassandra/surroundings";
import { parsed } from "./fixtures";

const fileOf = (settings: CassandraSettings = {}) => {
    const given = parsed(settings);
    return parse(cassandraYaml(given, "prod ring", surroundingsOptions(given))) as Record<string, unknown>;
};
const optionsOf = (settings: CassandraSettings = {}, agent: readonly string[] = []) =>
    jvmOptions(parsed(settings), agent).trim().split("\n");

describe("cassandra.yaml", () => {
    it("names the snitch that reads datacenter and rack [cassandra-P1]", () => {
        assert.equal(fileOf()["endpoint_snitch"], "GossipingPropertyFileSnitch");
        assert.equal(rackdcProperties("DC1-chicago", "Rack1-chicago"), "dc=DC1-chicago\nrack=Rack1-chicago\n");
    });

    it("says what the image's file says, and the server's code does not [cassandra-P18]", () => {
        const file = fileOf();
        assert.equal(file["disk_failure_policy"], "stop");
        assert.equal(file["commit_failure_policy"], "stop");
        assert.equal(file["commitlog_sync"], "periodic");
        assert.equal(file["commitlog_sync_period"], "10000ms");
        assert.equal(file["partitioner"], "org.apache.cassandra.dht.Murmur3Partitioner");
    });

    it("has the settings", () => {
        assert.equal(fileOf()["cluster_name"], "prod ring");
        assert.equal(fileOf()["num_tokens"], 16);
        assert.equal(fileOf({ numTokens: 4 })["num_tokens"], 4);
        assert.equal(fileOf({ config: { disk_failure_policy: "die" } })["disk_failure_policy"], "die");
        assert.deepEqual(fileOf({ config: { sstable: { selected_format: "bti" } } })["sstable"], {
            selected_format: "bti",
        });
    });

    it("keeps everything on the volumes, the commit log of its own one below its root [cassandra-P23]", () => {
        const directories = (settings?: CassandraSettings) =>
            Object.entries(fileOf(settings))
                .filter(([key]) => /_director(y|ies)$/.test(key))
                .flatMap(([, value]) => value as string | string[]);
        assert.ok(directories().every((path) => path.startsWith("/var/lib/cassandra/")));
        assert.equal(fileOf()["commitlog_directory"], "/var/lib/cassandra/commitlog");
        assert.equal(fileOf({ commitlogStorage: "5Gi" })["commitlog_directory"], "/commitlog/segments");
    });

    it("leaves out what only a node knows, which the start adds [cassandra-P20]", () => {
        const file = fileOf();
        for (const key of ["listen_address", "broadcast_address", "broadcast_rpc_address", "seed_provider"]) {
            assert.ok(!(key in file), key);
        }
        assert.equal(file["rpc_address"], "0.0.0.0");
    });

    it("has no key that the free part could have too", () => {
        const everything = fileOf({
            authentication: { kind: "password" },
            clientEncryption: { mode: "required" },
            snapshots: { autoKeep: "7d" },
        });
        const free = ["disk_failure_policy", "commit_failure_policy", "commitlog_sync", "commitlog_sync_period"];
        const others = [...free, "internode_compression", "storage_compatibility_mode"];
        for (const key of Object.keys(everything).filter((each) => !others.includes(each))) {
            assert.ok(ownedKeys[key] !== undefined, `${key} is the program's own`);
        }
    });
});

describe("the options of the JVM", () => {
    it("have a heap of half the memory, or the given one [cassandra-P3]", () => {
        assert.deepEqual(optionsOf().slice(0, 2), ["-Xms2048M", "-Xmx2048M"]);
        assert.deepEqual(optionsOf({ heap: "512Mi" }).slice(0, 2), ["-Xms512M", "-Xmx512M"]);
        assert.deepEqual(optionsOf({ resources: { memory: "128Gi" } }).slice(0, 2), ["-Xms31743M", "-Xmx31743M"]);
    });

    it("set no young generation, with which G1 does not start [cassandra-P5]", () => {
        assert.doesNotMatch(jvmOptions(parsed()), /-Xmn|HEAP_NEWSIZE|ConcMarkSweep/);
    });

    it("write nothing to files that could fill the pod's storage [cassandra-P19]", () => {
        assert.ok(optionsOf().includes("-XX:-HeapDumpOnOutOfMemoryError"));
        assert.ok(optionsOf().includes("-Xlog:gc=warning:stdout:utctime,level,tags"));
        assert.ok(optionsOf().includes("-XX:ErrorFile=/tmp/hs_err_%p.log"));
        assert.doesNotMatch(logbackXml, /FileAppender|<file>/);
        assert.match(logbackXml, /ConsoleAppender/);
    });

    it("end with the agent's and the user's", () => {
        const agent = "-javaagent:/agent/agent.jar=9404:/x";
        const options = optionsOf({ jvmOptions: ["-XX:MaxGCPauseMillis=200"] }, [agent]);
        assert.deepEqual(options.slice(-2), [agent, "-XX:MaxGCPauseMillis=200"]);
    });

    it("are lines that start with -, without spaces: cassandra.in.sh reads no others", () => {
        for (const line of optionsOf()) {
            assert.match(line, /^-\S+$/);
        }
    });
});
