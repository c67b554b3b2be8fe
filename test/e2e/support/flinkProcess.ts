import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, openSync, closeSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import * as path from "node:path";
import type { Context } from "mocha";
import { parse } from "yaml";
import type { Cluster } from "./cluster";
import type { FlinkJars } from "./flinkJars";
import type { KubeObject } from "./objects";
import { eventually, run } from "./run";

/** Skips the suite, and says why, where Java or Maven is missing; fails it where `E2E_REQUIRED=1` says that none may be. */
export async function requireJava(context: Context): Promise<void> {
    for (const [program, version] of [
        ["java", "-version"],
        ["mvn", "--version"],
    ] as const) {
        const reason = await run(program, [version], { environment: process.env }).then(
            ({ code, output }) => (code === 0 ? undefined : output.trim()),
            (error: unknown) => String(error),
        );
        if (reason !== undefined) {
            const said = `${program} does not run: ${reason}`;
            if (process.env["E2E_REQUIRED"] === "1") {
                throw new Error(said);
            }
            process.stdout.write(`    skipped: ${said}\n`);
            context.skip();
        }
    }
}

/** What Flink's own scripts give Java where the configuration says nothing. */
const moduleFlags = [
    "--add-exports=java.base/sun.net.util=ALL-UNNAMED",
    ...["lang", "net", "io", "nio", "util", "util.concurrent"].map(
        (part) => `--add-opens=java.base/java.${part}=ALL-UNNAMED`,
    ),
];

/** A small Java that starts fast: these processes live for seconds. */
const smallJava = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/** Makes the client library tell each of its calls, beside what the log file under test says. */
const tellCalls = `logger.calls.name = org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.client.http
logger.calls.level = TRACE
`;

interface ConfigMap extends KubeObject {
    readonly data: Readonly<Record<string, string>>;
}

/** A file of a ConfigMap, as a pod would have it mounted. */
export async function mountedFile(cluster: Cluster, namespace: string, name: string, key: string): Promise<string> {
    const { data } = await cluster.json<ConfigMap>("get", "configmap", "--namespace", namespace, name);
    const text = data[key];
    if (text === undefined) {
        throw new Error(`ConfigMap ${namespace}/${name} has ${Object.keys(data).join(", ")}, and not ${key}`);
    }
    return text;
}

/** Every key of a `config.yaml`, nested or not, with its value. */
export function flattened(yaml: string): Readonly<Record<string, unknown>> {
    const walk = (value: unknown, at: string): readonly (readonly [string, unknown])[] =>
        typeof value === "object" && value !== null && !Array.isArray(value)
            ? Object.entries(value).flatMap(([key, inner]) => walk(inner, at === "" ? key : `${at}.${key}`))
            : [[at, value]];
    return Object.fromEntries(walk(parse(yaml), ""));
}

/** A kubeconfig for the same cluster with nothing in it but a token. */
export async function kubeconfigWith(cluster: Cluster, token: string, file: string): Promise<void> {
    const view = await cluster.must(["config", "view", "--raw", "--minify", "--flatten", "-o", "json"]);
    const config = JSON.parse(view) as { users: { name: string; user: unknown }[] };
    config.users = config.users.map(({ name }) => ({ name, user: { token } }));
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
}

/** A process that ends with the test run at the latest. */
class Java {
    readonly #child: ChildProcess;
    readonly #killed = () => void this.#child.kill("SIGKILL");

    constructor(
        arguments_: readonly string[],
        folder: string,
        environment: Readonly<Record<string, string>>,
        private readonly logFile: string,
    ) {
        const log = openSync(logFile, "a", 0o600);
        const { PATH, JAVA_HOME } = process.env;
        this.#child = spawn("java", arguments_, {
            cwd: folder,
            // Nothing of the caller's: no kubeconfig of another cluster, no Hadoop.
            env: { PATH, ...(JAVA_HOME !== undefined && { JAVA_HOME }), HOME: folder, ...environment },
            stdio: ["ignore", log, log],
        });
        closeSync(log);
        process.once("exit", this.#killed);
        this.#child.once("exit", () => process.off("exit", this.#killed));
    }

    get ended(): boolean {
        return this.#child.exitCode !== null || this.#child.signalCode !== null;
    }

    log(): string {
        return readFileSync(this.logFile, "utf8");
    }

    async kill(): Promise<void> {
        if (!this.ended) {
            const ended = new Promise((resolve) => this.#child.once("exit", resolve));
            this.#child.kill("SIGKILL");
            await ended;
        }
    }
}

