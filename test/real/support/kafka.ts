import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { appendFile, mkdir, open, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { Plan, PlannedResource } from "../../../bin/plan/plan";
import { catalog } from "../../../components/foundation/images";
import { type Ended, eventually, run, succeeded } from "../../e2e/support/run";
import { mavenJars } from "../../support/maven";
import { all, at, find, listAt, mapAt } from "../../support/plans";

const version = catalog.kafka.tag;

/** The image's libraries, as far as they are used; versions beside Kafka's are those of its distribution. */
async function kafkaClassPath(): Promise<string> {
    const { classPath } = await mavenJars({
        name: "kafka",
        version,
        artifacts: [
            ["org.apache.kafka", "kafka_2.13", version],
            ["org.apache.kafka", "kafka-tools", version],
            ["org.apache.logging.log4j", "log4j-slf4j-impl", "2.24.3"],
            ["com.fasterxml.jackson.dataformat", "jackson-dataformat-yaml", "2.19.0"],
        ],
    });
    return classPath;
}

/** The image's tools as the classes that their scripts start. */
const tools: Readonly<Record<string, string>> = {
    "kafka-topics.sh": "org.apache.kafka.tools.TopicCommand",
    "kafka-configs.sh": "kafka.admin.ConfigCommand",
    "kafka-acls.sh": "org.apache.kafka.tools.AclCommand",
    "kafka-metadata-quorum.sh": "org.apache.kafka.tools.MetadataQuorumCommand",
    "kafka-console-producer.sh": "org.apache.kafka.tools.ConsoleProducer",
    "kafka-console-consumer.sh": "org.apache.kafka.tools.consumer.ConsoleConsumer",
};

/** The log of the tools, as in the image: warnings on standard error. */
const toolsLog = `Configuration:
  status: ERROR
  Appenders:
    Console:
      name: STDERR
      target: SYSTEM_ERR
      PatternLayout:
        pattern: "[%d] %p %m (%c)%n"
  Loggers:
    Root:
      level: WARN
      AppenderRef:
        - ref: STDERR
`;

/** A pod of a set on this machine: one Java process, an address, and a folder that stands for its file system. */
export interface LocalNode {
    readonly id: number;
    readonly pod: string;
    /** Whole name of the pod. */
    readonly host: string;
    readonly address: string;
    readonly folder: string;
    readonly set: PlannedResource;
}

/** A run of a gate. */
export interface Gate {
    /** What it ends with. */
    readonly ended: Promise<number>;
    /** What it has said so far. */
    readonly log: () => Promise<string>;
}

/** Contents of Secrets by name and key. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

const small = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.net.preferIPv4Stack=true";

/** Folders of the containers, each below a folder of this machine. */
const containerPath =
    /(?<=^|[\s='":,])\/(?=(?:opt\/kafka|mnt\/shared|etc\/kafka|var\/lib\/kafka|scripts|admin|provision|tmp|proc\/1\/fd)(?:[/'"\s]|$))/gm;

/**
 * The nodes of a planned cluster as processes of this machine. Each has a loopback address of its own, and the names that
 * the plan gives them are resolved by a file, so that ports, names and addresses in the configuration stay as they are.
 */
export class LocalKafka {
    public readonly nodes: readonly LocalNode[];
    readonly #processes = new Map<number, ChildProcess>();
    readonly #ready = new Set<number>();
    #classPath = "";

    constructor(
        private readonly plan: Plan,
        private readonly folder: string,
        private readonly secrets: Secrets = {},
        private readonly namespace = "data",
    ) {
        // A net of its own for each run: another may go on beside it.
        const net = `127.${1 + (process.pid % 250)}.${1 + (LocalKafka.#runs++ % 250)}`;
        this.nodes = all(plan, "StatefulSet").flatMap((set, index) =>
            Array.from({ length: Number(at(set.inputs, "spec.replicas")) }, (_, ordinal): LocalNode => {
                const id = Number(at(set.inputs, "spec.ordinals.start") ?? 0) + ordinal;
                const pod = `${String(at(set.inputs, "metadata.name"))}-${id}`;
                return {
                    id,
                    pod,
                    host: `${pod}.${String(at(set.inputs, "spec.serviceName"))}.${namespace}.svc.cluster.local`,
                    address: `${net}.${1 + 20 * index + ordinal}`,
                    folder: path.join(folder, pod),
                    set,
                };
            }),
        );
    }
    static #runs = 0;

    /** Makes the folders, and everything that stands for the image. */
    public async prepare(): Promise<void> {
        this.#classPath = await kafkaClassPath();
        await mkdir(path.join(this.folder, "default"), { recursive: true });
        await mkdir(path.join(this.folder, "bin"), { recursive: true });
        // What the image holds beside; with any setting given, its start script leaves its own properties out.
        const files = { "server.properties": "", "log4j2.yaml": toolsLog, "tools-log4j2.yaml": toolsLog };
        for (const [file, text] of Object.entries(files)) {
            await writeFile(path.join(this.folder, "default", file), text);
        }
        // What asks for names asks our file.
        await writeFile(
            path.join(this.folder, "bin", "getent"),
            `#!/bin/bash\ngrep -F " $2" '${this.hostsFile}' || exit 2\n`,
            { mode: 0o755 },
        );
        await this.writeHosts();
        for (const node of this.nodes) {
            await this.fill(node.folder, at(node.set.inputs, "spec.template.spec"));
        }
    }

    /** Starts a node as the image does: its start class writes the configuration and formats the volume. */
    public async start(node: LocalNode): Promise<void> {
        const environment = this.environment(node);
        const config = this.local("/opt/kafka/config", node.folder);
        const folders = [
            ...["--default-configs-dir", path.join(this.folder, "default")],
            ...["--mounted-configs-dir", this.local("/mnt/shared/config", node.folder)],
            ...["--final-configs-dir", config],
        ];
        const setup = await this.java(["kafka.docker.KafkaDockerWrapper", "setup", ...folders], environment);
        // As its launch script: a volume that is formatted already is one that was here before.
        if (!/already formatted/.test(setup.output)) {
            succeeded(`the setup of ${node.pod}`, setup);
        }
        const log = await open(this.logFile(node), "a");
        const options = ["-Xms96m", "-Xmx256m", `-Dlog4j2.configurationFile=${config}/log4j2.yaml`];
        const arguments_ = [...this.javaOptions(), ...options, "kafka.Kafka", `${config}/server.properties`];
        const child = spawn("java", arguments_, { env: environment, stdio: ["ignore", log.fd, log.fd] });
        this.#processes.set(node.id, child);
        await log.close();
    }

    /** Waits until a node's readiness probe succeeds; otherwise the end of its log is the error. */
    public async untilReady(node: LocalNode, seconds = 180): Promise<void> {
        try {
            await eventually(async () => {
                assert.equal(await this.probe(node, "readinessProbe"), 0);
            }, seconds);
        } catch {
            throw new Error(`${node.pod} does not become ready:\n${(await this.log(node)).slice(-6000)}`);
        }
        await this.setReady(node, true);
    }

    /** Runs a probe's command, for the pod's own address: the table of connections is that of the whole machine. */
    public async probe(node: LocalNode, probe: string): Promise<number> {
        const [program = "", ...rest] = listAt(node.set.inputs, `${container}.${probe}.exec.command`).map(String);
        const hex = [...node.address.split(".")].reverse().map((each) => Number(each).toString(16).padStart(2, "0"));
        const own = rest.map((each) => each.replace(/\[0-9A-F\]\+(?=:[0-9A-F]{4} )/, hex.join("").toUpperCase()));
        assert.notDeepEqual(own, rest);
        return (await run(program, own, { environment: process.env })).code;
    }

    /** Whether the Service in front of the ready brokers has a node's address. */
    public async setReady(node: LocalNode, ready: boolean): Promise<void> {
        (ready ? (id: number) => this.#ready.add(id) : (id: number) => this.#ready.delete(id))(node.id);
        await this.writeHosts();
    }

    /** Stops a node as the kubelet does, and says how long it took, in seconds. */
    public async stop(node: LocalNode, signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<number> {
        const child = this.#processes.get(node.id);
        const begin = Date.now();
        if (child !== undefined && child.exitCode === null && child.signalCode === null) {
            const ended = new Promise((resolve) => child.once("exit", resolve));
            child.kill(signal);
            await ended;
        }
        await this.setReady(node, false);
        return (Date.now() - begin) / 1000;
    }

    public async killAll(): Promise<void> {
        await Promise.all(this.nodes.map((node) => this.stop(node, "SIGKILL")));
    }

    /**
     * Runs the command that comes before a node's end, in the background. Like every pod that is to end, the node is none
     * of the ready ones meanwhile; afterwards it is again, since here nothing stops it.
     */
    public async gate(node: LocalNode): Promise<Gate> {
        await this.setReady(node, false);
        const [program = "", ...rest] = listAt(node.set.inputs, `${container}.lifecycle.preStop.exec.command`).map(
            (each) => this.local(String(each), node.folder),
        );
        const child = spawn(program, rest, { env: this.environment(node), stdio: "ignore" });
        const file = this.local("/proc/1/fd/1", node.folder);
        return {
            ended: new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1))).then(
                async (code) => {
                    await this.setReady(node, true);
                    return code;
                },
            ),
            log: () => readFile(file, "utf8").catch(() => ""),
        };
    }

    /** Runs a Job to its end. */
    public async job(plan: Plan, name: string): Promise<Ended> {
        const folder = path.join(this.folder, name);
        const spec = at(find(plan, "Job", name).inputs, "spec.template.spec");
        await this.fill(folder, spec, plan);
        const [only] = listAt(spec, "containers");
        const [program = "", ...rest] = listAt(only, "command").map((each) => this.local(String(each), folder));
        const variables = listAt(only, "env").map((each): [string, string] => [
            String(at(each, "name")),
            String(at(each, "value")),
        ]);
        return run(program, rest, {
            environment: { PATH: this.path(), ...Object.fromEntries(variables) },
            timeout: 220_000,
        });
    }

    /** A tool of the image, in a folder with a client's files. */
    public tool(folder: string, name: string, arguments_: readonly string[], input?: string): Promise<Ended> {
        return run(path.join(this.folder, this.nodes[0]?.pod ?? "", "opt/kafka/bin", name), arguments_, {
            environment: { PATH: this.path(), KAFKA_HEAP_OPTS: "-Xmx128m", KAFKA_JVM_PERFORMANCE_OPTS: small },
            directory: folder,
            timeout: 90_000,
            ...(input !== undefined && { input }),
        });
    }

    /** Writes files into a folder, as a Secret of a client is mounted; returns it. */
    public async mount(name: string, files: Readonly<Record<string, string>>, at_: string): Promise<string> {
        const folder = path.join(this.folder, name);
        await mkdir(folder, { recursive: true });
        for (const [file, text] of Object.entries(files)) {
            await writeFile(path.join(folder, file), text.replaceAll(at_, folder));
        }
        return folder;
    }

    public log(node: LocalNode): Promise<string> {
        return readFile(this.logFile(node), "utf8");
    }

    /** What the start class made of files and variables. */
    public serverProperties(node: LocalNode): Promise<string> {
        return readFile(this.local("/opt/kafka/config/server.properties", node.folder), "utf8");
    }

    private get hostsFile(): string {
        return path.join(this.folder, "hosts");
    }

    private path(): string {
        return `${path.join(this.folder, "bin")}:${process.env["PATH"] ?? ""}`;
    }

    private logFile(node: LocalNode): string {
        return path.join(node.folder, "log");
    }

    private javaOptions(): string[] {
        return [...small.split(" "), `-Djdk.net.hosts.file=${this.hostsFile}`, "-cp", this.#classPath];
    }

    private java(arguments_: readonly string[], environment: Record<string, string>): Promise<Ended> {
        return run("java", [...this.javaOptions(), "-Xmx128m", ...arguments_], { environment, timeout: 60_000 });
    }

    private async writeHosts(): Promise<void> {
        const bootstrap = all(this.plan, "Service").map(({ inputs }) => String(at(inputs, "metadata.name")));
        const front = bootstrap.filter((name) => name.endsWith("-bootstrap"));
        const lines = [
            ...this.nodes.map(({ address, host }) => `${address} ${host}`),
            ...this.nodes
                .filter(
                    ({ id, set }) =>
                        this.#ready.has(id) && !String(at(set.inputs, "metadata.name")).includes("controller"),
                )
                .flatMap(({ address }) =>
                    front.map((name) => `${address} ${name}.${this.namespace}.svc.cluster.local`),
                ),
        ];
        await writeFile(this.hostsFile, `${lines.join("\n")}\n`);
    }

    /** The variables of a node's container, as the kubelet would set them. */
    private environment(node: LocalNode): Record<string, string> {
        const result: Record<string, string> = { PATH: this.path() };
        for (const entry of listAt(node.set.inputs, `${container}.env`)) {
            const field = at(entry, "valueFrom.fieldRef.fieldPath");
            const key = at(entry, "valueFrom.configMapKeyRef");
            const value =
                field === "metadata.name"
                    ? node.pod
                    : field !== undefined
                      ? String(node.id)
                      : key !== undefined
                        ? String(this.config(String(at(key, "name")))[String(at(key, "key"))])
                        : String(at(entry, "value"));
            const expanded = value.replace(/\$\((\w+)\)/g, (_, variable: string) => result[variable] ?? "");
            // All nodes of this machine have the same ports. A listener without a host is told to others by the machine's
            // whole name (ListenerInfo.withWildcardHostnamesResolved), which a pod of a set has in its /etc/hosts.
            result[String(at(entry, "name"))] = this.local(expanded, node.folder).replaceAll(
                "://:",
                `://${node.host}:`,
            );
        }
        return result;
    }

    private config(name: string, plan = this.plan): Readonly<Record<string, unknown>> {
        return mapAt(find(plan, "ConfigMap", name).inputs, "data");
    }

    /** Puts a pod's volumes into a folder: config maps and secrets with their files, all else empty. */
    private async fill(folder: string, spec: unknown, plan = this.plan): Promise<void> {
        const [only] = listAt(spec, "containers");
        for (const mount of listAt(only, "volumeMounts")) {
            const target = this.local(String(at(mount, "mountPath")), folder);
            await mkdir(target, { recursive: true });
            const volumes = at(spec, "volumes") === undefined ? [] : listAt(spec, "volumes");
            const volume = volumes.find((each) => at(each, "name") === at(mount, "name"));
            for (const [file, text] of Object.entries(this.contents(volume, plan))) {
                await writeFile(path.join(target, file), this.local(text, folder));
            }
        }
        await mkdir(this.local("/proc/1/fd", folder), { recursive: true });
        const bin = this.local("/opt/kafka/bin", folder);
        await mkdir(bin, { recursive: true });
        for (const [tool, main] of Object.entries(tools)) {
            const options = `${this.javaOptions().slice(0, -2).join(" ")} -cp '${this.#classPath}'`;
            const logging = `-Dlog4j2.configurationFile=${this.folder}/default/tools-log4j2.yaml`;
            await writeFile(
                path.join(bin, tool),
                `#!/bin/bash\nexec java $KAFKA_HEAP_OPTS ${options} ${logging} ${main} "$@"\n`,
                { mode: 0o755 },
            );
        }
        await appendFile(this.local("/proc/1/fd/1", folder), "");
    }

    private contents(volume: unknown, plan: Plan): Record<string, string> {
        const map = at(volume, "configMap.name") as string | undefined;
        const secret = at(volume, "secret.secretName") as string | undefined;
        const all_ = map !== undefined ? this.config(map, plan) : secret !== undefined ? this.secrets[secret] : {};
        assert.ok(all_ !== undefined, `the content of Secret ${secret ?? ""} is not given`);
        const items = at(volume, "configMap.items") ?? at(volume, "secret.items");
        const chosen = Array.isArray(items)
            ? items.map((item: unknown) => [String(at(item, "path")), String(all_[String(at(item, "key"))])])
            : Object.entries(all_).map(([key, text]) => [key, String(text)]);
        return Object.fromEntries(chosen) as Record<string, string>;
    }

    /** A text of a container with the folders of this machine. */
    private local(text: string, folder: string): string {
        return text.replace(containerPath, `${folder}/`);
    }
}

const container = "spec.template.spec.containers[name=kafka]";
