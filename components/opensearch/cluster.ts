import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { DashboardBackend } from "../dashboard/dashboard";
import { Access } from "../foundation/access";
import { environmentName, type Foundation, serviceHost, targetsNamed } from "../foundation/environment";
import { checked } from "../foundation/faults";
import { objectLabels, selectorLabels } from "../foundation/labels";
import { egressFlows, type Flow, type Peer, tcp } from "../foundation/networkPolicy";
import { priorityNamed } from "../foundation/priorityClasses";
import { ifGiven, seconds } from "../foundation/values";
import { scraperFlow } from "../monitoring/monitor";
import { clusterCertificates } from "./clusterCertificates";
import { type CheckedClusterSettings, type ClusterSettings, clusterSettings, type userSettings } from "./clusterSchema";
import { type ClusterUser, clusterUsers } from "./clusterUsers";
import type { OpenSearchConnection } from "./connection";
import { watch } from "./monitor";
import { opensearchYml } from "./nodeConfig";
import { readinessScript, startScript } from "./nodeScripts";
import { initialManagersFile, nodeSet } from "./nodeSet";
import { httpPort, transportPort } from "./places";
import { OpenSearchSetup, setupIdentity } from "./setup";

export interface OpenSearchClusterArgs {
    readonly foundation: Foundation;
    /** Namespace that the cluster lives in. */
    readonly namespace: string;
    /** The cluster's settings, as in a stack file's `opensearch` section of kind `cluster`. */
    readonly settings: ClusterSettings;
    /**
     * Users of this stack's own systems by name, besides `settings.users`; each for {@link OpenSearchCluster.connectionFor}.
     *
     * @default none
     */
    readonly users?: Readonly<Record<string, z.input<typeof userSettings>>>;
    /**
     * Policies that delete old indices of this stack's own systems, besides `settings.lifecycle`.
     *
     * @default none
     */
    readonly lifecycle?: ClusterSettings["lifecycle"];
    /**
     * Who may connect, besides `settings.clients`: the systems that use the cluster.
     *
     * @default nobody
     */
    readonly clients?: readonly Peer[];
}

/** Time to bind volumes, to pull the image and to form the cluster, before the setup Task can begin, in seconds. */
const secondsToForm = 900;

/**
 * An OpenSearch cluster with security. Its nodes find each other by name, a node is ready again only when the cluster is
 * green, and a Task writes users, policies and repositories.
 */
export class OpenSearchCluster extends pulumi.ComponentResource {
    /** URLs of the nodes: the Service in front of those that are ready. */
    public readonly nodes: readonly string[];
    /** The way to the nodes, for the network policies of clients. */
    public readonly flow: Flow;
    /** The nodes with data, as a dashboard exposes them. */
    public readonly ui: DashboardBackend;
    private readonly users: ReadonlyMap<string, ClusterUser>;
    private readonly authorities: string | pulumi.Output<string> | undefined;

