import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../../bin/plan/plan";
import { ZooKeeper, type ZooKeeperArgs } from "../../components/zookeeper/zookeeper";
import { foundation } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, listAt, planOf } from "../support/plans";

type Settings = NonNullable<ZooKeeperArgs["settings"]>;

const planned = async (settings: Settings) => {
    let ensemble: ZooKeeper | undefined;
    const plan = await planOf(() => {
        const clients = [{ namespace: "team" }];
        ensemble = new ZooKeeper("zk", { foundation: foundation(), namespace: "stores", settings, clients });
    });
    assertSound(plan);
    assert.ok(ensemble !== undefined);
    return { plan, ensemble, set: find(plan, "StatefulSet").inputs };
};

const pod = "spec.template.spec";
const container = `${pod}.containers[name=zookeeper]`;
const sources = `${pod}.volumes[name=secrets].projected.sources`;
const hashOf = (set: unknown) => at(set, 'spec.template.metadata.annotations["data-platform/config-hash"]');
const names = (plan: Plan, kind: string) => all(plan, kind).map(({ name }) => name);
const members = [1, 2, 3].map((index) => `zk-${index}.zk-members.stores.svc.cluster.local`);
const hosts = (port: number) => members.map((member) => `${member}:${port}`).join(",");

/** The Secrets that members mount: `<secret>.<key> <file>`. */
const mounted = (set: unknown): string[] =>
    listAt(set, sources).flatMap((source) =>
        listAt(source, "secret.items").map((item) =>
            [`${String(at(source, "secret.name"))}.${String(at(item, "key"))}`, String(at(item, "path"))].join(" "),
        ),
    );

