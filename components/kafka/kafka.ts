import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Access } from "../foundation/access";
import { type Foundation, serviceHost, targetsNamed } from "../foundation/environment";
import { checked } from "../foundation/faults";
import { type Identity, objectLabels, selectorLabels } from "../foundation/labels";
import { egressFlows, type Flow, type Peer, tcp } from "../foundation/networkPolicy";
import { priorityNamed } from "../foundation/priorityClasses";
import { seconds } from "../foundation/values";
import { jmxAgentPort } from "../monitoring/jmxAgent";
import { monitors, scraperFlow } from "../monitoring/monitor";
import { registerSurroundings } from "../sets/setParts";
import type { WorkerSet } from "../sets/workerSet";
import { nodeCertificates } from "./certificates";
import { exporter, exporterPeer, exporterPermissions } from "./exporter";
import { externalFlow, registerExternalServices } from "./external";
import { clientFiles, configNames, registerFiles, serverFiles } from "./files";
import { idsOf } from "./ids";
import { jmxRules } from "./jmx";
import { guarded, layoutOf, setNames } from "./layout";
import { watch } from "./monitor";
import { nodeSet } from "./nodeSet";
import { exporterPort, ports } from "./places";
import { clusterIdOf, externalAddresses, nodeVariables } from "./properties";
import { KafkaProvision, provisionPeer } from "./provision";
import { exporterUser, type KafkaSettings, kafkaSettings } from "./schema";
import { registerUsers, userSecretName } from "./users";

export interface KafkaArgs {
    readonly foundation: Foundation;
    /** Namespace that the cluster lives in. */
    readonly namespace: string;
    /** The cluster's settings, as in a stack file. */
    readonly settings: KafkaSettings;
    /**
     * Who may connect, besides `settings.clients`: the systems that use the cluster.
     *
     * @default nobody
     */
    readonly clients?: readonly Peer[];
}

/**
 * A Kafka cluster without ZooKeeper: controllers with a fixed list of voters, brokers in one set a rack, which an update
 * rolls one after another, and a gate before each stop.
 */
export class Kafka extends pulumi.ComponentResource {
    /** Comma-separated `host:port` list that clients inside the cluster begin with. */
    public readonly bootstrapServers: string;
    /** `host:port` of each broker for clients outside the cluster; none without an external listener. */
    public readonly externalServers: readonly string[];
    /** The way to the brokers, for the network policies of clients. */
    public readonly flow: Flow;
    /** Configuration of clients, by relative path; no secret. */
    public readonly clientFiles: Readonly<Record<string, string>>;
    public readonly namespaceName: string;
    /** Id of the cluster, which its volumes hold too. */
    public readonly clusterId: pulumi.Output<string>;

