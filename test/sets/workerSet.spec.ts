import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { WorkerSet, type WorkerSetArgs } from "../../components/sets/workerSet";
import { foundation, identityLabels } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, kindsAndNames, planOf } from "../support/plans";
import { commonArguments, setArgs, type SetOverrides } from "../support/sets";

type Own = Omit<WorkerSetArgs, keyof ReturnType<typeof setArgs>>;

const headless = { objectName: "store-peers", headless: true, ports: { client: 80 } };

const planned = async (given: SetOverrides = {}, own: Partial<Own> = {}): Promise<Plan> => {
    const plan = await planOf(
        () =>
            new WorkerSet("store", {
                ...setArgs({ services: [headless], ...given }),
                serviceName: "store-peers",
                podManagement: "Parallel",
                ...own,
            }),
    );
    assertSound(plan);
    return plan;
};

/** The fields that the API server lets nobody change. */
const immutable = ["selector", "serviceName", "podManagementPolicy", "volumeClaimTemplates"];

describe("WorkerSet", () => {
    it("registers a StatefulSet with its services, policy and budget", async () => {
        assert.deepEqual(
            kindsAndNames(await planned()).filter((each) => !each.includes("set-access")),
            [
                "NetworkPolicy store-network",
                "PodDisruptionBudget store-budget",
                "Service store-headless",
                "StatefulSet store-set",
                "WorkerSet store",
            ],
        );
    });

    for (const [argument, given, kind, path, expected] of commonArguments) {
        const workload = kind === "WORKLOAD" ? "StatefulSet" : kind;
        it(`shows ${argument} in its ${workload}`, async () => {
            assert.deepEqual(at(find(await planned(given), workload).inputs, path), expected);
        });
    }

    const claim = { name: "logs", size: "5Gi" };
    const cases: readonly (readonly [string, Partial<Own>, string, unknown])[] = [
        ["podManagement Parallel", { podManagement: "Parallel" }, "spec.podManagementPolicy", "Parallel"],
        ["podManagement OrderedReady", { podManagement: "OrderedReady" }, "spec.podManagementPolicy", "OrderedReady"],
        ["serviceName", {}, "spec.serviceName", "store-peers"],
        ["no claims by default", {}, "spec.volumeClaimTemplates", undefined],
        ["minReadySeconds", { minReadySeconds: 15 }, "spec.minReadySeconds", 15],
        ["no minReadySeconds by default", {}, "spec.minReadySeconds", undefined],
        ["firstOrdinal", { firstOrdinal: 1 }, "spec.ordinals", { start: 1 }],
        ["no first ordinal by default", {}, "spec.ordinals", undefined],
        ["updateStrategy", { updateStrategy: "OnDelete" }, "spec.updateStrategy", { type: "OnDelete" }],
        ["a rolling update by default", {}, "spec.updateStrategy", { type: "RollingUpdate" }],
        [
            "retention",
            { retention: { whenDeleted: "Delete", whenScaled: "Retain" } },
            "spec.persistentVolumeClaimRetentionPolicy",
            { whenDeleted: "Delete", whenScaled: "Retain" },
        ],
        [
            "volumes that outlive the set by default",
            {},
            "spec.persistentVolumeClaimRetentionPolicy",
            { whenDeleted: "Retain", whenScaled: "Retain" },
        ],
        ["few old revisions", {}, "spec.revisionHistoryLimit", 3],
    ];
    for (const [argument, own, path, expected] of cases) {
        it(`shows ${argument}`, async () => {
            assert.deepEqual(at(find(await planned({}, own), "StatefulSet").inputs, path), expected);
        });
    }

    const waits: readonly (readonly [string, SetOverrides, Partial<Own>, object])[] = [
        ["a set that starts at once", { replicas: 3 }, {}, { create: "600s", update: "1200s" }],
        [
            "one that starts in turn",
            { replicas: 3 },
            { podManagement: "OrderedReady" },
            { create: "1200s", update: "1200s" },
        ],
        ["slow pods", { replicas: 5 }, { startSeconds: 600, minReadySeconds: 30 }, { create: "930s", update: "3450s" }],
    ];
    for (const [what, given, own, expected] of waits) {
        it(`is waited for as long as ${what} may take`, async () => {
            assert.deepEqual(find(await planned(given, own), "StatefulSet").customTimeouts, expected);
        });
    }

    it("claims a volume for each pod, with the selector's labels only", async () => {
        const mounting = setArgsWithMount("logs");
        const plan = await planned(mounting, { claims: [{ ...claim, storageClass: "fast" }] });
        const { inputs } = find(plan, "StatefulSet");
        assert.deepEqual(at(inputs, "spec.volumeClaimTemplates"), [
            {
                metadata: { name: "logs", labels: at(inputs, "spec.selector.matchLabels") },
                spec: {
                    accessModes: ["ReadWriteOnce"],
                    storageClassName: "fast",
                    resources: { requests: { storage: "5Gi" } },
                },
            },
        ]);
        const byDefault = find(await planned(mounting, { claims: [claim] }), "StatefulSet").inputs;
        assert.equal("storageClassName" in (at(byDefault, "spec.volumeClaimTemplates[0].spec") as object), false);
    });

    it("has no field that can't change and depends on one that may: owner, environment, tier, replicas", async () => {
        const fields = async (given: SetOverrides) => {
            const plan = await planned({ ...setArgsWithMount("logs"), ...given }, { claims: [claim] });
            return immutable.map((field) => at(find(plan, "StatefulSet").inputs, `spec.${field}`));
        };
        const other = foundation({ environment: { owner: "others", name: "prod", tier: "production" } });
        const before = await fields({});
        assert.deepEqual(await fields({ foundation: other, replicas: 7 }), before);
        assert.ok(before.every((field) => field !== undefined));
        assert.doesNotMatch(JSON.stringify(before), /data-team|data-platform/);
    });

    it("makes no pod before the account that it runs under", async () => {
        const plan = await planned();
        const account = find(plan, "ServiceAccount").urn;
        assert.ok(find(plan, "StatefulSet").dependencies.includes(account));
    });

    it("keeps its inputs to what a guard compares", async () => {
        const plan = await planned(setArgsWithMount("logs"), { claims: [claim], firstOrdinal: 1 });
        assert.deepEqual(find(plan, "WorkerSet").inputs, {
            replicas: 2,
            claims: [{ name: "logs", size: "5Gi", storageClass: null }],
            podManagement: "Parallel",
            serviceName: "store-peers",
            firstOrdinal: 1,
        });
        const defaults = find(await planned(), "WorkerSet").inputs;
        assert.deepEqual([defaults["claims"], defaults["firstOrdinal"]], [[], 0]);
    });

    it("counts a member that is not ready against its budget, and has none for a single one", async () => {
        const budget = find(await planned(), "PodDisruptionBudget").inputs;
        assert.deepEqual(budget["metadata"], { name: "store", namespace: "ns", labels: identityLabels });
        assert.equal(at(budget, "spec.maxUnavailable"), 1);
        assert.equal(at(budget, "spec.unhealthyPodEvictionPolicy"), "IfHealthyBudget");
        assert.deepEqual(all(await planned({ replicas: 1 }), "PodDisruptionBudget"), []);
    });

    for (const [what, services] of [
        ["is missing", undefined],
        ["is another", [{ ...headless, objectName: "other" }]],
        ["is not headless", [{ ...headless, headless: false }]],
    ] as const) {
        it(`refuses services in which the one that names its pods ${what}`, async () => {
            await assert.rejects(
                planned(services === undefined ? { services: [] } : { services }),
                /store: the services must hold the headless Service "store-peers" that names the pods/,
            );
        });
    }
});

/** The good pod with one more mount, for a claim of that name. */
function setArgsWithMount(volume: string): SetOverrides {
    const image = { image: "reg.example.com/store:1", resources: { cpu: "1", memory: "1Gi" } };
    return {
        pod: {
            containers: [{ name: "store", ...image, mounts: [{ volume, path: `/${volume}` }] }],
            user: 1000,
            gracePeriodSeconds: 30,
        },
    };
}
