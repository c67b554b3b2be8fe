import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { generatedPassword } from "../foundation/credentials";
import type { Labels } from "../foundation/labels";
import type { MonitorEndpoint } from "../monitoring/monitor";
import type { CheckedClusterSettings } from "./clusterSchema";
import {
    adminRole,
    adminUser,
    indexRole,
    metricsRole,
    metricsUser,
    readinessRole,
    readinessUser,
    securityFiles,
    type SecurityRole,
} from "./security";

/** A user as clients log in. */
export interface ClusterUser {
    readonly username: pulumi.Output<string>;
    readonly password: pulumi.Output<string>;
}

/** The users of a cluster. */
export interface ClusterUsers {
    /** The administrator and the users of the settings; neither the probe's nor Prometheus'. */
    readonly byName: ReadonlyMap<string, ClusterUser>;
    /** Name of the Secret with the files of `securityadmin.sh`. */
    readonly securitySecret: string;
    /** Name of the Secret with the probe's login. */
    readonly readinessSecret: string;
    /** Where Prometheus finds its login; undefined where there is no exporter. */
    readonly metrics: MonitorEndpoint["basicAuth"];
    /** Plain texts that change with users, roles and passwords. */
    readonly hashes: readonly string[];
    /** What registers the Secrets. */
    readonly resources: readonly pulumi.Resource[];
}

/** One login of a user. */
export interface Login {
    /** The user, as the settings name it. */
    readonly user: string;
    readonly rotation: number;
    /** Name to log in with. */
    readonly name: string;
    readonly role: SecurityRole;
}

/**
 * The logins of a cluster, each user's present one before its former one. A rotation gives a user of the settings a new
 * name and password, and leaves the former valid until the next: its systems change over while both work.
 */
export function logins({
    users,
    security,
    exporter,
}: Pick<CheckedClusterSettings, "users" | "security" | "exporter">): readonly Login[] {
    return [
        { user: adminUser, rotation: security.admin.rotation, name: adminUser, role: adminRole },
        // The probe's password changes with what restarts the nodes anyhow: only a node that starts logs in with it.
        {
            user: readinessUser,
            rotation: security.certificates.rotation,
            name: readinessUser,
            role: readinessRole,
        },
        // Not with the certificates: a password that is known must not wait for every node to restart. For the time that
        // the setup Task takes Prometheus reads nothing.
        ...(exporter
            ? [{ user: metricsUser, rotation: security.admin.rotation, name: metricsUser, role: metricsRole }]
            : []),
        ...Object.entries(users).flatMap(([user, { indexPatterns, rotation: present }]) =>
            [present, present - 1]
                .filter((rotation) => rotation >= 0)
                .map((rotation) => ({
                    user,
                    rotation,
                    name: rotation === 0 ? user : `${user}_${rotation}`,
                    role: indexRole(indexPatterns),
                })),
        ),
    ];
}

/** The passwords of a cluster's users, and their Secrets. */
export function clusterUsers(
    name: string,
    settings: CheckedClusterSettings,
    where: { readonly namespace: string; readonly labels: Labels },
    opts: pulumi.CustomResourceOptions,
): ClusterUsers {
    const all = logins(settings).map((login) => ({
        ...login,
        ...generatedPassword(`${name}-${login.user}-password-${login.rotation}`, { rotation: login.rotation }, opts),
    }));
    const present = all.filter(({ user }, index) => all.findIndex((each) => each.user === user) === index);
    const people = present.filter(({ user }) => user !== readinessUser);
    const files = Object.entries(securityFiles(all));
    const loginSecret = (user: string) => `${name}-login-${user}`;
    const secret = (part: string, stringData: Record<string, pulumi.Input<string>>) =>
        new k8s.core.v1.Secret(
            `${name}-${part}`,
            {
                metadata: { name: `${name}-${part}`, namespace: where.namespace, labels: where.labels },
                stringData,
            },
            opts,
        );
    return {
        byName: new Map(
            people
                .filter(({ user }) => user !== metricsUser)
                .map(({ user, name: username, password }) => [user, { username: pulumi.output(username), password }]),
        ),
        securitySecret: `${name}-security`,
        readinessSecret: `${name}-readiness`,
        metrics: settings.exporter
            ? {
                  username: { secretName: loginSecret(metricsUser), key: "username" },
                  password: { secretName: loginSecret(metricsUser), key: "password" },
              }
            : undefined,
        hashes: [...files.map(([, file]) => file.hash), ...present.map(({ user, rotation }) => `${user} ${rotation}`)],
        resources: [
            secret("security", Object.fromEntries(files.map(([file, { text }]) => [file, text]))),
            // A file of curl options, so that the password is on no command line.
            ...present
                .filter(({ user }) => user === readinessUser)
                .map(({ name: username, password }) =>
                    secret("readiness", { login: pulumi.interpolate`user = "${username}:${password}"\n` }),
                ),
            // For people, kubectl get secret; and for Prometheus.
            ...people.map(({ user, name: username, password }) => secret(`login-${user}`, { username, password })),
        ],
    };
}
