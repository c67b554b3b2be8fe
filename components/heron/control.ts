import { plainServers } from "../bookkeeper/connection";
import { type Foundation, serviceHost, environmentName } from "../foundation/environment";
import type { Identity, Labels } from "../foundation/labels";
import type { Flow, Peer } from "../foundation/networkPolicy";
import type { ZooKeeperConnection } from "../zookeeper/connection";
import { apiPort, type CheckedHeronSettings, trackerPort } from "./schema";

/** Heron's own three deployments in the control namespace. */
export type Tool = "apiserver" | "tracker" | "ui";

/** Whose a tool's objects are. */
export function toolIdentity(component: string, tool: Tool | "topology"): Identity {
    return { name: "heron", instance: component, component: tool };
}

/** The label that Heron's scheduler gives every topology's pods, and selects them by (KubernetesConstants.java). */
export const topologyLabels: Labels = { app: "heron" };

/** What of the bookies Heron needs; only where something lies in DistributedLog. */
export interface DlogStore {
    /** URI of the bound DistributedLog namespace. */
    readonly uri: string;
    /** The way to the bookies. */
    readonly flow: Flow;
}

/** Everything that Heron's files and pods are computed from. */
export interface Control {
    /** Name of the component. */
    readonly component: string;
    readonly foundation: Foundation;
    readonly namespace: string;
    readonly topologyNamespace: string;
    readonly settings: CheckedHeronSettings;
    /** Heron's name of the cluster, the same for API server and tracker. */
    readonly clusterName: string;
    /** Image of the tools, and of the topologies' pods. */
    readonly image: string;
    readonly zookeeper: {
        /** Comma-separated `host:port` list. */
        readonly servers: string;
        /** Path of the state, from the ensemble's root. */
        readonly stateRoot: string;
        readonly flow: Flow;
    };
    readonly dlog: DlogStore | undefined;
    /** Host names of the Services. */
    readonly hosts: Readonly<Record<"apiserver" | "tracker", string>>;
    /** URL of the API server inside the cluster. */
    readonly url: string;
    readonly trackerUrl: string;
    /** Names of objects. */
    readonly objects: Readonly<
        Record<Tool | "config" | "trackerConfig" | "client" | "packages" | "podTemplates" | "topology", string>
    >;
}

/** Derives all that follows from settings, names and connections. */
export function control(args: {
    readonly component: string;
    readonly foundation: Foundation;
    readonly namespace: string;
    readonly topologyNamespace: string;
    readonly settings: CheckedHeronSettings;
    readonly zookeeper: ZooKeeperConnection;
    readonly dlog: DlogStore | undefined;
}): Control {
    const { component, foundation, namespace, settings, zookeeper } = args;
    // Neither the tracker's client nor the wrapper scripts of the release know TLS or a login.
    const { servers, path } = plainServers(zookeeper, "Heron");
    const object = (part: string) => `${component}-${part}`;
    const objects = {
        apiserver: object("apiserver"),
        tracker: object("tracker"),
        ui: object("ui"),
        config: object("config"),
        trackerConfig: object("tracker-config"),
        client: object("client"),
        packages: object("packages"),
        // The first dot ends the name of the ConfigMap in heron.kubernetes.*.pod.template, so it holds none.
        podTemplates: object("pods").replaceAll(".", "-"),
        topology: object("topology"),
    };
    const hosts = {
        apiserver: serviceHost(foundation, objects.apiserver, namespace),
        tracker: serviceHost(foundation, objects.tracker, namespace),
    };
    return {
        component,
        foundation,
        namespace,
        topologyNamespace: args.topologyNamespace,
        settings,
        clusterName: settings.clusterName ?? environmentName(foundation.environment, component),
        image: foundation.images.reference("heron"),
        // DistributedLog and the tracker address every node from the root, so Heron does too.
        zookeeper: { servers, stateRoot: `${path}${settings.stateRoot}`, flow: zookeeper.flow },
        dlog: args.dlog,
        hosts,
        url: `http://${hosts.apiserver}:${apiPort}`,
        trackerUrl: `http://${hosts.tracker}:${trackerPort}`,
        objects,
    };
}

/** Whether something lies in DistributedLog, so that there are bookies. */
export function usesDlog({ uploader, statefulStorage }: CheckedHeronSettings): boolean {
    return uploader.kind === "dlog" || statefulStorage.kind === "dlog";
}

/** The pods of all topologies, seen from another namespace. */
export function topologyPeer({ topologyNamespace }: Pick<Control, "topologyNamespace">): Peer {
    return { namespace: topologyNamespace, podLabels: topologyLabels };
}
