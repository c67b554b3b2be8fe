import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { adminRole, indexRole, metricsRole, readinessRole, securityFiles } from "../../components/opensearch/security";
import { at } from "../support/plans";

const user = (name: string, role = adminRole, hash = "$2a$10$abc") => ({
    name,
    bcryptHash: pulumi.secret(hash),
    role,
});
const users = [
    user("admin"),
    user("readiness", readinessRole),
    user("metrics", metricsRole),
    user("teraslice", indexRole(["prod__*"])),
];
const textOf = async (file: string, given = users): Promise<unknown> => {
    const text = pulumi.output(securityFiles(given)[file]?.text ?? "");
    return parse(await new Promise<string>((resolve) => text.apply(resolve))) as unknown;
};

describe("the files of the security index", () => {
    it("are all that securityadmin.sh asks for, each with its type", async () => {
        const types = {
            "config.yml": "config",
            "internal_users.yml": "internalusers",
            "roles.yml": "roles",
            "roles_mapping.yml": "rolesmapping",
            "action_groups.yml": "actiongroups",
            "tenants.yml": "tenants",
        };
        assert.deepEqual(Object.keys(securityFiles(users)), Object.keys(types));
        for (const [file, type] of Object.entries(types)) {
            assert.deepEqual(at(await textOf(file), "_meta"), { type, config_version: 2 });
        }
    });

    it("hold hashes of passwords, and keep even those secret and out of what rolls pods", async () => {
        const file = securityFiles(users)["internal_users.yml"];
        assert.ok(file !== undefined);
        assert.equal(file.secret, true);
        assert.equal(at(await textOf("internal_users.yml"), "admin.hash"), "$2a$10$abc");
        const other = securityFiles(users.map(({ name, role }) => user(name, role, "$2a$10$xyz")));
        assert.equal(other["internal_users.yml"]?.hash, file.hash);
        assert.notEqual(securityFiles(users.slice(1))["internal_users.yml"]?.hash, file.hash);
    });

    it("let nobody in without a password", async () => {
        const dynamic = at(await textOf("config.yml"), "config.dynamic");
        assert.equal(at(dynamic, "http.anonymous_auth_enabled"), false);
        assert.deepEqual(Object.keys(at(dynamic, "authc") as object), ["basic_internal_auth_domain"]);
    });

    it("give each user a role of its own, and nobody another", async () => {
        const mapping = (await textOf("roles_mapping.yml")) as Record<string, unknown>;
        const { _meta, ...roles } = mapping;
        assert.deepEqual(roles, {
            admin: { users: ["admin"] },
            readiness: { users: ["readiness"] },
            metrics: { users: ["metrics"] },
            teraslice: { users: ["teraslice"] },
        });
    });

    it("let the administrator do everything, and the probe ask for the health only", async () => {
        const roles = await textOf("roles.yml");
        assert.deepEqual(at(roles, "admin"), {
            cluster_permissions: ["*"],
            index_permissions: [{ index_patterns: ["*"], allowed_actions: ["*"] }],
        });
        assert.deepEqual(at(roles, "readiness"), {
            cluster_permissions: ["cluster:monitor/health"],
            index_permissions: [],
        });
    });

    it("let Prometheus ask for what the exporter gathers, and read no document", async () => {
        assert.deepEqual(at(await textOf("roles.yml"), "metrics"), {
            cluster_permissions: [
                "cluster:monitor/prometheus/metrics",
                "cluster:monitor/health",
                "cluster:monitor/nodes/info",
                "cluster:monitor/nodes/stats",
                "cluster:monitor/state",
            ],
            index_permissions: [{ index_patterns: ["*"], allowed_actions: ["indices:monitor/stats"] }],
        });
    });

    it("let a user do everything with its own indices, and read no others", async () => {
        const role = at(await textOf("roles.yml"), "teraslice");
        assert.deepEqual(at(role, "index_permissions"), [
            { index_patterns: ["prod__*"], allowed_actions: ["indices_all"] },
        ]);
        const cluster = at(role, "cluster_permissions") as string[];
        assert.ok(cluster.includes("cluster_monitor") && cluster.includes("indices:admin/template/*"));
        assert.ok(cluster.every((each) => !["*", "cluster_all"].includes(each) && !each.startsWith("cluster:admin")));
    });
});
