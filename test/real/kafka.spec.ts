import * as assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Plan } from "../../bin/plan/plan";
import { topicConfigSettings } from "../../components/kafka/declaredSchema";
import { Kafka } from "../../components/kafka/kafka";
import type { KafkaSettings } from "../../components/kafka/schema";
import { eventually, succeeded } from "../e2e/support/run";
import { refusedTopicKeys } from "../kafka/support/topicKeys";
import { foundation } from "../support/foundation";
import { planOf } from "../support/plans";
import { LocalKafka, type LocalNode } from "./support/kafka";
import { requireProgram } from "./support/tools";

const resources = { memory: "1Gi" };
const settings: KafkaSettings = {
    clusterId: "q1Sh-9_ISia_zwGINzRvyQ",
    controllers: { kind: "combined" },
    brokers: { nodes: 3, resources },
    tls: { mode: "none" },
    topics: {
        orders: { partitions: 3, config: { "retention.ms": "1d", "cleanup.policy": "compact,delete" } },
        "a.b": { partitions: 1 },
        axb: { partitions: 1 },
    },
};
const bootstrap = "events-bootstrap.data.svc.cluster.local:9092";

const planned = (given: KafkaSettings): Promise<Plan> =>
    planOf(() => new Kafka("events", { foundation: foundation(), namespace: "data", settings: given }));

