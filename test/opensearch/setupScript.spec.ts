import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { type Lifecycle, lifecyclePolicies } from "../../components/opensearch/lifecycle";
import {
    type ClusterSetup,
    policyFile,
    repositoryFile,
    type SetupPlaces,
    setupPlaces,
    setupScript,
} from "../../components/opensearch/setupScript";
import { type Answer, bash, type Call, FakeCluster, folder, removeFolders, write } from "./support/bash";

after(removeFolders);

const healthy: Answer = { status: 200, body: { status: "red", number_of_data_nodes: 3, number_of_nodes: 3 } };

/** The part of a cluster that the script talks to: policies with their versions, and repositories. */
function memory(health: Answer[] = []) {
    const policies = new Map<string, { document: string; version: number }>();
    const answer = ({ method, path, body }: Call): Answer => {
        const { pathname, searchParams } = new URL(path, "http://fake");
        if (pathname === "/_cluster/health") {
            return health.shift() ?? healthy;
        }
        const name = /^\/_plugins\/_ism\/policies\/(.+)$/.exec(pathname)?.[1];
        if (name === undefined) {
            return { status: 200, body: { failures: true } };
        }
        const held = policies.get(name);
        if (method === "GET") {
            return held === undefined
                ? { status: 404, body: { error: "Policy not found" } }
                : {
                      status: 200,
                      body: { _id: name, _seq_no: held.version, _primary_term: 7, ...JSON.parse(held.document) },
                  };
        }
        const based = [searchParams.get("if_seq_no"), searchParams.get("if_primary_term")];
        const wanted = held === undefined ? [null, null] : [String(held.version), "7"];
        if (JSON.stringify(based) !== JSON.stringify(wanted)) {
            return { status: 409, body: { error: "version_conflict_engine_exception" } };
        }
        policies.set(name, { document: body, version: (held?.version ?? 40) + 1 });
        return { status: held === undefined ? 201 : 200 };
    };
    return { policies, answer };
}

const monthly: Lifecycle = { name: "states", patterns: ["prod__state-*", "prod__analytics-*"], deleteAfter: "30d" };

/** Runs the script against a server. */
async function run(
    fake: FakeCluster,
    given: { readonly lifecycle?: readonly Lifecycle[]; readonly repositories?: readonly string[] } & Partial<
        Pick<ClusterSetup, "secure">
    > &
        Partial<SetupPlaces>,
) {
    const files = given.files ?? folder();
    const lifecycle = lifecyclePolicies(given.lifecycle ?? []);
    const repositories = given.repositories ?? [];
    write(files, {
        x: "",
        ...Object.fromEntries(lifecycle.map((policy) => [policyFile(policy.name), policy.document])),
        ...Object.fromEntries(repositories.map((name) => [repositoryFile(name), `{"type":"s3","of":"${name}"}`])),
    });
    const setup = { host: "localhost", port: fake.port, secure: given.secure ?? false, lifecycle, repositories };
    const places = { ...setupPlaces, scratch: folder(), pause: 0.1, ...given, files };
    return bash(setupScript(setup, places));
}

describe("the setup of a cluster", () => {
    let fake: FakeCluster;
    afterEach(() => fake.stop());

    it("waits until the cluster answers and has a data node, whatever its colour", async () => {
        const { answer } = memory([
            { status: 503 },
            { status: 200, body: { status: "green", number_of_data_nodes: 0, number_of_nodes: 3 } },
        ]);
        fake = await FakeCluster.start(answer);
        const { code, output } = await run(fake, {});
        assert.equal(code, 0, output);
        assert.deepEqual(
            fake.requests,
            Array.from({ length: 3 }, () => "GET /_cluster/health"),
        );
        assert.match(output, /waiting for the cluster \(status 503\)/);
    });

    it("writes a policy, and gives it to the indices that are there", async () => {
        const { policies, answer } = memory();
        fake = await FakeCluster.start(answer);
        const { code, output } = await run(fake, { lifecycle: [monthly] });
        assert.equal(code, 0, output);
        assert.deepEqual(fake.requests, [
            "GET /_cluster/health",
            "GET /_plugins/_ism/policies/states",
            "PUT /_plugins/_ism/policies/states",
            "POST /_plugins/_ism/add/prod__state-*,prod__analytics-*",
        ]);
        assert.equal(policies.get("states")?.document, lifecyclePolicies([monthly])[0]?.document);
        assert.equal(fake.calls.at(-1)?.body, '{"policy_id":"states"}');
    });

    it("changes nothing when repeated", async () => {
        const { policies, answer } = memory();
        fake = await FakeCluster.start(answer);
        await run(fake, { lifecycle: [monthly] });
        const again = await run(fake, { lifecycle: [monthly] });
        assert.equal(again.code, 0, again.output);
        assert.equal(policies.get("states")?.version, 41);
        assert.equal(fake.requests.filter((each) => each.startsWith("PUT")).length, 1);
    });

    it("changes a policy on the version that it read, and tells the indices that have it", async () => {
        const { policies, answer } = memory();
        fake = await FakeCluster.start(answer);
        await run(fake, { lifecycle: [monthly] });
        const changed = await run(fake, { lifecycle: [{ ...monthly, deleteAfter: "90d" }] });
        assert.equal(changed.code, 0, changed.output);
        assert.match(policies.get("states")?.document ?? "", /"min_index_age":"90d"/);
        assert.deepEqual(fake.requests.slice(-3), [
            "PUT /_plugins/_ism/policies/states?if_seq_no=41&if_primary_term=7",
            "POST /_plugins/_ism/change_policy/prod__state-*,prod__analytics-*",
            "POST /_plugins/_ism/add/prod__state-*,prod__analytics-*",
        ]);
    });

    it("registers repositories", async () => {
        fake = await FakeCluster.start(memory().answer);
        const { code, output } = await run(fake, { repositories: ["nightly", "archive"] });
        assert.equal(code, 0, output);
        assert.deepEqual(
            fake.calls.slice(1).map(({ method, path, body }) => [method, path, body]),
            [
                ["PUT", "/_snapshot/nightly", '{"type":"s3","of":"nightly"}'],
                ["PUT", "/_snapshot/archive", '{"type":"s3","of":"archive"}'],
            ],
        );
    });

    for (const [what, path, given] of [
        ["a policy", "/_plugins/_ism/policies/states", { lifecycle: [monthly] }],
        ["the indices of a policy", "/_plugins/_ism/add/", { lifecycle: [monthly] }],
        ["a repository", "/_snapshot/nightly", { repositories: ["nightly"] }],
    ] as const) {
        it(`fails, and shows why, when ${what} is refused`, async () => {
            const { answer } = memory();
            fake = await FakeCluster.start((call) =>
                call.path.startsWith(path) ? { status: 500, body: "no such plugin" } : answer(call),
            );
            const { code, output } = await run(fake, given);
            assert.equal(code, 1);
            assert.match(output, /status 500\nno such plugin/);
        });
    }
});

