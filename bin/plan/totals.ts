import { formatBytes, formatCpu, parseQuantity } from "../../components/foundation/quantity";
import { countedByOperator, podSetsOf } from "./podSets";
import { field, isKubernetes, kindOf, list, namespaceOf, text, type ResourceView } from "./objects";
import { compareText } from "./values";

/** Cores and bytes. */
export interface Amounts {
    readonly cpu: number;
    readonly memory: number;
}

/** What a set of pods asks for, with all pods there that may be there at one time. */
export interface Totals {
    readonly pods: number;
    readonly requests: Amounts;
    readonly limits: Amounts;
    /** Number of pods that have a container without a limit: for them the sum of limits says nothing. */
    readonly unlimited: Amounts;
    /** Bytes of persistent storage, claimed by itself or by a StatefulSet's template once a replica. */
    readonly storage: number;
}

/** The totals of a plan, by namespace (sorted by name) and in all. */
export interface PlanTotals {
    readonly namespaces: Readonly<Record<string, Totals>>;
    readonly all: Totals;
    /** Kinds of custom resources whose pods only their operator knows, so that they are missing from the sums. */
    readonly uncounted: readonly string[];
}

type Resource = keyof Amounts;
type Bound = "requests" | "limits";

const nothing: Totals = {
    pods: 0,
    requests: { cpu: 0, memory: 0 },
    limits: { cpu: 0, memory: 0 },
    unlimited: { cpu: 0, memory: 0 },
    storage: 0,
};

/** Adds up what the planned objects ask for. Objects that only exist already are not the plan's. */
export function totalsOf(resources: readonly (ResourceView & { readonly read?: boolean })[]): PlanTotals {
    const namespaces = new Map<string, Totals>();
    const own = resources.filter(({ type, read }) => isKubernetes(type) && read !== true);
    for (const resource of own) {
        const demand = demandOf(resource);
        const namespace = namespaceOf(resource);
        if (demand !== undefined && namespace !== undefined) {
            namespaces.set(namespace, sum(namespaces.get(namespace) ?? nothing, demand));
        }
    }
    const sorted = [...namespaces].sort(([a], [b]) => compareText(a, b));
    return {
        namespaces: Object.fromEntries(sorted),
        all: sorted.map(([, totals]) => totals).reduce(sum, nothing),
        uncounted: [...new Set(own.filter(countedByOperator).map(kindOf))].sort(compareText),
    };
}

function demandOf(resource: ResourceView): Totals | undefined {
    if (kindOf(resource) === "PersistentVolumeClaim") {
        return { ...nothing, storage: storageOf(resource.inputs) };
    }
    const sets = podSetsOf(resource);
    return sets.length === 0
        ? undefined
        : sets
              .map(({ replicas, pod, claimTemplates }) => {
                  const one = podTotals(pod);
                  const storage = claimTemplates.reduce<number>((bytes, claim) => bytes + storageOf(claim), 0);
                  return times(replicas, { ...one, storage });
              })
              .reduce(sum, nothing);
}

function storageOf(claim: unknown): number {
    return quantity(field(claim, "spec", "resources", "requests", "storage")) ?? 0;
}

function podTotals(pod: unknown): Totals {
    const amounts = (bound: Bound): Amounts => ({
        cpu: podAmount(pod, bound, "cpu") ?? 0,
        memory: podAmount(pod, bound, "memory") ?? 0,
    });
    const unlimited = (resource: Resource): number => (isLimited(pod, resource) ? 0 : 1);
    return {
        pods: 1,
        requests: amounts("requests"),
        limits: amounts("limits"),
        unlimited: { cpu: unlimited("cpu"), memory: unlimited("memory") },
        storage: 0,
    };
}

/**
 * What the scheduler counts for one pod: all containers that run together, or the largest moment of its start, when
 * init containers run one at a time beside the sidecars that started before them. (Kubernetes documentation, "Sidecar
 * containers: resource sharing within containers".) What the pod sets for itself as a whole takes precedence.
 */
