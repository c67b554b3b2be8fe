import * as assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CleanupRun, day } from "./support/cleanup";
import { login, type PlannedPod, plannedPod, RunningUploader } from "./support/nginx";
import { requireProgram } from "./support/tools";

const settings = { keepFor: "30d" } as const;

describe("the uploader's cleanup", () => {
    let files: PlannedPod;
    let root: string;
    let cleanup: CleanupRun;

    before(async function () {
        await requireProgram(this, "bash", "-c", "find --version | grep GNU");
        files = await plannedPod(settings);
    });

    beforeEach(() => {
        root = fs.mkdtempSync(join(tmpdir(), "cleanup-"));
        fs.mkdirSync(join(root, "packages"));
        fs.mkdirSync(join(root, "config"));
        fs.writeFileSync(join(root, "config", "cleanup.sh"), files.cleanup.script);
        cleanup = new CleanupRun(root, files.cleanup.command);
    });

    afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

    it("keeps for thirty days what nobody reads, and a day longer, since reading is recorded once a day", async () => {
        cleanup.write("job.tar.gz", "team/heron/topology.tar.gz");
        for (const days of [0, 29.9, 30.9]) {
            assert.equal(await cleanup.pass(days), "", String(days));
            assert.deepEqual(cleanup.left(), ["job.tar.gz", "team/heron/topology.tar.gz"]);
        }
        assert.equal((await cleanup.pass(31.1)).trim().split("\n").length, 2);
        assert.deepEqual(cleanup.left(), []);
    });

    it("keeps what somebody has read since", async () => {
        cleanup.write("read.tar.gz", "unread.tar.gz");
        cleanup.read("read.tar.gz", 20);
        await cleanup.pass(45);
        assert.deepEqual(cleanup.left(), ["read.tar.gz"]);
        await cleanup.pass(51.1);
        assert.deepEqual(cleanup.left(), []);
    });

    it("is not misled by a modification time that a client has chosen", async () => {
        cleanup.write("job.tar.gz");
        fs.utimesSync(join(cleanup.packages, "job.tar.gz"), 0, 0);
        await cleanup.pass(29);
        assert.deepEqual(cleanup.left(), ["job.tar.gz"]);
    });

    it("keeps what is held, as long as it is, and forgets what holds nothing", async () => {
        cleanup.write("held.tar.gz", "held.tar.gz.keep", "gone.tar.gz.keep");
        await cleanup.pass(400);
        assert.deepEqual(cleanup.left(), ["held.tar.gz", "held.tar.gz.keep"]);
        fs.rmSync(join(cleanup.packages, "held.tar.gz.keep"));
        await cleanup.pass(400);
        assert.deepEqual(cleanup.left(), []);
    });

    it("touches no uploads under way, no hidden file, no lost+found, no link and no folder", async () => {
        const kept = [".uploads/0000000001", ".hidden", "team/.hidden", "lost+found/123"];
        cleanup.write(...kept, "team/job.tar.gz");
        fs.symlinkSync(join(root, "config"), join(cleanup.packages, "link"));
        await cleanup.pass(400);
        assert.deepEqual(cleanup.left(), [...kept].sort());
        assert.ok(
            fs.existsSync(join(cleanup.packages, "team")) &&
                fs.existsSync(join(cleanup.packages, "link", "cleanup.sh")),
        );
    });

    it("takes names as they are", async () => {
        const odd = ["two words ", "line\nbreak", "-rf", "$(touch x)", "*", "it's", "back\\slash"];
        cleanup.write(...odd);
        const said = await cleanup.pass(40);
        assert.deepEqual(cleanup.left(), []);
        assert.equal(said.trim().split("\n").length, odd.length, said);
        assert.deepEqual(fs.readdirSync(cleanup.packages), [".cleanup"]);
    });

    it("removes nothing where reading is not recorded", async () => {
        cleanup.write("job.tar.gz");
        // A mount without access times: the experiment's own reading leaves no trace.
        cleanup.instead("cat", "exit 0");
        assert.match(await cleanup.pass(400), /removed nothing: the volume does not record when a package is read/);
        assert.deepEqual(cleanup.left(), ["job.tar.gz"]);
    });

    for (const [what, meanwhile] of [
        ["replaced", 'echo new > "$3.new"; /bin/mv "$3.new" "$3"'],
        ["read", 'touch -a -d "+1 day" "$3"'],
    ] as const) {
        it(`puts back what is ${what} just before it would be removed`, async () => {
            cleanup.write("job.tar.gz");
            // mv -T -- <package> …
            cleanup.instead("mv", `if [ "$1 $2" = "-T --" ]; then ${meanwhile}; fi; exec /bin/mv "$@"`);
            assert.equal(await cleanup.pass(40), "");
            assert.deepEqual(cleanup.left(), ["job.tar.gz"]);
            const expected = what === "replaced" ? "new\n" : "job.tar.gz";
            assert.equal(fs.readFileSync(join(cleanup.packages, "job.tar.gz"), "utf8"), expected);
        });
    }

    it("stops at once when it is asked to, with the image's signal too", async () => {
        cleanup.write("job.tar.gz");
        await cleanup.pass(0, "QUIT");
        assert.deepEqual(cleanup.left(), ["job.tar.gz"]);
    });
});

