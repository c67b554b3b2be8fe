import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Access } from "../foundation/access";
import { type Foundation, serviceHost, targetsNamed } from "../foundation/environment";
import { checked } from "../foundation/faults";
import { objectLabels, selectorLabels } from "../foundation/labels";
import { type Peer, tcp } from "../foundation/networkPolicy";
import { priorityNamed } from "../foundation/priorityClasses";
import { bookkeeperAlerts } from "../monitoring/alerts/bookkeeper";
import { registerMonitor, scraperFlow } from "../monitoring/monitor";
import { MasterSet } from "../sets/masterSet";
import { WorkerSet } from "../sets/workerSet";
import type { ZooKeeperConnection } from "../zookeeper/connection";
import * as conf from "./bookieConf";
import { type BookKeeperConnection, plainServers } from "./connection";
import { autorecoveryPod, bookiePod, startSeconds } from "./pods";
import { type BookKeeperSettings, bookkeeperSettings, type CheckedBookKeeperSettings } from "./schema";

export interface BookKeeperArgs {
    readonly foundation: Foundation;
    /** Namespace that the bookies live in. */
    readonly namespace: string;
    /**
     * The bookies' settings, as in a stack file.
     *
     * @default four bookies with the defaults of the schema
     */
    readonly settings?: BookKeeperSettings;
    /** The ensemble that holds the cluster's metadata. It must let the bookies in without TLS and without a login. */
    readonly zookeeper: ZooKeeperConnection;
    /**
     * Who may connect to the bookies, besides `settings.clients`: the systems that use them.
     *
     * @default nobody
     */
    readonly clients?: readonly Peer[];
}

/** The labels of a cluster's pods: of the bookies, and of autorecovery where it has pods of its own. */
function identities(instance: string) {
    const identity = { name: "bookkeeper", instance, component: "bookie" };
    return { bookie: identity, autorecovery: { ...identity, component: "autorecovery" } };
}

/** The pods of the cluster named `instance` that connect to ZooKeeper, for the network policy of its members. */
export function zookeeperClients(
    instance: string,
    namespace: string,
    { autorecovery: { kind } }: Pick<CheckedBookKeeperSettings, "autorecovery">,
): Peer[] {
    const { bookie, autorecovery } = identities(instance);
    return [bookie, ...(kind === "pods" ? [autorecovery] : [])].map((each) => ({
        namespace,
        podLabels: selectorLabels(each),
    }));
}

/** A BookKeeper cluster: bookies with a journal and ledgers each, and somebody who copies what a lost one held. */
export class BookKeeper extends pulumi.ComponentResource {
    /** How clients use the cluster. */
    public readonly connection: BookKeeperConnection;