function podAmount(pod: unknown, bound: Bound, resource: Resource): number | undefined {
    const whole = quantity(field(pod, "resources", bound, resource));
    if (whole !== undefined) {
        return whole;
    }
    let sidecars = 0;
    let start = 0;
    for (const container of list(pod, "initContainers")) {
        const amount = containerAmount(container, bound, resource) ?? 0;
        start = Math.max(start, sidecars + amount);
        sidecars += isSidecar(container) ? amount : 0;
    }
    const running = list(pod, "containers").reduce<number>(
        (total, container) => total + (containerAmount(container, bound, resource) ?? 0),
        sidecars,
    );
    return Math.max(running, start) + (quantity(field(pod, "overhead", resource)) ?? 0);
}

/** A container without a request requests its limit: the API server's default. */
function containerAmount(container: unknown, bound: Bound, resource: Resource): number | undefined {
    const limit = quantity(field(container, "resources", "limits", resource));
    return bound === "limits" ? limit : (quantity(field(container, "resources", "requests", resource)) ?? limit);
}

function isLimited(pod: unknown, resource: Resource): boolean {
    const running = [...list(pod, "initContainers").filter(isSidecar), ...list(pod, "containers")];
    return (
        quantity(field(pod, "resources", "limits", resource)) !== undefined ||
        running.every((container) => containerAmount(container, "limits", resource) !== undefined)
    );
}

function isSidecar(container: unknown): boolean {
    return text(container, "restartPolicy") === "Always";
}

/** Undefined for what is no quantity: a missing one, or a placeholder. */
function quantity(value: unknown): number | undefined {
    if (typeof value === "number") {
        return value;
    }
    return typeof value === "string" && /^[.\d]/.test(value) ? parseQuantity(value) : undefined;
}

function merge(a: Totals, b: Totals, combine: (a: number, b: number) => number): Totals {
    const amounts = (x: Amounts, y: Amounts): Amounts => ({
        cpu: combine(x.cpu, y.cpu),
        memory: combine(x.memory, y.memory),
    });
    return {
        pods: combine(a.pods, b.pods),
        requests: amounts(a.requests, b.requests),
        limits: amounts(a.limits, b.limits),
        unlimited: amounts(a.unlimited, b.unlimited),
        storage: combine(a.storage, b.storage),
    };
}

function sum(a: Totals, b: Totals): Totals {
    // To nano units, so that the parts add up to 0.3 and not to 0.30000000000000004.
    return merge(a, b, (x, y) => Math.round((x + y) * 1e9) / 1e9);
}

function times(factor: number, totals: Totals): Totals {
    return merge(totals, totals, (x) => Math.round(x * factor * 1e9) / 1e9);
}

/** The totals as a table for people. */
export function formatTotals(totals: PlanTotals): string {
    const header = ["namespace", "pods", "cpu", "limit", "memory", "limit", "storage"];
    const row = (name: string, { pods, requests, limits, unlimited, storage }: Totals): string[] => [
        name,
        String(pods),
        formatCpu(requests.cpu),
        limitText(formatCpu(limits.cpu), unlimited.cpu, pods),
        formatBytes(requests.memory),
        limitText(formatBytes(limits.memory), unlimited.memory, pods),
        formatBytes(storage),
    ];
    const rows = Object.entries(totals.namespaces).map(([name, one]) => row(name, one));
    const table = formatTable([header, ...rows, ...(rows.length === 1 ? [] : [row("all", totals.all)])]);
    const { unlimited } = totals.all;
    const notes = [
        ...(unlimited.cpu + unlimited.memory > 0 ? ["+ some pods, – all pods have no such limit"] : []),
        ...(totals.uncounted.length > 0
            ? [`not counted: pods that operators make of ${totals.uncounted.join(", ")}`]
            : []),
    ];
    return [table, ...notes].join("\n");
}

function limitText(limit: string, unlimited: number, pods: number): string {
    if (unlimited === 0) {
        return limit;
    }
    return unlimited === pods ? "–" : `${limit}+`;
}

/** Columns two spaces apart, the first flush left and numbers flush right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
    const width = (column: number): number => Math.max(...rows.map((cells) => cells[column]?.length ?? 0));
    return rows
        .map((cells) =>
            cells
                .map((cell, column) => (column === 0 ? cell.padEnd(width(column)) : cell.padStart(width(column))))
                .join("  ")
                .trimEnd(),
        )
        .join("\n");
}