    /** @throws SettingsFaults when the settings can't be used. */
    constructor(name: string, args: KafkaArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings = checked(kafkaSettings, name, args.settings);
        const { foundation, namespace } = args;
        super("data-platform:kafka:Kafka", name, guarded(settings, foundation.images.reference("kafka")), opts);
        const inside = { parent: this };
        const layout = layoutOf(name, settings, (service) => serviceHost(foundation, service, namespace));
        const { groups, hosts, controllers } = layout;
        const identity = (component: string): Identity => ({ name: "kafka", instance: name, component });
        const labels = objectLabels(foundation.environment, identity("broker"));
        const meta = (objectName: string) => ({ name: objectName, namespace, labels });
        const brokerLabels = selectorLabels(identity("broker"));
        const brokers: Peer = { podLabels: brokerLabels };
        const voters: Peer = { podLabels: selectorLabels(identity(controllers > 0 ? "controller" : "broker")) };
        const ids = groups.flatMap(idsOf);
        const { tls, listeners, monitoring } = settings;
        const secure = tls.mode === "mutual";
        const exports = monitors(foundation, monitoring) && settings.exporter.enabled;

        this.namespaceName = namespace;
        this.bootstrapServers = `${hosts.bootstrap}:${ports.client}`;
        this.externalServers = externalAddresses(settings, ids);
        this.flow = { peers: [{ namespace, ...brokers }], ports: tcp(ports.client) };
        this.clientFiles = clientFiles(this, secure);
        this.clusterId =
            settings.clusterId === undefined ? newClusterId(name, inside) : pulumi.output(settings.clusterId);

        const files = registerFiles(
            name,
            { namespace, labels, settings, layout, clusterId: this.clusterId, clientFiles: this.clientFiles },
            inside,
        );
        const certificates = secure
            ? nodeCertificates(
                  name,
                  tls,
                  {
                      namespace,
                      labels,
                      dnsNames: [
                          hosts.bootstrap,
                          `*.${hosts.brokers}`,
                          ...(controllers > 0 ? [`*.${hosts.controllers}`] : []),
                          ...new Set(this.externalServers.map((address) => address.replace(/:[0-9]+$/, ""))),
                      ],
                  },
                  inside,
              )
            : undefined;
        const rotation = secure ? tls.certificates.rotation : 0;
        const users = {
            ...settings.users,
            ...(exports && secure && { [exporterUser]: { ...exporterPermissions, rotation } }),
        };
        const registered =
            certificates &&
            registerUsers(
                name,
                {
                    namespace,
                    labels,
                    authority: certificates.authority,
                    bootstrapServers: this.bootstrapServers,
                    users,
                },
                inside,
            );

        registerSurroundings(
            `${name}-brokers`,
            {
                foundation,
                namespace,
                identity: identity("broker"),
                objectName: `${name}-broker`,
                replicas: ids.length,
                services: [
                    {
                        objectName: `${name}-brokers`,
                        headless: true,
                        ports: {
                            client: ports.client,
                            replication: ports.replication,
                            ...(controllers === 0 && { controller: ports.controller }),
                        },
                    },
                ],
            },
            "IfHealthyBudget",
            inside,
        );
        new k8s.core.v1.Service(
            `${name}-bootstrap`,
            {
                metadata: meta(`${name}-bootstrap`),
                spec: {
                    // The addresses themselves, of ready brokers alone: clients try one after another, and the gate sees
                    // whether any is left.
                    clusterIP: "None",
                    publishNotReadyAddresses: false,
                    selector: brokerLabels,
                    ports: [{ name: "client", port: ports.client, targetPort: "client", protocol: "TCP" }],
                },
            },
            inside,
        );
        registerExternalServices(
            name,
            listeners.external,
            {
                namespace,
                labels,
                selector: brokerLabels,
                brokers: groups.flatMap((group) =>
                    idsOf(group).map((id) => ({ id, pod: `${group.objectName}-${id}` })),
                ),
            },
            inside,
        );

        const scrapers = (port: number): Flow => scraperFlow(foundation, monitoring, [], port);
        const toVoters: Flow = { peers: [voters], ports: tcp(ports.controller) };
        const common = {
            foundation,
            namespace,
            config: {
                server: configNames.server(name),
                scripts: configNames.scripts(name),
                clusterId: { name: configNames.clusterId(name), key: "id" },
                certificate: certificates?.secretName,
            },
            // Not the gate: it reaches running pods.
            configHashes: [
                ...Object.values(serverFiles({ settings, layout })),
                ...(settings.brokers.jmxAgent === undefined ? [] : [jmxRules]),
                ...(secure ? [`rotation ${rotation}`] : []),
            ],
            gracePeriodSeconds: seconds(settings.gracePeriod),
            startSeconds: seconds(settings.startTimeout),
        };
        const before: readonly pulumi.Resource[] = [...files, ...(certificates?.resources ?? [])];
        // A chain: the engine updates independent sets at the same time, and would stop a node of each.
        let last: WorkerSet | undefined;
        const next = (): pulumi.ComponentResourceOptions => ({
            parent: this,
            dependsOn: [...before, ...(last === undefined ? [] : [last])],
        });
        if (settings.controllers.kind === "dedicated") {
            registerSurroundings(
                `${name}-controllers`,
                {
                    foundation,
                    namespace,
                    identity: identity("controller"),
                    objectName: `${name}-controller`,
                    replicas: controllers,
                    services: [
                        {
                            objectName: `${name}-controllers`,
                            headless: true,
                            ports: { controller: ports.controller },
                        },
                    ],
                },
                "IfHealthyBudget",
                inside,
            );
            last = nodeSet(
                `${name}-controller`,
                {
                    ...common,
                    identity: identity("controller"),
                    access: access(`${name}-controller`, foundation, namespace, identity("controller"), inside),
                    settings: settings.controllers,
                    objectName: `${name}-controller`,
                    serviceName: `${name}-controllers`,
                    role: "controller",
                    firstId: 0,
                    nodes: controllers,
                    rack: undefined,
                    zone: undefined,
                    external: false,
                    variables: nodeVariables(settings, { role: "controller", host: hosts.controllers }),
                    ingress: [{ peers: [voters, brokers], ports: tcp(ports.controller) }],
                    egress: [toVoters],
                },
                next(),
            );
        }
        const brokerAccess = access(`${name}-broker`, foundation, namespace, identity("broker"), inside);
        const clients: readonly Peer[] = [
            ...settings.clients,
            ...(args.clients ?? []),
            // The gate's tools.
            brokers,
            provisionPeer(name),
            ...(exports ? [exporterPeer(name)] : []),
        ];
        for (const group of groups) {
            last = nodeSet(
                group.objectName,
                {
                    ...common,
                    identity: identity("broker"),
                    access: brokerAccess,
                    settings: settings.brokers,
                    objectName: group.objectName,
                    serviceName: `${name}-brokers`,
                    role: layout.brokerRole,
                    firstId: group.firstId,
                    nodes: group.nodes,
                    rack: group.rack,
                    zone: group.zone,
                    external: listeners.external.kind !== "none",
                    variables: nodeVariables(settings, {
                        role: layout.brokerRole,
                        host: hosts.brokers,
                        rack: group.rack,
                    }),
                    ingress: [
                        { peers: clients, ports: tcp(ports.client) },
                        { peers: [brokers], ports: tcp(ports.replication) },
                        ...(controllers === 0 ? [toVoters] : []),
                        externalFlow(listeners.external),
                        ...(settings.brokers.jmxAgent === undefined ? [] : [scrapers(jmxAgentPort)]),
                    ],
                    egress: [
                        { peers: [brokers], ports: tcp(ports.replication, ports.client) },
                        toVoters,
                        ...egressFlows(settings.egress),
                    ],
                },
                next(),
            );
        }
        const place = {
            targets: targetsNamed(foundation, settings.brokers.targets),
            priorityClassName: priorityNamed(foundation, settings.brokers.priority),
        };
        const toBrokers: Flow = { peers: [brokers], ports: tcp(ports.client) };
        // Also without topics and users: the cluster's default of min.insync.replicas is its to set.
        new KafkaProvision(
            `${name}-provision`,
            {
                foundation,
                namespace,
                instance: name,
                bootstrapServers: this.bootstrapServers,
                flow: toBrokers,
                topics: settings.topics,
                users,
                replication: settings.replication,
                ...(registered && {
                    security: { adminCertificate: registered.admin, hashes: [`rotation ${rotation}`] },
                }),
                settings: settings.provision,
                ...place,
            },
            { parent: this, dependsOn: [...(registered?.resources ?? []), ...(last === undefined ? [] : [last])] },
        );
        if (exports) {
            exporter(
                `${name}-exporter`,
                {
                    foundation,
                    namespace,
                    instance: name,
                    bootstrapServers: this.bootstrapServers,
                    flow: toBrokers,
                    certificate: secure
                        ? { secretName: userSecretName(name, exporterUser), hash: `rotation ${rotation}` }
                        : undefined,
                    resources: settings.exporter.resources,
                    scrapers: [scrapers(exporterPort)],
                    ...place,
                },
                { parent: this, dependsOn: [...(registered?.resources ?? []), ...(last === undefined ? [] : [last])] },
            );
        }
        watch(
            name,
            {
                foundation,
                namespace,
                settings,
                sets: setNames(name, layout),
                brokers: ids.length,
                exports,
                brokerLabels,
            },
            inside,
        );
        this.registerOutputs({ bootstrapServers: this.bootstrapServers, clusterId: this.clusterId });
    }
}

function access(
    name: string,
    foundation: Foundation,
    namespace: string,
    identity: Identity,
    opts: pulumi.CustomResourceOptions,
): Access {
    return new Access(`${name}-access`, { foundation, namespace, identity, objectName: name }, opts);
}

/** A random id. Nothing replaces it: the volumes hold it too, and refuse another. */
function newClusterId(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
    return new random.RandomId(
        `${name}-cluster-id`,
        { byteLength: 16 },
        { ...opts, ignoreChanges: ["byteLength", "keepers", "prefix"] },
    ).b64Url.apply(clusterIdOf);
}
