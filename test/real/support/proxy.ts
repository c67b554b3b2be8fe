import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dashboard, type DashboardBackend } from "../../../components/dashboard/dashboard";
import type { ExposureSettings } from "../../../components/dashboard/schema";
import { eventually, run, succeeded } from "../../e2e/support/run";
import { foundation } from "../../support/foundation";
import { at, find, listAt, planOf } from "../../support/plans";
import { freePorts } from "./ports";

const service = { service: "app", port: 80, portName: "api", podLabels: { app: "app" }, containerPort: 80 };

/** The proxy's configuration and command, out of a plan. */
export async function plannedProxy(settings: ExposureSettings, backend: Partial<DashboardBackend> = {}) {
    const plan = await planOf(
        () =>
            new Dashboard("ui", {
                foundation: foundation(),
                namespace: "apps",
                title: "Some UI",
                settings,
                backend: { ...service, ...backend },
            }),
    );
    return {
        conf: String(at(find(plan, "ConfigMap", "ui-config").inputs, 'data["nginx.conf"]')),
        command: listAt(find(plan, "Deployment").inputs, "spec.template.spec.containers[name=proxy].command").map(
            String,
        ),
    };
}

export interface Ask {
    /** @default GET */
    readonly method?: string;
    readonly body?: string | Buffer;
    /** `name:password`. */
    readonly login?: string;
    readonly headers?: http.OutgoingHttpHeaders;
    /** Whom to trust, which means TLS. */
    readonly authority?: Buffer;
}

export interface Reply {
    readonly status: number;
    readonly headers: http.IncomingHttpHeaders;
    readonly body: string;
}

/** A request whose body and answer are the caller's. */
export function open(
    port: number,
    path: string,
    { method = "GET", login, headers, authority }: Ask,
): http.ClientRequest {
    const options = {
        host: "localhost",
        port,
        path,
        method,
        agent: false,
        headers: { ...headers, ...(login !== undefined && { authorization: `Basic ${base64(login)}` }) },
    };
    return authority === undefined ? http.request(options) : https.request({ ...options, ca: authority });
}

/** One request, to its answer's end. */
export function ask(port: number, path: string, given: Ask = {}): Promise<Reply> {
    return new Promise((resolve, reject) => {
        const request = open(port, path, given);
        request.on("error", reject);
        request.on("response", (response) => {
            const parts: Buffer[] = [];
            response.on("data", (part: Buffer) => parts.push(part));
            response.on("error", reject);
            response.on("end", () =>
                resolve({
                    status: response.statusCode ?? 0,
                    headers: response.headers,
                    body: Buffer.concat(parts).toString(),
                }),
            );
        });
        request.end(given.body);
    });
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A server on loopback, which ends with its connections. */
export async function listening<S extends http.Server | https.Server>(server: S): Promise<{ server: S; port: number }> {
    const port = await portOf(server);
    return { server, port };
}

function portOf(server: Server): Promise<number> {
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
}

/** A new certificate for localhost, signed by itself, and its key: `tls.crt` and `tls.key`. */
export async function makeCertificate(folder: string): Promise<Buffer> {
    const [key, certificate] = [join(folder, "tls.key"), join(folder, "tls.crt")];
    const request = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ];
    const subject = ["-subj", "/CN=ui", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate];
    succeeded("openssl", await run("openssl", [...request, ...subject], { environment: process.env }));
    owned(folder);
    return fs.readFileSync(certificate);
}

/** `nobody`: a server that root starts would give its workers another user than the pod's. */
const unprivileged = 65534;
const isRoot = process.getuid?.() === 0;

/** A proxy's nginx on this machine, with nothing changed of its configuration but places, addresses and the port. */
export class RunningProxy {
    private constructor(
        private readonly root: string,
        public readonly port: number,
        private readonly child: ChildProcess,
    ) {}

    /**
     * @param addresses what takes the place of an address of the configuration, such as the Service's
     * @param prepare fills the folders that the pod mounts: `login`, `tls`, `backend`
     */
    public static async start(
        { conf, command }: Awaited<ReturnType<typeof plannedProxy>>,
        addresses: Readonly<Record<string, string>>,
        prepare: (folder: (name: "login" | "tls" | "backend") => string) => unknown = () => undefined,
    ): Promise<RunningProxy> {
        const root = fs.mkdtempSync(join(tmpdir(), "proxy-"));
        ["config", "login", "tls", "backend", "scratch"].forEach((folder) => fs.mkdirSync(join(root, folder)));
        const [port = 0] = await freePorts(1);
        // In this order: the root itself may be below /tmp.
        const places = { "/tmp/": `${join(root, "scratch")}/`, "/etc/proxy": root, ...addresses };
        const moved = (text: string) =>
            Object.entries(places).reduce((before, [from, to]) => before.replaceAll(from, to), text);
        const listen = / (8080|8443) (ssl )?default_server;/;
        fs.writeFileSync(
            join(root, "config", "nginx.conf"),
            moved(conf).replace(listen, ` 127.0.0.1:${port} $2default_server;`),
        );
        await prepare((name) => join(root, name));
        // A file, not a pipe: Node's pipes are sockets, which nobody can open as /dev/stdout.
        const log = fs.openSync(join(root, "log"), "a");
        owned(root);
        const [program, ...rest] = command.map((each) => each.replaceAll("/etc/proxy", root));
        const child = spawn(program ?? "", rest, {
            env: { PATH: process.env["PATH"] },
            stdio: ["ignore", log, log],
            ...(isRoot && { uid: unprivileged, gid: unprivileged }),
        });
        fs.closeSync(log);
        const proxy = new RunningProxy(root, port, child);
        try {
            await eventually(() => connected(port), 10);
        } catch {
            const said = proxy.log;
            await proxy.stop();
            throw new Error(`nginx did not start:\n${said}`);
        }
        return proxy;
    }

    /** All that it wrote to its standard output and error. */
    public get log(): string {
        return fs.readFileSync(join(this.root, "log"), "utf8");
    }

    /** A folder that the pod mounts. */
    public folder(name: "login" | "tls" | "backend"): string {
        return join(this.root, name);
    }

    /** Ends it, and removes what it wrote. */
    public async stop(): Promise<void> {
        if (this.child.exitCode === null && this.child.signalCode === null) {
            const ended = new Promise((resolve) => this.child.once("exit", resolve));
            this.child.kill("SIGTERM");
            await ended;
        }
        fs.rmSync(this.root, { recursive: true, force: true });
    }
}

function owned(path: string): void {
    if (!isRoot) {
        return;
    }
    fs.chownSync(path, unprivileged, unprivileged);
    if (fs.statSync(path).isDirectory()) {
        fs.readdirSync(path).forEach((entry) => owned(join(path, entry)));
    }
}

async function connected(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
        const request = http.get({ host: "127.0.0.1", port, path: "/", agent: false });
        request.on("error", reject);
        request.on("response", (response) => {
            response.resume();
            resolve();
        });
    });
}
