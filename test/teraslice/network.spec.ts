import assert from "node:assert/strict";
import type { Foundation } from "../../components/foundation/environment";
import type { Flow } from "../../components/foundation/networkPolicy";
import { monitoringSettings } from "../../components/monitoring/schema";
import { clusterFlows, partLabels } from "../../components/teraslice/network";
import type { TerasliceSettings } from "../../components/teraslice/schema";
import { clusterOf, everything, foundation, s3 } from "./fixtures";

/** A flow in short: `who:ports`, by component, namespace or network. */
const short = (flows: readonly Flow[]): string[] =>
    flows
        .filter(({ peers }) => peers.length > 0)
        .map(({ peers, ports }) => {
            const who = peers.map(
                (peer) => peer.cidr ?? peer.namespace ?? peer.podLabels?.["app.kubernetes.io/component"] ?? "?",
            );
            return `${who.join("+")}:${ports.map(({ port }) => port).join(",")}`;
        });

const flowsOf = (settings: TerasliceSettings = {}, watching: Pick<Foundation, "monitoring"> = {}) => {
    const flows = clusterFlows(clusterOf(settings), { ...foundation(), ...watching });
    return Object.fromEntries(
        Object.entries(flows).map(([part, { ingress, egress }]) => [
            part,
            { ingress: short(ingress), egress: short(egress) },
        ]),
    );
};

describe("clusterFlows", () => {
    it("allows what a cluster needs, and nothing else", () => {
        assert.deepEqual(flowsOf(), {
            master: {
                ingress: ["execution_controller:5678"],
                egress: ["10.96.0.1/32:443,6443", "dev-opensearch:9200"],
            },
            execution_controller: {
                ingress: ["worker:45680"],
                egress: ["master:5678", "dev-opensearch:9200"],
            },
            worker: { ingress: [], egress: ["execution_controller:45680", "dev-opensearch:9200"] },
        });
    });

    it("gives jobs all of egress, and the master the way to its bucket alone", () => {
        const { master, execution_controller, worker } = flowsOf(s3);
        assert.deepEqual(master?.egress, ["10.96.0.1/32:443,6443", "dev-opensearch:9200", "192.0.2.0/24:443"]);
        const ofJobs = ["dev-opensearch:9200", "192.0.2.0/24:443,9000", "kafka:9092"];
        assert.deepEqual(execution_controller?.egress.slice(1), ofJobs);
        assert.deepEqual(worker?.egress.slice(1), ofJobs);
    });

    it("gives the master no egress of jobs while assets lie in the store", () => {
        const { master } = flowsOf({ ...s3, assetStorage: { type: "opensearch" } });
        assert.deepEqual(master?.egress, ["10.96.0.1/32:443,6443", "dev-opensearch:9200"]);
    });

    it("lets clients at the API of the master alone", () => {
        const { master, execution_controller, worker } = flowsOf({ clients: [{ namespace: "ingress" }] });
        assert.deepEqual(master?.ingress, ["execution_controller+ingress:5678"]);
        assert.deepEqual(execution_controller?.ingress, ["worker:45680"]);
        assert.deepEqual(worker?.ingress, []);
    });

    it("lets scrapers at every pod, on the port of jobs where that differs", () => {
        const { master, execution_controller, worker } = flowsOf(everything);
        assert.ok(master?.ingress.includes("monitoring:3334"));
        assert.ok(execution_controller?.ingress.includes("monitoring:3335"));
        assert.ok(worker?.ingress.includes("monitoring:3335"));
    });

    it("lets those in who watch the environment, unless the cluster is not watched", () => {
        const monitoring = monitoringSettings.parse({ scrapers: [{ namespace: "prometheus" }] });
        const watched = flowsOf({}, { monitoring });
        assert.ok(watched.master?.ingress.includes("prometheus:3333"));
        assert.ok(watched.worker?.ingress.includes("prometheus:3333"));
        const off = flowsOf({ monitoring: { enabled: false } }, { monitoring });
        assert.ok(!JSON.stringify(off).includes("prometheus"));
    });

    it("opens no port of metrics that are off", () => {
        const scrapers = [{ namespace: "monitoring" }];
        const off = flowsOf({ metrics: { enabled: false, scrapers } });
        assert.ok(!JSON.stringify(off).includes("monitoring"));
        const jobsOnly = flowsOf({
            metrics: { enabled: false, scrapers },
            jobDefaults: { metrics: { enabled: true } },
        });
        assert.deepEqual(jobsOnly.master?.ingress, ["execution_controller:5678"]);
        assert.deepEqual(jobsOnly.worker?.ingress, ["monitoring:3333"]);
    });

    it("opens external ports on workers to those that they are for", () => {
        const { worker, execution_controller } = flowsOf(everything);
        assert.deepEqual(worker?.ingress.slice(1), ["monitoring:9090", "198.51.100.0/24:8080"]);
        assert.ok(!JSON.stringify(execution_controller?.ingress).includes("8080"));
    });

    it("wants to know where the API server is", () => {
        const { network, ...rest } = foundation();
        assert.throws(
            () => clusterFlows(clusterOf(), { ...rest, network: { dns: network.dns } }),
            /The Teraslice master calls the Kubernetes API/,
        );
    });
});

describe("partLabels", () => {
    it("are those that Teraslice gives its pods", () => {
        assert.deepEqual(partLabels({ name: "ts_main" }, "execution_controller"), {
            "app.kubernetes.io/name": "teraslice",
            "app.kubernetes.io/instance": "ts_main",
            "app.kubernetes.io/component": "execution_controller",
        });
    });
});
