import * as assert from "node:assert/strict";
import type { z } from "zod";
import type { Plan } from "../../bin/plan/plan";
import { type ChartValues, imageParts, mergedValues } from "../../components/operator/chartValues";
import { chartSource, Operator, type OperatorChart, registerOperator } from "../../components/operator/operator";
import { type ChartOperatorSettings, chartOperatorSettings, operatorSettings } from "../../components/operator/schema";
import { foundation, type FoundationOverrides } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, planOf } from "../support/plans";
import { defaults } from "./schema.spec";

const apiServer = { cidrs: ["10.43.0.1/32"], ports: [443] };
const schema = chartOperatorSettings(defaults);

const chart: OperatorChart = {
    name: "store-operator",
    images: ["reg.example.com/store-operator:1"],
    values: { image: { pullPolicy: "IfNotPresent" }, watch: ["dev-a"] },
    pods: [
        { part: "controller", selector: { app: "store-operator" } },
        {
            part: "webhook",
            selector: { app: "store-webhook" },
            webhookPort: 9443,
            ingress: [{ peers: [{ namespace: "monitoring" }], ports: [{ port: 8080 }] }],
            egress: [{ peers: [{ namespace: "dev-a" }], ports: [{ port: 6379 }] }],
        },
    ],
};

async function planned(
    settings: Partial<z.input<typeof schema>> = {},
    overrides: FoundationOverrides = {},
): Promise<{ plan: Plan; operator: Operator }> {
    let operator: Operator | undefined;
    const plan = await planOf(() => {
        operator = new Operator("store-operator", {
            foundation: foundation({ apiServer, ...overrides }),
            namespace: "dev-operators",
            settings: schema.parse({ kind: "chart", ...settings }),
            chart,
        });
    });
    assertSound(plan, ["store-operator-controller", "store-operator-webhook"]);
    assert.ok(operator !== undefined);
    return { plan, operator };
}

const release = async (settings = {}, overrides: FoundationOverrides = {}) =>
    find((await planned(settings, overrides)).plan, "Release");

describe("Operator", () => {
    it("is a release of the chart, with a name of its environment [operator-P6]", async () => {
        const { inputs } = await release();
        assert.equal(inputs["name"], "dev-store-operator");
        assert.equal(inputs["chart"], "store-operator");
        assert.equal(inputs["version"], "1.2.3");
        assert.deepEqual(inputs["repositoryOpts"], { repo: "https://charts.example.com" });
        assert.equal((await release({}, { environment: { name: "other" } })).inputs["name"], "other-store-operator");
    });

    it("goes to the namespace that the stack makes [operator-P7]", async () => {
        const { inputs } = await release();
        assert.equal(inputs["namespace"], "dev-operators");
        assert.equal(inputs["createNamespace"], false);
    });

    it("is awaited, and rolled back where it doesn't get ready [operator-P8]", async () => {
        const { inputs, customTimeouts } = await release({ timeout: "2m" });
        assert.equal(inputs["skipAwait"], false);
        assert.equal(inputs["atomic"], true);
        assert.equal(inputs["cleanupOnFail"], true);
        assert.equal(inputs["timeout"], 120);
        assert.equal(customTimeouts["create"], "120s");
        assert.equal(customTimeouts["update"], "120s");
    });

    it("can reach the API server before its pods start [operator-P9]", async () => {
        const { plan } = await planned();
        const policy = find(plan, "NetworkPolicy", "dev-store-operator-controller");
        assert.deepEqual(at(policy.inputs, "spec.egress"), [
            { to: [{ ipBlock: { cidr: "10.43.0.1/32" } }], ports: [{ protocol: "TCP", port: 443 }] },
        ]);
        assert.deepEqual(at(policy.inputs, "spec.ingress"), []);
        assert.ok(find(plan, "Release").dependencies.includes(policy.urn));
    });

    it("serves its webhook to the API server alone [operator-P10]", async () => {
        const { plan } = await planned();
        const policy = find(plan, "NetworkPolicy", "dev-store-operator-webhook");
        assert.deepEqual(at(policy.inputs, "spec.ingress"), [
            { from: [{ ipBlock: { cidr: "10.43.0.1/32" } }], ports: [{ protocol: "TCP", port: 9443 }] },
            {
                from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
                ports: [{ protocol: "TCP", port: 8080 }],
            },
        ]);
        assert.equal((at(policy.inputs, "spec.egress") as unknown[]).length, 2);
    });

    it("is replaced delete-first, since the release's name is fixed", async () => {
        assert.equal((await release()).deleteBeforeReplace, true);
    });

    const shown: readonly (readonly [string, object, string, unknown])[] = [
        ["version", { version: "1.3.0" }, "version", "1.3.0"],
        [
            "repository",
            { repository: "https://mirror.example.com" },
            "repositoryOpts.repo",
            "https://mirror.example.com",
        ],
        ["an OCI repository", { repository: "oci://ghcr.io/charts/" }, "chart", "oci://ghcr.io/charts/store-operator"],
        ["an OCI repository", { repository: "oci://ghcr.io/charts/" }, "repositoryOpts", undefined],
        ["release", { release: "stores" }, "name", "dev-stores"],
        [
            "values",
            { values: { image: { tag: "x" }, watch: [] } },
            "values.image",
            { pullPolicy: "IfNotPresent", tag: "x" },
        ],
        ["values", { values: { image: { tag: "x" }, watch: [] } }, "values.watch", []],
    ];
    for (const [what, settings, path, expected] of shown) {
        it(`shows ${what} at ${path}`, async () => {
            assert.deepEqual(at((await release(settings)).inputs, path), expected);
        });
    }

    it("may reach whom egress names", async () => {
        const { plan } = await planned({ egress: [{ to: [{ cidr: "10.9.0.0/16" }], ports: [{ port: 443 }] }] });
        for (const { inputs } of all(plan, "NetworkPolicy")) {
            assert.deepEqual((at(inputs, "spec.egress") as unknown[]).at(-1), {
                to: [{ ipBlock: { cidr: "10.9.0.0/16" } }],
                ports: [{ protocol: "TCP", port: 443 }],
            });
        }
    });

    it("tells which pods are the operator's", async () => {
        const { operator } = await planned();
        assert.deepEqual(operator.peers, [
            { namespace: "dev-operators", podLabels: { app: "store-operator" } },
            { namespace: "dev-operators", podLabels: { app: "store-webhook" } },
        ]);
        assert.equal(operator.releaseName, "dev-store-operator");
    });

    it("says which images its pods run, for those who look for them in a plan", async () => {
        const { plan } = await planned();
        assert.deepEqual(find(plan, "Operator").inputs["images"], ["reg.example.com/store-operator:1"]);
    });

    it("needs to know where the API server is", async () => {
        await assert.rejects(planned({}, { apiServer: undefined }), /cluster\.apiServer does not say where it is/);
    });
});

