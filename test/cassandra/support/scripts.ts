import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { agentPlaces, askAgentScript, nodeAgentScript } from "../../../components/cassandra/nodeAgentScript";
import { at } from "../../support/plans";

const folders: string[] = [];
const agents: ChildProcess[] = [];

/** A folder that {@link cleanUp} removes. */
export function folder(): string {
    const made = mkdtempSync(join(tmpdir(), "cassandra-"));
    folders.push(made);
    return made;
}

/** Ends the agents, and removes the folders. */
export function cleanUp(): void {
    agents.forEach((each) => each.kill("SIGKILL"));
    folders.forEach((each) => {
        rmSync(each, { recursive: true, force: true });
    });
}

/** Writes a file that may be run. */
export function program(where: string, name: string, text: string): string {
    mkdirSync(where, { recursive: true });
    const file = join(where, name);
    writeFileSync(file, text);
    chmodSync(file, 0o755);
    return file;
}

async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const port = Number(at(server.address(), "port"));
    await new Promise((resolve) => server.close(resolve));
    return port;
}

/** A node of which there is the agent only; a stub stands for nodetool. */
export interface FakeNode {
    readonly name: string;
    readonly host: string;
    readonly port: number;
    readonly process: ChildProcess;
    /** What nodetool was called with, a line each. */
    readonly calls: () => readonly string[];
}

/** A stub of nodetool in normal mode; `extra` comes first and may end it. */
const nodetoolStub = (where: string, label: string, extra: string) => `#!/bin/bash
echo "$*" >> ${where}/calls
echo "${label} $*" >> ${where}/../order
${extra}
[ "$1" = netstats ] && echo "Mode: NORMAL"
echo "nodetool says $1"
exit 0
`;

/** Starts an agent. */
export async function fakeNode(root: string, label: string, extra = ""): Promise<FakeNode> {
    const where = join(root, label);
    const nodetool = program(where, "nodetool", nodetoolStub(where, label, extra));
    writeFileSync(join(where, "calls"), "");
    const port = await freePort();
    const places = { ...agentPlaces, key: join(root, "key"), nodetool, pulse: 1 };
    writeFileSync(join(where, "agent.py"), nodeAgentScript(places, port));
    const child = spawn("python3", [join(where, "agent.py")], { stdio: ["ignore", "ignore", "inherit"] });
    agents.push(child);
    for (let attempt = 0; attempt < 100 && !(await answers(port)); attempt++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const calls = () =>
        readFileSync(join(where, "calls"), "utf8")
            .split("\n")
            .filter((line) => line !== "");
    return { name: hostname(), host: "127.0.0.1", port, process: child, calls };
}

async function answers(port: number): Promise<boolean> {
    return fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
    );
}

export interface ScriptEnded {
    readonly code: number;
    readonly output: string;
}

/** Runs a Job's script with what is beside it. */
export async function runJob(
    root: string,
    script: string,
    task: Readonly<Record<string, unknown>> & { readonly nodes: readonly FakeNode[] },
    options: { readonly path?: string; readonly key?: string } = {},
): Promise<ScriptEnded> {
    const where = join(root, "job");
    mkdirSync(where, { recursive: true });
    writeFileSync(join(where, "agents.py"), askAgentScript({ key: options.key ?? join(root, "key"), pulse: 1 }));
    writeFileSync(join(where, "main.py"), script);
    const nodes = task.nodes.map(({ name, host, port }) => ({ name, host, port }));
    writeFileSync(join(where, "task.json"), JSON.stringify({ ...task, nodes }));
    const env = { ...process.env, PATH: `${options.path ?? root}:${process.env["PATH"] ?? ""}` };
    const child = spawn("python3", [join(where, "main.py")], { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
    return new Promise((resolve) => child.on("close", (code) => resolve({ code: code ?? 1, output })));
}
