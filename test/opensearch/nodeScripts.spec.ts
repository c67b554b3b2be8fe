import * as assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodePlaces, type NodePlaces, readinessScript, startScript } from "../../components/opensearch/nodeScripts";
import { type Answer, bash, FakeCluster, folder, removeFolders, write } from "./support/bash";

after(removeFolders);

/** A node's folders, with an entry point and a keystore tool that write down how they are called. */
function node(port = 1): NodePlaces & { readonly root: string } {
    const root = folder();
    const places = {
        root,
        data: join(root, "data"),
        scratch: join(root, "tmp"),
        config: join(root, "config"),
        entryPoint: join(root, "entry point"),
        keystoreTool: join(root, "keystore"),
        snapshotKeys: join(root, "snapshots"),
        certificates: join(root, "certificates"),
        login: join(root, "login"),
        url: `http://127.0.0.1:${port}`,
    };
    write(root, {
        "data/nodes/0/_state/x": "",
        "tmp/x": "",
        "config/x": "",
        managers: "os-0,os-1,os-2\n",
        login: 'user = "readiness:p4ss"\n',
        "entry point": `#!/bin/bash\nprintf '%s\\n' "$@" > "${root}/started"\n`,
        keystore: `#!/bin/bash\necho "$*" >> "${root}/keys"\n[ "$1" = add ] && cat >> "${root}/keys"\n[ "$1" = create ] && touch "${root}/config/opensearch.keystore"\nexit 0\n`,
    });
    return places;
}

const lines = (path: string) => readFileSync(path, "utf8").trim().split("\n");

describe("the start of a node", () => {
    const started = async (places: NodePlaces & { readonly root: string }, ...args: string[]) => {
        const ended = await bash(startScript([], places), ...args);
        assert.equal(ended.code, 0, ended.output);
        return lines(join(places.root, "started"));
    };

    it("names the first cluster managers while the volume has never been part of a cluster", async () => {
        const places = node();
        const expected = ["opensearch", "-Ecluster.initial_cluster_manager_nodes=os-0,os-1,os-2"];
        rmSync(join(places.data, "nodes"), { recursive: true });
        assert.deepEqual(await started(places, join(places.root, "managers")), expected);
        // A node that began and got no further has files, but no cluster: it must not wait for one for ever.
        write(places.data, { "nodes/0/_state/x": "" });
        assert.deepEqual(await started(places, join(places.root, "managers")), expected);
    });

    it("only joins once the volume has been part of one", async () => {
        const places = node();
        write(places.data, { ".joined": "" });
        assert.deepEqual(await started(places, join(places.root, "managers")), ["opensearch"]);
    });

    it("only joins where the node is no cluster manager", async () => {
        assert.deepEqual(await started(node()), ["opensearch"]);
    });

    it("forgets what an earlier container of the pod has seen", async () => {
        const places = node();
        write(places.scratch, { ".green": "", ".settled": "" });
        await started(places);
        assert.deepEqual(
            [".green", ".settled"].map((each) => existsSync(join(places.scratch, each))),
            [false, false],
        );
    });

    it("writes the keys of each repository into the keystore, again at each start", async () => {
        const places = node();
        write(places.root, {
            "snapshots/nightly/access_key": "AK",
            "snapshots/nightly/secret_key": "SK",
        });
        const script = startScript(["nightly"], places);
        assert.equal((await bash(script)).code, 0);
        const keys = [
            "add --force --stdin s3.client.nightly.access_key",
            "AKadd --force --stdin s3.client.nightly.secret_key",
        ];
        assert.deepEqual(lines(join(places.root, "keys")), ["create", ...keys, "SK"]);
        rmSync(join(places.root, "keys"));
        assert.equal((await bash(script)).code, 0);
        assert.deepEqual(lines(join(places.root, "keys")), [...keys, "SK"]);
    });

    it("fails, and starts nothing, without a key or without the names of the managers", async () => {
        const places = node();
        assert.notEqual((await bash(startScript(["nightly"], places))).code, 0);
        assert.notEqual((await bash(startScript([], places), join(places.root, "nothing"))).code, 0);
        assert.equal(existsSync(join(places.root, "started")), false);
    });
});

const health = "/_cluster/health?wait_for_status=green&timeout=1s&cluster_manager_timeout=2s";
const security = "/_plugins/_security/health?mode=strict";
const green: Answer = { status: 200, body: { status: "green" } };
const counts = {
    initializing_shards: 0,
    relocating_shards: 0,
    delayed_unassigned_shards: 0,
    number_of_pending_tasks: 0,
    number_of_in_flight_fetch: 0,
};
const yellow: Answer = { status: 408, body: { status: "yellow", timed_out: true, ...counts, percent: 50 } };
const notInitialised: Answer = { status: 503, body: "OpenSearch Security not initialized." };
const noManager: Answer = { status: 503, body: "OpenSearch Security not initialized. Cluster manager not present" };

