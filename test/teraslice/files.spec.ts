import assert from "node:assert/strict";
import fc from "fast-check";
import type { ConfigValue } from "../../components/foundation/configFiles";
import { valueAt } from "../../components/foundation/faults";
import type { Target } from "../../components/foundation/placement";
import {
    assetBucket,
    controllerTargetFaults,
    controllerTargets,
    indexRetention,
    masterFile,
    workerFile,
} from "../../components/teraslice/files";
import type { TerasliceSettings } from "../../components/teraslice/schema";
import { clusteredStore, clusterOf, everything, foundation, s3 } from "./fixtures";

const at = (file: ConfigValue, path: string): unknown => valueAt(file, path.split("."));

const keysOf = (file: ConfigValue, section: string): string[] =>
    Object.entries(at(file, section) as Record<string, unknown>)
        .filter(([, value]) => value !== undefined)
        .map(([key]) => key);

describe("masterFile and workerFile", () => {
    const both = (settings: TerasliceSettings, given: Parameters<typeof clusterOf>[1] = {}) => {
        const cluster = clusterOf(settings, given);
        return { cluster, master: masterFile(cluster), worker: workerFile(cluster) };
    };

    it("agree on everything that both have, but for who they are", () => {
        for (const settings of [{}, s3, everything]) {
            const { master, worker } = both(settings);
            assert.deepEqual(at(master, "terafoundation"), at(worker, "terafoundation"));
            for (const key of keysOf(worker, "teraslice").filter(
                (each) => !["master", "master_hostname"].includes(each),
            )) {
                assert.deepEqual(at(master, `teraslice.${key}`), at(worker, `teraslice.${key}`), key);
            }
        }
    });

    it("give jobs what they need to find cluster, store and assets", () => {
        const { cluster, worker, master } = both({});
        assert.equal(at(worker, "teraslice.master_hostname"), cluster.objects.master);
        assert.equal(at(worker, "teraslice.master"), false);
        assert.equal(at(master, "teraslice.master"), true);
        assert.equal(at(master, "teraslice.master_hostname"), "127.0.0.1");
        assert.equal(at(master, "teraslice.workers"), 0);
        assert.equal(at(master, "teraslice.kubernetes_config_map_name"), cluster.objects.worker);
        assert.equal(at(master, "teraslice.kubernetes_namespace"), "dev-teraslice");
        for (const key of [
            "cluster_manager_type",
            "name",
            "port",
            "assets_directory",
            "shutdown_timeout",
            "state",
            "index_settings",
            "asset_storage_connection_type",
        ]) {
            assert.notEqual(at(worker, `teraslice.${key}`), undefined, key);
        }
    });

    it("keep from jobs what only the master reads", () => {
        const { worker } = both(everything);
        assert.deepEqual(
            keysOf(worker, "teraslice").filter((key) =>
                /^kubernetes_|assets_volume|targets|^cpu|^memory|env_vars/.test(key),
            ),
            [],
        );
    });

    // The setting, where it shows, and as what.
    const effects: readonly (readonly [TerasliceSettings, string, unknown])[] = [
        [{}, "teraslice.name", "dev-teraslice"],
        [{ name: "ts_main" }, "teraslice.name", "ts_main"],
        [{}, "teraslice.cluster_manager_type", "kubernetesV2"],
        [{}, "teraslice.port", 5678],
        [{}, "teraslice.assets_directory", "/app/assets"],
        [{}, "teraslice.state.connection", "default"],
        [{ logLevel: "trace" }, "terafoundation.log_level", "trace"],
        [{}, "teraslice.kubernetes_image", "ghcr.io/terascope/teraslice:v3.18.0-nodev24.19.0"],
        [{}, "teraslice.kubernetes_priority_class_name", undefined],
        [{ priority: "critical" }, "teraslice.kubernetes_priority_class_name", "dev-critical"],
        [{}, "teraslice.kubernetes_worker_antiaffinity", true],
        [{ workerAntiAffinity: false }, "teraslice.kubernetes_worker_antiaffinity", false],
        [{}, "teraslice.kubernetes_overrides_enabled", false],
        [{ podSpecOverrides: true }, "teraslice.kubernetes_overrides_enabled", true],
        [{}, "teraslice.cpu_execution_controller", 0.5],
        [{}, "teraslice.memory_execution_controller", 512_000_000],
        [{ executionControllerResources: { cpu: "250m", memory: "1Gi" } }, "teraslice.cpu_execution_controller", 0.25],
        [
            { executionControllerResources: { cpu: "250m", memory: "1Gi" } },
            "teraslice.memory_execution_controller",
            2 ** 30,
        ],
        [{}, "teraslice.cpu", undefined],
        [{}, "teraslice.memory", 2 ** 30],
        [{ workerResources: { cpu: "2", memory: "2Gi" } }, "teraslice.cpu", 2],
        [{ workerResources: { cpu: "2", memory: "2Gi" } }, "teraslice.memory", 2 ** 31],
        [{}, "teraslice.execution_controller_targets", undefined],
        [{ envVars: { A: "b" } }, "teraslice.env_vars", { A: "b" }],
        [{}, "teraslice.assets_volume", undefined],
        [{ sharedAssets: { storageClass: "nfs" } }, "teraslice.assets_volume", "teraslice-assets"],
        [{ sharedAssets: { existingClaim: "rwx" } }, "teraslice.assets_volume", "rwx"],
        [{}, "teraslice.asset_storage_connection_type", "elasticsearch-next"],
        [{}, "teraslice.asset_storage_bucket", undefined],
        [s3, "teraslice.asset_storage_connection_type", "s3"],
        [s3, "teraslice.asset_storage_connection", "default"],
        [s3, "teraslice.asset_storage_bucket", "ts-assets-dev-teraslice"],
        [everything, "teraslice.asset_storage_connection", "assets"],
        [everything, "teraslice.asset_storage_bucket", "bundles"],
        [{}, "terafoundation.prom_metrics_enabled", true],
        [{ metrics: { enabled: false } }, "terafoundation.prom_metrics_enabled", false],
        [{ metrics: { port: 4000 } }, "terafoundation.prom_metrics_port", 4000],
        [{ metrics: { addDefault: false } }, "terafoundation.prom_metrics_add_default", false],
        [{}, "terafoundation.prom_metrics_display_url", "http://teraslice-master.dev-teraslice.svc:5678"],
        [everything, "terafoundation.prom_metrics_display_url", "https://teraslice.example.com"],
        [everything, "teraslice.action_timeout", 1000],
        [everything, "teraslice.analytics_rate", 2000],
        [everything, "teraslice.api_response_timeout", 3000],
        [everything, "teraslice.kubernetes_api_poll_delay", 4000],
        [everything, "teraslice.network_latency_buffer", 5000],
        [everything, "teraslice.node_disconnect_timeout", 6000],
        [everything, "teraslice.node_state_interval", 7000],
        [everything, "teraslice.shutdown_timeout", 90_000],
        [everything, "teraslice.slicer_timeout", 9000],
        [everything, "teraslice.worker_disconnect_timeout", 10_000],
        [everything, "teraslice.index_settings.analytics", { number_of_shards: 2, number_of_replicas: 3 }],
        [everything, "teraslice.index_settings.assets", { number_of_shards: 4, number_of_replicas: 5 }],
        [everything, "teraslice.index_settings.execution", { number_of_shards: 6, number_of_replicas: 7 }],
        [everything, "teraslice.index_settings.jobs", { number_of_shards: 8, number_of_replicas: 9 }],
        [everything, "teraslice.index_settings.state", { number_of_shards: 10, number_of_replicas: 11 }],
        [everything, "teraslice.index_rollover_frequency", { analytics: "daily", state: "yearly" }],
        // Teraslice 3.18.0's own defaults (system.ts), written down.
        [{}, "teraslice.action_timeout", 120_000],
        [{}, "teraslice.analytics_rate", 60_000],
        [{}, "teraslice.api_response_timeout", 300_000],
        [{}, "teraslice.kubernetes_api_poll_delay", 1000],
        [{}, "teraslice.network_latency_buffer", 15_000],
        [{}, "teraslice.node_disconnect_timeout", 300_000],
        [{}, "teraslice.node_state_interval", 5000],
        [{}, "teraslice.shutdown_timeout", 60_000],
        [{}, "teraslice.slicer_timeout", 180_000],
        [{}, "teraslice.worker_disconnect_timeout", 300_000],
        [{}, "teraslice.index_rollover_frequency", { analytics: "monthly", state: "monthly" }],
    ];
    for (const [settings, path, expected] of effects) {
        const shown = settings === everything ? "everything" : settings === s3 ? "s3" : JSON.stringify(settings);
        it(`${path} is ${JSON.stringify(expected)} with ${shown}`, () => {
            assert.deepEqual(at(masterFile(clusterOf(settings)), path), expected);
        });
    }

    it("ask for no replicas that a single node can't hold, unless told to", () => {
        const replicas = (settings: TerasliceSettings, store = clusteredStore()) =>
            at(masterFile(clusterOf(settings, { store })), "teraslice.index_settings.state");
        assert.deepEqual(at(masterFile(clusterOf()), "teraslice.index_settings.state"), {
            number_of_shards: 1,
            number_of_replicas: 0,
        });
        assert.deepEqual(replicas({}), { number_of_shards: 5, number_of_replicas: 1 });
        const told = clusterOf({ indices: { state: { replicas: 2 } } });
        assert.deepEqual(at(masterFile(told), "teraslice.index_settings.state"), {
            number_of_shards: 1,
            number_of_replicas: 2,
        });
    });

    it("name the pull secret only where there is exactly one", () => {
        const named = (...pullSecrets: string[]) =>
            at(
                masterFile(clusterOf({}, { foundation: foundation({ pullSecrets }) })),
                "teraslice.kubernetes_image_pull_secret",
            );
        assert.equal(named(), undefined);
        assert.equal(named("mirror"), "mirror");
        assert.equal(named("mirror", "own"), undefined);
    });

    it("hold the controllers' targets once each", () => {
        assert.deepEqual(
            at(
                masterFile(clusterOf({ executionControllerTargets: "controllers" })),
                "teraslice.execution_controller_targets",
            ),
            [
                { key: "pool", value: "control" },
                { key: "rack", value: "alpha" },
            ],
        );
    });
});