describe("registerOperator", () => {
    const use = async (settings: unknown, namespace: string | undefined) => {
        let after = 0;
        let given: ChartOperatorSettings | undefined;
        const plan = await planOf(() => {
            const used = registerOperator(
                "store-operator",
                {
                    foundation: foundation({ apiServer }),
                    namespace,
                    settings: operatorSettings(defaults).parse(settings),
                    chart: (checked) => ((given = checked), chart),
                },
                {},
            );
            after = used.after.length;
        });
        return { plan, after, given };
    };

    it("registers nothing where the operator is there [operator-P1]", async () => {
        const { plan, after } = await use({ kind: "existing" }, undefined);
        assert.deepEqual(all(plan, "Release"), []);
        assert.equal(after, 0);
    });

    it("gives what custom resources have to wait for", async () => {
        const { plan, after, given } = await use({ kind: "chart", replicas: 2 }, "dev-operators");
        assert.equal(all(plan, "Release").length, 1);
        assert.equal(after, 1);
        assert.equal(given?.replicas, 2);
    });

    it("needs a namespace to install it in", async () => {
        await assert.rejects(use({ kind: "chart" }, undefined), /needs a namespace to install its operator in/);
    });
});

describe("mergedValues", () => {
    it("merges maps and replaces all else, and leaves both alone", () => {
        const under = { a: { b: 1, c: [1, 2] }, d: "x" };
        assert.deepEqual(mergedValues(under, { a: { c: [3] }, d: null, e: true }), {
            a: { b: 1, c: [3] },
            d: null,
            e: true,
        });
        assert.deepEqual(under, { a: { b: 1, c: [1, 2] }, d: "x" });
    });

    it("takes a key for a key, whatever objects inherit", () => {
        assert.deepEqual(Object.keys(mergedValues({}, JSON.parse('{"__proto__":{"a":1}}') as ChartValues)), [
            "__proto__",
        ]);
    });
});

describe("imageParts", () => {
    const cases: readonly (readonly [string, string, string, string])[] = [
        ["ghcr.io/kubeflow/x/controller:2.5.2", "ghcr.io", "kubeflow/x/controller", "2.5.2"],
        ["localhost:5000/x:1", "localhost:5000", "x", "1"],
        ["library/x:1", "docker.io", "library/x", "1"],
        [`reg.example.com/x:1@sha256:${"a".repeat(64)}`, "reg.example.com", "x", `1@sha256:${"a".repeat(64)}`],
    ];
    for (const [reference, registry, repository, tag] of cases) {
        it(`splits ${reference.slice(0, 40)}`, () => {
            assert.deepEqual(imageParts(reference), { registry, repository, tag });
        });
    }

    it("refuses what has no tag", () => {
        assert.throws(() => imageParts("ghcr.io/x"), /no image reference with a tag/);
    });
});

describe("chartSource", () => {
    it("names an OCI chart by its whole address", () => {
        assert.deepEqual(chartSource("a", "oci://ghcr.io/charts"), { chart: "oci://ghcr.io/charts/a" });
        assert.deepEqual(chartSource("a", "https://c.example.com"), {
            chart: "a",
            repositoryOpts: { repo: "https://c.example.com" },
        });
    });
});
