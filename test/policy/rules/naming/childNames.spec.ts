import assert from "node:assert/strict";
import { childNames } from "../../../../policy/rules/naming/childNames";
import type { LinkedResource } from "../../../../policy/views/stackView";
import { linkedOf, object, stackMessagesOf } from "../../support";

const parent = (type: string): LinkedResource => ({
    urn: `urn:pulumi:dev::data-platform::${type}::kafka`,
    type,
    name: "kafka",
    inputs: {},
});
const child = (name: string, above: LinkedResource): LinkedResource => ({
    ...linkedOf(object("v1", "Service"), { parent: above.urn }),
    name,
});
const judged = (name: string, type = "data-platform:kafka:Kafka") =>
    stackMessagesOf(childNames, [parent(type), child(name, parent(type))]);

describe("rule naming-child-names", () => {
    it("accepts a child named after its parent", () => assert.deepEqual(judged("kafka-brokers"), []));

    for (const bad of ["brokers", "kafka", "kafkabrokers", "my-kafka-brokers"]) {
        it(`refuses ${bad}`, () => {
            assert.deepEqual(judged(bad), [
                `${bad}: Pulumi name of a child of "kafka": expected kafka-<part>, found "${bad}"`,
            ]);
        });
    }

    it("judges children of every component, but neither a chart's nor the stack's", () => {
        assert.equal(judged("brokers", "team:own:Component").length, 1);
        assert.deepEqual(judged("brokers", "kubernetes:helm.sh/v4:Chart"), []);
        assert.deepEqual(judged("brokers", "pulumi:pulumi:Stack"), []);
    });

    it("judges children that are no Kubernetes objects", () => {
        const above = parent("data-platform:kafka:Kafka");
        const component = { ...child("brokers", above), type: "data-platform:sets:WorkerSet" };
        assert.equal(stackMessagesOf(childNames, [above, component]).length, 1);
    });

    it("says nothing of what has no parent", () => {
        assert.deepEqual(stackMessagesOf(childNames, [linkedOf(object("v1", "Service"))]), []);
    });
});
