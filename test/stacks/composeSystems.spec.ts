import * as assert from "node:assert/strict";
import { clientFilesOf } from "../../bin/plan/write";
import { type Plan, planProgram } from "../../bin/plan/plan";
import type { Platform } from "../../stacks/platform";
import { program } from "../../stacks/program";
import { assertSound } from "../support/invariants";
import { all, at, find, listAt } from "../support/plans";
import { configOf, type Edit, stackFileWith } from "../support/stackFiles";
import { ingressOf, systemWith } from "./brokenTable";

const heron = (settings = "") => systemWith("heron", `{ uploader: { kind: http, storageClass: fast }${settings} }`);
const research = "jobNamespaces: { research: { uploader: { kind: none } } }";
const twister2 = (settings = "") =>
    systemWith("twister2", `{ ${research}, dashboard: { kind: own, storageClass: fast }${settings} }`);
const flink = (settings = "") => systemWith("flink", `{ streams: { ${settings} } }`);
const elected =
    'highAvailability: { kind: zookeeper, storageDir: "s3://b/ha" }, checkpointing: { directory: "s3://b/c" }, plugins: [s3-fs-presto], egress: [{ to: [{ cidr: 10.9.0.0/16 }], ports: [{ port: 443 }] }]';

const plannedWith = async (...edits: readonly Edit[]): Promise<Plan> => {
    const plan = await planProgram(() => ({ ...program(configOf(stackFileWith(...edits))) }), { stack: "test" });
    assertSound(plan);
    return plan;
};
const platformOf = (plan: Plan): Platform => plan.outputs["platform"] as Platform;

/** The namespaces whose pods the members of the stack's ensemble let in. */
function letIn(plan: Plan): unknown[] {
    const ingress = listAt(find(plan, "NetworkPolicy", "zookeeper").inputs, "spec.ingress");
    return ingress
        .flatMap((rule) => listAt(rule, "from"))
        .map((peer) => at(peer, 'namespaceSelector.matchLabels["kubernetes.io/metadata.name"]'))
        .filter((namespace) => namespace !== undefined);
}

describe("a stack with systems that use its ZooKeeper", () => {
    it("lets in those that do, and nobody else", async () => {
        assert.deepEqual(letIn(await plannedWith()), []);
        assert.deepEqual(letIn(await plannedWith(twister2())), []);
        assert.deepEqual(letIn(await plannedWith(flink())), []);
        assert.deepEqual(letIn(await plannedWith(heron())), ["prod-heron", "prod-heron-topologies"]);
        assert.deepEqual(letIn(await plannedWith(twister2(", zookeeper: { kind: shared }"))), [
            "prod-twister2-research",
        ]);
        assert.deepEqual(letIn(await plannedWith(flink(elected))), ["prod-flink-streams"]);
    });

    it("makes them after its members", async () => {
        for (const [kind, edit] of [
            ["Heron", heron()],
            ["Twister2", twister2(", zookeeper: { kind: shared }")],
            ["FlinkSession", flink(elected)],
        ] as const) {
            const plan = await plannedWith(edit);
            const { dependencies } = find(plan, kind);
            assert.ok(dependencies.includes(find(plan, "StatefulSet", "zookeeper").urn), kind);
        }
    });
});

describe("the namespaces of systems that start pods by themselves", () => {
    const levels = async (edit: Edit) => {
        const plan = await plannedWith(edit);
        return Object.fromEntries(
            all(plan, "Namespace")
                .filter(({ custom }) => custom)
                .map(({ inputs }): [string, unknown[]] => [
                    String(at(inputs, "metadata.name")),
                    [
                        at(inputs, 'metadata.labels["pod-security.kubernetes.io/enforce"]'),
                        at(inputs, 'metadata.annotations["data-platform/pod-security-reason"]') !== undefined,
                        at(
                            all(plan, "ServiceAccountPatch").find(
                                (patch) => at(patch.inputs, "metadata.namespace") === at(inputs, "metadata.name"),
                            )?.inputs,
                            "automountServiceAccountToken",
                        ),
                    ],
                ]),
        );
    };
    const closed = ["restricted", false, false];
    const others = { "prod-teraslice": closed, "prod-zookeeper": closed };

    it("are baseline for Heron's topologies, for a reason that stands there", async () => {
        assert.deepEqual(await levels(heron()), {
            ...others,
            "prod-heron": closed,
            "prod-heron-topologies": ["baseline", true, false],
        });
    });

    it("are baseline for Twister2's jobs, which have the token of the default account", async () => {
        assert.deepEqual(await levels(twister2()), {
            ...others,
            "prod-twister2": closed,
            "prod-twister2-research": ["baseline", true, true],
        });
    });

    it("are restricted for Flink", async () => {
        assert.deepEqual(await levels(flink()), { ...others, "prod-flink-streams": closed });
    });

    it("are made for Twister2's own dashboard only where there is one", async () => {
        const none = systemWith("twister2", `{ ${research}, dashboard: { kind: none } }`);
        assert.ok(!("prod-twister2" in (await levels(none))));
    });
});

