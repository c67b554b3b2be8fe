import type { Foundation } from "../foundation/environment";
import { apiServerFlow, egressFlows, type Flow, tcp } from "../foundation/networkPolicy";
import { scraperFlow } from "../monitoring/monitor";
import { type Part, partLabels, ports, type Session } from "./session";

/** Who may connect to a part, and whom it may connect to. */
export interface PartFlows {
    readonly ingress: readonly Flow[];
    readonly egress: readonly Flow[];
}

/** The flows of every part, besides name resolution. */
export function sessionFlows(session: Session, foundation: Foundation): Readonly<Record<Part, PartFlows>> {
    const { settings, zookeeper } = session;
    const { metrics, rest, clients, mode, highAvailability } = settings;
    const pods = (part: Part) => ({ podLabels: partLabels(session, part) });
    const scrape: Flow[] = metrics.enabled
        ? [scraperFlow(foundation, settings.monitoring, metrics.scrapers, ports.metrics)]
        : [];
    const balanced = rest.kind === "loadBalancer" ? rest.sourceRanges.map((cidr) => ({ cidr })) : [];
    const apiServer = (needed: boolean, caller: string): Flow[] =>
        needed ? [apiServerFlow(foundation.network, caller)] : [];
    const common = [...(zookeeper === undefined ? [] : [zookeeper.flow]), ...egressFlows(settings.egress)];
    const both = [pods("jobmanager"), pods("taskmanager")];
    return {
        jobmanager: {
            ingress: [
                { peers: [...clients, ...balanced], ports: tcp(ports.rest) },
                // A JobManager that stands by passes requests on to the leader's gateway.
                { peers: both, ports: tcp(ports.rpc, ports.blob) },
                ...scrape,
            ],
            egress: [
                ...apiServer(mode.kind === "native", "A Flink JobManager"),
                { peers: [pods("taskmanager")], ports: tcp(ports.taskRpc, ports.taskData) },
                { peers: [pods("jobmanager")], ports: tcp(ports.rpc, ports.blob) },
                ...common,
            ],
        },
        taskmanager: {
            ingress: [{ peers: both, ports: tcp(ports.taskRpc, ports.taskData) }, ...scrape],
            egress: [
                ...apiServer(highAvailability.kind === "kubernetes", "A Flink TaskManager"),
                { peers: [pods("jobmanager")], ports: tcp(ports.rpc, ports.blob) },
                { peers: [pods("taskmanager")], ports: tcp(ports.taskRpc, ports.taskData) },
                ...common,
            ],
        },
    };
}
