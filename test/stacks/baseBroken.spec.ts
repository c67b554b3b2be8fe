import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Plan } from "../../bin/plan/plan";
import { valueAt } from "../../components/foundation/faults";
import { resolveBase } from "../../stacks/base/base";
import type { OutputDetails } from "../../stacks/base/contract";
import { ConfigFaults } from "../../stacks/faults";
import { stackFile } from "../../stacks/load";
import { configOf, type Edit, fileFaults } from "../support/stackFiles";
import { itFindsEach, terasliceWith } from "./brokenTable";
import { baseName, baseOutputs } from "./onBase";
import { withValue } from "./schemaFields";

/*
 * Stack files with a base or for one, each broken in one way; and files whose base is not what they need.
 */

const base = "data-platform:base";
const sharing = "data-platform:sharing";
const section = (text: string): Edit => ["  data-platform:systems:\n", `  ${text}\n  data-platform:systems:\n`];
const stackName = "a stack's full name, <organization>/<project>/<stack>, such as organization/data-platform/base";
const noLogins = `${sharing}.opensearchUsers: expected none without an opensearch of kind cluster, which alone has users of this stack's making`;

describe("a stack file with a broken base or sharing", () => {
    itFindsEach([
        ["a base without a name", [section(`${base}: {}`)], [`${base}.stack: expected ${stackName}, found nothing`]],
        [
            "a base by its short name",
            [section(`${base}: { stack: base }`)],
            [`${base}.stack: expected ${stackName}, found "base"`],
        ],
        ["a base as text", [section(`${base}: base`)], [`${base}: expected a map of settings, found a string`]],
        [
            "a misspelt setting of the base",
            [section(`${base}: { stak: a/b/c }`)],
            [
                `${base}.stack: expected ${stackName}, found nothing`,
                `${base}.stak: expected a known key (did you mean stack?), found an unknown key`,
            ],
        ],
        [
            "an uploader that is no flag",
            [section(`${base}: { stack: a/b/c, uploader: server }`)],
            [`${base}.uploader: expected true or false, found "server"`],
        ],
        [
            "retention in the base's store",
            [
                section(`${base}: { stack: a/b/c }`),
                [
                    "  data-platform:opensearch:\n    kind: external\n    nodes: [https://search.example.com:9200]\n    peers: [{ cidr: 10.1.0.0/16 }]\n",
                    "",
                ],
                terasliceWith("indices: { state: { retention: 800d } }"),
            ],
            [
                "data-platform:systems.teraslice.indices.state.retention: expected none with the base's OpenSearch, whose policies this stack doesn't write, found \"800d\"",
            ],
        ],
        [
            "logins without a cluster of its own",
            [section(`${sharing}: { opensearchUsers: { team: { indexPatterns: ["team__*"] } } }`)],
            [`${noLogins}, found a map of team`],
        ],
        [
            "a login without indices",
            [section(`${sharing}: { opensearchUsers: { team: { indexPatterns: [] } } }`)],
            [`${sharing}.opensearchUsers.team.indexPatterns: expected at least 1 entries, found an empty list`],
        ],
        [
            "a namespace for consumers that is another part's",
            [section(`${sharing}: { namespace: { name: prod-zookeeper } }`)],
            [
                'data-platform:zookeeper.namespace.name: expected a namespace of its own, not the one of sharing, found "prod-zookeeper"',
            ],
        ],
    ]);

    it("says what stands in for a missing part only where there is no base", () => {
        const text = readFileSync(stackFile("team-batch"), "utf8");
        assert.deepEqual(fileFaults(text), []);
        const alone = text.replace(/ {2}data-platform:base: .*\n/, "");
        assert.deepEqual(
            fileFaults(alone).map((line) => line.split(":").slice(0, 2).join(":")),
            [
                "data-platform:systems.teraslice.priority",
                "data-platform:systems.twister2.dashboard.priority",
                "data-platform:systems.twister2.jobNamespaces.research.uploader.priority",
                "data-platform:systems.twister2.zookeeper.kind",
                "data-platform:opensearch",
            ],
        );
    });
});

/** What a base puts out instead of its platform, or one value of it. */
type Other = (platform: unknown) => OutputDetails;

