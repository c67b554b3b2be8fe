import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { registerNetwork, type SetArgs, setLabels, setPodTemplate } from "./setParts";

export interface TaskArgs extends Omit<SetArgs, "replicas" | "services" | "spread" | "ingress"> {
    /** Seconds after which an attempt that has not ended counts as failed, retries included. */
    readonly deadlineSeconds: number;
    /**
     * How often a failed pod is replaced.
     *
     * @default 6
     */
    readonly retries?: number;
}

/**
 * Work that is done once, and again whenever its pod changes: a Job, with its network policy. The pod must be safe to
 * repeat. A change replaces the Job, whose name stays the same.
 */
export class Task extends pulumi.ComponentResource {
    constructor(name: string, args: TaskArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data-platform:sets:Task", name, {}, opts);
        const set: SetArgs = { ...args, pod: { ...args.pod, restartPolicy: "Never" }, replicas: 1, ingress: [] };
        const { labels } = setLabels(set);
        const inside = { parent: this };
        const network = registerNetwork(name, set, inside);
        // The engine waits a little longer than Kubernetes, so that it can report what Kubernetes says.
        const timeout = `${args.deadlineSeconds + 60}s`;
        new k8s.batch.v1.Job(
            `${name}-job`,
            {
                metadata: { name: args.objectName, namespace: args.namespace, labels },
                spec: {
                    backoffLimit: args.retries ?? 6,
                    activeDeadlineSeconds: args.deadlineSeconds,
                    // A Job that removes itself would be made anew by every up.
                    template: setPodTemplate(set),
                },
            },
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
