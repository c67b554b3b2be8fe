import { podAmount, type Bound } from "./amounts";
import { claimedBytes, type ClaimView, claimsOf } from "./claims";
import type { PodTemplateView } from "./podTemplates";
import { type Fields, fieldsAt } from "./raw";
import type { StackObject, StackView } from "./stackView";
import { ifKnown } from "./unknown";
import type { ResourceView } from "./view";

/** One set of like pods, and how many of them there are at most at one time. */
export interface PodSet {
    readonly replicas: number;
    readonly template: PodTemplateView;
    /** The claims of each pod. */
    readonly claims: readonly ClaimView[];
}

/**
 * The pods that an object makes, none for what makes none or whose operator alone knows. A DaemonSet counts once: how
 * many nodes there are is the cluster's business. A Job counts as many pods as it runs at one time.
 *
 * A TrainJob takes its template from a runtime, which is looked for in the stack.
 */
export function podSetsOf({ view }: StackObject, stack: StackView): readonly PodSet[] {
    const { kind, object, podTemplates } = view;
    if (view.patch) {
        return [];
    }
    const spec = fieldsAt(object, "spec");
    const sets = (...replicas: number[]): PodSet[] =>
        replicas.flatMap((count, index) => {
            const template = podTemplates[index];
            return template === undefined ? [] : [{ replicas: count, template, claims: claimsOfEach(view, template) }];
        });
    switch (kind) {
        case "Deployment":
        case "ReplicaSet":
        case "StatefulSet":
            return sets(count(spec.replicas, 1));
        case "DaemonSet":
        case "Pod":
        case "Redis":
            return sets(1);
        case "Job":
            return sets(jobPods(spec));
        case "CronJob":
            return sets(jobPods(fieldsAt(fieldsAt(spec, "jobTemplate"), "spec")));
        case "SparkApplication":
            return sets(1, executors(spec));
        case "ScheduledSparkApplication":
            return sets(1, executors(fieldsAt(spec, "template")));
        case "RedisReplication":
            // Three each is the operator's own number (redis.redis.opstreelabs.in/v1beta2).
            return sets(count(spec.clusterSize, 3), count(fieldsAt(spec, "sentinel").size, 3));
        case "RedisSentinel":
            return sets(count(spec.clusterSize, 3));
        case "RedisCluster":
            return sets(
                ...["redisLeader", "redisFollower"].map((part) =>
                    count(fieldsAt(spec, part).replicas, count(spec.clusterSize, 3)),
                ),
            );
        case "TrainJob":
            return trainJobPods(view, stack);
        default:
            return [];
    }
}

/** As {@link podSetsOf} of one stack, which looks at each object once. */
export function podSetsBy(stack: StackView): (object: StackObject) => readonly PodSet[] {
    const known = new Map<StackObject, readonly PodSet[]>();
    return (object) => {
        const sets = known.get(object) ?? podSetsOf(object, stack);
        known.set(object, sets);
        return sets;
    };
}

/** The sum of what pods request or are limited to. */
export function sumOfPods(sets: readonly PodSet[], bound: Bound, resource: string): number {
    return sets.reduce((total, { replicas, template }) => total + replicas * podAmount(template, bound, resource), 0);
}

/** The claims of each pod of a template: those in it, and those beside it that are of no other template. */
function claimsOfEach(view: ResourceView, template: PodTemplateView): readonly ClaimView[] {
    const within = (claim: ClaimView, { path }: PodTemplateView): boolean => claim.path.startsWith(`${path}.`);
    return claimsOf(view).filter(
        (claim) => within(claim, template) || !view.podTemplates.some((other) => within(claim, other)),
    );
}

function count(value: unknown, fallback: number): number {
    return typeof value === "number" ? value : fallback;
}

function jobPods(spec: Fields): number {
    return Math.min(count(spec.parallelism, 1), count(spec.completions, Number.POSITIVE_INFINITY));
}

function executors(app: Fields): number {
    const instances = count(fieldsAt(app, "executor").instances, 1);
    const dynamic = fieldsAt(app, "dynamicAllocation");
    return dynamic.enabled === true ? count(dynamic.maxExecutors, instances) : instances;
}

function trainJobPods({ object, podTemplates, metadata }: ResourceView, stack: StackView): PodSet[] {
    const spec = fieldsAt(object, "spec");
    const reference = fieldsAt(spec, "runtimeRef");
    // The kind's default in trainer.kubeflow.org/v1alpha1.
    const kind = typeof reference.kind === "string" ? reference.kind : "ClusterTrainingRuntime";
    const runtime = stack
        .ofKind(kind)
        .find(
            ({ view }) =>
                view.metadata.name === reference.name &&
                (kind === "ClusterTrainingRuntime" || view.metadata.namespace === metadata.namespace),
        )?.view;
    const trainer = fieldsAt(spec, "trainer");
    const own = trainer.resourcesPerNode === undefined ? undefined : podTemplates[0];
    const template = own ?? runtime?.podTemplates[0];
    const nodes = count(
        trainer.numNodes,
        runtime === undefined ? 1 : count(fieldsAt(fieldsAt(runtime.object, "spec"), "mlPolicy").numNodes, 1),
    );
    return template === undefined ? [] : [{ replicas: nodes, template, claims: [] }];
}

/** Bytes that an object claims: itself, or by each of its pods. */
export function claimedStorage({ view }: StackObject, sets: readonly PodSet[]): number {
    const bytes = (claims: readonly ClaimView[]): number =>
        claims.reduce((total, claim) => total + claimedBytes(claim), 0);
    return view.kind === "PersistentVolumeClaim"
        ? bytes(claimsOf(view))
        : sets.reduce((total, { replicas, claims }) => total + replicas * bytes(claims), 0);
}

/** A sum over parts, some of which may not be known yet. */
export interface KnownSum<T> {
    /** The sum of the parts that are known. */
    readonly total: number;
    /** The part with the largest share, and its share. */
    readonly largest: { readonly part: T; readonly amount: number } | undefined;
    /** Throws where a part is not known yet. For use when what is known is not enough to judge. */
    readonly settle: () => void;
}

/** Adds up what is known of the parts: a sum that is too large already need not wait for the rest. */
export function knownSum<T>(parts: readonly T[], amountOfPart: (part: T) => number): KnownSum<T> {
    let total = 0;
    let largest: KnownSum<T>["largest"];
    const unknown: T[] = [];
    for (const part of parts) {
        const amount = ifKnown(() => amountOfPart(part));
        if (amount === undefined) {
            unknown.push(part);
        } else {
            total += amount;
            largest = amount > (largest?.amount ?? 0) ? { part, amount } : largest;
        }
    }
    return { total, largest, settle: () => unknown.forEach(amountOfPart) };
}
