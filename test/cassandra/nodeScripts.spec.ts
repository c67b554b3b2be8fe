import * as assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { parse } from "yaml";
import {
    configureScript,
    readinessScript,
    replaceFile,
    type ScriptPlaces,
    scriptPlaces,
    seedsFile,
} from "../../components/cassandra/nodeScripts";
import { seedsOf } from "../../components/cassandra/ring";
import { bash, folder, removeFolders, write } from "../opensearch/support/bash";

const servers: Server[] = [];

/** Something that listens on an address, as a node does; on a port of its own unless one is given. */
function listening(host: string, port = 0): Promise<number> {
    return new Promise((resolve, reject) => {
        const server = createServer((socket) => socket.destroy());
        servers.push(server);
        server.on("error", reject);
        server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
    });
}

after(() => {
    removeFolders();
    servers.forEach((server) => server.close());
});

/** What a test changes of a node that is configured. */
interface Given {
    readonly pod?: string;
    readonly rack?: string;
    readonly seeds?: string;
    readonly external?: string;
    readonly replace?: string;
    readonly joined?: boolean;
    readonly port?: number;
}

/** Three racks with one seed each, at addresses of the loopback network. */
const seeds = "ring-a-0 a 127.0.0.2\nring-b-0 b 127.0.0.3\nring-c-0 c 127.0.0.4\n";

async function configured(given: Given = {}) {
    const root = folder();
    const at: ScriptPlaces = {
        image: join(root, "image"),
        files: join(root, "files"),
        config: join(root, "config"),
        joined: join(root, "data/joined"),
        storagePort: given.port ?? 1,
        tries: 2,
        pause: 0,
    };
    write(root, {
        "image/cassandra.yaml": "cluster_name: Test Cluster\n",
        "image/logback.xml": "<image/>\n",
        "image/cassandra-rackdc.properties": "dc=dc1\nrack=rack1\n",
        "image/jvm17-server.options": "-XX:+UseG1GC\n",
        "image/triggers/README.txt": "",
        "files/cassandra.yaml": "cluster_name: ring\n",
        "files/logback.xml": "<ours/>\n",
        "files/cassandra-rackdc.properties": "dc=dc1\nrack=a\n",
        "files/jvm-options": "-Xmx1G\n",
        "files/seeds": given.seeds ?? seeds,
        "files/external-seeds": given.external ?? "",
        "files/replace": given.replace ?? "",
        "config/left-over": "of a container before",
        "data/x": "",
        ...(given.joined === true && { "data/joined": "" }),
    });
    const variables = `export POD_NAME=${given.pod ?? "ring-a-0"} POD_IP=10.1.2.3 RACK=${given.rack ?? "a"}\n`;
    const ended = await bash(variables + configureScript(at));
    assert.equal(ended.code, 0, ended.output);
    const read = (file: string) => readFileSync(join(at.config, file), "utf8");
    const yaml = parse(read("cassandra.yaml")) as Record<string, unknown>;
    const [provider] = yaml["seed_provider"] as { parameters: [{ seeds: string }] }[];
    return {
        yaml,
        seeds: provider?.parameters[0].seeds.split(","),
        tokensFor: yaml["allocate_tokens_for_local_replication_factor"],
        options: read("jvm17-server.options").trim().split("\n"),
        read,
        config: at.config,
        output: ended.output,
    };
}

