import * as assert from "node:assert";
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parse } from "yaml";
import { formatPins, resolvePins, usedImages, withPins } from "../../../bin/pin/pins";
import { parseImage, resolveDigest, tokenUrl } from "../../../bin/pin/registry";

const digest = `sha256:${"ab".repeat(32)}`;

describe("parseImage", () => {
    it("splits registry, repository and tag, and drops a digest", () => {
        assert.deepStrictEqual(parseImage(`localhost:5000/a/b:1.2@${digest}`), {
            registry: "localhost:5000",
            repository: "a/b",
            tag: "1.2",
        });
    });
    for (const reference of ["zookeeper", "docker.io/library/zookeeper", "localhost:5000/a"]) {
        it(`refuses ${reference}, which has no tag or no registry`, () => {
            assert.throws(() => parseImage(reference), /not a full image reference/);
        });
    }
});

describe("resolveDigest", () => {
    let server: Server;
    let base: string;
    let requests: string[];
    let answer: (request: IncomingMessage, response: ServerResponse) => void;

    beforeEach(async () => {
        requests = [];
        server = createServer((request, response) => {
            requests.push(`${request.method} ${request.url}`);
            answer(request, response);
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterEach(() => new Promise((resolve) => server.close(resolve)));

    const image = { registry: "registry.example.com", repository: "library/zookeeper", tag: "3.9.4" };
    const resolve = (): Promise<string> => resolveDigest(image, { baseUrl: () => base, timeoutSeconds: 0.3 });

    it("asks for an index before a manifest, and takes the header's digest", async () => {
        let accept = "";
        answer = (request, response) => {
            accept = request.headers.accept ?? "";
            response.writeHead(200, { "docker-content-digest": digest }).end();
        };
        assert.strictEqual(await resolve(), digest);
        assert.deepStrictEqual(requests, ["HEAD /v2/library/zookeeper/manifests/3.9.4"]);
        assert.ok(accept.startsWith("application/vnd.oci.image.index.v1+json"));
    });

    it("gets an anonymous token where the registry wants one", async () => {
        answer = (request, response) => {
            if (request.url?.startsWith("/token")) {
                response.end(JSON.stringify({ token: "t0k" }));
            } else if (request.headers.authorization === "Bearer t0k") {
                response.writeHead(200, { "docker-content-digest": digest }).end();
            } else {
                const challenge = `Bearer realm="${base}/token",service="reg",scope="repository:library/zookeeper:pull"`;
                response.writeHead(401, { "www-authenticate": challenge }).end();
            }
        };
        assert.strictEqual(await resolve(), digest);
        assert.deepStrictEqual(requests, [
            "HEAD /v2/library/zookeeper/manifests/3.9.4",
            "GET /token?service=reg&scope=repository%3Alibrary%2Fzookeeper%3Apull",
            "HEAD /v2/library/zookeeper/manifests/3.9.4",
        ]);
    });

    it("hashes the manifest where the registry sends no digest", async () => {
        answer = (_, response) => response.end("{}");
        assert.strictEqual(await resolve(), `sha256:${createHash("sha256").update("{}").digest("hex")}`);
    });

    const faults: readonly [string, typeof answer, RegExp][] = [
        ["an unknown tag", (_, response) => response.writeHead(404).end(), /zookeeper:3\.9\.4: there is no such tag$/],
        ["a failing registry", (_, response) => response.writeHead(503).end(), /registry\.example\.com answers 503$/],
        ["an answer that never comes", () => undefined, /can't be reached \(no answer in time\)$/],
        [
            "a registry with passwords only",
            (_, response) => response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end(),
            /wants credentials/,
        ],
        [
            "a token server that refuses",
            (request, response) =>
                request.url?.startsWith("/token")
                    ? response.writeHead(403).end()
                    : response.writeHead(401, { "www-authenticate": `Bearer realm="${base}/token"` }).end(),
            /gives no token without credentials$/,
        ],
        [
            "a strange digest",
            (_, response) => response.writeHead(200, { "docker-content-digest": "md5:1" }).end(),
            /gives no sha256 digest$/,
        ],
    ];
    for (const [what, how, message] of faults) {
        it(`says in one line what is wrong: ${what}`, async () => {
            answer = how;
            await assert.rejects(resolve(), (error: Error) => {
                assert.match(error.message, message);
                assert.ok(!error.message.includes("\n"));
                return true;
            });
            server.closeAllConnections();
        });
    }

    it("says in one line that a registry can't be reached", async () => {
        await assert.rejects(
            resolveDigest(image, { baseUrl: () => "http://127.0.0.1:1" }),
            /^Error: registry\.example\.com\/library\/zookeeper:3\.9\.4: 127\.0\.0\.1:1 can't be reached \(.+\)$/,
        );
    });

    it("resolves what it can and lists the rest", async () => {
        answer = (request, response) =>
            request.url?.includes("gone")
                ? response.writeHead(404).end()
                : response.writeHead(200, { "docker-content-digest": digest }).end();
        const host = new URL(base).host;
        const resolved = await resolvePins({ zookeeper: `${host}/zk:1@sha256:old`, old: `${host}/gone:2`, odd: "zk" });
        assert.deepStrictEqual(resolved, {
            pins: { zookeeper: `1@${digest}` },
            faults: ["zk: not a full image reference, registry/repository:tag", `${host}/gone:2: there is no such tag`],
        });
    });
});

describe("tokenUrl", () => {
    it("asks for the right to pull where the challenge names no scope", () => {
        const url = tokenUrl('Bearer realm="https://auth.example.com/token?x=1"', "a/b");
        assert.strictEqual(url, "https://auth.example.com/token?x=1&scope=repository%3Aa%2Fb%3Apull");
    });
    it("knows no other kind of challenge", () =>
        assert.strictEqual(tokenUrl('Basic realm="https://x"', "a"), undefined));
});

describe("pins", () => {
    it("are for the images that the plan mentions, in pods and in configuration", () => {
        const references = { a: "r.example.com/a:1", b: "r.example.com/b:1", c: "r.example.com/c:1" };
        const resources = [
            { inputs: { spec: { containers: [{ image: "r.example.com/a:1" }] } } },
            { inputs: { data: { "config.yaml": "image: r.example.com/b:1\n" } } },
        ];
        assert.deepStrictEqual(Object.keys(usedImages(references, resources)), ["a", "b"]);
    });

    it("print as a block to paste", () => {
        assert.strictEqual(formatPins({ zookeeper: "1@sha256:0" }), 'pins:\n  zookeeper: "1@sha256:0"\n');
    });

    const pins = { zookeeper: "3.9.4@sha256:0" };
    const pinned = (file: string): unknown => (parse(withPins(file, pins)) as { config: unknown }).config;

    it("keep comments, other pins and the rest of the file", () => {
        const file = [
            "# top",
            "encryptionsalt: v1:x",
            "config:",
            "  # about images",
            "  data-platform:images:",
            "    registry: r.example.com # mirror",
            "    pins:",
            "      opensearch: 3.1.0",
            '      zookeeper: "3.9.3"',
            "",
            "  data-platform:zookeeper: { members: 3 }",
            "",
        ].join("\n");
        assert.strictEqual(withPins(file, pins), file.replace('"3.9.3"', '"3.9.4@sha256:0"'));
    });

    it("go into a file without any image settings, and below a key without the project's name", () => {
        assert.deepStrictEqual(pinned("config:\n  a:b: 1\n"), { "a:b": 1, "data-platform:images": { pins } });
        assert.deepStrictEqual(pinned("config:\n  images: { registry: r }\n"), { images: { registry: "r", pins } });
    });
});
