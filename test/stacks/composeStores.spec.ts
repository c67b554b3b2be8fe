import * as assert from "node:assert/strict";
import { type Plan, type PlannedResource, planProgram } from "../../bin/plan/plan";
import type { Platform } from "../../stacks/platform";
import { program } from "../../stacks/program";
import { all, at, find } from "../support/plans";
import { configOf, type Edit, stackFileWith } from "../support/stackFiles";
import {
    clusterStore,
    externalStore,
    inDevelopment,
    ingressOf,
    routeOf,
    terasliceWith,
    uploaderWith,
} from "./brokenTable";
import { leaningFile, richFile } from "./richFile";

const planned = (text: string): Promise<Plan> => planProgram(() => ({ ...program(configOf(text)) }), { stack: "test" });
const plannedWith = (...edits: readonly Edit[]): Promise<Plan> => planned(stackFileWith(...edits));
const platformOf = (plan: Plan): Platform => plan.outputs["platform"] as Platform;

const named = (plan: Plan, name: string): PlannedResource => {
    const [only, ...others] = plan.resources.filter((each) => each.name === name);
    assert.ok(only !== undefined && others.length === 0, name);
    return only;
};

/** Names of all that a resource's inputs are made of. */
const madeOf = (plan: Plan, name: string): string[] => {
    const { dependencies } = named(plan, name);
    return plan.resources.filter(({ urn }) => dependencies.includes(urn)).map((each) => each.name);
};

const namespace = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });
const podsOf = (name: string, instance: string, component: string) => ({
    podSelector: {
        matchLabels: {
            "app.kubernetes.io/name": name,
            "app.kubernetes.io/instance": instance,
            "app.kubernetes.io/component": component,
        },
    },
});
const proxyOf = (part: string) => ({
    ...namespace(`prod-${part}`),
    ...podsOf("dashboard", `${part}-dashboard`, "proxy"),
});

const own = "authentication: { kind: own }";
const packages = "storageClass: standard";

describe("a stack with an OpenSearch cluster", () => {
    it("gives Teraslice a user of its own, and the certificate of the authority", async () => {
        const plan = await plannedWith(clusterStore());
        for (const config of ["teraslice-master-config", "teraslice-worker-config"]) {
            const secrets = madeOf(plan, config).filter((name) => /-password-|certificate/.test(name));
            assert.deepEqual(
                secrets.filter((name) => !name.includes("authority")),
                ["opensearch-teraslice-password-0"],
                config,
            );
            assert.ok(secrets.includes("opensearch-authority-0-certificate"), config);
        }
    });

    it("is reached by https, by Teraslice after its users are there", async () => {
        const plan = await plannedWith(clusterStore());
        const nodes = ["https://opensearch.prod-opensearch.svc.cluster.local:9200"];
        assert.deepEqual(platformOf(plan).opensearch?.nodes, nodes);
        assert.deepEqual(find(plan, "Cluster").outputs["nodes"], nodes);
        assert.ok(find(plan, "Teraslice").dependencies.includes(named(plan, "opensearch-setup-task-job").urn));
    });

    it("has Teraslice's user only where there is a Teraslice", async () => {
        const plan = await plannedWith(clusterStore(), [
            "    teraslice: { name: ts-prod, targets: batch, priority: critical }",
            "    {}",
        ]);
        assert.deepEqual(
            all(plan, "RandomPassword").map(({ name }) => name),
            ["opensearch-admin-password-0", "opensearch-readiness-password-0"],
        );
    });

    it("renews the password of Teraslice's user with its counter, and restarts the master and no node", async () => {
        const before = await plannedWith(clusterStore());
        const after = await plannedWith(clusterStore(), terasliceWith("credentialsRotation: 1"));
        const passwords = (plan: Plan) => all(plan, "RandomPassword").map(({ name }) => name);
        assert.deepEqual(
            passwords(after).filter((name) => !passwords(before).includes(name)),
            ["opensearch-teraslice-password-1"],
        );
        // The former stays valid while the master changes over.
        assert.ok(passwords(after).includes("opensearch-teraslice-password-0"));
        assert.ok(madeOf(after, "teraslice-master-config").includes("opensearch-teraslice-password-1"));
        assert.equal(madeOf(after, "teraslice-master-config").includes("opensearch-teraslice-password-0"), false);
        const template = (plan: Plan, name: string) => at(named(plan, name).inputs, "spec.template");
        assert.notDeepEqual(
            template(after, "teraslice-master-deployment"),
            template(before, "teraslice-master-deployment"),
        );
        assert.deepEqual(template(after, "opensearch-data-set"), template(before, "opensearch-data-set"));
    });
});