describe("the outputs of a stack with systems", () => {
    it("say where each is", async () => {
        const plan = await plannedWith(heron(), twister2(), flink());
        const { systems } = platformOf(plan);
        assert.deepEqual(
            { heron: systems.heron, twister2: systems.twister2, flink: systems.flink },
            {
                heron: {
                    namespace: "prod-heron",
                    topologyNamespace: "prod-heron-topologies",
                    clusterName: "prod-heron",
                    url: "http://heron-apiserver.prod-heron.svc.cluster.local:9000",
                },
                twister2: {
                    jobNamespaces: { research: "prod-twister2-research" },
                    dashboard: "http://twister2-dashboard.prod-twister2.svc.cluster.local",
                },
                flink: {
                    streams: {
                        namespace: "prod-flink-streams",
                        clusterId: "flink-streams",
                        url: "http://flink-streams-rest.prod-flink-streams.svc.cluster.local:8081",
                    },
                },
            },
        );
    });

    it("hold the files of their clients, which render writes", async () => {
        const plan = await plannedWith(heron(), twister2(), flink());
        const { clientFiles } = platformOf(plan);
        const paths = Object.keys(clientFiles);
        assert.ok(paths.includes("heron/cli/prod-heron/cli.yaml"));
        assert.ok(paths.includes("twister2/research/conf/kubernetes/resource.yaml"));
        assert.ok(paths.includes("flink/streams/config.yaml"));
        assert.deepEqual(
            clientFilesOf(plan.outputs).map(({ name, content }) => [name, content]),
            Object.entries(clientFiles).map(([path, text]) => [`clients/${path}`, text]),
        );
        assert.deepEqual(clientFilesOf({}), []);
    });

    it("list every UI", async () => {
        const { dashboards } = platformOf(await plannedWith(heron(), twister2(), flink()));
        assert.deepEqual(
            dashboards.map(({ title }) => title),
            ["Flink streams", "Heron API server", "Heron UI", "Heron tracker", "Teraslice API", "Twister2 dashboard"],
        );
    });
});

describe("the exposure of a system", () => {
    for (const [what, edit, policy, url] of [
        ["Heron's UI", heron(`, exposure: { ui: { ${inner("heron.example.com")} } }`), "heron-ui", "heron.example.com"],
        [
            "Heron's API server",
            heron(`, exposure: { apiServer: { ${inner("api.example.com")} } }`),
            "heron-apiserver",
            "api.example.com",
        ],
        [
            "Heron's tracker",
            heron(`, exposure: { tracker: { ${inner("tracker.example.com")} } }`),
            "heron-tracker",
            "tracker.example.com",
        ],
        ["Twister2's dashboard", twister2(`, ${ingressOf("jobs.example.com")}`), "twister2-dash", "jobs.example.com"],
        ["a Flink session", flink(ingressOf("flink.example.com")), "flink-streams", "flink.example.com"],
    ] as const) {
        it(`of ${what} lets its proxy in, and is in the list`, async () => {
            const plan = await plannedWith(edit);
            const ingress = listAt(find(plan, "NetworkPolicy", policy).inputs, "spec.ingress");
            const names = ingress
                .flatMap((rule) => listAt(rule, "from"))
                .map((peer) => at(peer, 'podSelector.matchLabels["app.kubernetes.io/name"]'));
            assert.ok(names.includes("dashboard"), policy);
            assert.ok(platformOf(plan).dashboards.some((line) => line.url === `https://${url}/`));
        });
    }
});

function inner(host: string): string {
    return ingressOf(host)
        .replace(/^exposure: \{ /, "")
        .replace(/ \}$/, "");
}
