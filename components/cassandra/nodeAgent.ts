import type * as k8s from "@pulumi/kubernetes";
import type { Foundation } from "../foundation/environment";
import { type Identity, type Labels, selectorLabels } from "../foundation/labels";
import { type Flow, tcp } from "../foundation/networkPolicy";
import type { Container } from "../foundation/pods";
import type { Resources } from "../foundation/resources";
import { agentPort, nodeAgentScript } from "./nodeAgentScript";
import { nativePort } from "./places";
import type { SurroundingsSettings } from "./surroundingsSchema";

/** A node, as the Jobs reach it. */
export interface AskedNode {
    /** Name of its pod. */
    readonly name: string;
    /** Its own DNS name, behind the headless Service. */
    readonly host: string;
}

/** What the Jobs of a datacenter are for. */
export type JobPart = "superuser" | "repair" | "snapshots";

/** Identity of a Job's pods. They are no nodes: no Service, budget or spread of the nodes counts them. */
export function jobIdentity(instance: string, part: JobPart): Identity {
    return { name: "cassandra", instance, component: part };
}

type Asking = Pick<SurroundingsSettings, "authentication" | "repair" | "snapshots">;

/** The Jobs that ask the nodes' agents for something. */
export function jobParts({ authentication, repair, snapshots }: Asking): readonly JobPart[] {
    return [
        ...(authentication.kind === "password" ? (["superuser"] as const) : []),
        ...(repair.enabled ? (["repair"] as const) : []),
        ...(snapshots.scheduled !== undefined ? (["snapshots"] as const) : []),
    ];
}

/** What the agent takes: Python, and nodetool, whose script gives its JVM 128M of heap (bin/nodetool). */
export const agentResources: Resources = { cpu: "20m", cpuLimit: "1", memory: "384Mi" };

/** Names of the agent's objects. */
export const agentNames = (instance: string) => ({ key: `${instance}-agent-key`, script: `${instance}-agent` });

const keyFolder = "/agent-key";
/** What a pod needs to sign requests, or to check them. */
export const agentKeyVolume = (instance: string): k8s.types.input.core.v1.Volume => ({
    name: "agent-key",
    secret: { secretName: agentNames(instance).key },
});
export const agentKeyMount = { volume: "agent-key", path: keyFolder, readOnly: true } as const;

/** What nodes' pods have beside the server. */
export interface AgentParts {
    readonly containers: readonly Container[];
    readonly volumes: readonly k8s.types.input.core.v1.Volume[];
    readonly hashes: readonly string[];
}

/** The agent beside each node; nothing where no Job would ask it. */
export function nodeAgent(foundation: Foundation, instance: string, settings: Asking): AgentParts {
    if (jobParts(settings).length === 0) {
        return { containers: [], volumes: [], hashes: [] };
    }
    return {
        containers: [
            {
                name: "agent",
                image: foundation.images.reference("cassandra"),
                command: ["python3", "/agent/agent.py"],
                ports: { agent: agentPort },
                resources: agentResources,
                mounts: [{ volume: "agent", path: "/agent", readOnly: true }, agentKeyMount],
                // No readiness: a node without its agent serves all the same.
                livenessProbe: { tcpSocket: { port: "agent" }, periodSeconds: 30, failureThreshold: 5 },
            },
        ],
        volumes: [{ name: "agent", configMap: { name: agentNames(instance).script } }, agentKeyVolume(instance)],
        hashes: [nodeAgentScript()],
    };
}

/** Whom the nodes let in for the Jobs: to their agents, and the one that makes the superuser to CQL too. */
export function jobFlows(instance: string, settings: Asking): Flow[] {
    const labels = (part: JobPart): { podLabels: Labels } => ({
        podLabels: selectorLabels(jobIdentity(instance, part)),
    });
    const parts = jobParts(settings);
    return [
        { peers: parts.map(labels), ports: tcp(agentPort) },
        { peers: parts.filter((part) => part === "superuser").map(labels), ports: tcp(nativePort) },
    ].filter(({ peers }) => peers.length > 0);
}
