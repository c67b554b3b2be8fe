import * as assert from "node:assert/strict";
import { sumOfDemands, sumOfResources } from "../../components/foundation/demand";

const gibi = 2 ** 30;

describe("the sum of demands", () => {
    it("of nothing is nothing", () => {
        assert.deepEqual(sumOfDemands([]), { pods: 0, cpu: 0, cpuLimit: 0, memory: 0, memoryLimit: 0, storage: 0 });
    });

    it("counts each pod, its CPU limit of four requests unless one is given, and every claim", () => {
        const sum = sumOfDemands([
            { pods: 3, resources: { cpu: "500m", memory: "1Gi" }, claims: ["10Gi", "5Gi"] },
            { pods: 1, resources: { cpu: "1", cpuLimit: "1500m", memory: "2Gi" }, memoryLimit: "4Gi" },
        ]);
        assert.deepEqual(sum, {
            pods: 4,
            cpu: 2.5,
            cpuLimit: 7.5,
            memory: 5 * gibi,
            memoryLimit: 7 * gibi,
            storage: 45 * gibi,
        });
    });
});

describe("what several containers ask for", () => {
    it("is the sum of each, and of their CPU limits, given or not", () => {
        assert.deepEqual(
            sumOfResources([
                { cpu: "1", memory: "1Gi" },
                { cpu: "250m", cpuLimit: "500m", memory: "512Mi" },
            ]),
            { cpu: "1250m", cpuLimit: "4500m", memory: "1.5Gi" },
        );
    });
});
