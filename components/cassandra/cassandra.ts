import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Access } from "../foundation/access";
import { environmentName, type Foundation, serviceHost, targetsNamed } from "../foundation/environment";
import { checked } from "../foundation/faults";
import { type Identity, type Labels, objectLabels, rackLabel, selectorLabels } from "../foundation/labels";
import { egressFlows, type Flow, type Peer, tcp } from "../foundation/networkPolicy";
import { priorityNamed } from "../foundation/priorityClasses";
import { seconds } from "../foundation/values";
import { type JmxAgent, jmxAgent, jmxAgentPort } from "../monitoring/jmxAgent";
import { registerMonitor, scraperFlow } from "../monitoring/monitor";
import { registerSurroundings } from "../sets/setParts";
import { WorkerSet } from "../sets/workerSet";
import { cassandraAlerts, metricsPort } from "./alerts";
import { cassandraYaml, jvmOptions, logbackXml, rackdcProperties } from "./cassandraYaml";
import { clientFiles } from "./clientFiles";
import { jmxAgentYaml } from "./jmxAgentYaml";
import { configureScript, nodeFiles, readinessScript, replaceFile, seedsFile } from "./nodeScripts";
import { commitlogClaim, dataClaim, nativePort, storagePort } from "./places";
import { nodePod } from "./pods";
import { nodeHost, nodesOf, type Rack, racksOf, seedsOf, targetsOf } from "./ring";
import { type CassandraSettings, cassandraSettings, type CheckedCassandraSettings, nodeCount } from "./schema";
import { CassandraJobs, CassandraSecurity, nodeSurroundings } from "./surroundings";

export interface CassandraArgs {
    readonly foundation: Foundation;
    /** Namespace that the datacenter lives in. */
    readonly namespace: string;
    /**
     * The datacenter's settings, as in a stack file's `systems.cassandra`.
     *
     * @default one rack of three nodes with the defaults of the schema
     */
    readonly settings?: CassandraSettings;
    /**
     * Who may connect by CQL, besides `settings.clients`: the systems that use the datacenter.
     *
     * @default nobody
     */
    readonly clients?: readonly Peer[];
}

/** Seconds that a node has to be ready before the next is stopped: others have heard of it by then. */
const settleSeconds = 30;

/**
 * A Cassandra datacenter: racks of nodes that change one after the other, with one budget for all of them. A node is
 * ready when its own view of the ring says that it is up and normal, and drains before it stops.
 */
export class Cassandra extends pulumi.ComponentResource {
    /** Host names that lead to ready nodes; the port is 9042. */
    public readonly contactPoints: readonly string[];
    /** The way to the nodes, for the network policies of clients. */
    public readonly flow: Flow;
    /** Files for clients by their names, without secrets: how drivers and cqlsh reach the datacenter. */
    public readonly clientFiles: Readonly<Record<string, string>>;
    /** Namespace that the datacenter lives in. */
    public readonly namespaceName: string;
    /** Authorities that clients trust, PEM; absent without TLS for clients, and for certificates that exist. */
    public readonly clientAuthorities?: pulumi.Output<string>;

