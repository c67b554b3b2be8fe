import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { BookKeeper, zookeeperClients } from "../bookkeeper/bookkeeper";
import { DlogNamespace, dlogNamespaceClient } from "../bookkeeper/dlogNamespace";
import type { DashboardBackend } from "../dashboard/dashboard";
import { Access, type AccessRule } from "../foundation/access";
import { type Foundation, protection, targetsNamed } from "../foundation/environment";
import { checked } from "../foundation/faults";
import { objectLabels, selectorLabels } from "../foundation/labels";
import { networkPolicy, type Peer } from "../foundation/networkPolicy";
import type { Pod } from "../foundation/pods";
import { priorityNamed } from "../foundation/priorityClasses";
import { volumeClaim } from "../foundation/volumeClaim";
import { registerMonitor } from "../monitoring/monitor";
import { MasterSet } from "../sets/masterSet";
import { externalZooKeeper, type ZooKeeperConnection } from "../zookeeper/connection";
import { ZooKeeper } from "../zookeeper/zookeeper";
import { heronAlerts } from "./alerts";
import {
    type Control,
    control,
    type DlogStore,
    topologyLabels,
    topologyPeer,
    type Tool,
    toolIdentity,
    usesDlog,
} from "./control";
import { clientFiles, configFiles, trackerConfig, trackerFile } from "./files";
import { heronFlows, type PartFlows, toolPeer } from "./network";
import { podTemplates } from "./podTemplate";
import { apiServerPod, startSeconds, trackerPod, uiPod } from "./pods";
import { apiPort, type CheckedHeronSettings, type HeronSettings, heronSettings, trackerPort, uiPort } from "./schema";

export interface HeronArgs {
    readonly foundation: Foundation;
    /** The control namespace: of API server, tracker, UI, Heron's own ZooKeeper and the bookies. */
    readonly namespace: string;
    /** Namespace of all topologies. It must be another one, since the API server may delete what is there. */
    readonly topologyNamespace: string;
    /** What `data-platform:systems.heron` holds. */
    readonly settings: HeronSettings;
    /**
     * The stack's ensemble, for `zookeeper.kind` shared.
     *
     * @default none
     */
    readonly zookeeper?: ZooKeeperConnection | undefined;
}

/**
 * What the API server asks of the Kubernetes API in the topology namespace, call by call: KubernetesShim.java of the
 * release. Upstream's Role allows more, and its plain manifests everything in the whole cluster.
 *
 * @param templates name of the ConfigMap with the pod templates; undefined where there are none
 */