describe("the setup of a cluster with security", () => {
    const admin = folder();
    const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: admin, stdio: "ignore" });
    let fake: FakeCluster;
    afterEach(() => fake.stop());

    before(() => {
        // One certificate that signs itself, for both ends: what counts is that the script shows and checks one.
        const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "1"];
        const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        openssl("req", "-x509", ...key, ...subject, "-keyout", "tls.key", "-out", "tls.crt");
        execFileSync("cp", ["tls.crt", "ca.crt"], { cwd: admin });
    });

    /** A server that only talks to those who show the administrator's certificate. */
    const secured = (answer: (call: Call) => Answer) => {
        const pem = (file: string) => readFileSync(join(admin, file));
        const own = { key: pem("tls.key"), cert: pem("tls.crt"), ca: pem("ca.crt") };
        return FakeCluster.start(answer, (handler) =>
            createServer({ ...own, requestCert: true, rejectUnauthorized: true }, handler),
        );
    };

    /** A tool that fails as often as asked before it succeeds, and writes down how it was called. */
    function tool(failures: number): { readonly securityTool: string; readonly calls: () => string[] } {
        const root = folder();
        const log = join(root, "calls");
        write(root, {
            tool: `echo "$*" >> '${log}'\necho "ERR: FAIL of 1 node"\n[ "$(wc -l < '${log}')" -gt ${failures} ]\n`,
        });
        return { securityTool: join(root, "tool"), calls: () => readFileSync(log, "utf8").trim().split("\n") };
    }

    it("writes the security index first, with the administrator's certificate, and again while the tool fails", async () => {
        fake = await secured(memory().answer);
        const { securityTool, calls } = tool(2);
        const { code, output } = await run(fake, { secure: true, admin, securityTool, lifecycle: [monthly] });
        assert.equal(code, 0, output);
        assert.equal(calls().length, 3);
        assert.equal(
            calls()[0],
            [
                `-arc -icl -h localhost -p ${fake.port} -cd /security`,
                `-cacert ${admin}/ca.crt -cert ${admin}/tls.crt -key ${admin}/tls.key`,
            ].join(" "),
        );
        assert.equal(fake.requests.length, 4);
        assert.match(output, /FAIL of 1 node[^]*policy states is there/);
    });

    it("talks to nobody whose certificate it does not trust", async () => {
        fake = await secured(memory().answer);
        const other = folder();
        execFileSync("cp", ["-r", `${admin}/.`, other]);
        const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "/dev/null"];
        execFileSync("openssl", ["req", "-x509", ...key, "-subj", "/CN=localhost", "-out", "ca.crt"], {
            cwd: other,
            stdio: "ignore",
        });
        const script = setupScript(
            { host: "localhost", port: fake.port, secure: true, lifecycle: [], repositories: [] },
            { ...setupPlaces, scratch: folder(), admin: other, pause: 0.1 },
        );
        const { code, output } = await bash(`timeout 1 bash -c "$1"`, script);
        assert.equal(code, 124);
        assert.match(output, /status 000/);
        assert.deepEqual(fake.calls, []);
    }).timeout(10_000);
});