    /** @throws SettingsFaults when the settings can't be used. */
    constructor(name: string, args: OpenSearchClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings = checked(clusterSettings, name, withSystems(args));
        const { foundation, namespace } = args;
        const { data, managers, snapshots } = settings;
        const clusterName = settings.clusterName ?? environmentName(foundation.environment, name);
        super("data-platform:opensearch:Cluster", name, guarded(settings, clusterName, foundation), opts);
        const inside = { parent: this };
        const identity = (component: string) => ({ name: "opensearch", instance: name, component });
        const labels = objectLabels(foundation.environment, identity("data"));
        const dataNodes: Peer = { podLabels: selectorLabels(identity("data")) };
        const allNodes: readonly Peer[] = [
            dataNodes,
            ...(managers === undefined ? [] : [{ podLabels: selectorLabels(identity("manager")) }]),
        ];
        const host = (service: string) => serviceHost(foundation, service, namespace);
        const dataService = `${name}-nodes`;
        const managersService = `${name}-managers`;
        this.nodes = [`https://${host(name)}:${httpPort}`];
        this.flow = { peers: [{ namespace, ...dataNodes }], ports: tcp(httpPort) };

        const certificates = clusterCertificates(
            name,
            settings.security,
            { namespace, labels, dnsNames: ["localhost", host(name), host(dataService)] },
            inside,
        );
        const users = clusterUsers(name, settings, { namespace, labels }, inside);
        this.users = users.byName;
        this.authorities = certificates.authorities;
        this.ui = {
            service: name,
            port: httpPort,
            portName: "http",
            podLabels: selectorLabels(identity("data")),
            containerPort: httpPort,
            scheme: "https",
            ownLogin: true,
            ...(certificates.authorities !== undefined && { caCertificate: certificates.authorities }),
            rotation: settings.security.certificates.rotation,
        };

        const yml = opensearchYml(settings, {
            name: clusterName,
            // Both, so that managers which are added to a cluster find it before they could begin another.
            seedHosts: [...(managers === undefined ? [] : [host(managersService)]), host(dataService)],
            nodeNames: certificates.nodeNames,
            adminName: certificates.adminName,
        });
        const repositories = snapshots?.repositories ?? {};
        const start = startScript(Object.keys(repositories));
        const first = managers === undefined ? `${name}-data` : `${name}-manager`;
        const initialManagers = Array.from({ length: (managers ?? data).nodes }, (_, index) => `${first}-${index}`);
        const config = new k8s.core.v1.ConfigMap(
            `${name}-config`,
            { metadata: { name: `${name}-config`, namespace, labels }, data: { "opensearch.yml": yml } },
            inside,
        );
        const scripts = new k8s.core.v1.ConfigMap(
            `${name}-scripts`,
            {
                metadata: { name: `${name}-scripts`, namespace, labels },
                data: {
                    "start.sh": start,
                    "readiness.sh": readinessScript(ifGiven(settings.yellowAfter, seconds)),
                    [initialManagersFile]: `${initialManagers.join(",")}\n`,
                },
            },
            inside,
        );
        const access = new Access(
            `${name}-access`,
            { foundation, namespace, identity: identity("data"), objectName: name },
            inside,
        );
        const { rotation } = settings.security.certificates;
        const common = {
            foundation,
            namespace,
            access,
            config: { yml: `${name}-config`, scripts: `${name}-scripts` },
            certificate: certificates.nodes,
            loginSecret: users.readinessSecret,
            snapshotKeys: Object.fromEntries(
                Object.entries(repositories).map(([repository, { credentials }]) => [repository, credentials]),
            ),
            // Neither the probe nor the first managers: they reach running pods, or matter to new volumes only.
            configHashes: [
                yml,
                start,
                `certificates ${rotation}`,
                ...Object.entries(repositories).map(
                    ([repository, { credentials }]) => `${repository} ${credentials.rotation}`,
                ),
            ],
            startSeconds: seconds(settings.recovery),
            egress: [{ peers: allNodes, ports: tcp(transportPort) }, ...egressFlows(snapshots?.egress ?? [])],
        };
        const between: Flow = { peers: allNodes, ports: tcp(transportPort) };
        const watching = settings.exporter ? [scraperFlow(foundation, settings.monitoring, [], httpPort)] : [];
        const before = [config, scripts, ...certificates.resources, ...users.resources];
        const managerSet =
            managers &&
            nodeSet(
                `${name}-manager`,
                {
                    ...common,
                    identity: identity("manager"),
                    settings: managers,
                    objectName: `${name}-manager`,
                    serviceName: managersService,
                    clientService: undefined,
                    roles: ["cluster_manager"],
                    ingress: [between, ...watching],
                },
                { parent: this, dependsOn: before },
            );
        nodeSet(
            `${name}-data`,
            {
                ...common,
                identity: identity("data"),
                settings: data,
                objectName: `${name}-data`,
                serviceName: dataService,
                clientService: name,
                roles: [...(managers === undefined ? ["cluster_manager"] : []), "data", "ingest"],
                ingress: [
                    {
                        peers: [
                            ...settings.clients,
                            ...(args.clients ?? []),
                            { podLabels: selectorLabels(setupIdentity(name)) },
                        ],
                        ports: tcp(httpPort),
                    },
                    between,
                    ...watching,
                ],
            },
            // A chain: no update takes a manager and a data node at the same time.
            { parent: this, dependsOn: [...before, ...(managerSet === undefined ? [] : [managerSet])] },
        );
        // It waits for the nodes by itself: they are ready only when it has written the security index.
        new OpenSearchSetup(
            `${name}-setup`,
            {
                foundation,
                namespace,
                instance: name,
                host: host(dataService),
                nodes: [dataNodes],
                lifecycle: settings.lifecycle,
                repositories: Object.fromEntries(
                    Object.entries(repositories).map(([repository, { bucket, basePath }]) => [
                        repository,
                        JSON.stringify({ type: "s3", settings: { bucket, base_path: basePath, client: repository } }),
                    ]),
                ),
                security: {
                    secretName: users.securitySecret,
                    adminCertificate: certificates.admin,
                    hashes: [...users.hashes, `certificates ${rotation}`],
                },
                deadlineSeconds: seconds(settings.recovery) + secondsToForm,
                targets: targetsNamed(foundation, data.targets),
                priorityClassName: priorityNamed(foundation, data.priority),
            },
            { parent: this, dependsOn: before },
        );
        watch(
            name,
            {
                foundation,
                namespace,
                settings: settings.monitoring,
                nodes: [
                    ...(managers === undefined
                        ? []
                        : [
                              {
                                  identity: identity("manager"),
                                  objectName: `${name}-manager`,
                                  replicas: managers.nodes,
                                  clusterManagers: true,
                              },
                          ]),
                    {
                        identity: identity("data"),
                        objectName: `${name}-data`,
                        replicas: data.nodes,
                        clusterManagers: managers === undefined,
                    },
                ],
                exporter: ifGiven(users.metrics, (basicAuth) => ({
                    tls: { authority: certificates.authoritiesKey, serverName: host(name) },
                    basicAuth,
                })),
            },
            inside,
        );
        this.registerOutputs({ nodes: this.nodes });
    }

