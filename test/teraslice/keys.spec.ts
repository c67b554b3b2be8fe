import assert from "node:assert/strict";
import { jobFragment } from "../../components/teraslice/jobDefaults";
import { masterFile, workerFile } from "../../components/teraslice/files";
import { terasliceSettings } from "../../components/teraslice/schema";
import { docsPage, inBackticks, keyTable, settingPaths } from "../support/docsTables";
import { clusterOf, everything, foundation, targets } from "./fixtures";

/*
 * Every key that Teraslice has or had: the tables and job properties of its document "Kubernetes Clustering", and the
 * schemas of 3.18.0 (packages/teraslice/src/lib/config/schemas/system.ts, packages/terafoundation/src/schema.ts and
 * connectors, packages/valkey, terafoundation_kafka_connector 2.5.1, packages/job-components/src/job-schemas.ts).
 */
const keys: Readonly<Record<string, readonly string[]>> = {
    "Keys of `teraslice`": [
        // The document's table.
        ...["assets_volume", "cpu_execution_controller", "execution_controller_targets", "kubernetes_api_poll_delay"],
        ...["kubernetes_image", "kubernetes_image_pull_secret", "kubernetes_config_map_name", "kubernetes_namespace"],
        ...["kubernetes_overrides_enabled", "kubernetes_priority_class_name", "kubernetes_worker_antiaffinity"],
        ...["memory_execution_controller", "cpu", "memory"],
        // The schema's others.
        ...["action_timeout", "analytics_rate", "api_response_timeout", "assets_directory", "autoload_directory"],
        ...[
            "asset_storage_connection_type",
            "asset_storage_connection",
            "asset_storage_bucket",
            "cluster_manager_type",
        ],
        ...["env_vars", "ephemeral_storage", "hostname", "index_rollover_frequency.state"],
        ...["index_rollover_frequency.analytics", "index_settings.analytics", "index_settings.assets"],
        ...[
            "index_settings.jobs",
            "index_settings.execution",
            "index_settings.state",
            "master",
            "master_hostname",
            "name",
        ],
        ...["network_latency_buffer", "node_disconnect_timeout", "node_state_interval", "port", "shutdown_timeout"],
        ...["slicer_allocation_attempts", "slicer_port_range", "slicer_timeout", "state.connection"],
        ...["worker_disconnect_timeout", "workers"],
        // Those that people still find in examples.
        ...["kubernetes_image_pull_secrets", "worker_version"],
    ],
    "Keys of `terafoundation`": [
        ...["asset_storage_*", "connectors", "log_level", "log_path", "logging", "prom_metrics_add_default"],
        ...["prom_metrics_display_url", "prom_metrics_enabled", "prom_metrics_port", "stats", "workers"],
    ],
    "Connector `elasticsearch-next`": [
        ...[
            "auth",
            "caCertificate",
            "maxRetries",
            "node",
            "password",
            "pingTimeout",
            "requestTimeout",
            "sniffEndpoint",
        ],
        ...["sniffInterval", "sniffOnConnectionFault", "sniffOnStart", "suggestCompression", "username"],
    ],
    "Connector `s3`": [
        ...["accessKeyId", "bucketEndpoint", "caCertificate", "certLocation", "endpoint", "forcePathStyle"],
        ...["maxRetries", "region", "secretAccessKey", "sslEnabled"],
    ],
    "Connector `kafka`": [
        ...["brokers", "caCertificate", "rdkafka_options", "security_protocol", "ssl_ca_location"],
        ...["ssl_certificate_location", "ssl_crl_location", "ssl_key_location", "ssl_key_password"],
    ],
    "Connector `valkey`": [
        ...[
            "addresses",
            "advancedConfiguration.connectionTimeout",
            "advancedConfiguration.pubsubReconciliationIntervalMs",
        ],
        ...["advancedConfiguration.tcpNoDelay", "advancedConfiguration.tlsAdvancedConfiguration.insecure"],
        ...["advancedConfiguration.tlsAdvancedConfiguration.rootCertificates", "clientAz", "clientName"],
        ...["connectionBackoff", "credentials", "credentials.iamConfig", "databaseId", "defaultDecoder"],
        ...["inflightRequestsLimit", "lazyConnect", "protocol", "pubsubSubscriptions", "readFrom", "readOnly"],
        ...["requestTimeout", "useTLS"],
    ],
    "Job properties": [
        // The document's.
        ...["ephemeral_storage", "external_ports", "labels", "resources_requests_cpu", "resources_limits_cpu"],
        ...["resources_requests_memory", "resources_limits_memory", "cpu", "memory", "cpu_execution_controller"],
        ...["memory_execution_controller", "stateful", "targets", "volumes", "pod_spec_override"],
        ...["prom_metrics_enabled", "prom_metrics_port", "prom_metrics_add_default"],
        // The schema's others that have to do with the cluster.
        ...["env_vars", "kubernetes_image", "log_level", "workers"],
    ],
};

