import type * as pulumi from "@pulumi/pulumi";
import { type ConfigFile, type ConfigValue, yamlFile } from "../foundation/configFiles";

/** The user of the nodes' readiness probes: may ask for the cluster's health, and nothing else. */
export const readinessUser = "readiness";
export const adminUser = "admin";
/** The user that Prometheus reads the exporter plugin as. */
export const metricsUser = "metrics";

/** A user of the security index, with a role of the same name. */
export interface SecurityUser {
    readonly name: string;
    readonly bcryptHash: pulumi.Output<string>;
    readonly role: SecurityRole;
}

/** Permissions: of the cluster, and of the indices of some patterns. */
export interface SecurityRole {
    readonly cluster: readonly string[];
    readonly indexPatterns: readonly string[];
    /** What is allowed on those indices. */
    readonly indexActions: readonly string[];
}

export const adminRole: SecurityRole = { cluster: ["*"], indexPatterns: ["*"], indexActions: ["*"] };
export const readinessRole: SecurityRole = {
    cluster: ["cluster:monitor/health"],
    indexPatterns: [],
    indexActions: [],
};

/**
 * The exporter's own action, and those that it calls in the name of who asks, each to be allowed or none is answered
 * (opensearch-prometheus-exporter 3.1.0.0, TransportNodePrometheusMetricsAction).
 */
export const metricsRole: SecurityRole = {
    cluster: [
        "cluster:monitor/prometheus/metrics",
        "cluster:monitor/health",
        "cluster:monitor/nodes/info",
        "cluster:monitor/nodes/stats",
        "cluster:monitor/state",
    ],
    indexPatterns: ["*"],
    indexActions: ["indices:monitor/stats"],
};

/**
 * Everything with the indices of some patterns. Templates, scrolls and requests on several indices at once are
 * permissions of the cluster (PrivilegesEvaluator.isClusterPerm), so no pattern limits them: bulk requests and scrolls
 * are checked again for each index, templates are not.
 */
export function indexRole(indexPatterns: readonly string[]): SecurityRole {
    return {
        cluster: [
            "cluster_monitor",
            "cluster_composite_ops",
            "indices:data/read/scroll*",
            "indices:admin/template/*",
            "indices:admin/index_template/*",
        ],
        indexPatterns,
        indexActions: ["indices_all"],
    };
}

/** The files of `securityadmin.sh`, all that it asks for. It replaces what the security index holds. */
export function securityFiles(users: readonly SecurityUser[]): Readonly<Record<string, ConfigFile>> {
    const perUser = (of: (user: SecurityUser) => ConfigValue) =>
        Object.fromEntries(users.map((user) => [user.name, of(user)]));
    return {
        "config.yml": securityFile("config", {
            config: {
                dynamic: {
                    http: { anonymous_auth_enabled: false },
                    authc: {
                        basic_internal_auth_domain: {
                            http_enabled: true,
                            transport_enabled: true,
                            order: 0,
                            http_authenticator: { type: "basic", challenge: true },
                            authentication_backend: { type: "intern" },
                        },
                    },
                },
            },
        }),
        "internal_users.yml": securityFile(
            "internalusers",
            perUser(({ bcryptHash }) => ({ hash: bcryptHash })),
        ),
        "roles.yml": securityFile(
            "roles",
            perUser(({ role }) => ({
                cluster_permissions: role.cluster,
                index_permissions:
                    role.indexPatterns.length === 0
                        ? []
                        : [{ index_patterns: role.indexPatterns, allowed_actions: role.indexActions }],
            })),
        ),
        "roles_mapping.yml": securityFile(
            "rolesmapping",
            perUser(({ name }) => ({ users: [name] })),
        ),
        "action_groups.yml": securityFile("actiongroups", {}),
        "tenants.yml": securityFile("tenants", {}),
    };
}

function securityFile(type: string, content: { readonly [key: string]: ConfigValue }): ConfigFile {
    return yamlFile({ _meta: { type, config_version: 2 }, ...content });
}
