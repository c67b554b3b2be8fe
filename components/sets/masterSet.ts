import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { registerNetwork, registerSurroundings, type SetArgs, setLabels, setPodTemplate } from "./setParts";

export interface MasterSetArgs extends SetArgs {
    /**
     * How pods are exchanged. `Recreate` stops the old before it starts the new: for masters of which two must never
     * be active, and for volumes that one node at a time can mount. `RollingUpdate` starts one more pod first.
     */
    readonly strategy: "Recreate" | "RollingUpdate";
    /**
     * Seconds that a pod must stay ready before it counts as available.
     *
     * @default 0
     */
    readonly minReadySeconds?: number;
    /**
     * Seconds that a new pod may take until it is ready, as its startup probe allows. The rollout gets five minutes
     * more, to schedule the pod and to pull its image, before it counts as failed.
     *
     * @default 300
     */
    readonly startSeconds?: number;
}

const secondsToPull = 300;

/** The pods that schedule or coordinate: a Deployment, with services, budget and network policy around it. */
export class MasterSet extends pulumi.ComponentResource {
    constructor(name: string, args: MasterSetArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data-platform:sets:MasterSet", name, { replicas: args.replicas, strategy: args.strategy }, opts);
        const { labels, selector } = setLabels(args);
        const inside = { parent: this };
        const network = registerNetwork(name, args, inside);
        const deadline = (args.startSeconds ?? 300) + secondsToPull;
        // The engine waits a little longer than Kubernetes, so that it can report what Kubernetes says.
        const timeout = `${deadline + 60}s`;
        new k8s.apps.v1.Deployment(
            `${name}-deployment`,
            {
                metadata: { name: args.objectName, namespace: args.namespace, labels },
                spec: {
                    replicas: args.replicas,
                    revisionHistoryLimit: 3,
                    progressDeadlineSeconds: deadline,
                    ...(args.minReadySeconds !== undefined && { minReadySeconds: args.minReadySeconds }),
                    selector: { matchLabels: selector },
                    strategy:
                        args.strategy === "Recreate"
                            ? { type: "Recreate" }
                            : { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
                    template: setPodTemplate(args),
                },
            },
            // Without its account no pod can be created: the control plane would retry later and later.
            { ...inside, dependsOn: [args.access, network], customTimeouts: { create: timeout, update: timeout } },
        );
        // A master that is not ready does no work that an eviction could lose.
        registerSurroundings(name, args, "AlwaysAllow", inside);
        this.registerOutputs({});
    }
}