describe("the real Kafka, three nodes that are brokers and controllers, with the rendered configuration", () => {
    let folder: string;
    let cluster: LocalKafka;
    let client: string;
    const nodes = (): readonly [LocalNode, LocalNode, LocalNode] => {
        const [a, b, c] = cluster.nodes;
        assert.ok(a !== undefined && b !== undefined && c !== undefined);
        return [a, b, c];
    };
    const connect = ["--bootstrap-server", bootstrap];
    const tool = async (name: string, arguments_: readonly string[], input?: string) =>
        succeeded(name, await cluster.tool(client, name, [...connect, ...arguments_], input));
    const topics = async () => (await tool("kafka-topics.sh", ["--describe", "--exclude-internal"])).stdout;
    const provision = async (given: KafkaSettings) => cluster.job(await planned(given), "events-provision");

    before(async function () {
        await requireProgram(this, "java", "-version");
        await requireProgram(this, "mvn", "-version");
        folder = await mkdtemp(path.join(tmpdir(), "kafka-"));
        cluster = new LocalKafka(await planned(settings), folder);
        await cluster.prepare();
        client = await cluster.mount("client", {}, "");
    });
    after(async () => {
        await (cluster as LocalKafka | undefined)?.killAll();
        if ((folder as string | undefined) !== undefined) {
            await rm(folder, { recursive: true, force: true });
        }
    });

    it("are not ready before they run", async () => {
        assert.notEqual(await cluster.probe(nodes()[0], "readinessProbe"), 0);
    });

    it("form a quorum and become ready, as their ids", async () => {
        await Promise.all(nodes().map((node) => cluster.start(node)));
        await Promise.all(nodes().map((node) => cluster.untilReady(node)));
        const { stdout } = await tool("kafka-metadata-quorum.sh", ["describe", "--status"]);
        assert.match(stdout, /ClusterId: +q1Sh-9_ISia_zwGINzRvyQ/);
        assert.match(stdout, /LeaderId: +10[012]/);
        for (const { id, host } of nodes()) {
            assert.match(stdout, new RegExp(`"id": ${id},[^}]*${host}:9093`));
        }
    });

    it("take the environment over the file, and only what differs is in it", async () => {
        const texts = await Promise.all(nodes().map((node) => cluster.serverProperties(node)));
        const lines = texts.map((text) => new Set(text.split("\n")));
        const [first, second] = lines;
        assert.ok(first !== undefined && second !== undefined);
        const different = [...first].filter((line) => !second.has(line)).map((line) => line.split("=")[0]);
        assert.deepEqual(different.sort(), ["advertised.listeners", "listeners", "log.dirs", "node.id"]);
    });

    it("have the declared topics after one run of the Job, and a second changes nothing [kafka-P30]", async () => {
        const first = succeeded("the Job", await provision(settings));
        assert.match(first.output, /topic orders: created/);
        assert.match(await topics(), /^Topic: orders\t.*PartitionCount: 3\tReplicationFactor: 3\t/m);
        const second = succeeded("the Job", await provision(settings));
        assert.match(second.output, /^0 changed, 0 failed$/m);
    });

    it("have more partitions of one topic alone, and never fewer [kafka-P31] [kafka-P32]", async () => {
        const changed = { "a.b": { partitions: 2 }, orders: { partitions: 2 } };
        const { code, output } = await provision({ ...settings, topics: changed });
        assert.equal(code, 1, output);
        assert.match(output, /FAILED topic orders: 2 partitions are declared, but it has 3/);
        assert.match(output, /NOTE topic orders: keeps retention\.ms=86400000, which is not declared/);
        assert.match(output, /NOTE topic axb: not declared, left alone/);
        const found = await topics();
        assert.match(found, /^Topic: a\.b\t.*PartitionCount: 2\t/m);
        assert.match(found, /^Topic: axb\t.*PartitionCount: 1\t/m);
        assert.match(found, /^Topic: orders\t.*PartitionCount: 3\t/m);
    });

    it("have a changed configuration, and keep what is declared no more [kafka-P33] [kafka-P34]", async () => {
        const changed = {
            ...settings,
            replication: { factor: 3, minInsyncReplicas: 1 },
            topics: {
                "a.b": { partitions: 2 },
                orders: { partitions: 3, config: { "cleanup.policy": "delete", "min.cleanable.dirty.ratio": 1 } },
            },
        } satisfies KafkaSettings;
        const { output } = succeeded("the Job", await provision(changed));
        assert.match(output, /min\.insync\.replicas of the cluster is 1\n/);
        assert.match(output, /topic orders: cleanup\.policy=delete,min\.cleanable\.dirty\.ratio=1\.0\n/);
        assert.match(succeeded("the Job", await provision(changed)).output, /^0 changed, 0 failed$/m);
        assert.match(await topics(), /^Topic: orders\t.*min\.insync\.replicas=1,.*retention\.ms=86400000/m);
        const grown = { ...settings.topics, "a.b": { partitions: 2 } };
        const back = succeeded("the Job", await provision({ ...settings, topics: grown }));
        assert.match(back.output, /cleanup\.policy=\[compact,delete\]/);
        assert.match(await topics(), /^Topic: orders\t.*min\.insync\.replicas=2,cleanup\.policy=compact,delete/m);
    });

    it("know no other keys of topics than are offered or refused [kafka-P44]", async () => {
        const { output } = await cluster.tool(client, "kafka-topics.sh", ["--help"]);
        const [, list = ""] = /valid configurations: *\n([^]*?)See the Kafka documentation/.exec(output) ?? [];
        // A name that is too long for its column goes on in the next line, without the tab.
        const keys = list.split("\t").map((name) => name.replace(/\s/g, ""));
        const offered = [...Object.keys(topicConfigSettings.shape), ...refusedTopicKeys()];
        // The tool lists none of those that are for Kafka's own tests (LogConfig.nonInternalConfigNames).
        assert.deepEqual(keys.filter(Boolean).sort(), offered.filter((key) => !key.startsWith("internal.")).sort());
    });

    it("keep and give back records", async () => {
        const acks = ["--topic", "orders", "--request-required-acks", "all", "--property", "parse.key=true"];
        await tool("kafka-console-producer.sh", acks, "a\tone\nb\ttwo\n");
        const read = ["--topic", "orders", "--from-beginning", "--max-messages", "2", "--timeout-ms", "30000"];
        const { stdout } = await tool("kafka-console-consumer.sh", read);
        assert.deepEqual(stdout.trim().split("\n").sort(), ["one", "two"]);
    });

    it("let a broker stop at once while all replicas are in sync", async () => {
        const [, , last] = nodes();
        const gate = await cluster.gate(last);
        assert.equal(await gate.ended, 0);
        assert.match(await gate.log(), /stop gate of node 102: passes: nothing here is at its minimum/);
        assert.doesNotMatch(await gate.log(), /waits/);
    });

    it("make a second broker wait while the first is away, and let it go when that is back", async () => {
        const [, second, third] = nodes();
        const seconds = await cluster.stop(third);
        assert.ok(seconds < 60, `a clean stop took ${seconds} s`);
        const gate = await cluster.gate(second);
        let ended = false;
        void gate.ended.then(() => (ended = true));
        await eventually(async () => {
            assert.match(await gate.log(), /stop gate of node 101: waits for [0-9]+ partitions: /);
        });
        // Whoever writes still can: the gate keeps the second broker up.
        await tool(
            "kafka-console-producer.sh",
            ["--topic", "orders", "--request-required-acks", "all", "--property", "parse.key=true"],
            "c\tthree\n",
        );
        assert.equal(ended, false);
        await cluster.start(third);
        await cluster.untilReady(third);
        assert.equal(await gate.ended, 0);
        assert.match(await gate.log(), /passes: nothing here is at its minimum/);
        assert.match(await cluster.log(third), /Kafka Server started/);
    });

    it("let the last one stop soon when the others are gone, and no quorum answers [kafka-P22]", async () => {
        const [first, second, third] = nodes();
        await Promise.all([first, third].map((node) => cluster.stop(node, "SIGKILL")));
        const begin = Date.now();
        const gate = await cluster.gate(second);
        assert.equal(await gate.ended, 0);
        assert.match(await gate.log(), /stop gate of node 101: passes: no other broker is ready\n$/);
        // Three looks with five seconds in between.
        assert.ok(Date.now() - begin < 30_000, `${Date.now() - begin} ms`);
    });
}).timeout(240_000);
