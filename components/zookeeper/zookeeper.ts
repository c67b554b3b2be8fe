import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Access } from "../foundation/access";
import { type Foundation, serviceHost, targetsNamed } from "../foundation/environment";
import { checked } from "../foundation/faults";
import { objectLabels, selectorLabels } from "../foundation/labels";
import { type Peer, tcp } from "../foundation/networkPolicy";
import { priorityNamed } from "../foundation/priorityClasses";
import { ifGiven } from "../foundation/values";
import { zookeeperAlerts } from "../monitoring/alerts/zookeeper";
import { registerMonitor, scraperFlow } from "../monitoring/monitor";
import { WorkerSet } from "../sets/workerSet";
import type { ZooKeeperAuthentication, ZooKeeperConnection, ZooKeeperTls } from "./connection";
import { memberPod } from "./member";
import { type ZooKeeperSettings, zookeeperSettings } from "./schema";
import { registerAuthentication, registerTls, type SecretsOwner } from "./secrets";
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

/** A ZooKeeper ensemble: an odd number of members, each ready only while it belongs to a quorum. */
export class ZooKeeper extends pulumi.ComponentResource implements ZooKeeperConnection {
    /** Comma-separated `host:port` list of the members, for clients. */
    public readonly connectionString: string;
    /** The way to the members, for the network policies of clients. */
    public readonly flow: ZooKeeperConnection["flow"];
    /** How clients use TLS; absent where there is none. */
    public readonly tls?: ZooKeeperTls;
    /** How clients log in; absent where there are no logins. */
    public readonly authentication?: ZooKeeperAuthentication;

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
                // A running ensemble goes from one step to the next.
                ...(settings.tls.quorum !== "off" && { quorumTls: settings.tls.quorum }),
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
        const clientPorts = cfg.clientPorts(settings.tls);
        const hostsWith = (port: number) => hosts.map((host) => `${host}:${port}`).join(",");
        this.connectionString = hostsWith(clientPorts["client"] ?? cfg.secureClientPort);
        this.flow = {
            peers: [{ namespace, podLabels: selectorLabels(identity) }],
            ports: tcp(...Object.values(clientPorts)),
        };

        const config = new k8s.core.v1.ConfigMap(
            `${name}-config`,
            { metadata: { name: `${name}-config`, namespace, labels }, data: { "zoo.cfg": zooCfg } },
            inside,
        );
        const owner: SecretsOwner = { name, namespace, labels, inside };
        const services = [serviceHost(foundation, name, namespace)];
        const tls = registerTls(owner, settings.tls, { hosts, services }, hostsWith(cfg.secureClientPort));
        if (tls.client !== undefined) {
            this.tls = tls.client;
        }
        const authentication = ifGiven(settings.authentication, (given) => registerAuthentication(owner, given));
        if (authentication !== undefined) {
            this.authentication = authentication.client;
        }
        const { storageClass } = settings;
        const claims = [
            { name: "data", size: settings.storage, storageClass },
            ...(settings.logStorage === undefined
                ? []
                : [{ name: "datalog", size: settings.logStorage, storageClass }]),
        ];
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
                pod: memberPod(name, foundation, settings, zooCfg),
                services: [
                    { objectName: name, ports: clientPorts },
                    {
                        objectName: membersService,
                        headless: true,
                        ports: { ...clientPorts, server: cfg.serverPort, election: cfg.electionPort },
                    },
                ],
                serviceName: membersService,
                claims,
                // Readiness needs a quorum, so no member may wait for the readiness of another before it starts.
                podManagement: "Parallel",
                // Time for the ensemble to settle before a roll stops the next member.
                minReadySeconds: 10,
                firstOrdinal: 1,
                targets: targetsNamed(foundation, settings.targets),
                spread: settings.spread,
                priorityClassName: priorityNamed(foundation, settings.priority),
                ingress: [
                    { peers: [...settings.clients, ...(args.clients ?? [])], ports: this.flow.ports },
                    { peers: [members], ports: tcp(cfg.serverPort, cfg.electionPort) },
                    ...(settings.metrics
                        ? [scraperFlow(foundation, settings.monitoring, settings.scrapers, cfg.metricsPort)]
                        : []),
                ],
                egress: [{ peers: [members], ports: tcp(cfg.serverPort, cfg.electionPort) }],
            },
            { parent: this, dependsOn: [config, ...tls.objects, ...(authentication?.objects ?? [])] },
        );
        registerMonitor(
            `${name}-monitor`,
            {
                foundation,
                namespace,
                identity: { ...identity, component: "monitor" },
                objectName: name,
                settings: settings.monitoring,
                endpoints: settings.metrics
                    ? [{ part: "members", kind: "pod", selector: selectorLabels(identity), port: "metrics" }]
                    : [],
                alerts: zookeeperAlerts({
                    namespace,
                    objectName: name,
                    members: settings.members,
                    claims: claims.map((claim) => claim.name),
                    metrics: settings.metrics,
                }),
            },
            inside,
        );
        this.registerOutputs({ connectionString: this.connectionString });
    }
}