    /**
     * How a user reaches the cluster. Who uses it must depend on the cluster, which is there when its users are.
     *
     * @throws Error when the cluster has no such user.
     */
    public connectionFor(user: string): OpenSearchConnection {
        const credentials = this.users.get(user);
        if (credentials === undefined) {
            throw new Error(`the OpenSearch cluster has no user "${user}" but ${[...this.users.keys()].join(", ")}`);
        }
        return {
            nodes: this.nodes,
            credentials,
            ...(this.authorities !== undefined && { caCertificate: this.authorities }),
            rotation: this.ui.rotation ?? 0,
            flow: this.flow,
            singleNode: false,
        };
    }
}

/** The settings with what the stack's own systems ask for. */
function withSystems({ settings, users, lifecycle }: OpenSearchClusterArgs): ClusterSettings {
    const twice = Object.keys(users ?? {}).find((user) => settings.users?.[user] !== undefined);
    if (twice !== undefined) {
        throw new Error(`the user "${twice}" belongs to a system of the stack, and can't be in settings.users too`);
    }
    return {
        ...settings,
        users: { ...settings.users, ...users },
        lifecycle: [...(settings.lifecycle ?? []), ...(lifecycle ?? [])],
    };
}

/** What guards compare. */
function guarded(
    { data, managers }: CheckedClusterSettings,
    clusterName: string,
    foundation: Foundation,
): Record<string, unknown> {
    return {
        clusterName,
        nodes: data.nodes,
        storage: data.storage,
        storageClass: data.storageClass ?? null,
        managers: managers?.nodes ?? 0,
        managerStorage: managers?.storage ?? null,
        managerStorageClass: managers?.storageClass ?? null,
        image: foundation.images.reference("opensearch"),
    };
}
