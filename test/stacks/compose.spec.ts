import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { loadStackFile, stackNames } from "../../stacks/load";
import { namespaceParts } from "../../stacks/namespaces";
import { redacted } from "../../stacks/parse";
import type { Platform } from "../../stacks/platform";
import type { StackConfig } from "../../stacks/schema/sections";
import { assertSound, workloads } from "../support/invariants";
import { all, at, find } from "../support/plans";
import { configOf, goodFile, runtimeConfigOf, stackFileWith } from "../support/stackFiles";
import { planOnBase } from "./onBase";

const planned = (config: StackConfig): Promise<Plan> => planOnBase(config, "test");
const platformOf = (plan: Plan): Platform => plan.outputs["platform"] as Platform;

/** The good file as a development stack that runs its own store. */
const development = stackFileWith(
    ["tier: production", "tier: development"],
    [
        "kind: external\n    nodes: [https://search.example.com:9200]\n    peers: [{ cidr: 10.1.0.0/16 }]",
        "kind: single\n    targets: stateful\n    clients: [{ cidr: 10.2.0.0/16 }]",
    ],
);

describe("the program of a stack", () => {
    for (const stack of stackNames()) {
        it(`makes a sound plan of ${stack}`, async () => {
            const plan = await planned(loadStackFile(stack));
            assertSound(plan);
            assert.ok(workloads(plan).length >= 2);
        });

        it(`makes the same plan of ${stack} each time`, async () => {
            assert.deepEqual(await planned(loadStackFile(stack)), await planned(loadStackFile(stack)));
        });
    }

    for (const [way, edit, field, expected] of [
        ["a context", "context: production", "context", "production"],
        ["a kubeconfig", "kubeconfig: { secure: abc }", "kubeconfig", "<secret>"],
        ["a directory", "render: out", "renderYamlToDirectory", "out"],
    ] as const) {
        it(`goes where the stack says, by ${way}`, async () => {
            const plan = await planned(runtimeConfigOf(stackFileWith(["context: production", edit])));
            const provider = plan.resources.find(({ type }) => type === "pulumi:providers:kubernetes")!;
            const ways = ["context", "kubeconfig", "renderYamlToDirectory"].filter((key) => key in provider.inputs);
            assert.deepEqual(ways, [field]);
            assert.equal(provider.inputs[field], expected);
            assert.equal(provider.inputs["clusterIdentifier"], "prod");
            // The provider takes its settings as text.
            assert.equal(String(provider.inputs["enableConfigMapMutable"]), "true");
            assert.equal(String(provider.inputs["enableSecretMutable"]), "true");
            assert.equal(JSON.stringify(plan).includes("hunter2"), false);
        });
    }

    it("sends every object to that provider", async () => {
        const plan = await planned(configOf(goodFile));
        const provider = plan.resources.find(({ type }) => type === "pulumi:providers:kubernetes")!;
        const objects = plan.resources.filter(({ type }) => type.startsWith("kubernetes:"));
        assert.ok(objects.length > 20);
        for (const object of objects) {
            assert.ok(object.provider?.startsWith(`${provider.urn}::`), object.name);
        }
    });

    it("deploys everything in its own namespace, after it and the priority classes", async () => {
        const plan = await planned(configOf(development));
        const namespaces = all(plan, "Namespace").filter(({ custom }) => custom);
        assert.deepEqual(
            namespaces.map(({ inputs }) => at(inputs, "metadata.name")),
            ["prod-opensearch", "prod-teraslice", "prod-zookeeper"],
        );
        const priority = find(plan, "PriorityClass").urn;
        for (const [kind, namespace] of [
            ["ZooKeeper", "zookeeper-namespace"],
            ["SingleNode", "opensearch-namespace"],
            ["Teraslice", "teraslice-namespace"],
        ] as const) {
            const { dependencies } = find(plan, kind);
            // A dependency on a component is one on each object that it registers.
            const closed = all(plan, "NetworkPolicy").find(({ name }) => name === `${namespace}-default-deny`);
            for (const urn of [find(plan, "Namespace", `${namespace}-namespace`).urn, closed!.urn, priority]) {
                assert.ok(dependencies.includes(urn), `${kind} after ${urn}`);
            }
        }
    });

    it("tells other stacks what there is", async () => {
        assert.deepEqual(platformOf(await planned(configOf(development))), {
            schema: 2,
            environment: { name: "prod", tier: "development" },
            cluster: { dnsDomain: "cluster.local" },
            priorityClasses: { critical: "prod-critical" },
            dashboards: [
                {
                    title: "OpenSearch",
                    command:
                        "kubectl --namespace prod-opensearch port-forward service/opensearch 9200:9200 # then http://localhost:9200/",
                },
                {
                    title: "Teraslice API",
                    command:
                        "kubectl --namespace prod-teraslice port-forward service/teraslice-master 5678:5678 # then http://localhost:5678/",
                },
            ],
            zookeeper: {
                connectionString: [1, 2, 3]
                    .map((index) => `zookeeper-${index}.zookeeper-members.prod-zookeeper.svc.cluster.local:2181`)
                    .join(","),
                flow: flowTo("prod-zookeeper", "zookeeper", "member", 2181),
                plainClients: true,
            },
            opensearch: {
                nodes: ["http://opensearch.prod-opensearch.svc.cluster.local:9200"],
                flow: flowTo("prod-opensearch", "opensearch", "node", 9200),
                dataNodes: 1,
                secured: false,
                logins: {},
            },
            systems: {
                teraslice: {
                    namespace: "prod-teraslice",
                    url: "http://teraslice-master.prod-teraslice.svc:5678",
                },
            },
            clientFiles: {},
        });
    });

    it("deploys nothing that the stack does not ask for", async () => {
        const least = configOf(
            "config:\n  cluster: { context: a }\n  environment: { name: dev, owner: o, tier: development }\n",
        );
        const plan = await planned(least);
        assert.deepEqual(plan.resources.map(({ type }) => type).sort(), [
            "data-platform:foundation:PriorityClasses",
            "data-platform:guards:Sharing",
            "pulumi:providers:kubernetes",
        ]);
        assert.deepEqual(platformOf(plan).systems, {});
    });

    it("uses an ensemble that somebody else runs as it is", async () => {
        const text = `config:
  cluster: { context: a }
  environment: { name: dev, owner: o, tier: development }
  zookeeper: { kind: external, connectionString: "zk:2181", peers: [{ namespace: zk }] }
`;
        const plan = await planned(configOf(text));
        assert.deepEqual(all(plan, "StatefulSet"), []);
        assert.deepEqual(platformOf(plan).zookeeper, {
            connectionString: "zk:2181",
            flow: { peers: [{ namespace: "zk" }], ports: [{ port: 2181, protocol: "TCP" }] },
            plainClients: true,
        });
    });

    it("reads the login of somebody else's store from its Secret, and writes it nowhere in the clear", async () => {
        const text = stackFileWith([
            "kind: external\n",
            "kind: external\n    credentials: { namespace: keys, secretName: search }\n",
        ]);
        const plan = await planned(configOf(text));
        const read = plan.resources.filter((resource) => resource.read);
        assert.deepEqual(
            read.map(({ inputs }) => [at(inputs, "metadata.namespace"), at(inputs, "metadata.name")]),
            [["keys", "search"]],
        );
    });

    it("lets the systems reach the store, and whoever the store's settings name", async () => {
        const plan = await planned(configOf(development));
        const policy = find(plan, "NetworkPolicy", "opensearch-node-network");
        assert.deepEqual(at(policy.inputs, "spec.ingress[0].from"), [
            { ipBlock: { cidr: "10.2.0.0/16" } },
            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "prod-teraslice" } } },
        ]);
    });

    it("creates pull secrets in every namespace, from secrets that no plan shows", async () => {
        const config = runtimeConfigOf(development);
        for (const given of [config, redacted(config)]) {
            const plan = await planned(given);
            const secrets = all(plan, "Secret").filter(({ inputs }) => at(inputs, "metadata.name") === "mirror");
            assert.equal(secrets.length, 3);
            assert.ok(secrets.every(({ secretPaths }) => secretPaths.length === 1));
            assert.equal(JSON.stringify(plan).includes("hunter2"), false);
        }
    });

    for (const [setting, edits, kind, name, path, expected] of [
        [
            "environment.name",
            [["name: prod,", "name: p2,"]],
            "PriorityClass",
            undefined,
            "metadata.name",
            "p2-critical",
        ],
        [
            "cluster.dns.domain",
            [["ports: [443] }", "ports: [443] }\n    dns: { domain: c.example }"]],
            "ZooKeeper",
            undefined,
            "outputs.connectionString",
            /svc\.c\.example:2181/,
        ],
        [
            "zookeeper.namespace.name",
            [["tickTime: 2s", "namespace: { name: ensembles }"]],
            "StatefulSet",
            "zookeeper-ensemble-set",
            "metadata.namespace",
            "ensembles",
        ],
        [
            "zookeeper.namespace.quota",
            [["tickTime: 2s", "namespace: { quota: { pods: 9 } }"]],
            "ResourceQuota",
            "zookeeper-namespace-quota",
            "spec.hard.pods",
            "9",
        ],
        [
            "images.registry",
            [],
            "StatefulSet",
            "zookeeper-ensemble-set",
            "spec.template.spec.containers[0].image",
            "registry.example.com/mirror/library/zookeeper:3.9.5",
        ],
    ] as const) {
        it(`shows ${setting}`, async () => {
            const resource = find(await planned(configOf(stackFileWith(...edits))), kind, name);
            const found = at({ ...resource.inputs, outputs: resource.outputs }, path);
            if (expected instanceof RegExp) {
                assert.match(String(found), expected);
            } else {
                assert.equal(found, expected);
            }
        });
    }
});

function flowTo(namespace: string, name: string, component: string, port: number): unknown {
    const podLabels = {
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/instance": name,
        "app.kubernetes.io/component": component,
    };
    return { peers: [{ namespace, podLabels }], ports: [{ port, protocol: "TCP" }] };
}

describe("the parts with a namespace of their own", () => {
    it("are those that the stack itself deploys, named after the environment unless told otherwise", () => {
        const names = (text: string) =>
            namespaceParts(configOf(text)).map(({ path, namespace }) => [path.join("."), namespace]);
        assert.deepEqual(names(development), [
            ["zookeeper", "prod-zookeeper"],
            ["opensearch", "prod-opensearch"],
            ["systems.teraslice", "prod-teraslice"],
        ]);
        assert.deepEqual(names(stackFileWith(["tickTime: 2s", "namespace: { name: ensembles }"])), [
            ["zookeeper", "ensembles"],
            ["systems.teraslice", "prod-teraslice"],
        ]);
    });
});