describe("assetBucket", () => {
    it("is Teraslice's own default", () => {
        assert.equal(assetBucket("ts_main_1", {}), "ts-assets-ts-main-1");
        assert.equal(assetBucket("ts_main_1", { bucket: "own" }), "own");
    });
});

describe("controllerTargets", () => {
    const target = (constraint: Target["constraint"], value = "a"): Target => ({ key: "pool", value, constraint });

    it("refuses a preference, which Teraslice can't express", () => {
        assert.match(controllerTargetFaults([target("preferred")])[0]?.expected ?? "", /without preferred targets/);
    });

    it("refuses an accepted target alone, which Teraslice would require too", () => {
        assert.match(controllerTargetFaults([target("accepted")])[0]?.expected ?? "", /are required too/);
        assert.match(controllerTargetFaults([target("accepted")])[0]?.found ?? "", /^accepted \S+=\S+$/);
        assert.equal(controllerTargetFaults([target("accepted", "b"), target("required")]).length, 1);
        assert.deepEqual(controllerTargetFaults([target("accepted"), target("required")]), []);
    });

    it("stops the component, naming the setting", () => {
        assert.throws(
            () => clusterOf({ executionControllerTargets: "batch" }),
            /executionControllerTargets: expected a target set without preferred/,
        );
        assert.throws(
            () => clusterOf({ executionControllerTargets: "tolerant" }),
            /executionControllerTargets: expected a target set whose accepted/,
        );
    });

    it("names every required key and value exactly once", () => {
        const targets = fc.array(
            fc.record({
                key: fc.constantFrom("a", "b"),
                value: fc.constantFrom("x", "y"),
                constraint: fc.constantFrom("required" as const, "accepted" as const),
            }),
        );
        fc.assert(
            fc.property(targets, (given) => {
                const pairs = controllerTargets(given).map(({ key, value }) => `${key}=${value}`);
                const required = given
                    .filter(({ constraint }) => constraint === "required")
                    .map(({ key, value }) => `${key}=${value}`);
                assert.deepEqual(new Set(pairs), new Set(required));
                assert.equal(new Set(pairs).size, pairs.length);
            }),
        );
    });
});

