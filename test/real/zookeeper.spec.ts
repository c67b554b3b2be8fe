import * as assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { ZooKeeper, type ZooKeeperArgs } from "../../components/zookeeper/zookeeper";
import { eventually } from "../e2e/support/run";
import { foundation } from "../support/foundation";
import { planOf } from "../support/plans";
import { requireProgram } from "./support/tools";
import { LocalEnsemble, type Member, type Revision, type Secrets } from "./support/zookeeper";
import { secretsOf } from "./support/zookeeperSecrets";

type Settings = NonNullable<ZooKeeperArgs["settings"]>;

/** Small enough for three on one machine; sessions and elections are as quick as ticks allow. */
const small: Settings = { resources: { memory: "256Mi" }, heap: "128Mi", tickTime: "500ms" };

const planned = (settings: Settings) =>
    planOf(
        () => new ZooKeeper("zk", { foundation: foundation(), namespace: "ns", settings: { ...small, ...settings } }),
    );

describe("the real ZooKeeper", function () {
    this.timeout(240_000);
    let folder = "";
    let ensemble: LocalEnsemble | undefined;

    before(async function () {
        await requireProgram(this, "java", "-version");
        await requireProgram(this, "mvn", "--version");
        await requireProgram(this, "openssl", "version");
        await requireProgram(this, "bash", "--version");
        folder = await mkdtemp(path.join(tmpdir(), "zookeeper-"));
    });

    /** An ensemble for the tests of one part; whatever runs of it is killed after them, passed or failed. */
    const local = (name: string, size: number) => {
        before(async () => {
            ensemble = await LocalEnsemble.create(path.join(folder, name), size);
        });
        after(() => ensemble?.killAll());
        return {
            ensemble: (): LocalEnsemble => {
                assert.ok(ensemble !== undefined);
                return ensemble;
            },
            member: (id: number): Member => {
                const found = ensemble?.members[id - 1];
                assert.ok(found !== undefined);
                return found;
            },
            revision: async (settings: Settings, others: Secrets = {}): Promise<Revision> => {
                const plan = await planned(settings);
                return { plan, secrets: await secretsOf(plan, { folder: path.join(folder, name, "ca"), others }) };
            },
        };
    };

    after(async () => {
        await ensemble?.killAll();
        if (folder !== "") {
            await rm(folder, { recursive: true, force: true });
        }
    });

    describe("with the zoo.cfg, the options and the probes of a default plan", () => {
        const { ensemble: members, member, revision } = local("plain", 3);
        let plain: Revision;

        it("elects one leader, and every member becomes ready", async () => {
            plain = await revision({});
            await members().startAll(plain);
            await eventually(async () => {
                const modes = await Promise.all(members().members.map((each) => members().mode(each)));
                assert.deepEqual(modes.sort(), ["follower", "follower", "leader"]);
            }, 20);
        });

        it("answers the startup and the liveness probe, and serves its metrics", async () => {
            assert.equal(await members().probe("startup", member(1), plain), true);
            assert.equal(await members().probe("liveness", member(1), plain), true);
            const answer = await fetch(`http://127.0.0.1:${member(1).ports.metrics}/metrics`);
            assert.match(await answer.text(), /^quorum_size |^znode_count /m);
        });

        it("answers every time: no probe fails by chance", async () => {
            for (const kind of ["liveness", "readiness"] as const) {
                const answers = [];
                for (let turn = 0; turn < 150; turn++) {
                    answers.push(await members().probe(kind, member(2), plain));
                }
                assert.equal(answers.filter((answer) => !answer).length, 0, kind);
            }
        });

        it("is not ready without a quorum, but alive, and ready again with it", async () => {
            await members().stop(member(1));
            await members().untilReady(member(2), plain);
            await members().stop(member(2));
            await eventually(async () => assert.equal(await members().probe("readiness", member(3), plain), false), 30);
            assert.match(await members().ask("srvr", member(3)), /not currently serving requests/);
            assert.equal(await members().probe("liveness", member(3), plain), true);
            await members().start(member(1), plain);
            await members().untilReady(member(3), plain);
            await members().untilReady(member(1), plain);
        });
    });

    describe("on its way to TLS", () => {
        const { ensemble: members, member, revision } = local("tls", 3);
        let certificates: Revision;

        /** While one member is away, another serves. */
        const served = async (): Promise<void> => {
            const modes = async () => Promise.all(members().members.map((each) => members().mode(each)));
            await eventually(async () => assert.ok((await modes()).includes("leader")), 20);
        };

        const trust = async (name: string, text: string): Promise<readonly string[]> => {
            const file = path.join(folder, "tls", name);
            await mkdir(path.dirname(file), { recursive: true });
            await writeFile(file, text);
            return [
                "-Dzookeeper.client.secure=true",
                "-Dzookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty",
                `-Dzookeeper.ssl.trustStore.location=${file}`,
                "-Dzookeeper.ssl.trustStore.type=PEM",
            ];
        };

        it("keeps its quorum while it is rolled from none to accepted, preferred and required", async () => {
            await members().startAll(await revision({}));
            await members().roll(await revision({ tls: { quorum: "accepted" } }), served);
            await members().roll(await revision({ tls: { quorum: "preferred", client: "optional" } }), served);
            certificates = await revision({ tls: { quorum: "required", client: "required" } });
            await members().roll(certificates, served);
            for (const each of members().members) {
                const log = await members().log(each);
                assert.match(log, /Using TLS encrypted quorum communication/);
                assert.match(log, /Creating TLS-only quorum server socket/);
            }
        });

        it("serves a client over TLS that trusts the Secret for clients", async () => {
            const options = await trust("ca.pem", certificates.secrets["zk-client-tls"]?.["ca.crt"] ?? "");
            const made = await members().client(member(1), "secureClient", options, ["create", "/tls", "kept"]);
            assert.equal(made.code, 0, made.output);
            const read = await members().client(member(2), "secureClient", options, ["get", "/tls"]);
            assert.match(read.stdout, /^kept$/m);
        });

        it("serves no client that does not trust it, none without TLS, and nothing plain from elsewhere", async () => {
            const options = await trust("other.pem", certificates.secrets["zk-quorum-tls"]?.["ca.crt"] ?? "");
            const stranger = await members().client(member(1), "secureClient", options, ["get", "/tls"]);
            assert.doesNotMatch(stranger.stdout, /^kept$/m);
            assert.match(stranger.output, /unable to find valid certification path/);
            const plain = await members().client(member(1), "secureClient", [], ["get", "/tls"]);
            assert.doesNotMatch(plain.stdout, /^kept$/m);
            // The whole of 127.0.0.0/8 is this machine's, and the plain port listens on one address of it.
            assert.equal(await accepts("127.0.0.2", member(1).ports.client), false);
            assert.equal(await accepts("127.0.0.2", member(1).ports.secureClient), true);
            assert.equal(await members().probe("readiness", member(1), certificates), true);
        });

        it("goes on through a rotation of its certificates, and its clients with it", async () => {
            const options = await trust("ca.pem", certificates.secrets["zk-client-tls"]?.["ca.crt"] ?? "");
            const rotated = await revision({
                tls: { quorum: "required", client: "required", certificates: { kind: "generated", rotation: 1 } },
            });
            assert.notEqual(
                rotated.secrets["zk-quorum-tls"]?.["tls.crt"],
                certificates.secrets["zk-quorum-tls"]?.["tls.crt"],
            );
            await members().roll(rotated, served);
            // Clients that still have the authorities of before.
            const read = await members().client(member(1), "secureClient", options, ["get", "/tls"]);
            assert.match(read.stdout, /^kept$/m);
            certificates = rotated;
        });

        it("has no place for a member whose certificate is another's", async () => {
            const { plan } = certificates;
            const secrets = await secretsOf(plan, { folder: path.join(folder, "tls", "ca"), named: (name) => name });
            await members().stop(member(1));
            await members().start(member(1), { plan, secrets });
            const refused = /Failed to verify both host address and host name|doesn't match any of the subject/;
            await eventually(async () => {
                const logs = await Promise.all([2, 3].map((id) => members().log(member(id))));
                assert.match(logs.join("\n"), refused);
            }, 30);
            assert.equal(await members().probe("readiness", member(1), certificates), false);
            assert.equal(await members().probe("liveness", member(1), certificates), true);
            await members().stop(member(1));
            await members().start(member(1), certificates);
            await members().untilReady(member(1), certificates);
        });
    });

    describe("with logins and client certificates", () => {
        const { ensemble: members, member, revision } = local("logins", 1);
        const settings: Settings = {
            members: 1,
            tls: { client: "optional", clientCertificates: "need" },
            authentication: {
                superUser: { kind: "existing", secretName: "admin", usernameKey: "name", passwordKey: "word" },
                users: { heron: { kind: "generated", username: "heron.1-a" } },
            },
        };
        // What Java reads as an escape, an end or a variable, were it written as it is.
        const given: Secrets = {
            admin: { name: "root", word: 'a"b\\c $d&e;f\n' },
            "zk-user-heron-login": { username: "heron.1-a", password: "aPassword" },
        };
        let logins: Revision;

        const jaas = async (username: string, password: string): Promise<readonly string[]> => {
            const file = path.join(folder, "logins", `${username}.jaas`);
            const quoted = password.replace(/[\\"]/g, "\\$&");
            const module = "org.apache.zookeeper.server.auth.DigestLoginModule";
            await writeFile(file, `Client { ${module} required username="${username}" password="${quoted}"; };\n`);
            return [`-Djava.security.auth.login.config=${file}`, "-Dzookeeper.fips-mode=false"];
        };
        const heron = () => jaas("heron.1-a", "aPassword");

        it("becomes ready alone, and serves a client that logs in", async () => {
            logins = await revision(settings, given);
            await members().startAll(logins);
            assert.equal(await members().mode(member(1)), "standalone");
            const made = await members().client(member(1), "client", await heron(), [
                "create",
                "/own",
                "kept",
                "sasl:heron.1-a:cdrwa",
            ]);
            assert.equal(made.code, 0, made.output);
            const read = await members().client(member(1), "client", await heron(), ["get", "/own"]);
            assert.match(read.stdout, /^kept$/m);
        });

        it("refuses a client without a login, and one with a wrong password", async () => {
            const refused = async (options: readonly string[]) => {
                const ended = await members().client(member(1), "client", options, ["ls", "/"]);
                assert.doesNotMatch(ended.stdout, /\[own, zookeeper\]/);
                return ended.output;
            };
            assert.match(
                await refused([]),
                /Session closed because client failed to authenticate|authentication|closed/i,
            );
            await refused(await jaas("heron.1-a", "wrong"));
            await refused(await jaas("nobody", "wrong"));
            // Clients of 3.9 know no DIGEST-MD5 unless they are told that FIPS is not asked for.
            await refused((await heron()).filter((option) => !option.includes("fips-mode")));
            assert.match(
                await members().log(member(1)),
                /does not match with any of the expected authentication scheme/,
            );
        });

        it("lets the super user past every access list, with the file that the member itself has", async () => {
            const file = path.join(members().securityFolder(member(1)), "jaas.conf");
            const options = [`-Djava.security.auth.login.config=${file}`, "-Dzookeeper.fips-mode=false"];
            const read = await members().client(member(1), "client", options, ["get", "/own"]);
            assert.match(read.stdout, /^kept$/m, read.output);
        });

        it("wants a certificate of every client that uses TLS", async () => {
            const secret = logins.secrets["zk-client-tls"] ?? {};
            const store = path.join(folder, "logins", "client.pem");
            await writeFile(store, `${secret["tls.key"] ?? ""}${secret["tls.crt"] ?? ""}`);
            await writeFile(path.join(folder, "logins", "ca.pem"), secret["ca.crt"] ?? "");
            const options = [
                ...(await heron()),
                "-Dzookeeper.client.secure=true",
                "-Dzookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty",
                `-Dzookeeper.ssl.trustStore.location=${path.join(folder, "logins", "ca.pem")}`,
            ];
            const without = await members().client(member(1), "secureClient", options, ["get", "/own"]);
            assert.doesNotMatch(without.stdout, /^kept$/m);
            const shown = [...options, `-Dzookeeper.ssl.keyStore.location=${store}`];
            const read = await members().client(member(1), "secureClient", shown, ["get", "/own"]);
            assert.match(read.stdout, /^kept$/m, read.output);
        });

        it("serves clients without a login where none is required", async () => {
            const { authentication } = settings;
            const optional = await revision(
                { ...settings, authentication: { ...authentication, required: false } },
                given,
            );
            await members().roll(optional, () => Promise.resolve());
            const listed = await members().client(member(1), "client", [], ["ls", "/"]);
            assert.match(listed.stdout, /\[own, zookeeper\]/, listed.output);
            const read = await members().client(member(1), "client", [], ["get", "/own"]);
            assert.match(read.output, /NoAuth|Insufficient permission/);
        });
    });
});

/** Whether somebody listens there. */
function accepts(host: string, port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const socket = connect(port, host);
        socket.once("connect", () => {
            socket.destroy();
            resolve(true);
        });
        socket.once("error", () => resolve(false));
    });
}
