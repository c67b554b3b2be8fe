import * as assert from "node:assert/strict";
import { sections } from "../../stacks/schema/sections";
import { fileFaults, goodFile, stackFileWith } from "../support/stackFiles";
import { type Broken, itFindsEach } from "./brokenTable";

const label = (kind: string) =>
    `expected a DNS label of at most ${kind} characters: lower-case letters, digits and -, starting and ending with a letter or digit`;

/** What is written wrong: words, keys, values, secrets. */
const broken: readonly Broken[] = [
    [
        "a misspelt word",
        [["constraint: required", "constraint: requird"]],
        ['data-platform:targets.batch[2].constraint: expected required | preferred | accepted, found "requird"'],
    ],
    [
        "a misspelt key",
        [["storage: 20Gi", "storge: 20Gi"]],
        ["data-platform:zookeeper.storge: expected a known key (did you mean storage?), found an unknown key"],
    ],
    [
        "a misspelt section",
        [["data-platform:zookeeper:", "data-platform:zookeper:"]],
        ["data-platform:zookeper: expected a known key (did you mean zookeeper?), found an unknown key"],
    ],
    [
        "a section that resembles none",
        [["aws:region: eu-west-1", "data-platform:xyz: 1"]],
        [
            `data-platform:xyz: expected one of the known keys (${Object.keys(sections).join(", ")}), found an unknown key`,
        ],
    ],
    [
        "a misspelt namespace",
        [["data-platform:images:", "data-platfrom:images:"]],
        [
            "data-platfrom:images: expected a key of data-platform (did you mean data-platform:images?), found an unknown key",
        ],
    ],
    [
        "a quantity in words",
        [["storage: 20Gi", "storage: 20 GiB"]],
        [
            'data-platform:zookeeper.storage: expected a Kubernetes quantity of at least 1Mi with a unit, such as 512Mi or 10Gi, found "20 GiB"',
        ],
    ],
    [
        "a quantity without its unit",
        [["storage: 20Gi", "storage: 20"]],
        [
            "data-platform:zookeeper.storage: expected a Kubernetes quantity of at least 1Mi with a unit, such as 512Mi or 10Gi, found 20",
        ],
    ],
    [
        "a time without its unit",
        [["tickTime: 2s", "tickTime: 2000"]],
        [
            "data-platform:zookeeper.tickTime: expected a time with its unit, such as 500ms, 60s, 5m, 2h or 1d, found 2000",
        ],
    ],
    [
        "an even ensemble",
        [["members: 3", "members: 4"]],
        [
            "data-platform:zookeeper.members: expected 1, 3, 5 or 7: an even ensemble tolerates no more losses than one member fewer, found 4",
        ],
    ],
    [
        "a target set that is not there",
        [["targets: stateful", "targets: statefull"]],
        [
            'data-platform:zookeeper.targets: expected a name from data-platform:targets (did you mean stateful?), found "statefull"',
        ],
    ],
    [
        "a priority class that is not there",
        [["targets: batch, priority: critical", "targets: batch, priority: whatever"]],
        [
            'data-platform:systems.teraslice.priority: expected a name from data-platform:priorityClasses (critical), found "whatever"',
        ],
    ],
    [
        "no priority classes at all",
        [["  data-platform:priorityClasses:\n    critical: { value: 1000000 }\n", ""]],
        [
            'data-platform:zookeeper.priority: expected a name from data-platform:priorityClasses, which is empty, found "critical"',
            'data-platform:systems.teraslice.priority: expected a name from data-platform:priorityClasses, which is empty, found "critical"',
        ],
    ],
    [
        "an image pin that names no version",
        [["zookeeper: 3.9.5", "zookeeper: latest"]],
        [
            'data-platform:images.pins.zookeeper: expected a tag other than latest, which names no version, found "latest"',
        ],
    ],
    [
        "an image pin with half a digest",
        [["zookeeper: 3.9.5", 'zookeeper: "3.9.5@sha256:abc"']],
        [
            'data-platform:images.pins.zookeeper: expected a tag with an optional digest, such as 3.9.4 or 3.9.4@sha256:<64 hex digits>, found "3.9.5@sha256:abc"',
        ],
    ],
    [
        "a bad label value",
        [["value: west", "value: far west"]],
        [
            'data-platform:targets.batch[2].value: expected a label value: at most 63 letters, digits, -, _ or ., found "far west"',
        ],
    ],
    [
        "two ways to a cluster",
        [["context: production", "context: production\n    render: out"]],
        [
            "data-platform:cluster: expected exactly one of context, kubeconfig and render, found a map of apiServer, context, render",
        ],
    ],
    [
        "two ways to a cluster, one of them encrypted",
        [["context: production", "context: production\n    kubeconfig: { secure: AAABAcipher2 }"]],
        [
            "data-platform:cluster: expected exactly one of context, kubeconfig and render, found a map of apiServer, context, kubeconfig",
        ],
    ],
    [
        "a kubeconfig in plain text",
        [["context: production", "kubeconfig: hunter2"]],
        [
            "data-platform:cluster.kubeconfig: expected an encrypted value in a production environment (pulumi config set --secret --path), found plain text",
        ],
    ],
    [
        "a secret in another form",
        [["{ secure: AAABAcipher }", "{ username: a, password: hunter2 }"]],
        [
            "data-platform:images.pullCredentials.mirror: expected an encrypted value (pulumi config set --secret), found a map",
        ],
    ],
    [
        "no way to a cluster",
        [["    context: production\n", ""]],
        ["data-platform:cluster: expected exactly one of context, kubeconfig and render, found a map of apiServer"],
    ],
    [
        "a store of no kind",
        [["kind: external\n", "kind: extern\n"]],
        ['data-platform:opensearch.kind: expected single | cluster | external, found "extern"'],
    ],
    [
        "a secret in plain text",
        [["{ secure: AAABAcipher }", "hunter2"]],
        [
            "data-platform:images.pullCredentials.mirror: expected an encrypted value in a production environment (pulumi config set --secret --path), found plain text",
        ],
    ],
    [
        "an encrypted value where nothing is secret",
        [["owner: data-team", "owner: { secure: AAABAcipher2 }"]],
        [
            "data-platform:environment.owner: expected a label value: at most 63 letters, digits, -, _ or ., found an encrypted value",
        ],
    ],
    [
        "an encrypted value in a section's place",
        [["{ name: prod, owner: data-team, tier: production }", "{ secure: AAABAcipher2 }"]],
        ["data-platform:environment: expected a map of settings, found an encrypted value"],
    ],
    [
        "a section that is missing",
        [["  data-platform:environment: { name: prod, owner: data-team, tier: production }\n", ""]],
        ["data-platform:environment: expected a map of settings, found nothing"],
    ],
    [
        "many faults at once, each reported",
        [
            ["owner: data-team, tier: production", "owner: data-team, tier: prod"],
            ["name: prod,", "name: Prod,"],
            ["members: 3", "membrs: 3"],
            ["targets: stateful", "targets: none"],
            ["value: 1000000", "value: 2000000000"],
            ["value: west", "valu: west"],
            ["name: ts-prod", "name: TS"],
        ],
        [
            `data-platform:environment.name: ${label("20")}, found "Prod"`,
            'data-platform:environment.tier: expected development | staging | production, found "prod"',
            "data-platform:targets.batch[2].value: expected a label value: at most 63 letters, digits, -, _ or ., found nothing",
            "data-platform:targets.batch[2].valu: expected a known key (did you mean value?), found an unknown key",
            "data-platform:priorityClasses.critical.value: expected a whole number from -2147483648 to 1000000000, found 2000000000",
            "data-platform:zookeeper.membrs: expected a known key (did you mean members?), found an unknown key",
            'data-platform:systems.teraslice.name: expected a cluster name of at most 53 characters: lower-case letters, digits, -, _ and ., starting and ending with a letter or digit, found "TS"',
            'data-platform:zookeeper.targets: expected a name from data-platform:targets (stateful | batch), found "none"',
        ],
    ],
];