describe("ZooKeeper with TLS", () => {
    for (const [client, ports, connectionString] of [
        ["off", { client: 2181 }, hosts(2181)],
        ["optional", { client: 2181, "secure-client": 2281 }, hosts(2181)],
        ["required", { "secure-client": 2281 }, hosts(2281)],
    ] as const) {
        it(`that is ${client} for clients opens ${Object.values(ports).join(" and ")} to them`, async () => {
            const { plan, ensemble, set } = await planned({ tls: { client, quorum: "preferred" } });
            const service = (name: string) =>
                listAt(find(plan, "Service", `zk-ensemble-${name}`).inputs, "spec.ports").map((port) => [
                    at(port, "name"),
                    at(port, "port"),
                ]);
            assert.deepEqual(service("service"), Object.entries(ports));
            assert.deepEqual(service("headless").slice(0, -2), Object.entries(ports));
            assert.deepEqual(
                listAt(set, `${container}.ports`).map((port) => [at(port, "name"), at(port, "containerPort")]),
                [...Object.entries(ports), ["server", 2888], ["election", 3888], ["metrics", 7000]],
            );
            const allowed = Object.values(ports).map((port) => ({ protocol: "TCP", port }));
            assert.deepEqual(at(find(plan, "NetworkPolicy").inputs, "spec.ingress[0].ports"), allowed);
            assert.deepEqual(ensemble.flow.ports, allowed);
            assert.equal(ensemble.connectionString, connectionString);
            assert.equal(ensemble.tls?.connectionString, client === "off" ? undefined : hosts(2281));
            assert.equal(ensemble.tls?.required, client === "off" ? undefined : client === "required");
            assert.equal(pulumi.Output.isInstance(ensemble.tls?.caCertificate), client !== "off");
        });
    }

    it("names each member for the quorum, and the Service too for clients, each by its own authority", async () => {
        const { plan, set } = await planned({ tls: { client: "required", quorum: "required" } });
        const request = (name: string) => find(plan, "CertRequest", name).inputs;
        assert.deepEqual(at(request("zk-quorum-tls-member-request-0"), "dnsNames"), members);
        assert.deepEqual(at(request("zk-tls-member-request-0"), "dnsNames"), [
            ...members,
            "zk.stores.svc.cluster.local",
        ]);
        const uses = (name: string) => at(find(plan, "LocallySignedCert", name).inputs, "allowedUses");
        assert.deepEqual(uses("zk-quorum-tls-member-certificate-0"), [
            "digital_signature",
            "server_auth",
            "client_auth",
        ]);
        assert.deepEqual(uses("zk-tls-member-certificate-0"), ["digital_signature", "server_auth"]);
        assert.deepEqual(names(plan, "SelfSignedCert"), [
            "zk-quorum-tls-authority-0-certificate",
            "zk-quorum-tls-authority-1-certificate",
            "zk-tls-authority-0-certificate",
            "zk-tls-authority-1-certificate",
        ]);
        assert.deepEqual(mounted(set), [
            "zk-tls.tls.crt client/tls.crt",
            "zk-tls.tls.key client/tls.key",
            "zk-tls.ca.crt client/ca.crt",
            "zk-quorum-tls.tls.crt quorum/tls.crt",
            "zk-quorum-tls.tls.key quorum/tls.key",
            "zk-quorum-tls.ca.crt quorum/ca.crt",
        ]);
        assert.deepEqual(names(plan, "Secret"), ["zk-client-tls", "zk-quorum-tls", "zk-tls"]);
    });

    it("registers no more than what is used", async () => {
        const quorum = await planned({ tls: { quorum: "accepted" } });
        assert.deepEqual(names(quorum.plan, "Secret"), ["zk-quorum-tls"]);
        assert.equal(quorum.ensemble.tls, undefined);
        const client = await planned({ tls: { client: "optional" } });
        assert.deepEqual(names(client.plan, "Secret"), ["zk-client-tls", "zk-tls"]);
        const none = await planned({});
        assert.deepEqual(names(none.plan, "Secret"), []);
        assert.equal(at(none.set, `${pod}.initContainers`), undefined);
    });

    it("has a certificate for clients where they are asked for one", async () => {
        for (const clientCertificates of ["none", "want", "need"] as const) {
            const { plan, ensemble } = await planned({ tls: { client: "required", clientCertificates } });
            const asked = clientCertificates !== "none";
            assert.equal(names(plan, "CertRequest").includes("zk-tls-client-request-0"), asked);
            assert.equal(ensemble.tls?.clientCertificate !== undefined, asked);
        }
    });

    it("takes existing certificates, by the names that their Secret has", async () => {
        const pem = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n";
        const { plan, ensemble, set } = await planned({
            tls: {
                client: "required",
                clientCertificates: "need",
                quorum: "required",
                certificates: { kind: "existing", secretName: "issued", privateKeyKey: "key.pem" },
                caCertificate: pem,
            },
        });
        assert.deepEqual(names(plan, "Secret"), []);
        assert.deepEqual(names(plan, "PrivateKey"), []);
        assert.deepEqual(mounted(set), [
            "issued.tls.crt client/tls.crt",
            "issued.key.pem client/tls.key",
            "issued.ca.crt client/ca.crt",
            "issued.tls.crt quorum/tls.crt",
            "issued.key.pem quorum/tls.key",
            "issued.ca.crt quorum/ca.crt",
        ]);
        assert.deepEqual(ensemble.tls, {
            connectionString: hosts(2281),
            required: true,
            caCertificate: pem,
            rotation: 0,
        });
    });

    it("rolls its members by a rotation, and trusts the authorities before and after", async () => {
        const at1 = await planned({ tls: { quorum: "required", certificates: { kind: "generated", rotation: 1 } } });
        const at2 = await planned({ tls: { quorum: "required", certificates: { kind: "generated", rotation: 2 } } });
        assert.notEqual(hashOf(at1.set), hashOf(at2.set));
        const trusted = (plan: Plan) => names(plan, "SelfSignedCert").map((name) => /\d/.exec(name)?.[0]);
        assert.deepEqual(
            [trusted(at1.plan), trusted(at2.plan)],
            [
                ["0", "1", "2"],
                ["1", "2", "3"],
            ],
        );
        assert.deepEqual(names(at2.plan, "LocallySignedCert"), ["zk-quorum-tls-member-certificate-2"]);
        const existing = (rotation: number) =>
            planned({ tls: { client: "optional", certificates: { kind: "existing", secretName: "x", rotation } } });
        const [one, two] = [await existing(1), await existing(2)];
        assert.notEqual(hashOf(one.set), hashOf(two.set));
        assert.equal(two.ensemble.tls?.rotation, 2);
    });

    it("registers the step of its quorum for a guard, and nothing else", async () => {
        const { plan } = await planned({ tls: { client: "required", quorum: "preferred" }, authentication: {} });
        const inputs = find(plan, "ZooKeeper").inputs;
        assert.deepEqual(Object.keys(inputs).sort(), [
            "image",
            "logStorage",
            "members",
            "quorumTls",
            "storage",
            "storageClass",
        ]);
        assert.equal(inputs["quorumTls"], "preferred");
    });
});