    /** @throws SettingsFaults when the settings can't be used; Error when the ensemble wants TLS or a login. */
    constructor(name: string, args: BookKeeperArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings = checked(bookkeeperSettings, name, args.settings ?? {});
        const { foundation, namespace, zookeeper } = args;
        const servers = plainServers(zookeeper, name);
        const { autorecovery } = settings;
        const claims = (["journal", "ledgers"] as const).map((volume) => ({
            name: volume,
            size: settings[volume].size,
            storageClass: settings[volume].storageClass ?? settings.storageClass,
        }));
        super(
            "data-platform:bookkeeper:BookKeeper",
            name,
            {
                bookies: settings.bookies,
                ledgersPath: settings.ledgersPath,
                claims: claims.map((claim) => ({ ...claim, storageClass: claim.storageClass ?? null })),
                image: foundation.images.reference("bookkeeper"),
            },
            opts,
        );
        const inside = { parent: this };
        const { bookie, autorecovery: recovery } = identities(name);
        const labels = objectLabels(foundation.environment, bookie);
        const bookies: Peer = { podLabels: selectorLabels(bookie) };
        const recoverers = autorecovery.kind === "bookies" ? [bookies] : [{ podLabels: selectorLabels(recovery) }];
        const service = `${name}-bookies`;
        const configName = `${name}-config`;
        const bookieConf = conf.bookieConf(settings, servers);
        const toBookies = { peers: [bookies], ports: tcp(conf.clientPort) };
        this.connection = {
            bookies: settings.bookies,
            zookeeperServers: servers.servers,
            ledgersPath: `${servers.path}${settings.ledgersPath}`,
            flow: { peers: [{ ...bookies, namespace }], ports: tcp(conf.clientPort) },
        };
        const scrapers = scraperFlow(foundation, settings.monitoring, settings.scrapers, conf.httpPort);

        const config = new k8s.core.v1.ConfigMap(
            `${name}-config`,
            { metadata: { name: configName, namespace, labels }, data: { [conf.configFile]: bookieConf } },
            inside,
        );
        const placement = {
            targets: targetsNamed(foundation, settings.targets),
            spread: settings.spread,
            priorityClassName: priorityNamed(foundation, settings.priority),
        };
        const access = new Access(
            `${name}-access`,
            { foundation, namespace, identity: bookie, objectName: name },
            inside,
        );
        const set = new WorkerSet(
            `${name}-bookies`,
            {
                foundation,
                namespace,
                identity: bookie,
                objectName: name,
                replicas: settings.bookies,
                access,
                pod: bookiePod({
                    foundation,
                    settings,
                    configName,
                    host: serviceHost(foundation, service, namespace),
                    bookieConf,
                }),
                services: [{ objectName: service, headless: true, ports: { client: conf.clientPort } }],
                serviceName: service,
                claims,
                // Bookies don't wait for each other.
                podManagement: "Parallel",
                // Time for clients to learn that it is back before a roll stops the next.
                minReadySeconds: 10,
                startSeconds,
                ...placement,
                ingress: [
                    {
                        peers: [
                            ...settings.clients,
                            ...(args.clients ?? []),
                            ...(autorecovery.kind === "off" ? [] : recoverers),
                        ],
                        ports: tcp(conf.clientPort),
                    },
                    ...(settings.metrics ? [scrapers] : []),
                ],
                egress: [zookeeper.flow, ...(autorecovery.kind === "bookies" ? [toBookies] : [])],
            },
            { parent: this, dependsOn: [config] },
        );
        if (autorecovery.kind === "pods") {
            new MasterSet(
                `${name}-autorecovery`,
                {
                    foundation,
                    namespace,
                    identity: recovery,
                    objectName: `${name}-autorecovery`,
                    replicas: autorecovery.replicas,
                    access: new Access(
                        `${name}-autorecovery-access`,
                        { foundation, namespace, identity: recovery, objectName: `${name}-autorecovery` },
                        inside,
                    ),
                    pod: autorecoveryPod({ foundation, resources: autorecovery.resources, configName, bookieConf }),
                    strategy: "RollingUpdate",
                    ...placement,
                    ingress: settings.metrics ? [scrapers] : [],
                    egress: [zookeeper.flow, toBookies],
                },
                // It ends where the cluster's metadata is not there yet.
                { parent: this, dependsOn: [set] },
            );
        }
        const recoverySet =
            autorecovery.kind === "pods"
                ? { objectName: `${name}-autorecovery`, replicas: autorecovery.replicas }
                : undefined;
        registerMonitor(
            `${name}-monitor`,
            {
                foundation,
                namespace,
                identity: { ...bookie, component: "monitor" },
                objectName: name,
                settings: settings.monitoring,
                endpoints: settings.metrics
                    ? [
                          { part: "bookies", kind: "pod", selector: selectorLabels(bookie), port: "http" },
                          ...(recoverySet === undefined
                              ? []
                              : [
                                    {
                                        part: "autorecovery",
                                        kind: "pod" as const,
                                        selector: selectorLabels(recovery),
                                        port: "http",
                                    },
                                ]),
                      ]
                    : [],
                alerts: bookkeeperAlerts({
                    namespace,
                    objectName: name,
                    bookies: settings.bookies,
                    autorecovery: recoverySet,
                    claims: claims.map((claim) => claim.name),
                    diskUsageThreshold: settings.diskUsageThreshold,
                    metrics: settings.metrics,
                }),
            },
            inside,
        );
        this.registerOutputs({ bookies: settings.bookies, ledgersPath: this.connection.ledgersPath });
    }
}
