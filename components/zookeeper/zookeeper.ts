import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { Access } from "../foundation/access";
import { type Foundation, serviceHost, targetsNamed } from "../foundation/environment";
import { checked } from "../foundation/faults";
import { objectLabels, selectorLabels } from "../foundation/labels";
import { type Peer, tcp } from "../foundation/networkPolicy";
import type { Container } from "../foundation/pods";
import { priorityClassName } from "../foundation/priorityClasses";
import { heapMebibytes } from "../foundation/quantity";
import { ifGiven } from "../foundation/values";
import { WorkerSet } from "../sets/workerSet";
import type { ZooKeeperConnection } from "./connection";
import { type ZooKeeperSettings, zookeeperSettings } from "./schema";
import * as cfg from "./zooCfg";

export interface ZooKeeperArgs {
    readonly foundation: Foundation;
    /** Namespace that the ensemble lives in. */
    readonly namespace: string;
    /**
     * The ensemble's settings, as in a stack file's `zookeeper` section.
     *
     * @default three members with the defaults of the schema
     */
    readonly settings?: ZooKeeperSettings;
    /**
     * Who may connect to the client port, besides `settings.clients`: the systems that use the ensemble.
     *
     * @default nobody
     */
    readonly clients?: readonly Peer[];
}

/** User and group `zookeeper` of the official image. */
const user = 1000;

/** A ZooKeeper ensemble: an odd number of members, each ready only while it belongs to a quorum. */
export class ZooKeeper extends pulumi.ComponentResource implements ZooKeeperConnection {
    /** Comma-separated `host:port` list of the members, for clients. */
    public readonly connectionString: string;
    /** The way to the members, for the network policies of clients. */
    public readonly flow: ZooKeeperConnection["flow"];

    /** @throws SettingsFaults when the settings can't be used. */
    constructor(name: string, args: ZooKeeperArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings = checked(zookeeperSettings, name, args.settings ?? {});
        const { foundation, namespace } = args;
        super(
            "data-platform:zookeeper:ZooKeeper",
            name,
            {
                members: settings.members,
                storage: settings.storage,
                logStorage: settings.logStorage ?? null,
                storageClass: settings.storageClass ?? null,
                image: foundation.images.reference("zookeeper"),
            },
            opts,
        );
        const inside = { parent: this };
        const identity = { name: "zookeeper", instance: name, component: "member" };
        const labels = objectLabels(foundation.environment, identity);
        const membersService = `${name}-members`;
        const hosts = Array.from({ length: settings.members }, (_, index) =>
            serviceHost(foundation, `${name}-${index + 1}.${membersService}`, namespace),
        );
        const members: Peer = { podLabels: selectorLabels(identity) };
        const zooCfg = cfg.zooCfg(settings, hosts);
        this.connectionString = hosts.map((host) => `${host}:${cfg.clientPort}`).join(",");
        this.flow = { peers: [{ namespace, podLabels: selectorLabels(identity) }], ports: tcp(cfg.clientPort) };

        const config = new k8s.core.v1.ConfigMap(
            `${name}-config`,
            { metadata: { name: `${name}-config`, namespace, labels }, data: { "zoo.cfg": zooCfg } },
            inside,
        );
        const access = new Access(`${name}-access`, { foundation, namespace, identity, objectName: name }, inside);
        new WorkerSet(
            `${name}-ensemble`,
            {
                foundation,
                namespace,
                identity,
                objectName: name,
                replicas: settings.members,
                access,
                pod: {
                    containers: [memberContainer(foundation, settings)],
                    user,
                    volumes: [{ name: "config", configMap: { name: `${name}-config` } }],
                    scratch: [
                        { volume: "logs", path: "/logs", sizeLimit: "64Mi" },
                        { volume: "tmp", path: "/tmp", sizeLimit: "64Mi" },
                    ],
                    gracePeriodSeconds: 60,
                    configHashes: [zooCfg],
                },
                services: [
                    { objectName: name, ports: { client: cfg.clientPort } },
                    {
                        objectName: membersService,
                        headless: true,
                        ports: { client: cfg.clientPort, server: cfg.serverPort, election: cfg.electionPort },
                    },
                ],
                serviceName: membersService,
                claims: [
                    { name: "data", size: settings.storage, storageClass: settings.storageClass },
                    ...(settings.logStorage === undefined
                        ? []
                        : [{ name: "datalog", size: settings.logStorage, storageClass: settings.storageClass }]),
                ],
                // Readiness needs a quorum, so no member may wait for the readiness of another before it starts.
                podManagement: "Parallel",
                // Time for the ensemble to settle before a roll stops the next member.
                minReadySeconds: 10,
                firstOrdinal: 1,
                targets: targetsNamed(foundation, settings.targets),
                spread: settings.spread,
                priorityClassName: ifGiven(settings.priority, (given) =>
                    priorityClassName(foundation.environment, given),
                ),
                ingress: [
                    { peers: [...settings.clients, ...(args.clients ?? [])], ports: tcp(cfg.clientPort) },
                    { peers: [members], ports: tcp(cfg.serverPort, cfg.electionPort) },
                    ...(settings.metrics ? [{ peers: settings.scrapers, ports: tcp(cfg.metricsPort) }] : []),
                ],
                egress: [{ peers: [members], ports: tcp(cfg.serverPort, cfg.electionPort) }],
            },
            { parent: this, dependsOn: [config] },
        );
        this.registerOutputs({ connectionString: this.connectionString });
    }
}

function memberContainer(foundation: Foundation, settings: z.output<typeof zookeeperSettings>): Container {
    const heap = heapMebibytes(settings.heap, settings.resources.memory, cfg.heapShare);
    const alive = { exec: { command: [...cfg.livenessCommand] }, timeoutSeconds: 5 };
    return {
        name: "zookeeper",
        image: foundation.images.reference("zookeeper"),
        env: [
            // The ordinals begin at 1 (firstOrdinal), so the pod's index is its server number. The image writes it to
            // /data/myid once; a volume keeps its number.
            {
                name: "ZOO_MY_ID",
                valueFrom: { fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" } },
            },
            { name: "ZK_SERVER_HEAP", value: String(heap) },
            {
                name: "SERVER_JVMFLAGS",
                // electionPortBindRetry 0: retry for ever, since DNS may not know a new pod's name for half a minute.
                value: `-Xms${heap}m -XX:+ExitOnOutOfMemoryError -Dzookeeper.electionPortBindRetry=0`,
            },
            { name: "JMXDISABLE", value: "true" },
        ],
        ports: {
            client: cfg.clientPort,
            server: cfg.serverPort,
            election: cfg.electionPort,
            ...(settings.metrics && { metrics: cfg.metricsPort }),
        },
        resources: settings.resources,
        mounts: [
            // One file only: the folder holds the image's logging configuration too.
            { volume: "config", path: "/conf/zoo.cfg", subPath: "zoo.cfg", readOnly: true },
            { volume: "data", path: cfg.dataDirectory },
            ...(settings.logStorage === undefined ? [] : [{ volume: "datalog", path: cfg.logDirectory }]),
        ],
        // Loading a large snapshot takes minutes: 30 x 10 s.
        startupProbe: { ...alive, periodSeconds: 10, failureThreshold: 30 },
        livenessProbe: { ...alive, periodSeconds: 15, failureThreshold: 6 },
        readinessProbe: {
            exec: { command: [...cfg.readinessCommand(settings.members)] },
            timeoutSeconds: 5,
            periodSeconds: 10,
            failureThreshold: 3,
        },
    };
}
