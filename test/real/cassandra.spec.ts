import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import type { Plan } from "../../bin/plan/plan";
import { planStack } from "../../bin/plan/stack";
import { superuserWork } from "../../components/cassandra/authentication";
import { Cassandra } from "../../components/cassandra/cassandra";
import { cassandraYaml } from "../../components/cassandra/cassandraYaml";
import type { JobWork } from "../../components/cassandra/job";
import { agentPlaces, askAgentScript } from "../../components/cassandra/nodeAgentScript";
import { repairWork } from "../../components/cassandra/repair";
import { cassandraSettings, type CassandraSettings } from "../../components/cassandra/schema";
import { snapshotWork } from "../../components/cassandra/snapshots";
import { superuserScript, superuserPlaces } from "../../components/cassandra/superuserScript";
import { surroundingsOptions } from "../../components/cassandra/surroundings";
import { checked } from "../../components/foundation/faults";
import { stackNames } from "../../stacks/load";
import { type Ended, eventually, run, succeeded } from "../e2e/support/run";
import {
    cassandraClassPath,
    cqlshFolder,
    javaOptions,
    type LocalNode,
    LocalRing,
    logbackFile,
} from "./support/cassandra";
import { foundation } from "../support/foundation";
import { planOf } from "../support/plans";
import { certificateFolder, configuredNode, loaderSource } from "./support/cassandraFiles";
import { requireProgram } from "./support/tools";

const everything: CassandraSettings = {
    racks: { rack1: { nodes: 2 } },
    authentication: { kind: "password", cacheValidity: "1s" },
    internodeEncryption: { mode: "all" },
    clientEncryption: { mode: "required", mutual: true },
    repair: { keyspaces: ["system_auth", "system_distributed"] },
    snapshots: {
        autoKeep: "3d",
        beforeCompaction: true,
        incrementalBackups: true,
        scheduled: { schedule: "0 3 * * *", keep: "2h" },
    },
};
const checkedSettings = (settings: CassandraSettings) => checked(cassandraSettings, "cassandra", settings);

/** The rendered cassandra.yaml of a node, with the folders and ports of this machine, and what its start adds. */
function localYaml(settings: CassandraSettings, folder: string, changes: Readonly<Record<string, unknown>>): string {
    const given = checkedSettings(settings);
    const text = cassandraYaml(given, "ring", surroundingsOptions(given))
        .replaceAll("/var/lib/cassandra", path.join(folder, "data"))
        .replaceAll("/certificates", path.join(folder, "certificates"));
    return stringify({ ...(parse(text) as Record<string, unknown>), ...changes });
}

