import * as assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { pitfalls } from ".";

const numbered = (system: string, last: number) =>
    Array.from({ length: last }, (_, index) => `${system}-P${index + 1}`);

/** Heron: section 10 of its fact sheet; Twister2: section 12; Flink: section 13. */
const known = [...numbered("heron", 18), ...numbered("twister2", 20), "twister2-P18b", ...numbered("flink", 22)];

const occurrences = (text: string, part: string) => text.split(part).length - 1;

describe("the pitfalls of the fact sheets", () => {
    it("are all in the tables", () => {
        assert.deepEqual([...new Set(pitfalls.map(({ id }) => id))].sort(), [...known].sort());
    });

    it("are all on the pages of their systems", () => {
        for (const id of known) {
            const page = `docs/${id.split("-")[0] ?? ""}.md`;
            assert.match(readFileSync(page, "utf8"), new RegExp(`\\b${id}\\b`), `${id} in ${page}`);
        }
    });

    for (const { id, defect, spec, break: broken } of pitfalls) {
        it(`${id} has a test, and a break that turns it red: ${defect}`, () => {
            assert.ok(existsSync(spec), `${spec} is missing`);
            const titled = new RegExp(`\\[${id}\\]`);
            assert.match(readFileSync(spec, "utf8"), titled, `no test in ${spec} has [${id}] in its title`);
            assert.equal(
                occurrences(readFileSync(broken.file, "utf8"), broken.find),
                1,
                `${broken.file}: ${broken.find}`,
            );
            assert.ok(!broken.file.startsWith("test/"), "a break is one of the product");
            assert.notEqual(broken.find, broken.replace);
        });
    }
});
