import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { MasterSet, type MasterSetArgs } from "../../components/sets/masterSet";
import { foundation, identityLabels } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, kindsAndNames, planOf } from "../support/plans";
import { commonArguments, setArgs, type SetOverrides } from "../support/sets";

type Overrides = SetOverrides & Partial<Pick<MasterSetArgs, "strategy" | "minReadySeconds" | "startSeconds">>;

const planned = async ({ strategy, minReadySeconds, startSeconds, ...given }: Overrides = {}): Promise<Plan> => {
    const own = {
        strategy: strategy ?? "Recreate",
        ...(minReadySeconds !== undefined && { minReadySeconds }),
        ...(startSeconds !== undefined && { startSeconds }),
    };
    const plan = await planOf(() => new MasterSet("store", { ...setArgs(given), ...own }));
    assertSound(plan);
    return plan;
};

describe("MasterSet", () => {
    it("registers a Deployment with its policy and budget", async () => {
        assert.deepEqual(
            kindsAndNames(await planned()).filter((each) => !each.includes("set-access")),
            [
                "Deployment store-deployment",
                "MasterSet store",
                "NetworkPolicy store-network",
                "PodDisruptionBudget store-budget",
            ],
        );
    });

    for (const [argument, given, kind, path, expected] of commonArguments) {
        const workload = kind === "WORKLOAD" ? "Deployment" : kind;
        it(`shows ${argument} in its ${workload}`, async () => {
            assert.deepEqual(at(find(await planned(given), workload).inputs, path), expected);
        });
    }

    for (const [argument, given, path, expected] of [
        ["strategy Recreate", { strategy: "Recreate" }, "spec.strategy", { type: "Recreate" }],
        [
            "strategy RollingUpdate, which starts one more first",
            { strategy: "RollingUpdate" },
            "spec.strategy",
            { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        ],
        ["minReadySeconds", { minReadySeconds: 15 }, "spec.minReadySeconds", 15],
        ["no minReadySeconds by default", {}, "spec.minReadySeconds", undefined],
        ["startSeconds", { startSeconds: 900 }, "spec.progressDeadlineSeconds", 1200],
        ["five minutes to start by default, and five to pull", {}, "spec.progressDeadlineSeconds", 600],
        ["few old revisions", {}, "spec.revisionHistoryLimit", 3],
    ] as const) {
        it(`shows ${argument}`, async () => {
            assert.deepEqual(at(find(await planned(given), "Deployment").inputs, path), expected);
        });
    }

    it("lets the engine wait a minute longer than Kubernetes, so that it can say why a rollout failed", async () => {
        const { customTimeouts } = find(await planned({ startSeconds: 900 }), "Deployment");
        assert.deepEqual(customTimeouts, { create: "1260s", update: "1260s" });
    });

    it("puts a Service in front for each that is asked for", async () => {
        const plan = await planned({
            services: [
                { objectName: "api", ports: { client: 8080 } },
                { objectName: "peers", headless: true, ports: { client: 80, extra: 81 } },
            ],
        });
        const [api, peers] = ["api", "peers"].map((name) => find(plan, "Service", name));
        const selector = at(find(plan, "Deployment").inputs, "spec.selector.matchLabels");
        assert.equal(api!.name, "store-service");
        assert.deepEqual(api!.inputs["metadata"], { name: "api", namespace: "ns", labels: identityLabels });
        assert.deepEqual(api!.inputs["spec"], {
            selector,
            type: "ClusterIP",
            ports: [{ name: "client", port: 8080, targetPort: "client", protocol: "TCP" }],
        });
        assert.deepEqual(peers!.inputs["spec"], {
            selector,
            clusterIP: "None",
            publishNotReadyAddresses: true,
            ports: [
                { name: "client", port: 80, targetPort: "client", protocol: "TCP" },
                { name: "extra", port: 81, targetPort: "extra", protocol: "TCP" },
            ],
        });
        assert.deepEqual(all(await planned(), "Service"), []);
    });

    it("makes no pod before the account that it runs under", async () => {
        const plan = await planned();
        const account = find(plan, "ServiceAccount").urn;
        assert.ok(find(plan, "Deployment").dependencies.includes(account));
    });

    it("keeps its inputs to what a guard compares", async () => {
        assert.deepEqual(find(await planned(), "MasterSet").inputs, { replicas: 2, strategy: "Recreate" });
    });

    it("lets an eviction take a master that is not ready, and has no budget for a single one", async () => {
        const budget = find(await planned(), "PodDisruptionBudget").inputs;
        assert.deepEqual(budget["metadata"], { name: "store", namespace: "ns", labels: identityLabels });
        assert.equal(at(budget, "spec.maxUnavailable"), 1);
        assert.equal(at(budget, "spec.unhealthyPodEvictionPolicy"), "AlwaysAllow");
        assert.deepEqual(all(await planned({ replicas: 1 }), "PodDisruptionBudget"), []);
        assert.equal(all(await planned({ replicas: 0 }), "PodDisruptionBudget").length, 0);
    });

    it("selects by nothing that may change, such as the owner", async () => {
        const selectorOf = async (owner: string) =>
            at(
                find(await planned({ foundation: foundation({ environment: { owner } }) }), "Deployment").inputs,
                "spec.selector",
            );
        assert.deepEqual(await selectorOf("a"), await selectorOf("b"));
    });
});
