import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { htpasswdLine } from "../../components/dashboard/htpasswd";
import type { ExposureSettings } from "../../components/dashboard/schema";
import { forward, ingress, loadBalancer, nobodyAsked } from "../dashboard/exposures";
import { type Ask, ask, listening, makeCertificate, open, plannedProxy, RunningProxy } from "./support/proxy";
import { requireProgram } from "./support/tools";

/** As the component writes a generated login, and as people's own files have it: htpasswd -B and Python's crypt. */
const users = [
    htpasswdLine("operator", "generated-password", "0123456789abcdefghijkl"),
    "jo:$2b$05$DJiBHI2BhDu6vWcCuUuxmeAPyKHGuudUJWmfr4bcE8kCv2RTacmt6\n",
].join("");
const operator = "operator:generated-password";
const jo = "jo:correct horse battery";
const app = "http://app.apps.svc.cluster.local:80";

interface Seen {
    readonly method: string | undefined;
    readonly url: string | undefined;
    readonly headers: http.IncomingHttpHeaders;
    readonly body: string;
}

/** A server that remembers each request and answers as it is told. */
async function recorder(answer: (response: http.ServerResponse, seen: Seen) => void, server = http.createServer()) {
    const seen: Seen[] = [];
    server.on("request", (request: http.IncomingMessage, response: http.ServerResponse) => {
        const parts: Buffer[] = [];
        request.on("data", (part: Buffer) => parts.push(part));
        request.on("end", () => {
            const { method, url, headers } = request;
            const one = { method, url, headers, body: Buffer.concat(parts).toString() };
            seen.push(one);
            answer(response, one);
        });
    });
    const { port } = await listening(server);
    return { seen, port, server };
}

