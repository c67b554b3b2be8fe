import * as assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { superusers, superuserWork, systemAuthCopies } from "../../components/cassandra/authentication";
import { Cassandra } from "../../components/cassandra/cassandra";
import { cassandraSettings, type CassandraSettings } from "../../components/cassandra/schema";
import { superuserPlaces, superuserScript } from "../../components/cassandra/superuserScript";
import {
    authenticationSettings,
    surroundingsFaults,
    type PasswordSettings,
} from "../../components/cassandra/surroundingsSchema";
import { checked } from "../../components/foundation/faults";
import { foundation } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, listAt, planOf } from "../support/plans";
import { FakeCluster, freshCluster } from "./support/fakeCqlsh";
import { cleanUp, fakeNode, type FakeNode, folder, runJob } from "./support/scripts";

after(cleanUp);

type Authentication = CassandraSettings["authentication"];
const planned = (settings: CassandraSettings) =>
    planOf(() => new Cassandra("ring", { foundation: foundation(), namespace: "store", settings }));
const passwords = (given: Authentication = { kind: "password" }): PasswordSettings => {
    const settings = authenticationSettings.parse(given);
    assert.ok(settings.kind === "password");
    return settings;
};
const rotated = (rotation: number) => passwords({ kind: "password", superuser: { kind: "generated", rotation } });
const yamlOf = async (settings: CassandraSettings) =>
    parse(
        String(at(find(await planned(settings), "ConfigMap", "ring-config").inputs, 'data["cassandra.yaml"]')),
    ) as Record<string, unknown>;
const taskOf = async (settings: CassandraSettings) =>
    JSON.parse(
        String(at(find(await planned(settings), "ConfigMap", "ring-superuser").inputs, 'data["task.json"]')),
    ) as Record<string, unknown>;

describe("authentication", () => {
    const rendered: readonly (readonly [Authentication, string, unknown])[] = [
        [undefined, "authenticator", "PasswordAuthenticator"],
        [undefined, "authorizer", "CassandraAuthorizer"],
        [undefined, "role_manager", "CassandraRoleManager"],
        [undefined, "credentials_validity", "2s"],
        [{ kind: "password", authorizer: false }, "authorizer", "AllowAllAuthorizer"],
        [{ kind: "password", cacheValidity: "1m" }, "credentials_validity", "60s"],
        [{ kind: "password", cacheValidity: "1m" }, "roles_validity", "60s"],
        [{ kind: "password", cacheValidity: "1m" }, "permissions_validity", "60s"],
        [{ kind: "none" }, "authenticator", "AllowAllAuthenticator"],
        [{ kind: "none" }, "authorizer", "AllowAllAuthorizer"],
    ];
    for (const [authentication, key, value] of rendered) {
        it(`makes ${key} ${String(value)} of ${JSON.stringify({ authentication })} [cassandra-P38]`, async () => {
            assert.equal((await yamlOf({ ...(authentication && { authentication }) }))[key], value);
        });
    }

    it("is by passwords unless somebody says otherwise, and never none in production [cassandra-P38]", () => {
        const given = checked(cassandraSettings, "ring", { authentication: { kind: "none" } });
        assert.deepEqual(surroundingsFaults(given, "staging"), []);
        const faults = surroundingsFaults(given, "production");
        assert.deepEqual(
            faults.map(({ path, found }) => [path.join("."), found]),
            [["authentication.kind", JSON.stringify("none")]],
        );
    });

    it("keeps 3 copies of system_auth, or as many as there are nodes; refuses more [cassandra-P39]", async () => {
        assert.equal(systemAuthCopies(passwords(), 1), 1);
        assert.equal(systemAuthCopies(passwords(), 5), 3);
        const two = { racks: { a: { nodes: 2 } } };
        assert.equal((await taskOf(two))["replication"], 2);
        const more = { kind: "password", systemAuthReplication: 5 } as const;
        assert.equal((await taskOf({ racks: { a: { nodes: 6 } }, authentication: more }))["replication"], 5);
        assert.throws(
            () => checked(cassandraSettings, "ring", { ...two, authentication: more }),
            /systemAuthReplication/,
        );
    });

    it("puts no password anywhere but into Secrets [cassandra-P40]", async () => {
        const plan = await planned({
            authentication: { kind: "password", superuser: { kind: "generated", rotation: 1 } },
        });
        assertSound(plan);
        const secrets = all(plan, "Secret").map(({ inputs }) => String(at(inputs, "metadata.name")));
        assert.deepEqual(secrets.filter((each) => each.includes("superuser")).sort(), [
            "ring-superuser",
            "ring-superuser-former",
        ]);
        for (const kind of ["ConfigMap", "Job", "StatefulSet", "CronJob"]) {
            for (const { name, secretPaths } of all(plan, kind)) {
                assert.deepEqual(secretPaths, [], name);
            }
        }
        const container = at(find(plan, "Job").inputs, "spec.template.spec.containers[name=superuser]");
        assert.deepEqual(
            listAt(container, "env").map((each) => at(each, "name")),
            ["PYTHONUNBUFFERED"],
        );
    });

    it("makes a superuser of the next name at a rotation, and keeps the former's password", async () => {
        assert.deepEqual(superusers(rotated(0)), {
            logins: [{ part: "present", username: "admin", rotation: 0 }],
            obsolete: undefined,
        });
        assert.deepEqual(
            superusers(rotated(3)).logins.map(({ username }) => username),
            ["admin_3", "admin_2"],
        );
        assert.equal(superusers(rotated(3)).obsolete, "admin_1");
        const names = async (rotation: number) =>
            all(await planned({ authentication: rotated(rotation) }), "RandomPassword")
                .map(({ name }) => name)
                .filter((name) => name.includes("superuser"));
        const [before, later] = [await names(1), await names(2)];
        assert.ok(
            later.includes(before.at(-1) ?? "") || later.some((each) => before.includes(each)),
            "the former one stays in the state",
        );
    });

    it("reads a login that exists from its Secret", async () => {
        const superuser = { kind: "existing", secretName: "own", usernameKey: "u", passwordKey: "p" } as const;
        const plan = await planned({ authentication: { kind: "password", superuser } });
        const volume = at(find(plan, "Job").inputs, "spec.template.spec.volumes[name=logins]");
        assert.deepEqual(at(volume, "projected.sources[0].secret"), {
            name: "own",
            items: [
                { key: "u", path: "present-username" },
                { key: "p", path: "present-password" },
            ],
        });
        assert.deepEqual(
            all(plan, "Secret").filter(({ name }) => name.includes("superuser")),
            [],
        );
    });

    it("runs its Job again at a rotation, and restarts no node", async () => {
        const hash = 'spec.template.metadata.annotations["data-platform/config-hash"]';
        const [zero, one] = [await planned({}), await planned({ authentication: rotated(1) })];
        assert.notEqual(at(find(zero, "Job").inputs, hash), at(find(one, "Job").inputs, hash));
        assert.equal(at(find(zero, "StatefulSet").inputs, hash), at(find(one, "StatefulSet").inputs, hash));
    });

    it("refuses cassandra as the superuser's name", () => {
        const result = authenticationSettings.safeParse({
            kind: "password",
            superuser: { kind: "generated", username: "cassandra" },
        });
        assert.deepEqual(
            result.error?.issues.map(({ path }) => path.join(".")),
            ["superuser.username"],
        );
    });
});

