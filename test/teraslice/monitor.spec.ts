import assert from "node:assert/strict";
import { monitoringSettings } from "../../components/monitoring/schema";
import { metricsEndpoints } from "../../components/teraslice/monitor";
import type { TerasliceSettings } from "../../components/teraslice/schema";
import { clusterOf, foundation, planOf } from "./fixtures";

const parts = (settings: TerasliceSettings) => metricsEndpoints(clusterOf(settings)).map(({ part }) => part);

describe("the monitors of Teraslice", () => {
    it("read each part through its own pods, so that nothing is read twice", () => {
        const endpoints = metricsEndpoints(clusterOf());
        assert.deepEqual(parts({}), ["master", "execution-controller", "worker"]);
        const components = endpoints.map(({ selector }) => selector["app.kubernetes.io/component"]);
        assert.deepEqual(components, ["master", "execution_controller", "worker"]);
        assert.ok(endpoints.every(({ port, kind }) => port === "metrics" && kind === "pod"));
    });

    it("read only what exports metrics", () => {
        assert.deepEqual(parts({ metrics: { enabled: false } }), []);
        assert.deepEqual(parts({ metrics: { enabled: false }, jobDefaults: { metrics: { enabled: true } } }), [
            "execution-controller",
            "worker",
        ]);
        assert.deepEqual(parts({ jobDefaults: { metrics: { enabled: false } } }), ["master"]);
    });

    it("are there only where the environment is watched, and the cluster may be", async () => {
        const monitoring = monitoringSettings.parse({ scrapers: [{ namespace: "prometheus" }] });
        const kinds = async (settings: TerasliceSettings, watched: boolean) => {
            const plan = await planOf(settings, watched ? { foundation: { ...foundation(), monitoring } } : {});
            return plan.resources
                .filter(({ type }) => type.startsWith("kubernetes:monitoring.coreos.com/"))
                .map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`);
        };
        assert.deepEqual(await kinds({}, false), []);
        assert.deepEqual(await kinds({ monitoring: { enabled: false } }, true), []);
        assert.deepEqual(await kinds({ monitoring: { alerts: false } }, true), [
            "PodMonitor teraslice-monitor-execution-controller",
            "PodMonitor teraslice-monitor-master",
            "PodMonitor teraslice-monitor-worker",
        ]);
        assert.ok((await kinds({}, true)).includes("PrometheusRule teraslice-monitor-rules"));
    });
});
