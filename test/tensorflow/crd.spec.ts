import * as assert from "node:assert/strict";
import { crdFaults, crdsMissing } from "../operator/crdSchema";
import { find } from "../support/plans";
import { type Overrides, planned } from "./fixtures";

const table: readonly (readonly [string, Overrides])[] = [
    ["the defaults", {}],
    [
        "everything",
        {
            runtime: {
                nodes: 4,
                accelerators: { "nvidia.com/gpu": 1 },
                targets: "stateful",
                priority: "high",
                spread: { hosts: "required", zones: "required" },
            },
            job: {
                resources: { cpu: "1", memory: "1Gi" },
                deadline: "1h",
                env: { A: { kind: "value", value: "b" }, C: { kind: "secret", secretName: "s", key: "k" } },
                volumes: {
                    data: { kind: "claim", claimName: "data", path: "/data" },
                    code: { kind: "configMap", configMapName: "code", path: "/work" },
                    keys: { kind: "secret", secretName: "keys", path: "/keys" },
                },
            },
            foundation: { images: { pullSecrets: ["pull"] } },
        },
    ],
];

describe("The resources of TensorFlow by their definitions", function () {
    // The definitions are large.
    this.timeout(60_000);

    before(function () {
        if (crdsMissing !== undefined) {
            console.log(`      skipped: ${crdsMissing}`);
            this.skip();
        }
    });

    for (const [what, overrides] of table) {
        it(`has no fault with ${what} [tensorflow-P17]`, async () => {
            const plan = await planned(overrides);
            for (const kind of ["ClusterTrainingRuntime", "TrainJob"]) {
                assert.deepEqual(crdFaults("kubeflow-trainer-v2.3.yaml", find(plan, kind).inputs), []);
            }
        });
    }
});
