import * as assert from "node:assert/strict";
import { awaitedResource, type AwaitedResourceArgs, waitForAnnotation } from "../../components/operator/customResource";
import { at, find, planOf } from "../support/plans";

const args: AwaitedResourceArgs = {
    apiVersion: "example.com/v1",
    kind: "Store",
    metadata: { name: "a", namespace: "ns", labels: { x: "y" } },
    content: { spec: { size: 3 } },
    waitFor: "condition=Ready",
    timeoutSeconds: 90,
};

const planned = async (overrides: Partial<AwaitedResourceArgs> = {}) =>
    find(await planOf(() => awaitedResource("store", { ...args, ...overrides }, {})), "Store");

describe("awaitedResource", () => {
    it("is awaited by the condition of its operator [operator-P3]", async () => {
        const { inputs } = await planned();
        assert.equal(at(inputs, 'metadata.annotations["pulumi.com/waitFor"]'), "condition=Ready");
    });

    it("is awaited for a time that is set, not the engine's [operator-P4]", async () => {
        const { customTimeouts } = await planned();
        assert.equal(customTimeouts["create"], "90s");
        assert.equal(customTimeouts["update"], "90s");
    });

    it("is deleted before it is made anew, since its name is fixed [operator-P5]", async () => {
        assert.equal((await planned()).deleteBeforeReplace, true);
    });

    it("is not awaited without a condition", async () => {
        const { inputs } = await planned({ waitFor: undefined });
        assert.equal(at(inputs, "metadata.annotations"), undefined);
    });

    it("keeps its other annotations", async () => {
        const { inputs } = await planned({ metadata: { ...args.metadata, annotations: { a: "b" } } });
        assert.deepEqual(at(inputs, "metadata.annotations"), { a: "b", "pulumi.com/waitFor": "condition=Ready" });
    });

    it("may belong to no namespace, and have more than a spec", async () => {
        const { inputs } = await planned({ metadata: { name: "a", labels: {} }, content: { data: { b: 1 } } });
        assert.deepEqual(at(inputs, "metadata.namespace"), undefined);
        assert.deepEqual(at(inputs, "data"), { b: 1 });
    });
});

describe("waitForAnnotation", () => {
    it("writes one condition as it is and several as a list", () => {
        assert.equal(waitForAnnotation("jsonpath={.status.state}=Ready"), "jsonpath={.status.state}=Ready");
        assert.equal(
            waitForAnnotation(["condition=Ready", "jsonpath={.status.ip}"]),
            '["condition=Ready","jsonpath={.status.ip}"]',
        );
    });
});
