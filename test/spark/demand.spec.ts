import * as assert from "node:assert/strict";
import { sumOfDemands } from "../../components/foundation/demand";
import { applicationDemand, applicationsDemand, operatorDemand } from "../../components/spark/demand";
import { sparkSettings } from "../../components/spark/schema";
import { type ApplicationInput, application, checkedApplication, jobNamespace } from "./fixtures";

describe("demand", () => {
    it("counts a driver and its first executors, with what comes on top of the heap", () => {
        const sum = sumOfDemands(
            applicationDemand(checkedApplication({ executor: { instances: 3, cores: 2, cpu: "1", memory: "2Gi" } })),
        );
        assert.equal(sum.pods, 4);
        assert.equal(sum.cpu, 1 + 3);
        assert.equal(sum.cpuLimit, 1 + 3 * 2);
        assert.equal(sum.memory, (1024 + 384 + 3 * (2048 + 384)) * 2 ** 20);
    });

    it("counts executors' claims, and of dynamic allocation what is there first", () => {
        const claim = { scratch: { kind: "claim", storageClass: "fast", size: "10Gi" } } as const;
        const sum = (dynamicAllocation: ApplicationInput["dynamicAllocation"]) =>
            sumOfDemands(applicationDemand(checkedApplication({ executor: claim, dynamicAllocation })));
        assert.equal(sum({ max: 9, min: 2 }).storage, 2 * 10 * 2 ** 30);
        assert.equal(sum({ max: 9, min: 2, initial: 4 }).pods, 5);
    });

    it("is the sum of a namespace's applications, and of the operator's parts", () => {
        const two = jobNamespace({ applications: { a: application(), b: application() } });
        assert.equal(sumOfDemands(applicationsDemand(two)).pods, 4);
        const operator = (webhook: boolean) =>
            sparkSettings.parse({ operator: { kind: "chart", replicas: 2, webhook }, jobNamespaces: { etl: {} } })
                .operator;
        assert.equal(sumOfDemands(operatorDemand(operator(true))).pods, 4);
        assert.equal(sumOfDemands(operatorDemand(operator(false))).pods, 2);
        assert.deepEqual(operatorDemand({ kind: "existing" }), []);
    });
});
