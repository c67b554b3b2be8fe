import type { types } from "@pulumi/kubernetes";
import type { Container, Mount } from "../foundation/pods";
import type { Resources } from "../foundation/resources";
import { imageReference, settings, text } from "../foundation/values";

/** Port on which the agent answers `/metrics`. */
export const jmxAgentPort = 9404;

/**
 * The Prometheus JMX agent, which makes metrics of a Java server's beans. No official image of the systems here holds
 * it, and the project that makes it publishes a jar only: so an image of one's own has it.
 */
export const jmxAgentSettings = settings({
    image: imageReference().describe("An image that holds the jar of the Prometheus JMX agent, and a shell with cp."),
    jar: text(/^\/[A-Za-z0-9._/-]+\.jar$/, 255, "an absolute path of a .jar file").describe("Path of the jar in it."),
});

export type JmxAgentSettings = { readonly image: string; readonly jar: string };

/** What the pod of a Java server needs for the agent. */
export interface JmxAgent {
    readonly initContainers: readonly Container[];
    readonly volumes: readonly types.input.core.v1.Volume[];
    /** For the server's container. */
    readonly mounts: readonly Mount[];
    /** For the server's JVM. */
    readonly javaOptions: readonly string[];
    /** For the server's container. */
    readonly ports: Readonly<Record<string, number>>;
}

const nothing: JmxAgent = { initContainers: [], volumes: [], mounts: [], javaOptions: [], ports: {} };

/**
 * Puts the agent beside a Java server.
 *
 * @param given nothing where there is none
 * @param server the ConfigMap that holds the agent's configuration under `jmx-agent.yaml`, and the server's resources,
 *     whose local storage the copy of the jar counts against
 */
export function jmxAgent(
    given: JmxAgentSettings | undefined,
    server: { readonly configMap: string; readonly resources: Resources },
): JmxAgent {
    if (given === undefined) {
        return nothing;
    }
    return {
        initContainers: [
            {
                name: "copy-jmx-agent",
                image: given.image,
                command: ["cp", given.jar, "/agent/agent.jar"],
                resources: { ...server.resources, memory: "32Mi", cpu: "50m", cpuLimit: "200m" },
                mounts: [{ volume: "jmx-agent", path: "/agent" }],
            },
        ],
        volumes: [
            { name: "jmx-agent", emptyDir: { sizeLimit: "16Mi" } },
            {
                name: "jmx-agent-config",
                configMap: { name: server.configMap, items: [{ key: "jmx-agent.yaml", path: "jmx-agent.yaml" }] },
            },
        ],
        mounts: [
            { volume: "jmx-agent", path: "/agent", readOnly: true },
            { volume: "jmx-agent-config", path: "/agent-config", readOnly: true },
        ],
        javaOptions: [`-javaagent:/agent/agent.jar=${jmxAgentPort}:/agent-config/jmx-agent.yaml`],
        ports: { metrics: jmxAgentPort },
    };
}