describe("cluster", () => {
    it("names the cluster by environment and component, and its objects by component", () => {
        const cluster = clusterOf();
        assert.equal(cluster.name, "dev-teraslice");
        assert.equal(cluster.url, "http://teraslice-master.dev-teraslice.svc:5678");
        assert.deepEqual(cluster.objects, {
            master: "teraslice-master",
            worker: "teraslice-worker",
            executionController: "teraslice-execution-controller",
            jobDefaults: "teraslice-job-defaults",
            assetsClaim: undefined,
        });
    });

    it("knows no target set that the environment does not have", () => {
        assert.throws(() => clusterOf({ targets: "nowhere" }), /there is no target set "nowhere"/);
    });
});

describe("the retention of indices", () => {
    const retention = (indices: TerasliceSettings["indices"]) => {
        const { name, settings } = clusterOf({ name: "ts-a", indices });
        return indexRetention(name, settings);
    };

    it("has policies whose names OpenSearch takes, whatever the cluster is called", () => {
        const { name, settings } = clusterOf({ name: "ts_a.b", indices: { state: { retention: "90d" } } });
        const [policy] = indexRetention(name, settings);
        assert.deepEqual([policy?.name, policy?.patterns], ["ts-a-b-state", ["ts_a.b__state-*"]]);
    });

    it("is for ever unless one is given", () => assert.deepEqual(retention({}), []));

    it("is that of the indices that are begun anew, by their pattern", () => {
        assert.deepEqual(
            retention({ state: { retention: "90d" }, analytics: { rollover: "daily", retention: "2d" } }),
            [
                { name: "ts-a-analytics", patterns: ["ts-a__analytics-*"], deleteAfter: "2d" },
                { name: "ts-a-state", patterns: ["ts-a__state-*"], deleteAfter: "90d" },
            ],
        );
    });
});
