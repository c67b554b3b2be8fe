import * as assert from "node:assert/strict";
import { configKeyFault, jvmOptionFault, ownedKeys } from "../../components/cassandra/keys";
import { cassandraSettings, type CassandraSettings, podSecurityOf } from "../../components/cassandra/schema";
import { faultsOf, formatFault } from "../../components/foundation/faults";
import { parsed } from "./fixtures";

const faults = (settings: unknown): string[] => {
    const result = cassandraSettings.safeParse(settings);
    return result.success ? [] : faultsOf(result.error, settings).map(formatFault);
};
const racks = (nodes: number) => ({ a: { nodes }, b: { nodes }, c: { nodes } });

describe("the settings of Cassandra", () => {
    it("are one rack of three nodes by default, with time to stop and volumes that hold something", () => {
        const { racks: given, gracePeriod, storage, numTokens, seedsPerRack, datacenter, lockMemory } = parsed();
        assert.deepEqual(given, { rack1: { nodes: 3 } });
        assert.deepEqual(
            { gracePeriod, storage, numTokens, seedsPerRack, datacenter, lockMemory },
            {
                gracePeriod: "1800s",
                storage: "50Gi",
                numTokens: 16,
                seedsPerRack: 1,
                datacenter: "dc1",
                lockMemory: false,
            },
        );
    });

    it("stay the same when they are read twice", () => {
        const once = parsed({
            racks: racks(3),
            config: { concurrent_reads: 64 },
            exporter: { image: "r/i:1", jar: "/a.jar" },
        });
        assert.deepEqual(cassandraSettings.parse(once), once);
    });

    const refused: readonly (readonly [what: string, settings: CassandraSettings, line: RegExp])[] = [
        ["no rack", { racks: {} }, /^racks: expected at least one rack/],
        [
            "a rack without nodes",
            { racks: { a: { nodes: 0 } } },
            /^racks\.a\.nodes: expected a whole number from 1 to 200/,
        ],
        [
            "a rack's name in capitals",
            { racks: { A: { nodes: 3 } } },
            /expected a key that is a DNS label of at most 20/,
        ],
        [
            "a rack called as a Job",
            { racks: { repair: { nodes: 3 } } },
            /a key that is a name other than superuser, repair/,
        ],
        [
            "two racks that are one in the ring",
            { racks: { a: { nodes: 3, rack: "r" }, b: { nodes: 3, rack: "r" } } },
            /^racks: expected racks with different names/,
        ],
        [
            "a rack with a space",
            { racks: { a: { nodes: 3, rack: "Rack 1" } } },
            /^racks\.a\.rack: expected a name of a rack/,
        ],
        ["a datacenter with a slash", { datacenter: "dc/1" }, /^datacenter: expected a name of a datacenter/],
        ["a cluster's name with a quote", { clusterName: "it's" }, /^clusterName: expected a name of at most 48/],
        ["two seeds of racks of two", { racks: racks(2), seedsPerRack: 2 }, /^seedsPerRack: expected 1 where a rack/],
        [
            "three seeds a rack",
            { racks: racks(9), seedsPerRack: 3 },
            /^seedsPerRack: expected a whole number from 1 to 2/,
        ],
        ["a heap of more than half", { heap: "3Gi" }, /^heap: expected a heap below 31Gi and of at most half/],
        [
            "a heap of 31Gi",
            { heap: "31Gi", resources: { memory: "128Gi" } },
            /^heap: expected a heap below 31Gi and of at most half/,
        ],
        [
            "less memory than Java needs",
            { resources: { memory: "512Mi" } },
            /^resources\.memory: expected at least 1Gi/,
        ],
        [
            "less local storage than scratch volumes",
            { resources: { ephemeralStorage: "64Mi" } },
            /^resources\.ephemeralStorage: expected at least 400Mi/,
        ],
        ["too little time to stop", { gracePeriod: "60s" }, /^gracePeriod: expected a time of at least 300s/],
        ["too little time to start", { startTimeout: "60s" }, /^startTimeout: expected a time of at least 5m/],
        ["a commit log of nearly nothing", { commitlogStorage: "64Mi" }, /^commitlogStorage: expected at least 1Gi/],
        [
            "more copies of system_auth than nodes",
            { authentication: { kind: "password", systemAuthReplication: 5 } },
            /^authentication\.systemAuthReplication: expected at most the number of nodes/,
        ],
        ["a secret in the configuration", { config: { trickle_password: "x" } }, /a key that is not one of a secret/],
        [
            "a secret deep in the configuration",
            { config: { audit_logging_options: { logger: [{ keystore_password: "x" }] } } },
            /^config: expected no "keystore_password" in it/,
        ],
        ["a key that is none of Cassandra's", { config: { "A-B": 1 } }, /a key that is one of cassandra\.yaml/],
        ["an own key", { config: { num_tokens: 4 } }, /a key that is not the program's own \(see numTokens\)/],
        [
            "a heap among the options",
            { jvmOptions: ["-Xmx4G"] },
            /^jvmOptions\[0\]: expected .*program's own \(see heap\)/,
        ],
        ["an option with a space", { jvmOptions: ["-Da=b c"] }, /^jvmOptions\[0\]: expected an option of the JVM/],
        ["an option that a shell would run", { jvmOptions: ["-Da=$(id)"] }, /^jvmOptions\[0\]: expected an option of/],
        [
            "a replaced node that there is not",
            { replace: { "ring-rack1-3": "10.0.0.1" } },
            /^replace: expected names of pods/,
        ],
        ["a replaced node of no rack", { replace: { "ring-b-0": "10.0.0.1" } }, /^replace: expected names of pods/],
        ["a replaced node by name", { replace: { "ring-rack1-0": "node" } }, /expected the IPv4 address/],
        ["other datacenters nowhere", { externalSeeds: { hosts: [], peers: [] } }, /^externalSeeds\.hosts: /],
    ];
    for (const [what, settings, line] of refused) {
        it(`refuse ${what}`, () => {
            const found = faults(settings);
            assert.ok(
                found.some((fault) => line.test(fault)),
                found.join("\n"),
            );
        });
    }

    it("take what is near the refused", () => {
        for (const settings of [
            { racks: racks(3), seedsPerRack: 2 },
            { heap: "2Gi" },
            { heap: "30Gi", resources: { memory: "64Gi" } },
            { authentication: { kind: "password", systemAuthReplication: 3 } },
            { config: { credentials_cache_max_entries: 10, audit_logging_options: { enabled: true } } },
            { jvmOptions: ["-XX:+UseZGC", "-Dcassandra.ring_delay_ms=60000"] },
            { replace: { "ring-rack1-2": "10.0.0.1" } },
            { gracePeriod: "300s" },
        ] satisfies CassandraSettings[]) {
            assert.deepEqual(faults(settings), [], JSON.stringify(settings));
        }
    });

    it("give each own key a reason, and find no fault with free ones", () => {
        for (const [key, reason] of Object.entries(ownedKeys)) {
            assert.ok(reason.length > 5);
            assert.match(configKeyFault(key) ?? "", /^not the program's own/);
        }
        for (const key of ["compaction_throughput", "concurrent_compactors", "credentials_update_interval"]) {
            assert.equal(configKeyFault(key), undefined, key);
        }
    });

    it("refuse a young generation, with which G1 does not start [cassandra-P5]", () => {
        assert.match(jvmOptionFault("-Xmn800M") ?? "", /G1 sizes the young generation itself/);
    });

    it("need more than a restricted namespace only to lock memory [cassandra-P15]", () => {
        assert.equal(podSecurityOf(parsed()), undefined);
        const locked = podSecurityOf(parsed({ lockMemory: true }));
        assert.equal(locked?.level, "privileged");
        assert.match(locked.reason, /IPC_LOCK/);
    });
});
