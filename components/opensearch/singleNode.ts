import * as pulumi from "@pulumi/pulumi";
import type { DashboardBackend } from "../dashboard/dashboard";
import { Access } from "../foundation/access";
import { type Foundation, serviceHost, targetsNamed } from "../foundation/environment";
import { checked } from "../foundation/faults";
import { selectorLabels } from "../foundation/labels";
import { type Flow, type Peer, tcp } from "../foundation/networkPolicy";
import type { Container } from "../foundation/pods";
import { priorityNamed } from "../foundation/priorityClasses";
import { scraperFlow } from "../monitoring/monitor";
import { WorkerSet } from "../sets/workerSet";
import type { OpenSearchConnection } from "./connection";
import { watch } from "./monitor";
import { heapOf, home, httpPort, javaOptions, transportPort, user } from "./places";
import { type CheckedSingleNodeSettings, type SingleNodeSettings, singleNodeSettings } from "./schema";
import { OpenSearchSetup, setupIdentity } from "./setup";

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
    /**
     * Policies that delete old indices of this stack's own systems, besides `settings.lifecycle`.
     *
     * @default none
     */
    readonly lifecycle?: SingleNodeSettings["lifecycle"];
}

/** Time to pull the image, to bind the volume and to start, before the setup Task can begin, in seconds. */
const secondsToStart = 900;

/**
 * One OpenSearch node without the security plugin, for development: no replica of an index can be assigned, and
 * whoever reaches its port may do anything.
 */
export class OpenSearchSingleNode extends pulumi.ComponentResource implements OpenSearchConnection {
    public readonly nodes: readonly string[];
    public readonly flow: Flow;
    public readonly singleNode = true;
    /** The node, as a dashboard exposes it. */
    public readonly ui: DashboardBackend;

    /** @throws SettingsFaults when the settings can't be used. */
    constructor(name: string, args: OpenSearchSingleNodeArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings = checked(singleNodeSettings, name, {
            ...args.settings,
            lifecycle: [...(args.settings.lifecycle ?? []), ...(args.lifecycle ?? [])],
        });
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
        this.ui = {
            service: name,
            port: httpPort,
            portName: "http",
            podLabels: selectorLabels(identity),
            containerPort: httpPort,
        };

        const access = new Access(
            `${name}-access`,
            { foundation, namespace, identity, objectName: name },
            { parent: this },
        );
        const targets = targetsNamed(foundation, settings.targets);
        const priority = priorityNamed(foundation, settings.priority);
        const hasSetup = settings.lifecycle.length > 0;
        const set = new WorkerSet(
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
                targets,
                priorityClassName: priority,
                ingress: [
                    {
                        peers: [
                            ...settings.clients,
                            ...(args.clients ?? []),
                            ...(hasSetup ? [{ podLabels: selectorLabels(setupIdentity(name)) }] : []),
                        ],
                        ports: tcp(httpPort),
                    },
                    ...(settings.exporter ? [scraperFlow(foundation, settings.monitoring, [], httpPort)] : []),
                ],
                egress: [],
            },
            { parent: this },
        );
        if (hasSetup) {
            new OpenSearchSetup(
                `${name}-setup`,
                {
                    foundation,
                    namespace,
                    instance: name,
                    host: serviceHost(foundation, name, namespace),
                    nodes: [{ podLabels: selectorLabels(identity) }],
                    lifecycle: settings.lifecycle,
                    deadlineSeconds: secondsToStart,
                    targets,
                    priorityClassName: priority,
                },
                { parent: this, dependsOn: [set] },
            );
        }
        watch(
            name,
            {
                foundation,
                namespace,
                settings: settings.monitoring,
                nodes: [{ identity, objectName: name, replicas: 1, clusterManagers: true }],
                exporter: settings.exporter ? {} : undefined,
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
function configCopy(foundation: Foundation, settings: CheckedSingleNodeSettings): Container {
    return {
        name: "copy-config",
        image: foundation.images.reference("opensearch"),
        command: ["bash", "-ec", `cp -r ${home}/config/. /config/`],
        resources: { ...settings.resources, memory: "64Mi", cpu: "50m", cpuLimit: "200m" },
        mounts: [{ volume: "config", path: "/config" }],
    };
}

function nodeContainer(foundation: Foundation, settings: CheckedSingleNodeSettings): Container {
    const healthy = { httpGet: { path: "/_cluster/health?local=true", port: "http" }, timeoutSeconds: 5 };
    return {
        name: "opensearch",
        image: foundation.images.reference("opensearch"),
        env: [
            { name: "discovery.type", value: "single-node" },
            { name: "node.store.allow_mmap", value: String(settings.memoryMap) },
            { name: "bootstrap.memory_lock", value: "false" },
            { name: "OPENSEARCH_JAVA_OPTS", value: javaOptions(heapOf(settings)) },
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
