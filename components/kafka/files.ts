import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Labels } from "../foundation/labels";
import { seconds } from "../foundation/values";
import { gateScript } from "./gate";
import { jmxRules } from "./jmx";
import type { Layout } from "./layout";
import { log4j2, nodeClientProperties, type Role, serverProperties } from "./properties";
import type { CheckedKafkaSettings } from "./schema";
import { userProperties } from "./users";

/** What clients inside and outside the cluster begin with. */
export function clientFiles(
    {
        bootstrapServers,
        externalServers,
    }: { readonly bootstrapServers: string; readonly externalServers: readonly string[] },
    secure: boolean,
): Readonly<Record<string, string>> {
    const text = (servers: string) =>
        secure ? userProperties(servers) : `bootstrap.servers=${servers}\nsecurity.protocol=PLAINTEXT\n`;
    return {
        "kafka/client.properties": text(bootstrapServers),
        ...(externalServers.length > 0 && { "kafka/external-client.properties": text(externalServers.join(",")) }),
    };
}

/** Names of the ConfigMaps of a cluster. */
export const configNames = {
    server: (name: string) => `${name}-config`,
    clusterId: (name: string) => `${name}-cluster`,
    scripts: (name: string) => `${name}-scripts`,
    client: (name: string) => `${name}-client`,
};

/** Key of the gate of a role. */
export function gateKey(role: Role): string {
    return `gate-${role.replace(",", "-")}.sh`;
}

export interface FilesArgs {
    readonly namespace: string;
    readonly labels: Labels;
    readonly settings: CheckedKafkaSettings;
    readonly layout: Layout;
    readonly clusterId: pulumi.Output<string>;
    /** Texts for clients by relative path. */
    readonly clientFiles: Readonly<Record<string, string>>;
}

/** Files of the nodes that change with them: those that roll the pods. */
export function serverFiles({
    settings,
    layout,
}: Pick<FilesArgs, "settings" | "layout">): Readonly<Record<string, string>> {
    return { "server.properties": serverProperties(settings, layout.voters), "log4j2.yaml": log4j2 };
}

/** Registers the files of nodes and clients, and returns what nodes need before they start. */
export function registerFiles(name: string, args: FilesArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
    const { settings, layout } = args;
    const map = (objectName: string, data: Record<string, pulumi.Input<string>>) =>
        new k8s.core.v1.ConfigMap(
            objectName,
            { metadata: { name: objectName, namespace: args.namespace, labels: args.labels }, data },
            opts,
        );
    const gate = (role: Role) => ({
        [gateKey(role)]: gateScript({
            role,
            timeoutSeconds: seconds(settings.gate.timeout),
            host: role === "controller" ? layout.hosts.controllers : layout.hosts.brokers,
            readyHost: layout.hosts.bootstrap,
        }),
    });
    map(
        configNames.client(name),
        // Keys of a ConfigMap have no slash.
        Object.fromEntries(Object.entries(args.clientFiles).map(([path, text]) => [path.replace(/^.*\//, ""), text])),
    );
    return [
        map(configNames.server(name), { ...serverFiles(args), "jmx-agent.yaml": jmxRules }),
        // By itself, so that the id of a new cluster makes nothing else unknown in a preview.
        map(configNames.clusterId(name), { id: args.clusterId }),
        map(configNames.scripts(name), {
            ...gate(layout.brokerRole),
            ...(layout.controllers > 0 ? gate("controller") : {}),
            "client.properties": nodeClientProperties(settings.tls.mode),
        }),
    ];
}
