import * as assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { pitfalls } from ".";

const numbered = (system: string, last: number, first = 1) =>
    Array.from({ length: last - first + 1 }, (_, index) => `${system}-P${first + index}`);

/**
 * Heron: section 10 of its fact sheet; Twister2: section 12; Flink: section 13. The sheet of the data systems numbers
 * nothing: theirs are on their pages, from 30 on those of users, certificates and regular work.
 */
const known = [
    ...numbered("heron", 18),
    ...numbered("twister2", 20),
    "twister2-P18b",
    ...numbered("flink", 22),
    ...numbered("cassandra", 26),
    ...numbered("cassandra", 47, 30),
    ...numbered("kafka", 25),
    ...numbered("kafka", 47, 30),
    ...numbered("operator", 10),
    ...numbered("spark", 28),
    ...numbered("redis", 25),
    ...numbered("tensorflow", 17),
];

/** The pages of a system: its own, and those that go on from there. */
const pagesOf = (system: string) =>
    readdirSync("docs").filter((page) => new RegExp(`^${system}(-.*)?\\.md$`).test(page));

const occurrences = (text: string, part: string) => text.split(part).length - 1;

describe("the pitfalls of the fact sheets", () => {
    it("are all in the tables", () => {
        assert.deepEqual([...new Set(pitfalls.map(({ id }) => id))].sort(), [...known].sort());
    });

    it("are all on the pages of their systems", () => {
        for (const id of known) {
            const pages = pagesOf(id.split("-")[0] ?? "");
            const text = pages.map((page) => readFileSync(`docs/${page}`, "utf8")).join("\n");
            assert.match(text, new RegExp(`\\b${id}\\b`), `${id} in ${pages.join(", ")}`);
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
