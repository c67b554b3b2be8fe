import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { Plan, PlannedResource } from "../../../bin/plan/plan";
import { catalog } from "../../../components/foundation/images";
import { type Ended, eventually, run, succeeded } from "../../e2e/support/run";
import { type Artifact, mavenJars } from "../../support/maven";
import { at, find, listAt } from "../../support/plans";
import { freePorts } from "./ports";
import { zookeeperClassPath } from "./zookeeper";

const version = catalog.bookkeeper.tag;

/** What the image holds of use here, as Maven knows it. */
const artifacts: readonly Artifact[] = [
    ["org.apache.bookkeeper", "bookkeeper-server", version],
    ["org.apache.bookkeeper.stats", "prometheus-metrics-provider", version],
    ["org.apache.bookkeeper.http", "vertx-http-server", version],
    ["org.apache.distributedlog", "distributedlog-core", version],
    ["org.slf4j", "slf4j-log4j12", "1.7.25"],
];

/** A class path with the server, its shell and DistributedLog. */
async function bookkeeperClassPath(): Promise<string> {
    const { classPath } = await mavenJars({ name: "bookkeeper", version, artifacts });
    return classPath;
}

/** The image's two programs, as far as they are used: the same classes, with the variables that the pods set. */
const programs = (classPath: string): Readonly<Record<string, string>> => ({
    bookkeeper: `command=$1
shift
case $command in
bookie) main="org.apache.bookkeeper.server.Main --conf $BOOKIE_CONF" ;;
autorecovery) main="org.apache.bookkeeper.replication.AutoRecoveryMain --conf $BOOKIE_CONF" ;;
shell) main="org.apache.bookkeeper.bookie.BookieShell -conf $BOOKIE_CONF" ;;
esac
exec java -Xms$BOOKIE_MIN_HEAP_MEMORY -Xmx$BOOKIE_MAX_HEAP_MEMORY -XX:MaxDirectMemorySize=$BOOKIE_MAX_DIRECT_MEMORY \\
    $BOOKIE_GC_OPTS $BOOKIE_EXTRA_OPTS -Dlevel=INFO -Djava.net.preferIPv4Stack=true -cp '${classPath}' $main "$@"`,
    dlog: `tool=org.apache.distributedlog.tools.DistributedLogTool
[ "$1" = admin ] && tool=org.apache.distributedlog.admin.DistributedLogAdmin
shift
exec java -Xms$CLI_MIN_HEAP_MEMORY -Xmx$CLI_MAX_HEAP_MEMORY $CLI_EXTRA_OPTS -Dlevel=ERROR \\
    -cp '${classPath}' org.apache.distributedlog.tools.Tool $tool "$@"`,
});

const log4j = `log4j.rootLogger=\${level},CONSOLE
log4j.appender.CONSOLE=org.apache.log4j.ConsoleAppender
log4j.appender.CONSOLE.layout=org.apache.log4j.PatternLayout
log4j.appender.CONSOLE.layout.ConversionPattern=%d{ISO8601} %-5p %c{1} %m%n
`;

/** A pod on this machine: its processes, and the folder that stands for its volumes. */
export interface LocalPod {
    readonly index: number;
    readonly folder: string;
    readonly ports: { readonly client: number; readonly http: number };
}

const container = (name: string) => `spec.template.spec.containers[name=${name}]`;

/** One ZooKeeper, and pods of a plan as processes on the loopback address. */
export class LocalBookKeeper {
    readonly #processes = new Map<number, ChildProcess>();
    #zookeeper: ChildProcess | undefined;

    private constructor(
        private readonly folder: string,
        /** `host:port` of ZooKeeper. */
        public readonly zookeeper: string,
        public readonly pods: readonly LocalPod[],
    ) {}

    /** Starts ZooKeeper; pods are not started yet. */
    public static async start(folder: string, pods: number): Promise<LocalBookKeeper> {
        const [zookeeper = 0, ...others] = await freePorts(1 + 2 * pods);
        const made = new LocalBookKeeper(
            folder,
            `127.0.0.1:${zookeeper}`,
            Array.from({ length: pods }, (_, index) => ({
                index,
                folder: path.join(folder, String(index)),
                ports: { client: others[2 * index] ?? 0, http: others[2 * index + 1] ?? 0 },
            })),
        );
        await made.prepare(zookeeper);
        return made;
    }

    /** Runs the command of an init container, or of a Job, to its end. */
    public async toEnd(pod: LocalPod, workload: PlannedResource, plan: Plan, kind: "initContainers" | "containers") {
        const [only] = listAt(workload.inputs, `spec.template.spec.${kind}`);
        const [program = "", ...rest] = listAt(only, "command").map((part) => this.local(String(part), pod));
        const environment = await this.environment(pod, only, plan);
        return run(program, rest, { environment, timeout: 120_000 });
    }

    /** Starts a pod's container in the background. */
    public async launch(pod: LocalPod, workload: PlannedResource, plan: Plan, name: string): Promise<void> {
        const found = at(workload.inputs, container(name));
        const [program = "", ...rest] = listAt(found, "command").map((part) => this.local(String(part), pod));
        const log = await open(this.logFile(pod), "a");
        const env = await this.environment(pod, found, plan);
        this.#processes.set(pod.index, spawn(program, rest, { env, stdio: ["ignore", log.fd, log.fd] }));
        await log.close();
    }

    /** Asks what a probe asks, and says with which status it was answered; 0 where nobody listens. */
    public async probe(pod: LocalPod, workload: PlannedResource, name: string, probe: string): Promise<number> {
        const route = String(at(workload.inputs, `${container(name)}.${probe}.httpGet.path`));
        return this.get(pod, route).then(
            ({ status }) => status,
            () => 0,
        );
    }