describe("the rendered files, read by Cassandra's own classes", () => {
    let folder: string;
    let classPath: string;

    before(async function () {
        await requireProgram(this, "java", "-version");
        await requireProgram(this, "mvn", "-version");
        await requireProgram(this, "openssl", "version");
        folder = await mkdtemp(path.join(tmpdir(), "cassandra-yaml-"));
        classPath = await cassandraClassPath();
        await writeFile(path.join(folder, "Load.java"), loaderSource);
        for (const part of ["internode", "clients"]) {
            const own = path.join(folder, "certificates", part);
            await certificateFolder(own, path.join(folder, `authority-${part}`), "serverAuth,clientAuth");
        }
    });
    after(async () => {
        if ((folder as string | undefined) !== undefined) {
            await rm(folder, { recursive: true, force: true });
        }
    });

    const planned = (settings: CassandraSettings) =>
        planOf(() => new Cassandra("ring", { foundation: foundation(), namespace: "store", settings }));

    /** Configures a planned node as its init container does, and has its files loaded as the server does. */
    async function load(plan: Plan, name: string, changes: Readonly<Record<string, unknown>> = {}): Promise<Ended> {
        const config = await configuredNode(plan, name, folder);
        const file = path.join(config, "cassandra.yaml");
        const moved = (await readFile(file, "utf8"))
            .replaceAll("/var/lib/cassandra", path.join(folder, "data"))
            .replaceAll("/certificates", path.join(folder, "certificates"));
        await writeFile(file, stringify({ ...(parse(moved) as Record<string, unknown>), ...changes }));
        const rackdc = `-Dcassandra-rackdc.properties=file://${path.join(config, "cassandra-rackdc.properties")}`;
        const own = [rackdc, `-Dcassandra.storagedir=${folder}`, await logbackFile(folder, "ERROR"), "-cp", classPath];
        const command = [...javaOptions, "-XX:TieredStopAtLevel=1", ...own, path.join(folder, "Load.java"), file];
        return run("java", command, { environment: process.env });
    }

    const accepted: readonly (readonly [string, CassandraSettings, RegExp])[] = [
        ["the defaults", {}, / PasswordAuthenticator CassandraAuthorizer internode=all clients=false ttl=null/],
        [
            "every setting",
            everything,
            / PasswordAuthenticator CassandraAuthorizer internode=all clients=true ttl=259200s/,
        ],
        [
            "no users, and no TLS",
            { authentication: { kind: "none" }, internodeEncryption: { mode: "none" } },
            / AllowAllAuthenticator AllowAllAuthorizer internode=none clients=false/,
        ],
    ];
    for (const [what, settings, expected] of accepted) {
        it(`are accepted with ${what}`, async () => {
            const { code, output } = await load(await planned(settings), "ring");
            assert.equal(code, 0, output);
            assert.match(output, expected);
        });
    }

    for (const stack of stackNames().filter((name) =>
        readFileSync(`stacks/Pulumi.${name}.yaml`, "utf8").includes("cassandra:"),
    )) {
        it(`are accepted as the stack ${stack} has them`, async () => {
            const { code, output } = await load((await planStack(stack)).plan, "cassandra");
            assert.equal(code, 0, output);
        });
    }

    it("are refused with an unknown key, so acceptance says something", async () => {
        const { code, output } = await load(await planned(everything), "ring", { autosnapshot: true });
        assert.equal(code, 3, output);
        assert.match(output, /REFUSED .*autosnapshot/s);
    });

    it("are refused with a certificate file that holds no key, so the files are really read", async () => {
        const file = path.join(folder, "certificates/internode/node.pem");
        const whole = await readFile(file, "utf8");
        await writeFile(file, whole.replace(/-----BEGIN PRIVATE KEY[\s\S]+END PRIVATE KEY-----\n/, ""));
        const { code, output } = await load(await planned(everything), "ring");
        await writeFile(file, whole);
        assert.equal(code, 3, output);
        assert.match(output, /REFUSED /);
    });

    it("have options that the JVM takes", async () => {
        const config = await configuredNode(await planned({}), "ring", folder);
        const options = (await readFile(path.join(config, "jvm17-server.options"), "utf8")).trim().split("\n");
        assert.ok(
            options.some((each) => each.startsWith("-Xmx")),
            options.join(" "),
        );
        succeeded("java", await run("java", [...options, "-version"], { environment: process.env }));
    });
});

