import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { Cassandra } from "../../components/cassandra/cassandra";
import { cassandraSettings, type CassandraSettings } from "../../components/cassandra/schema";
import {
    clientEncryptionSettings,
    internodeEncryptionSettings,
    surroundingsFaults,
} from "../../components/cassandra/surroundingsSchema";
import { checked } from "../../components/foundation/faults";
import { foundation } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, listAt, mapAt, planOf } from "../support/plans";

const planned = (settings: CassandraSettings) =>
    planOf(() => new Cassandra("ring", { foundation: foundation(), namespace: "store", settings }));
const sectionOf = async (settings: CassandraSettings, section: string) => {
    const text = String(at(find(await planned(settings), "ConfigMap", "ring-config").inputs, 'data["cassandra.yaml"]'));
    return (parse(text) as Record<string, Record<string, unknown>>)[section];
};
const pem = (folder: string) => ({
    ssl_context_factory: { class_name: "org.apache.cassandra.security.PEMBasedSslContextFactory" },
    keystore: `/certificates/${folder}/node.pem`,
    truststore: `/certificates/${folder}/trusted.pem`,
});
const podOf = async (settings: CassandraSettings) =>
    at(find(await planned(settings), "StatefulSet").inputs, "spec.template");
const hash = 'metadata.annotations["data-platform/config-hash"]';

describe("TLS between nodes", () => {
    const whole = {
        ...pem("internode"),
        legacy_ssl_storage_port_enabled: false,
        require_client_auth: true,
        require_endpoint_verification: false,
    };
    const rendered: readonly (readonly [
        NonNullable<CassandraSettings["internodeEncryption"]>,
        Record<string, unknown>,
    ])[] = [
        [{}, { internode_encryption: "all", optional: false, ...whole }],
        [{ mode: "dc" }, { internode_encryption: "dc", optional: false, ...whole }],
        [{ mode: "rack" }, { internode_encryption: "rack", optional: false, ...whole }],
        [{ optional: true }, { internode_encryption: "all", optional: true, ...whole }],
        // The first step of turning it on: nodes accept TLS that none of them uses yet.
        [
            { mode: "none", optional: true },
            { internode_encryption: "none", optional: true, ...whole },
        ],
        [{ mode: "none" }, { internode_encryption: "none" }],
    ];
    for (const [settings, expected] of rendered) {
        it(`is rendered of ${JSON.stringify(settings)} [cassandra-P43]`, async () => {
            assert.deepEqual(await sectionOf({ internodeEncryption: settings }, "server_encryption_options"), expected);
        });
    }

    it("has an authority of its own, that signs nothing but nodes [cassandra-P44]", async () => {
        const plan = await planned({ clientEncryption: { mode: "required", mutual: true } });
        assertSound(plan);
        const keysOf = (part: string) =>
            all(plan, "LocallySignedCert").filter(({ name }) => name.startsWith(`ring-security-${part}`)).length;
        assert.equal(keysOf("internode"), 1);
        assert.equal(keysOf("client"), 2);
        const authorities = all(plan, "SelfSignedCert").map(({ name }) => name);
        for (const part of ["internode", "clients"]) {
            // Number 0 and the one after it: certificates of the next rotation are trusted already.
            assert.equal(authorities.filter((name) => name.startsWith(`ring-security-${part}-authority`)).length, 2);
        }
        assert.deepEqual(
            all(plan, "Secret")
                .map(({ inputs }) => String(at(inputs, "metadata.name")))
                .sort(),
            ["ring-agent-key", "ring-client-certificate", "ring-client-tls", "ring-internode", "ring-superuser"],
        );
    });

    it("trusts three authorities after the first rotation, and rolls the nodes", async () => {
        const rotated = { internodeEncryption: { certificates: { kind: "generated", rotation: 1 } } } as const;
        const plan = await planned(rotated);
        const names = all(plan, "SelfSignedCert").map(({ name }) => /internode-authority-\d/.exec(name)?.[0]);
        assert.deepEqual(names.sort(), ["internode-authority-0", "internode-authority-1", "internode-authority-2"]);
        assert.notEqual(at(await podOf({}), hash), at(await podOf(rotated), hash));
    });

    it("reads whole folders, which are renewed under a running node [cassandra-P45]", async () => {
        const pod = await podOf({ clientEncryption: { mode: "optional" } });
        const mounts = listAt(pod, "spec.containers[name=cassandra].volumeMounts");
        for (const part of ["internode", "clients"]) {
            const mount = mounts.find((each) => at(each, "name") === `certificates-${part}`);
            assert.deepEqual(mount, {
                name: `certificates-${part}`,
                mountPath: `/certificates/${part}`,
                readOnly: true,
            });
        }
    });

    it("takes key and chain of a Secret that exists, in one text", async () => {
        const certificates = {
            kind: "existing",
            secretName: "own",
            combinedKey: "both.pem",
            authorityKey: "roots",
        } as const;
        const plan = await planned({ internodeEncryption: { certificates } });
        assert.deepEqual(all(plan, "SelfSignedCert"), []);
        assert.deepEqual(
            at(find(plan, "StatefulSet").inputs, "spec.template.spec.volumes[name=certificates-internode].secret"),
            {
                secretName: "own",
                items: [
                    { key: "both.pem", path: "node.pem" },
                    { key: "roots", path: "trusted.pem" },
                ],
            },
        );
    });

    it("is for all connections in production, since the others let in who claims to be near [cassandra-P46]", () => {
        for (const mode of ["none", "dc", "rack"] as const) {
            const settings = checked(cassandraSettings, "ring", {
                internodeEncryption: { mode },
                clientEncryption: { mode: "required" },
            });
            assert.deepEqual(surroundingsFaults(settings, "development"), []);
            assert.deepEqual(
                surroundingsFaults(settings, "production").map(({ path, found }) => [path.join("."), found]),
                [["internodeEncryption.mode", JSON.stringify(mode)]],
            );
        }
        assert.equal(internodeEncryptionSettings.parse({}).mode, "all");
    });
});