/** One session cluster as the stack has declared it. */
export interface Session {
    readonly namespace: string;
    readonly clusterId: string;
}

export interface JobManagerOptions {
    /** Whose token it calls the API with. */
    readonly account: string;
    /** Settings beyond {@link overrides}; each has to be explained where it is given. */
    readonly further?: Readonly<Record<string, string>>;
}

/**
 * What differs from a JobManager in its pod, and why; everything else is what the ConfigMaps of the cluster hold.
 * A TaskManager's command line carries them all, since Flink hands on what differs from the file.
 */
export function overrides(folder: string): Readonly<Record<string, string>> {
    return {
        // A pod finds the API server and its token by itself.
        "kubernetes.config.file": path.join(folder, "kubeconfig"),
        // Where this process finds log4j-console.properties; in a pod it is kubernetes.flink.conf.dir.
        "$internal.deployment.config-dir": path.join(folder, "conf"),
        // The machine's own network: nobody else reaches it, and no port is taken twice.
        "jobmanager.bind-host": "127.0.0.1",
        "jobmanager.rpc.bind-port": "0",
        "rest.bind-address": "127.0.0.1",
        "rest.bind-port": "0",
        "blob.server.port": "0",
        // The scratch volumes.
        "io.tmp.dirs": path.join(folder, "tmp"),
    };
}

/** A real JobManager on this machine, with the configuration, pod template and rights that the cluster has for it. */
export class LocalJobManager {
    private constructor(private readonly java: Java) {}

    /** Reads what a pod would mount, and starts the class that `kubernetes-jobmanager.sh kubernetes-session` starts. */
    static async start(
        cluster: Cluster,
        jars: FlinkJars,
        { namespace, clusterId }: Session,
        folder: string,
        options: JobManagerOptions,
    ): Promise<LocalJobManager> {
        const [conf, templates, classes] = ["conf", "pod-template", "classes"].map((part) => path.join(folder, part));
        for (const each of [conf, templates, classes, path.join(folder, "tmp")]) {
            await mkdir(each!, { recursive: true });
        }
        const files = [
            [conf!, `flink-config-${clusterId}`, "config.yaml"],
            [conf!, `flink-config-${clusterId}`, "log4j-console.properties"],
            [templates!, `pod-template-${clusterId}`, "taskmanager-pod-template.yaml"],
        ] as const;
        for (const [into, map, key] of files) {
            writeFileSync(path.join(into, key), await mountedFile(cluster, namespace, map, key));
        }
        const token = await cluster.must(["create", "token", "--namespace", namespace, options.account]);
        await kubeconfigWith(cluster, token.trim(), path.join(folder, "kubeconfig"));
        await jars.writeTemplateClass(classes!, templates!);
        writeFileSync(path.join(folder, "calls.properties"), tellCalls);
        const config = flattened(readFileSync(path.join(conf!, "config.yaml"), "utf8"));
        const rendered = config["env.java.default-opts.all"];
        const logConfig = [path.join(conf!, "log4j-console.properties"), path.join(folder, "calls.properties")];
        const java = new Java(
            [
                ...smallJava,
                // What the start script takes from the configuration.
                ...(typeof rendered === "string" ? rendered.split(/\s+/) : []),
                `-Dlog4j.configurationFile=${logConfig.join(",")}`,
                `-Dlog.file=${path.join(folder, "tmp", "rolling.log")}`,
                `-Djava.io.tmpdir=${path.join(folder, "tmp")}`,
                "-cp",
                `${classes!}${path.delimiter}${jars.classPath}`,
                "org.apache.flink.kubernetes.entrypoint.KubernetesSessionClusterEntrypoint",
                ...Object.entries({ ...overrides(folder), ...options.further }).map(
                    ([key, value]) => `-D${key}=${value}`,
                ),
            ],
            folder,
            { FLINK_CONF_DIR: conf!, _POD_IP_ADDRESS: "127.0.0.1" },
            path.join(folder, "log"),
        );
        return new LocalJobManager(java);
    }

    log(): string {
        return this.java.log();
    }

