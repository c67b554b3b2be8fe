import assert from "node:assert/strict";
import { storageClass } from "../../../../policy/rules/resources/storageClass";
import { type Fields, goodStatefulSet, judge, messagesOf, object, unknown, withField } from "../../support";

const claim = (storageClassName: unknown) => ({ spec: { storageClassName } });
const set = (storageClassName: unknown) =>
    withField(goodStatefulSet(), ["spec", "volumeClaimTemplates"], [claim(storageClassName)]);
const place = "StatefulSet spec.volumeClaimTemplates[0].spec.storageClassName";

describe("rule resources-storage-class", () => {
    it("accepts a claim with a class", () => {
        assert.deepEqual(messagesOf(storageClass, set("fast")), []);
        assert.deepEqual(messagesOf(storageClass, set("fast"), { classes: ["slow", "fast"] }), []);
        assert.deepEqual(messagesOf(storageClass, goodStatefulSet()), []);
    });

    const places: [string, (name: unknown) => Fields][] = [
        [place, set],
        [
            "PersistentVolumeClaim spec.storageClassName",
            (name) => object("v1", "PersistentVolumeClaim", claim(name).spec),
        ],
        [
            "StatefulSet spec.template.spec.volumes[0].ephemeral.volumeClaimTemplate.spec.storageClassName",
            (name) =>
                withField(
                    goodStatefulSet(),
                    ["spec", "template", "spec", "volumes"],
                    [{ ephemeral: { volumeClaimTemplate: claim(name) } }],
                ),
        ],
        [
            "RedisCluster spec.storage.nodeConfVolumeClaimTemplate.spec.storageClassName",
            (name) =>
                object("redis.redis.opstreelabs.in/v1beta2", "RedisCluster", {
                    storage: { nodeConfVolumeClaimTemplate: claim(name) },
                }),
        ],
    ];
    for (const [path, of] of places) {
        it(`asks for ${path}`, () => {
            assert.deepEqual(messagesOf(storageClass, of(undefined)), [
                `${path}: expected the name of a storage class, found nothing`,
            ]);
            assert.deepEqual(messagesOf(storageClass, of("slow"), { classes: ["fast"] }), [
                `${path}: expected one of fast, found "slow"`,
            ]);
        });
    }

    it("lets the cluster's default pass where that is meant, but not no class at all", () => {
        assert.deepEqual(messagesOf(storageClass, set(undefined), { clusterDefault: true }), []);
        assert.equal(messagesOf(storageClass, set(""), { clusterDefault: true }).length, 1);
        assert.equal(messagesOf(storageClass, set("")).length, 1);
    });

    it("asks nothing of a patch, but judges what it says", () => {
        const type = "kubernetes:apps/v1:StatefulSetPatch";
        assert.deepEqual(messagesOf(storageClass, set(undefined), {}, type), []);
        assert.equal(messagesOf(storageClass, set("slow"), { classes: ["fast"] }, type).length, 1);
    });

    it("judges the claims beside one that is not known yet", () => {
        const claims = [claim(unknown), claim(undefined)];
        const { messages, unknowns } = judge(
            storageClass,
            withField(goodStatefulSet(), ["spec", "volumeClaimTemplates"], claims),
        );
        assert.equal(messages.length, 1);
        assert.equal(unknowns.length, 1);
    });

    it("is silent in development", () => assert.equal(storageClass.levels.development, "disabled"));
});
