import * as assert from "node:assert/strict";
import { sumOfDemands } from "../../components/foundation/demand";
import { demand, jobNamespaceDemand, leastJobDemand } from "../../components/twister2/demand";
import { twister2Settings } from "../../components/twister2/schema";
import { jobNamespace, planned } from "./fixtures";
import { totalsOf } from "../../bin/plan/totals";

const gi = 2 ** 30;

describe("What Twister2 asks of quotas", () => {
    it("is what the plan asks for", async () => {
        const { plan } = await planned({ research: { uploader: { kind: "server", keepFor: "7d" } } });
        const settings = twister2Settings.parse({ jobNamespaces: { research: {} } });
        const uploader = jobNamespaceDemand(jobNamespace({ uploader: { kind: "server", keepFor: "7d" } }));
        const { pods, cpu, memory, storage } = sumOfDemands([...demand(settings), ...uploader]);
        const { all } = totalsOf(plan.resources);
        assert.deepEqual(
            { pods, cpu, memory, storage },
            { pods: all.pods, cpu: all.requests.cpu, memory: all.requests.memory, storage: all.storage },
        );
        assert.equal(pods, 2);
    });

    it("is nothing in the system namespace without a dashboard of the own", () => {
        assert.deepEqual(demand(twister2Settings.parse({ dashboard: { kind: "none" }, jobNamespaces: { a: {} } })), []);
    });

    it("is nothing for an uploader that is none", () => {
        assert.deepEqual(jobNamespaceDemand(jobNamespace({ uploader: { kind: "none" } })), []);
    });

    it("is a job master and a worker with what they request, and the namespace's limits", () => {
        const given = jobNamespace({
            jobDefaults: { computeResources: [{ cpu: "2", memory: "4Gi", instances: 3, workersPerPod: 2 }] },
            storage: { kind: "mounted", storageClass: "nfs", perWorker: "2Gi", jobMaster: "1Gi" },
        });
        assert.deepEqual(sumOfDemands(leastJobDemand(given)), {
            pods: 2,
            cpu: 0.2 + 2 * 2,
            cpuLimit: 16 + 2 * 16,
            memory: 1.125 * gi + 2 * 4 * gi,
            memoryLimit: 3 * 32 * gi,
            storage: 2 * 2 * gi + gi,
        });
    });

    it("is one container for all workers of an OpenMPI job's pod", () => {
        const given = jobNamespace({
            network: { channel: "mpi" },
            openMpi: { kind: "generated" },
            jobDefaults: { computeResources: [{ cpu: "2", memory: "4Gi", instances: 3, workersPerPod: 2 }] },
        });
        const { cpu, cpuLimit, memoryLimit } = sumOfDemands(leastJobDemand(given));
        assert.deepEqual([cpu, cpuLimit, memoryLimit], [4.2, 2 * 16, 2 * 32 * gi]);
    });

    it("is a worker alone where the job master runs in the client", () => {
        assert.equal(sumOfDemands(leastJobDemand(jobNamespace({ jobMaster: { runsInClient: true } }))).pods, 1);
    });

    it("is the namespace's defaults for a worker that the settings don't know", () => {
        const { cpu, memory } = sumOfDemands(leastJobDemand(jobNamespace()));
        assert.deepEqual([cpu, memory], [0.2 + 0.1, 1.125 * gi + gi / 2]);
    });
});