describe("the uploader's cleanup beside nginx", () => {
    let server: RunningUploader;
    let cleanup: CleanupRun;

    before(async function () {
        await requireProgram(this, "nginx", "-v");
        const files = await plannedPod(settings);
        server = await RunningUploader.start(files);
        cleanup = new CleanupRun(server.root, files.cleanup.command);
    });

    after(() => server.kill());

    it("sees what nginx serves, and not what it is only asked about", async () => {
        for (const path of ["/read.tar.gz", "/unread.tar.gz"]) {
            assert.equal((await server.ask("PUT", path, { body: randomBytes(100_000), login })).status, 201);
            cleanup.read(path.slice(1), -40);
        }
        await server.ask("HEAD", "/unread.tar.gz");
        await server.ask("GET", "/read.tar.gz");
        const readAt = (name: string) => fs.statSync(join(cleanup.packages, name)).atimeMs;
        assert.ok(readAt("read.tar.gz") > Date.now() - 60_000);
        assert.ok(readAt("unread.tar.gz") < Date.now() - 30 * day * 1000);
    });

    it("keeps what was uploaded with an old date", async () => {
        const headers = { date: "Tue, 15 Nov 1994 08:12:31 GMT" };
        assert.equal((await server.ask("PUT", "/old.tar.gz", { body: "old", login, headers })).status, 201);
        assert.equal(fs.statSync(join(cleanup.packages, "old.tar.gz")).mtime.getUTCFullYear(), 1994);
        await cleanup.pass(29);
        assert.ok(cleanup.left().includes("old.tar.gz"));
    });

    it("lets a download under way end", async () => {
        const bytes = randomBytes(20 * 2 ** 20);
        fs.writeFileSync(join(cleanup.packages, "large.tar.gz"), bytes);
        const request = server.open("GET", "/large.tar.gz", {});
        request.end();
        const response = await new Promise<IncomingMessage>((resolve, reject) => {
            request.on("response", resolve);
            request.on("error", reject);
        });
        assert.equal(response.statusCode, 200);
        assert.match(await cleanup.pass(400), /large\.tar\.gz/);
        assert.equal((await server.ask("GET", "/large.tar.gz")).status, 404);
        const parts: Buffer[] = [];
        for await (const part of response) {
            parts.push(part as Buffer);
        }
        assert.ok(Buffer.concat(parts).equals(bytes));
    });

    it("holds a package that a writer marks", async () => {
        for (const path of ["/held.tar.gz", "/held.tar.gz.keep"]) {
            assert.equal((await server.ask("PUT", path, { body: "held", login })).status, 201);
        }
        await cleanup.pass(400);
        assert.equal((await server.ask("GET", "/held.tar.gz")).status, 200);
    });
});
