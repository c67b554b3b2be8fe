import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { DashboardBackend } from "../dashboard/dashboard";
import { Access } from "../foundation/access";
import { type ConfigFile, yamlFile } from "../foundation/configFiles";
import { type Foundation, protection } from "../foundation/environment";
import { checked } from "../foundation/faults";
import { objectLabels, startedBy } from "../foundation/labels";
import { networkPolicy } from "../foundation/networkPolicy";
import type { Pod } from "../foundation/pods";
import { mebibytes } from "../foundation/quantity";
import { secretReader } from "../foundation/secretReference";
import { seconds } from "../foundation/values";
import { volumeClaim } from "../foundation/volumeClaim";
import type { OpenSearchConnection } from "../opensearch/connection";
import { MasterSet } from "../sets/masterSet";
import {
    type Cluster,
    cluster,
    assetsDirectory,
    configDirectory,
    configFileName,
    masterFile,
    workerFile,
} from "./files";
import { jobFragment, sortedJson } from "./jobDefaults";
import { watch } from "./monitor";
import { jobStarter, clusterFlows, type Part, type PartFlows, partLabels } from "./network";
import { masterHeap, storageBesideAssets } from "./checks";
import { apiPort, type TerasliceSettings, terasliceSettings } from "./schema";

/** User and group of the image (Dockerfile, `USER 10001`), which Teraslice also writes into the pods that it starts. */
const user = 10001;

/** After `shutdown_timeout` node_master waits three more seconds before it kills its children, and then ends itself. */
const graceBeyondShutdown = 15;

/** Scratch space of the master for what the libraries put into /tmp. */
const temporarySpace = 256;

/** Waiting for the stores, then up to five minutes for the assets service. */
const startSeconds = 600;

/** More controllers than a cluster runs, so that the budget allows no eviction. Job pods know no other form of it. */
const allControllers = 100_000;

/**
 * What the master asks of the Kubernetes API, call by call: kubernetesV2/k8s.ts of 3.18.0. Upstream's own Role also
 * allows reading and changing config maps, and creating pods; nothing calls those.
 */
export const masterRules = [
    { apiGroups: [""], resources: ["pods"], verbs: ["list", "delete"] },
    { apiGroups: [""], resources: ["services"], verbs: ["create", "list", "delete"] },
    { apiGroups: ["apps"], resources: ["deployments"], verbs: ["create", "list", "patch", "delete"] },
    { apiGroups: ["apps"], resources: ["replicasets"], verbs: ["list", "delete"] },
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "list", "delete"] },
] as const;

export interface TerasliceArgs {
    readonly foundation: Foundation;
    /** Namespace of the master and of all jobs. */
    readonly namespace: string;
    /** What `data-platform:systems.teraslice` holds. */
    readonly settings: TerasliceSettings;
    /** The OpenSearch cluster that holds jobs, executions, state, analytics and what is known of assets. */
    readonly store: OpenSearchConnection;
}

/**
 * A Teraslice cluster: one master, which starts execution controllers and workers for jobs by itself, and all that
 * those find when they start.
 */
export class Teraslice extends pulumi.ComponentResource {
    /** URL of the API inside the Kubernetes cluster. */
    public readonly url: string;
    /** Namespace of the master and of all jobs. */
    public readonly namespaceName: string;
    /** Teraslice's name of the cluster: prefix of its indices. */
    public readonly clusterName: string;
    /** The API, as a dashboard exposes it. */
    public readonly ui: DashboardBackend;
    /** Properties that users merge into their jobs, as JSON; empty where the settings have none. */
    public readonly jobDefaults: string | undefined;