describe("the real nodes, with the rendered configuration, agents and Jobs", () => {
    let folder: string;
    let ring: LocalRing;
    let cqlsh: string;
    const key = () => path.join(folder, "key");
    const given = checkedSettings(everything);

    before(async function () {
        await requireProgram(this, "java", "-version");
        await requireProgram(this, "mvn", "-version");
        await requireProgram(this, "openssl", "version");
        await requireProgram(this, "python3", "--version");
        const found = await cqlshFolder();
        if (found === undefined) {
            await requireProgram(this, "cqlsh", "--version");
        }
        cqlsh = found ?? "";
        folder = await mkdtemp(path.join(tmpdir(), "cassandra-ring-"));
        await writeFile(key(), "the key of the agents");
        ring = await LocalRing.prepare(folder, 2);
        const jars = path.dirname(await cassandraClassPath());
        const jamm = (await readdir(jars)).find((each) => each.startsWith("jamm-"));
        assert.ok(jamm !== undefined);
        const [first] = ring.nodes;
        for (const node of ring.nodes) {
            const uses = { internode: "serverAuth,clientAuth", clients: "serverAuth" };
            for (const [part, use] of Object.entries(uses)) {
                const own = path.join(node.folder, "certificates", part);
                await certificateFolder(own, path.join(folder, `authority-${part}`), use);
            }
            const seeds = {
                class_name: "org.apache.cassandra.locator.SimpleSeedProvider",
                parameters: [{ seeds: first?.address ?? "" }],
            };
            const local = {
                listen_address: node.address,
                broadcast_address: node.address,
                rpc_address: node.address,
                broadcast_rpc_address: node.address,
                storage_port: ring.ports.storage,
                native_transport_port: ring.ports.native,
                seed_provider: [seeds],
                num_tokens: 4,
            };
            await ring.start(node, localYaml(everything, node.folder, local), path.join(jars, jamm));
            await ring.startAgent(node, key());
        }
        await certificateFolder(path.join(folder, "client"), path.join(folder, "authority-clients"), "clientAuth");
    });
    after(async () => {
        await (ring as LocalRing | undefined)?.killAll();
        if ((folder as string | undefined) !== undefined && process.env["KEEP"] === undefined) {
            await rm(folder, { recursive: true, force: true });
        }
    });

    /** Runs a Job's script as its pod would. */
    async function job(
        work: JobWork,
        nodes: readonly LocalNode[],
        changes: Readonly<Record<string, unknown>> = {},
    ): Promise<Ended> {
        const own = path.join(folder, `job-${work.part}`);
        await mkdir(path.join(own, "scratch"), { recursive: true });
        await writeFile(path.join(own, "agents.py"), askAgentScript({ ...agentPlaces, key: key() }));
        await writeFile(path.join(own, "main.py"), work.script);
        const task = { ...work.task, ...changes, nodes: nodes.map((node) => ring.asked(node)) };
        await writeFile(path.join(own, "task.json"), JSON.stringify(task));
        const environment = { ...process.env, PATH: `${cqlsh}:${process.env["PATH"] ?? ""}`, PYTHONUNBUFFERED: "1" };
        return run("python3", [path.join(own, "main.py")], { environment });
    }

    const tls = () => ({
        authorities: path.join(folder, "client/trusted.pem"),
        certificate: path.join(folder, "client/node.pem"),
    });

    async function superuser(
        rotation: number,
        logins: Readonly<Record<string, readonly [string, string]>>,
        patience = 45,
    ): Promise<Ended> {
        assert.ok(given.authentication.kind === "password" && given.authentication.superuser.kind === "generated");
        const settings = { ...given.authentication, superuser: { ...given.authentication.superuser, rotation } };
        const facts = { datacenter: "dc1", nodes: ring.nodes.length, clientEncryption: given.clientEncryption };
        const work = superuserWork("cassandra", settings, facts);
        const where = path.join(folder, "logins");
        await rm(where, { recursive: true, force: true });
        await mkdir(where);
        for (const [part, [username, password]] of Object.entries(logins)) {
            await writeFile(path.join(where, `${part}-username`), username);
            await writeFile(path.join(where, `${part}-password`), password);
        }
        const scratch = path.join(folder, "job-superuser/scratch");
        const script = superuserScript({ ...superuserPlaces, logins: where, scratch, pause: 1, patience });
        return job({ ...work, script }, ring.nodes, { port: ring.ports.native, tls: tls() });
    }

    async function cql(node: LocalNode, login: readonly [string, string], statement: string): Promise<Ended> {
        const [username, password] = login;
        const credentials = path.join(folder, "credentials");
        await writeFile(credentials, `[PlainTextAuthProvider]\nusername = ${username}\npassword = ${password}\n`, {
            mode: 0o600,
        });
        const { authorities, certificate } = tls();
        const rc = path.join(folder, "cqlshrc");
        await writeFile(
            rc,
            `[ssl]\nvalidate = true\ncertfile = ${authorities}\nusercert = ${certificate}\nuserkey = ${certificate}\n`,
        );
        const command = [
            "--cqlshrc",
            rc,
            "--credentials",
            credentials,
            "--ssl",
            "-e",
            statement,
            node.address,
            String(ring.ports.native),
        ];
        return run(path.join(cqlsh, "cqlsh"), command, { environment: { ...process.env, HOME: folder } });
    }

    const admin = ["admin", `it's "quoted"; x`] as const;
    const second = ["admin_1", "another32"] as const;

    it("form one ring over TLS", async () => {
        const [first] = ring.nodes;
        assert.ok(first !== undefined);
        await eventually(async () => {
            const { stdout } = await ring.nodetool(first, "status");
            assert.equal(stdout.split("\n").filter((line) => line.startsWith("UN ")).length, ring.nodes.length, stdout);
        });
    });

    it("replace the superuser that everybody knows, and copy the users to all nodes", async () => {
        const { code, output } = await superuser(0, { present: admin });
        assert.equal(code, 0, output);
        assert.ok(!output.includes(admin[1]), "no password in the log");
        for (const node of ring.nodes) {
            const replication =
                "SELECT JSON replication FROM system_schema.keyspaces WHERE keyspace_name = 'system_auth'";
            const said = succeeded("the new superuser", await cql(node, admin, replication)).stdout;
            assert.match(said, /"dc1": "2"/);
            await eventually(async () => {
                const refused = await cql(node, ["cassandra", "cassandra"], "SELECT key FROM system.local");
                assert.match(refused.output, /are incorrect|not permitted to log in/, refused.output);
            }, 10);
        }
    });

    it("are left as they are by a second run", async () => {
        const { code, output } = await superuser(0, { present: admin });
        assert.equal(code, 0, output);
        assert.match(output, /system_auth has 2 copies in dc1/);
        assert.doesNotMatch(output, /admin is there/);
    });

    it("get the next superuser while the former one still works", async () => {
        const { code, output } = await superuser(1, { present: second, former: admin });
        assert.equal(code, 0, output);
        const [node] = ring.nodes;
        assert.ok(node !== undefined);
        for (const login of [admin, second]) {
            succeeded(login[0], await cql(node, login, "LIST ROLES"));
        }
    });

    it("drop the superuser before the former one", async () => {
        const third = ["admin_2", "third"] as const;
        const { code, output } = await superuser(2, { present: third, former: second });
        assert.equal(code, 0, output);
        const [node] = ring.nodes;
        assert.ok(node !== undefined);
        const roles = succeeded(
            "roles",
            await cql(node, third, "SELECT role, is_superuser, can_login FROM system_auth.roles"),
        );
        const rows = roles.stdout.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
        const found = rows.filter(([, , superuserCell]) => superuserCell === "True" || superuserCell === "False");
        assert.deepEqual(found.map(([role]) => role).sort(), ["admin_1", "admin_2", "cassandra"], roles.stdout);
        assert.deepEqual(found.find(([role]) => role === "cassandra")?.slice(1), ["False", "False"], roles.stdout);
    });

    it("let nobody in without a certificate, nor without TLS", async () => {
        const [node] = ring.nodes;
        assert.ok(node !== undefined);
        const rc = path.join(folder, "cqlshrc-bare");
        await writeFile(rc, `[ssl]\nvalidate = true\ncertfile = ${tls().authorities}\n`);
        const there = [node.address, String(ring.ports.native)];
        for (const flags of [["--ssl"], []]) {
            const environment = { ...process.env, HOME: folder };
            const ended = await run(
                path.join(cqlsh, "cqlsh"),
                ["--cqlshrc", rc, ...flags, "-e", "LIST ROLES", ...there],
                { environment },
            );
            assert.notEqual(ended.code, 0, ended.output);
            assert.match(ended.output, /Unable to connect/);
        }
    });

    it("accept no login that is none of the Secret's", async () => {
        const { code, output } = await superuser(0, { present: ["admin", "wrong"] }, 1);
        assert.equal(code, 1);
        assert.match(output, /the cluster accepts none of the users admin, cassandra/);
    });

    it("are repaired in turn", async () => {
        const { code, output } = await job(repairWork(given.repair), ring.nodes);
        assert.equal(code, 0, output);
        assert.match(output, /all 2 nodes are repaired/);
        assert.equal(output.match(/Repair command #\d+ finished/g)?.length, 4, output);
    });

    it("take a snapshot that ends by itself", async () => {
        assert.ok(given.snapshots.scheduled !== undefined);
        const { code, output } = await job(snapshotWork(given.snapshots.scheduled), ring.nodes);
        assert.equal(code, 0, output);
        const tag = /snapshot (scheduled-\d{8}-\d{6}) of all 2 nodes/.exec(output)?.[1] ?? "none";
        for (const node of ring.nodes) {
            const { stdout } = await ring.nodetool(node, "listsnapshots");
            const line = stdout.split("\n").find((each) => each.startsWith(tag)) ?? "";
            assert.match(line, /\d{4}-\d\d-\d\dT.*\d{4}-\d\d-\d\dT/, `times of creation and end:\n${stdout}`);
        }
    });

    it("are not repaired at all where one of them is away", async () => {
        const [first] = ring.nodes;
        assert.ok(first !== undefined);
        const away = { ...first, ports: { ...first.ports, agent: 1 } };
        const { code, output } = await job(repairWork(given.repair), [first, away]);
        assert.equal(code, 1);
        assert.match(output, /nothing was repaired.*the agent does not answer/s);
        assert.doesNotMatch(output, /repair begins/);
    });
});
