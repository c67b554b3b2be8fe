import * as assert from "node:assert/strict";
import { checked } from "../../components/foundation/faults";
import { requirements, resourceSettings } from "../../components/foundation/resources";

const settings = resourceSettings({ cpu: "500m", memory: "1Gi" });

describe("resources", () => {
    it("bound CPU, memory and local storage, memory as requested", () => {
        assert.deepEqual(requirements({ cpu: "500m", cpuLimit: "3", memory: "1Gi", ephemeralStorage: "2Gi" }), {
            requests: { cpu: "500m", memory: "1Gi", "ephemeral-storage": "2Gi" },
            limits: { cpu: "3", memory: "1Gi", "ephemeral-storage": "2Gi" },
        });
    });

    for (const [cpu, limit] of [
        ["500m", "2"],
        ["100m", "400m"],
        ["2", "8"],
        ["0.3", "1200m"],
    ] as const) {
        it(`limit ${cpu} to ${limit} by default`, () => {
            const { limits } = requirements({ cpu, memory: "1Gi" });
            assert.deepEqual(limits, { cpu: limit, memory: "1Gi", "ephemeral-storage": "512Mi" });
        });
    }

    it("have the defaults of their owner", () => {
        assert.deepEqual(settings.parse(undefined), { cpu: "500m", memory: "1Gi", ephemeralStorage: "512Mi" });
        const own = resourceSettings({ cpu: "1", memory: "2Gi", ephemeralStorage: "3Gi" });
        assert.deepEqual(own.parse({}), { cpu: "1", memory: "2Gi", ephemeralStorage: "3Gi" });
        assert.deepEqual(own.parse({ cpu: 2, memory: "4Gi", ephemeralStorage: "5Gi", cpuLimit: 2 }), {
            cpu: "2",
            memory: "4Gi",
            ephemeralStorage: "5Gi",
            cpuLimit: "2",
        });
    });

    it("must not be limited below the request", () => {
        assert.throws(
            () => checked(settings, "r", { cpu: "2", cpuLimit: "1999m" }),
            /cpuLimit: expected a CPU limit of at least the request, found "1999m"/,
        );
        assert.throws(() => checked(settings, "r", { cpuLimit: "499m" }), /a CPU limit of at least the request/);
        assert.equal(settings.parse({ cpuLimit: "500m" }).cpuLimit, "500m");
    });
});
