import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Access } from "../foundation/access";
import { type Foundation, targetsNamed } from "../foundation/environment";
import type { Identity } from "../foundation/labels";
import type { Flow } from "../foundation/networkPolicy";
import type { Spread } from "../foundation/placement";
import type { Container } from "../foundation/pods";
import { priorityNamed } from "../foundation/priorityClasses";
import type { Resources } from "../foundation/resources";
import type { SetService } from "../sets/setParts";
import { WorkerSet } from "../sets/workerSet";
import { nodePlaces } from "./nodeScripts";
import { heapOf, home, httpPort, javaOptions, transportPort, user } from "./places";

/** What the settings say of the nodes of one role. */
export interface NodeSettings {
    readonly nodes: number;
    readonly storage: string;
    readonly storageClass?: string | undefined;
    readonly resources: Resources;
    readonly heap?: string | undefined;
    readonly targets?: string | undefined;
    readonly spread?: Spread | undefined;
    readonly priority?: string | undefined;
}

export interface NodeSetArgs {
    readonly foundation: Foundation;
    readonly namespace: string;
    readonly identity: Identity;
    readonly access: Access;
    readonly settings: NodeSettings;
    /** Name of the StatefulSet: its pods are `<objectName>-<n>`, and so are its nodes. */
    readonly objectName: string;
    /** Name of the headless Service. */
    readonly serviceName: string;
    /** Name of the Service for clients; undefined for nodes that serve none. */
    readonly clientService: string | undefined;
    /** Roles of the nodes (node.roles). */
    readonly roles: readonly string[];
    /** Names of the ConfigMaps with `opensearch.yml` and with the scripts. */
    readonly config: { readonly yml: string; readonly scripts: string };
    readonly certificate: k8s.types.input.core.v1.SecretVolumeSource;
    /** Name of the Secret with the probe's login. */
    readonly loginSecret: string;
    /** Secrets of the snapshot repositories by their names. */
    readonly snapshotKeys: Readonly<
        Record<string, { readonly secretName: string; readonly accessKeyKey: string; readonly secretKeyKey: string }>
    >;
    /** Plain texts that roll the pods when they change. */
    readonly configHashes: readonly string[];
    /** Seconds until a restarted node has to be ready. */
    readonly startSeconds: number;
    readonly ingress: readonly Flow[];
    readonly egress: readonly Flow[];
}

/** Name of the file with the first cluster managers, among the scripts. */
export const initialManagersFile = "initial-managers";

const manages = (args: NodeSetArgs) => args.roles.includes("cluster_manager");
const holdsData = (args: NodeSetArgs) => args.roles.includes("data");

/** The nodes of one role. */
export function nodeSet(name: string, args: NodeSetArgs, opts: pulumi.ComponentResourceOptions): WorkerSet {
    const { foundation, settings } = args;
    const services: readonly SetService[] = [
        ...(args.clientService === undefined ? [] : [{ objectName: args.clientService, ports: { http: httpPort } }]),
        { objectName: args.serviceName, headless: true, ports: { http: httpPort, transport: transportPort } },
    ];
    return new WorkerSet(
        name,
        {
            foundation,
            namespace: args.namespace,
            identity: args.identity,
            objectName: args.objectName,
            replicas: settings.nodes,
            access: args.access,
            pod: {
                initContainers: [configCopy(args)],
                containers: [nodeContainer(args)],
                user,
                volumes: [
                    { name: "config", emptyDir: { sizeLimit: "16Mi" } },
                    { name: "yml", configMap: { name: args.config.yml } },
                    { name: "scripts", configMap: { name: args.config.scripts } },
                    { name: "certificates", secret: args.certificate },
                    { name: "login", secret: { secretName: args.loginSecret } },
                    ...Object.entries(args.snapshotKeys).map(([repository, keys]) => ({
                        name: `snapshots-${repository}`,
                        secret: {
                            secretName: keys.secretName,
                            items: [
                                { key: keys.accessKeyKey, path: "access_key" },
                                { key: keys.secretKeyKey, path: "secret_key" },
                            ],
                        },
                    })),
                ],
                scratch: [
                    { volume: "logs", path: `${home}/logs`, sizeLimit: "128Mi" },
                    { volume: "tmp", path: nodePlaces.scratch, sizeLimit: "128Mi" },
                ],
                gracePeriodSeconds: 120,
                configHashes: args.configHashes,
            },
            services,
            serviceName: args.serviceName,
            claims: [{ name: "data", size: settings.storage, storageClass: settings.storageClass }],
            // Readiness needs a quorum, so no node may wait for the readiness of another before it starts.
            podManagement: "Parallel",
            minReadySeconds: 10,
            startSeconds: args.startSeconds,
            targets: targetsNamed(foundation, settings.targets),
            spread: settings.spread,
            priorityClassName: priorityNamed(foundation, settings.priority),
            ingress: args.ingress,
            egress: args.egress,
        },
        opts,
    );
}

/** Fills the writable configuration folder from the image: the node creates its keystore there. */
function configCopy(args: NodeSetArgs): Container {
    return {
        name: "copy-config",
        image: args.foundation.images.reference("opensearch"),
        command: ["bash", "-ec", `cp -r ${home}/config/. /config/`],
        resources: { ...args.settings.resources, memory: "64Mi", cpu: "50m", cpuLimit: "200m" },
        mounts: [{ volume: "config", path: "/config" }],
    };
}

function nodeContainer(args: NodeSetArgs): Container {
    const { settings } = args;
    const alive = { tcpSocket: { port: "transport" }, timeoutSeconds: 5 };
    return {
        name: "opensearch",
        image: args.foundation.images.reference("opensearch"),
        command: ["bash", "/scripts/start.sh", ...(manages(args) ? [`/scripts/${initialManagersFile}`] : [])],
        env: [
            // The image hands variables with a dot in their name on to the server.
            { name: "node.name", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            { name: "node.roles", value: args.roles.join(",") },
            { name: "OPENSEARCH_JAVA_OPTS", value: javaOptions(heapOf(settings)) },
            { name: "DISABLE_INSTALL_DEMO_CONFIG", value: "true" },
            // Saves a second JVM in the container.
            { name: "DISABLE_PERFORMANCE_ANALYZER_AGENT_CLI", value: "true" },
        ],
        ports: { http: httpPort, transport: transportPort },
        resources: settings.resources,
        mounts: [
            { volume: "config", path: nodePlaces.config },
            { volume: "yml", path: `${nodePlaces.config}/opensearch.yml`, subPath: "opensearch.yml", readOnly: true },
            // Whole folders, not single files: the kubelet brings a new certificate and a new probe to running pods.
            { volume: "certificates", path: nodePlaces.certificates, readOnly: true },
            { volume: "scripts", path: "/scripts", readOnly: true },
            { volume: "login", path: "/readiness", readOnly: true },
            ...Object.keys(args.snapshotKeys).map((repository) => ({
                volume: `snapshots-${repository}`,
                path: `${nodePlaces.snapshotKeys}/${repository}`,
                readOnly: true,
            })),
            { volume: "data", path: nodePlaces.data },
        ],
        startupProbe: { ...alive, periodSeconds: 10, failureThreshold: 60 },
        // Open while the process works, whatever the cluster does.
        livenessProbe: { ...alive, periodSeconds: 20, failureThreshold: 6 },
        readinessProbe: {
            exec: { command: ["bash", "/scripts/readiness.sh", ...(holdsData(args) ? [] : ["manager"])] },
            timeoutSeconds: 10,
            periodSeconds: 10,
            failureThreshold: 3,
        },
    };
}
