import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { clientFiles, configFiles, trackerConfig } from "../../components/heron/files";
import { type InternalKey, internalKeys } from "../../components/heron/internalKeys";
import type { HeronSettings } from "../../components/heron/schema";
import { dlogUri, effects } from "./fileEffects";
import { given } from "./fixtures";

const dlog = { uri: dlogUri, flow: { peers: [], ports: [] } };

/** A file as Heron's parsers read it. */
function file(name: string, settings: HeronSettings = {}): Record<string, unknown> {
    return parse(configFiles(given({ settings }, dlog))[name] ?? "", { version: "1.1" }) as Record<string, unknown>;
}

/** Another value of a tuning key than its default, and what Heron reads then. */
function another([, kind, own]: InternalKey): readonly [string | number | boolean, unknown] {
    const values: Readonly<Record<InternalKey[1], readonly [string | number | boolean, unknown]>> = {
        ms: ["7s", 7000],
        sec: ["7m", 420],
        min: ["7h", 420],
        mb: ["7Mi", 7],
        bytes: ["7Ki", 7168],
        number: [7, 7],
        share: [0.7, 0.7],
        flag: [own === false, own === false],
    };
    return values[kind];
}

describe("the files of the API server", () => {
    for (const [what, settings, name, key, expected] of effects) {
        it(`${name}: ${what}`, () => assert.deepEqual(file(name, settings)[key], expected));
    }

    for (const [part, keys] of Object.entries(internalKeys)) {
        const name = part === "checkpointManager" ? "stateful.yaml" : "heron_internals.yaml";
        it(`${name}: every tuning key of ${part}, in the unit that Heron counts in`, () => {
            for (const [setting, entry] of Object.entries<InternalKey>(keys)) {
                const [value, expected] = another(entry);
                const [key] = entry;
                assert.notDeepEqual(file(name)[key], expected, `${setting}: the default is another`);
                const settings = { internals: { [part]: { [setting]: value } } } as HeronSettings;
                // What the low watermark must stay below.
                const high = setting === "highWatermark" ? { lowWatermark: "1Mi" } : {};
                const given = { internals: { [part]: { ...high, ...settings.internals?.[part as "instance"] } } };
                assert.deepEqual(file(name, given)[key], expected, setting);
            }
        });
    }

    it("reads the defaults of the release for all tuning keys", () => {
        const { "heron.logging.directory": _directory, ...internals } = file("heron_internals.yaml");
        // Samples of each unit, as heron_internals.yaml of the template kubernetes has them.
        assert.equal(Object.keys(internals).length, 75);
        assert.equal(internals["heron.logging.maximum.size.mb"], 100);
        assert.equal(internals["heron.tmanager.metrics.collector.maximum.interval.min"], 180);
        assert.equal(internals["heron.instance.set.data.tuple.size.bytes"], 8388608);
        assert.equal(internals["heron.instance.tuning.current.sample.weight"], 0.8);
        assert.equal(internals["heron.tmanager.metrics.network.bindallinterfaces"], false);
        assert.equal(file("stateful.yaml")["heron.ckptmgr.network.options.socket.send.buffer.size.bytes"], 655360);
    });

    it("puts Heron below the path of ZooKeeper's connection", () => {
        const files = configFiles(
            given({ zookeeper: { connectionString: "zk:2181/env/a", flow: { peers: [], ports: [] } } }),
        );
        assert.match(files["statemgr.yaml"] ?? "", /^heron\.statemgr\.connection\.string: zk:2181$/m);
        assert.match(files["statemgr.yaml"] ?? "", /^heron\.statemgr\.root\.path: \/env\/a\/heron$/m);
    });

    it("refuses an ensemble that wants TLS", () => {
        const zookeeper = {
            connectionString: "zk:2281",
            flow: { peers: [], ports: [] },
            tls: { connectionString: "zk:2281", required: true, rotation: 0 },
        };
        assert.throws(() => given({ zookeeper }), /Heron connects to ZooKeeper without TLS/);
    });
});

describe("the tracker's file", () => {
    it("names the cluster as the API server does, with every key that the tracker reads", () => {
        assert.deepEqual(parse(trackerConfig(given())), {
            statemgrs: [
                {
                    type: "zookeeper",
                    name: "dev-heron",
                    hostport: "zk-1:2181,zk-2:2181",
                    rootpath: "/heron",
                    tunnelhost: "localhost",
                },
            ],
        });
    });

    it("has links", () => {
        const settings = { tracker: { links: { Logs: "https://logs/${TOPOLOGY}" } } };
        const config = parse(trackerConfig(given({ settings }))) as Record<string, unknown>;
        assert.deepEqual(config["extra.links"], [{ name: "Logs", formatter: "https://logs/${TOPOLOGY}" }]);
    });
});

describe("the files for clients", () => {
    it("name the API server", () => {
        assert.deepEqual(clientFiles(given({ settings: { clusterName: "prod" } })), {
            "cli/prod/cli.yaml": "service_url: http://heron-apiserver.dev-heron.svc.cluster.local:9000\n",
        });
    });

    it("hold the whole configuration with a tunnel, in the spelling that the code reads", () => {
        const tunnel = { host: "me@gate", connectionTimeout: "2s", retries: 4, retryInterval: "3s", verifications: 5 };
        const files = clientFiles(given({ settings: { stateManager: { tunnel } } }));
        assert.deepEqual(
            Object.keys(files).sort(),
            [
                "cli/dev-heron/cli.yaml",
                ...Object.keys(configFiles(given())).map((name) => `conf/dev-heron/${name}`),
            ].sort(),
        );
        const statemgr = parse(files["conf/dev-heron/statemgr.yaml"] ?? "") as Record<string, unknown>;
        const keys = Object.fromEntries(Object.entries(statemgr).filter(([key]) => key.includes("tunnel")));
        assert.deepEqual(keys, {
            "heron.statemgr.is.tunnel.needed": true,
            "heron.statemgr.tunnel.host": "me@gate",
            "heron.statemgr.tunnel.connection.timeout.ms": 2000,
            "heron.statemgr.tunnel.connection.retryCount.count": 4,
            "heron.statemgr.tunnel.retryCount.interval.ms": 3000,
            "heron.statemgr.tunnel.verify.count": 5,
        });
    });

    it("leave the pods' own files without a tunnel", () => {
        const settings = { stateManager: { tunnel: { host: "me@gate" } } };
        assert.doesNotMatch(configFiles(given({ settings }))["statemgr.yaml"] ?? "", /tunnel/);
    });
});
