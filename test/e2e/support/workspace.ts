import {
    cpSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    realpathSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseDocument, type Document } from "yaml";
import { type Events, readEvents } from "./events";
import { type Ended, run } from "./run";
import { pulumiLauncher } from "./tools";

const project = resolve(__dirname, "../../..");

/** What of the project a copy of it needs to run. */
const copied = [
    "Pulumi.yaml",
    "package.json",
    "tsconfig.json",
    "index.ts",
    "bin",
    "components",
    "dist",
    "policy",
    "stacks",
];

/** Variables that pass from the caller: where programs are, how to reach the network. Nothing of clusters or stacks. */
const passed =
    /^(PATH|HOME|USER|LANG|LC_.*|TMPDIR|TEMP|TMP|SystemRoot|PULUMI_HOME|PULUMI_SKIP_UPDATE_CHECK|https?_proxy|no_proxy|SSL_CERT_.*|NODE_EXTRA_CA_CERTS)$/i;

/** Milliseconds that an operation may take: a roll of a chain of sets takes a minute for each of their pods. */
const longestOperation = 900_000;

/** How an operation of the engine ended, and what it did. */
export interface Operated extends Ended {
    readonly events: Events;
}

/** A copy of the project with a state of its own, whose stack files a test may change. */
export class Workspace {
    readonly #directory: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
    #logs = 0;

    /**
     * @param kubeconfig Cluster of the stacks; without one the workspace sees no cluster at all.
     * @param environment Variables that are set, or with undefined taken away.
     */
    constructor(kubeconfig?: string, environment: Readonly<Record<string, string | undefined>> = {}) {
        this.#directory = realpathSync(mkdtempSync(join(tmpdir(), "data-platform-")));
        for (const entry of copied) {
            cpSync(join(project, entry), this.path(entry), { recursive: true });
        }
        symlinkSync(join(project, "node_modules"), this.path("node_modules"), "dir");
        mkdirSync(this.path("state"));
        this.environment = {
            ...inherited(),
            PULUMI_BACKEND_URL: pathToFileURL(this.path("state")).href,
            PULUMI_CONFIG_PASSPHRASE: "",
            // Among others, this makes the event log available.
            PULUMI_DEBUG_COMMANDS: "1",
            KUBECONFIG: kubeconfig === undefined ? this.path("no-kubeconfig") : resolve(kubeconfig),
            ...environment,
        };
    }

    path(...parts: readonly string[]): string {
        return join(this.#directory, ...parts);
    }

    remove(): void {
        rmSync(this.#directory, { recursive: true, force: true });
    }

    stackFile(stack: string): string {
        return this.path("stacks", `Pulumi.${stack}.yaml`);
    }

    readStack(stack: string): Document.Parsed {
        return parseDocument(readFileSync(this.stackFile(stack), "utf8"));
    }

    /** Changes the file of a stack; `from` another one to begin with. */
    editStack(stack: string, edit: (settings: StackEditor) => void, from = stack): void {
        const document = this.readStack(from);
        edit({
            set: (path, value) => document.setIn(keys(path), document.createNode(value)),
            remove: (path) => void document.deleteIn(keys(path)),
        });
        writeFileSync(this.stackFile(stack), document.toString({ lineWidth: 0 }));
    }

    /** Runs the Pulumi CLI. */
    pulumi(...arguments_: readonly string[]): Promise<Ended> {
        return this.node([pulumiLauncher, ...arguments_, "--non-interactive", "--color", "never"]);
    }

    /** Runs an operation of the engine on a stack, without the wrapper. */
    async operate(
        action: "preview" | "up" | "destroy",
        stack: string,
        ...further: readonly string[]
    ): Promise<Operated> {
        const log = this.nextLog();
        const ended = await this.pulumi(action, "--stack", stack, ...answer(action), "--event-log", log, ...further);
        return { ...ended, events: existsSync(log) ? readEvents(log) : noEvents };
    }

    /** Runs an operation through the wrapper, as `npm run preview`, `npm run up` and `npm run destroy` do. */
    async wrapped(
        action: "preview" | "up" | "destroy",
        stack: string,
        ...further: readonly string[]
    ): Promise<Operated> {
        const log = this.nextLog();
        const arguments_ = [...answer(action), "--color", "never", "--event-log", log, ...further];
        const ended = await this.node([this.path("dist/bin/engine.js"), action, "--stack", stack, "--", ...arguments_]);
        return { ...ended, events: existsSync(log) ? readEvents(log) : noEvents };
    }

    /** Takes the protection off everything in a stack's state, as whoever gives up an environment does. */
    async release(stack: string): Promise<void> {
        const ended = await this.pulumi("state", "unprotect", "--all", "--yes", "--stack", stack);
        if (ended.code !== 0) {
            throw new Error(`${stack} can't be unprotected: ${ended.output}`);
        }
    }

    /** Plans a stack and writes its manifests, as `npm run render` does; returns their paths with the report's. */
    async render(stack: string): Promise<Ended & { readonly directory: string; readonly files: readonly string[] }> {
        const directory = this.path("rendered", stack);
        const ended = await this.node([this.path("dist/bin/render.js"), "--stack", stack, "--out", directory]);
        const manifests = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith(".yaml")) : [];
        return { ...ended, directory, files: manifests.sort().map((name) => join(directory, name)) };
    }

    /** What the engine stores of a stack, as it stores it. */
    state(stack: string): string {
        const file = this.path("state/.pulumi/stacks/data-platform", `${stack}.json`);
        return existsSync(file) ? readFileSync(file, "utf8") : "";
    }

    private node(arguments_: readonly string[]): Promise<Ended> {
        return run(process.execPath, arguments_, {
            directory: this.#directory,
            environment: this.environment,
            timeout: longestOperation,
        });
    }

    private nextLog(): string {
        this.#logs += 1;
        return this.path(`events-${this.#logs}.jsonl`);
    }
}

/** Changes settings of a stack file by dotted path below `data-platform:`, such as `zookeeper.members`. */
export interface StackEditor {
    readonly set: (path: string, value: unknown) => void;
    readonly remove: (path: string) => void;
}

function keys(path: string): readonly string[] {
    const [section = "", ...rest] = path.split(".");
    return ["config", `data-platform:${section}`, ...rest];
}

const noEvents: Events = { changes: [], steps: [], complaints: [], violations: [] };

function inherited(): Record<string, string> {
    const entries = Object.entries(process.env).flatMap(([key, value]): [string, string][] =>
        value !== undefined && passed.test(key) ? [[key, value]] : [],
    );
    return { ...Object.fromEntries(entries), PULUMI_SKIP_UPDATE_CHECK: "true" };
}

/** Nobody can be asked: what changes something is confirmed beforehand. */
function answer(action: "preview" | "up" | "destroy"): readonly string[] {
    return action === "preview" ? [] : ["--yes"];
}
