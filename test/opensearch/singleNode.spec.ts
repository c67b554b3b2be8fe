import * as assert from "node:assert/strict";
import type { Peer } from "../../components/foundation/networkPolicy";
import { parseQuantity } from "../../components/foundation/quantity";
import type { SingleNodeSettings } from "../../components/opensearch/schema";
import { OpenSearchSingleNode } from "../../components/opensearch/singleNode";
import { foundation, type FoundationOverrides } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, kindsAndNames, listAt, planOf } from "../support/plans";

interface Overrides {
    readonly settings?: Omit<SingleNodeSettings, "kind">;
    readonly clients?: readonly Peer[];
    readonly lifecycle?: SingleNodeSettings["lifecycle"];
    readonly foundation?: FoundationOverrides;
}

const planned = async ({ settings, clients, lifecycle, foundation: overrides }: Overrides = {}) => {
    let node: OpenSearchSingleNode | undefined;
    const plan = await planOf(() => {
        node = new OpenSearchSingleNode("search", {
            foundation: foundation(overrides),
            namespace: "stores",
            settings: { kind: "single", ...settings },
            ...(clients && { clients }),
            ...(lifecycle && { lifecycle }),
        });
    });
    // The policy of the setup Task, whose pod is a Job's.
    assertSound(plan, ["search-setup-task-network"]);
    assert.ok(node !== undefined);
    return { plan, node };
};

const setOf = async (given: Overrides = {}): Promise<unknown> =>
    find((await planned(given)).plan, "StatefulSet").inputs;

/** Neither a log of the garbage collector, which would outgrow its volume, nor a heap dump among the data. */
const furtherOptions = "-Xlog:disable -Xlog:all=warning:stderr:utctime,level,tags -XX:-HeapDumpOnOutOfMemoryError";
const pod = "spec.template.spec";
const container = `${pod}.containers[name=opensearch]`;
const copy = `${pod}.initContainers[name=copy-config]`;
const home = "/usr/share/opensearch";
const selector = {
    "app.kubernetes.io/name": "opensearch",
    "app.kubernetes.io/instance": "search",
    "app.kubernetes.io/component": "node",
};

