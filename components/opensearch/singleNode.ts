import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { Access } from "../foundation/access";
import { type Foundation, serviceHost, targetsNamed } from "../foundation/environment";
import { checked } from "../foundation/faults";
import { selectorLabels } from "../foundation/labels";
import { type Flow, type Peer, tcp } from "../foundation/networkPolicy";
import type { Container } from "../foundation/pods";
import { priorityClassName } from "../foundation/priorityClasses";
import { heapMebibytes } from "../foundation/quantity";
import { ifGiven } from "../foundation/values";
import { WorkerSet } from "../sets/workerSet";
import type { OpenSearchConnection } from "./connection";
import { type SingleNodeSettings, singleNodeSettings } from "./schema";

export interface OpenSearchSingleNodeArgs {
    readonly foundation: Foundation;
    /** Namespace that the node lives in. */
    readonly namespace: string;
    /** The node's settings, as in a stack file's `opensearch` section of kind `single`. */
    readonly settings: SingleNodeSettings;
    /**
     * Who may connect, besides `settings.clients`: the systems that use the node.
     *
     * @default nobody
     */
    readonly clients?: readonly Peer[];
}

const httpPort = 9200;
const transportPort = 9300;
/** User and group `opensearch` of the official image, which refuses to run as root. */
const user = 1000;
const home = "/usr/share/opensearch";

/** Share of the memory that is Java heap unless one is given. */
const heapShare = 0.5;

/**
 * One OpenSearch node without the security plugin, for development: no replica of an index can be assigned, and
 * whoever reaches its port may do anything.
 */
export class OpenSearchSingleNode extends pulumi.ComponentResource implements OpenSearchConnection {
    public readonly nodes: readonly string[];
    public readonly flow: Flow;
    public readonly singleNode = true;

    /** @throws SettingsFaults when the settings can't be used. */
    constructor(name: string, args: OpenSearchSingleNodeArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings = checked(singleNodeSettings, name, args.settings);
        const { foundation, namespace } = args;
        super(
            "data-platform:opensearch:SingleNode",
            name,
            {
                storage: settings.storage,
                storageClass: settings.storageClass ?? null,
                image: foundation.images.reference("opensearch"),
            },
            opts,
        );
        const identity = { name: "opensearch", instance: name, component: "node" };
        const nodesService = `${name}-nodes`;
        this.nodes = [`http://${serviceHost(foundation, name, namespace)}:${httpPort}`];
        this.flow = { peers: [{ namespace, podLabels: selectorLabels(identity) }], ports: tcp(httpPort) };

        const access = new Access(
            `${name}-access`,
            { foundation, namespace, identity, objectName: name },
            { parent: this },
        );
        new WorkerSet(
            `${name}-node`,
            {
                foundation,
                namespace,
                identity,
                objectName: name,
                replicas: 1,
                access,
                pod: {
                    initContainers: [configCopy(foundation, settings)],
                    containers: [nodeContainer(foundation, settings)],
                    user,
                    volumes: [{ name: "config", emptyDir: { sizeLimit: "16Mi" } }],
                    scratch: [
                        { volume: "logs", path: `${home}/logs`, sizeLimit: "256Mi" },
                        { volume: "tmp", path: "/tmp", sizeLimit: "128Mi" },
                    ],
                    gracePeriodSeconds: 120,
                },
                services: [
                    { objectName: name, ports: { http: httpPort } },
                    { objectName: nodesService, headless: true, ports: { http: httpPort, transport: transportPort } },
                ],
                serviceName: nodesService,
                claims: [{ name: "data", size: settings.storage, storageClass: settings.storageClass }],
                podManagement: "Parallel",
                targets: targetsNamed(foundation, settings.targets),
                priorityClassName: ifGiven(settings.priority, (given) =>
                    priorityClassName(foundation.environment, given),
                ),
                ingress: [{ peers: [...settings.clients, ...(args.clients ?? [])], ports: tcp(httpPort) }],
                egress: [],
            },
            { parent: this },
        );
        this.registerOutputs({ nodes: this.nodes });
    }
}

/**
 * Fills the writable configuration folder from the image: the node creates its keystore there, on a root file system
 * that can't be written.
 */
function configCopy(foundation: Foundation, settings: z.output<typeof singleNodeSettings>): Container {
    return {
        name: "copy-config",
        image: foundation.images.reference("opensearch"),
        command: ["bash", "-ec", `cp -r ${home}/config/. /config/`],
        resources: { ...settings.resources, memory: "64Mi", cpu: "50m", cpuLimit: "200m" },
        mounts: [{ volume: "config", path: "/config" }],
    };
}

function nodeContainer(foundation: Foundation, settings: z.output<typeof singleNodeSettings>): Container {
    const heap = heapMebibytes(settings.heap, settings.resources.memory, heapShare);
    const healthy = { httpGet: { path: "/_cluster/health?local=true", port: "http" }, timeoutSeconds: 5 };
    return {
        name: "opensearch",
        image: foundation.images.reference("opensearch"),
        env: [
            { name: "discovery.type", value: "single-node" },
            { name: "node.store.allow_mmap", value: String(settings.memoryMap) },
            { name: "bootstrap.memory_lock", value: "false" },
            { name: "OPENSEARCH_JAVA_OPTS", value: `-Xms${heap}m -Xmx${heap}m` },
            { name: "DISABLE_SECURITY_PLUGIN", value: "true" },
            // Without security there is nothing to install; without this the image would still make demo certificates.
            { name: "DISABLE_INSTALL_DEMO_CONFIG", value: "true" },
            // Saves a second JVM in the container.
            { name: "DISABLE_PERFORMANCE_ANALYZER_AGENT_CLI", value: "true" },
        ],
        ports: { http: httpPort, transport: transportPort },
        resources: settings.resources,
        mounts: [
            { volume: "config", path: `${home}/config` },
            { volume: "data", path: `${home}/data` },
        ],
        startupProbe: { ...healthy, periodSeconds: 10, failureThreshold: 30 },
        // Yellow is the normal state of a single node, so readiness asks for an answer, not for a colour.
        readinessProbe: { ...healthy, periodSeconds: 10, failureThreshold: 3 },
        livenessProbe: { tcpSocket: { port: "transport" }, timeoutSeconds: 5, periodSeconds: 20, failureThreshold: 6 },
    };
}