describe("the readiness of a node", () => {
    /** Asks once: whether the node is ready, and what the probe left behind. */
    async function probe(
        answer: Answer,
        given: {
            readonly joined?: boolean;
            readonly green?: boolean;
            readonly manager?: boolean;
            readonly yellowAfter?: number;
            /** Age of the settled state in seconds. */
            readonly settled?: number;
        } = {},
    ) {
        const fake = await FakeCluster.start(() => answer);
        const places = node(fake.port);
        const settled = join(places.scratch, ".settled");
        if (given.joined === true) write(places.data, { ".joined": "" });
        if (given.green === true) write(places.scratch, { ".green": "" });
        if (given.settled !== undefined) {
            writeFileSync(settled, "");
            const since = Date.now() / 1000 - given.settled;
            utimesSync(settled, since, since);
        }
        const args = given.manager === true ? ["manager"] : [];
        const { code } = await bash(readinessScript(given.yellowAfter, places), ...args);
        await fake.stop();
        return {
            ready: code === 0,
            joined: existsSync(join(places.data, ".joined")),
            green: existsSync(join(places.scratch, ".green")),
            settled: existsSync(settled),
            calls: fake.calls,
        };
    }
    const state = async (...args: Parameters<typeof probe>) => {
        const { ready, joined, green: wasGreen } = await probe(...args);
        return [ready, joined, wasGreen];
    };

    it("needs green once since the start, asked with the probe's login", async () => {
        const { ready, joined, green: wasGreen, calls } = await probe(green);
        assert.deepEqual([ready, joined, wasGreen], [true, true, true]);
        assert.deepEqual(
            calls.map(({ path, login }) => [path, login]),
            [[health, "readiness:p4ss"]],
        );
    });

    it("is not there while the cluster is yellow, but remembers that there is one", async () => {
        assert.deepEqual(await state(yellow), [false, true, false]);
        assert.deepEqual(await state(yellow, { joined: true, settled: 1e6 }), [false, true, false]);
    });

    it("is not there without an answer, with a wrong password, or without a cluster manager", async () => {
        const places = node();
        assert.equal((await bash(readinessScript(undefined, places))).code, 1);
        assert.equal((await bash(readinessScript(undefined, places), "manager")).code, 1);
        assert.deepEqual(await state({ status: 401 }), [false, false, false]);
        assert.deepEqual(await state({ status: 503, body: { error: "cluster_manager_not_discovered" } }), [
            false,
            false,
            false,
        ]);
    });

    it("needs only an initialised node after that, asked without a login", async () => {
        const after = await probe({ status: 200, body: { status: "UP" } }, { green: true });
        assert.equal(after.ready, true);
        assert.deepEqual(
            after.calls.map(({ path, login }) => [path, login]),
            [[security, undefined]],
        );
        assert.equal((await probe({ status: 503, body: { status: "DOWN" } }, { green: true })).ready, false);
        const places = node();
        write(places.scratch, { ".green": "" });
        assert.equal((await bash(readinessScript(undefined, places))).code, 1);
    });

    it("of a data node waits for the security index", async () => {
        assert.deepEqual(await state(notInitialised), [false, false, false]);
    });

    it("of a manager does not, on a volume that was never part of a cluster", async () => {
        assert.deepEqual(await state(notInitialised, { manager: true }), [true, false, false]);
        assert.deepEqual(await state(noManager, { manager: true }), [false, false, false]);
        assert.deepEqual(await state({ status: 503, body: "overloaded" }, { manager: true }), [false, false, false]);
        assert.deepEqual(await state(notInitialised, { manager: true, joined: true }), [false, true, false]);
        assert.deepEqual(await state(yellow, { manager: true }), [false, true, false]);
        assert.deepEqual(await state(green, { manager: true }), [true, true, true]);
    });

    it("may do with yellow that has lasted, if nothing is on its way", async () => {
        const first = await probe(yellow, { yellowAfter: 60 });
        assert.deepEqual([first.ready, first.settled], [false, true]);
        assert.equal((await probe(yellow, { yellowAfter: 60, settled: 50 })).ready, false);
        const late = await probe(yellow, { yellowAfter: 60, settled: 61 });
        assert.deepEqual([late.ready, late.green], [true, true]);
    });

    for (const moving of Object.keys(counts)) {
        it(`waits on, and counts again, while there are ${moving}`, async () => {
            const body = { status: "yellow", ...counts, [moving]: 10, percent: 50 };
            const { ready, settled } = await probe({ status: 408, body }, { yellowAfter: 60, settled: 61 });
            assert.deepEqual([ready, settled], [false, false]);
        });
    }

    it("never does with red", async () => {
        const red = { status: 408, body: { status: "red", ...counts, percent: 50 } };
        assert.equal((await probe(red, { yellowAfter: 60, settled: 61 })).ready, false);
    });

    it("has nothing of a secret in its text", () => {
        assert.match(readinessScript(undefined), new RegExp(`--config '${nodePlaces.login}'`));
        assert.doesNotMatch(readinessScript(60), /--user|-u /);
    });
});
