import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Cluster } from "./cluster";
import { isReady, type Pod } from "./objects";
import { eventually } from "./run";

/** What of a pod's state decides whether it serves. */
const columns = [
    "{.type}",
    "{.object.metadata.name}",
    '{.object.status.conditions[?(@.type=="Ready")].status}',
    "{.object.metadata.deletionTimestamp}",
];

/**
 * Watches the pods of one cluster from now on, and keeps which of those that were there at the beginning were down at
 * the same time: gone, on their way out, or not ready.
 */
export class PodWatch {
    readonly #process: ChildProcess;
    readonly #up = new Map<string, boolean>();
    readonly #moments: (readonly string[])[] = [];
    #ended = false;

    private constructor(cluster: Cluster, namespace: string, selector: string, names: readonly string[]) {
        names.forEach((name) => this.#up.set(name, true));
        const line = `${columns.join("|")}{"\\n"}`;
        this.#process = spawn("kubectl", [
            ...["--kubeconfig", cluster.kubeconfig, "get", "pods", "--namespace", namespace, "--selector", selector],
            ...["--watch", "--output-watch-events", "--output", `jsonpath=${line}`],
        ]);
        this.#process.on("close", () => (this.#ended = true));
        createInterface({ input: this.#process.stdout ?? process.stdin }).on("line", (text) => this.take(text));
    }

    /** Begins to watch pods that are all ready. */
    static async begin(cluster: Cluster, namespace: string, selector: string): Promise<PodWatch> {
        const { items } = await cluster.json<{ items: readonly Pod[] }>(
            ...["get", "pods", "--namespace", namespace, "--selector", selector],
        );
        if (items.length === 0 || !items.every(isReady)) {
            throw new Error(`pods of ${selector} in ${namespace} are not ready to be watched: ${items.length}`);
        }
        const names = items.map(({ metadata }) => metadata.name);
        return new PodWatch(cluster, namespace, selector, names);
    }

    /** Stops once every pod is up again. */
    async end(): Promise<void> {
        await eventually(() =>
            this.down().length === 0
                ? Promise.resolve()
                : Promise.reject(new Error(`still down: ${this.down().join(", ")}`)),
        );
        const ended = this.#ended;
        this.#process.kill();
        if (ended) {
            throw new Error("kubectl stopped watching before it was asked to");
        }
    }

    /** The pods that were down at one moment, for the moment with the most. */
    get mostAtOnce(): readonly string[] {
        return this.#moments.reduce<readonly string[]>((most, each) => (each.length > most.length ? each : most), []);
    }

    /** Every pod that was down at some moment, sorted. */
    get everDown(): readonly string[] {
        return [...new Set(this.#moments.flat())].sort();
    }

    /** The pods in the order in which they first went down. */
    get order(): readonly string[] {
        return [...new Set(this.#moments.flat())];
    }

    private take(line: string): void {
        const [type = "", name = "", ready = "", deletion = ""] = line.split("|");
        // A pod that was not there at the beginning is no loss while it starts.
        if (this.#up.has(name)) {
            this.#up.set(name, type !== "DELETED" && ready === "True" && deletion === "");
            this.#moments.push(this.down());
        }
    }

    private down(): readonly string[] {
        return [...this.#up].filter(([, up]) => !up).map(([name]) => name);
    }
}