describe("the proxy of a dashboard, run by nginx", () => {
    const running: RunningProxy[] = [];
    const servers: http.Server[] = [];

    before(async function () {
        await requireProgram(this, "nginx", "-v");
        await requireProgram(this, "openssl", "version");
    });

    afterEach(async () => {
        await Promise.all(running.splice(0).map((proxy) => proxy.stop()));
        for (const server of servers.splice(0)) {
            server.closeAllConnections();
            server.close();
        }
    });

    const started = async (...given: Parameters<typeof RunningProxy.start>) => {
        const proxy = await RunningProxy.start(...given);
        running.push(proxy);
        return proxy;
    };

    const recording = async (...given: Parameters<typeof recorder>) => {
        const one = await recorder(...given);
        servers.push(one.server);
        return one;
    };

    /** A proxy that asks for a password, in front of a server that says "app". */
    const withPassword = async (settings: ExposureSettings = ingress()) => {
        const backend = await recording((response) => response.end("app"));
        const proxy = await started(
            await plannedProxy(settings),
            { [app]: `http://127.0.0.1:${backend.port}` },
            async (folder) => {
                fs.writeFileSync(join(folder("login"), "htpasswd"), users);
                await makeCertificate(folder("tls"));
            },
        );
        return { ...backend, proxy };
    };

    describe("with a password", () => {
        for (const [what, login, status] of [
            ["nobody", undefined, 401],
            ["somebody unknown", "other:generated-password", 401],
            ["a wrong password", "operator:generated-passwor", 401],
            ["the generated login", operator, 200],
            ["a login of bcrypt", jo, 200],
            ["a wrong password of bcrypt", "jo:correct horse", 401],
        ] as const) {
            it(`answers ${status} to ${what}`, async () => {
                const { proxy, seen } = await withPassword();
                seen.length = 0;
                const reply = await ask(proxy.port, "/", login === undefined ? {} : { login });
                assert.equal(reply.status, status);
                assert.equal(seen.length, status === 200 ? 1 : 0);
                assert.equal(reply.headers["www-authenticate"], status === 200 ? undefined : 'Basic realm="ui"');
            });
        }

        it("answers probes without one, on that one path", async () => {
            const { proxy, seen } = await withPassword();
            const reply = await ask(proxy.port, "/healthz");
            assert.deepEqual([reply.status, reply.body], [200, "ok\n"]);
            for (const path of ["/healthz/", "/healthz/../", "/healthz%2f..%2f", "//", "/healthz/..//healthz/x"]) {
                assert.equal((await ask(proxy.port, path)).status, 401, path);
            }
            assert.equal(seen.length, 0);
        });

        it("tells the backend who asks for what, but no password", async () => {
            const { proxy, seen } = await withPassword();
            await ask(proxy.port, "/a%2Fb/../c?d=e%20f", {
                login: operator,
                headers: {
                    host: "ui.example.com",
                    "x-forwarded-for": "203.0.113.9",
                    "x-forwarded-proto": "gopher",
                    forwarded: "for=203.0.113.9",
                },
            });
            const [one] = seen;
            assert.equal(one?.url, "/a%2Fb/../c?d=e%20f");
            assert.deepEqual(
                ["host", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded", "authorization"].map(
                    (name) => one.headers[name],
                ),
                ["ui.example.com", "203.0.113.9, 127.0.0.1", "https", "ui.example.com", undefined, undefined],
            );
        });

        it("believes nothing that a browser says about itself where it stands at the edge", async () => {
            const settings = loadBalancer();
            const { proxy, seen } = await withPassword(settings);
            const authority = fs.readFileSync(join(proxy.folder("tls"), "tls.crt"));
            const headers = { "x-forwarded-for": "203.0.113.9" };
            assert.equal((await ask(proxy.port, "/", { login: operator, headers, authority })).status, 200);
            assert.equal(seen[0]?.headers["x-forwarded-for"], "127.0.0.1");
        });

        it("reads a changed password file without a restart", async () => {
            const { proxy } = await withPassword();
            const file = join(proxy.folder("login"), "htpasswd");
            fs.writeFileSync(file, htpasswdLine("operator", "next", "0123456789abcdefghijkl"));
            assert.equal((await ask(proxy.port, "/", { login: operator })).status, 401);
            assert.equal((await ask(proxy.port, "/", { login: "operator:next" })).status, 200);
        });

        it("keeps query strings out of its access log, and passwords out of all that it logs", async () => {
            const { proxy } = await withPassword();
            await ask(proxy.port, "/page?token=abc", { login: operator });
            await ask(proxy.port, "/page?token=abc", { login: "operator:not-it" });
            assert.match(proxy.log, /127\.0\.0\.1 - operator \[.*\] "GET \/page" 200 /);
            const access = proxy.log.split("\n").filter((line) => line.startsWith("127.0.0.1 - "));
            assert.doesNotMatch(access.join("\n"), /token/);
            assert.doesNotMatch(proxy.log, /generated-password|not-it/);
        });

        it("passes uploads up to their limit", async () => {
            const { proxy, seen } = await withPassword(ingress({ proxy: { maxBodySize: "8Mi" } }));
            const most = Buffer.alloc(8 * 2 ** 20, "a");
            const upload: Ask = { method: "POST", login: operator };
            assert.equal((await ask(proxy.port, "/", { ...upload, body: most })).status, 200);
            assert.equal(seen.at(-1)?.body.length, most.length);
            const more = await ask(proxy.port, "/", {
                ...upload,
                headers: { "content-length": String(most.length + 1), expect: "100-continue" },
            });
            assert.equal(more.status, 413);
        });

        it("passes request and answer on while they are written", async () => {
            // Says what it hears.
            const echo = http.createServer((request, response) => request.pipe(response));
            servers.push(echo);
            const { port } = await listening(echo);
            const proxy = await started(
                await plannedProxy(ingress()),
                { [app]: `http://127.0.0.1:${port}` },
                (folder) => fs.writeFileSync(join(folder("login"), "htpasswd"), users),
            );
            const request = open(proxy.port, "/", { method: "POST", login: operator });
            const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
                request.on("response", resolve).on("error", reject);
            });
            const words = ["one", "two", "three"];
            request.write(words[0]);
            const heard: string[] = [];
            for await (const part of await answered) {
                const next = words[heard.push(String(part))];
                if (next === undefined) {
                    request.end();
                } else {
                    request.write(next);
                }
            }
            assert.deepEqual(heard, words);
        }).timeout(10_000);

        it("holds a backend back whose answer nobody reads, rather than keep it on its disk", async () => {
            let written = false;
            const backend = await recording((response) => {
                response.on("finish", () => (written = true));
                // More than all the buffers of kernels and nginx on the way.
                response.end(Buffer.alloc(64 * 2 ** 20));
            });
            const proxy = await started(
                await plannedProxy(ingress()),
                { [app]: `http://127.0.0.1:${backend.port}` },
                (folder) => fs.writeFileSync(join(folder("login"), "htpasswd"), users),
            );
            const request = open(proxy.port, "/", { login: operator });
            const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
                request.on("response", resolve).on("error", reject).end();
            });
            await new Promise((resolve) => setTimeout(resolve, 2000));
            assert.equal(written, false);
            response.resume();
            await new Promise((resolve) => response.on("end", resolve));
            assert.equal(written, true);
        });

        it("passes WebSockets on, with the password only", async () => {
            const { proxy, server } = await withPassword();
            server.on("upgrade", (request, socket) => {
                socket.write(
                    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${request.headers.upgrade ?? ""}\r\nConnection: Upgrade\r\n\r\n`,
                );
                socket.on("data", (data: Buffer) => socket.end(data.toString().toUpperCase()));
            });
            const headers = { connection: "Upgrade", upgrade: "websocket" };
            assert.equal((await ask(proxy.port, "/socket", { headers })).status, 401);
            const said = await new Promise((resolve, reject) => {
                const request = open(proxy.port, "/socket", { headers, login: operator });
                request.on("error", reject);
                request.on("response", (response) => reject(new Error(`no upgrade: ${response.statusCode ?? 0}`)));
                request.on("upgrade", (response, socket) => {
                    assert.equal(response.statusCode, 101);
                    socket.on("data", (data: Buffer) => resolve(data.toString()));
                    socket.write("hello");
                });
                request.end();
            });
            assert.equal(said, "HELLO");
        });
    });

    describe("with somebody else's server", () => {
        const asking = async (
            answer: (response: http.ServerResponse, seen: Seen) => void,
            authentication: Partial<typeof forward> = {},
        ) => {
            const backend = await recording((response) => {
                response.setHeader("set-cookie", "app=1");
                response.end("app");
            });
            const sso = await recording(answer);
            const settings = ingress({ authentication: { ...forward, ...authentication } });
            const proxy = await started(await plannedProxy(settings), {
                [app]: `http://127.0.0.1:${backend.port}`,
                "http://auth.sso.svc.cluster.local": `http://127.0.0.1:${sso.port}`,
            });
            backend.seen.length = sso.seen.length = 0;
            return { proxy, backend: backend.seen, sso: sso.seen };
        };
        const says =
            (status: number, headers: http.OutgoingHttpHeaders = {}) =>
            (response: http.ServerResponse) =>
                response.writeHead(status, headers).end("sso");

        for (const [status, expected] of [
            [401, 401],
            [403, 403],
            [500, 500],
            [302, 500],
        ] as const) {
            it(`answers ${expected} where it says ${status}`, async () => {
                const { proxy, backend } = await asking(says(status));
                assert.equal((await ask(proxy.port, "/")).status, expected);
                assert.equal(backend.length, 0);
            });
        }

        it("lets a request pass where it says 202, and answers probes without asking", async () => {
            const { proxy, backend, sso } = await asking(says(202, { "set-cookie": "session=2" }));
            assert.equal((await ask(proxy.port, "/healthz")).status, 200);
            assert.deepEqual([backend.length, sso.length], [0, 0]);
            const reply = await ask(proxy.port, "/page?a=b", {
                method: "POST",
                body: "body",
                headers: { cookie: "session=1", host: "ui.example.com" },
            });
            assert.deepEqual([reply.status, reply.body], [200, "app"]);
            assert.deepEqual(reply.headers["set-cookie"], ["app=1", "session=2"]);
            assert.deepEqual([backend[0]?.method, backend[0]?.url, backend[0]?.body], ["POST", "/page?a=b", "body"]);
            const [asked] = sso;
            assert.deepEqual([asked?.url, asked?.body, asked?.headers.cookie], ["/oauth2/auth", "", "session=1"]);
            assert.equal(asked?.headers["x-original-url"], "https://ui.example.com/page?a=b");
            assert.equal(asked.headers["x-original-method"], "POST");
        });

        it("lets nobody past it by the path that asks", async () => {
            const { proxy, backend } = await asking(says(200));
            assert.equal((await ask(proxy.port, "/.proxy-authentication")).status, 404);
            assert.equal(backend.length, 0);
        });

        it("sends a browser to sign in, where there is a page for it", async () => {
            const signInUrl = "https://auth.example.com/start?rd=https://ui.example.com/";
            const { proxy, backend } = await asking(says(401), { signInUrl });
            const reply = await ask(proxy.port, "/");
            assert.deepEqual([reply.status, reply.headers.location, backend.length], [302, signInUrl, 0]);
        });
    });

    describe("with TLS", () => {
        const peer = (port: number) =>
            new Promise<TLSSocket>((resolve, reject) => {
                const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => resolve(socket));
                socket.on("error", reject);
            });
        const fingerprint = async (port: number) => {
            const socket = await peer(port);
            const { fingerprint256 } = socket.getPeerCertificate();
            socket.destroy();
            return fingerprint256;
        };

        it("serves, also the probe, and says so to the backend", async () => {
            const { proxy, seen } = await withPassword(loadBalancer({ authentication: nobodyAsked }));
            const authority = fs.readFileSync(join(proxy.folder("tls"), "tls.crt"));
            assert.equal((await ask(proxy.port, "/healthz", { authority })).body, "ok\n");
            assert.equal((await ask(proxy.port, "/", { authority })).body, "app");
            assert.equal(seen.at(-1)?.headers["x-forwarded-proto"], "https");
            assert.equal((await ask(proxy.port, "/")).status, 400, "no TLS");
        });

        it("serves a renewed certificate without a restart", async () => {
            const { proxy } = await withPassword(loadBalancer());
            const before = await fingerprint(proxy.port);
            assert.equal(await fingerprint(proxy.port), before);
            await makeCertificate(proxy.folder("tls"));
            assert.notEqual(await fingerprint(proxy.port), before);
        });
    });

    describe("in front of a backend with TLS", () => {
        it("asks only one that its authority vouches for", async () => {
            const folder = fs.mkdtempSync(join(tmpdir(), "backend-"));
            const certificate = await makeCertificate(folder);
            const key = fs.readFileSync(join(folder, "tls.key"));
            const backend = await recording(
                (response) => response.end("app"),
                https.createServer({ key, cert: certificate }),
            );
            const plan = await plannedProxy(ingress(), { scheme: "https", caCertificate: "PEM" });
            const addresses = { [app.replace("http:", "https:")]: `https://localhost:${backend.port}` };
            const trusting = (authority: Buffer) =>
                started(plan, addresses, (name) => {
                    fs.writeFileSync(join(name("login"), "htpasswd"), users);
                    fs.writeFileSync(join(name("backend"), "ca.crt"), authority);
                });
            const good = await trusting(certificate);
            assert.equal((await ask(good.port, "/", { login: operator })).status, 200);
            const bad = await trusting(await makeCertificate(folder));
            assert.equal((await ask(bad.port, "/", { login: operator })).status, 502);
            assert.match(bad.log, /certificate verify error/);
            fs.rmSync(folder, { recursive: true });
        });
    });
});
