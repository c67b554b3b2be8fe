import assert from "node:assert/strict";
import { allowedRegistries } from "../../../../policy/rules/resources/allowedRegistries";
import { goodStatefulSet, judge, messagesOf, object, unknown, withField } from "../../support";

const image = ["spec", "template", "spec", "containers", 0, "image"];
const settings = { registries: ["registry.example.com/mirror", "docker.io", "host:5000"] };
const of = (reference: unknown) => withField(goodStatefulSet(), image, reference);

describe("rule resources-allowed-registries", () => {
    for (const good of [
        "registry.example.com/mirror/kafka:4",
        "registry.example.com/mirror/a/kafka",
        "kafka:4",
        "apache/kafka",
        "host:5000/kafka",
    ]) {
        it(`accepts ${good}`, () => assert.deepEqual(messagesOf(allowedRegistries, of(good), settings), []));
    }

    for (const bad of [
        "registry.example.com/kafka:4",
        "registry.example.com/mirrored/kafka:4",
        "ghcr.io/kafka",
        "host:5001/kafka",
        "docker.io.example.com/kafka",
    ]) {
        it(`refuses ${bad}`, () => {
            assert.deepEqual(messagesOf(allowedRegistries, of(bad), settings), [
                `container "broker" (spec.template.spec.containers[0]): expected an image from registry.example.com/mirror or docker.io or host:5000, found "${bad}"`,
            ]);
        });
    }

    it("lets any registry pass while none is named", () => {
        assert.deepEqual(messagesOf(allowedRegistries, of("ghcr.io/kafka")), []);
    });

    it("judges custom resources and what partial templates say", () => {
        const redis = object("redis.redis.opstreelabs.in/v1beta2", "RedisReplication", {
            kubernetesConfig: { image: "quay.io/opstree/redis:v7" },
        });
        assert.equal(messagesOf(allowedRegistries, redis, settings).length, 1);
        const job = object("trainer.kubeflow.org/v1alpha1", "TrainJob", { trainer: { image: "quay.io/a/b:1" } });
        assert.equal(messagesOf(allowedRegistries, job, settings).length, 1);
    });

    it("leaves a missing image to resources-no-latest-image, and can't judge an unknown one", () => {
        assert.deepEqual(messagesOf(allowedRegistries, of(undefined), settings), []);
        assert.equal(judge(allowedRegistries, of(unknown), settings).unknowns.length, 1);
        assert.equal(judge(allowedRegistries, of(unknown)).unknowns.length, 0);
    });
});
