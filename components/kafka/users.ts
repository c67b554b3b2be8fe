import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CertificateAuthority, SignedCertificate } from "../foundation/certificates";
import { properties } from "../foundation/configFiles";
import type { Labels } from "../foundation/labels";
import type { KafkaUsers } from "./declaredSchema";
import { certificateFiles } from "./places";

/*
 * A user is the common name of a client certificate that the cluster's authority has signed. The names that may do
 * everything hold a space, which no user of the settings can: nobody becomes one of them by declaring a user.
 */

/** Common name of the brokers' and controllers' certificates. */
export const brokerName = "kafka broker";
/** Common name of the certificate that topics and users are applied with. */
export const adminName = "kafka admin";

/** What brokers call the owner of a certificate. */
export const principal = (commonName: string) => `User:${commonName}`;

/** `super.users`: whom no permission stops. */
export const superUsers = [brokerName, adminName].map(principal).join(";");

/** `ssl.principal.mapping.rules`: certificates here name nothing but a common name. */
export const principalMappingRules = "RULE:^CN=([^,]+)$/$1/,DEFAULT";

/** Files of a user: keys of its Secret. The keystore has key and certificate in one file, as Kafka's clients read it. */
export const userFiles = {
    ...certificateFiles,
    certificate: "tls.crt",
    key: "tls.key",
    properties: "client.properties",
} as const;

/** Properties of a client that shows a certificate, in PEM files. */
export function tlsClientProperties(keystore: string, authorities: string): string {
    return properties({
        "security.protocol": "SSL",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": keystore,
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": authorities,
    });
}

const pemClient = (directory: string) =>
    tlsClientProperties(`${directory}/${userFiles.keystore}`, `${directory}/${userFiles.authorities}`);

/** The administrator's properties; nothing where brokers ask for no certificate. */
export const adminClientProperties = (secure: boolean, directory: string) => (secure ? pemClient(directory) : "");

/** Where a user's Secret is to be mounted, for `client.properties` to find the rest. */
export const userDirectory = "/etc/kafka-user";

/** `client.properties` of a user: no secret, but where they are. */
export function userProperties(bootstrapServers: string): string {
    return `bootstrap.servers=${bootstrapServers}\n${pemClient(userDirectory)}`;
}

/** Name of the Secret of a user, and of the administrator's. */
export const userSecretName = (name: string, user: string) => `${name}-user-${user}`;
export const adminSecretName = (name: string) => `${name}-admin`;

export interface UsersArgs {
    readonly namespace: string;
    readonly labels: Labels;
    /** Signs the certificates; the brokers trust it. */
    readonly authority: CertificateAuthority;
    /** Servers that the clients of this cluster begin with. */
    readonly bootstrapServers: string;
    readonly users: KafkaUsers;
}

/** The certificates of a cluster's clients. */
export interface RegisteredUsers {
    /** What each user needs, for programs that hand it on. */
    readonly certificates: ReadonlyMap<string, SignedCertificate>;
    /** Volume source with the administrator's certificate: `keystore.pem`, `ca.crt`. */
    readonly admin: k8s.types.input.core.v1.SecretVolumeSource;
    /** What registers the Secrets. */
    readonly resources: readonly pulumi.Resource[];
}

/** Registers a Secret for each user and for the administrator, as children of a component called `name`. */
export function registerUsers(name: string, args: UsersArgs, opts: pulumi.CustomResourceOptions): RegisteredUsers {
    const { authority, namespace, labels } = args;
    const secret = (objectName: string, { certificate, key }: SignedCertificate, further: Record<string, string>) =>
        new k8s.core.v1.Secret(
            objectName,
            {
                metadata: { name: objectName, namespace, labels },
                stringData: {
                    [userFiles.certificate]: certificate,
                    [userFiles.key]: pulumi.secret(key),
                    [userFiles.authorities]: authority.trusted,
                    [userFiles.keystore]: pulumi.secret(pulumi.interpolate`${key}${certificate}`),
                    ...further,
                },
            },
            opts,
        );
    const admin = adminSecretName(name);
    const signedAdmin = authority.sign(admin, { commonName: adminName, uses: ["client"] });
    const users = Object.entries(args.users).map(([user, { rotation }]) => {
        const objectName = userSecretName(name, user);
        // The counter is in the resources' names: a new certificate has a new key.
        const signed = authority.sign(`${objectName}-turn-${rotation}`, { commonName: user, uses: ["client"] });
        return { user, objectName, signed };
    });
    return {
        certificates: new Map(users.map(({ user, signed }) => [user, signed])),
        admin: { secretName: admin },
        resources: [
            secret(admin, signedAdmin, {}),
            ...users.map(({ objectName, signed }) =>
                secret(objectName, signed, { [userFiles.properties]: userProperties(args.bootstrapServers) }),
            ),
        ],
    };
}
