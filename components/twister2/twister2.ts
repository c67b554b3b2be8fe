import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { DashboardBackend } from "../dashboard/dashboard";
import type { Foundation } from "../foundation/environment";
import { checked, formatPath, SettingsFaults } from "../foundation/faults";
import { GroupAccess } from "../foundation/groupAccess";
import { tcp } from "../foundation/networkPolicy";
import { portOf } from "../foundation/values";
import { externalZooKeeper, servesPlainClients, type ZooKeeperConnection } from "../zookeeper/connection";
import { clusterFaults } from "./checks";
import { clientDirectory } from "./clientConfig";
import { Twister2Dashboard } from "./dashboard";
import { type JobSurroundings, Twister2JobNamespace } from "./jobNamespace";
import { nodeReaderRules } from "./rules";
import { type CheckedTwister2Settings, twister2Settings, type Twister2Settings } from "./schema";

export interface Twister2Args {
    readonly foundation: Foundation;
    /**
     * Namespace of the dashboard.
     *
     * @default none: there must be one for a dashboard of the environment's own
     */
    readonly namespace?: string | undefined;
    /** Names of the job namespaces, by the short names of `settings.jobNamespaces`. */
    readonly jobNamespaces: Readonly<Record<string, string>>;
    /** Twister2's settings, as in a stack file. */
    readonly settings: Twister2Settings;
    /**
     * The environment's own ensemble, where `settings.zookeeper` is `shared`.
     *
     * @default none
     */
    readonly zookeeper?: ZooKeeperConnection | undefined;
}

/**
 * What has to be there before Twister2 jobs run. Nothing of Twister2 itself runs all the time but the dashboard: the
 * submitting client makes the objects of each job, and its job master removes them.
 */
export class Twister2 extends pulumi.ComponentResource {
    /** The dashboard, as a stack exposes it; absent where it is not the environment's own. */
    public readonly ui: DashboardBackend | undefined;
    /** URL of the dashboard for job masters, without a slash at its end; absent where there is none. */
    public readonly dashboardUrl: string | undefined;
    /** Files of the submitting clients by path, `<short name>/conf/kubernetes/<file>`. */
    public readonly clientFiles: Readonly<Record<string, string>>;

    /** @throws SettingsFaults when the settings can't be used, or the cluster's network not for Twister2. */
    constructor(name: string, args: Twister2Args, opts?: pulumi.ComponentResourceOptions) {
        const settings = checked(twister2Settings, name, args.settings);
        const { foundation, namespace } = args;
        if (settings.dashboard.kind === "own" && namespace === undefined) {
            throw new Error(`${name}: there is no namespace for the dashboard`);
        }
        const faults = clusterFaults(foundation.network);
        if (faults.length > 0) {
            throw new SettingsFaults(
                name,
                faults.map((fault) => ({ ...fault, path: formatPath(["cluster", ...fault.path]) })),
            );
        }
        const zookeeper = zookeeperOf(name, settings, args.zookeeper);
        const spaces = Object.entries(settings.jobNamespaces).map(([shortName, given]) => ({
            shortName,
            given,
            namespace: namespaceOf(name, shortName, args.jobNamespaces),
        }));
        super(
            "data-platform:twister2:Twister2",
            name,
            {
                dashboard: settings.dashboard.kind,
                jobNamespaces: Object.fromEntries(spaces.map((each) => [each.shortName, each.namespace])),
            },
            opts,
        );
        const inside = { parent: this };
        const own =
            settings.dashboard.kind === "own" && namespace !== undefined
                ? // Not `-dashboard`: that is what a stack calls the way to it from outside, with objects in the same namespace.
                  new Twister2Dashboard(
                      `${name}-dash`,
                      {
                          foundation,
                          namespace,
                          settings: settings.dashboard,
                          jobNamespaces: spaces.map((each) => each.namespace),
                      },
                      inside,
                  )
                : undefined;
        const dashboard = own ?? externalDashboard(settings);
        registerNodeLocations(name, args, settings, inside);
        const made = spaces.map(
            (each) =>
                [
                    each.shortName,
                    new Twister2JobNamespace(
                        `${name}-${each.shortName}`,
                        {
                            foundation,
                            namespace: each.namespace,
                            settings: each.given,
                            surroundings: { nodeLocations: settings.nodeLocations, dashboard, zookeeper },
                        },
                        inside,
                    ),
                ] as const,
        );
        this.ui = own?.ui;
        this.dashboardUrl = dashboard?.url;
        this.clientFiles = Object.fromEntries(
            made.flatMap(([shortName, { clientConfig }]) =>
                Object.entries(clientConfig).map(([file, text]) => [`${shortName}/${clientDirectory}/${file}`, text]),
            ),
        );
        this.registerOutputs(this.dashboardUrl === undefined ? {} : { dashboardUrl: this.dashboardUrl });
    }
}

function namespaceOf(name: string, shortName: string, namespaces: Twister2Args["jobNamespaces"]): string {
    const namespace = namespaces[shortName];
    if (namespace === undefined) {
        throw new Error(`${name}: there is no namespace for the jobs of "${shortName}"`);
    }
    return namespace;
}

/** Twister2 connects to ZooKeeper without TLS and without a login; whoever demands either can't serve it. */
function zookeeperOf(
    name: string,
    { zookeeper: given }: CheckedTwister2Settings,
    shared: ZooKeeperConnection | undefined,
): ZooKeeperConnection | undefined {
    switch (given.kind) {
        case "none":
            return undefined;
        case "external":
            return externalZooKeeper(given);
        case "shared":
            if (shared === undefined) {
                throw new Error(`${name} uses the environment's ensemble, and there is none`);
            }
            if (!servesPlainClients(shared)) {
                throw new Error(`${name} knows neither TLS nor logins of ZooKeeper, and the ensemble requires them`);
            }
            return shared;
    }
}

function externalDashboard({ dashboard }: CheckedTwister2Settings): JobSurroundings["dashboard"] {
    return dashboard.kind === "external"
        ? { url: dashboard.host, flow: { peers: dashboard.peers, ports: tcp(portOf(dashboard.host)) } }
        : undefined;
}

/** Labels of nodes, and the right of all who submit to read them. */
function registerNodeLocations(
    name: string,
    { foundation }: Twister2Args,
    { nodeLocations, jobNamespaces }: CheckedTwister2Settings,
    opts: pulumi.CustomResourceOptions,
): void {
    if (nodeLocations.kind !== "labels") {
        return;
    }
    for (const { node, rack, datacenter } of nodeLocations.nodes) {
        new k8s.core.v1.NodePatch(
            `${name}-node-${node}`,
            {
                metadata: {
                    name: node,
                    labels: { [nodeLocations.rackKey]: rack, [nodeLocations.datacenterKey]: datacenter },
                },
            },
            opts,
        );
    }
    const groups = [...new Set(Object.values(jobNamespaces).flatMap(({ submitters }) => submitters))];
    if (groups.length > 0) {
        new GroupAccess(
            `${name}-node-readers`,
            {
                foundation,
                identity: { name: "twister2", instance: name, component: "node-readers" },
                objectName: `${name}-node-readers`,
                groups,
                clusterRules: nodeReaderRules,
            },
            opts,
        );
    }
}