describe("OpenSearchSingleNode", () => {
    it("registers one node without a budget, and tells how to reach it", async () => {
        const { plan, node } = await planned();
        assert.deepEqual(kindsAndNames(plan), [
            "Access search-access",
            "NetworkPolicy search-node-network",
            "Service search-node-headless",
            "Service search-node-service",
            "ServiceAccount search-access-account",
            "SingleNode search",
            "StatefulSet search-node-set",
            "WorkerSet search-node",
        ]);
        assert.equal(at(find(plan, "StatefulSet").inputs, "spec.replicas"), 1);
        assert.deepEqual(node.nodes, ["http://search.stores.svc.cluster.local:9200"]);
        assert.equal(node.singleNode, true);
        assert.deepEqual(node.flow, {
            peers: [{ namespace: "stores", podLabels: selector }],
            ports: [{ port: 9200, protocol: "TCP" }],
        });
        assert.deepEqual(find(plan, "SingleNode").outputs, { nodes: ["http://search.stores.svc.cluster.local:9200"] });
    });

    const cases: readonly (readonly [string, Overrides, string, unknown])[] = [
        [
            "storage",
            { settings: { storage: "7Gi" } },
            "spec.volumeClaimTemplates[0].spec.resources.requests",
            { storage: "7Gi" },
        ],
        ["storage, 10Gi by default", {}, "spec.volumeClaimTemplates[0].spec.resources.requests", { storage: "10Gi" }],
        [
            "storageClass",
            { settings: { storageClass: "fast" } },
            "spec.volumeClaimTemplates[0].spec.storageClassName",
            "fast",
        ],
        ["no storageClass by default", {}, "spec.volumeClaimTemplates[0].spec.storageClassName", undefined],
        [
            "resources",
            { settings: { resources: { cpu: "2", cpuLimit: "3", memory: "4Gi", ephemeralStorage: "2Gi" } } },
            `${container}.resources`,
            {
                requests: { cpu: "2", memory: "4Gi", "ephemeral-storage": "2Gi" },
                limits: { cpu: "3", memory: "4Gi", "ephemeral-storage": "2Gi" },
            },
        ],
        [
            "heap",
            { settings: { heap: "512Mi" } },
            `${container}.env[name=OPENSEARCH_JAVA_OPTS].value`,
            `-Xms512m -Xmx512m ${furtherOptions}`,
        ],
        [
            "a heap of half by default",
            {},
            `${container}.env[name=OPENSEARCH_JAVA_OPTS].value`,
            `-Xms768m -Xmx768m ${furtherOptions}`,
        ],
        ["memoryMap", { settings: { memoryMap: true } }, `${container}.env[name=node.store.allow_mmap].value`, "true"],
        ["no memoryMap by default", {}, `${container}.env[name=node.store.allow_mmap].value`, "false"],
        [
            "targets",
            { settings: { targets: "stateful" } },
            `${pod}.affinity`,
            {
                nodeAffinity: {
                    requiredDuringSchedulingIgnoredDuringExecution: {
                        nodeSelectorTerms: [
                            { matchExpressions: [{ key: "pool", operator: "In", values: ["stateful"] }] },
                        ],
                    },
                },
            },
        ],
        ["no targets by default", {}, `${pod}.affinity`, undefined],
        ["priority", { settings: { priority: "critical" } }, `${pod}.priorityClassName`, "dev-critical"],
        ["no priority by default", {}, `${pod}.priorityClassName`, undefined],
        [
            "the environment's pins",
            { foundation: { images: { pins: { opensearch: "3.1.1" } } } },
            `${container}.image`,
            "docker.io/opensearchproject/opensearch:3.1.1",
        ],
        [
            "the environment's pins, for the copy too",
            { foundation: { images: { pins: { opensearch: "3.1.1" } } } },
            `${copy}.image`,
            "docker.io/opensearchproject/opensearch:3.1.1",
        ],
    ];
    for (const [what, given, path, expected] of cases) {
        it(`shows ${what}`, async () => assert.deepEqual(at(await setOf(given), path), expected));
    }

    it("lets in settings.clients and clients on the HTTP port, and reaches nobody", async () => {
        const given = { settings: { clients: [{ cidr: "10.0.0.0/8" }] }, clients: [{ namespace: "team" }] };
        const policy = find((await planned(given)).plan, "NetworkPolicy").inputs;
        assert.deepEqual(at(policy, "spec.ingress"), [
            {
                from: [
                    { ipBlock: { cidr: "10.0.0.0/8" } },
                    { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team" } } },
                ],
                ports: [{ protocol: "TCP", port: 9200 }],
            },
        ]);
        assert.deepEqual(at(policy, "spec.egress"), []);
        const closed = find((await planned()).plan, "NetworkPolicy").inputs;
        assert.deepEqual(at(closed, "spec.ingress"), []);
    });

    it("runs as a single node, and never bootstraps a cluster", async () => {
        const env = listAt(await setOf(), `${container}.env`);
        assert.equal(at(env, "[name=discovery.type].value"), "single-node");
        assert.equal(JSON.stringify(env).includes("initial_"), false);
    });

    it("runs without security, demo certificates or the second JVM", async () => {
        const env = listAt(await setOf(), `${container}.env`);
        for (const name of [
            "DISABLE_SECURITY_PLUGIN",
            "DISABLE_INSTALL_DEMO_CONFIG",
            "DISABLE_PERFORMANCE_ANALYZER_AGENT_CLI",
        ]) {
            assert.equal(at(env, `[name=${name}].value`), "true", name);
        }
        assert.equal(at(env, "[name=bootstrap.memory_lock].value"), "false");
    });

    it("gives Lucene at least half of the memory", async () => {
        for (const memory of ["1Gi", "1537Mi", "3G"]) {
            const options = String(
                at(
                    await setOf({ settings: { resources: { memory } } }),
                    `${container}.env[name=OPENSEARCH_JAVA_OPTS].value`,
                ),
            );
            const [, least, most] = /^-Xms(\d+)m -Xmx(\d+)m /.exec(options) ?? [];
            assert.equal(least, most);
            assert.ok(Number(most) * 2 ** 20 <= parseQuantity(memory) / 2, options);
            assert.ok((Number(most) + 1) * 2 ** 20 > parseQuantity(memory) / 2, options);
        }
    });

    it("is ready when it answers, whatever the colour, and alive while its port is open", async () => {
        const set = await setOf();
        const health = { path: "/_cluster/health?local=true", port: "http" };
        assert.deepEqual(at(set, `${container}.readinessProbe.httpGet`), health);
        assert.deepEqual(at(set, `${container}.startupProbe.httpGet`), health);
        assert.deepEqual(at(set, `${container}.livenessProbe.tcpSocket`), { port: "transport" });
        assert.equal(at(set, `${pod}.terminationGracePeriodSeconds`), 120);
        assert.equal(at(set, "spec.podManagementPolicy"), "Parallel");
    });

    it("fills its configuration folder from the image, on a root that can't be written", async () => {
        const set = await setOf();
        assert.deepEqual(at(set, `${copy}.command`), ["bash", "-ec", `cp -r ${home}/config/. /config/`]);
        assert.equal(at(set, `${copy}.volumeMounts[name=config].mountPath`), "/config");
        assert.deepEqual(at(set, `${container}.volumeMounts`), [
            { name: "config", mountPath: `${home}/config` },
            { name: "data", mountPath: `${home}/data` },
            { name: "logs", mountPath: `${home}/logs` },
            { name: "tmp", mountPath: "/tmp" },
        ]);
        assert.deepEqual(at(set, `${pod}.volumes[name=config]`), { name: "config", emptyDir: { sizeLimit: "16Mi" } });
    });

    it("answers clients at one address when ready, and has a name of its own", async () => {
        const { plan } = await planned();
        const port = (name: string, number: number) => ({ name, port: number, targetPort: name, protocol: "TCP" });
        assert.deepEqual(find(plan, "Service", "search").inputs["spec"], {
            selector,
            type: "ClusterIP",
            ports: [port("http", 9200)],
        });
        assert.deepEqual(find(plan, "Service", "search-nodes").inputs["spec"], {
            selector,
            clusterIP: "None",
            publishNotReadyAddresses: true,
            ports: [port("http", 9200), port("transport", 9300)],
        });
        assert.deepEqual(
            listAt(find(plan, "StatefulSet").inputs, `${container}.ports`).map((each) => at(each, "name")),
            ["http", "transport"],
        );
    });

    it("calls no API and has no token", async () => {
        const { plan } = await planned();
        assert.deepEqual([all(plan, "Role"), all(plan, "RoleBinding")], [[], []]);
        assert.equal(at(find(plan, "StatefulSet").inputs, `${pod}.automountServiceAccountToken`), false);
        assert.equal(at(find(plan, "StatefulSet").inputs, `${pod}.serviceAccountName`), "search");
    });

    it("keeps its inputs to what a guard compares", async () => {
        assert.deepEqual(find((await planned()).plan, "SingleNode").inputs, {
            storage: "10Gi",
            storageClass: null,
            image: "docker.io/opensearchproject/opensearch:3.1.0",
        });
        const given = await planned({ settings: { storage: "1Gi", storageClass: "fast" } });
        assert.deepEqual(find(given.plan, "SingleNode").inputs, {
            storage: "1Gi",
            storageClass: "fast",
            image: "docker.io/opensearchproject/opensearch:3.1.0",
        });
    });

    it("refuses a heap that leaves Lucene too little, and a target set that is not there", async () => {
        await assert.rejects(
            planned({ settings: { heap: "769Mi" } }),
            /heap: expected a heap of at most half of resources.memory, .* found "769Mi"/,
        );
        assert.ok(await planned({ settings: { heap: "768Mi" } }));
        await assert.rejects(planned({ settings: { targets: "nowhere" } }), /there is no target set "nowhere"/);
    });

    it("has a Task for policies, those of the settings and those of the systems, over plain HTTP", async () => {
        const policy = (name: string) => ({ name, patterns: [`${name}-*`], deleteAfter: "30d" });
        const { plan } = await planned({ settings: { lifecycle: [policy("own")] }, lifecycle: [policy("systems")] });
        const { data } = find(plan, "ConfigMap").inputs as { readonly data: Record<string, string> };
        assert.deepEqual(Object.keys(data), ["policy-own.json", "policy-systems.json", "setup.sh"]);
        assert.match(data["setup.sh"] ?? "", /"http:\/\/search\.stores\.svc\.cluster\.local:9200\$2"/);
        const job = find(plan, "Job");
        assert.equal(at(job.inputs, "spec.activeDeadlineSeconds"), 900);
        assert.deepEqual(at(job.inputs, `${pod}.containers[0].command`), ["bash", "/setup/setup.sh"]);
        assert.ok(find(plan, "Task").dependencies.includes(find(plan, "ConfigMap").urn));
        assert.ok(find(plan, "Setup").dependencies.includes(find(plan, "StatefulSet").urn));
        const task = { "app.kubernetes.io/name": "opensearch", "app.kubernetes.io/instance": "search" };
        assert.deepEqual(at(find(plan, "NetworkPolicy", "search-node-network").inputs, "spec.ingress[0].from"), [
            { podSelector: { matchLabels: { ...task, "app.kubernetes.io/component": "setup" } } },
        ]);
        const egress = at(find(plan, "NetworkPolicy", "search-setup-task-network").inputs, "spec.egress");
        assert.deepEqual(egress, [
            { to: [{ podSelector: { matchLabels: selector } }], ports: [{ protocol: "TCP", port: 9200 }] },
        ]);
    });
});