describe("ZooKeeper with logins", () => {
    it("has one for the super user and one for each client, in Secrets of their own", async () => {
        const { plan, ensemble, set } = await planned({
            authentication: {
                superUser: { kind: "generated", username: "root" },
                users: {
                    heron: { kind: "generated", username: "heron", rotation: 3 },
                    jobs: { kind: "existing", secretName: "jobs", usernameKey: "name" },
                },
            },
        });
        assert.deepEqual(names(plan, "Secret"), ["zk-super-login", "zk-user-heron-login"]);
        assert.deepEqual(find(plan, "Secret", "zk-user-heron-login").secretPaths, [
            "stringData.password",
            "stringData.username",
        ]);
        assert.deepEqual(mounted(set), [
            "zk-super-login.username super/username",
            "zk-super-login.password super/password",
            "zk-user-heron-login.username user-heron/username",
            "zk-user-heron-login.password user-heron/password",
            "jobs.name user-jobs/username",
            "jobs.password user-jobs/password",
        ]);
        assert.deepEqual(Object.keys(ensemble.authentication?.logins ?? {}), ["heron"]);
        const { username, rotation } = ensemble.authentication?.logins["heron"] ?? {};
        assert.deepEqual([username, rotation, ensemble.authentication?.required], ["heron", 3, true]);
        assert.equal(await pulumi.isSecret(pulumi.output(ensemble.authentication?.logins["heron"]?.password)), true);
    });

    it("tells the server by name who the super user is, from its Secret", async () => {
        const { set } = await planned({
            authentication: { superUser: { kind: "existing", secretName: "admin", usernameKey: "name" } },
        });
        assert.deepEqual(at(set, `${container}.env[name=SUPER_USER].valueFrom`), {
            secretKeyRef: { name: "admin", key: "name" },
        });
        assert.match(
            String(at(set, `${container}.env[name=SERVER_JVMFLAGS].value`)),
            / -Djava\.security\.auth\.login\.config=\/security\/jaas\.conf -Dzookeeper\.superUser=\$\(SUPER_USER\)$/,
        );
        const variables = listAt(set, `${container}.env`).map((each) => String(at(each, "name")));
        assert.ok(variables.indexOf("SUPER_USER") < variables.indexOf("SERVER_JVMFLAGS"), "it is expanded there");
    });

    it("may be open to clients without one", async () => {
        const { ensemble } = await planned({ authentication: { required: false } });
        assert.equal(ensemble.authentication?.required, false);
        assert.equal((await planned({})).ensemble.authentication, undefined);
    });

    it("rolls its members by the rotation of any login, and by a new name of one", async () => {
        const user = (username: string, rotation: number): Settings => ({
            authentication: { users: { heron: { kind: "generated", username, rotation } } },
        });
        const jobs = (rotation: number): Settings => ({
            authentication: { users: { jobs: { kind: "existing", secretName: "jobs", rotation } } },
        });
        const root = (rotation: number): Settings => ({
            authentication: { superUser: { kind: "generated", rotation } },
        });
        const given = [user("heron", 0), user("heron", 1), user("storm", 0), jobs(0), jobs(1), root(0), root(1)];
        const hashes = await Promise.all(given.map(async (settings) => hashOf((await planned(settings)).set)));
        assert.equal(new Set(hashes).size, given.length);
        const { plan } = await planned(user("heron", 7));
        assert.deepEqual(at(find(plan, "RandomPassword", "zk-user-heron-login-password").inputs, "keepers"), {
            rotation: "7",
        });
    });
});

describe("the secrets of an ensemble", () => {
    const everything: Settings = {
        tls: { client: "required", clientCertificates: "need", quorum: "required" },
        authentication: { users: { heron: { kind: "generated", username: "heron" } } },
    };

    it("are in Secrets alone, and there before the pods", async () => {
        const { plan } = await planned(everything);
        const holding = plan.resources.filter(({ secretPaths }) => secretPaths.length > 0).map(({ type }) => type);
        const allowed = /^(kubernetes:core\/v1:Secret|tls:index\/\w+:\w+)$/;
        assert.deepEqual(
            holding.filter((type) => !allowed.test(type)),
            [],
        );
        const { dependencies } = find(plan, "WorkerSet");
        for (const name of ["zk-tls", "zk-quorum-tls", "zk-super-login", "zk-user-heron-login"]) {
            assert.ok(dependencies.includes(find(plan, "Secret", name).urn), name);
        }
    });

    it("become files in memory, which the server can only read, and it sees nothing else of them", async () => {
        const { set } = await planned(everything);
        assert.deepEqual(at(set, `${pod}.volumes[name=security].emptyDir`), { medium: "Memory", sizeLimit: "1Mi" });
        assert.equal(at(set, `${pod}.volumes[name=secrets].projected.defaultMode`), 0o440);
        assert.equal(at(set, `${container}.volumeMounts[name=security].readOnly`), true);
        assert.equal(at(set, `${container}.volumeMounts[name=secrets]`), undefined);
        const init = `${pod}.initContainers[name=security]`;
        assert.equal(at(set, `${init}.volumeMounts[name=secrets].readOnly`), true);
        // The larger of the two is what the pod asks for, so that demand() need not know of the init container.
        assert.deepEqual(at(set, `${init}.resources`), at(set, `${container}.resources`));
        assert.equal(at(set, `${init}.image`), at(set, `${container}.image`));
    });
});
