import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a fake cluster holds. */
export interface FakeState {
    topics: Record<string, { partitions: number; replicas: number; config: Record<string, string> }>;
    /** `min.insync.replicas` of the cluster. */
    cluster: Record<string, string>;
    quotas: Record<string, Record<string, string>>;
    /** Pattern and entry as `kafka-acls.sh --list` shows them, joined by a tab. */
    acls: string[];
    /** Calls that fail before one answers. */
    silent: number;
    /** What a call must begin with to be refused, and what is said then. */
    refuse?: { readonly call: string; readonly says: string };
}

export const emptyCluster = (): FakeState => ({
    topics: {},
    cluster: { "min.insync.replicas": "2" },
    quotas: {},
    acls: [],
    silent: 0,
});

/**
 * The tools of the image, as far as the script uses them: they read and write a file, and say what those of 4.1.0 said
 * (test/real/kafka.spec.ts runs the same script against them).
 */
const program = String.raw`
const { appendFileSync, readFileSync, writeFileSync } = require("node:fs");
const [folder, tool, ...args] = process.argv.slice(2);
const state = JSON.parse(readFileSync(folder + "/state.json", "utf8"));
const save = () => writeFileSync(folder + "/state.json", JSON.stringify(state));
const all = (name) => args.flatMap((arg, index) => (arg === name ? [args[index + 1]] : []));
const one = (name) => all(name)[0];
const has = (name) => args.includes(name);
const fail = (text) => { console.log(text); process.exit(1); };
const rest = args.slice(4);
appendFileSync(folder + "/calls", tool + " " + rest.join(" ") + "\n");
if (args[0] !== "--bootstrap-server" || args[2] !== "--command-config") fail("how to connect?");
if (state.silent > 0) { state.silent--; save(); fail("Timed out waiting for a node assignment."); }
if (state.refuse && (tool + " " + rest.join(" ")).startsWith(state.refuse.call)) fail(state.refuse.says);
const list = (text) => text.split(/,(?=[^\]]*(?:\[|$))/).map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1).replace(/[\[\]]/g, "")]);
const double = (text) => { const n = Number(text); if (n < 1e7) return n.toFixed(1); const [m, e] = n.toExponential().split("e+"); return (m.includes(".") ? m : m + ".0") + "E" + e; };
if (tool === "kafka-topics" && has("--describe")) {
    for (const [name, { partitions, replicas, config }] of Object.entries(state.topics)) {
        console.log("Topic: " + name + "\tTopicId: Qd-G4_jWRzq1uZEvYsJQcQ\tPartitionCount: " + partitions + "\tReplicationFactor: " + replicas + "\tConfigs: min.insync.replicas=2");
        for (let index = 0; index < partitions; index++) console.log("\tTopic: " + name + "\tPartition: " + index + "\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \tLastKnownElr: ");
    }
} else if (tool === "kafka-topics" && has("--create")) {
    const config = Object.fromEntries(all("--config").map((pair) => pair.split("=")));
    state.topics[one("--topic")] ??= { partitions: Number(one("--partitions")), replicas: Number(one("--replication-factor")), config };
} else if (tool === "kafka-topics" && has("--alter")) {
    const names = Object.keys(state.topics).filter((name) => new RegExp("^(" + one("--topic") + ")$").test(name));
    for (const name of names) {
        if (state.topics[name].partitions >= Number(one("--partitions"))) fail("The topic " + name + " currently has " + state.topics[name].partitions + " partition(s)");
        state.topics[name].partitions = Number(one("--partitions"));
    }
} else if (tool === "kafka-configs" && has("--describe") && one("--entity-type") === "topics") {
    for (const [name, { config }] of Object.entries(state.topics)) {
        console.log("Dynamic configs for topic " + name + " are:");
        for (const [key, value] of Object.entries(config)) console.log("  " + key + "=" + value + " sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:" + key + "=" + value + ", DEFAULT_CONFIG:log." + key + "=1}");
    }
} else if (tool === "kafka-configs" && has("--describe") && one("--entity-type") === "brokers") {
    console.log("Default configs for brokers in the cluster are:");
    for (const [key, value] of Object.entries(state.cluster)) console.log("  " + key + "=" + value + " sensitive=false synonyms={DYNAMIC_DEFAULT_BROKER_CONFIG:" + key + "=" + value + "}");
} else if (tool === "kafka-configs" && has("--describe")) {
    for (const [name, quotas] of Object.entries(state.quotas)) console.log("Quota configs for user-principal '" + name + "' are " + Object.entries(quotas).map((pair) => pair.join("=")).join(", "));
} else if (tool === "kafka-configs" && has("--alter")) {
    const values = Object.fromEntries(list(one("--add-config")));
    const name = one("--entity-name");
    if (one("--entity-type") === "topics") Object.assign(state.topics[name].config, values);
    else if (one("--entity-type") === "brokers") Object.assign(state.cluster, values);
    else state.quotas[name] = { ...state.quotas[name], ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, double(value)])) };
} else if (tool === "kafka-acls" && has("--list")) {
    for (const line of state.acls) { const [pattern, entry] = line.split("\t"); console.log("Current ACLs for resource ${"`"}" + pattern + "${"`"}:\n\t" + entry + "\n"); }
} else if (tool === "kafka-acls" && has("--add")) {
    const [kind, name] = has("--cluster") ? ["CLUSTER", "kafka-cluster"] : ["topic", "group", "transactional-id"].flatMap((each) => (has("--" + each) ? [each.toUpperCase().replace("-", "_"), one("--" + each)] : []));
    for (const host of all("--allow-host").length ? all("--allow-host") : ["*"]) for (const operation of all("--operation")) {
        const line = "ResourcePattern(resourceType=" + kind + ", name=" + name + ", patternType=" + one("--resource-pattern-type").toUpperCase() + ")\t(principal=" + one("--allow-principal") + ", host=" + host + ", operation=" + operation.replace(/([a-z])([A-Z])/g, "$1_$2").toUpperCase() + ", permissionType=ALLOW)";
        if (!state.acls.includes(line)) state.acls.push(line);
    }
} else fail("unknown call");
save();
`;