describe("TLS between clients and nodes", () => {
    const rendered: readonly (readonly [
        NonNullable<CassandraSettings["clientEncryption"]>,
        Record<string, unknown>,
    ])[] = [
        [{}, { enabled: false }],
        [{ mode: "optional" }, { enabled: true, optional: true, require_client_auth: false, ...pem("clients") }],
        [{ mode: "required" }, { enabled: true, optional: false, require_client_auth: false, ...pem("clients") }],
        [
            { mode: "required", mutual: true },
            { enabled: true, optional: false, require_client_auth: true, ...pem("clients") },
        ],
    ];
    for (const [settings, expected] of rendered) {
        it(`is rendered of ${JSON.stringify(settings)}`, async () => {
            assert.deepEqual(await sectionOf({ clientEncryption: settings }, "client_encryption_options"), expected);
        });
    }

    it("is required in production, where logins would send their password as it is [cassandra-P47]", () => {
        const settings = (mode: "none" | "optional" | "required") =>
            checked(cassandraSettings, "ring", { clientEncryption: { mode } });
        assert.deepEqual(surroundingsFaults(settings("required"), "production"), []);
        for (const mode of ["none", "optional"] as const) {
            assert.deepEqual(
                surroundingsFaults(settings(mode), "production").map(({ path }) => path.join(".")),
                ["clientEncryption.mode"],
            );
        }
    });

    it("names the Services and the pods in its certificate", async () => {
        const plan = await planned({ clientEncryption: { mode: "required" } });
        const names = listAt(find(plan, "CertRequest", "ring-security-clients-node-request-0").inputs, "dnsNames");
        assert.ok(names.includes("ring-client.store.svc.cluster.local"), names.join(" "));
        assert.ok(names.includes("*.ring.store.svc.cluster.local"), names.join(" "));
    });

    it("is what the superuser's Job uses too, with a certificate where it is mutual", async () => {
        const tls = async (settings: CassandraSettings["clientEncryption"]) => {
            const plan = await planned({ ...(settings && { clientEncryption: settings }) });
            const task = JSON.parse(
                String(at(find(plan, "ConfigMap", "ring-superuser").inputs, 'data["task.json"]')),
            ) as unknown;
            const volumes = mapAt(find(plan, "Job").inputs, "spec.template.spec");
            return [at(task, "tls"), at(volumes, "volumes[name=certificates].secret.secretName")];
        };
        const authorities = "/certificates/clients/trusted.pem";
        assert.deepEqual(await tls(undefined), [null, undefined]);
        assert.deepEqual(await tls({ mode: "required" }), [{ authorities, certificate: null }, "ring-client-tls"]);
        assert.deepEqual(await tls({ mode: "required", mutual: true }), [
            { authorities, certificate: "/certificates/clients/node.pem" },
            "ring-client-certificate",
        ]);
        const existing = { kind: "existing", secretName: "own" } as const;
        assert.deepEqual(await tls({ mode: "optional", certificates: existing }), [
            { authorities, certificate: null },
            "own",
        ]);
    });

    it("is refused where mutual would be a dead letter", () => {
        for (const [given, path] of [
            [{ mode: "optional", mutual: true }, "mutual"],
            [
                { mode: "required", mutual: true, certificates: { kind: "existing", secretName: "own" } },
                "certificates.kind",
            ],
        ] as const) {
            const found = clientEncryptionSettings.safeParse(given).error?.issues.map((issue) => issue.path.join("."));
            assert.deepEqual(found, [path]);
        }
    });
});
