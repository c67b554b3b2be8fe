import assert from "node:assert/strict";
import { imageDigest } from "../../../../policy/rules/resources/imageDigest";
import { goodStatefulSet, judge, messagesOf, unknown, withField } from "../../support";

const image = ["spec", "template", "spec", "containers", 0, "image"];
const digest = `sha256:${"0".repeat(64)}`;

describe("rule resources-image-digest", () => {
    for (const good of [`kafka@${digest}`, `kafka:4@${digest}`, `host:5000/kafka:4@${digest}`]) {
        it(`accepts ${good}`, () => {
            assert.deepEqual(messagesOf(imageDigest, withField(goodStatefulSet(), image, good)), []);
        });
    }

    for (const bad of ["kafka", "kafka:4", "host:5000/kafka", "kafka@sha256:abc", `kafka@md5:${"0".repeat(64)}`]) {
        it(`asks for the digest of ${bad}`, () => {
            assert.deepEqual(messagesOf(imageDigest, withField(goodStatefulSet(), image, bad)), [
                `container "broker" (spec.template.spec.containers[0]): expected an image pinned by digest (@sha256:<64 hex digits>), found ${JSON.stringify(bad)}`,
            ]);
        });
    }

    it("leaves a missing image to resources-no-latest-image", () => {
        assert.deepEqual(messagesOf(imageDigest, withField(goodStatefulSet(), image, undefined)), []);
    });

    it("says that an unknown image can't be judged", () => {
        assert.equal(judge(imageDigest, withField(goodStatefulSet(), image, unknown)).unknowns.length, 1);
    });

    it("is silent in development and mandatory in production", () => {
        assert.deepEqual(imageDigest.levels, { development: "disabled", staging: "advisory", production: "mandatory" });
    });
});
