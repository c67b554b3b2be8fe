import * as assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { zookeeperSettings, type ZooKeeperSettings } from "../../components/zookeeper/schema";
import { securityScript } from "../../components/zookeeper/securityFiles";
import { run } from "../e2e/support/run";

type Files = Readonly<Record<string, string>>;

const pem = (what: string, body: string) => `-----BEGIN ${what}-----\n${body}\n-----END ${what}-----`;
const certificate = (part: string): Files => ({
    [`${part}/tls.key`]: pem("PRIVATE KEY", `${part}K`),
    [`${part}/tls.crt`]: `${pem("CERTIFICATE", `${part}C`)}\n`,
    [`${part}/ca.crt`]: `${pem("CERTIFICATE", `${part}A`)}\n`,
});
const login = (part: string, username: string, password: string): Files => ({
    [`${part}/username`]: username,
    [`${part}/password`]: password,
});

const tls: ZooKeeperSettings = { tls: { client: "required", quorum: "required" } };
const logins: ZooKeeperSettings = {
    authentication: { users: { heron: { kind: "generated", username: "heron" } } },
};
const both = { ...certificate("client"), ...certificate("quorum") };
const users = { ...login("super", "super", "one\n"), ...login("user-heron", "heron", "two") };

describe("the script that turns Secrets into the server's files", () => {
    let folder: string;

    beforeEach(async () => {
        folder = await mkdtemp(path.join(tmpdir(), "security-"));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    /** Runs it on these files, with both of its folders below a temporary one. */
    const execute = async (settings: ZooKeeperSettings, files: Files) => {
        await mkdir(path.join(folder, "security"));
        for (const [name, text] of Object.entries(files)) {
            const file = path.join(folder, "secrets", name);
            await mkdir(path.dirname(file), { recursive: true });
            await writeFile(file, text);
        }
        const script = securityScript("zk", zookeeperSettings.parse(settings));
        const local = script.replace(/\/(secrets|security)\b/g, `${folder}/$1`);
        return run("bash", ["-c", local], { environment: process.env });
    };
    const written = (name: string) => readFile(path.join(folder, "security", name), "utf8");

    it("puts key and chain of each certificate into one file, apart from the authorities", async () => {
        const { code, output } = await execute(tls, both);
        assert.equal(code, 0, output);
        assert.deepEqual((await readdir(path.join(folder, "security"))).sort(), [
            "client-ca.pem",
            "client.pem",
            "quorum-ca.pem",
            "quorum.pem",
        ]);
        assert.equal(
            await written("client.pem"),
            `${pem("PRIVATE KEY", "clientK")}\n${pem("CERTIFICATE", "clientC")}\n`,
        );
        assert.equal(await written("quorum-ca.pem"), `${pem("CERTIFICATE", "quorumA")}\n`);
        const { mode } = await stat(path.join(folder, "security", "client.pem"));
        assert.equal(mode & 0o077, 0, "nobody else reads it");
    });

    it("lists the users, and the super user as the member's own client", async () => {
        const { code, output } = await execute(logins, users);
        assert.equal(code, 0, output);
        const module = "org.apache.zookeeper.server.auth.DigestLoginModule required";
        assert.equal(
            await written("jaas.conf"),
            `Server { ${module}  user_super="one" user_heron="two"; };\n` +
                `Client { ${module} username="super" password="one"; };\n`,
        );
    });

    it("escapes what Java would read as an escape or an end", async () => {
        await execute(logins, { ...users, ...login("user-heron", "heron", 'a"b\\c&$d ;}') });
        assert.match(await written("jaas.conf"), / user_heron="a\\"b\\\\c&\$d ;}"; };\n/);
    });

    for (const [what, settings, files, reason] of [
        [
            "a key that is not PKCS8",
            tls,
            { ...both, "quorum/tls.key": pem("RSA PRIVATE KEY", "x") },
            "quorum: the key is not PKCS8 (BEGIN PRIVATE KEY)",
        ],
        ["no authority", tls, { ...both, "client/ca.crt": "" }, "client: no certificate in ca.crt"],
        ["no certificate", tls, { ...both, "client/tls.crt": "x" }, "client: no certificate in tls.crt"],
        [
            "a user name that is none",
            logins,
            { ...users, ...login("super", "a b -Dx=y", "one") },
            "super: the user name may have letters, digits, ., _ and -",
        ],
        [
            "the same user twice",
            logins,
            { ...users, ...login("user-heron", "super", "two") },
            "user-heron: another login has the same user name",
        ],
        ["no password", logins, { ...users, ...login("super", "super", "\n") }, "super: the password is empty"],
        [
            "a password with a variable",
            logins,
            { ...users, ...login("super", "super", "hunter2${x}") },
            "super: the password has a line break or ${",
        ],
        [
            "a password of two lines",
            logins,
            { ...users, ...login("super", "super", "hunter2\nhunter3") },
            "super: the password has a line break or ${",
        ],
    ] as const) {
        it(`refuses ${what}, and says so without the secret`, async () => {
            const { code, output } = await execute(settings, files);
            assert.equal(code, 1);
            assert.equal(output, `${reason}\n`);
        });
    }
});