    /** @throws SettingsFaults when the settings can't be used. */
    constructor(name: string, args: CassandraArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings = checked(cassandraSettings, name, args.settings ?? {});
        const { foundation, namespace } = args;
        const clusterName = settings.clusterName ?? environmentName(foundation.environment, name);
        super("data-platform:cassandra:Cassandra", name, guarded(settings, clusterName, foundation), opts);
        const inside = { parent: this };
        const identity: Identity = { name: "cassandra", instance: name, component: "node" };
        const cluster = selectorLabels(identity);
        const labels = objectLabels(foundation.environment, identity);
        const metadata = (objectName: string) => ({ name: objectName, namespace, labels });
        const nodes: Peer = { podLabels: cluster };
        const clientService = `${name}-client`;
        const hostOf = (pod: string) => nodeHost(foundation, name, namespace, pod);
        this.namespaceName = namespace;
        this.contactPoints = [serviceHost(foundation, clientService, namespace)];
        this.flow = { peers: [{ namespace, ...nodes }], ports: tcp(nativePort) };
        this.clientFiles = clientFiles({
            instance: name,
            namespace,
            contactPoints: this.contactPoints,
            datacenter: settings.datacenter,
            settings,
        });

        const surroundings = nodeSurroundings(foundation, name, settings);
        const agent = jmxAgent(settings.exporter, { configMap: `${name}-jmx-agent`, resources: settings.resources });
        const files = {
            "cassandra.yaml": cassandraYaml(settings, clusterName, surroundings.yaml),
            "logback.xml": logbackXml,
            [nodeFiles.jvmOptions]: jvmOptions(settings, agent.javaOptions),
        };
        const configure = configureScript();
        const racks = racksOf(name, settings.racks);
        const configMap = (part: string, data: Readonly<Record<string, string>>) =>
            new k8s.core.v1.ConfigMap(`${name}-${part}`, { metadata: metadata(`${name}-${part}`), data }, inside);
        const security = new CassandraSecurity(
            `${name}-security`,
            {
                foundation,
                namespace,
                instance: name,
                settings,
                labels,
                dnsNames: [...this.contactPoints, serviceHost(foundation, name, namespace), hostOf("*"), "localhost"],
            },
            inside,
        );
        if (security.clientAuthorities !== undefined) {
            this.clientAuthorities = security.clientAuthorities;
        }
        const before = [
            configMap("config", {
                ...files,
                // Not in the hash: a node reads them when it starts, and another rack's node is no reason to restart.
                [nodeFiles.seeds]: seedsFile(seedsOf(name, settings.racks, settings.seedsPerRack), hostOf),
                [nodeFiles.external]: (settings.externalSeeds?.hosts ?? []).map((host) => `${host}\n`).join(""),
                [nodeFiles.replace]: replaceFile(settings.replace),
            }),
            configMap("scripts", { "configure.sh": configure, "readiness.sh": readinessScript() }),
            ...(settings.exporter === undefined ? [] : [configMap("jmx-agent", { "jmx-agent.yaml": jmxAgentYaml })]),
            security,
        ];
        configMap("clients", this.clientFiles);
        registerSurroundings(
            name,
            {
                foundation,
                namespace,
                identity,
                objectName: name,
                replicas: nodeCount(settings.racks),
                services: [
                    { objectName: name, headless: true, ports: { cql: nativePort, storage: storagePort } },
                    { objectName: clientService, ports: { cql: nativePort } },
                ],
            },
            "IfHealthyBudget",
            inside,
        );
        const access = new Access(`${name}-access`, { foundation, namespace, identity, objectName: name }, inside);
        const flows = this.flows(settings, args, { nodes, agent, ingress: surroundings.ingress });
        const register = (rack: Rack, previous: readonly pulumi.Resource[]) => {
            const rackdc = rackdcProperties(settings.datacenter, rack.ringName);
            const ownFile = configMap(`${rack.name}-rackdc`, { "cassandra-rackdc.properties": rackdc });
            return new WorkerSet(
                `${name}-${rack.name}`,
                {
                    foundation,
                    namespace,
                    identity,
                    cluster,
                    selector: rackSelector(cluster, rack),
                    objectName: rack.objectName,
                    replicas: rack.nodes,
                    access,
                    pod: nodePod({
                        foundation,
                        settings,
                        rack: rack.name,
                        configMaps: {
                            files: `${name}-config`,
                            rack: `${name}-${rack.name}-rackdc`,
                            scripts: `${name}-scripts`,
                        },
                        surroundings,
                        agent,
                        configHashes: [
                            ...Object.values(files),
                            configure,
                            rackdc,
                            ...surroundings.hashes,
                            ...(settings.exporter === undefined ? [] : [jmxAgentYaml]),
                        ],
                    }),
                    serviceName: name,
                    claims: claimsOf(settings),
                    // One node at a time may join (consistent range movement), and ready means joined.
                    podManagement: "OrderedReady",
                    minReadySeconds: settleSeconds,
                    // A restarted node first stops, then reads its commit log.
                    startSeconds: seconds(settings.startTimeout) + seconds(settings.gracePeriod),
                    targets: targetsOf(foundation, rack, settings.targets),
                    spread: settings.spread,
                    priorityClassName: priorityNamed(foundation, settings.priority),
                    ...flows,
                },
                // A chain: no change takes nodes of two racks at the same time.
                { parent: this, dependsOn: [...before, ownFile, ...previous] },
            );
        };
        const sets = racks.reduce<readonly WorkerSet[]>((done, rack) => [...done, register(rack, done.slice(-1))], []);
        new CassandraJobs(
            `${name}-jobs`,
            {
                foundation,
                namespace,
                instance: name,
                settings,
                datacenter: settings.datacenter,
                nodes: nodesOf(name, settings.racks).map(({ pod }) => ({ name: pod, host: hostOf(pod) })),
                nodeLabels: cluster,
                targets: targetsNamed(foundation, settings.targets),
                priorityClassName: priorityNamed(foundation, settings.priority),
            },
            { parent: this, dependsOn: [...sets] },
        );
        registerMonitor(
            `${name}-monitor`,
            {
                foundation,
                namespace,
                identity: { ...identity, component: "monitor" },
                objectName: name,
                settings: settings.monitoring,
                endpoints:
                    settings.exporter === undefined
                        ? []
                        : [
                              {
                                  part: "nodes",
                                  kind: "pod",
                                  selector: cluster,
                                  port: metricsPort,
                                  podTargetLabels: [rackLabel],
                              },
                          ],
                alerts: cassandraAlerts({ namespace, instance: name, racks, settings }),
            },
            inside,
        );
        this.registerOutputs({ contactPoints: this.contactPoints });
    }

