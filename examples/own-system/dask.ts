import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
    Access,
    type Container,
    type Foundation,
    type Identity,
    MasterSet,
    objectLabels,
    type Peer,
    type Pod,
    selectorLabels,
    serviceHost,
    tcp,
    WorkerSet,
} from "data-platform";

export interface DaskClusterArgs {
    readonly foundation: Foundation;
    readonly namespace: string;
    /** Image with the `dask` command, tag included; in production with its digest. */
    readonly image: string;
    /** Number of workers, at least 1. */
    readonly workers: number;
    /** Who may give the cluster work. */
    readonly clients: readonly Peer[];
    /** Name of the scheduler's PriorityClass. */
    readonly schedulerPriority: string;
    /** Name of the workers' PriorityClass. */
    readonly workerPriority: string;
}

/** Dask's own default for the scheduler and its pages; those of a worker are random unless they are set. */
const ports = { scheduler: 8786, schedulerHttp: 8787, worker: 8788, workerHttp: 8789 };

/** User and group of all processes: any but root will do, since nothing is written outside the scratch volumes. */
const user = 1000;

/**
 * What Dask reads at its start, from every file in `/etc/dask`. Pure text from plain values: it can be tested without
 * a cluster, and its hash is an annotation of the pods, so that a change rolls them.
 */
export const daskYaml = `temporary-directory: /scratch
distributed:
  scheduler:
    # Workers that a task may take down with it before it counts as failed itself.
    allowed-failures: 3
`;

/**
 * Succeeds while the worker is connected to its scheduler (`01`: established; ports are hexadecimal there). Its page
 * /health says "ok" before that too: a worker that is up and running without a scheduler does no work.
 */
const isConnected = [
    "grep",
    "-qE",
    `:${ports.scheduler.toString(16).toUpperCase().padStart(4, "0")} 01 `,
    "/proc/net/tcp",
    "/proc/net/tcp6",
];

/** A Dask cluster: one scheduler, which plans the work, and workers that do it. */
export class DaskCluster extends pulumi.ComponentResource {
    /** Address of the scheduler, inside the Kubernetes cluster. */
    public readonly address: string;

    constructor(name: string, args: DaskClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, namespace, image, workers } = args;
        if (workers < 1) {
            throw new Error(`${name}.workers: expected at least 1, found ${workers}`);
        }
        // Plain values only: they are kept in the state, and a change of them shows in the preview.
        super("own-system:dask:DaskCluster", name, { image, workers }, opts);
        const inside = { parent: this };
        const schedulerService = `${name}-scheduler`;
        this.address = `tcp://${serviceHost(foundation, schedulerService, namespace)}:${ports.scheduler}`;
        // The labels by which everything of one part is found: selectors, network policies, people.
        const identity = (component: string): Identity => ({ name: "dask", instance: name, component });

        const config = new k8s.core.v1.ConfigMap(
            `${name}-config`,
            {
                metadata: {
                    name: `${name}-config`,
                    namespace,
                    labels: objectLabels(foundation.environment, identity("config")),
                },
                data: { "dask.yaml": daskYaml },
            },
            inside,
        );
        // What both kinds of pods have in common. The rest is hardened without a word: no root, no capability, a root
        // file system that can't be written, no API token.
        const pod = (container: Container, scratchSize: string): Pod => ({
            containers: [{ ...container, mounts: [{ volume: "config", path: "/etc/dask", readOnly: true }] }],
            user,
            volumes: [{ name: "config", configMap: { name: `${name}-config` } }],
            scratch: [
                { volume: "scratch", path: "/scratch", sizeLimit: scratchSize },
                { volume: "tmp", path: "/tmp", sizeLimit: "64Mi" },
            ],
            // Both end within a second or two of being asked.
            gracePeriodSeconds: 30,
            configHashes: [daskYaml],
        });
        // An account without permissions: neither of them calls the API server.
        const set = (component: string) => {
            const objectName = `${name}-${component}`;
            const common = { foundation, namespace, identity: identity(component), objectName };
            return { ...common, access: new Access(`${objectName}-access`, common, inside) };
        };
        const schedulers: Peer = { podLabels: selectorLabels(identity("scheduler")) };
        const fellows: Peer = { podLabels: selectorLabels(identity("worker")) };

