import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Labels } from "../foundation/labels";
import { registerNetwork, type SetArgs, setLabels, setPodTemplate } from "./setParts";

export interface TaskArgs extends Omit<SetArgs, "replicas" | "services" | "spread" | "ingress" | "cluster"> {
    /** Seconds after which an attempt that has not ended counts as failed, retries included. */
    readonly deadlineSeconds: number;
    /**
     * How often a failed pod is replaced.
     *
     * @default 6
     */
    readonly retries?: number;
}

/** What a Job is made of, whoever makes it: its labels, its spec, and the network policy of its pod. */
export function registerJob(
    name: string,
    args: TaskArgs,
    inside: pulumi.CustomResourceOptions,
): { labels: Labels; spec: k8s.types.input.batch.v1.JobSpec; network: k8s.networking.v1.NetworkPolicy } {
    const set: SetArgs = { ...args, pod: { ...args.pod, restartPolicy: "Never" }, replicas: 1, ingress: [] };
    return {
        labels: setLabels(set).labels,
        spec: {
            backoffLimit: args.retries ?? 6,
            activeDeadlineSeconds: args.deadlineSeconds,
            template: setPodTemplate(set),
        },
        network: registerNetwork(name, set, inside),
    };
}

/**
 * Work that is done once, and again whenever its pod changes: a Job, with its network policy. The pod must be safe to
 * repeat. A change replaces the Job, whose name stays the same. It never removes itself, or every up would make it anew.
 */
export class Task extends pulumi.ComponentResource {
    constructor(name: string, args: TaskArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data-platform:sets:Task", name, {}, opts);
        const inside = { parent: this };
        const { labels, spec, network } = registerJob(name, args, inside);
        // The engine waits a little longer than Kubernetes, so that it can report what Kubernetes says.
        const timeout = `${args.deadlineSeconds + 60}s`;
        new k8s.batch.v1.Job(
            `${name}-job`,
            { metadata: { name: args.objectName, namespace: args.namespace, labels }, spec },
            {
                ...inside,
                dependsOn: [args.access, network],
                deleteBeforeReplace: true,
                customTimeouts: { create: timeout, update: timeout },
            },
        );
        this.registerOutputs({});
    }
}
