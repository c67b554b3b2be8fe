import { apiServerFlow, egressFlows, type Flow, tcp } from "../foundation/networkPolicy";
import type { Foundation } from "../foundation/environment";
import type { Labels } from "../foundation/labels";
import { portOf } from "../foundation/values";
import { scraperFlow } from "../monitoring/monitor";
import type { Cluster } from "./files";
import { executionControllerPort } from "./jobDefaults";
import { apiPort } from "./schema";

/** The parts of a cluster: the master, and the pods that it starts for jobs. */
export type Part = "master" | "execution_controller" | "worker";

/** Who starts the pods of jobs. */
export const jobStarter = "Teraslice's master";

/** Labels that Teraslice gives the pods of a part (jobs/execution_controller.hbs, deployments/worker.hbs, 3.18.0). */
export function partLabels(cluster: Pick<Cluster, "name">, part: Part): Labels {
    return {
        "app.kubernetes.io/name": "teraslice",
        "app.kubernetes.io/instance": cluster.name,
        "app.kubernetes.io/component": part,
    };
}

/** Who may connect to a part, and whom it may connect to. */
export interface PartFlows {
    readonly ingress: readonly Flow[];
    readonly egress: readonly Flow[];
}

/** The flows of every part, besides name resolution. */
export function clusterFlows(cluster: Cluster, foundation: Foundation): Readonly<Record<Part, PartFlows>> {
    const { settings, store } = cluster;
    const { clients, metrics, jobDefaults } = settings;
    const pods = (part: Part) => ({ podLabels: partLabels(cluster, part) });
    const scrape = (enabled: boolean, port: number): Flow[] =>
        enabled ? [scraperFlow(foundation, settings.monitoring, metrics.scrapers, port)] : [];
    const jobScrape = scrape(jobDefaults.metrics.enabled ?? metrics.enabled, jobDefaults.metrics.port ?? metrics.port);
    const ofJobs = [store.flow, ...egressFlows(settings.egress)];
    return {
        master: {
            ingress: [
                { peers: [pods("execution_controller"), ...clients], ports: tcp(apiPort) },
                ...scrape(metrics.enabled, metrics.port),
            ],
            egress: [apiServerFlow(foundation.network, "The Teraslice master"), store.flow, ...assetFlows(cluster)],
        },
        execution_controller: {
            ingress: [{ peers: [pods("worker")], ports: tcp(executionControllerPort) }, ...jobScrape],
            egress: [{ peers: [pods("master")], ports: tcp(apiPort) }, ...ofJobs],
        },
        worker: {
            ingress: [
                ...jobScrape,
                ...jobDefaults.externalPorts.map(({ from, port }) => ({ peers: from, ports: tcp(port) })),
            ],
            egress: [{ peers: [pods("execution_controller")], ports: tcp(executionControllerPort) }, ...ofJobs],
        },
    };
}

/**
 * The way to the asset storage: what of the jobs' egress has its port. The master reads and writes nothing else of the
 * jobs' sources and sinks: it only validates jobs.
 */
function assetFlows({ settings }: Cluster): Flow[] {
    const { assetStorage, connectors, egress } = settings;
    const connection = assetStorage.type === "s3" ? connectors.s3[assetStorage.connection] : undefined;
    if (connection === undefined) {
        return [];
    }
    const port = portOf(connection.endpoint);
    return egressFlows(egress)
        .map(({ peers, ports }) => ({
            peers,
            ports: ports.filter((each) => each.port === port && each.protocol === "TCP"),
        }))
        .filter(({ ports }) => ports.length > 0);
}
