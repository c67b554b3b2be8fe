import * as assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { homedir, tmpdir } from "node:os";
import * as path from "node:path";
import { stringify } from "yaml";
import { apiServerOf, expectReachable, kubeconfigFiles } from "../../stacks/reachable";

const kubeconfig = (server: string, more: Record<string, unknown> = {}): string =>
    stringify({
        "current-context": "kind-dev",
        contexts: [
            { name: "kind-dev", context: { cluster: "one", user: "me" } },
            { name: "prod", context: { cluster: "two", user: "me" } },
            { name: "torn", context: { cluster: "gone", user: "me" } },
        ],
        clusters: [
            { name: "one", cluster: { server } },
            { name: "two", cluster: { server: "https://prod.example.com", "proxy-url": "http://proxy" } },
        ],
        users: [{ name: "me", user: { token: "hunter2" } }],
        ...more,
    });

describe("the kubeconfig files", () => {
    it("are those of KUBECONFIG, or the one at home", () => {
        const home = path.join(homedir(), ".kube", "config");
        assert.deepEqual(kubeconfigFiles({}), [home]);
        assert.deepEqual(kubeconfigFiles({ KUBECONFIG: "" }), [home]);
        assert.deepEqual(kubeconfigFiles({ KUBECONFIG: ["a", "", "b"].join(path.delimiter) }), ["a", "b"]);
    });
});

describe("the address of an API server", () => {
    const text = kubeconfig("https://127.0.0.1:6443");

    it("is that of the context's cluster, or of the current one's", () => {
        assert.deepEqual(apiServerOf([text], "kind-dev"), { server: "https://127.0.0.1:6443", proxied: false });
        assert.deepEqual(apiServerOf([text]), { server: "https://127.0.0.1:6443", proxied: false });
        assert.deepEqual(apiServerOf([text], "prod"), { server: "https://prod.example.com", proxied: true });
    });

    it("may be spread over files, of which the first that says something counts", () => {
        const other = kubeconfig("https://other", { "current-context": "prod" });
        const contexts = kubeconfig("", { clusters: [], "current-context": undefined });
        assert.deepEqual(apiServerOf(["", contexts, text]).server, "https://127.0.0.1:6443");
        assert.equal(apiServerOf([text, other]).server, "https://127.0.0.1:6443");
        assert.equal(
            apiServerOf([kubeconfig("x", { clusters: null, contexts: null }), text]).server,
            "https://127.0.0.1:6443",
        );
    });

    for (const [what, texts, context, message] of [
        [
            "a context that is missing",
            [text],
            "kind-prod",
            'the kubeconfig has no context "kind-prod" (it has kind-dev, prod, torn)',
        ],
        ["no kubeconfig", [], "kind-dev", 'the kubeconfig has no context "kind-dev"'],
        [
            "no current context",
            [kubeconfig("x", { "current-context": undefined })],
            undefined,
            'the kubeconfig has no context "" (it has kind-dev, prod, torn)',
        ],
        [
            "a context of a missing cluster",
            [text],
            "torn",
            'the kubeconfig\'s context "torn" names a cluster that is not there',
        ],
        [
            "broken YAML",
            ["users: [{ token: hunter2"],
            "a",
            "the kubeconfig can't be read: it is not YAML with contexts and clusters",
        ],
        [
            "another document",
            ["contexts: hunter2"],
            "a",
            "the kubeconfig can't be read: it is not YAML with contexts and clusters",
        ],
    ] as const) {
        it(`is not found with ${what}, in one line that shows no credentials`, () => {
            assert.throws(() => apiServerOf(texts, context), { message });
            assert.doesNotMatch(message, /hunter2|\n/);
        });
    }
});

describe("a cluster", () => {
    let listening: Server;
    let silent = 0;
    let directory = "";
    const portOf = (server: Server): number => (server.address() as AddressInfo).port;
    const listen = (): Promise<Server> =>
        new Promise((resolve) => {
            const server = createServer((socket) => socket.destroy());
            server.listen(0, "127.0.0.1", () => resolve(server));
        });
    const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

    before(async () => {
        directory = mkdtempSync(path.join(tmpdir(), "kube-"));
        listening = await listen();
        const closed = await listen();
        silent = portOf(closed);
        await close(closed);
    });
    after(async () => {
        rmSync(directory, { recursive: true });
        await close(listening);
    });

    it("that answers is reached, by a kubeconfig's content", async () => {
        await expectReachable({ kubeconfig: kubeconfig(`https://127.0.0.1:${portOf(listening)}`) }, {});
    });

    it("that answers is reached, by a context of the files", async () => {
        const file = path.join(directory, "config");
        writeFileSync(file, kubeconfig(`https://127.0.0.1:${portOf(listening)}`));
        const environment = { KUBECONFIG: [path.join(directory, "missing"), file].join(path.delimiter) };
        await expectReachable({ context: "kind-dev" }, environment);
        await assert.rejects(expectReachable({ context: "nope" }, environment), /the kubeconfig has no context "nope"/);
    });

    it("that does not answer is named in one line", async () => {
        const server = `https://127.0.0.1:${silent}`;
        await assert.rejects(expectReachable({ kubeconfig: kubeconfig(server) }, {}), {
            message: `the cluster's API server ${server} can't be reached (ECONNREFUSED); nothing was changed`,
        });
    });

    it("behind a proxy is not judged from here", async () => {
        const text = kubeconfig(`https://127.0.0.1:${silent}`);
        await expectReachable({ kubeconfig: text }, { HTTPS_PROXY: "http://proxy" });
        await expectReachable({ kubeconfig: text }, { https_proxy: "http://proxy" });
        await expectReachable({ kubeconfig: text, context: "prod" }, {});
    });

    it("at an IPv6 address is asked there", async () => {
        await assert.rejects(
            expectReachable({ kubeconfig: kubeconfig("https://[::1]:1") }, {}),
            /API server https:\/\/\[::1\]:1 can't be reached \((ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH|EAFNOSUPPORT)\)/,
        );
    });
});