    constructor(name: string, args: TerasliceArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, namespace, store } = args;
        const settings = checked(terasliceSettings, name, args.settings);
        const given = cluster({ component: name, foundation, namespace, settings, store });
        super(
            "data-platform:teraslice:Teraslice",
            name,
            { clusterName: given.name, namespace, image: given.image, assetStorage: settings.assetStorage.type },
            opts,
        );
        this.url = given.url;
        this.namespaceName = namespace;
        this.clusterName = given.name;
        this.ui = {
            service: given.objects.master,
            port: apiPort,
            portName: "api",
            podLabels: partLabels(given, "master"),
            containerPort: apiPort,
        };
        const fragment = jobFragment(settings.jobDefaults, given.jobTargets);
        this.jobDefaults = Object.keys(fragment).length > 0 ? sortedJson(fragment) : undefined;

        const inside = { parent: this };
        const read = secretReader(`${name}-secrets`, inside);
        const file = yamlFile(masterFile(given), read);
        const before = [
            ...this.configuration(name, given, foundation, file, yamlFile(workerFile(given), read)),
            ...this.sharedAssets(name, given, foundation),
        ];
        const access = new Access(
            `${name}-access`,
            {
                foundation,
                namespace,
                identity: identity(given, "master"),
                objectName: given.objects.master,
                rules: masterRules,
            },
            inside,
        );
        const flows = clusterFlows(given, foundation);
        this.jobPolicies(name, given, foundation, flows);
        new MasterSet(
            given.objects.master,
            {
                foundation,
                namespace,
                identity: identity(given, "master"),
                objectName: given.objects.master,
                // Two masters would both enqueue pending executions, and controllers hold on to one socket.
                replicas: 1,
                strategy: "Recreate",
                startSeconds,
                pod: masterPod(given, file),
                access,
                services: [
                    {
                        objectName: given.objects.master,
                        ports: { api: apiPort, ...(settings.metrics.enabled && { metrics: settings.metrics.port }) },
                    },
                ],
                targets: given.masterTargets,
                priorityClassName: given.priorityClass,
                ...flows.master,
            },
            { ...inside, dependsOn: [access, ...before] },
        );
        watch(name, given, foundation, inside);
        this.registerOutputs({ url: this.url, namespace, clusterName: this.clusterName });
    }

    /** The files of master and jobs, and the properties for users. */
    private configuration(
        name: string,
        given: Cluster,
        foundation: Foundation,
        master: ConfigFile,
        worker: ConfigFile,
    ): pulumi.Resource[] {
        const { objects } = given;
        const inside = { parent: this };
        const metadata = metadataOf(given, foundation);
        const objectsBefore = [
            // Always a Secret: it becomes one with the first credential anyway, and a change of kind is no update.
            new k8s.core.v1.Secret(
                `${name}-master-config`,
                { metadata: metadata(objects.master, "master"), stringData: { [configFileName]: master.text } },
                inside,
            ),
            // A ConfigMap even with credentials: the templates of execution controller and worker know no other kind.
            new k8s.core.v1.ConfigMap(
                `${name}-worker-config`,
                {
                    metadata: metadata(objects.worker, "worker"),
                    data: { [configFileName]: worker.text },
                },
                inside,
            ),
        ];
        if (this.jobDefaults !== undefined) {
            new k8s.core.v1.ConfigMap(
                `${name}-job-defaults`,
                {
                    metadata: metadata(objects.jobDefaults, "job-defaults"),
                    data: { "job-defaults.json": this.jobDefaults },
                },
                inside,
            );
        }
        return objectsBefore;
    }

    /** The volume for the unpacked assets of all pods. */
    private sharedAssets(name: string, given: Cluster, foundation: Foundation): pulumi.Resource[] {
        const { sharedAssets } = given.settings;
        const claim = given.objects.assetsClaim;
        if (claim === undefined || sharedAssets?.storageClass === undefined) {
            return [];
        }
        return [
            volumeClaim(
                `${name}-assets`,
                {
                    objectName: claim,
                    namespace: given.namespace,
                    labels: objectLabels(foundation.environment, identity(given, "assets")),
                    size: sharedAssets.size,
                    storageClass: sharedAssets.storageClass,
                    accessMode: "ReadWriteMany",
                },
                { parent: this, ...protection(foundation) },
            ),
        ];
    }

    /** What holds for the pods that Teraslice starts later: their flows, and whether a drain waits for them. */
    private jobPolicies(
        name: string,
        given: Cluster,
        foundation: Foundation,
        flows: Readonly<Record<Part, PartFlows>>,
    ): void {
        const { objects, namespace, settings } = given;
        const inside = { parent: this };
        const parts = [
            ["execution_controller", objects.executionController],
            ["worker", objects.worker],
        ] as const;
        for (const [part, objectName] of parts) {
            networkPolicy(
                `${objectName}-network`,
                {
                    objectName,
                    namespace,
                    labels: objectLabels(foundation.environment, identity(given, part)),
                    selector: partLabels(given, part),
                    startedBy: jobStarter,
                    ...flows[part],
                },
                inside,
            );
        }
        if (settings.protectControllers) {
            new k8s.policy.v1.PodDisruptionBudget(
                `${name}-controllers-budget`,
                {
                    metadata: {
                        ...metadataOf(given, foundation)(objects.executionController, "execution_controller"),
                        annotations: startedBy(jobStarter),
                    },
                    spec: {
                        minAvailable: allControllers,
                        unhealthyPodEvictionPolicy: "AlwaysAllow",
                        selector: {
                            matchLabels: {
                                ...partLabels(given, "execution_controller"),
                                "job.teraslice.terascope.io/relocatable": "false",
                            },
                        },
                    },
                },
                inside,
            );
        }
    }
}

