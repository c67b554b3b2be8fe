import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type Flow, tcp } from "../foundation/networkPolicy";
import { secretEntry } from "../foundation/secretReference";
import { portOf } from "../foundation/values";
import type { ExternalOpenSearchSettings } from "./schema";

/** What a system needs to know to use an OpenSearch cluster, whoever runs it. */
export interface OpenSearchConnection {
    /** URLs of the nodes, or of the Service in front of them. */
    readonly nodes: readonly string[];
    /** User to log in as; absent where the security plugin is off. */
    readonly credentials?: { readonly username: pulumi.Output<string>; readonly password: pulumi.Output<string> };
    /** PEM certificates of the authorities that sign the nodes' certificates; absent for publicly trusted ones. */
    readonly caCertificate?: string | pulumi.Output<string>;
    /**
     * Counter of those authorities: clients read them anew when it changes, since each is trusted for two rotations only.
     *
     * @default 0
     */
    readonly rotation?: number;
    /** The way there, for the network policies of its clients. */
    readonly flow: Flow;
    /** Whether there is a single node, on which replicas of an index can never be assigned. */
    readonly singleNode: boolean;
}

/**
 * The connection to a cluster that somebody else runs. Its Secret is read by the engine at preview and up; the values
 * stay Pulumi secrets.
 */
export function externalOpenSearch(
    name: string,
    settings: ExternalOpenSearchSettings,
    opts: pulumi.CustomResourceOptions,
): OpenSearchConnection {
    const ports = [...new Set(settings.nodes.map(portOf))];
    return {
        nodes: settings.nodes,
        ...(settings.credentials && { credentials: readCredentials(name, settings.credentials, opts) }),
        ...(settings.caCertificate !== undefined && { caCertificate: settings.caCertificate }),
        flow: { peers: settings.peers, ports: tcp(...ports) },
        singleNode: false,
    };
}

function readCredentials(
    name: string,
    from: NonNullable<ExternalOpenSearchSettings["credentials"]>,
    opts: pulumi.CustomResourceOptions,
): NonNullable<OpenSearchConnection["credentials"]> {
    const id = `${from.namespace}/${from.secretName}`;
    const secret = k8s.core.v1.Secret.get(`${name}-credentials`, id, opts);
    const entry = (key: string) => secretEntry(secret, id, key);
    return { username: entry(from.usernameKey), password: entry(from.passwordKey) };
}
