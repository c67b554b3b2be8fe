import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterScript } from "../../components/bookkeeper/bookieConf";
import { dlogPathFaults, dlogScript, dlogUri } from "../../components/bookkeeper/dlogScript";

const folders: string[] = [];
after(() => folders.forEach((each) => rmSync(each, { recursive: true, force: true })));

/**
 * The two programs of the image, as far as the scripts use them; ZooKeeper is a folder with a file for each znode. What
 * they print and how they end is that of 4.14.5: DistributedLogAdmin.BindCommand, BookieShell, IOUtils.confirmPrompt.
 */
const programs = {
    bookkeeper: `echo "bookkeeper $*" >> "$ZK/calls"
case $2 in
whatisinstanceid) [ -e "$ZK/ledgers" ] ;;
initnewcluster)
    [ -e "$ZK/broken" ] && exit 1
    # Another bookie was faster.
    [ -e "$ZK/race" ] && touch "$ZK/ledgers" && exit 1
    [ -e "$ZK/ledgers" ] && exit 1
    touch "$ZK/ledgers" ;;
esac`,
    dlog: `echo "dlog $*" >> "$ZK/calls"
shift 2
uri=\${!#} binding=$2,$4 query=$1
bound=$(cat "$ZK/namespace" 2>/dev/null)
if [ -z "$bound" ]; then
    echo "No bookkeeper is bound to $uri"
else
    echo "There is bookkeeper bound to $uri : " && echo "$bound"
fi
[ "$query" = -q ] && echo Done. && exit 0
if [ "$bound" = "$binding" ]; then
    echo 'No bookkeeper binding needs to be updated. Quit.'
elif [ -n "$bound" ]; then
    while true; do
        read -r answer || { echo 'Invalid input: ' && sleep 0.1; }
        [ "$answer" = y ] && echo "$binding" > "$ZK/namespace" && exit 0
        [ "$answer" = n ] && exit 0
    done
elif [ -e "$ZK/namespace" ]; then
    echo "Failed to create binding on $uri : NodeExists" >&2
else
    [ -e "$ZK/broken" ] || { echo "$binding" > "$ZK/namespace" && echo "Created binding on $uri."; }
fi
exit 0`,
};

interface Ran {
    readonly code: number | null;
    readonly output: string;
    readonly calls: readonly string[];
    /** What is in ZooKeeper. */
    readonly file: (name: string) => string;
}