describe("the configuration of a node", () => {
    it("is the image's, with the program's files over it, whatever the entry point would do [cassandra-P2]", async () => {
        const node = await configured();
        assert.equal(node.yaml["cluster_name"], "ring");
        assert.equal(node.read("logback.xml"), "<ours/>\n");
        assert.equal(node.read("cassandra-rackdc.properties"), "dc=dc1\nrack=a\n");
        assert.ok(existsSync(join(node.config, "triggers/README.txt")));
        assert.ok(!existsSync(join(node.config, "left-over")));
        assert.deepEqual(node.options, ["-XX:+UseG1GC", "-Xmx1G"]);
    });

    it("has the pod's own address, not its name [cassandra-P20]", async () => {
        const { yaml } = await configured();
        for (const key of ["listen_address", "broadcast_address", "broadcast_rpc_address"]) {
            assert.equal(yaml[key], "10.1.2.3", key);
        }
    });

    it("lets the first seed begin the cluster where no other answers", async () => {
        assert.deepEqual((await configured()).seeds, ["127.0.0.2", "127.0.0.3", "127.0.0.4"]);
    });

    it("leaves a node without data out of its own seeds, so that it fetches its data [cassandra-P12]", async () => {
        const other = await configured({ pod: "ring-b-0", rack: "b" });
        assert.deepEqual(other.seeds, ["127.0.0.2", "127.0.0.4"]);
        // The first one, too, once there is a cluster: it has lost its volume.
        const port = await listening("127.0.0.3");
        const first = await configured({ port });
        assert.deepEqual(first.seeds, ["127.0.0.3", "127.0.0.4"]);
        assert.match(first.output, /joins, with 2 racks/);
    });

    it("takes a node for joined only when it has been ready, not when it has files [cassandra-P16]", async () => {
        const cutShort = await configured({ pod: "ring-b-0", rack: "b" });
        assert.ok(!cutShort.seeds?.includes("127.0.0.3"));
        const joined = await configured({ pod: "ring-b-0", rack: "b", joined: true });
        assert.deepEqual(joined.seeds, ["127.0.0.2", "127.0.0.3", "127.0.0.4"]);
        assert.equal(joined.tokensFor, undefined);
    });

    it("never begins a cluster beside other datacenters", async () => {
        const node = await configured({ external: "seed.east.example.com\n10.9.0.1\n" });
        assert.deepEqual(node.seeds, ["127.0.0.3", "127.0.0.4", "seed.east.example.com", "10.9.0.1"]);
        const later = await configured({ external: "10.9.0.1\n", joined: true });
        assert.deepEqual(later.seeds, ["127.0.0.2", "127.0.0.3", "127.0.0.4", "10.9.0.1"]);
    });

    it("allocates tokens for as many replicas as there are racks by now [cassandra-P17]", async () => {
        assert.equal((await configured()).tokensFor, 1);
        const port = await listening("127.0.0.2");
        assert.equal((await configured({ pod: "ring-a-1", port })).tokensFor, 1);
        assert.equal((await configured({ pod: "ring-b-0", rack: "b", port })).tokensFor, 2);
        assert.equal((await configured({ pod: "ring-b-1", rack: "b", port })).tokensFor, 2);
        await listening("127.0.0.3", port);
        assert.equal((await configured({ pod: "ring-c-2", rack: "c", port })).tokensFor, 3);
        // Two seeds of one rack are one rack.
        const two = `${seeds}ring-b-1 b 127.0.0.3\n`;
        assert.equal((await configured({ pod: "ring-c-2", rack: "c", port, seeds: two })).tokensFor, 3);
    });

    it("allocates tokens for three replicas where all is one rack", async () => {
        const alone = "ring-a-0 a 127.0.0.2\n";
        assert.equal((await configured({ seeds: alone })).tokensFor, 3);
        assert.deepEqual((await configured({ seeds: alone })).seeds, ["127.0.0.2"]);
        assert.equal((await configured({ seeds: alone, pod: "ring-a-1" })).tokensFor, 3);
    });

    it("takes the place of a dead node only without data, and only the one that is named", async () => {
        const replace = replaceFile({ "ring-b-1": "10.0.0.9", "ring-a-1": "10.0.0.8" });
        assert.equal(replace, "ring-a-1 10.0.0.8\nring-b-1 10.0.0.9\n");
        const option = "-Dcassandra.replace_address_first_boot=10.0.0.8";
        assert.equal((await configured({ pod: "ring-a-1", replace })).options.at(-1), option);
        assert.ok(!(await configured({ pod: "ring-a-1", replace, joined: true })).options.includes(option));
        assert.ok(!(await configured({ pod: "ring-a-0", replace })).options.includes(option));
    });

    it("is asked for six times, ten seconds apart, before a cluster begins: names of new pods may not be known yet", () => {
        assert.deepEqual([scriptPlaces.tries, scriptPlaces.pause], [6, 10]);
    });

    it("knows the seeds by rack, the one that begins first", () => {
        const racks = { b: { nodes: 3 }, a: { nodes: 2 } };
        assert.equal(
            seedsFile(seedsOf("ring", racks, 1), (pod) => `${pod}.ring`),
            "ring-a-0 a ring-a-0.ring\nring-b-0 b ring-b-0.ring\n",
        );
    });
});

describe("the readiness of a node", () => {
    const status = (...lines: readonly string[]) =>
        ["Datacenter: dc1", "===", "--  Address    Load  Tokens  Owns  Host ID  Rack", ...lines].join("\n");
    const asked = async (says: string, options: { port?: number; code?: number } = {}) => {
        const root = folder();
        const port = options.port ?? (await listening("127.0.0.1"));
        write(root, {
            nodetool: `#!/bin/bash\necho "$*" > "${root}/asked"\ncat <<'END'\n${says}\nEND\nexit ${options.code ?? 0}\n`,
        });
        const script = readinessScript({ port, joined: join(root, "joined") });
        const { code } = await bash(`export POD_IP=127.0.0.1 PATH="${root}:$PATH"\n${script}`);
        return { ready: code === 0, joined: existsSync(join(root, "joined")), asked: existsSync(join(root, "asked")) };
    };

    it("is its own line of the ring, up and normal [cassandra-P6]", async () => {
        const own = "UN  127.0.0.1  1 GiB  16  100%  id  a";
        assert.equal((await asked(status("DN  10.0.0.2  1 GiB  16  ?  id  a", own))).ready, true);
        for (const lines of [
            ["UN  10.0.0.2  1 GiB  16  ?  id  a", "DN  127.0.0.1  1 GiB  16  ?  id  a"],
            ["UN  10.0.0.2  1 GiB  16  ?  id  a", "UJ  127.0.0.1  1 GiB  16  ?  id  a"],
            ["UL  127.0.0.1  1 GiB  16  ?  id  a"],
            ["UN  127.0.0.11  1 GiB  16  ?  id  a"],
            ["UN  10.0.0.2  1 GiB  16  ?  id  a"],
            [],
        ]) {
            assert.equal((await asked(status(...lines))).ready, false, lines.join(" | "));
        }
    });

    it("is gone when the node closes its port for clients, as it does when it drains; no JVM is started then", async () => {
        const drained = await asked(status("UN  127.0.0.1  1 GiB  16  ?  id  a"), { port: 1 });
        assert.deepEqual(drained, { ready: false, joined: false, asked: false });
    });

    it("is not there when nodetool fails", async () => {
        assert.equal((await asked(status("UN  127.0.0.1  1 GiB  16  ?  id  a"), { code: 1 })).ready, false);
    });

    it("leaves a mark on the volume when it is there for the first time [cassandra-P16]", async () => {
        assert.equal((await asked(status("UN  127.0.0.1  1 GiB  16  ?  id  a"))).joined, true);
        assert.equal((await asked(status("UJ  127.0.0.1  1 GiB  16  ?  id  a"))).joined, false);
    });
});
