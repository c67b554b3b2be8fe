import * as assert from "node:assert/strict";
import type { z } from "zod";
import { catalog, ImageCatalog, imageNames, imageSettings } from "../../components/foundation/images";
import { imageReference } from "../../components/foundation/values";

const digest = `sha256:${"ab".repeat(32)}`;
const images = (given: z.input<typeof imageSettings> = {}) => new ImageCatalog(imageSettings.parse(given));

describe("the image catalog", () => {
    for (const name of imageNames) {
        it(`names ${name} with its registry and a tag that stays what it is`, () => {
            assert.doesNotMatch(catalog[name].tag, /^(latest|stable|edge|main|master)$/);
            assert.match(catalog[name].tag, /\d+\.\d+/);
            assert.match(catalog[name].repository, /^[a-z0-9-]+(\.[a-z0-9-]+)+\/[^:@]+$/);
            const reference = images().reference(name);
            assert.equal(reference, `${catalog[name].repository}:${catalog[name].tag}`);
            assert.equal(imageReference().parse(reference), reference);
        });
    }

    for (const [what, given, expected] of [
        ["its own registry by default", {}, "docker.io/library/zookeeper:3.9.4"],
        ["a mirror in the host's place", { registry: "reg.example.com" }, "reg.example.com/library/zookeeper:3.9.4"],
        ["a mirror with a path", { registry: "reg.example.com/a/b" }, "reg.example.com/a/b/library/zookeeper:3.9.4"],
        ["a repository of one's own", { repositories: { zookeeper: "reg.own/zk" } }, "reg.own/zk:3.9.4"],
        [
            "a repository of one's own, which a mirror does not rewrite",
            { registry: "reg.example.com", repositories: { zookeeper: "own.example.com/zk" } },
            "own.example.com/zk:3.9.4",
        ],
        ["a pinned tag", { pins: { zookeeper: "3.9.5" } }, "docker.io/library/zookeeper:3.9.5"],
        ["a pinned digest", { pins: { zookeeper: `3.9.4@${digest}` } }, `docker.io/library/zookeeper:3.9.4@${digest}`],
        [
            "another image's entries",
            { pins: { opensearch: "9" }, repositories: { teraslice: "reg.own/ts" } },
            "docker.io/library/zookeeper:3.9.4",
        ],
    ] as const) {
        it(`takes zookeeper from ${what}`, () => assert.equal(images(given).reference("zookeeper"), expected));
    }

    it("takes pins and repositories of every image that it has", () => {
        for (const name of imageNames) {
            const own = images({ repositories: { [name]: "own.example.com/a" }, pins: { [name]: "7" } });
            assert.equal(own.reference(name), "own.example.com/a:7");
        }
    });

    it("hands on the pull secrets and their contents", () => {
        const given = images({ pullSecrets: ["mirror"], pullCredentials: { mirror: "hunter2" } });
        assert.deepEqual(given.pullSecrets, ["mirror"]);
        assert.equal(given.pullCredentials["mirror"]?.reveal(), "hunter2");
        assert.deepEqual([images().pullSecrets, images().pullCredentials], [[], {}]);
    });

    it("refuses an image that it does not have", () => {
        assert.throws(() => images({ pins: { zookeper: "1" } } as never));
    });
});
