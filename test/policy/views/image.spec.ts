import assert from "node:assert/strict";
import { fullRepository, parseImage } from "../../../policy/views/image";

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

describe("fullRepository", () => {
    for (const [reference, repository] of [
        ["kafka", "docker.io/library/kafka"],
        ["kafka:4", "docker.io/library/kafka"],
        ["apache/kafka:4@sha256:ab", "docker.io/apache/kafka"],
        ["docker.io/apache/kafka", "docker.io/apache/kafka"],
        ["index.docker.io/apache/kafka", "docker.io/apache/kafka"],
        ["ghcr.io/kafka", "ghcr.io/kafka"],
        ["host:5000/kafka", "host:5000/kafka"],
        ["localhost/kafka", "localhost/kafka"],
    ] as const) {
        it(reference, () => assert.equal(fullRepository(parseImage(reference)), repository));
    }
});