describe("a retention of Teraslice", () => {
    for (const [kind, edits] of [
        ["single", [inDevelopment, [externalStore, "kind: single"]]],
        ["cluster", [clusterStore()]],
    ] as const) {
        it(`is a policy of a store of kind ${kind}`, async () => {
            const policies = async (...further: readonly Edit[]): Promise<unknown> => {
                const plan = await plannedWith(...edits, ...further);
                const [config] = plan.resources.filter(({ name }) => name === "opensearch-setup-config");
                const data = Object.entries((at(config?.inputs, "data") ?? {}) as Record<string, string>);
                return data.flatMap(([file, text]) => {
                    const policy = file.startsWith("policy-") ? (JSON.parse(text) as unknown) : undefined;
                    return policy === undefined
                        ? []
                        : [
                              [
                                  file,
                                  at(policy, "policy.ism_template[0].index_patterns"),
                                  at(policy, "policy.states[0].transitions[0].conditions"),
                              ],
                          ];
                });
            };
            assert.deepEqual(await policies(), []);
            assert.deepEqual(
                await policies(
                    terasliceWith(
                        "indices: { state: { rollover: daily, retention: 30d }, analytics: { retention: 400d } }",
                    ),
                ),
                [
                    ["policy-ts-prod-analytics.json", ["ts-prod__analytics-*"], { min_index_age: "400d" }],
                    ["policy-ts-prod-state.json", ["ts-prod__state-*"], { min_index_age: "30d" }],
                ],
            );
        });
    }
});

describe("what is exposed", () => {
    const inside = [namespace("prod-teraslice")];
    const setup = podsOf("opensearch", "opensearch", "setup");
    const controllers = podsOf("teraslice", "ts-prod", "execution_controller");
    const from = (plan: Plan, policy: string): unknown => at(named(plan, policy).inputs, "spec.ingress[0].from");

    it("lets in the systems and its own proxy, and nobody else", async () => {
        const plan = await plannedWith(
            clusterStore(ingressOf("search.example.com", own)),
            uploaderWith(`${packages}, ${routeOf("packages.example.com")}`),
            terasliceWith(ingressOf("ts.example.com")),
        );
        assert.deepEqual(from(plan, "opensearch-data-network"), [...inside, proxyOf("opensearch"), setup]);
        assert.deepEqual(from(plan, "uploader-server-network"), [...inside, proxyOf("uploader")]);
        assert.deepEqual(from(plan, "teraslice-master-network"), [controllers, proxyOf("teraslice")]);
        // Before the proxies are those who bring the browsers.
        assert.deepEqual(from(plan, "opensearch-dashboard-proxy-network"), [namespace("ingress")]);
        assert.deepEqual(from(plan, "uploader-dashboard-proxy-network"), [namespace("gateways")]);
    });

    it("lets in the controller itself where no proxy stands between", async () => {
        const nobody = "authentication: { kind: none, confirm: anyone who reaches it may use it }";
        const plan = await plannedWith(
            uploaderWith(`${packages}, ${routeOf("packages.example.com", nobody)}`),
            terasliceWith(ingressOf("ts.example.com", nobody)),
        );
        assert.deepEqual(from(plan, "uploader-server-network"), [...inside, namespace("gateways")]);
        assert.deepEqual(from(plan, "teraslice-master-network"), [controllers, namespace("ingress")]);
        assert.deepEqual(
            all(plan, "Deployment").map(({ name }) => name),
            ["teraslice-master-deployment"],
        );
    });

    it("lets in nobody more when it is not", async () => {
        const plan = await plannedWith(clusterStore(), uploaderWith(packages));
        assert.deepEqual(from(plan, "opensearch-data-network"), [...inside, setup]);
        assert.deepEqual(from(plan, "uploader-server-network"), inside);
        assert.deepEqual(from(plan, "teraslice-master-network"), [controllers]);
    });

    it("is listed, each UI with what opens it", async () => {
        assert.deepEqual(platformOf(await planned(richFile)).dashboards, [
            {
                title: "OpenSearch",
                url: "https://search.example.com/",
                command: "https://search.example.com/",
            },
            {
                title: "Teraslice API",
                url: "https://teraslice.example.com:8443/",
                command: "https://teraslice.example.com:8443/",
                login: `kubectl --namespace dev-teraslice get secret teraslice-dashboard-login --output go-template='{{.data.username | base64decode}} {{.data.password | base64decode}}{{"\\n"}}'`,
            },
            {
                title: "Uploader",
                url: "https://packages.example.com/",
                command: "https://packages.example.com/",
            },
        ]);
        assert.deepEqual(platformOf(await plannedWith(clusterStore(), uploaderWith(packages))).dashboards, [
            {
                title: "OpenSearch",
                command:
                    "kubectl --namespace prod-opensearch port-forward service/opensearch 9200:9200 # then https://localhost:9200/",
            },
            {
                title: "Teraslice API",
                command:
                    "kubectl --namespace prod-teraslice port-forward service/teraslice-master 5678:5678 # then http://localhost:5678/",
            },
            {
                title: "Uploader",
                command:
                    "kubectl --namespace prod-uploader port-forward service/uploader 8080:80 # then http://localhost:8080/",
            },
        ]);
    });
});

