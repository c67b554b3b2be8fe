import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import type { ClientRequest, IncomingMessage } from "node:http";
import { join } from "node:path";
import { eventually } from "../e2e/support/run";
import { login, type PlannedPod, plannedPod, RunningUploader, users } from "./support/nginx";
import { requireProgram } from "./support/tools";

const mebibyte = 2 ** 20;
const limit = { maxUploadSize: "1Mi", transferTimeout: "5s" } as const;

describe("nginx with the uploader's configuration", () => {
    let files: PlannedPod;
    let server: RunningUploader;

    before(async function () {
        await requireProgram(this, "nginx", "-v");
        files = await plannedPod(limit);
        server = await RunningUploader.start(files);
    });

    after(() => server.kill());

    const put = (path: string, body: Buffer | string, headers: Readonly<Record<string, string>> = {}) =>
        server.ask("PUT", path, { body, login, headers });
    const statusOf = async (method: string, path: string, as?: string) =>
        (await server.ask(method, path, as === undefined ? {} : { login: as })).status;

    it("is healthy on an empty volume, where / is nothing to see", async () => {
        const { status, body } = await server.ask("GET", "/healthz");
        assert.deepEqual([status, body.toString()], [200, "ok\n"]);
        assert.equal(await statusOf("HEAD", "/healthz"), 200);
        assert.equal(await statusOf("GET", "/"), 403);
        assert.equal(await statusOf("PUT", "/healthz", login), 403);
    });

    it("takes an upload with the password, and serves the same bytes to everybody", async () => {
        const bytes = randomBytes(300_000);
        assert.equal((await put("/job.tar.gz", bytes)).status, 201);
        const { status, body, headers } = await server.ask("GET", "/job.tar.gz");
        assert.equal(status, 200);
        assert.ok(body.equals(bytes));
        assert.equal(headers["content-type"], "application/octet-stream");
        assert.equal(headers["x-content-type-options"], "nosniff");
        assert.equal(headers.server, "nginx");
        assert.equal((await put("/page.html", "<script>")).status, 201);
        assert.equal((await server.ask("GET", "/page.html")).headers["content-type"], "application/octet-stream");
        assert.equal((await put("/job.tar.gz", "again")).status, 204);
        assert.equal((await server.ask("GET", "/job.tar.gz")).body.toString(), "again");
    });

    it("serves what was copied into its folder, as kubectl cp does", async () => {
        const packed = execFileSync("tar", ["-cf", "-", "-C", __dirname, "uploader.spec.ts"], { maxBuffer: mebibyte });
        execFileSync("tar", ["-xmf", "-", "-C", server.packages], { input: packed });
        const { body } = await server.ask("GET", "/uploader.spec.ts");
        assert.ok(body.equals(fs.readFileSync(__filename)));
    });

    for (const [what, given] of [
        ["without a password", {}],
        ["with a wrong password", { login: "build:wrong horse" }],
        ["with a wrong name", { login: "other:correct horse" }],
        ["with the hash for a password", { login: users.trim() }],
    ] as const) {
        it(`refuses to write ${what}`, async () => {
            await put("/held.tar.gz", "held");
            assert.equal((await server.ask("PUT", "/new.tar.gz", { body: "new", ...given })).status, 401);
            assert.equal((await server.ask("PUT", "/held.tar.gz", { body: "new", ...given })).status, 401);
            assert.equal((await server.ask("DELETE", "/held.tar.gz", given)).status, 401);
            assert.equal(await statusOf("GET", "/new.tar.gz"), 404);
            assert.equal((await server.ask("GET", "/held.tar.gz")).body.toString(), "held");
        });
    }

    it("follows a new password without a restart", async () => {
        const file = join(server.root, "login", "htpasswd");
        fs.writeFileSync(file, users.replace("build:", "renamed:"));
        try {
            assert.equal((await put("/renamed.tar.gz", "x")).status, 401);
            const reply = await server.ask("PUT", "/renamed.tar.gz", { body: "x", login: "renamed:correct horse" });
            assert.equal(reply.status, 201);
        } finally {
            fs.writeFileSync(file, users);
        }
    });

    it("takes a package of just the largest size, and no larger one", async () => {
        assert.equal((await put("/large.tar.gz", Buffer.alloc(mebibyte))).status, 201);
        assert.equal((await put("/larger.tar.gz", Buffer.alloc(mebibyte + 1))).status, 413);
        assert.equal(await statusOf("GET", "/larger.tar.gz"), 404);
    });

    it("makes the folders of a package", async () => {
        assert.equal((await put("/team/heron/topology.tar.gz", "nested")).status, 201);
        assert.equal((await server.ask("GET", "/team/heron/topology.tar.gz")).body.toString(), "nested");
        for (const folder of ["/team/", "/team/heron/"]) {
            assert.equal(await statusOf("GET", folder), 403, folder);
        }
    });

    for (const path of ["/.hidden", "/.uploads/0000000001", "/team/.hidden", "/team/%2ehidden"]) {
        it(`neither reads nor writes ${path}`, async () => {
            const file = join(server.packages, decodeURIComponent(path));
            fs.mkdirSync(join(file, ".."), { recursive: true });
            fs.writeFileSync(file, "hidden");
            for (const method of ["GET", "PUT", "DELETE"]) {
                assert.equal(await statusOf(method, path, login), 403, method);
            }
            assert.equal(fs.readFileSync(file, "utf8"), "hidden");
            fs.rmSync(file);
        });
    }

    it("is left by no path", async () => {
        assert.equal(await statusOf("GET", "/%2e%2e/login/htpasswd"), 400);
        assert.equal(await statusOf("GET", "/team/..%2f..%2flogin/htpasswd"), 400);
    });

    it("shows nothing that a link points to", async () => {
        fs.symlinkSync(join(server.root, "login", "htpasswd"), join(server.packages, "users"));
        fs.symlinkSync(join(server.root, "login"), join(server.packages, "folder"));
        for (const path of ["/users", "/folder/htpasswd"]) {
            assert.ok([403, 404].includes(await statusOf("GET", path)), path);
        }
    });

    it("deletes one package for a writer, and never a folder", async () => {
        await put("/team/old.tar.gz", "old");
        await put("/team/young.tar.gz", "young");
        assert.equal(await statusOf("DELETE", "/team/old.tar.gz", login), 204);
        assert.equal(await statusOf("GET", "/team/old.tar.gz"), 404);
        for (const [path, expected] of [
            ["/", 403],
            ["/team/", 403],
            ["/team", 409],
            ["/nothing.tar.gz", 404],
        ] as const) {
            assert.equal(await statusOf("DELETE", path, login), expected, path);
        }
        assert.equal((await server.ask("GET", "/team/young.tar.gz")).body.toString(), "young");
    });

    for (const method of ["POST", "MKCOL", "COPY", "MOVE", "PROPFIND"]) {
        it(`knows no ${method}`, async () => {
            await put("/here.tar.gz", "here");
            const destination = { destination: `http://127.0.0.1:${server.port}/there.tar.gz` };
            const { status } = await server.ask(method, "/here.tar.gz", { login, headers: destination });
            assert.equal(status, 405);
            assert.equal(await statusOf("GET", "/there.tar.gz"), 404);
        });
    }

    /** A PUT of which the server has a part. */
    const begun = async (path: string, bytes: Buffer): Promise<{ request: ClientRequest; reply: Promise<number> }> => {
        const authorization = `Basic ${Buffer.from(login).toString("base64")}`;
        const request = server.open("PUT", path, { "content-length": bytes.length, authorization });
        const reply = new Promise<number>((resolve) => {
            request.on("response", ({ statusCode }: IncomingMessage) => resolve(statusCode ?? 0));
            request.on("error", () => resolve(0));
        });
        request.write(bytes.subarray(0, bytes.length / 2));
        await eventually(() => {
            assert.ok(parts().some((size) => size > 0));
            return Promise.resolve();
        }, 10);
        return { request, reply };
    };
    const parts = () => {
        const folder = join(server.packages, ".uploads");
        return fs.readdirSync(folder).map((name) => fs.statSync(join(folder, name)).size);
    };

    it("shows no part of an upload, and the old package until the new one is whole", async () => {
        const bytes = randomBytes(600_000);
        await put("/replaced.tar.gz", "old");
        const [fresh, replaced] = [await begun("/slow.tar.gz", bytes), await begun("/replaced.tar.gz", bytes)];
        assert.equal(await statusOf("GET", "/slow.tar.gz"), 404);
        assert.equal((await server.ask("GET", "/replaced.tar.gz")).body.toString(), "old");
        for (const { request } of [fresh, replaced]) {
            request.end(bytes.subarray(bytes.length / 2));
        }
        assert.deepEqual(await Promise.all([fresh.reply, replaced.reply]), [201, 204]);
        assert.ok((await server.ask("GET", "/slow.tar.gz")).body.equals(bytes));
        assert.ok((await server.ask("GET", "/replaced.tar.gz")).body.equals(bytes));
    });

    it("forgets an upload that breaks off", async () => {
        const { request } = await begun("/broken.tar.gz", randomBytes(600_000));
        request.destroy();
        await eventually(() => {
            assert.deepEqual(parts(), []);
            return Promise.resolve();
        }, 10);
        assert.equal(await statusOf("GET", "/broken.tar.gz"), 404);
    });

    it("writes who wrote, and neither a password nor its own probes", () => {
        assert.match(server.log, /build \[.*"PUT \/job.tar.gz HTTP\/1.1" 201/);
        assert.doesNotMatch(server.log, /correct horse|\$2a\$|healthz HTTP\/1.1" 200/);
        assert.doesNotMatch(server.log, /\[(emerg|alert|crit)\]|No such file.*"GET /);
    });

    it("finishes an upload that is under way when it is asked to stop", async () => {
        const other = await RunningUploader.start(files);
        const all = server;
        server = other;
        try {
            const bytes = randomBytes(600_000);
            const { request, reply } = await begun("/last.tar.gz", bytes);
            const ended = other.end("SIGQUIT");
            await eventually(async () => {
                await assert.rejects(other.ask("GET", "/healthz"));
            }, 10);
            request.end(bytes.subarray(bytes.length / 2));
            assert.equal(await reply, 201);
            assert.equal(await ended, 0);
            assert.ok(fs.readFileSync(join(other.packages, "last.tar.gz")).equals(bytes));
        } finally {
            server = all;
            await other.kill();
        }
    });

    it("waits no longer than transferTimeout for one that never ends", async () => {
        const other = await RunningUploader.start(await plannedPod({ ...limit, transferTimeout: "1s" }));
        const all = server;
        server = other;
        try {
            const { reply } = await begun("/last.tar.gz", randomBytes(600_000));
            const asked = Date.now();
            assert.equal(await other.end("SIGQUIT"), 0);
            assert.ok(Date.now() - asked < 10_000);
            assert.equal(await reply, 0);
            assert.ok(!fs.existsSync(join(other.packages, "last.tar.gz")));
        } finally {
            server = all;
            await other.kill();
        }
    });

    it("removes what a killed server left of uploads, and nothing else", async () => {
        const other = await RunningUploader.start(files, (packages) => {
            fs.mkdirSync(join(packages, ".uploads"));
            fs.writeFileSync(join(packages, ".uploads", "0000000001"), "part");
            fs.writeFileSync(join(packages, "job.tar.gz"), "whole");
        });
        try {
            assert.deepEqual(fs.readdirSync(join(other.packages, ".uploads")), []);
            assert.equal((await other.ask("GET", "/job.tar.gz")).body.toString(), "whole");
        } finally {
            await other.kill();
        }
    });

    it("takes nothing over HTTP where nobody may write", async () => {
        const closed = await plannedPod({ ...limit, writing: { kind: "none" } });
        const other = await RunningUploader.start(closed);
        try {
            fs.writeFileSync(join(other.packages, "copied.tar.gz"), "copied");
            assert.equal((await other.ask("GET", "/copied.tar.gz")).body.toString(), "copied");
            for (const method of ["PUT", "DELETE", "POST"]) {
                assert.equal((await other.ask(method, "/copied.tar.gz", { body: "x", login })).status, 403, method);
            }
        } finally {
            await other.kill();
        }
    });
});
