import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { parse, stringify } from "yaml";
import { ConfigFaults } from "../../stacks/faults";
import { stackFile, stackNames } from "../../stacks/load";
import { readableExpected, redacted } from "../../stacks/parse";
import type { StackConfig } from "../../stacks/schema/sections";
import { assertSound } from "../support/invariants";
import { configOf } from "../support/stackFiles";
import { dataFile, leaningDataFile } from "./dataFiles";
import { planOnBase } from "./onBase";
import { mutatedText, mutatedTree, textMutation, treeMutation } from "./mutations";
import { readingsOf } from "./readings";
import { leaningFile, richFile, systemsFile } from "./richFile";

/*
 * Whatever happens to a stack file, it is either refused with a list of faults, or it can be planned.
 *
 * MUTATIONS=50000 tries more files than the default, MUTATIONS_SEED=<n> others (0 for new ones each time; a failure
 * prints its seed and path), MUTATION_PLANS=1000 plans more of the accepted ones.
 */
const numberFrom = (variable: string, own: number): number => Number(process.env[variable] ?? own);
const runs = numberFrom("MUTATIONS", 2000);
const mostPlans = numberFrom("MUTATION_PLANS", 40);
const seed = numberFrom("MUTATIONS_SEED", 20_261_121);

/** No stack file of a few kilobytes takes longer, unless something in it makes a check run for ever. */
const longest = 3000;

const originals = [
    ...stackNames().map((stack) => readFileSync(stackFile(stack), "utf8")),
    richFile,
    richFile,
    leaningFile,
    systemsFile,
    systemsFile,
    dataFile,
    dataFile,
    leaningDataFile,
];
const counts = { files: 0, accepted: 0, planned: 0, slowest: 0 };

/** The configuration of a file; undefined where it is refused as a broken file should be. */
function accepted(read: () => StackConfig, shown: string): StackConfig | undefined {
    const begin = performance.now();
    try {
        return read();
    } catch (error) {
        assert.ok(error instanceof ConfigFaults, `${String((error as Error).stack)}\n${shown}`);
        const silent = error.faults.filter(({ path, expected }) => path === "" || expected === "");
        assert.ok(error.faults.length > 0 && silent.length === 0, shown);
        const defects = error.faults.filter(({ expected }) => expected === readableExpected);
        assert.ok(defects.length === 0 || measuredByZod.test(shown), `${error.message}\n${shown}`);
        return undefined;
    } finally {
        const took = performance.now() - begin;
        counts.slowest = Math.max(counts.slowest, took);
        assert.ok(took < longest, `took ${took} ms\n${shown}`);
    }
}

/** zod measures whatever has a length, and fails on a map whose length is one that can't be compared. */
const measuredByZod = /\blength"?:/;

const plans = new Set<string>();

/** Plans a configuration that differs from all before, as long as there are plans left. */
async function plan(config: StackConfig, shown: string): Promise<void> {
    const print = JSON.stringify(config);
    if (plans.size >= mostPlans || plans.has(print)) {
        return;
    }
    plans.add(print);
    counts.planned++;
    try {
        assertSound(await planOnBase(redacted(config), "test"));
    } catch (error) {
        if (error instanceof ConfigFaults && config.base !== undefined) {
            // What it asks of the base, the base has not.
            return;
        }
        throw new Error(`an accepted file can't be planned: ${String((error as Error).stack)}\n${shown}`);
    }
}

async function check(text: string, asRuntime: boolean): Promise<void> {
    counts.files++;
    const shown = text.length > 6000 ? `${text.slice(0, 6000)}...` : text;
    const readings = readingsOf(text);
    const config = accepted(readings.asFile, shown);
    if (asRuntime) {
        const handedOver = accepted(readings.asRuntime, shown);
        assert.equal(handedOver === undefined, config === undefined, `the engine's reading differs\n${shown}`);
    }
    if (config !== undefined) {
        counts.accepted++;
        await plan(config, shown);
    }
}

/** JSON, in which the engine hands values over, has no numbers that are none. */
const isJson = (tree: unknown): boolean =>
    typeof tree === "number"
        ? Number.isFinite(tree)
        : typeof tree !== "object" || tree === null || Object.values(tree).every(isJson);

const original = fc.constantFrom(...originals);
const originalTree = fc.constantFrom(...originals.map((text) => (parse(text) as { config: unknown }).config));
const options = { numRuns: Math.ceil(runs / 2), ...(seed !== 0 && { seed }) };

describe("a stack file that anything happened to", function () {
    this.timeout(numberFrom("MUTATIONS_TIMEOUT", 600_000));

    it("starts from files that can be planned", async () => {
        for (const text of originals) {
            const config = accepted(() => configOf(text), text);
            assert.ok(config !== undefined);
            await plan(config, text);
        }
        plans.clear();
    });

    const { stackTraceLimit } = Error;
    before(() => {
        // Mocha keeps all frames, of which the errors of YAML in a deep nest have thousands each.
        Error.stackTraceLimit = 10;
    });
    after(() => {
        Error.stackTraceLimit = stackTraceLimit;
        console.log(
            `      ${counts.files} files, ${counts.accepted} accepted, ${counts.planned} planned, the slowest read in ${Math.ceil(counts.slowest)} ms`,
        );
    });

    it("to its content, is refused with its faults or can be planned", () =>
        fc.assert(
            fc.asyncProperty(
                originalTree,
                fc.array(treeMutation, { minLength: 1, maxLength: 3 }),
                async (config, mutations) => {
                    const tree = mutations.reduce(mutatedTree, config);
                    await check(
                        stringify({ config: tree }, { lineWidth: 0, aliasDuplicateObjects: false }),
                        isJson(tree),
                    );
                },
            ),
            options,
        ));

    it("to its text, is refused with its faults or can be planned", () =>
        fc.assert(
            fc.asyncProperty(
                original,
                fc.array(textMutation, { minLength: 1, maxLength: 3 }),
                async (text, mutations) => check(mutations.reduce(mutatedText, text), false),
            ),
            options,
        ));

    it("was not refused always, and planned often enough", () => {
        assert.ok(counts.accepted > counts.files / 50 && counts.planned >= Math.min(mostPlans, counts.accepted) / 4);
    });
});
