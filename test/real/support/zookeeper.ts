import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { appendFile, mkdir, open, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { Plan } from "../../../bin/plan/plan";
import { catalog } from "../../../components/foundation/images";
import { at, find, listAt, mapAt } from "../../support/plans";
import { eventually, run, succeeded } from "../../e2e/support/run";
import { type Artifact, mavenJars } from "../../support/maven";
import { freePorts } from "./ports";

/** What the image holds, as Maven knows it; the versions beside ZooKeeper's are those of its own distribution. */
const artifacts: readonly Artifact[] = [
    ["org.apache.zookeeper", "zookeeper", catalog.zookeeper.tag],
    ["org.apache.zookeeper", "zookeeper-prometheus-metrics", catalog.zookeeper.tag],
    ["org.xerial.snappy", "snappy-java", "1.1.10.5"],
    ["io.dropwizard.metrics", "metrics-core", "4.1.12.1"],
    ["org.eclipse.jetty", "jetty-server", "9.4.57.v20241219"],
    ["org.eclipse.jetty", "jetty-servlet", "9.4.57.v20241219"],
    ["commons-cli", "commons-cli", "1.5.0"],
    // The image logs with logback, which needs a file to be told where; this one writes to standard error.
    ["org.slf4j", "slf4j-simple", "2.0.13"],
];

/** A class path with the server and its client. */
export async function zookeeperClassPath(): Promise<string> {
    const { classPath } = await mavenJars({ name: "zookeeper", version: catalog.zookeeper.tag, artifacts });
    return classPath;
}

/** Contents of Secrets by name and key: what a plan only has placeholders for. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What one run of an ensemble is made of; a roll replaces it member by member. */
export interface Revision {
    readonly plan: Plan;
    readonly secrets: Secrets;
}

interface Ports {
    readonly client: number;
    readonly secureClient: number;
    readonly server: number;
    readonly election: number;
    readonly metrics: number;
}

/** A member on this machine: one Java process with the folder that stands for its volumes. */
export interface Member {
    readonly id: number;
    readonly folder: string;
    readonly ports: Ports;
}

const container = "spec.template.spec.containers[name=zookeeper]";

/** The members of a planned ensemble as processes of this machine. */
export class LocalEnsemble {
    public readonly members: readonly Member[];
    readonly #processes = new Map<number, ChildProcess>();

    private constructor(
        private readonly classPath: string,
        private readonly folder: string,
        private readonly path: string,
        members: readonly Member[],
    ) {
        this.members = members;
    }

    /** Folders and ports for as many members as the plan has; nothing is started. */
    public static async create(folder: string, size: number): Promise<LocalEnsemble> {
        const ports = await freePorts(size * 5);
        const members = Array.from({ length: size }, (_, index): Member => {
            const [client = 0, secureClient = 0, server = 0, election = 0, metrics = 0] = ports.slice(index * 5);
            const id = index + 1;
            return {
                id,
                folder: path.join(folder, String(id)),
                ports: { client, secureClient, server, election, metrics },
            };
        });
        return new LocalEnsemble(await zookeeperClassPath(), folder, await pathWithNetcat(folder), members);
    }

    /** Starts a member with what a revision's plan gives its pod. It need not become ready. */
    public async start(member: Member, revision: Revision): Promise<void> {
        const set = find(revision.plan, "StatefulSet").inputs;
        await mkdir(path.join(member.folder, "data"), { recursive: true });
        await mkdir(path.join(member.folder, "datalog"), { recursive: true });
        // What the image's entry point does with ZOO_MY_ID.
        await writeFile(path.join(member.folder, "data", "myid"), `${member.id}\n`);
        await this.runInitContainer(member, revision);
        const config = String(at(find(revision.plan, "ConfigMap").inputs, 'data["zoo.cfg"]'));
        const configFile = path.join(member.folder, "zoo.cfg");
        await writeFile(configFile, this.localConfig(config, member));
        const heap = String(at(set, `${container}.env[name=ZK_SERVER_HEAP].value`));
        const flags = this.local(this.jvmFlags(revision), member).split(" ");
        const log = await open(path.join(member.folder, "log"), "a");
        // As zkServer.sh start-foreground does, with the variables of zkEnv.sh.
        const main = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
        const child = spawn("java", [`-Xmx${heap}m`, ...flags, "-cp", this.classPath, main, configFile], {
            cwd: member.folder,
            stdio: ["ignore", log.fd, log.fd],
        });
        await log.close();
        this.#processes.set(member.id, child);
    }

    /** Stops a member as the kubelet does, and waits for its end. */
    public async stop(member: Member, signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
        const child = this.#processes.get(member.id);
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
            return;
        }
        const ended = new Promise((resolve) => child.once("exit", resolve));
        child.kill(signal);
        await ended;
    }

    /** Kills whatever runs. */
    public async killAll(): Promise<void> {
        await Promise.all(this.members.map((member) => this.stop(member, "SIGKILL")));
    }

    /** Starts all members at once, as Parallel pod management does, and waits until each is ready. */
    public async startAll(revision: Revision): Promise<void> {
        await Promise.all(this.members.map((member) => this.start(member, revision)));
        for (const member of this.members) {
            await this.untilReady(member, revision);
        }
    }

    /**
     * Rolls to a revision as a StatefulSet does: the last member first, the next only when that one is ready.
     *
     * @param afterEach what must hold whenever one more member has been replaced
     */
    public async roll(revision: Revision, afterEach: () => Promise<void>): Promise<void> {
        for (const member of [...this.members].reverse()) {
            await this.stop(member);
            await afterEach();
            await this.start(member, revision);
            await this.untilReady(member, revision);
        }
    }

    /** Runs a probe of the plan against a member, and says whether it succeeds. */
    public async probe(kind: "readiness" | "liveness" | "startup", member: Member, { plan }: Revision) {
        const set = find(plan, "StatefulSet").inputs;
        const command = listAt(set, `${container}.${kind}Probe.exec.command`).map(String);
        const [program = "", ...rest] = command.map((part) => part.replace(/\b2181\b/g, String(member.ports.client)));
        const environment = { ...process.env, PATH: this.path };
        return (await run(program, rest, { environment, timeout: 10_000 })).code === 0;
    }

    /** Waits until the plan's readiness probe succeeds; otherwise the end of the member's log is the error. */
    public async untilReady(member: Member, revision: Revision, seconds = 60): Promise<void> {
        try {
            await eventually(async () => assert.ok(await this.probe("readiness", member, revision)), seconds);
        } catch {
            throw new Error(`member ${member.id} is not ready:\n${(await this.log(member)).slice(-6000)}`);
        }
    }

    /** What a member answers to a four-letter word on its plain port. */
    public async ask(word: string, member: Member, host = "127.0.0.1"): Promise<string> {
        const script = `printf ${word} | nc -w 2 ${host} ${member.ports.client}`;
        const environment = { ...process.env, PATH: this.path };
        return (await run("bash", ["-c", script], { environment, timeout: 10_000 })).stdout;
    }

    /** The mode that a member says it is in. */
    public async mode(member: Member): Promise<string | undefined> {
        return /^Mode: (\w+)$/m.exec(await this.ask("srvr", member))?.[1];
    }

    /** All that a member has logged. */
    public log(member: Member): Promise<string> {
        return readFile(path.join(member.folder, "log"), "utf8");
    }

    /** Runs one command of zkCli.sh against a member; `options` are Java's. */
    public async client(
        member: Member,
        port: "client" | "secureClient",
        options: readonly string[],
        command: readonly string[],
    ) {
        const server = ["-server", `localhost:${member.ports[port]}`, "-timeout", "6000", "-waitforconnection"];
        const main = "org.apache.zookeeper.ZooKeeperMain";
        const java = ["-Xmx64m", ...options, "-cp", this.classPath, main, ...server, ...command];
        const ended = await run("java", java, { environment: process.env, timeout: 60_000 });
        await appendFile(path.join(this.folder, "clients.log"), `${command.join(" ")}\n${ended.output}\n`);
        return ended;
    }

    /** The folder in which a member finds what the init container has written. */
    public securityFolder(member: Member): string {
        return path.join(member.folder, "security");
    }

    /** Mounts the plan's Secrets and runs the plan's own script on them. */
    private async runInitContainer(member: Member, { plan, secrets }: Revision): Promise<void> {
        const pod = mapAt(find(plan, "StatefulSet").inputs, "spec.template.spec");
        if (pod["initContainers"] === undefined) {
            return;
        }
        const mounted = path.join(member.folder, "secrets");
        for (const source of listAt(pod, "volumes[name=secrets].projected.sources")) {
            const name = String(at(source, "secret.name"));
            for (const item of listAt(source, "secret.items")) {
                const value = secrets[name]?.[String(at(item, "key"))];
                assert.ok(value !== undefined, `Secret ${name} has no key ${String(at(item, "key"))}`);
                const file = path.join(mounted, String(at(item, "path")));
                await mkdir(path.dirname(file), { recursive: true });
                await writeFile(file, value);
            }
        }
        await mkdir(this.securityFolder(member), { recursive: true });
        const [program = "", ...rest] = listAt(pod, "initContainers[name=security].command").map((part) =>
            this.local(String(part), member),
        );
        succeeded("the init container", await run(program, rest, { environment: process.env }));
    }

    /** The Java options of the plan, with the variable in them that comes from a Secret. */
    private jvmFlags({ plan, secrets }: Revision): string {
        const set = find(plan, "StatefulSet").inputs;
        const reference = at(set, `${container}.env[name=SUPER_USER].valueFrom.secretKeyRef`);
        const user = secrets[String(at(reference, "name"))]?.[String(at(reference, "key"))];
        return String(at(set, `${container}.env[name=SERVER_JVMFLAGS].value`)).replace("$(SUPER_USER)", user ?? "");
    }

    /** The folders of a pod as folders of this machine. */
    private local(text: string, member: Member): string {
        return text.replace(/\/(secrets|security)\b/g, `${member.folder}/$1`);
    }

    /** The rendered `zoo.cfg` with this machine's hosts, ports and folders, and nothing else changed. */
    private localConfig(config: string, member: Member): string {
        const { ports } = member;
        const lines = config.split("\n").map((line) => {
            const [, id, host] = /^server\.(\d+)=[^:;]+:2888:3888;(127\.0\.0\.1:)?2181$/.exec(line) ?? [];
            const other = this.members.find((each) => String(each.id) === id);
            if (other !== undefined) {
                const { server, election, client } = other.ports;
                return `server.${other.id}=localhost:${server}:${election};${host ?? ""}${client}`;
            }
            return line
                .replace(/^(secureClientPort)=2281$/, `$1=${ports.secureClient}`)
                .replace(/^(metricsProvider\.httpPort)=7000$/, `$1=${ports.metrics}`)
                .replace(/^(dataDir|dataLogDir)=(\/.+)$/, `$1=${member.folder}$2`);
        });
        assert.equal(lines.filter((line) => line.includes("=localhost:")).length, this.members.length);
        return this.local(lines.join("\n"), member);
    }
}

/**
 * The search path for probes. The image has `nc`; where this machine has none, a few lines of bash stand in for the one
 * use that the probes make of it (`nc -w SECONDS HOST PORT`).
 */
async function pathWithNetcat(folder: string): Promise<string> {
    const own = process.env["PATH"] ?? "";
    const found = await run("bash", ["-c", "command -v nc"], { environment: process.env });
    if (found.code === 0) {
        return own;
    }
    process.stdout.write("    no nc on this machine: a bash script stands in for it\n");
    const bin = path.join(folder, "bin");
    await mkdir(bin, { recursive: true });
    const script = '#!/usr/bin/env bash\nexec 3<>"/dev/tcp/$3/$4" || exit 1\ncat >&3\ntimeout "$2" cat <&3\n';
    await writeFile(path.join(bin, "nc"), script, { mode: 0o755 });
    return `${bin}:${own}`;
}
