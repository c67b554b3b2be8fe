import * as assert from "node:assert/strict";
import { checked } from "../../components/foundation/faults";
import { clusterSettings } from "../../components/opensearch/clusterSchema";
import { demand } from "../../components/opensearch/demand";
import { singleNodeSettings } from "../../components/opensearch/schema";

const parse = (given: object) => checked(clusterSettings, "search", { kind: "cluster", ...given });
const existing = {
    nodeNames: ["CN=node-*"],
    adminSecretName: "admin",
    adminName: "CN=admin",
};
const repository = { bucket: "b", credentials: { secretName: "keys" } };
const egress = [{ to: [{ cidr: "10.0.0.0/8" }], ports: [{ port: 443 }] }];

describe("the settings of a cluster", () => {
    it("need no more than their kind", () => {
        const { data, managers, security, ...rest } = parse({});
        assert.deepEqual([data.nodes, managers], [3, undefined]);
        assert.equal(security.certificates.kind, "generated");
        assert.deepEqual([rest.recovery, rest.yellowAfter, rest.memoryMap], ["30m", undefined, false]);
    });

    it("come out as they may go in again", () => {
        const once = parse({ managers: {}, snapshots: { repositories: { a: repository }, egress } });
        assert.deepEqual(parse(once), once);
    });

    for (const [what, given] of [
        ["an even number of data nodes beside managers", { data: { nodes: 4 }, managers: {} }],
        ["seven nodes that do both", { data: { nodes: 7 } }],
        [
            "existing certificates with their names",
            { security: { certificates: { kind: "existing", secretName: "a" }, existing } },
        ],
        ["half of the memory as heap", { data: { heap: "2Gi" } }],
    ] as const) {
        it(`may be ${what}`, () => assert.ok(parse(given)));
    }

    for (const [what, given, expected] of [
        ["two nodes", { data: { nodes: 2 } }, /data.nodes: expected a whole number from 3/],
        ["four nodes that are managers too", { data: { nodes: 4 } }, /data.nodes: expected 3, 5 or 7/],
        ["four managers", { managers: { nodes: 4 } }, /managers.nodes: expected 3, 5 or 7/],
        [
            "a heap above half",
            { data: { heap: "2049Mi" } },
            /data.heap: expected a heap below 31Gi and of at most half/,
        ],
        ["a manager's heap above half", { managers: { heap: "1025Mi" } }, /managers.heap: expected a heap below 31Gi/],
        [
            "a heap of 31Gi",
            { data: { heap: "31Gi", resources: { memory: "64Gi" } } },
            /data.heap: expected a heap below 31Gi/,
        ],
        [
            "existing certificates without their names",
            { security: { certificates: { kind: "existing", secretName: "a" } } },
            /security.existing: expected names of the certificates/,
        ],
        ["names of generated certificates", { security: { existing } }, /security.existing: expected names of/],
        [
            "an authority that is no certificate",
            {
                security: {
                    certificates: { kind: "existing", secretName: "a" },
                    existing: { ...existing, caCertificate: "x" },
                },
            },
            /caCertificate: expected .*certificates? in PEM form/,
        ],
        [
            "a user called admin",
            { users: { admin: { indexPatterns: ["a"] } } },
            /expected a key that is a name other than admin/,
        ],
        ["a user called metrics", { users: { metrics: { indexPatterns: ["a"] } } }, /other than admin, .*metrics/],
        ["a monitor that reads hardly ever", { monitoring: { interval: "5m" } }, /interval: expected a time from 1s/],
        ["an exporter that is no flag", { exporter: "yes" }, /exporter: expected/],
        ["a user without indices", { users: { a: { indexPatterns: [] } } }, /expected at least 1 entries/],
        ["snapshots to nowhere", { snapshots: { repositories: {}, egress } }, /expected at least one repository/],
        [
            "snapshots without a way there",
            { snapshots: { repositories: { a: repository }, egress: [] } },
            /egress: expected at least 1 entries/,
        ],
        [
            "a path with a slash before it",
            { snapshots: { repositories: { a: { ...repository, basePath: "/a" } }, egress } },
            /basePath: expected a path in the bucket/,
        ],
        ["hardly any time", { recovery: "59s" }, /recovery: expected a time of at least 1m/],
        ["hardly any patience", { yellowAfter: "59s" }, /yellowAfter: expected a time of at least 1m/],
        ["a cluster name with a blank", { clusterName: "a b" }, /clusterName: expected a name of letters/],
    ] as const) {
        it(`refuse ${what}`, () => assert.throws(() => parse(given), expected));
    }
});

describe("what OpenSearch asks its quota for", () => {
    const pods = (given: ReturnType<typeof parse>) =>
        demand(given).map(({ pods: count, resources, claims }) => [count, resources.memory, claims]);

    it("is the nodes of a cluster, with their volumes, and the setup Task", () => {
        assert.deepEqual(pods(parse({ data: { nodes: 5, storage: "1Ti" } })), [
            [5, "4Gi", ["1Ti"]],
            [1, "512Mi", undefined],
        ]);
    });

    it("is the managers too", () => {
        assert.deepEqual(pods(parse({ managers: { storage: "1Gi" } })).slice(1, 2), [[3, "2Gi", ["1Gi"]]]);
    });

    it("is one node, and the Task only where there is one", () => {
        const single = (given: object) => singleNodeSettings.parse({ kind: "single", ...given });
        assert.deepEqual(
            demand(single({ storage: "1Gi" })).map(({ pods: count, claims }) => [count, claims]),
            [[1, ["1Gi"]]],
        );
        const lifecycle = [{ name: "a", patterns: ["a"], deleteAfter: "1d" }];
        assert.equal(demand(single({ lifecycle })).length, 2);
    });
});
