import * as assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { pitfalls } from "../pitfalls";
import { type Outcome, Workshop } from "./workshop";

/** BREAKS=heron brings in the defects of one system only. */
const chosen = pitfalls.filter(({ id }) => id.startsWith(process.env["BREAKS"] ?? ""));

describe("a test turns red where the product has the defect", () => {
    const workshops: Workshop[] = [];
    const outcomes = new Map<(typeof chosen)[number], Promise<Outcome>>();

    before(() => {
        const rest = [...chosen];
        const settle = new Map<(typeof chosen)[number], (outcome: Outcome | Promise<Outcome>) => void>();
        chosen.forEach((pitfall) => outcomes.set(pitfall, new Promise((resolve) => settle.set(pitfall, resolve))));
        const work = async (workshop: Workshop): Promise<void> => {
            for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
                const outcome = workshop.outcome(next);
                settle.get(next)?.(outcome);
                await outcome.catch(() => undefined);
            }
        };
        for (let index = 0; index < availableParallelism(); index++) {
            const workshop = new Workshop();
            workshops.push(workshop);
            void work(workshop);
        }
    });

    after(() => workshops.forEach((workshop) => workshop.close()));

    for (const pitfall of chosen) {
        it(`${pitfall.id}: ${pitfall.defect}`, async () => {
            const outcome = await outcomes.get(pitfall);
            assert.equal(outcome?.trouble, undefined);
            assert.ok(
                outcome !== undefined && outcome.failed.length > 0,
                `${pitfall.spec} stays green with ${JSON.stringify(pitfall.break.replace)} in ${pitfall.break.file}`,
            );
        });
    }
});
