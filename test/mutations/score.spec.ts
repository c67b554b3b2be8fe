import * as assert from "node:assert/strict";
import { byFamily, type Score, scoreOf, subjects } from "./score";
import { survivors } from "./survivors";

/*
 * Whatever hardens an object of any stack is taken away or weakened, one thing at a time: a rule has to say so.
 * `npx ts-node -T test/mutations/report.ts` shows what is found and what is not.
 */
describe("the rules find what is weakened", function () {
    this.timeout(600_000);
    let score: Score;
    before(async () => {
        score = scoreOf(await subjects());
    });

    const share = (found: number, mutants: number): number => found / mutants;

    it("in 95 of 100 mutants", () => {
        const found = score.verdicts.filter(({ rule }) => rule !== undefined).length;
        assert.ok(score.verdicts.length > 10_000, `only ${score.verdicts.length} mutants`);
        assert.ok(share(found, score.verdicts.length) >= 0.95, `${found} of ${score.verdicts.length}`);
    });

    it("in 80 of 100 mutants of each family", () => {
        const poor = byFamily(score).filter(({ found, mutants }) => share(found, mutants) < 0.8);
        assert.deepEqual(poor, []);
    });

    it("but for those that are listed with their reason", () => {
        const unlisted = score.verdicts
            .filter(({ rule, mutant }) => rule === undefined && !survivors.some(({ id }) => id.test(mutant.id)))
            .map(({ mutant }) => mutant.id);
        assert.deepEqual(unlisted, []);
    });

    it("and the list names nothing that is found", () => {
        const living = score.verdicts.filter(({ rule }) => rule === undefined).map(({ mutant }) => mutant.id);
        const stale = survivors.filter(({ id }) => !living.some((each) => id.test(each))).map(({ id }) => String(id));
        assert.deepEqual(stale, []);
    });

    it("and no rule breaks on any of them", () => {
        const crashes = score.verdicts.flatMap(({ mutant, crash }) =>
            crash === undefined ? [] : [`${mutant.id}: ${crash}`],
        );
        assert.deepEqual(crashes, []);
    });
});
