import * as assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import { all, at, find } from "../support/plans";
import { type Overrides, type Settings, dataOf, existing, hashOf, planned, pod, setting, yml } from "./support/cluster";

describe("the configuration of a cluster's nodes", () => {
    for (const [what, overrides, key, expected] of [
        ["a name of environment and component", {}, "cluster.name", "dev-search"],
        ["clusterName", { settings: { clusterName: "prod" } }, "cluster.name", "prod"],
        ["memoryMap", { settings: { memoryMap: true } }, "node.store.allow_mmap", true],
        ["no memoryMap by default", {}, "node.store.allow_mmap", false],
        ["TLS for clients", {}, "plugins.security.ssl.http.enabled", true],
        ["a question for a client's certificate", {}, "plugins.security.ssl.http.clientauth_mode", "OPTIONAL"],
        [
            "no comparison of names between nodes",
            {},
            "plugins.security.ssl.transport.enforce_hostname_verification",
            false,
        ],
        [
            "certificates that are renewed without a restart",
            {},
            "plugins.security.ssl.certificates_hot_reload.enabled",
            true,
        ],
        ["no well-known passwords", {}, "plugins.security.allow_default_init_securityindex", false],
        ["who is a node", {}, "plugins.security.nodes_dn", ["CN=search-node"]],
        ["who is administrator", {}, "plugins.security.authcz.admin_dn", ["CN=search-admin"]],
        [
            "who is a node, as given",
            { settings: { security: existing } },
            "plugins.security.nodes_dn",
            ["CN=os-*,O=acme"],
        ],
        [
            "who is administrator, as given",
            { settings: { security: existing } },
            "plugins.security.authcz.admin_dn",
            ["CN=root,O=acme"],
        ],
    ] as const) {
        it(`has ${what}`, async () => assert.deepEqual(setting((await planned(overrides)).plan, key), expected));
    }

    it("begins no cluster by itself: only the start script does", async () => {
        assert.equal(
            Object.keys(yml((await planned()).plan) as object).some((key) => key.includes("initial")),
            false,
        );
    });

    it("has the same certificate on both ports, where the pod mounts it", async () => {
        const { plan } = await planned();
        for (const layer of ["http", "transport"]) {
            for (const [key, file] of [
                ["pemcert", "tls.crt"],
                ["pemkey", "tls.key"],
                ["pemtrustedcas", "ca.crt"],
            ] as const) {
                const path = setting(plan, `plugins.security.ssl.${layer}.${key}_filepath`);
                assert.equal(path, `certificates/${file}`);
            }
        }
    });

    it("names in the certificate what clients, probes and the Task call the nodes", async () => {
        const request = find((await planned()).plan, "CertRequest", "search-node-request-0").inputs;
        assert.deepEqual(at(request, "dnsNames"), [
            "localhost",
            "search.stores.svc.cluster.local",
            "search-nodes.stores.svc.cluster.local",
        ]);
        assert.equal(at(request, "subject.commonName"), "search-node");
    });

    it("takes certificates that exist, by their own keys", async () => {
        const { plan } = await planned({ settings: { security: existing } });
        assert.deepEqual(all(plan, "LocallySignedCert"), []);
        const items = [
            { key: "node.crt", path: "tls.crt" },
            { key: "tls.key", path: "tls.key" },
            { key: "ca.crt", path: "ca.crt" },
        ];
        assert.deepEqual(at(find(plan, "StatefulSet").inputs, `${pod}.volumes[name=certificates].secret`), {
            secretName: "node-tls",
            items,
        });
        assert.deepEqual(at(find(plan, "Job").inputs, `${pod}.volumes[name=admin].secret`), {
            secretName: "admin-tls",
            items,
        });
    });
});