        const scheduler = new MasterSet(
            `${name}-scheduler`,
            {
                ...set("scheduler"),
                replicas: 1,
                // Two schedulers at a time would share the workers out between them.
                strategy: "Recreate",
                startSeconds: 120,
                pod: pod(schedulerContainer(image), "256Mi"),
                services: [{ objectName: schedulerService, ports: { comm: ports.scheduler } }],
                priorityClassName: args.schedulerPriority,
                ingress: [{ peers: [...args.clients, fellows], ports: tcp(ports.scheduler) }],
                egress: [{ peers: [fellows], ports: tcp(ports.worker) }],
            },
            { parent: this, dependsOn: [config] },
        );
        new WorkerSet(
            `${name}-worker`,
            {
                ...set("worker"),
                replicas: workers,
                startSeconds: 120,
                pod: pod(workerContainer(image, this.address), "4Gi"),
                // Gives each worker a name in DNS, which a StatefulSet asks for.
                services: [{ objectName: `${name}-workers`, headless: true, ports: { comm: ports.worker } }],
                serviceName: `${name}-workers`,
                // Workers don't wait for each other. A roll still takes one at a time, and so does a drain: with more
                // than one there is a disruption budget.
                podManagement: "Parallel",
                priorityClassName: args.workerPriority,
                // Workers fetch each other's results.
                ingress: [{ peers: [schedulers, fellows], ports: tcp(ports.worker) }],
                egress: [
                    { peers: [schedulers], ports: tcp(ports.scheduler) },
                    { peers: [fellows], ports: tcp(ports.worker) },
                ],
            },
            // A worker ends when it finds no scheduler.
            { parent: this, dependsOn: [scheduler] },
        );
        this.registerOutputs({ address: this.address });
    }
}

function schedulerContainer(image: string): Container {
    const health = { httpGet: { path: "/health", port: "http" }, timeoutSeconds: 5 };
    return {
        name: "scheduler",
        image,
        // Instead of the image's entry point, which can install packages: what runs is what the image holds.
        command: [
            "dask",
            "scheduler",
            ...["--port", String(ports.scheduler)],
            ...["--dashboard-address", `:${ports.schedulerHttp}`],
        ],
        ports: { comm: ports.scheduler, http: ports.schedulerHttp },
        resources: { cpu: "500m", memory: "1Gi", ephemeralStorage: "512Mi" },
        startupProbe: { ...health, periodSeconds: 10, failureThreshold: 12 },
        readinessProbe: { ...health, periodSeconds: 10, failureThreshold: 3 },
        // Another question than the readiness asks, and more patience: a busy scheduler must not be killed.
        livenessProbe: { tcpSocket: { port: "comm" }, timeoutSeconds: 5, periodSeconds: 20, failureThreshold: 6 },
    };
}

function workerContainer(image: string, scheduler: string): Container {
    const health = { httpGet: { path: "/health", port: "http" }, timeoutSeconds: 5 };
    return {
        name: "worker",
        image,
        command: [
            ...["dask", "worker", scheduler],
            ...["--name", "$(POD_NAME)"],
            // The kubelet starts an ended worker again; Dask's nanny would be a second one that does.
            "--no-nanny",
            ...["--worker-port", String(ports.worker)],
            ...["--dashboard-address", `:${ports.workerHttp}`],
            // Seconds without a scheduler after which it ends, and is started again.
            ...["--death-timeout", "60"],
        ],
        env: [{ name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
        ports: { comm: ports.worker, http: ports.workerHttp },
        // Dask takes its number of threads and its memory from these limits, by its cgroup.
        resources: { cpu: "500m", memory: "2Gi", ephemeralStorage: "5Gi" },
        startupProbe: { ...health, periodSeconds: 10, failureThreshold: 12 },
        readinessProbe: { exec: { command: isConnected }, timeoutSeconds: 5, periodSeconds: 10, failureThreshold: 3 },
        livenessProbe: { tcpSocket: { port: "comm" }, timeoutSeconds: 5, periodSeconds: 20, failureThreshold: 6 },
    };
}
