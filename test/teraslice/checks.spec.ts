import assert from "node:assert/strict";
import fc from "fast-check";
import { masterHeap, masterProcesses, memoryBesideHeap } from "../../components/teraslice/checks";
import { terasliceSettings } from "../../components/teraslice/schema";
import { faultsIn, s3 } from "./fixtures";

const connection = { endpoint: "https://s3.example.com", accessKeyId: "id", secretAccessKey: "key" };
const to443 = [{ to: [{ cidr: "192.0.2.0/24" }], ports: [{ port: 443 }] }];

describe("crossFaults", () => {
    const refused: readonly (readonly [string, unknown, RegExp])[] = [
        [
            "S3 without a connection",
            { assetStorage: { type: "s3" } },
            /^assetStorage.connection: the name of one of connectors.s3 \(there is none\)/,
        ],
        [
            "S3 over a connection of another name",
            { ...s3, assetStorage: { type: "s3", connection: "other" } },
            /^assetStorage.connection: the name of one of connectors.s3 \(default\)/,
        ],
        ["heaps beyond the memory", { heap: "600Mi", resources: { memory: "2Gi" } }, /^heap: at most 554Mi/],
        ["a heap that is too small", { heap: "64Mi" }, /^heap: at least 128Mi/],
        [
            "memory that is too small for three processes",
            { resources: { memory: "512Mi" } },
            /^resources.memory: at least 768Mi/,
        ],
        [
            "no room for assets",
            { resources: { ephemeralStorage: "512Mi" } },
            /^resources.ephemeralStorage: at least 1024Mi/,
        ],
        [
            "a connector that no egress leads to",
            { connectors: { s3: { default: connection } } },
            /^connectors.s3.default.endpoint: an entry of egress with TCP port 443/,
        ],
        [
            "a connector that only UDP leads to",
            {
                connectors: { s3: { default: connection } },
                egress: [{ ...to443[0], ports: [{ port: 443, protocol: "UDP" }] }],
            },
            /^connectors.s3.default.endpoint: an entry of egress with TCP port 443/,
        ],
        [
            "brokers that no egress leads to",
            { connectors: { kafka: { k: { brokers: ["a:9092"] } } } },
            /^connectors.kafka.k.brokers.0: an entry of egress with TCP port 9092/,
        ],
        [
            "Valkey that no egress leads to",
            { connectors: { valkey: { v: { addresses: [{ host: "a" }] } } } },
            /^connectors.valkey.v.addresses.0: an entry of egress with TCP port 6379/,
        ],
        [
            "OpenSearch that no egress leads to",
            { connectors: { elasticsearchNext: { o: { node: ["http://a"] } } } },
            /^connectors.elasticsearchNext.o.node.0: an entry of egress with TCP port 80/,
        ],
        ["stateful jobs without priority", { jobDefaults: { stateful: true } }, /^jobDefaults.stateful: priority too/],
        [
            "overrides that the master refuses",
            { jobDefaults: { podSpecOverride: { a: 1 } } },
            /^jobDefaults.podSpecOverride: podSpecOverrides: true/,
        ],
        [
            "a CPU request above the namespace's limit",
            { jobDefaults: { resources: { requests: { cpu: "2" } } } },
            /^jobDefaults.resources.limits.cpu: a CPU limit, since the namespace's default of 1/,
        ],
        [
            "a port named metrics beside that of Teraslice",
            { jobDefaults: { externalPorts: [{ port: 9090, name: "metrics", from: [{ namespace: "m" }] }] } },
            /^jobDefaults.externalPorts.0.name: a name other than metrics/,
        ],
        [
            "metrics on the controllers' port",
            { jobDefaults: { metrics: { port: 45680 } } },
            /^jobDefaults.metrics.port: a port other than 45680/,
        ],
        [
            "the shared claim once more",
            { sharedAssets: { existingClaim: "rwx" }, jobDefaults: { volumes: [{ name: "rwx", path: "/data" }] } },
            /^jobDefaults.volumes.0.name: a claim other than that of sharedAssets/,
        ],
        [
            "the port of metrics under another name",
            { jobDefaults: { externalPorts: [{ port: 3333, name: "stats", from: [{ namespace: "m" }] }] } },
            /^jobDefaults.externalPorts.0.name: the name metrics/,
        ],
    ];
    for (const [what, settings, expected] of refused) {
        it(`finds ${what}`, () => {
            const faults = faultsIn(settings);
            assert.equal(faults.length, 1, faults.join("\n"));
            assert.match(faults[0]!, expected);
        });
    }

    it("finds all of them at once", () => {
        const faults = faultsIn({ heap: "64Mi", assetStorage: { type: "s3" }, jobDefaults: { stateful: true } });
        assert.deepEqual(
            faults.map((fault) => fault.split(":")[0]),
            ["heap", "assetStorage.connection", "jobDefaults.stateful"],
        );
    });

    it("accepts a port named metrics where Teraslice adds none", () => {
        const externalPorts = [{ port: 9090, name: "metrics", from: [{ namespace: "m" }] }];
        assert.deepEqual(faultsIn({ metrics: { enabled: false }, jobDefaults: { externalPorts } }), []);
        assert.deepEqual(faultsIn({ metrics: { port: 9090 }, jobDefaults: { externalPorts } }), []);
    });

    it("takes a CPU request that the namespace's own default limit allows", () => {
        const jobDefaults = { resources: { requests: { cpu: "2" } } };
        assert.deepEqual(faultsIn({ namespace: { containerDefaults: { cpuLimit: "4" } }, jobDefaults }), []);
    });
});

describe("masterHeap", () => {
    it("leaves every process room beside its heap, whatever the memory", () => {
        fc.assert(
            fc.property(fc.integer({ min: 768, max: 64 * 1024 }), (memory) => {
                const settings = terasliceSettings.parse({ resources: { memory: `${memory}Mi` } });
                const used = masterProcesses * (masterHeap(settings) + memoryBesideHeap);
                assert.ok(used <= memory && used > memory - masterProcesses);
            }),
        );
    });

    it("is what was asked for", () => {
        assert.equal(masterHeap(terasliceSettings.parse({ heap: "256Mi" })), 256);
    });
});
