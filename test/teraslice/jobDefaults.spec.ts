import assert from "node:assert/strict";
import fc from "fast-check";
import { checked } from "../../components/foundation/faults";
import {
    type JobDefaults,
    jobDefaultSettings,
    jobFragment,
    type Json,
    sortedJson,
} from "../../components/teraslice/jobDefaults";
import { everything, targets } from "./fixtures";

const parsed = (settings: unknown): JobDefaults => checked(jobDefaultSettings, "jobDefaults", settings);

const fragment = (settings: unknown) => jobFragment(parsed(settings), []);

const faults = (settings: unknown): string[] => {
    const result = jobDefaultSettings.safeParse(settings);
    return result.success ? [] : result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
};

const from = [{ namespace: "monitoring" }];

describe("jobFragment", () => {
    it("is empty where nothing is set, so that no job changes", () => {
        assert.deepEqual(fragment({}), {});
    });

    it("says everything in Teraslice's own words and units", () => {
        assert.deepEqual(jobFragment(parsed(everything.jobDefaults), targets.batch ?? []), {
            targets: [
                { key: "pool", value: "batch", constraint: "required" },
                { key: "pool", value: "batch", constraint: "accepted" },
                { key: "zone", value: "west", constraint: "preferred" },
            ],
            workers: 3,
            resources_requests_cpu: 0.25,
            resources_requests_memory: 134217728,
            resources_limits_cpu: 1,
            resources_limits_memory: 536870912,
            cpu_execution_controller: 1,
            memory_execution_controller: 1073741824,
            volumes: [{ name: "teraslice-data1", path: "/data" }],
            labels: { key1: "value1" },
            external_ports: [9090, { name: "status", port: 8080 }],
            stateful: true,
            ephemeral_storage: true,
            env_vars: { EXAMPLE: "test" },
            kubernetes_image: "registry.example.com/teraslice:v3.18.0",
            log_level: "warn",
            prom_metrics_enabled: true,
            prom_metrics_port: 3335,
            prom_metrics_add_default: true,
            pod_spec_override: { hostAliases: [{ ip: "192.0.2.1", hostnames: ["legacy"] }] },
        });
    });

    it("maps every target as it is", () => {
        const target = fc.record(
            {
                key: fc.stringMatching(/^[a-z]{1,9}$/),
                value: fc.stringMatching(/^[a-z]{1,9}$/),
                constraint: fc.constantFrom("required" as const, "preferred" as const, "accepted" as const),
            },
            { noNullPrototype: true },
        );
        fc.assert(
            fc.property(fc.array(target, { minLength: 1 }), (given) => {
                assert.deepEqual(jobFragment(parsed({}), given).targets, given);
            }),
        );
    });

    it("keeps a false that was asked for apart from one that was not", () => {
        assert.deepEqual(fragment({ stateful: false, metrics: { enabled: false } }), {
            stateful: false,
            prom_metrics_enabled: false,
        });
    });
});

describe("sortedJson", () => {
    it("does not depend on the order of keys, at any depth", () => {
        assert.equal(sortedJson({ b: [{ d: 1, c: null }], a: "x" }), sortedJson({ a: "x", b: [{ c: null, d: 1 }] }));
        assert.equal(sortedJson({ b: 1, a: 2 }), '{\n  "a": 2,\n  "b": 1\n}\n');
    });

    it("is the same value", () => {
        fc.assert(
            fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
                const json = JSON.parse(JSON.stringify(value)) as Json;
                fc.pre(!JSON.stringify(json).includes("__proto__"));
                assert.deepEqual(JSON.parse(sortedJson(json)), json);
            }),
        );
    });
});

describe("jobDefaultSettings", () => {
    const volume = (name: string, path: string) => ({ volumes: [{ name, path }] });
    const refused: readonly (readonly [string, unknown, RegExp])[] = [
        [
            "the controllers' port",
            { externalPorts: [{ port: 45680, from }] },
            /externalPorts.0.port: a port other than 45680/,
        ],
        ["a port that nobody may use", { externalPorts: [{ port: 9090, from: [] }] }, /externalPorts.0.from: /],
        [
            "a port twice",
            {
                externalPorts: [
                    { port: 9090, from },
                    { port: 9090, name: "b", from },
                ],
            },
            /externalPorts: each port once/,
        ],
        [
            "a port name twice",
            {
                externalPorts: [
                    { port: 1, name: "b", from },
                    { port: 2, name: "b", from },
                ],
            },
            /externalPorts: each name once/,
        ],
        [
            "a port name that is too long",
            { externalPorts: [{ port: 1, name: "abcdefghijklmnop", from }] },
            /name: a port name: at most 15/,
        ],
        ["a port name without a letter", { externalPorts: [{ port: 1, name: "123", from }] }, /name: a port name/],
        [
            "a limit below the request (CPU)",
            { resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } },
            /limits.cpu: a CPU limit of at least/,
        ],
        [
            "a limit below the request (memory)",
            { resources: { requests: { memory: "2Gi" }, limits: { memory: "1Gi" } } },
            /limits.memory: a memory limit of at least/,
        ],
        [
            "a memory request without limit",
            { resources: { requests: { memory: "2Gi" } } },
            /limits.memory: a memory limit beside the request/,
        ],
        [
            "a volume with Teraslice's own name",
            volume("config", "/data"),
            /volumes.0.name: a claim with a name other than/,
        ],
        ["a volume over the assets", volume("a", "/app/assets/x"), /volumes.0.path: a path apart from/],
        ["a volume over the config's parent", volume("a", "/app"), /volumes.0.path: a path apart from/],
        ["a volume over the ephemeral one", volume("a", "/ephemeral0"), /volumes.0.path: a path apart from/],
        ["a relative path", volume("a", "data"), /volumes.0.path: an absolute path/],
        ["a path that climbs", volume("a", "/data/../app"), /volumes.0.path: an absolute path without \.\./],
        [
            "a path twice",
            {
                volumes: [
                    { name: "a", path: "/data" },
                    { name: "b", path: "/data" },
                ],
            },
            /volumes: each path once/,
        ],
        [
            "a claim twice",
            {
                volumes: [
                    { name: "a", path: "/a" },
                    { name: "a", path: "/b" },
                ],
            },
            /volumes: each claim once/,
        ],
        ["a label with a prefix", { labels: { "a/b": "c" } }, /^labels/],
        ["a label that Teraslice sets", { labels: { relocatable: "true" } }, /^labels/],
        ["an empty label", { labels: { a: "" } }, /labels.a: a label value that is not empty/],
        ["a variable that Teraslice sets", { envVars: { EX: "x" } }, /^envVars/],
        ["a variable with an empty value", { envVars: { A: "" } }, /envVars.A: text that is not empty/],
        ["a number as a variable's value, which the API server refuses", { envVars: { A: 1 } }, /envVars.A: text/],
        ["an image without a tag", { image: "a/b" }, /image: an image reference with a tag/],
        ["the deprecated cpu", { cpu: 1 }, /^: /],
    ];
    for (const [what, settings, expected] of refused) {
        it(`refuses ${what}`, () => {
            const found = faults(settings);
            assert.equal(found.length, 1, found.join("\n"));
            assert.match(found[0]!, expected);
        });
    }
});
