import assert from "node:assert/strict";
import { protectedState } from "../../../../policy/rules/operations/protected";
import { type Fields, linkedOf, object, stackMessagesOf, unknown, withField } from "../../support";
import { goodParts, levelsOf, operatedDeployment, operatedRedis, operatedSet, stackOf } from "./support";

const claim = object("v1", "PersistentVolumeClaim", { accessModes: ["ReadWriteOnce"] });
const namespace = goodParts().namespace;
const messages = (...objects: readonly Fields[]) =>
    stackMessagesOf(
        protectedState,
        objects.map((each) => linkedOf(each)),
    );

describe("rule operations-protected", () => {
    it("refuses in production only", () => {
        assert.equal(levelsOf(protectedState), "disabled disabled mandatory");
    });

    const stateful: Record<string, Fields> = {
        "a set with claims": operatedSet(),
        "a claim": claim,
        "a replication of Redis": operatedRedis("RedisReplication"),
        "a cluster of Redis": operatedRedis("RedisCluster"),
    };
    for (const [what, inputs] of Object.entries(stateful)) {
        it(`asks for protection of ${what}, and of its namespace`, () => {
            assert.deepEqual(stackMessagesOf(protectedState, stackOf(inputs, namespace)), []);
            assert.deepEqual(messages(inputs, namespace), [
                `events: ${String(inputs.kind)} option protect: expected true, found false`,
                "dev-kafka: Namespace option protect: expected true, found false",
            ]);
        });
    }

    it("asks nothing of what keeps nothing, and of its namespace", () => {
        const bare = withField(operatedSet(), ["spec", "volumeClaimTemplates"], undefined);
        const scratch = withField(
            bare,
            ["spec", "template", "spec", "volumes"],
            [{ name: "scratch", ephemeral: { volumeClaimTemplate: { spec: {} } } }],
        );
        assert.deepEqual(messages(scratch, operatedDeployment(), operatedRedis("RedisSentinel"), namespace), []);
        const elsewhere = withField(claim, ["metadata", "namespace"], "other");
        assert.equal(messages(elsewhere, namespace).length, 1);
    });

    it("leaves a namespace whose name is not known yet alone", () => {
        assert.equal(messages(claim, withField(namespace, ["metadata", "name"], unknown)).length, 1);
    });
});
