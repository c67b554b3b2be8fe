import { type Ended, eventually, run, succeeded } from "./run";
import { isReady, type KubeList, type KubeObject, nameOf, type Node, type Pod } from "./objects";

/** Kinds that come and go by themselves, or are no objects of their own. */
const restless = new Set(["componentstatuses", "events", "events.events.k8s.io", "leases.coordination.k8s.io"]);

const zoneLabel = "topology.kubernetes.io/zone";
const poolKey = "pool";

/** The cluster that the tests were given. */
export class Cluster {
    readonly kubeconfig: string;
    #prepared: readonly string[] = [];

    constructor(kubeconfig = process.env["E2E_KUBECONFIG"] ?? "") {
        this.kubeconfig = kubeconfig;
    }

    kubectl(arguments_: readonly string[], input?: string): Promise<Ended> {
        return run("kubectl", ["--kubeconfig", this.kubeconfig, ...arguments_], {
            environment: process.env,
            ...(input !== undefined && { input }),
        });
    }

    /** Runs kubectl and returns its standard output; fails with all that it said. */
    async must(arguments_: readonly string[], input?: string): Promise<string> {
        const ended = await this.kubectl(arguments_, input);
        return succeeded(`kubectl ${arguments_.slice(0, 4).join(" ")}`, ended).stdout;
    }

    async json<T>(...arguments_: readonly string[]): Promise<T> {
        return JSON.parse(await this.must([...arguments_, "-o", "json"])) as T;
    }

    /** Creates or changes an object, whoever owns it. */
    async apply(...objects: readonly object[]): Promise<void> {
        const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
        await this.must(["apply", "--server-side", "--force-conflicts", "-f", "-"], list);
    }

    async context(): Promise<string> {
        return (await this.must(["config", "current-context"])).trim();
    }

    async pods(...namespaces: readonly string[]): Promise<readonly Pod[]> {
        const { items } = await this.json<KubeList<Pod>>("get", "pods", "--all-namespaces");
        return items.filter(({ metadata }) => namespaces.includes(metadata.namespace ?? ""));
    }

    /** The pods of namespaces once all of them are ready and none is on its way out: uid by name. Those of Jobs end. */
    settledPods(...namespaces: readonly string[]): Promise<Readonly<Record<string, string>>> {
        return eventually(async () => {
            const pods = (await this.pods(...namespaces)).filter(
                ({ metadata }) => !("job-name" in (metadata.labels ?? {})),
            );
            const unready = pods.filter((pod) => !isReady(pod)).map(nameOf);
            if (pods.length === 0 || unready.length > 0) {
                throw new Error(`not ready: ${unready.join(", ")}`);
            }
            return Object.fromEntries(pods.map((pod) => [nameOf(pod), pod.metadata.uid ?? ""]));
        });
    }

    async nodes(): Promise<Readonly<Record<string, Node>>> {
        const { items } = await this.json<KubeList<Node>>("get", "nodes");
        return Object.fromEntries(items.map((node) => [node.metadata.name, node]));
    }

    /** Every kind that can be listed, but for what comes and goes by itself, as `resource.group`. */
    async listableKinds(): Promise<readonly string[]> {
        const kinds = (await this.must(["api-resources", "--verbs=list", "-o", "name"])).split("\n");
        return kinds.filter((kind) => kind !== "" && !restless.has(kind));
    }

    /** Every object of every listable kind. */
    async everything(): Promise<readonly KubeObject[]> {
        const kinds = (await this.listableKinds()).filter((kind) => !kind.startsWith("customresourcedefinitions."));
        const { items } = await this.json<KubeList<KubeObject>>("get", kinds.join(","), "--all-namespaces");
        return items;
    }

    /** Names of everything: `Kind.group namespace/name`, sorted. */
    async inventory(): Promise<readonly string[]> {
        const kinds = (await this.listableKinds()).join(",");
        const line = '{range .items[*]}{.apiVersion} {.kind} {.metadata.namespace}/{.metadata.name}{"\\n"}{end}';
        const lines = (await this.must(["get", kinds, "--all-namespaces", "-o", `jsonpath=${line}`])).split("\n");
        return lines.filter((each) => each !== "").sort();
    }

    /**
     * Labels and taints nodes as the targets of the shipped stack files ask: in each zone one node of pool `stateful`;
     * of the others all but the last belong to pool `batch`; that one stays as it is.
     */
    async preparePools(): Promise<void> {
        const nodes = Object.values(await this.nodes());
        const zones = new Set<string>();
        const stateful = nodes.filter(({ metadata }) => {
            const zone = metadata.labels?.[zoneLabel];
            const first = zone !== undefined && !zones.has(zone);
            zones.add(zone ?? "");
            return first;
        });
        const others = nodes.filter((node) => !stateful.includes(node));
        if (stateful.length < 3 || others.length < 3) {
            throw new Error(`the tests need 6 nodes in 3 zones, found ${nodes.length} in ${stateful.length}`);
        }
        const taken = nodes.filter(
            ({ metadata, spec }) => metadata.labels?.[poolKey] ?? (spec.taints ?? []).length > 0,
        );
        if (taken.length > 0) {
            throw new Error(
                `the tests need nodes without label ${poolKey} and without taints: ${taken.map(nameOf).join(", ")}`,
            );
        }
        this.#prepared = [...stateful, ...others.slice(0, -1)].map(nameOf);
        await this.pool("stateful", stateful.map(nameOf));
        await this.pool("batch", others.slice(0, -1).map(nameOf));
    }

    private async pool(pool: string, names: readonly string[]): Promise<void> {
        await this.must(["label", "nodes", ...names, `${poolKey}=${pool}`]);
        await this.must(["taint", "nodes", ...names, `${poolKey}=${pool}:NoSchedule`]);
    }

    /** Takes labels and taints away again. */
    async restorePools(): Promise<void> {
        const names = this.#prepared;
        this.#prepared = [];
        if (names.length > 0) {
            await this.must(["label", "nodes", ...names, `${poolKey}-`]);
            await this.must(["taint", "nodes", ...names, `${poolKey}:NoSchedule-`]);
        }
    }

    /** Deletes the priority classes of environments. */
    async deletePriorityClasses(...environments: readonly string[]): Promise<void> {
        const selector = `data-platform/environment in (${environments.join(",")})`;
        await this.must(["delete", "priorityclasses", "--selector", selector]);
    }

    /** Deletes namespaces and waits until they are gone; those that are not there are gone. */
    async deleteNamespaces(...names: readonly string[]): Promise<void> {
        if (names.length > 0) {
            await this.must(["delete", "namespaces", ...names, "--ignore-not-found", "--timeout=120s"]);
        }
    }
}
