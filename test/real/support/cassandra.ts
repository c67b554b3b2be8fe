import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import * as path from "node:path";
import { catalog } from "../../../components/foundation/images";
import { agentPlaces, nodeAgentScript } from "../../../components/cassandra/nodeAgentScript";
import { type Ended, eventually, run, succeeded } from "../../e2e/support/run";
import { mavenJars } from "../../support/maven";
import { freePorts } from "./ports";

/** A class path with the server, as the image has it. */
export async function cassandraClassPath(): Promise<string> {
    const version = catalog.cassandra.tag;
    const artifacts = [["org.apache.cassandra", "cassandra-all", version]] as const;
    return (await mavenJars({ name: "cassandra", version, artifacts })).classPath;
}

/** cqlsh, as the image has it, from its package of Python; undefined where there is no way to it. */
export async function cqlshFolder(): Promise<string | undefined> {
    const folder = path.resolve("node_modules/.cache/data-platform/cqlsh-6.2.2");
    if (!existsSync(path.join(folder, "complete"))) {
        for (const [program = "", ...command] of [
            ["python3", "-m", "venv", folder],
            [path.join(folder, "bin/pip"), "install", "-q", "cqlsh==6.2.2"],
        ]) {
            const ended = await run(program, command, { environment: process.env }).catch(() => undefined);
            if (ended?.code !== 0) {
                return undefined;
            }
        }
        await writeFile(path.join(folder, "complete"), "");
    }
    return path.join(folder, "bin");
}

const exported = ["java.base/jdk.internal.misc", "java.management.rmi/com.sun.jmx.remote.internal.rmi"]
    .concat(["java.rmi/sun.rmi.registry", "java.rmi/sun.rmi.server", "java.sql/java.sql", "java.base/java.lang.ref"])
    .concat(["jdk.unsupported/sun.misc", "jdk.attach/sun.tools.attach"]);
const opened = ["java.lang", "java.lang.module", "java.lang.reflect", "java.io", "java.util", "sun.nio.ch"]
    .concat(["jdk.internal.loader", "jdk.internal.ref", "jdk.internal.reflect", "jdk.internal.math"])
    .concat(["jdk.internal.module", "jdk.internal.util.jar"])
    .map((each) => `java.base/${each}`)
    .concat("jdk.management/com.sun.management.internal");

/** Whom the server and its tools need to see inside of Java 17: as conf/jvm17-server.options of 5.0 says. */
export const javaOptions: readonly string[] = [
    "-Djdk.attach.allowAttachSelf=true",
    ...exported.flatMap((each) => ["--add-exports", `${each}=ALL-UNNAMED`]),
    ...opened.flatMap((each) => ["--add-opens", `${each}=ALL-UNNAMED`]),
];

const logback = (level: string) => `<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%date %-5level %logger{0} %msg%n</pattern></encoder>
  </appender>
  <root level="${level}"><appender-ref ref="out"/></root>
</configuration>
`;

/** Puts a file of logging where Java finds it. */
export async function logbackFile(folder: string, level: string): Promise<string> {
    const file = path.join(folder, `logback-${level}.xml`);
    await writeFile(file, logback(level));
    return `-Dlogback.configurationFile=${file}`;
}

/** A node on this machine: its processes have an address of the loopback network of their own. */
export interface LocalNode {
    readonly index: number;
    readonly address: string;
    readonly folder: string;
    readonly ports: { readonly jmx: number; readonly agent: number };
}

/** Some nodes on this machine, as processes, each with its agent. */
export class LocalRing {
    readonly #processes: ChildProcess[] = [];

    private constructor(
        private readonly classPath: string,
        public readonly folder: string,
        public readonly nodes: readonly LocalNode[],
        /** Ports that all nodes have, each on its address. */
        public readonly ports: { readonly storage: number; readonly native: number },
    ) {}

    public static async prepare(folder: string, count: number): Promise<LocalRing> {
        const classPath = await cassandraClassPath();
        const [storage = 0, native = 0, ...own] = await freePorts(2 + 2 * count);
        const nodes = Array.from({ length: count }, (_, index) => ({
            index,
            address: `127.0.0.${index + 1}`,
            folder: path.join(folder, `node-${index}`),
            ports: { jmx: own[2 * index] ?? 0, agent: own[2 * index + 1] ?? 0 },
        }));
        await Promise.all(nodes.map((node) => mkdir(node.folder, { recursive: true })));
        return new LocalRing(classPath, folder, nodes, { storage, native });
    }

