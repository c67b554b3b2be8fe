import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ConfigValue } from "../foundation/configFiles";
import { generatedPassword } from "../foundation/credentials";
import type { Foundation } from "../foundation/environment";
import type { Labels } from "../foundation/labels";
import type { Flow } from "../foundation/networkPolicy";
import type { Container, Mount } from "../foundation/pods";
import { authenticationOptions, CassandraSuperuser, registerSuperusers } from "./authentication";
import { clientEncryption, encryptionParts, registerCertificates, serverEncryption } from "./encryption";
import type { JobArgs } from "./job";
import { agentNames, jobFlows, jobParts, nodeAgent } from "./nodeAgent";
import { nodeAgentScript } from "./nodeAgentScript";
import { CassandraRepair } from "./repair";
import { CassandraSnapshots, snapshotOptions } from "./snapshots";
import type { SurroundingsSettings } from "./surroundingsSchema";

/** What the settings of the surroundings make of a node. */
export interface NodeSurroundings {
    /** Keys of cassandra.yaml. No secret. */
    readonly yaml: Readonly<Record<string, ConfigValue>>;
    /** Containers beside the server. */
    readonly containers: readonly Container[];
    readonly volumes: readonly k8s.types.input.core.v1.Volume[];
    /** Mounts of the server's container. */
    readonly mounts: readonly Mount[];
    /** Plain texts whose change rolls the nodes. */
    readonly hashes: readonly string[];
    /** Who may connect to a node, besides what the datacenter itself lists. */
    readonly ingress: readonly Flow[];
}

/** What nodes have for authentication, TLS, repair and snapshots. */
export function nodeSurroundings(
    foundation: Foundation,
    instance: string,
    settings: SurroundingsSettings,
): NodeSurroundings {
    const certificates = encryptionParts(instance, settings);
    const agent = nodeAgent(foundation, instance, settings);
    return {
        yaml: surroundingsOptions(settings),
        containers: agent.containers,
        volumes: [...certificates.volumes, ...agent.volumes],
        mounts: certificates.mounts,
        hashes: [...certificates.hashes, ...agent.hashes],
        ingress: jobFlows(instance, settings),
    };
}

/** The keys of cassandra.yaml for authentication, TLS and snapshots. */
export function surroundingsOptions(settings: SurroundingsSettings): Record<string, ConfigValue> {
    return {
        ...authenticationOptions(settings.authentication),
        ...serverEncryption(settings.internodeEncryption),
        ...clientEncryption(settings.clientEncryption),
        ...snapshotOptions(settings.snapshots),
    };
}

export interface CassandraSecurityArgs {
    readonly foundation: Foundation;
    readonly namespace: string;
    /** The component that the datacenter belongs to. */
    readonly instance: string;
    readonly settings: SurroundingsSettings;
    /** Labels of the objects. */
    readonly labels: Labels;
    /** Names that clients reach the nodes by, for their certificate. */
    readonly dnsNames: readonly string[];
}

/** What must be there before the nodes: certificates, logins, and what their agents need. */
export class CassandraSecurity extends pulumi.ComponentResource {
    /** Authorities that clients trust, PEM; undefined without TLS for clients, and for certificates that exist. */
    public readonly clientAuthorities: pulumi.Output<string> | undefined;

    constructor(name: string, args: CassandraSecurityArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data-platform:cassandra:Security", name, {}, opts);
        const { instance, namespace, labels, settings } = args;
        const inside = { parent: this };
        this.clientAuthorities = registerCertificates(name, settings, args, inside).clientAuthorities;
        if (settings.authentication.kind === "password") {
            registerSuperusers(`${name}-superuser`, settings.authentication, args, inside);
        }
        if (jobParts(settings).length > 0) {
            const names = agentNames(instance);
            const metadata = (objectName: string) => ({ name: objectName, namespace, labels });
            // Whoever renews the nodes' certificates since a node was broken into renews this too. Agents read it anew.
            const { rotation } = settings.internodeEncryption.certificates;
            const { password } = generatedPassword(`${name}-agent-key`, { rotation }, inside);
            new k8s.core.v1.Secret(
                `${name}-agent-secret`,
                { metadata: metadata(names.key), stringData: { key: password } },
                inside,
            );
            new k8s.core.v1.ConfigMap(
                `${name}-agent-script`,
                { metadata: metadata(names.script), data: { "agent.py": nodeAgentScript() } },
                inside,
            );
        }
        this.registerOutputs({});
    }
}

export interface CassandraJobsArgs extends JobArgs {
    readonly settings: SurroundingsSettings;
    readonly datacenter: string;
}

/** What comes after the nodes: the superuser, and the Jobs that come again and again. */
export class CassandraJobs extends pulumi.ComponentResource {
    constructor(name: string, args: CassandraJobsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data-platform:cassandra:Jobs", name, {}, opts);
        const { settings, ...common } = args;
        const { authentication, repair, snapshots } = settings;
        const inside = { parent: this };
        if (authentication.kind === "password") {
            const own = { settings: authentication, clientEncryption: settings.clientEncryption };
            new CassandraSuperuser(`${name}-superuser`, { ...common, ...own }, inside);
        }
        if (repair.enabled) {
            new CassandraRepair(`${name}-repair`, { ...common, settings: repair }, inside);
        }
        if (snapshots.scheduled !== undefined) {
            new CassandraSnapshots(`${name}-snapshots`, { ...common, settings: snapshots.scheduled }, inside);
        }
        this.registerOutputs({});
    }
}
