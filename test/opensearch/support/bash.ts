import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for a test, removed by {@link removeFolders}. */
export function folder(): string {
    const made = mkdtempSync(join(tmpdir(), "opensearch-"));
    folders.push(made);
    return made;
}

const folders: string[] = [];

/** Removes the folders of the tests so far. */
export function removeFolders(): void {
    folders.splice(0).forEach((each) => rmSync(each, { recursive: true, force: true }));
}

/** Writes files into a folder, with the folders on their way. */
export function write(into: string, files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
        mkdirSync(join(into, path, ".."), { recursive: true });
        writeFileSync(join(into, path), text, { mode: 0o755 });
    }
}

/** What became of a script. */
export interface Ended {
    readonly code: number | null;
    readonly output: string;
}

/** Runs a script with the machine's bash, for at most 20 seconds. */
export function bash(script: string, ...args: readonly string[]): Promise<Ended> {
    return new Promise((resolve, reject) => {
        const child = spawn("bash", ["-c", script, "script", ...args], { timeout: 20_000 });
        let output = "";
        const collect = (chunk: Buffer) => (output += chunk.toString());
        child.stdout.on("data", collect);
        child.stderr.on("data", collect);
        child.on("error", reject);
        child.on("close", (code) => resolve({ code, output }));
    });
}

/** One request that a {@link FakeCluster} got. */
export interface Call {
    readonly method: string;
    readonly path: string;
    readonly body: string;
    readonly login: string | undefined;
}

/** What a {@link FakeCluster} answers. */
export interface Answer {
    readonly status: number;
    readonly body?: unknown;
}

/** Reads one request. */
export async function callOf(request: IncomingMessage): Promise<Call> {
    let body = "";
    for await (const chunk of request) {
        body += String(chunk);
    }
    const basic = request.headers.authorization?.replace("Basic ", "");
    return {
        method: request.method ?? "",
        path: request.url ?? "",
        body,
        login: basic === undefined ? undefined : Buffer.from(basic, "base64").toString(),
    };
}

/** An HTTP server in the place of a node. */
export class FakeCluster {
    public readonly calls: Call[] = [];

    private constructor(private readonly server: Server) {}

    public static async start(
        answer: (call: Call) => Answer,
        make: (handler: RequestListener) => Server = (handler) => createServer(handler),
    ): Promise<FakeCluster> {
        const server = make((request, response) => {
            void callOf(request).then((call) => {
                cluster.calls.push(call);
                const { status, body } = answer(call);
                response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body ?? {}));
            });
        });
        const cluster = new FakeCluster(server);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return cluster;
    }

    public get port(): number {
        return (this.server.address() as AddressInfo).port;
    }

    /** `GET /path` of each call so far. */
    public get requests(): string[] {
        return this.calls.map(({ method, path }) => `${method} ${path}`);
    }

    public async stop(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((resolve) => this.server.close(resolve));
    }
}