    /** Starts a node with a cassandra.yaml, and waits until clients may connect. */
    public async start(node: LocalNode, yaml: string, javaAgent: string): Promise<void> {
        const config = path.join(node.folder, "cassandra.yaml");
        const rackdc = path.join(node.folder, "cassandra-rackdc.properties");
        await writeFile(config, yaml);
        await writeFile(rackdc, "dc=dc1\nrack=rack1\n");
        const command = [
            ...javaOptions,
            `-javaagent:${javaAgent}`,
            "-Xms384M",
            "-Xmx384M",
            await logbackFile(node.folder, "INFO"),
            `-Dcassandra.config=file://${config}`,
            `-Dcassandra-rackdc.properties=file://${rackdc}`,
            `-Dcassandra.storagedir=${node.folder}`,
            `-Dcassandra.jmx.local.port=${node.ports.jmx}`,
            "-Dcom.sun.management.jmxremote.authenticate=false",
            "-Dcassandra-foreground=yes",
            // Time that a ring of many nodes needs to settle, and this one does not.
            "-Dcassandra.ring_delay_ms=3000",
            "-Dcassandra.skip_wait_for_gossip_to_settle=0",
            "-Dcassandra.superuser_setup_delay_ms=100",
            "-cp",
            this.classPath,
            "org.apache.cassandra.service.CassandraDaemon",
        ];
        const server = await this.launch(node, "server", "java", command);
        await eventually(async () => {
            const log = await this.log(node, "server");
            assert.equal(server.exitCode, null, `node ${node.index} ended:\n${log.slice(-4000)}`);
            assert.match(log, /Starting listening for CQL clients/, log.slice(-2000));
        }, 90);
    }

    /** Starts a node's agent, with the real nodetool. */
    public async startAgent(node: LocalNode, key: string): Promise<void> {
        const nodetool = path.join(node.folder, "nodetool");
        await writeFile(nodetool, `exec ${this.nodetoolCommand(node, await logbackFile(node.folder, "ERROR"))} "$@"\n`);
        const script = path.join(node.folder, "agent.py");
        const places = { ...agentPlaces, key, nodetool: `bash ${nodetool}` };
        await writeFile(script, nodeAgentScript(places, node.ports.agent));
        await this.launch(node, "agent", "python3", [script]);
    }

    private nodetoolCommand(node: LocalNode, log: string): string {
        return `java ${javaOptions.join(" ")} -Xmx128m -XX:TieredStopAtLevel=1 ${log} -cp '${this.classPath}' org.apache.cassandra.tools.NodeTool -p ${node.ports.jmx}`;
    }

    /** The node as a Job is told of it. */
    public asked(node: LocalNode): { readonly name: string; readonly host: string; readonly port: number } {
        return { name: hostname(), host: node.address, port: node.ports.agent };
    }

    public async nodetool(node: LocalNode, ...rest: readonly string[]): Promise<Ended> {
        const command = `${this.nodetoolCommand(node, await logbackFile(node.folder, "ERROR"))} ${rest.join(" ")}`;
        return succeeded(rest.join(" "), await run("bash", ["-c", command], { environment: process.env }));
    }

    public log(node: LocalNode, part: "server" | "agent"): Promise<string> {
        return readFile(path.join(node.folder, `${part}.log`), "utf8");
    }

    public async killAll(): Promise<void> {
        const ended = this.#processes
            .filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
            .map((child) => {
                const closed = new Promise((resolve) => child.once("close", resolve));
                child.kill("SIGKILL");
                return closed;
            });
        await Promise.all(ended);
    }

    private async launch(
        node: LocalNode,
        part: "server" | "agent",
        program: string,
        command: readonly string[],
    ): Promise<ChildProcess> {
        const log = await open(path.join(node.folder, `${part}.log`), "w");
        const child = spawn(program, command, { stdio: ["ignore", log.fd, log.fd], env: process.env });
        this.#processes.push(child);
        await log.close();
        return child;
    }
}