/** Runs a script of the image with the programs above; `znodes` are there before. */
async function run(script: string, znodes: Readonly<Record<string, string>>): Promise<Ran> {
    const root = mkdtempSync(join(tmpdir(), "bookkeeper-"));
    folders.push(root);
    for (const [name, text] of Object.entries(programs)) {
        writeFileSync(join(root, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
    }
    for (const [name, text] of Object.entries({ calls: "", ...znodes })) {
        writeFileSync(join(root, name), text);
    }
    const local = script.replaceAll("/opt/bookkeeper/bin", root);
    assert.notEqual(local, script);
    return new Promise((resolve, reject) => {
        // No answer to any question, as in a pod.
        const child = spawn("bash", ["-c", local], {
            env: { PATH: process.env["PATH"], ZK: root, BOOKIE_CONF: join(root, "conf") },
            stdio: ["ignore", "pipe", "pipe"],
            timeout: 10_000,
        });
        let output = "";
        child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
        child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
        child.on("error", reject);
        const file = (name: string) => readFileSync(join(root, name), "utf8");
        child.on("close", (code) => {
            resolve({ code, output, file, calls: file("calls").trim().split("\n") });
        });
    });
}

const binding = {
    zookeeper: { servers: "a:2181,b:2181", path: "" },
    path: "/heronbkdl",
    bookkeeperServers: "a:2181,b:2181",
    ledgersPath: "/ledgers",
};
const uri = "distributedlog://a:2181,b:2181/heronbkdl";
const bound = "/ledgers,a:2181,b:2181\n";

describe("binding a namespace", () => {
    const script = dlogScript(binding);

    it("binds what nobody has bound, and proves it", async () => {
        const { code, output, file, calls } = await run(script, { ledgers: "" });
        assert.equal(code, 0, output);
        assert.equal(file("namespace"), bound);
        const bind = `dlog admin bind -l /ledgers -s a:2181,b:2181 -c ${uri}`;
        assert.deepEqual(calls, ["bookkeeper shell whatisinstanceid", bind, bind, `dlog admin bind -q ${uri}`]);
        assert.equal(file("conf"), "metadataServiceUri=zk+hierarchical://a:2181;b:2181/ledgers\n");
    });

    it("does nothing to what is bound so already", async () => {
        const { code, output, file } = await run(script, { ledgers: "", namespace: bound });
        assert.equal(code, 0, output);
        assert.equal(file("namespace"), bound);
        assert.match(output, /There is bookkeeper bound to distributedlog:/);
    });

    it("fails loudly where something else has made the znode, though dlog ends with 0 [heron-P1]", async () => {
        const { code, output, file } = await run(script, { ledgers: "", namespace: "" });
        assert.equal(code, 1, output);
        assert.match(output, /something else has made the znode \/heronbkdl: choose another path/);
        assert.equal(file("namespace"), "");
    });

    it("never changes another binding, and asks nobody for ever [heron-P1]", async () => {
        const { code, output, file } = await run(script, { ledgers: "", namespace: "/other,a:2181\n" });
        assert.equal(code, 1, output);
        assert.match(output, /is bound to other bookies, or to other addresses of ZooKeeper; it was left alone/);
        assert.match(output, /dlog admin bind -l \/ledgers -s a:2181,b:2181 -f distributedlog:/);
        assert.equal(file("namespace"), "/other,a:2181\n");
    });

    it("fails where the binding could not be written, which the query takes for none", async () => {
        const { code, output } = await run(script, { ledgers: "", broken: "" });
        assert.equal(code, 1, output);
        assert.match(output, /could not be bound: see above/);
    });

    it("binds nothing before there are bookies", async () => {
        const { code, output, calls } = await run(script, {});
        assert.equal(code, 1);
        assert.match(output, /There is no BookKeeper cluster at \/ledgers of a:2181,b:2181/);
        assert.deepEqual(calls, ["bookkeeper shell whatisinstanceid"]);
    });
});

describe("the URI of a namespace", () => {
    it("has its servers with commas, and the path of the connection before its own", () => {
        assert.equal(dlogUri(binding), uri);
        assert.equal(
            dlogUri({ zookeeper: { servers: "a:2181", path: "/x" }, path: "/dl" }),
            "distributedlog://a:2181/x/dl",
        );
    });

    for (const [path, other, allowed] of [
        ["/heronbkdl", "/heron", true],
        ["/heron", "/heronbkdl", true],
        ["/heron", "/heron", false],
        ["/heron/dl", "/heron", false],
        ["/heron", "/heron/state", false],
        ["/a/dl", "/a/state", true],
    ] as const) {
        it(`${path} ${allowed ? "may" : "may not"} stand beside ${other}`, () =>
            assert.deepEqual(
                dlogPathFaults(path, { "Heron's state": other }),
                allowed
                    ? []
                    : [
                          {
                              expected: `a znode that is neither inside nor around that of Heron's state (${other})`,
                              found: JSON.stringify(path),
                          },
                      ],
            ));
    }
});

describe("the path of a namespace", () => {
    for (const path of ["", "/", "dl", "/dl/", "//dl", "/d l", "/d'l", "/$(x)"]) {
        it(`is not ${JSON.stringify(path)}`, () =>
            assert.deepEqual(dlogPathFaults(path, {}), [
                {
                    expected: "a znode such as /heronbkdl: parts of letters, digits, ., _ and -",
                    found: JSON.stringify(path),
                },
            ]));
    }

    it("of a connection may hold what a shell would read", async () => {
        const path = "/it's;$(false)";
        const given = { ...binding, zookeeper: { servers: "a:2181", path }, ledgersPath: `${path}/ledgers` };
        const { code, output, file } = await run(dlogScript(given), { ledgers: "" });
        assert.equal(code, 0, output);
        assert.equal(file("namespace"), `${path}/ledgers,a:2181,b:2181\n`);
        assert.ok(output.includes(`distributedlog://a:2181${path}/heronbkdl`), output);
    });
});

describe("making the cluster", () => {
    const calls = (...names: string[]) => names.map((name) => `bookkeeper shell ${name}`);

    it("makes it where there is none", async () => {
        const ran = await run(clusterScript, {});
        assert.equal(ran.code, 0, ran.output);
        assert.deepEqual(ran.calls, calls("whatisinstanceid", "initnewcluster"));
    });

    it("leaves one alone that is there", async () => {
        const ran = await run(clusterScript, { ledgers: "" });
        assert.equal(ran.code, 0, ran.output);
        assert.deepEqual(ran.calls, calls("whatisinstanceid"));
    });

    it("is content where another bookie was faster", async () => {
        const ran = await run(clusterScript, { race: "" });
        assert.equal(ran.code, 0, ran.output);
        assert.deepEqual(ran.calls, calls("whatisinstanceid", "initnewcluster", "whatisinstanceid"));
    });

    it("fails where it can't be made", async () => {
        const ran = await run(clusterScript, { broken: "" });
        assert.equal(ran.code, 1);
        assert.match(ran.output, /The metadata of the cluster is not there and could not be made/);
    });
});