    /** Who may connect to nodes, and whom they may connect to. JMX is nobody's: it listens on the loopback address. */
    private flows(
        settings: CheckedCassandraSettings,
        { foundation, clients }: CassandraArgs,
        given: { readonly nodes: Peer; readonly agent: JmxAgent; readonly ingress: readonly Flow[] },
    ): { readonly ingress: readonly Flow[]; readonly egress: readonly Flow[] } {
        const between: Flow = {
            peers: [given.nodes, ...(settings.externalSeeds?.peers ?? [])],
            ports: tcp(storagePort),
        };
        return {
            ingress: [
                between,
                { peers: [...settings.clients, ...(clients ?? [])], ports: tcp(nativePort) },
                ...given.ingress,
                ...(settings.exporter === undefined
                    ? []
                    : [scraperFlow(foundation, settings.monitoring, settings.scrapers, jmxAgentPort)]),
            ],
            egress: [between, ...egressFlows(settings.egress)],
        };
    }
}

function rackSelector(cluster: Labels, { name }: Rack): Labels {
    return { ...cluster, [rackLabel]: name };
}

/** The volumes of each node. */
function claimsOf({ storage, commitlogStorage, storageClass }: CheckedCassandraSettings) {
    return [
        { name: dataClaim, size: storage, storageClass },
        ...(commitlogStorage === undefined ? [] : [{ name: commitlogClaim, size: commitlogStorage, storageClass }]),
    ];
}

/** What guards compare. */
function guarded(
    settings: CheckedCassandraSettings,
    clusterName: string,
    foundation: Foundation,
): Record<string, unknown> {
    return {
        clusterName,
        datacenter: settings.datacenter,
        racks: Object.fromEntries(
            Object.entries(settings.racks).map(([name, { nodes, rack, zone }]) => [
                name,
                { nodes, rack: rack ?? name, zone: zone ?? null },
            ]),
        ),
        numTokens: settings.numTokens,
        storage: settings.storage,
        commitlogStorage: settings.commitlogStorage ?? null,
        storageClass: settings.storageClass ?? null,
        image: foundation.images.reference("cassandra"),
    };
}
