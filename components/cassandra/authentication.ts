import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ConfigValue } from "../foundation/configFiles";
import { generatedPassword } from "../foundation/credentials";
import type { Labels } from "../foundation/labels";
import { milliseconds } from "../foundation/values";
import { Task } from "../sets/task";
import { clientParts } from "./encryption";
import { type JobArgs, type JobWork, registerJobParts } from "./job";
import { nativePort } from "./places";
import { superuserPlaces, superuserScript } from "./superuserScript";
import type { AuthenticationSettings, ClientEncryptionSettings, PasswordSettings } from "./surroundingsSchema";

/** Who clients are, for cassandra.yaml. */
export function authenticationOptions(settings: AuthenticationSettings): Record<string, ConfigValue> {
    if (settings.kind === "none") {
        return { authenticator: "AllowAllAuthenticator", authorizer: "AllowAllAuthorizer" };
    }
    const validity = `${milliseconds(settings.cacheValidity) / 1000}s`;
    return {
        authenticator: "PasswordAuthenticator",
        authorizer: settings.authorizer ? "CassandraAuthorizer" : "AllowAllAuthorizer",
        role_manager: "CassandraRoleManager",
        roles_validity: validity,
        permissions_validity: validity,
        credentials_validity: validity,
    };
}

/** Copies of system_auth that a datacenter of so many nodes has: a login reads most of them. */
export function systemAuthCopies(settings: PasswordSettings, nodes: number): number {
    return settings.systemAuthReplication ?? Math.min(3, nodes);
}

/** Name of the superuser at a rotation. */
const nameAt = (username: string, rotation: number) => (rotation === 0 ? username : `${username}_${rotation}`);

/** The generated superusers: the present one, the one before, which stays valid, and the one that is dropped. */
export function superusers({ superuser }: PasswordSettings): {
    readonly logins: readonly {
        readonly part: "present" | "former";
        readonly username: string;
        readonly rotation: number;
    }[];
    readonly obsolete: string | undefined;
} {
    if (superuser.kind === "existing") {
        return { logins: [], obsolete: undefined };
    }
    const { username, rotation } = superuser;
    const parts = [
        { part: "present" as const, rotation },
        { part: "former" as const, rotation: rotation - 1 },
    ];
    return {
        logins: parts
            .filter((each) => each.rotation >= 0)
            .map((each) => ({ ...each, username: nameAt(username, each.rotation) })),
        obsolete: rotation >= 2 ? nameAt(username, rotation - 2) : undefined,
    };
}

/** Name of the Secret with a generated superuser: keys `username` and `password`. */
const superuserSecret = (instance: string, part: "present" | "former") =>
    part === "present" ? `${instance}-superuser` : `${instance}-superuser-former`;

/** Where the superuser's login is. */
export interface SuperuserLogin {
    readonly secretName: string;
    readonly usernameKey: string;
    readonly passwordKey: string;
}

/** The Secret with the superuser's login, for people and for systems. */
function superuserLogin(instance: string, { superuser }: PasswordSettings): SuperuserLogin {
    return superuser.kind === "existing"
        ? superuser
        : { secretName: superuserSecret(instance, "present"), usernameKey: "username", passwordKey: "password" };
}

/** Registers the generated superusers, each in a Secret. */
export function registerSuperusers(
    name: string,
    settings: PasswordSettings,
    where: { readonly instance: string; readonly namespace: string; readonly labels: Labels },
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    return superusers(settings).logins.map(({ part, username, rotation }) => {
        // Named by its rotation, so that the present password stays in the state as the former one.
        const { password } = generatedPassword(`${name}-password-${rotation}`, { rotation }, opts);
        const metadata = {
            name: superuserSecret(where.instance, part),
            namespace: where.namespace,
            labels: where.labels,
        };
        return new k8s.core.v1.Secret(`${name}-${part}`, { metadata, stringData: { username, password } }, opts);
    });
}

/** The Job that makes the superuser and the copies of system_auth. */
export function superuserWork(
    instance: string,
    settings: PasswordSettings,
    cluster: {
        readonly datacenter: string;
        readonly nodes: number;
        readonly clientEncryption: ClientEncryptionSettings;
    },
): JobWork {
    const { logins, obsolete } = superusers(settings);
    const present = superuserLogin(instance, settings);
    const secrets = [
        { part: "present", login: present },
        ...logins
            .filter(({ part }) => part === "former")
            .map(({ part }) => ({ part, login: { ...present, secretName: superuserSecret(instance, part) } })),
    ];
    const sources = secrets.map(({ part, login }) => ({
        secret: {
            name: login.secretName,
            items: [
                { key: login.usernameKey, path: `${part}-username` },
                { key: login.passwordKey, path: `${part}-password` },
            ],
        },
    }));
    const client = clientParts(instance, cluster.clientEncryption);
    const { certificates } = cluster.clientEncryption;
    return {
        part: "superuser",
        script: superuserScript(),
        task: {
            port: nativePort,
            datacenter: cluster.datacenter,
            replication: systemAuthCopies(settings, cluster.nodes),
            obsolete: obsolete ?? null,
            tls: client === undefined ? null : { authorities: client.authorities, certificate: client.certificate },
        },
        // An attempt waits for the nodes, for a login and for its own login; then each node has its turn.
        deadlineSeconds: 2 * (3 * superuserPlaces.patience + 120 * cluster.nodes),
        retries: 3,
        cql: true,
        volumes: [{ name: "logins", projected: { sources } }, ...(client?.volumes ?? [])],
        mounts: [{ volume: "logins", path: superuserPlaces.logins, readOnly: true }, ...(client?.mounts ?? [])],
        hashes: [
            `superuser rotation ${settings.superuser.rotation}`,
            ...(client === undefined ? [] : [`clients rotation ${certificates.rotation}`]),
        ],
    };
}

export interface SuperuserArgs extends JobArgs {
    readonly settings: PasswordSettings;
    readonly datacenter: string;
    readonly clientEncryption: ClientEncryptionSettings;
}

/** The superuser that replaces the one whom everybody knows, and the copies of system_auth. */
export class CassandraSuperuser extends pulumi.ComponentResource {
    constructor(name: string, args: SuperuserArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data-platform:cassandra:Superuser", name, {}, opts);
        const { datacenter, clientEncryption, nodes } = args;
        const work = superuserWork(args.instance, args.settings, { datacenter, clientEncryption, nodes: nodes.length });
        const job = registerJobParts(name, args, work, { parent: this });
        new Task(`${name}-task`, job.args, { parent: this, dependsOn: [job.config] });
        this.registerOutputs({});
    }
}