    /** One request to a pod's HTTP server. */
    public async get(pod: LocalPod, route: string): Promise<{ readonly status: number; readonly body: string }> {
        const answer = await fetch(`http://127.0.0.1:${pod.ports.http}${route}`, {
            signal: AbortSignal.timeout(5000),
        });
        return { status: answer.status, body: await answer.text() };
    }

    /** Waits until a probe succeeds; otherwise the end of the log is the error. */
    public async until(pod: LocalPod, workload: PlannedResource, name: string, probe: string): Promise<void> {
        try {
            await eventually(async () => assert.equal(await this.probe(pod, workload, name, probe), 200), 180);
        } catch {
            throw new Error(`pod ${pod.index}: ${probe} fails:\n${(await this.log(pod)).slice(-6000)}`);
        }
    }

    /** Stops a pod as the kubelet does, and says how long it took, in seconds. */
    public async stop(pod: LocalPod, signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<number> {
        const child = this.#processes.get(pod.index);
        const begin = Date.now();
        if (child !== undefined && child.exitCode === null && child.signalCode === null) {
            const ended = new Promise((resolve) => child.once("exit", resolve));
            child.kill(signal);
            await ended;
        }
        return (Date.now() - begin) / 1000;
    }

    /** A command of the image, with the variables of a pod's container. */
    public async program(
        pod: LocalPod,
        container: unknown,
        plan: Plan,
        name: string,
        ...rest: string[]
    ): Promise<Ended> {
        const environment = await this.environment(pod, container, plan);
        return run(path.join(this.folder, "bin", name), rest, { environment, timeout: 120_000 });
    }

    /** All that a pod has logged. */
    public log(pod: LocalPod): Promise<string> {
        return readFile(this.logFile(pod), "utf8");
    }

    /** One command of ZooKeeper's client. */
    public async znode(...command: readonly string[]): Promise<Ended> {
        const main = "org.apache.zookeeper.ZooKeeperMain";
        const java = ["-Xmx64m", "-cp", await zookeeperClassPath(), main, "-server", this.zookeeper, ...command];
        return succeeded("zkCli", await run("java", java, { environment: process.env, timeout: 60_000 }));
    }

    /** Kills whatever runs. */
    public async killAll(): Promise<void> {
        await Promise.all(this.pods.map((pod) => this.stop(pod, "SIGKILL")));
        this.#zookeeper?.kill("SIGKILL");
    }

    private async prepare(port: number): Promise<void> {
        const bin = path.join(this.folder, "bin");
        await mkdir(bin, { recursive: true });
        const classPath = `${bin}:${await bookkeeperClassPath()}`;
        for (const [name, text] of Object.entries(programs(classPath))) {
            await writeFile(path.join(bin, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
        }
        await writeFile(path.join(bin, "log4j.properties"), log4j);
        await Promise.all(this.pods.map((pod) => mkdir(path.join(pod.folder, "tmp"), { recursive: true })));
        const data = path.join(this.folder, "zookeeper");
        await mkdir(data);
        const config = path.join(this.folder, "zoo.cfg");
        const address = `clientPortAddress=127.0.0.1\nclientPort=${port}\n`;
        await writeFile(config, `tickTime=2000\ndataDir=${data}\n${address}admin.enableServer=false\n`);
        const main = "org.apache.zookeeper.server.ZooKeeperServerMain";
        const java = ["-Xmx128m", "-cp", await zookeeperClassPath(), main, config];
        this.#zookeeper = spawn("java", java, { stdio: "ignore" });
    }

    /** The variables of a container, with its configuration as files of this machine. */
    private async environment(pod: LocalPod, given: unknown, plan: Plan): Promise<Record<string, string | undefined>> {
        const [map] = plan.resources.filter(({ type }) => type.endsWith(":ConfigMap"));
        if (map !== undefined) {
            const config = String(at(find(plan, "ConfigMap").inputs, 'data["bk_server.conf"]'));
            await writeFile(path.join(pod.folder, "bk_server.conf"), this.localConfig(config, pod));
        }
        const variables = listAt(given, "env").map((entry): [string, string] => {
            const value = at(entry, "value");
            return [String(at(entry, "name")), typeof value === "string" ? this.local(value, pod) : ""];
        });
        return {
            PATH: process.env["PATH"],
            ...Object.fromEntries(variables),
            // Its name can't be resolved here.
            BOOKIE_ADDRESS: "localhost",
        };
    }

    /** The folders of a pod as folders of this machine. */
    private local(text: string, pod: LocalPod): string {
        return text
            .replace(/^\/tmp(?=\/|$)/, path.join(pod.folder, "tmp"))
            .replaceAll("/opt/bookkeeper/bin", path.join(this.folder, "bin"))
            .replaceAll("/etc/bookkeeper", pod.folder);
    }

    /** The rendered configuration with this machine's ports and folders, and nothing else changed. */
    private localConfig(config: string, pod: LocalPod): string {
        const changed = config
            .replace(/^bookiePort=3181$/m, `bookiePort=${pod.ports.client}`)
            .replace(/^httpServerPort=8080$/m, `httpServerPort=${pod.ports.http}`)
            .replaceAll("=/bookkeeper/data/", `=${pod.folder}/`);
        assert.equal(changed.split("\n").filter((line, index) => line !== config.split("\n")[index]).length, 5);
        // Bookies of one machine are told apart by their ports, and know each other by the loopback address.
        return changed;
    }

    private logFile(pod: LocalPod): string {
        return path.join(pod.folder, "log");
    }
}
