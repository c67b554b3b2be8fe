import { apiServerFlow, egressFlows, type Flow, type Peer, tcp } from "../foundation/networkPolicy";
import { selectorLabels } from "../foundation/labels";
import { portOf } from "../foundation/values";
import { scraperFlow } from "../monitoring/monitor";
import { type Control, topologyLabels, topologyPeer, type Tool, toolIdentity } from "./control";
import { metricsPort } from "./metricsSchema";
import { apiPort, trackerPort, uiPort } from "./schema";

/** Ports of topologies' pods (KubernetesConstants.java). */
const ports = {
    server: 6001,
    managerControl: 6002,
    managerStats: 6003,
    shell: 6004,
    metricsManager: 6005,
    scheduler: 6006,
    metricsCache: 6007,
    metricsCacheStats: 6008,
    checkpointManager: 6009,
} as const;

/** Ports on which topologies' pods talk to each other: all but the shell, which reads files and ends processes. */
const amongTopologies = tcp(...Object.values(ports).filter((port) => port !== ports.shell));

/** Who may connect to some pods, and whom they may connect to, besides name resolution. */
export interface PartFlows {
    readonly ingress: readonly Flow[];
    readonly egress: readonly Flow[];
}

/** A tool's pods, seen from any namespace. */
export function toolPeer({ component, namespace }: Pick<Control, "component" | "namespace">, tool: Tool): Peer {
    return { namespace, podLabels: selectorLabels(toolIdentity(component, tool)) };
}

/** The way to the packages, for who uploads them to a bucket and who downloads them from there. */
function bucketFlows({ settings: { uploader } }: Control, forUpload: boolean): Flow[] {
    if (uploader.kind === "gcs") {
        return [{ peers: uploader.peers, ports: tcp(443) }];
    }
    if (uploader.kind !== "s3") {
        return [];
    }
    // Topologies know no proxy: they open the package's URL as it is.
    const address = (forUpload ? uploader.proxy : undefined) ?? uploader.endpoint;
    return [{ peers: uploader.peers, ports: tcp(address === undefined ? 443 : portOf(address)) }];
}

/** The flows of every part. */
export function heronFlows(given: Control): Readonly<Record<Tool | "topology", PartFlows>> {
    const { foundation, settings, zookeeper, dlog } = given;
    const topologies = topologyPeer(given);
    const others: Peer = { podLabels: topologyLabels };
    const bookies = dlog === undefined ? [] : [dlog.flow];
    const served = settings.uploader.kind === "http";
    const { metrics, monitoring } = settings;
    return {
        apiserver: {
            ingress: [{ peers: [...settings.apiServer.clients, ...(served ? [topologies] : [])], ports: tcp(apiPort) }],
            egress: [
                apiServerFlow(foundation.network, "Heron's API server"),
                zookeeper.flow,
                ...(settings.uploader.kind === "dlog" ? bookies : []),
                ...bucketFlows(given, true),
                { peers: [topologies], ports: tcp(ports.managerControl) },
            ],
        },
        tracker: {
            ingress: [{ peers: [toolPeer(given, "ui"), ...settings.tracker.clients], ports: tcp(trackerPort) }],
            egress: [zookeeper.flow, { peers: [topologies], ports: tcp(ports.managerStats, ports.shell) }],
        },
        ui: {
            ingress: [{ peers: settings.ui.clients, ports: tcp(uiPort) }],
            egress: [{ peers: [toolPeer(given, "tracker")], ports: tcp(trackerPort) }],
        },
        topology: {
            ingress: [
                { peers: [others], ports: amongTopologies },
                { peers: [toolPeer(given, "apiserver")], ports: tcp(ports.managerControl) },
                { peers: [toolPeer(given, "tracker")], ports: tcp(ports.managerStats, ports.shell) },
                ...(metrics.prometheus ? [scraperFlow(foundation, monitoring, metrics.scrapers, metricsPort)] : []),
            ],
            egress: [
                { peers: [others], ports: amongTopologies },
                zookeeper.flow,
                ...bookies,
                ...(served ? [{ peers: [toolPeer(given, "apiserver")], ports: tcp(apiPort) }] : []),
                ...bucketFlows(given, false),
                ...egressFlows(settings.topologies.egress),
            ],
        },
    };
}