/** A cluster in a folder, and the tools for it. */
export class FakeKafka {
    public readonly folder = mkdtempSync(join(tmpdir(), "kafka-"));

    constructor(state: FakeState) {
        this.state = state;
        writeFileSync(join(this.folder, "fake.js"), program);
        for (const tool of ["kafka-topics", "kafka-configs", "kafka-acls"]) {
            const text = `#!/bin/bash\nexec '${process.execPath}' '${this.folder}/fake.js' '${this.folder}' ${tool} "$@"\n`;
            writeFileSync(join(this.folder, `${tool}.sh`), text, { mode: 0o755 });
        }
    }

    public get state(): FakeState {
        return JSON.parse(readFileSync(join(this.folder, "state.json"), "utf8")) as FakeState;
    }

    public set state(state: FakeState) {
        writeFileSync(join(this.folder, "state.json"), JSON.stringify(state));
    }

    /** Runs a script, and says what it ended with and which tools it called. */
    public async run(script: string): Promise<{ code: number | null; output: string; calls: string[] }> {
        writeFileSync(join(this.folder, "calls"), "");
        const ended = await new Promise<{ code: number | null; output: string }>((resolve, reject) => {
            const child = spawn("bash", ["-c", script], { timeout: 30_000 });
            let output = "";
            const collect = (chunk: Buffer) => (output += chunk.toString());
            child.stdout.on("data", collect);
            child.stderr.on("data", collect);
            child.on("error", reject);
            child.on("close", (code) => {
                resolve({ code, output });
            });
        });
        const calls = readFileSync(join(this.folder, "calls"), "utf8").split("\n").filter(Boolean);
        return { ...ended, calls };
    }

    public remove(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