const knownSections = `expected one of the known keys (${Object.keys(sections).join(", ")})`;
const noTargets = [
    'data-platform:zookeeper.targets: expected a name from data-platform:targets, which is empty, found "stateful"',
    'data-platform:systems.teraslice.targets: expected a name from data-platform:targets, which is empty, found "batch"',
];

/** Faults that Pulumi itself stops at, before the program runs. */
const unreadable: readonly (readonly [what: string, text: string, lines: readonly string[]])[] = [
    [
        "a list that does not end",
        stackFileWith(["pullSecrets: [mirror]", "pullSecrets: [mirror"]),
        [
            "line 11: expected YAML, found Flow sequence in block collection must be sufficiently indented and end with a ]",
        ],
    ],
    [
        "the same section twice",
        `${goodFile}  data-platform:targets: {}\n`,
        ["line 36: expected YAML, found Map keys must be unique"],
    ],
    [
        "an alias of nothing",
        stackFileWith(["owner: data-team", "owner: *team"]),
        ["config: expected YAML, found Unresolved alias (the anchor must be set before the alias): team"],
    ],
    [
        "a misspelt entry beside config",
        `secretprovider: awskms://alias/a\n${stackFileWith(["members: 3", "members: 2"])}`,
        [
            "secretprovider: expected a known key (did you mean secretsprovider?), found an unknown key",
            "data-platform:zookeeper.members: expected 1, 3, 5 or 7: an even ensemble tolerates no more losses than one member fewer, found 2",
        ],
    ],
    [
        "a misspelt config",
        goodFile.replace("config:", "confg:"),
        [
            "confg: expected a known key (did you mean config?), found an unknown key",
            "config: expected a map of settings, found nothing",
        ],
    ],
    ["nothing", "", ["config: expected a map of settings, found nothing"]],
    [
        "an alias of the list that it stands in",
        "config:\n  cluster: &a [*a]\n",
        [
            "config.cluster[0][0]: expected at most 100 levels of lists and maps, found more, or an alias of what it stands in",
        ],
    ],
    [
        "lists in lists by the thousand",
        `config:\n  cluster: ${"[".repeat(9000)}${"]".repeat(9000)}\n`,
        ["line 2: expected YAML, found lists and maps in each other by the thousand"],
    ],
    [
        "a section by both of its keys",
        goodFile.replace("  kubernetes:namespace: default", "  targets: {}"),
        ["targets: expected targets once, found the same section again", ...noTargets],
    ],
    [
        "a key that JavaScript takes for something else",
        stackFileWith(["aws:region: eu-west-1", "__proto__: { a: 1 }"]),
        [`data-platform:__proto__: ${knownSections}, found an unknown key`],
    ],
    ["a list", "- a\n", ["config: expected a map of settings, found a list of 1"]],
    ["an empty config", "config:\n", ["config: expected a map of settings, found nothing"]],
];

describe("a broken stack file", () => {
    it("starts from a good one", () => assert.deepEqual(fileFaults(goodFile), []));

    itFindsEach(broken);

    for (const [what, text, lines] of unreadable) {
        it(`with ${what}`, () => assert.deepEqual(fileFaults(text), lines));
    }
});