    get ended(): boolean {
        return this.java.ended;
    }

    /** Ends it at once, as a lost node would. */
    stop(): Promise<void> {
        return this.java.kill();
    }

    /** Asks it to end, as a client's `stop` does, and waits until it has. */
    async end(): Promise<void> {
        await this.request("/cluster", { method: "DELETE" });
        await eventually(() => (this.ended ? Promise.resolve() : Promise.reject(new Error("it still runs"))));
    }

    /** Waits until it has logged something; fails with the end of its log. */
    async logged(what: RegExp, seconds = 60): Promise<RegExpExecArray> {
        try {
            return await eventually(() => {
                const found = what.exec(this.log());
                return found === null ? Promise.reject(new Error("not yet")) : Promise.resolve(found);
            }, seconds);
        } catch {
            throw new Error(`the JobManager has not logged ${String(what)}:\n${withoutCalls(this.log()).slice(-6000)}`);
        }
    }

    /** Asks its REST API. */
    async rest<T>(where: string): Promise<T> {
        return (await (await this.request(where)).json()) as T;
    }

    private async request(where: string, options?: RequestInit): Promise<Response> {
        const [, address = ""] = await this.logged(/Web frontend listening at (http:\/\/[\d.:]+\d)/);
        const answer = await fetch(`${address}${where}`, options);
        if (!answer.ok) {
            throw new Error(`${where}: ${answer.status} ${await answer.text()}`);
        }
        return answer;
    }

    /** The calls of the Kubernetes API that it has made: `create pods`, each once. */
    calls(): readonly string[] {
        const lines = this.log().matchAll(/ > (GET|POST|PUT|PATCH|DELETE) (https?:\/\/\S+)/g);
        return [...new Set([...lines].map(([, method = "", url = ""]) => apiCall(method, new URL(url))))].sort();
    }

    /** The calls that the API server refused, as Kubernetes words it. */
    refusals(): readonly string[] {
        const refused = /cannot (\w+) resource \\*"(\w+)\\*" in API group \\*"(\w*)\\*"/g;
        const found = [...this.log().matchAll(refused)].map(([, verb, resource, group]) =>
            group === "" ? `${verb} ${resource}` : `${verb} ${resource}.${group}`,
        );
        return [...new Set(found)].sort();
    }
}

/** The verb and resource that RBAC sees in a request. */
function apiCall(method: string, url: URL): string {
    const [, group, resource = "", name] =
        /^\/(?:api\/v1|apis\/([^/]+)\/[^/]+)(?:\/namespaces\/[^/]+)?\/([^/]+)(?:\/([^/]+))?/.exec(url.pathname) ?? [];
    const reading = url.searchParams.get("watch") === "true" ? "watch" : name === undefined ? "list" : "get";
    const verbs: Readonly<Record<string, string>> = {
        GET: reading,
        POST: "create",
        PUT: "update",
        PATCH: "patch",
        DELETE: name === undefined ? "deletecollection" : "delete",
    };
    return `${verbs[method]} ${resource}${group === undefined ? "" : `.${group}`}`;
}

/** A log without the calls, whose headers have the token. */
function withoutCalls(log: string): string {
    return log
        .split("\n")
        .filter((line) => !/HttpLoggingInterceptor/.test(line))
        .join("\n");
}

/** Runs the class that `kubernetes-session.sh` runs, with a configuration folder of its own, to its end. */
export async function runSessionClient(
    jars: FlinkJars,
    folder: string,
    files: Readonly<Record<string, string>>,
): Promise<void> {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
        writeFileSync(path.join(folder, name), text);
    }
    const main = "org.apache.flink.kubernetes.cli.KubernetesSessionCli";
    const ended = await run(
        "java",
        [...smallJava, ...moduleFlags, `-Djava.io.tmpdir=${folder}`, "-cp", jars.classPath, main],
        {
            directory: folder,
            environment: {
                PATH: process.env["PATH"],
                JAVA_HOME: process.env["JAVA_HOME"],
                HOME: folder,
                FLINK_CONF_DIR: folder,
            },
            timeout: 90_000,
        },
    );
    // It exits with 0 also where it has only printed an exception.
    if (ended.code !== 0 || /Exception/.test(ended.output)) {
        throw new Error(`the session client ended with ${ended.code}:\n${ended.output}`);
    }
}