/** The properties that make up a job, which the page names in one sentence. */
const jobsOwn = [
    ...["active", "analytics", "apis", "assets", "autorecover", "lifecycle", "max_retries", "name", "operations"],
    ...["probation_window", "slicers"],
];

const page = docsPage("teraslice.md");
const table = (heading: string) => keyTable(page, heading);

/** Settings that are described where they are defined, as one. */
const shared = /^(namespace|resources|clients|egress|metrics\.scrapers|jobDefaults\.externalPorts\[\]\.from)$/;

const settings = settingPaths(terasliceSettings, shared);
const everyPath = [...settings, ...settingPaths(terasliceSettings)];

/** Whether a path is a setting, or the beginning of some. */
const exists = (path: string): boolean => everyPath.some((each) => each === path || each.startsWith(`${path}.`));

describe("docs/teraslice.md", () => {
    for (const [heading, listed] of Object.entries(keys)) {
        it(`explains every key of "${heading}", and no other`, () => {
            assert.deepEqual([...table(heading).keys()].sort(), [...listed].sort());
        });

        it(`says of every key of "${heading}" where it is, or why it is not`, () => {
            for (const [key, { here, note, paths }] of table(heading)) {
                if (paths.length === 0) {
                    assert.match(here, /^(computed|gone|not offered)$/, key);
                    assert.ok(note.length > 20, `${key} is explained`);
                }
                assert.ok(note.length > 0, key);
                assert.deepEqual(
                    paths.filter((path) => !exists(path)),
                    [],
                    `${key}: settings that there are not`,
                );
            }
        });
    }

    it("names the properties that belong to a job alone", () => {
        const sentence = /The properties that make up a job \(([^)]*)\)/.exec(page)?.[1] ?? "";
        assert.deepEqual(inBackticks(sentence).sort(), jobsOwn);
    });

    it("describes every setting that there is", () => {
        const described = new Set([
            ...Object.keys(keys).flatMap((heading) => [...table(heading).values()].flatMap(({ paths }) => paths)),
            ...table("Settings beyond Teraslice's own").keys(),
        ]);
        const missing = settings.filter((path) => !described.has(path) && !described.has(path.replace(/\.\*$/, "")));
        assert.deepEqual(missing, []);
        assert.ok(settings.length > 100);
        assert.deepEqual(
            [...table("Settings beyond Teraslice's own").keys()].filter((path) => !exists(path)),
            [],
        );
    });
});

describe("the files", () => {
    const given = clusterOf(everything, { foundation: foundation({ pullSecrets: ["mirror"] }) });
    const offered = (heading: string) =>
        [...table(heading)].filter(([, { here }]) => !/^(gone|not offered)$/.test(here)).map(([key]) => key);
    const flat = (section: unknown): string[] =>
        Object.entries(section as Record<string, unknown>)
            .filter(([, value]) => value !== undefined)
            .flatMap(([key, value]) =>
                ["index_settings", "index_rollover_frequency", "state"].includes(key)
                    ? Object.keys(value as object).map((inner) => `${key}.${inner}`)
                    : [key],
            );

    for (const section of ["teraslice", "terafoundation"]) {
        it(`have exactly the keys of ${section} that the page offers or computes`, () => {
            const file = masterFile(given) as Record<string, unknown>;
            assert.deepEqual(flat(file[section]).sort(), offered(`Keys of \`${section}\``).sort());
        });
    }

    it("of jobs have no key that Teraslice does not know", () => {
        const file = workerFile(given) as Record<string, unknown>;
        const known = new Set(keys["Keys of `teraslice`"]);
        assert.deepEqual(
            flat(file.teraslice).filter((key) => !known.has(key)),
            [],
        );
    });

    it("have the connectors' options that the page offers or computes", () => {
        const { connectors } = (
            masterFile(given) as { terafoundation: { connectors: Record<string, Record<string, object>> } }
        ).terafoundation;
        for (const [connector, connections] of Object.entries(connectors)) {
            const used = new Set(Object.values(connections).flatMap((connection) => Object.keys(connection)));
            const named = new Set(offered(`Connector \`${connector}\``).map((key) => key.split(".")[0] ?? key));
            assert.deepEqual([...used].sort(), [...named].sort(), connector);
        }
    });

    it("and the job fragment has exactly the properties that the page offers", () => {
        const fragment = jobFragment(given.settings.jobDefaults, targets.batch ?? []);
        assert.deepEqual(Object.keys(fragment).sort(), offered("Job properties").sort());
    });
});