export function apiServerRules(templates: string | undefined): AccessRule[] {
    return [
        { apiGroups: ["apps"], resources: ["statefulsets"], verbs: ["create", "get", "patch", "deletecollection"] },
        { apiGroups: [""], resources: ["services"], verbs: ["create", "delete"] },
        // A kill asks for these first and gives up without the permission, even where there are none.
        { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["deletecollection"] },
        { apiGroups: [""], resources: ["pods"], verbs: ["deletecollection"] },
        // By name, so that a submitter can't choose another template, whatever properties come with a topology.
        ...(templates === undefined
            ? []
            : [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"], resourceNames: [templates] }]),
    ];
}

const toolPorts: Readonly<Record<Tool, number>> = { apiserver: apiPort, tracker: trackerPort, ui: uiPort };

/**
 * Heron: API server, tracker and UI in a control namespace, and all that topologies find in theirs when the API server
 * starts their pods. ZooKeeper comes first, then bookies and their namespace where something lies there, then the tools.
 */
export class Heron extends pulumi.ComponentResource {
    /** URL of the API server inside the cluster, which `heron submit` calls. */
    public readonly url: string;
    /** Heron's name of the cluster, which `heron submit` is told. */
    public readonly clusterName: string;
    /** The control namespace. */
    public readonly namespaceName: string;
    /** Namespace of all topologies. */
    public readonly topologyNamespaceName: string;
    /** The parts that speak HTTP, as a dashboard exposes them. */
    public readonly uis: Readonly<Record<"apiServer" | "tracker" | "ui", DashboardBackend>>;
    /** Files for users of `heron submit` by path, without secrets. */
    public readonly clientFiles: Readonly<Record<string, string>>;

    /** @throws SettingsFaults when the settings can't be used; Error when ZooKeeper is missing, or wants TLS or a login. */
    constructor(name: string, args: HeronArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings = checked(heronSettings, name, args.settings);
        const { foundation, namespace, topologyNamespace } = args;
        if (namespace === topologyNamespace) {
            throw new Error(`${name}: the topology namespace must be another than the control namespace`);
        }
        super(
            "data-platform:heron:Heron",
            name,
            {
                namespace,
                topologyNamespace,
                image: foundation.images.reference("heron"),
                zookeeper: settings.zookeeper.kind,
                stateRoot: settings.stateRoot,
                uploader: settings.uploader.kind,
                statefulStorage: settings.statefulStorage.kind,
                dlogPath: usesDlog(settings) ? settings.dlogPath : null,
            },
            opts,
        );
        const stores = this.stores(name, args, settings);
        const given = control({
            component: name,
            foundation,
            namespace,
            topologyNamespace,
            settings,
            zookeeper: stores.zookeeper,
            dlog: stores.dlog,
        });
        this.url = given.url;
        this.clusterName = given.clusterName;
        this.namespaceName = namespace;
        this.topologyNamespaceName = topologyNamespace;
        this.clientFiles = clientFiles(given);
        this.uis = {
            apiServer: backend(given, "apiserver"),
            tracker: backend(given, "tracker"),
            ui: backend(given, "ui"),
        };

        const flows = heronFlows(given);
        const before = [...stores.before, ...this.files(given), ...this.topologies(given, flows.topology)];
        const { podTemplates: templates } = settings.topologies;
        const served = settings.uploader.kind === "http";
        this.tool(given, "apiserver", apiServerPod(given), flows.apiserver, {
            // Requests have no session, but two can't mount one volume, and a package lies on one only.
            strategy: served ? "Recreate" : "RollingUpdate",
            rules: apiServerRules(templates ? given.objects.podTemplates : undefined),
            before,
        });
        const tracker = this.tool(given, "tracker", trackerPod(given), flows.tracker, {
            replicas: settings.tracker.replicas,
            before,
        });
        this.tool(given, "ui", uiPod(given), flows.ui, { replicas: settings.ui.replicas, before: [tracker] });
        this.watch(given);
        this.registerOutputs({ url: this.url, clusterName: this.clusterName, namespace, topologyNamespace });
    }

    /** ZooKeeper and the bookies, where they are Heron's own, and the namespace that the bookies serve. */
    private stores(
        name: string,
        { foundation, namespace, topologyNamespace, zookeeper: shared }: HeronArgs,
        settings: CheckedHeronSettings,
    ): { readonly zookeeper: ZooKeeperConnection; readonly dlog?: DlogStore; readonly before: pulumi.Resource[] } {
        const bookkeeperName = `${name}-bookkeeper`;
        const bindName = `${name}-dlog`;
        const dlog = usesDlog(settings);
        const { bookkeeper: bookies } = settings;
        const topologies = topologyPeer({ topologyNamespace });
        const apiServer = toolPeer({ component: name, namespace }, "apiserver");
        const clients: Peer[] = [
            apiServer,
            toolPeer({ component: name, namespace }, "tracker"),
            topologies,
            ...(dlog && bookies !== undefined
                ? [...zookeeperClients(bookkeeperName, namespace, bookies), dlogNamespaceClient(bindName, namespace)]
                : []),
        ];
        const own =
            settings.zookeeper.kind === "ensemble"
                ? new ZooKeeper(
                      `${name}-zookeeper`,
                      { foundation, namespace, settings: settings.zookeeper, clients },
                      { parent: this },
                  )
                : undefined;
        const zookeeper =
            own ?? (settings.zookeeper.kind === "external" ? externalZooKeeper(settings.zookeeper) : shared);
        if (zookeeper === undefined) {
            throw new Error(`${name}: zookeeper.kind is shared, but the stack has no ensemble`);
        }
        const before = own === undefined ? [] : [own];
        if (!dlog || bookies === undefined) {
            return { zookeeper, before };
        }
        const bookkeeper = new BookKeeper(
            bookkeeperName,
            { foundation, namespace, settings: bookies, zookeeper, clients: [apiServer, topologies] },
            { parent: this, dependsOn: before },
        );
        const bound = new DlogNamespace(
            bindName,
            {
                foundation,
                namespace,
                zookeeper,
                bookkeeper: bookkeeper.connection,
                path: settings.dlogPath,
                stateRoot: settings.stateRoot,
                settings: { targets: settings.targets, priority: settings.priority },
            },
            { parent: this, dependsOn: [bookkeeper] },
        );
        return {
            zookeeper,
            dlog: { uri: bound.uri, flow: bookkeeper.connection.flow },
            before: [...before, bookkeeper, bound],
        };
    }

    /** The files of the tools and of users, and the volume of packages. */
    private files(given: Control): pulumi.Resource[] {
        const { component, foundation, objects, namespace, settings } = given;
        const { uploader } = settings;
        const configMap = (part: string, tool: Tool, objectName: string, data: Readonly<Record<string, string>>) =>
            new k8s.core.v1.ConfigMap(
                `${component}-${part}`,
                { metadata: metadataOf(given, tool, objectName, namespace), data },
                { parent: this },
            );
        const client = Object.entries(this.clientFiles).map(([path, text]) => [path.replaceAll("/", "."), text]);
        return [
            configMap("config", "apiserver", objects.config, configFiles(given)),
            configMap("tracker-config", "tracker", objects.trackerConfig, { [trackerFile]: trackerConfig(given) }),
            configMap("client", "apiserver", objects.client, Object.fromEntries(client) as Record<string, string>),
            ...(uploader.kind === "http"
                ? [
                      volumeClaim(
                          `${component}-packages`,
                          {
                              objectName: objects.packages,
                              namespace,
                              labels: objectLabels(foundation.environment, toolIdentity(component, "apiserver")),
                              size: uploader.storage,
                              storageClass: uploader.storageClass,
                          },
                          { parent: this, ...protection(foundation) },
                      ),
                  ]
                : []),
        ];
    }

    /** What topologies' pods find: who they are, their templates, and whom they may talk to. */
    private topologies(given: Control, flows: PartFlows): pulumi.Resource[] {
        const { component, foundation, objects, topologyNamespace, settings } = given;
        const identity = toolIdentity(component, "topology");
        const policy = networkPolicy(
            `${component}-topology-network`,
            {
                objectName: objects.topology,
                namespace: topologyNamespace,
                labels: objectLabels(foundation.environment, identity),
                selector: topologyLabels,
                startedBy: "Heron's API server",
                ...flows,
            },
            { parent: this },
        );
        if (!settings.topologies.podTemplates) {
            return [policy];
        }
        return [
            policy,
            new Access(
                `${component}-topology-access`,
                { foundation, namespace: topologyNamespace, identity, objectName: objects.topology },
                { parent: this },
            ),
            new k8s.core.v1.ConfigMap(
                `${component}-pod-templates`,
                {
                    metadata: metadataOf(given, "topology", objects.podTemplates, topologyNamespace),
                    data: podTemplates(given),
                },
                { parent: this },
            ),
        ];
    }

    /** One of the three deployments. */
    private tool(
        given: Control,
        tool: Tool,
        pod: Pod,
        flows: PartFlows,
        how: {
            readonly replicas?: number;
            readonly strategy?: "Recreate" | "RollingUpdate";
            readonly rules?: readonly AccessRule[];
            readonly before: readonly pulumi.Resource[];
        },
    ): MasterSet {
        const { component, foundation, namespace, topologyNamespace, settings, objects } = given;
        const identity = toolIdentity(component, tool);
        const objectName = objects[tool];
        const access = new Access(
            `${component}-${tool}-access`,
            {
                foundation,
                namespace,
                identity,
                objectName,
                ...(how.rules && { elsewhere: { namespace: topologyNamespace, rules: how.rules } }),
            },
            { parent: this },
        );
        return new MasterSet(
            `${component}-${tool}`,
            {
                foundation,
                namespace,
                identity,
                objectName,
                replicas: how.replicas ?? 1,
                strategy: how.strategy ?? "RollingUpdate",
                startSeconds,
                pod,
                access,
                services: [{ objectName, ports: { http: toolPorts[tool] } }],
                targets: targetsNamed(foundation, settings.targets),
                spread: settings.spread,
                priorityClassName: priorityNamed(foundation, settings.priority),
                ...flows,
            },
            { parent: this, dependsOn: [access, ...how.before] },
        );
    }

    /** Alerts of the tools, and who reads the topologies' metrics. */
    private watch(given: Control): void {
        const { component, foundation, namespace, topologyNamespace, settings, objects } = given;
        const shared = {
            foundation,
            identity: { name: "heron", instance: component, component: "monitor" },
            settings: settings.monitoring,
        };
        registerMonitor(
            `${component}-monitor`,
            { ...shared, namespace, objectName: component, endpoints: [], alerts: heronAlerts(given) },
            { parent: this },
        );
        if (settings.metrics.prometheus && settings.topologies.podTemplates) {
            registerMonitor(
                `${component}-topology-monitor`,
                {
                    ...shared,
                    namespace: topologyNamespace,
                    objectName: objects.topology,
                    // The port has its name from the pod template.
                    endpoints: [
                        {
                            part: "pods",
                            kind: "pod",
                            selector: topologyLabels,
                            port: "metrics",
                            podTargetLabels: ["topology"],
                            startedBy: "Heron's API server",
                        },
                    ],
                    alerts: [],
                },
                { parent: this },
            );
        }
    }
}

/** A tool, as a dashboard exposes it. */
function backend({ component, objects }: Control, tool: Tool): DashboardBackend {
    return {
        service: objects[tool],
        port: toolPorts[tool],
        portName: "http",
        podLabels: selectorLabels(toolIdentity(component, tool)),
        containerPort: toolPorts[tool],
    };
}

function metadataOf(given: Control, part: Tool | "topology", objectName: string, namespace: string) {
    return {
        name: objectName,
        namespace,
        labels: objectLabels(given.foundation.environment, toolIdentity(given.component, part)),
    };
}
