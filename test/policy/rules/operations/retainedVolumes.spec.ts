import assert from "node:assert/strict";
import { retainedVolumes } from "../../../../policy/rules/operations/retainedVolumes";
import { type Fields, judge, messagesOf, object, unknown, withField } from "../../support";
import { operatedRedis, operatedSet } from "./support";

const retention = "persistentVolumeClaimRetentionPolicy";
const storageClass = (policy: unknown): Fields =>
    withField(object("storage.k8s.io/v1", "StorageClass"), ["reclaimPolicy"], policy);
const volume = (policy: unknown): Fields => object("v1", "PersistentVolume", { persistentVolumeReclaimPolicy: policy });

describe("rule operations-retained-volumes", () => {
    const good: Record<string, Fields> = {
        "a set that says so": operatedSet(),
        "a set without claims that keeps nothing": withField(
            withField(
                withField(operatedSet(), ["spec", "volumeClaimTemplates"], undefined),
                ["spec", "template", "metadata", "labels", "app.kubernetes.io/component"],
                "exporter",
            ),
            ["spec", retention],
            undefined,
        ),
        "a replication of Redis": operatedRedis("RedisReplication"),
        "a cluster of Redis": operatedRedis("RedisCluster"),
        "sentinels, which keep nothing": operatedRedis("RedisSentinel"),
        "a storage class that retains": storageClass("Retain"),
        "a volume that is retained": volume("Retain"),
        "a claim": object("v1", "PersistentVolumeClaim", { accessModes: ["ReadWriteOnce"] }),
    };
    for (const [what, inputs] of Object.entries(good)) {
        it(`accepts ${what}`, () => {
            assert.deepEqual(messagesOf(retainedVolumes, inputs), []);
        });
    }

    it("asks a store for volumes, by the labels that the stack lists", () => {
        const labels = ["spec", "template", "metadata", "labels"];
        const store = (component: string) =>
            withField(
                withField(
                    withField(operatedSet(), ["spec", "volumeClaimTemplates"], undefined),
                    [...labels, "app.kubernetes.io/name"],
                    "zookeeper",
                ),
                [...labels, "app.kubernetes.io/component"],
                component,
            );
        const message =
            "StatefulSet spec.volumeClaimTemplates: expected a volume for the data of zookeeper, found nothing";
        assert.deepEqual(messagesOf(retainedVolumes, store("member")), [message]);
        assert.deepEqual(messagesOf(retainedVolumes, store("observer")), []);
        assert.deepEqual(messagesOf(retainedVolumes, store("observer"), { stores: ["zookeeper/observer"] }), [message]);
        assert.deepEqual(messagesOf(retainedVolumes, store("member"), {}, "kubernetes:apps/v1:StatefulSetPatch"), []);
    });

    it("says what it expects and where", () => {
        assert.deepEqual(
            messagesOf(retainedVolumes, withField(operatedSet(), ["spec", retention, "whenScaled"], "Delete")),
            [`StatefulSet spec.${retention}.whenScaled: expected Retain, found "Delete"`],
        );
    });

    const bad: readonly (readonly [string, Fields, number])[] = [
        ["a set that says nothing", withField(operatedSet(), ["spec", retention], undefined), 2],
        ["a set whose volumes go with it", withField(operatedSet(), ["spec", retention, "whenDeleted"], "Delete"), 1],
        [
            "a replication that goes with its volumes",
            withField(operatedRedis("RedisReplication"), ["spec", "storage", "keepAfterDelete"], false),
            1,
        ],
        [
            "a cluster of Redis that does not say",
            withField(operatedRedis("RedisCluster"), ["spec", "storage", "keepAfterDelete"], undefined),
            1,
        ],
        [
            "a cluster of Redis whose sets drop volumes",
            withField(operatedRedis("RedisCluster"), ["spec", "kubernetesConfig", retention], undefined),
            2,
        ],
        ["a storage class that deletes", storageClass("Delete"), 1],
        ["a storage class that does not say", storageClass(undefined), 1],
        ["a volume that is deleted", volume("Delete"), 1],
    ];
    for (const [what, inputs, count] of bad) {
        it(`refuses ${what}`, () => {
            assert.equal(messagesOf(retainedVolumes, inputs).length, count);
        });
    }

    it("judges of a patch only what it says", () => {
        const patch = "kubernetes:apps/v1:StatefulSetPatch";
        const set = withField(operatedSet(), ["spec", retention], { whenDeleted: "Delete" });
        assert.equal(messagesOf(retainedVolumes, set, {}, patch).length, 1);
    });

    it("judges what stands beside a value that is not known yet", () => {
        const set = withField(operatedSet(), ["spec", retention], { whenDeleted: unknown, whenScaled: "Delete" });
        const { messages, unknowns } = judge(retainedVolumes, set);
        assert.deepEqual([messages.length, unknowns.length], [1, 1]);
    });
});