const set =
    (path: string, value: unknown): Other =>
    (platform) => ({ value: withValue(platform, path.split("."), value) });

const deploy = `run up on ${baseName} with this version of the program first`;
const give = (name: string) => `give ${baseName} a section data-platform:${name} and run up on it first`;
const login = {
    namespace: "base-consumers",
    secretName: "login",
    usernameKey: "username",
    passwordKey: "password",
    indexPatterns: ["ts-batch__*"],
    rotation: 0,
};
const same: Other = (platform) => ({ value: platform });
const secured =
    (logins: object): Other =>
    (platform) => ({
        value: withValue(withValue(platform, ["opensearch", "secured"], true), ["opensearch", "logins"], logins),
    });
const addLogin = `add data-platform:sharing.opensearchUsers.batch with ts-batch__* among its indexPatterns to ${baseName} and run up on it first`;

const table: readonly (readonly [
    what: string,
    stack: "team-streaming" | "team-batch",
    edits: readonly (readonly [RegExp, string])[],
    other: Other,
    lines: readonly string[],
])[] = [
    ["as it is", "team-batch", [], same, []],
    ["as it is for the other team", "team-streaming", [], same, []],
    [
        "never deployed",
        "team-batch",
        [],
        () => ({}),
        [`platform: expected what a stack of this program puts out: ${deploy}, found nothing`],
    ],
    [
        "with a secret among its outputs",
        "team-batch",
        [],
        (platform) => ({ secretValue: platform }),
        [`platform: expected plain values, since they decide what is deployed: ${deploy}, found an encrypted value`],
    ],
    [
        "of another program",
        "team-batch",
        [],
        () => ({ value: "https://example.com" }),
        [`platform: expected what a stack of this program puts out: ${deploy}, found "https://example.com"`],
    ],
    [
        "older than this program",
        "team-batch",
        [],
        () => ({ value: { schema: 1, zookeeper: { connectionString: "zk:2181" } } }),
        [`platform.schema: expected 2, the version that this program reads: ${deploy}, found 1`],
    ],
    [
        "newer than this program",
        "team-batch",
        [],
        set("schema", 3),
        [
            "platform.schema: expected 2, the version that this program reads: upgrade this program, which is older than the base, found 3",
        ],
    ],
    [
        "without a version",
        "team-batch",
        [],
        set("schema", undefined),
        [`platform.schema: expected 2, the version that this program reads: ${deploy}, found nothing`],
    ],
    [
        "with a broken connection",
        "team-streaming",
        [],
        set("zookeeper.connectionString", undefined),
        [`platform.zookeeper.connectionString: expected text: ${deploy}, found nothing`],
    ],
    [
        "with several broken fields",
        "team-streaming",
        [],
        (platform) => ({
            value: withValue(withValue(platform, ["zookeeper", "plainClients"], "yes"), ["opensearch", "nodes"], []),
        }),
        [
            `platform.zookeeper.plainClients: expected true or false: ${deploy}, found "yes"`,
            `platform.opensearch.nodes: expected at least 1 entries: ${deploy}, found an empty list`,
        ],
    ],
    ["with fields that nobody knows yet", "team-streaming", [], set("zookeeper.observers", ["a"]), []],
    [
        "that shares nothing",
        "team-streaming",
        [],
        set("sharing", undefined),
        [`platform.sharing: expected the namespace for consumers: ${give("sharing")}, found nothing`],
    ],
    [
        "without a ZooKeeper",
        "team-streaming",
        [],
        set("zookeeper", undefined),
        [
            `platform.zookeeper: expected an ensemble for systems.heron, systems.flink.streams: ${give("zookeeper")}, or this stack one of its own, found nothing`,
        ],
    ],
    [
        "whose ZooKeeper demands TLS",
        "team-batch",
        [],
        set("zookeeper.plainClients", false),
        [
            "platform.zookeeper.plainClients: expected true, since systems.twister2 connects without TLS and without a login: give this stack a section data-platform:zookeeper, found false",
        ],
    ],
    ["without a store that nobody here needs", "team-streaming", [], set("opensearch", undefined), []],
    [
        "without a store",
        "team-batch",
        [],
        set("opensearch", undefined),
        [
            `platform.opensearch: expected a store for systems.teraslice: ${give("opensearch")}, or this stack one of its own, found nothing`,
        ],
    ],
    ["with a login for the team", "team-batch", [], secured({ batch: login }), []],
    [
        "with logins for others only",
        "team-batch",
        [],
        secured({ other: login }),
        [`platform.opensearch.logins.batch: expected a login for systems.teraslice: ${addLogin}, found nothing`],
    ],
    [
        "with a login for other indices",
        "team-batch",
        [],
        secured({ batch: { ...login, indexPatterns: ["ts-batch-old__*", "logs-*"] } }),
        [
            `platform.opensearch.logins.batch.indexPatterns: expected a pattern for ts-batch__*, the indices of systems.teraslice: ${addLogin}, found "ts-batch-old__*, logs-*"`,
        ],
    ],
    [
        "with fewer nodes than copies of an index",
        "team-batch",
        [[/name: ts-batch/, "indices: { state: { replicas: 1 } }\n      name: ts-batch"]],
        same,
        [
            "data-platform:systems.teraslice.indices.state.replicas: expected fewer than the 1 of platform.opensearch.dataNodes: one more is never assigned, and the base's store never green, found 1",
        ],
    ],
    [
        "without an uploader",
        "team-batch",
        [],
        set("uploader", undefined),
        [
            `platform.uploader: expected an uploader, since data-platform:base.uploader is true: ${give("uploader")}, found nothing`,
        ],
    ],
    [
        "without a priority class, which another is near to",
        "team-streaming",
        [[/priority: critical\n {6}topologies/, "priority: criticl\n      topologies"]],
        same,
        [
            'data-platform:systems.heron.priority: expected a name from data-platform:priorityClasses or of the base (did you mean critical?), found "criticl"',
        ],
    ],
    [
        "without any priority class",
        "team-batch",
        [],
        set("priorityClasses", {}),
        ["systems.teraslice", "systems.twister2.dashboard", "systems.twister2.jobNamespaces.research.uploader"].map(
            (path) =>
                `data-platform:${path}.priority: expected a name from data-platform:priorityClasses or of the base (batch), found "critical"`,
        ),
    ],
    [
        "of the same environment",
        "team-streaming",
        [[/name: streaming/, "name: base"]],
        same,
        [
            'data-platform:environment.name: expected a name other than the base\'s, since names in the cluster begin with it, found "base"',
        ],
    ],
    [
        "of a lesser tier",
        "team-streaming",
        [[/tier: development/, "tier: staging"]],
        same,
        [
            'platform.environment.tier: expected staging | production, since this environment is staging and stands on it: name another base, found "development"',
        ],
    ],
    [
        "in a cluster with another domain",
        "team-streaming",
        [],
        set("cluster.dnsDomain", "other.example"),
        [
            'data-platform:cluster.dns.domain: expected other.example, the domain of the base\'s cluster, found "cluster.local"',
        ],
    ],
];

