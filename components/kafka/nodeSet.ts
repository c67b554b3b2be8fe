import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Access } from "../foundation/access";
import { type Foundation, targetsNamed } from "../foundation/environment";
import { type Identity, rackLabel, selectorLabels } from "../foundation/labels";
import type { Flow } from "../foundation/networkPolicy";
import type { Spread, Target } from "../foundation/placement";
import { priorityNamed } from "../foundation/priorityClasses";
import type { Resources } from "../foundation/resources";
import { jmxAgent, type JmxAgentSettings } from "../monitoring/jmxAgent";
import { WorkerSet } from "../sets/workerSet";
import { gateKey } from "./files";
import { kafkaUser, places, ports } from "./places";
import { type Role, type Variable, variableOf } from "./properties";
import { heapOf, scratchSizes } from "./schema";

/** What the settings say of the nodes of one role. */
export interface NodeSettings {
    readonly storage: string;
    readonly storageClass?: string | undefined;
    readonly resources: Resources;
    readonly heap?: string | undefined;
    readonly targets?: string | undefined;
    readonly spread?: Spread | undefined;
    readonly priority?: string | undefined;
    readonly jmxAgent?: JmxAgentSettings | undefined;
}

export interface NodeSetArgs {
    readonly foundation: Foundation;
    readonly namespace: string;
    readonly identity: Identity;
    readonly access: Access;
    readonly settings: NodeSettings;
    /** Name of the StatefulSet: its pods are `<objectName>-<id>`. */
    readonly objectName: string;
    /** Name of the headless Service of all nodes of the role. */
    readonly serviceName: string;
    readonly role: Role;
    /** Id of the first node, and ordinal of its pod. */
    readonly firstId: number;
    readonly nodes: number;
    /** Rack, as the label tells the sets of brokers apart; undefined for controllers. */
    readonly rack: string | undefined;
    /** Zone whose nodes the pods must run on. */
    readonly zone: string | undefined;
    /** Whether clients outside the cluster connect to the nodes. */
    readonly external: boolean;
    /** Variables of the role. */
    readonly variables: readonly Variable[];
    readonly config: {
        /** Name of the ConfigMap with the server's files. */
        readonly server: string;
        /** Name of the ConfigMap with the gate and its client configuration. */
        readonly scripts: string;
        /** Name of the ConfigMap with the cluster's id, and its key. */
        readonly clusterId: { readonly name: string; readonly key: string };
        /** Name of the Secret with the nodes' certificate; undefined without TLS. */
        readonly certificate: string | undefined;
    };
    /** Plain texts that roll the pods when they change. */
    readonly configHashes: readonly string[];
    readonly gracePeriodSeconds: number;
    /** Seconds until a started node has to be ready. */
    readonly startSeconds: number;
    readonly ingress: readonly Flow[];
    readonly egress: readonly Flow[];
}

/** Label of Kubernetes' nodes, and key of the rack's target. */
const zoneLabel = "topology.kubernetes.io/zone";

/** Seconds that a restarted node must stay ready before the next is stopped: time to be given partitions again. */
const settleSeconds = 30;

