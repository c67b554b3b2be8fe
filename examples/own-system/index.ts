import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
    checked,
    dnsSettings,
    environmentSettings,
    type Foundation,
    ImageCatalog,
    imageSettings,
    Namespace,
    namespaceSettings,
    PriorityClasses,
    priorityClassName,
} from "data-platform";
import { DaskCluster } from "./dask";

const config = new pulumi.Config();

// Whose environment it is, and how much it matters. What is no environment is refused here, before anything is made.
const environment = checked(
    environmentSettings,
    "data-platform:environment",
    new pulumi.Config("data-platform").requireObject("environment"),
);

// What every component of one environment shares.
const foundation: Foundation = {
    environment,
    images: new ImageCatalog(imageSettings.parse({})),
    // Where the cluster's DNS answers: the one thing that every pod may reach.
    network: { dns: dnsSettings.parse({}) },
    targets: {},
};

const provider = new k8s.Provider("cluster", {
    context: config.require("context"),
    clusterIdentifier: environment.name,
    // A changed ConfigMap is an update, never a replacement under running pods.
    enableConfigMapMutable: true,
});
const onCluster = { providers: { kubernetes: provider } };

// Cluster-scoped, and therefore named after the environment: dev-scheduler, dev-worker.
const priorities = new PriorityClasses(
    "priority-classes",
    {
        environment,
        classes: {
            scheduler: { value: 1000, preemption: "PreemptLowerPriority" },
            worker: { value: 100, preemption: "Never" },
        },
    },
    onCluster,
);

// Closed until opened: Pod Security `restricted`, no API token, no traffic but DNS, and no more than the quota.
const namespace = new Namespace(
    "dask-namespace",
    {
        foundation,
        namespace: `${environment.name}-dask`,
        settings: namespaceSettings.parse({ quota: { cpu: 4, memory: "16Gi", pods: 10 } }),
    },
    onCluster,
);

const dask = new DaskCluster(
    "dask",
    {
        foundation,
        namespace: namespace.namespaceName,
        image: config.get("image") ?? "ghcr.io/dask/dask:2026.7.1-py3.12",
        workers: config.getNumber("workers") ?? 3,
        clients: (config.getObject<string[]>("clients") ?? []).map((each) => ({ namespace: each })),
        schedulerPriority: priorityClassName(environment, "scheduler"),
        workerPriority: priorityClassName(environment, "worker"),
    },
    { ...onCluster, dependsOn: [namespace, priorities] },
);

/** Where clients connect to: `distributed.Client(address)`. */
export const address = dask.address;