describe("an uploader", () => {
    it("of somebody else's bucket registers nothing", async () => {
        const without = await plannedWith();
        const bucket = await plannedWith(
            uploaderWith("kind: s3, bucket: packages, region: eu-west-1, peers: [{ cidr: 10.0.0.0/8 }]"),
        );
        assert.deepEqual(bucket.resources, without.resources);
        const { uploader, ...others } = platformOf(bucket);
        assert.deepEqual(others, platformOf(without));
        assert.deepEqual(uploader, {
            kind: "s3",
            bucket: "packages",
            region: "eu-west-1",
            pathPrefix: "packages",
            flow: { peers: [{ cidr: "10.0.0.0/8" }], ports: [{ port: 443, protocol: "TCP" }] },
        });
    });

    it("of the stack's own is in a namespace of its own, and other stacks know where", async () => {
        const plan = await plannedWith(uploaderWith(packages));
        assert.equal(at(named(plan, "uploader-server-set").inputs, "metadata.namespace"), "prod-uploader");
        assert.deepEqual(at(platformOf(plan), "uploader.url"), "http://uploader.prod-uploader.svc.cluster.local");
        assert.deepEqual(at(platformOf(plan), "uploader.service.namespace"), "prod-uploader");
    });
});

describe("an environment that is watched", () => {
    const monitors = (plan: Plan): string[] => all(plan, "Monitor").map(({ name }) => name);

    it("has monitors of every part that it runs itself", async () => {
        const parts = ["opensearch", "teraslice", "uploader", "zookeeper"];
        assert.deepEqual(
            monitors(await planned(richFile)),
            parts.map((part) => `${part}-monitor`),
        );
        assert.deepEqual(monitors(await planned(leaningFile)), ["opensearch-monitor", "teraslice-monitor"]);
    });

    it("lets the scrapers read the metrics of each", async () => {
        const plan = await planned(richFile);
        const scraper = { ...namespace("monitoring"), podSelector: { matchLabels: { app: "prometheus" } } };
        const letIn = all(plan, "NetworkPolicy")
            .filter(({ inputs }) => JSON.stringify(at(inputs, "spec.ingress") ?? []).includes(JSON.stringify(scraper)))
            .map(({ name }) => name);
        assert.deepEqual(letIn, [
            "teraslice-execution-controller-network",
            "teraslice-master-network",
            "teraslice-worker-network",
            "zookeeper-ensemble-network",
        ]);
    });

    it("is none without the section", async () => {
        assert.deepEqual(monitors(await plannedWith(clusterStore(), uploaderWith(packages))), []);
    });
});