/** One set of nodes: the controllers, or the brokers of one rack. */
export function nodeSet(name: string, args: NodeSetArgs, opts: pulumi.ComponentResourceOptions): WorkerSet {
    const { foundation, settings, identity } = args;
    const zone: readonly Target[] =
        args.zone === undefined ? [] : [{ key: zoneLabel, value: args.zone, constraint: "required" }];
    const agent = jmxAgent(settings.jmxAgent, { configMap: args.config.server, resources: settings.resources });
    return new WorkerSet(
        name,
        {
            foundation,
            namespace: args.namespace,
            identity,
            selector: { ...selectorLabels(identity), [rackLabel]: args.rack ?? "none" },
            cluster: selectorLabels(identity),
            objectName: args.objectName,
            replicas: args.nodes,
            firstOrdinal: args.firstId,
            access: args.access,
            pod: {
                ...(agent.initContainers.length > 0 && { initContainers: agent.initContainers }),
                containers: [
                    {
                        name: "kafka",
                        image: foundation.images.reference("kafka"),
                        env: environment(args, agent.javaOptions),
                        ports: { ...rolePorts(args), ...agent.ports },
                        resources: settings.resources,
                        mounts: [
                            { volume: "server", path: places.mounted, readOnly: true },
                            { volume: "scripts", path: places.scripts, readOnly: true },
                            ...(args.config.certificate === undefined
                                ? []
                                : [{ volume: "certificates", path: places.certificates, readOnly: true }]),
                            { volume: "data", path: places.volume },
                            ...agent.mounts,
                        ],
                        preStop: ["bash", `${places.scripts}/gate.sh`],
                        ...probes(args),
                    },
                ],
                user: kafkaUser,
                volumes: [
                    {
                        name: "server",
                        configMap: {
                            name: args.config.server,
                            items: ["server.properties", "log4j2.yaml"].map((key) => ({ key, path: key })),
                        },
                    },
                    {
                        name: "scripts",
                        configMap: {
                            name: args.config.scripts,
                            items: [
                                { key: gateKey(args.role), path: "gate.sh" },
                                { key: "client.properties", path: "client.properties" },
                            ],
                        },
                    },
                    ...(args.config.certificate === undefined
                        ? []
                        : [{ name: "certificates", secret: { secretName: args.config.certificate } }]),
                    ...agent.volumes,
                ],
                scratch: [
                    // The image's start script writes the rendered files here.
                    { volume: "config", path: `${places.home}/config`, sizeLimit: scratchSizes.config },
                    { volume: "logs", path: `${places.home}/logs`, sizeLimit: scratchSizes.logs },
                    { volume: "tmp", path: "/tmp", sizeLimit: scratchSizes.tmp },
                ],
                gracePeriodSeconds: args.gracePeriodSeconds,
                configHashes: args.configHashes,
            },
            serviceName: args.serviceName,
            claims: [{ name: "data", size: settings.storage, storageClass: settings.storageClass }],
            // A broker is ready only when a quorum of controllers has let it in: none may wait for another's readiness.
            podManagement: "Parallel",
            minReadySeconds: settleSeconds,
            startSeconds: args.startSeconds,
            targets: [...targetsNamed(foundation, settings.targets), ...zone],
            spread: settings.spread,
            priorityClassName: priorityNamed(foundation, settings.priority),
            ingress: args.ingress,
            egress: args.egress,
        },
        opts,
    );
}

function rolePorts({ role, external }: NodeSetArgs): Readonly<Record<string, number>> {
    return {
        ...(role !== "controller" && {
            client: ports.client,
            replication: ports.replication,
            ...(external && { external: ports.external }),
        }),
        ...(role !== "broker" && { controller: ports.controller }),
    };
}

function environment(args: NodeSetArgs, javaOptions: readonly string[]): k8s.types.input.core.v1.EnvVar[] {
    const heap = heapOf(args.settings);
    const { name, key } = args.config.clusterId;
    return [
        { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        // The set counts its pods from the rack's first id, so that a pod's ordinal is its node's id.
        {
            name: variableOf("node.id"),
            valueFrom: { fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" } },
        },
        { name: "CLUSTER_ID", valueFrom: { configMapKeyRef: { name, key } } },
        ...args.variables,
        { name: "KAFKA_HEAP_OPTS", value: `-Xms${heap}m -Xmx${heap}m` },
        // The image's own are ten files of 100 MB, more than the scratch volume holds (kafka-run-class.sh).
        {
            name: "KAFKA_GC_LOG_OPTS",
            value: `-Xlog:gc:file=${places.home}/logs/gc.log:time,tags:filecount=4,filesize=16M`,
        },
        ...(javaOptions.length > 0 ? [{ name: "KAFKA_OPTS", value: javaOptions.join(" ") }] : []),
    ];
}

/**
 * Whether the process listens on a port, looked up in the kernel's table: a connection would leave a line of a failed TLS
 * handshake in the log each time. A broker opens its listeners when the controllers have let it in and its logs are read
 * (BrokerServer.startup: `setReadyToUnfence` before `enableRequestProcessing`).
 */
function listens(port: number): string {
    const hex = port.toString(16).toUpperCase().padStart(4, "0");
    return `grep -Eqs '^ *[0-9]+: [0-9A-F]+:${hex} [0-9A-F]+:0000 0A ' /proc/net/tcp /proc/net/tcp6`;
}

function probes({ role, startSeconds }: NodeSetArgs) {
    const open = {
        exec: { command: ["bash", "-c", listens(role === "controller" ? ports.controller : ports.client)] },
        timeoutSeconds: 5,
    };
    const startPeriod = 5;
    return {
        startupProbe: { ...open, periodSeconds: startPeriod, failureThreshold: Math.ceil(startSeconds / startPeriod) },
        readinessProbe: { ...open, periodSeconds: 10, failureThreshold: 3 },
        // A process that ends is started again without it; one that closes its listeners and stays is not.
        livenessProbe: { ...open, periodSeconds: 20, failureThreshold: 6 },
    };
}
