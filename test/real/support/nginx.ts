import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { htpasswdLine } from "../../../components/uploader/nginxConf";
import type { UploaderSettings } from "../../../components/uploader/schema";
import { Uploader } from "../../../components/uploader/uploader";
import { eventually } from "../../e2e/support/run";
import { foundation } from "../../support/foundation";
import { at, find, listAt, planOf } from "../../support/plans";
import { freePorts } from "./ports";

/** What the uploader's pod would be given. */
export interface PlannedPod {
    /** The `nginx.conf`. */
    readonly nginxConf: string;
    /** The command of the server's container. */
    readonly command: readonly string[];
    /** The script that removes old packages, and the command of its container; empty without `keepFor`. */
    readonly cleanup: { readonly script: string; readonly command: readonly string[] };
    /** The file with the users, where somebody may write. */
    readonly users?: string;
}

/** Somebody who may write. */
export const login = "build:correct horse";
/** What bcrypt makes of that password, in the form of the random provider: `$2a$`, cost 10. */
export const users = htpasswdLine("build", "$2a$10$abcdefghijklmnopqrstuu23JPZtHcGhwXSF41f93o/7vBdDut3Xu");

/** The files and commands of the pod, out of a plan. */
export async function plannedPod(settings: UploaderSettings): Promise<PlannedPod> {
    const plan = await planOf(
        () => new Uploader("packages", { foundation: foundation(), namespace: "jobs", settings }),
    );
    const config = find(plan, "ConfigMap").inputs;
    const pod = at(find(plan, "StatefulSet").inputs, "spec.template.spec");
    const script = at(config, 'data["cleanup.sh"]');
    return {
        nginxConf: String(at(config, 'data["nginx.conf"]')),
        command: listAt(pod, "containers[name=uploader].command").map(String),
        cleanup:
            typeof script === "string"
                ? { script, command: listAt(pod, "initContainers[name=cleanup].command").map(String) }
                : { script: "", command: [] },
        ...(at(pod, "volumes[name=login]") !== undefined && { users }),
    };
}

export interface Reply {
    readonly status: number;
    readonly headers: http.IncomingHttpHeaders;
    readonly body: Buffer;
}

export interface Ask {
    readonly body?: Buffer | string;
    /** `name:password`. */
    readonly login?: string;
    readonly headers?: Readonly<Record<string, string>>;
}

/** `nobody`: a server that root starts would give its workers another user than the pod's. */
const unprivileged = 65534;
const isRoot = process.getuid?.() === 0;

/** The uploader's nginx on this machine, with nothing changed of its configuration but paths and the port. */
export class RunningUploader {
    private constructor(
        public readonly root: string,
        public readonly port: number,
        private readonly child: ChildProcess,
    ) {}

    /** Where the packages are. */
    public get packages(): string {
        return join(this.root, "packages");
    }

    /** All that the server wrote to its standard output and error. */
    public get log(): string {
        return fs.readFileSync(join(this.root, "log"), "utf8");
    }

    public static async start(files: PlannedPod, before: (packages: string) => void = () => undefined) {
        const root = fs.mkdtempSync(join(tmpdir(), "uploader-"));
        const [port = 0] = await freePorts(1);
        for (const folder of ["packages", "config", "login", "scratch"]) {
            fs.mkdirSync(join(root, folder));
        }
        const moved = (text: string) => movedText(text, root);
        const listening = moved(files.nginxConf).replace("listen 8080 ", `listen 127.0.0.1:${port} `);
        fs.writeFileSync(join(root, "config", "nginx.conf"), listening);
        fs.writeFileSync(join(root, "config", "cleanup.sh"), files.cleanup.script);
        if (files.users !== undefined) {
            fs.writeFileSync(join(root, "login", "htpasswd"), files.users);
        }
        before(join(root, "packages"));
        // A file, not a pipe: Node's pipes are sockets, which nobody can open as /dev/stdout.
        const log = fs.openSync(join(root, "log"), "a");
        const [program, ...rest] = files.command.map(moved);
        if (isRoot) {
            owned(root);
        }
        const child = spawn(program ?? "", rest, {
            env: { PATH: process.env["PATH"] },
            stdio: ["ignore", log, log],
            ...(isRoot && { uid: unprivileged, gid: unprivileged }),
        });
        fs.closeSync(log);
        const server = new RunningUploader(root, port, child);
        try {
            await eventually(() => server.ask("GET", "/healthz"), 10);
        } catch {
            const said = server.log;
            await server.kill();
            throw new Error(`nginx did not start:\n${said}`);
        }
        return server;
    }

    /** One request, to its answer's end. What the server does not want to read is no error. */
    public ask(method: string, path: string, { body, login, headers }: Ask = {}): Promise<Reply> {
        return new Promise((resolve, reject) => {
            const request = this.open(method, path, {
                ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
                ...(login !== undefined && { authorization: `Basic ${Buffer.from(login).toString("base64")}` }),
                ...headers,
            });
            request.on("response", (response) => {
                const parts: Buffer[] = [];
                response.on("data", (part: Buffer) => parts.push(part));
                response.on("end", () =>
                    resolve({
                        status: response.statusCode ?? 0,
                        headers: response.headers,
                        body: Buffer.concat(parts),
                    }),
                );
                response.on("error", reject);
            });
            request.on("error", reject);
            request.end(body);
        });
    }

    /** A request whose body and answer are the caller's. */
    public open(method: string, path: string, headers: http.OutgoingHttpHeaders): http.ClientRequest {
        return http.request({ host: "127.0.0.1", port: this.port, method, path, headers, agent: false });
    }

    /** Sends the signal, and waits for the end. */
    public async end(signal: NodeJS.Signals): Promise<number | null> {
        const ended = new Promise<number | null>((resolve) => this.child.once("exit", resolve));
        if (this.child.exitCode !== null || this.child.signalCode !== null) {
            return this.child.exitCode;
        }
        this.child.kill(signal);
        return ended;
    }

    /** Ends the server at once, and removes what it wrote. */
    public async kill(): Promise<void> {
        await this.end("SIGTERM");
        fs.rmSync(this.root, { recursive: true, force: true });
    }
}

/** The same text with the pod's places moved below a folder. */
export function movedText(text: string, root: string): string {
    const places: Readonly<Record<string, string>> = {
        "/usr/share/nginx/html": join(root, "packages"),
        "/etc/uploader-login": join(root, "login"),
        "/etc/uploader": join(root, "config"),
        "/tmp": join(root, "scratch"),
    };
    return text.replace(
        /\/usr\/share\/nginx\/html|\/etc\/uploader-login|\/etc\/uploader|\/tmp(?=\/)/g,
        (place) => places[place] ?? place,
    );
}

function owned(path: string): void {
    fs.chownSync(path, unprivileged, unprivileged);
    if (fs.lstatSync(path).isDirectory()) {
        fs.readdirSync(path).forEach((entry) => {
            if (!fs.lstatSync(join(path, entry)).isSymbolicLink()) {
                owned(join(path, entry));
            }
        });
    }
}
