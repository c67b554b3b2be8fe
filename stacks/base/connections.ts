import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { secretEntry } from "../../components/foundation/secretReference";
import type { OpenSearchConnection } from "../../components/opensearch/connection";
import type { UploaderConnection } from "../../components/uploader/connection";
import { servesPlainClients, type ZooKeeperConnection } from "../../components/zookeeper/connection";
import type { BasePlatform } from "../platform";

type Part<Name extends keyof BasePlatform> = NonNullable<BasePlatform[Name]>;

/** What a stack tells of its ZooKeeper. */
export function zookeeperContractOf(connection: ZooKeeperConnection): Part<"zookeeper"> {
    const { connectionString, flow } = connection;
    return { connectionString, flow, plainClients: servesPlainClients(connection) };
}

/** What a stack tells of its uploader. A writer's login is its own stack's affair. */
export function uploaderContractOf(connection: UploaderConnection): Part<"uploader"> {
    if (connection.kind === "server") {
        const { kind, url, service, podLabels, directory, flow } = connection;
        return { kind, url, service, podLabels, directory, flow };
    }
    const { kind, bucket, endpoint, region, pathPrefix, flow } = connection;
    return {
        kind,
        bucket,
        ...(endpoint !== undefined && { endpoint }),
        ...(region !== undefined && { region }),
        pathPrefix,
        flow,
    };
}

/** The connection to a base's OpenSearch, with the login of one environment, whose Secret the engine reads. */
export function baseOpenSearch(
    name: string,
    { nodes, flow, dataNodes, logins }: Part<"opensearch">,
    environment: string,
    opts: pulumi.CustomResourceOptions,
): OpenSearchConnection {
    const common = { nodes, flow, singleNode: dataNodes === 1 };
    const login = Object.hasOwn(logins, environment) ? logins[environment] : undefined;
    if (login === undefined) {
        return common;
    }
    const { namespace, secretName, usernameKey, passwordKey, authorityKey, rotation } = login;
    const id = `${namespace}/${secretName}`;
    const secret = k8s.core.v1.Secret.get(`${name}-credentials`, id, opts);
    return {
        ...common,
        credentials: { username: secretEntry(secret, id, usernameKey), password: secretEntry(secret, id, passwordKey) },
        ...(authorityKey !== undefined && { caCertificate: secretEntry(secret, id, authorityKey) }),
        rotation,
    };
}