describe("a stack file whose base is not what it needs", () => {
    after(() => console.log(`      ${table.length} bases`));
    let outputs: Plan["outputs"];
    before(async () => {
        outputs = await baseOutputs();
    });

    for (const [what, stack, edits, other, lines] of table) {
        it(`is told of a base ${what}`, async () => {
            const text = edits.reduce(
                (before, [from, to]) => {
                    assert.match(before, from);
                    return before.replace(from, to);
                },
                readFileSync(stackFile(stack), "utf8"),
            );
            const platform = valueAt(outputs, ["platform"]);
            const resolved = resolveBase(configOf(text), { stack, source: stackFile(stack) }, (name) => {
                assert.equal(name, baseName);
                return Promise.resolve(other(platform));
            });
            if (lines.length === 0) {
                assert.ok((await resolved) !== undefined);
                return;
            }
            await assert.rejects(resolved, (error) => {
                assert.ok(error instanceof ConfigFaults);
                const [first, ...rest] = error.message.split("\n");
                const count = lines.length === 1 ? "1 fault" : `${lines.length} faults`;
                assert.equal(
                    first,
                    `${stackFile(stack)}, on the outputs of ${baseName}, has ${count}; nothing was changed:`,
                );
                assert.deepEqual(
                    rest.map((line) => line.trim()),
                    lines,
                );
                return true;
            });
        });
    }
});