/** Whose the objects of a part are. The instance is the cluster's name, or /cluster/state would not show the master. */
function identity(given: Cluster, component: string) {
    return { name: "teraslice", instance: given.name, component };
}

function metadataOf(given: Cluster, foundation: Foundation) {
    return (objectName: string, component: string) => ({
        name: objectName,
        namespace: given.namespace,
        labels: objectLabels(foundation.environment, identity(given, component)),
    });
}

/** The master's pod. */
export function masterPod(given: Cluster, file: ConfigFile): Pod {
    const { settings, objects } = given;
    const { metrics, resources, timing } = settings;
    const claim = objects.assetsClaim;
    // GET / answers 500 until the API has its routes, which come after the stores and the assets service
    // (cluster_master.ts); the port itself is open long before. Neither path asks OpenSearch.
    const get = (path: string) => ({ httpGet: { path, port: "api" }, timeoutSeconds: 5 });
    return {
        containers: [
            {
                name: "teraslice-master",
                image: given.image,
                env: [{ name: "NODE_OPTIONS", value: `--max-old-space-size=${masterHeap(settings)}` }],
                ports: { api: apiPort, ...(metrics.enabled && { metrics: metrics.port }) },
                resources,
                mounts: [
                    { volume: "config", path: configDirectory, readOnly: true },
                    ...(claim === undefined ? [] : [{ volume: "assets", path: assetsDirectory }]),
                ],
                startupProbe: { ...get("/"), periodSeconds: 10, failureThreshold: startSeconds / 10 },
                readinessProbe: { ...get("/"), periodSeconds: 10, failureThreshold: 3 },
                livenessProbe: { ...get("/cluster/stats"), periodSeconds: 30, failureThreshold: 5 },
            },
        ],
        user,
        volumes: [
            { name: "config", secret: { secretName: objects.master, defaultMode: 0o440 } },
            ...(claim === undefined ? [] : [{ name: "assets", persistentVolumeClaim: { claimName: claim } }]),
        ],
        scratch: [
            { volume: "tmp", path: "/tmp", sizeLimit: `${temporarySpace}Mi` },
            ...(claim === undefined
                ? [
                      {
                          volume: "assets",
                          path: assetsDirectory,
                          sizeLimit: `${mebibytes(resources.ephemeralStorage) - storageBesideAssets}Mi`,
                      },
                  ]
                : []),
        ],
        gracePeriodSeconds: seconds(timing.shutdownTimeout) + graceBeyondShutdown,
        configHashes: [file.hash, `credentials ${settings.credentialsRotation}`, `store ${given.store.rotation ?? 0}`],
    };
}
