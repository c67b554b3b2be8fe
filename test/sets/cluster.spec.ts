import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../../bin/plan/plan";
import { rackLabel, selectorLabels } from "../../components/foundation/labels";
import { registerSurroundings } from "../../components/sets/setParts";
import { WorkerSet } from "../../components/sets/workerSet";
import { identity } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, planOf } from "../support/plans";
import { setArgs } from "../support/sets";

const cluster = selectorLabels(identity);
const services = [{ objectName: "ring", headless: true, ports: { client: 80 } }];

/** A cluster of several sets, as a system registers it. */
class Ring extends pulumi.ComponentResource {
    constructor(name: string, racks: Readonly<Record<string, number>>, budget: "one" | "none") {
        super("data-platform:test:Ring", name, {});
        const args = setArgs();
        const opts = { parent: this };
        const replicas = Object.values(racks).reduce((sum, each) => sum + each, 0);
        const surroundings = { ...args, objectName: "ring", services, replicas: budget === "one" ? replicas : 1 };
        registerSurroundings(name, surroundings, "IfHealthyBudget", opts);
        for (const [rack, nodes] of Object.entries(racks)) {
            new WorkerSet(
                `${name}-${rack}`,
                {
                    ...args,
                    replicas: nodes,
                    objectName: `ring-${rack}`,
                    selector: { ...cluster, [rackLabel]: rack },
                    cluster,
                    serviceName: "ring",
                    podManagement: "OrderedReady",
                },
                opts,
            );
        }
    }
}

const planned = async (racks: Readonly<Record<string, number>>, budget: "one" | "none" = "one"): Promise<Plan> =>
    planOf(() => new Ring("store", racks, budget));

describe("several sets of one cluster", () => {
    it("have one budget, which counts the pods of all", async () => {
        const plan = await planned({ a: 3, b: 2, c: 1 });
        assertSound(plan);
        const budget = find(plan, "PodDisruptionBudget");
        assert.deepEqual(at(budget.inputs, "spec.selector.matchLabels"), cluster);
        assert.equal(at(budget.inputs, "spec.maxUnavailable"), 1);
    });

    it("have one headless Service for all, which need not be one of their own", async () => {
        const plan = await planned({ a: 1, b: 1 });
        assertSound(plan);
        assert.deepEqual(at(find(plan, "Service").inputs, "spec.selector"), cluster);
        assert.deepEqual(
            all(plan, "StatefulSet").map(({ inputs }) => at(inputs, "spec.serviceName")),
            ["ring", "ring"],
        );
    });

    it("keep apart from each other's pods, a set of one too", async () => {
        const plan = await planned({ a: 1, b: 1 });
        for (const { inputs } of all(plan, "StatefulSet")) {
            const spec = at(inputs, "spec.template.spec");
            const term = "affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm";
            assert.deepEqual(at(spec, `${term}.labelSelector.matchLabels`), cluster);
            assert.deepEqual(at(spec, "topologySpreadConstraints[0].labelSelector.matchLabels"), cluster);
        }
    });

    it("are each selected by their rack", async () => {
        const plan = await planned({ a: 2, b: 1 });
        assert.deepEqual(
            all(plan, "StatefulSet").map(({ inputs }) => at(inputs, "spec.selector.matchLabels")),
            ["a", "b"].map((rack) => ({ ...cluster, [rackLabel]: rack })),
        );
    });

    it("are found out without their budget", async () => {
        for (const racks of [
            { a: 2, b: 2 },
            { a: 1, b: 1 },
        ]) {
            const plan = await planned(racks, "none");
            assert.throws(() => assertSound(plan), /has one budget/);
        }
    });

    it("have no budget when there is one pod in all", async () => {
        const plan = await planned({ a: 1 });
        assertSound(plan);
        assert.deepEqual(all(plan, "PodDisruptionBudget"), []);
    });
});
