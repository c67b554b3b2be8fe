import * as assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { manifestsOf } from "../../bin/plan/manifests";
import type { Plan, PlannedResource } from "../../bin/plan/plan";
import { planStack, type PlannedStack } from "../../bin/plan/stack";
import { checkPlan } from "../../policy/check";
import { stackNames } from "../../stacks/load";
import { at } from "../support/plans";
import { ruleOptionsOf } from "../../stacks/ruleOptions";

const snapshots = "test/snapshots";

/** What makes the URN of each resource, a line each: a changed line is a replacement unless an alias says otherwise. */
function tree(plan: Plan): string {
    const parentOf = (urn: string | undefined) => urn?.split("::").at(-1) ?? "-";
    return plan.resources.map(({ type, name, parent }) => `${type} ${name} < ${parentOf(parent)}\n`).join("");
}

for (const stack of stackNames()) {
    describe(`the plan of ${stack}`, () => {
        let planned: PlannedStack;
        let plan: Plan;
        before(async () => {
            planned = await planStack(stack);
            plan = planned.plan;
        });

        // UPDATE_SNAPSHOTS=1 npm run unit writes them anew; give every renamed resource an alias first.
        it("has the resources that it had, by type, name and parent", () => {
            const file = `${snapshots}/${stack}.txt`;
            if (process.env["UPDATE_SNAPSHOTS"] === "1") {
                mkdirSync(snapshots, { recursive: true });
                writeFileSync(file, tree(plan));
            }
            assert.ok(existsSync(file), `${file} is missing`);
            assert.equal(tree(plan), readFileSync(file, "utf8"));
        });

        it("protects namespaces and what keeps data in them in production, and nothing elsewhere", () => {
            const protectedOnes = plan.resources.filter(({ protect }) => protect).map(({ name }) => name);
            const keepsData = ({ type, inputs }: PlannedResource) =>
                /:(Namespace|PersistentVolumeClaim|RedisReplication|RedisCluster)$/.test(type) ||
                at(inputs, "spec.volumeClaimTemplates") !== undefined;
            const stateful = plan.resources.filter(({ custom }) => custom).filter(keepsData);
            assert.ok(stateful.length > 0);
            assert.deepEqual(
                protectedOnes,
                planned.config.environment.tier === "production" ? stateful.map(({ name }) => name) : [],
            );
        });

        it("breaks no rule", () => {
            assert.deepEqual(checkPlan(planned.own, ruleOptionsOf(planned.config, new Date("2026-11-01"))), []);
        });

        it("writes the same manifests each time, each object once", async () => {
            const once = manifestsOf(plan.resources);
            assert.deepEqual(manifestsOf((await planStack(stack)).plan.resources), once);
            assert.equal(new Set(once.map(({ name }) => name)).size, once.length);
        });
    });
}
