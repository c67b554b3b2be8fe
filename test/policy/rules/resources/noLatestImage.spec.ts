import assert from "node:assert/strict";
import { noLatestImage } from "../../../../policy/rules/resources/noLatestImage";
import { goodContainer, goodStatefulSet, judge, messagesOf, object, unknown, withField } from "../../support";

const podSpec = ["spec", "template", "spec"];
const image = [...podSpec, "containers", 0, "image"];
const digest = `sha256:${"0".repeat(64)}`;

describe("rule resources-no-latest-image", () => {
    for (const good of [
        "kafka:4.1.0",
        `kafka@${digest}`,
        `kafka:4.1.0@${digest}`,
        "host:5000/a/kafka:4",
        "a/b:latest-1",
    ]) {
        it(`accepts ${good}`, () => {
            assert.deepEqual(messagesOf(noLatestImage, withField(goodStatefulSet(), image, good)), []);
        });
    }

    for (const bad of [
        "kafka",
        "kafka:latest",
        `kafka:latest@${digest}`,
        "host:5000/kafka",
        "host:5000/kafka:latest",
    ]) {
        it(`refuses ${bad}`, () => {
            const messages = messagesOf(noLatestImage, withField(goodStatefulSet(), image, bad));
            assert.equal(messages.length, 1);
            const place =
                'container "broker" (spec.template.spec.containers[0]): expected an image tag that names a version';
            assert.equal(messages[0]!.startsWith(place), true, messages[0]);
        });
    }

    it("refuses a container without an image", () => {
        for (const none of [undefined, ""]) {
            assert.equal(messagesOf(noLatestImage, withField(goodStatefulSet(), image, none)).length, 1);
        }
    });

    for (const [list, words] of [
        ["initContainers", "init container"],
        ["ephemeralContainers", "ephemeral container"],
    ] as const) {
        it(`judges ${list}`, () => {
            const containers = [{ ...goodContainer(), name: "other", image: "busybox" }];
            const messages = messagesOf(noLatestImage, withField(goodStatefulSet(), [...podSpec, list], containers));
            assert.equal(messages.length, 1);
            assert.equal(
                messages[0]!.startsWith(`${words} "other" (spec.template.spec.${list}[0])`),
                true,
                messages[0],
            );
        });
    }

    it("judges what a patch sets, and nothing that it leaves out", () => {
        const patch = (container: object) =>
            object("apps/v1", "Deployment", { template: { spec: { containers: [container] } } });
        const type = "kubernetes:apps/v1:DeploymentPatch";
        assert.deepEqual(messagesOf(noLatestImage, patch({ name: "a" }), {}, type), []);
        assert.equal(messagesOf(noLatestImage, patch({ name: "a", image: "b" }), {}, type).length, 1);
    });

    it("judges the containers beside one whose image is not known yet", () => {
        const set = withField(
            goodStatefulSet(),
            [...podSpec, "containers"],
            [
                { ...goodContainer(), image: unknown },
                { ...goodContainer(), image: "kafka" },
            ],
        );
        const { messages, unknowns } = judge(noLatestImage, set);
        assert.equal(messages.length, 1);
        assert.match(unknowns[0]!.message, /containers\.0\.image/);
    });

    it("needs the image only", () => {
        const set = withField(goodStatefulSet(), [...podSpec, "containers", 0], {
            ...goodContainer(),
            name: unknown,
            env: unknown,
            resources: unknown,
        });
        assert.deepEqual(judge(noLatestImage, set), { messages: [], unknowns: [] });
    });
});
