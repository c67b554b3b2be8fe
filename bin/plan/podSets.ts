import { count, field, isCustom, isKubernetes, isPatch, kindOf, list, text, type ResourceView } from "./objects";
import { isFields } from "../../policy/views/raw";

/** One set of like pods, and how many of them there are at most at one time. */
export interface PodSet {
    readonly replicas: number;
    /** The pod's `spec`. */
    readonly pod: Readonly<Record<string, unknown>>;
    readonly claimTemplates: readonly unknown[];
}

/**
 * The pods that an object makes by itself, none for what makes none. A DaemonSet counts once: how many nodes there are
 * is the cluster's business. A Job counts as many pods as it runs at one time.
 */
export function podSetsOf(resource: ResourceView): readonly PodSet[] {
    if (!isKubernetes(resource.type) || isPatch(resource.type)) {
        return [];
    }
    const spec = field(resource.inputs, "spec");
    switch (kindOf(resource)) {
        case "Deployment":
        case "ReplicaSet":
        case "StatefulSet":
            return podSet(
                count(1, spec, "replicas"),
                field(spec, "template", "spec"),
                list(spec, "volumeClaimTemplates"),
            );
        case "DaemonSet":
            return podSet(1, field(spec, "template", "spec"));
        case "Pod":
            return podSet(1, spec);
        case "Job":
            return podSet(jobPods(spec), field(spec, "template", "spec"));
        case "CronJob": {
            const job = field(spec, "jobTemplate", "spec");
            return podSet(jobPods(job), field(job, "template", "spec"));
        }
        default:
            return [];
    }
}

function podSet(replicas: number, pod: unknown, claimTemplates: readonly unknown[] = []): PodSet[] {
    return isFields(pod) ? [{ replicas, pod, claimTemplates }] : [];
}

function jobPods(spec: unknown): number {
    return Math.min(count(1, spec, "parallelism"), count(Number.POSITIVE_INFINITY, spec, "completions"));
}

/** Groups whose custom resources make no pods: they watch, route or bound those of others. */
const podlessGroups: ReadonlySet<string> = new Set(["monitoring.coreos.com", "gateway.networking.k8s.io"]);

/** True for a custom resource from which an operator makes pods, as far as its group tells. */
export function countedByOperator(resource: ResourceView): boolean {
    const apiVersion = text(resource.inputs, "apiVersion") ?? "v1";
    return isCustom(apiVersion) && !podlessGroups.has(apiVersion.split("/")[0] ?? "");
}
