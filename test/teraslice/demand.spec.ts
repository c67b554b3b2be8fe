import * as assert from "node:assert/strict";
import { sumOfDemands } from "../../components/foundation/demand";
import { demand, leastJobDemand } from "../../components/teraslice/demand";
import { type TerasliceSettings, terasliceSettings } from "../../components/teraslice/schema";

const Gi = 2 ** 30;
const checkedSettings = (given: TerasliceSettings) => terasliceSettings.parse(given);

describe("what Teraslice asks of a quota", () => {
    it("is one pod for the master", () => {
        const settings = checkedSettings({ resources: { cpu: "1", cpuLimit: "3", memory: "4Gi" } });
        assert.deepEqual(sumOfDemands(demand(settings)), {
            pods: 1,
            cpu: 1,
            cpuLimit: 3,
            memory: 4 * Gi,
            memoryLimit: 4 * Gi,
            storage: 0,
        });
    });

    it("is the claim that all pods share, where it is made", () => {
        const storage = (sharedAssets: TerasliceSettings["sharedAssets"]) =>
            sumOfDemands(demand(checkedSettings({ sharedAssets }))).storage;
        assert.equal(storage({ storageClass: "efs", size: "5Gi" }), 5 * Gi);
        assert.equal(storage({ existingClaim: "assets", size: "5Gi" }), 0);
    });

    it("is a controller and a worker for the least job, with the settings' own resources", () => {
        const settings = checkedSettings({
            executionControllerResources: { cpu: "2", memory: "1Gi" },
            workerResources: { cpu: "3", memory: "2Gi" },
        });
        assert.deepEqual(sumOfDemands(leastJobDemand(settings)), {
            pods: 2,
            cpu: 5,
            cpuLimit: 5,
            memory: 3 * Gi,
            memoryLimit: 3 * Gi,
            storage: 0,
        });
    });

    it("is the namespace's default CPU for a worker without one", () => {
        const settings = checkedSettings({
            executionControllerResources: { cpu: "1", memory: "1Gi" },
            namespace: { containerDefaults: { cpu: "200m", cpuLimit: "4" } },
        });
        const { cpu, cpuLimit } = sumOfDemands(leastJobDemand(settings));
        assert.deepEqual([cpu, cpuLimit], [1.2, 5]);
    });
});