describe("the users of a cluster", () => {
    const users = { teraslice: { indexPatterns: ["prod__*"] } };

    it("are those of the systems and of the settings, each with a Secret for people", async () => {
        const { plan } = await planned({ users, settings: { users: { reports: { indexPatterns: ["prod__ex"] } } } });
        const secrets = all(plan, "Secret").map(({ name }) => name);
        for (const user of ["admin", "teraslice", "reports"]) {
            assert.ok(secrets.includes(`search-login-${user}`), user);
        }
    });

    it("connect with TLS and their own login", async () => {
        const { plan, cluster } = await planned({ users }, (made) => {
            const { credentials: login, caCertificate } = made.connectionFor("teraslice");
            assert.ok(login !== undefined && caCertificate !== undefined);
            const stringData = { ...login, caCertificate };
            new k8s.core.v1.Secret("search-copy", { stringData }, { parent: made });
        });
        const { nodes, flow, singleNode } = cluster.connectionFor("teraslice");
        assert.deepEqual(nodes, ["https://search.stores.svc.cluster.local:9200"]);
        assert.deepEqual([flow, singleNode], [cluster.flow, false]);
        const copy = find(plan, "Secret", "search-copy");
        const passwordOf = (user: string) => find(plan, "RandomPassword", `search-${user}-password-0`).urn;
        assert.ok(copy.dependencies.includes(passwordOf("teraslice")));
        assert.ok(!copy.dependencies.includes(passwordOf("admin")));
        assert.ok(copy.dependencies.some((urn) => urn.endsWith("search-authority-0-certificate")));
        assert.throws(() => cluster.connectionFor("nobody"), /no user "nobody" but admin, teraslice/);
    });

    it("connect with the authority that is given for certificates that exist, or with none", async () => {
        const caCertificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        const security = { ...existing, existing: { ...existing.existing, caCertificate } } as typeof existing;
        assert.equal(
            (await planned({ settings: { security } })).cluster.connectionFor("admin").caCertificate,
            caCertificate,
        );
        const { cluster } = await planned({ settings: { security: existing } });
        assert.equal("caCertificate" in cluster.connectionFor("admin"), false);
    });

    it("can't be a system's and the settings' at once", async () => {
        await assert.rejects(planned({ users, settings: { users } }), /"teraslice" belongs to a system of the stack/);
    });

    it("keep passwords, and their hashes, out of everything but Secrets", async () => {
        const { plan } = await planned({ users });
        for (const { name, type, secretPaths } of plan.resources) {
            const kind = type.split(":").at(-1) ?? "";
            const allowed = ["Secret", "PrivateKey", "CertRequest", "LocallySignedCert", "SelfSignedCert"];
            assert.ok(secretPaths.length === 0 || allowed.includes(kind), `${name}: ${secretPaths.join(", ")}`);
        }
    });

    it("have a former password beside the present one, so that a rotation interrupts nobody", async () => {
        const rotated = { users: { teraslice: { indexPatterns: ["prod__*"], rotation: 2 } } };
        const { plan } = await planned(rotated);
        const names = all(plan, "RandomPassword").map(({ name }) => name);
        assert.deepEqual(
            names.filter((name) => name.includes("teraslice")),
            ["search-teraslice-password-1", "search-teraslice-password-2"],
        );
        const usernames: string[] = [];
        await planned(rotated, (made) => {
            made.connectionFor("teraslice").credentials?.username.apply((each) => usernames.push(each));
        });
        assert.deepEqual(usernames, ["teraslice_2"]);
    });

    const hashes = async (overrides: Overrides) => {
        const { plan } = await planned(overrides);
        return [hashOf(plan, "StatefulSet"), hashOf(plan, "Job")];
    };
    const changes: readonly (readonly [string, Overrides, boolean, boolean])[] = [
        ["a user's password", { users: { teraslice: { indexPatterns: ["prod__*"], rotation: 1 } } }, false, true],
        ["the administrator's password", { users, settings: { security: { admin: { rotation: 1 } } } }, false, true],
        ["a user's indices", { users: { teraslice: { indexPatterns: ["test__*"] } } }, false, true],
        [
            "the certificates",
            { users, settings: { security: { certificates: { kind: "generated", rotation: 1 } } } },
            true,
            true,
        ],
        ["the probe", { users, settings: { yellowAfter: "5m" } }, false, false],
        ["the size", { users, settings: { data: { nodes: 5 } } }, false, false],
        ["the configuration", { users, settings: { memoryMap: true } }, true, false],
    ];
    for (const [what, changed, nodesRoll, taskRuns] of changes) {
        const who = [nodesRoll ? "rolls the nodes" : "rolls no node", taskRuns ? "repeats the Task" : "no Task"];
        it(`a change of ${what} ${who.join(", ")}`, async () => {
            const [before, now] = [await hashes({ users }), await hashes(changed)];
            assert.deepEqual([now[0] !== before[0], now[1] !== before[1]], [nodesRoll, taskRuns]);
        });
    }

    it("shows yellowAfter in the probe", async () => {
        const probe = async (settings: Settings) =>
            String(dataOf((await planned({ settings })).plan, "ConfigMap", "search-scripts")["readiness.sh"]);
        assert.match(await probe({ yellowAfter: "5m" }), /-ge 300 \]/);
        assert.doesNotMatch(await probe({}), /yellow/);
    });
});