describe("the superuser's script, with a fake cqlsh and a real agent", function () {
    // Each test starts Python several times, on a machine that may be busy.
    this.timeout(60_000);
    let root: string;
    let node: FakeNode;
    let cluster: FakeCluster;
    const copies = { class: "org.apache.cassandra.locator.NetworkTopologyStrategy", dc1: "1" };
    const admin = ["admin", `it's "32"`] as const;

    beforeEach(async () => {
        root = folder();
        writeFileSync(join(root, "key"), "secret");
        node = await fakeNode(root, "one");
        cluster = new FakeCluster(root);
    });

    async function run(
        rotation: number,
        logins: Readonly<Record<string, readonly [string, string]>>,
        changes: Readonly<Record<string, unknown>> = {},
    ) {
        const where = join(root, "logins");
        rmSync(where, { recursive: true, force: true });
        mkdirSync(where);
        for (const [part, [username, password]] of Object.entries(logins)) {
            writeFileSync(join(where, `${part}-username`), username);
            writeFileSync(join(where, `${part}-password`), password);
        }
        const facts = checked(cassandraSettings, "ring", { clientEncryption: { mode: "none" } });
        const work = superuserWork("ring", rotated(rotation), {
            datacenter: "dc1",
            nodes: 1,
            clientEncryption: facts.clientEncryption,
        });
        const script = superuserScript({ ...superuserPlaces, logins: where, scratch: root, pause: 0, patience: 2 });
        const ended = await runJob(root, script, { ...work.task, ...changes, nodes: [node] });
        const secret = logins["present"]?.[1] ?? "";
        assert.ok(secret === "" || !ended.output.includes(secret), "no password in the log");
        return ended;
    }
    const nobody = () => {
        const { password, ...rights } = cluster.state.roles["cassandra"] ?? { password: "cassandra" };
        assert.notEqual(password, "cassandra");
        assert.deepEqual(rights, { login: false, superuser: false });
    };

    it("replaces cassandra/cassandra in a new cluster, after the copies are filled [cassandra-P41]", async () => {
        const { code, output } = await run(0, { present: admin });
        assert.equal(code, 0, output);
        nobody();
        assert.deepEqual(cluster.state.roles["admin"], { password: admin[1], login: true, superuser: true });
        assert.deepEqual(cluster.state.replication, { class: "NetworkTopologyStrategy", dc1: "1" });
        assert.deepEqual(node.calls(), ["netstats", "repair --full -pr system_auth"]);
        assert.ok(output.indexOf("repair begins") < output.indexOf("admin is there"), output);
    });

    it("has no password on a command line, and TLS as it is told [cassandra-P40]", async () => {
        const { code, output } = await run(0, { present: admin }, { tls: { authorities: "/ca", certificate: "/own" } });
        assert.equal(code, 0, output);
        for (const { argv, cqlshrc } of cluster.calls) {
            assert.ok(!argv.join(" ").includes(admin[1]));
            assert.ok(argv.includes("--ssl"));
            assert.equal(cqlshrc, "[ssl]\nvalidate = true\ncertfile = /ca\nusercert = /own\nuserkey = /own\n");
        }
    });

    it("changes nothing when it is repeated", async () => {
        await run(0, { present: admin });
        const { roles, replication } = cluster.state;
        const { code, output } = await run(0, { present: admin });
        assert.equal(code, 0, output);
        assert.deepEqual(cluster.state.replication, replication);
        assert.deepEqual(cluster.state.roles["admin"], roles["admin"]);
        nobody();
    });

    it("ends what an attempt before has left half done [cassandra-P41]", async () => {
        for (const failOn of ["ALTER KEYSPACE", 'ALTER ROLE "admin"', "ALTER ROLE IF EXISTS cassandra"]) {
            cluster.set({ ...freshCluster, failOn });
            const { code, output } = await run(0, { present: admin });
            assert.equal(code, 0, output);
            nobody();
        }
        const other = { password: "from a stack before", login: true, superuser: true };
        cluster.set({ ...freshCluster, roles: { ...freshCluster.roles, admin: other } });
        assert.equal((await run(0, { present: admin })).code, 0);
        assert.equal(cluster.state.roles["admin"]?.password, admin[1]);
    });

    it("never lowers the copies, and leaves other datacenters alone [cassandra-P39]", async () => {
        cluster.set({ ...freshCluster, replication: { ...copies, dc1: "5", west: "2" } });
        await run(0, { present: admin });
        assert.deepEqual(cluster.state.replication, { ...copies, dc1: "5", west: "2" });
        cluster.set({ ...freshCluster, replication: { ...copies, west: "2" } });
        await run(0, { present: admin }, { replication: 3 });
        assert.deepEqual(cluster.state.replication, { class: "NetworkTopologyStrategy", dc1: "3", west: "2" });
    });

    it("rotates with the former superuser, who stays until the next rotation [cassandra-P42]", async () => {
        await run(0, { present: admin });
        const second = ["admin_1", "two"] as const;
        assert.equal((await run(1, { present: second, former: admin })).code, 0);
        assert.deepEqual(Object.keys(cluster.state.roles).sort(), ["admin", "admin_1", "cassandra"]);
        assert.equal((await run(2, { present: ["admin_2", "three"], former: second })).code, 0);
        assert.deepEqual(Object.keys(cluster.state.roles).sort(), ["admin_1", "admin_2", "cassandra"]);
    });

    it("waits for a cluster that is not there yet, and gives up one that stays away", async () => {
        cluster.set({ ...freshCluster, away: 2 });
        assert.equal((await run(0, { present: admin })).code, 0);
        cluster.set({ ...freshCluster, away: 10_000 });
        const { code, output } = await run(0, { present: admin });
        assert.equal(code, 1);
        assert.match(output, /the cluster does not answer/);
    });

    it("says which users were refused", async () => {
        await run(0, { present: admin });
        const { code, output } = await run(1, { present: ["admin_1", "x1"], former: ["admin", "wrong"] });
        assert.equal(code, 1);
        assert.match(output, /the cluster accepts none of the users admin_1, admin, cassandra/);
    });

    it("writes no users where the copies could not be filled [cassandra-P41]", async () => {
        node = await fakeNode(root, "two", '[ "$1" = repair ] && exit 1');
        const { code, output } = await run(0, { present: admin });
        assert.equal(code, 1);
        assert.match(output, /the copies of system_auth are not filled yet/);
        assert.deepEqual(Object.keys(cluster.state.roles), ["cassandra"]);
    });

    it("refuses a Secret without a password, with several lines, or of cassandra itself", async () => {
        for (const [login, expected] of [
            [["admin", ""], /is empty or has several lines/],
            [["admin", "a\nb"], /is empty or has several lines/],
            [["cassandra", "x9"], /must be another than cassandra/],
        ] as const) {
            const { code, output } = await run(0, { present: login });
            assert.equal(code, 1);
            assert.match(output, expected);
        }
    });
});
