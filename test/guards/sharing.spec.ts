import * as assert from "node:assert/strict";
import { type ConsumerEntry, lossOf } from "../../components/guards/sharing";

const streaming: ConsumerEntry = {
    stack: "team-streaming",
    environment: "streaming",
    owner: "streamers",
    uses: ["priorityClasses.critical", "zookeeper"],
};
const batch: ConsumerEntry = { stack: "team-batch", environment: "batch", owner: "batchers", uses: ["opensearch"] };

const before = { environment: "base", schema: 2, shares: ["opensearch", "uploader", "zookeeper"] };

const loss = (after: Readonly<Record<string, unknown>>, consumers = [streaming, batch], old: object = before) =>
    lossOf({ before: { ...old }, after }, (environment) => {
        assert.equal(environment, "base", "those of the environment as it was");
        return Promise.resolve(consumers);
    });

describe("the guard of what is shared", () => {
    it("says who would lose what, and the safe way", async () => {
        assert.equal(
            await loss({ ...before, shares: ["opensearch", "uploader"] }),
            [
                "this change takes away what other stacks use:",
                "  team-streaming (owner streamers) uses zookeeper of base",
                "The safe way: change or destroy that stack first, so that nothing of this is used; then the same change passes here.",
            ].join("\n"),
        );
    });

    it("names every stack when all of it goes, also with another name of the environment", async () => {
        const message = await loss({ environment: "other", schema: 2, shares: [] });
        assert.match(
            message ?? "",
            /team-streaming .*zookeeper[^]*team-batch .*opensearch[^]*destroy those stacks first/,
        );
    });

    for (const [what, after] of [
        ["adds a part", { ...before, shares: [...before.shares, "priorityClasses.batch"] }],
        ["takes away what nobody uses", { ...before, shares: ["opensearch", "zookeeper"] }],
        ["raises the version of the outputs", { ...before, schema: 3 }],
    ] as const) {
        it(`passes a change that ${what}`, async () => assert.equal(await loss(after), undefined));
    }

    it("passes a removal when the consumers are gone", async () =>
        assert.equal(await loss({ ...before, shares: [] }, []), undefined));

    it("asks nobody where nothing goes, such as in a stack that has never shared", async () => {
        const asked = lossOf({ before: { environment: "dev", shares: [] }, after: { shares: [] } }, () =>
            Promise.reject(new Error("asked")),
        );
        assert.equal(await asked, undefined);
        // The state of an older program knows no shares.
        assert.equal(await lossOf({ before: {}, after: before }, () => Promise.reject(new Error("asked"))), undefined);
    });

    it("refuses when nobody can tell who would lose something", () =>
        assert.rejects(
            lossOf({ before, after: { ...before, shares: [] } }, () => Promise.reject(new Error("can't be listed"))),
            /can't be listed/,
        ));
});
