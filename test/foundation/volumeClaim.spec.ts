import * as assert from "node:assert/strict";
import { volumeClaim, type VolumeClaimArgs } from "../../components/foundation/volumeClaim";
import { identityLabels } from "../support/foundation";
import { at, find, kindsAndNames, planOf } from "../support/plans";

const planned = async (args: Partial<VolumeClaimArgs>) => {
    const given = { objectName: "store-data", namespace: "ns", labels: identityLabels, size: "20Gi" };
    const plan = await planOf(() => volumeClaim("data", { ...given, ...args }, {}));
    assert.deepEqual(kindsAndNames(plan), ["PersistentVolumeClaim data"]);
    return find(plan, "PersistentVolumeClaim").inputs;
};

describe("a single volume claim", () => {
    it("is of the cluster's default class, for one node at a time", async () => {
        assert.deepEqual((await planned({}))["spec"], {
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "20Gi" } },
        });
    });

    it("is of the class and for as many nodes as it is told", async () => {
        assert.deepEqual((await planned({ storageClass: "nfs", accessMode: "ReadWriteMany" }))["spec"], {
            accessModes: ["ReadWriteMany"],
            storageClassName: "nfs",
            resources: { requests: { storage: "20Gi" } },
        });
    });

    it("carries its name, its labels, and that nobody waits for it to be bound", async () => {
        assert.deepEqual(at(await planned({}), "metadata"), {
            name: "store-data",
            namespace: "ns",
            labels: identityLabels,
            annotations: { "pulumi.com/skipAwait": "true" },
        });
    });
});
