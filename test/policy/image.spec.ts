import assert from "node:assert/strict";
import { parseImage } from "../../policy/image";

describe("parseImage", () => {
    for (const [reference, repository, tag, digest] of [
        ["kafka", "kafka", undefined, undefined],
        ["kafka:4", "kafka", "4", undefined],
        ["host:5000/a/kafka", "host:5000/a/kafka", undefined, undefined],
        ["host:5000/a/kafka:4@sha256:ab", "host:5000/a/kafka", "4", "sha256:ab"],
        ["kafka@sha256:ab", "kafka", undefined, "sha256:ab"],
    ] as const) {
        it(reference, () => assert.deepEqual(parseImage(reference), { repository, tag, digest }));
    }
});
