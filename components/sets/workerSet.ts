import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { protection } from "../foundation/environment";
import { registerNetwork, registerSurroundings, type SetArgs, setLabels, setPodTemplate } from "./setParts";

/** A volume that each pod of a worker set has for itself. */
export interface VolumeClaim {
    /** Name of the volume in the pod; the claim is `<name>-<pod>`. */
    readonly name: string;
    /** Size, as a quantity of bytes. */
    readonly size: string;
    /**
     * Name of the StorageClass.
     *
     * @default the cluster's default class
     */
    readonly storageClass?: string | undefined;
}

export interface WorkerSetArgs extends SetArgs {
    /** Name of the headless Service that gives the pods their DNS names: one of `services`, or its cluster's. */
    readonly serviceName: string;
    /**
     * Volumes of each pod.
     *
     * @default none
     */
    readonly claims?: readonly VolumeClaim[];
    /**
     * `Parallel`: pods start at once, for clusters whose readiness needs a quorum. `OrderedReady`: one after another,
     * for clusters that one node at a time may join. It can't be changed later.
     */
    readonly podManagement: "Parallel" | "OrderedReady";
    /**
     * Seconds that a pod must stay ready before a roll goes on to the next.
     *
     * @default 0
     */
    readonly minReadySeconds?: number;
    /**
     * Seconds that a pod may take until it is ready, as its startup probe allows, stopping included where it replaces
     * another. What the engine waits for the set follows from it and the number of pods.
     *
     * @default 300
     */
    readonly startSeconds?: number;
    /**
     * Ordinal of the first pod.
     *
     * @default 0
     */
    readonly firstOrdinal?: number;
    /**
     * How a changed template reaches the pods: one after another, or only when somebody deletes them.
     *
     * @default RollingUpdate
     */
    readonly updateStrategy?: "RollingUpdate" | "OnDelete";
    /**
     * What becomes of the volumes when the set is deleted, or scaled down.
     *
     * @default Retain for both
     */
    readonly retention?: { readonly whenDeleted: "Retain" | "Delete"; readonly whenScaled: "Retain" | "Delete" };
}

/** The pods that hold data or do the work: a StatefulSet, with services, budget and network policy around it. */
export class WorkerSet extends pulumi.ComponentResource {
    constructor(name: string, args: WorkerSetArgs, opts?: pulumi.ComponentResourceOptions) {
        const claims = args.claims ?? [];
        const firstOrdinal = args.firstOrdinal ?? 0;
        if (
            args.cluster === undefined &&
            args.services?.some((each) => each.headless === true && each.objectName === args.serviceName) !== true
        ) {
            throw new Error(
                `${name}: the services must hold the headless Service "${args.serviceName}" that names the pods`,
            );
        }
        super(
            "data-platform:sets:WorkerSet",
            name,
            {
                replicas: args.replicas,
                claims: claims.map(({ name: claim, size, storageClass }) => ({
                    name: claim,
                    size,
                    storageClass: storageClass ?? null,
                })),
                podManagement: args.podManagement,
                serviceName: args.serviceName,
                firstOrdinal,
            },
            opts,
        );
        const { labels, selector } = setLabels(args);
        const inside = { parent: this };
        const network = registerNetwork(name, args, inside);
        new k8s.apps.v1.StatefulSet(
            `${name}-set`,
            {
                metadata: { name: args.objectName, namespace: args.namespace, labels },
                spec: {
                    replicas: args.replicas,
                    revisionHistoryLimit: 3,
                    serviceName: args.serviceName,
                    podManagementPolicy: args.podManagement,
                    ...(firstOrdinal !== 0 && { ordinals: { start: firstOrdinal } }),
                    ...(args.minReadySeconds !== undefined && { minReadySeconds: args.minReadySeconds }),
                    updateStrategy: { type: args.updateStrategy ?? "RollingUpdate" },
                    persistentVolumeClaimRetentionPolicy: args.retention ?? {
                        whenDeleted: "Retain",
                        whenScaled: "Retain",
                    },
                    selector: { matchLabels: selector },
                    template: setPodTemplate(args),
                    ...(claims.length > 0 && {
                        volumeClaimTemplates: claims.map((claim) => ({
                            // Claim templates are immutable, so they carry only the labels that never change.
                            metadata: { name: claim.name, labels: selector },
                            spec: {
                                accessModes: ["ReadWriteOnce"],
                                ...(claim.storageClass !== undefined && { storageClassName: claim.storageClass }),
                                resources: { requests: { storage: claim.size } },
                            },
                        })),
                    }),
                },
            },
            // Without its account no pod can be created: the control plane would retry later and later.
            {
                ...inside,
                ...(claims.length > 0 && protection(args.foundation)),
                dependsOn: [args.access, network],
                customTimeouts: waitTimes(args),
            },
        );
        // A member that is not ready may be the one that still holds the data: it counts against the budget.
        registerSurroundings(name, args, "IfHealthyBudget", inside);
        this.registerOutputs({});
    }
}

/** Time to schedule a pod, to bind its volumes and to pull its image, in seconds. */
const secondsToPull = 300;

/** How long the engine waits: for the first start as pods start, for an update as long as one after another takes. */
function waitTimes(args: WorkerSetArgs): pulumi.CustomTimeouts {
    const each = (args.startSeconds ?? 300) + (args.minReadySeconds ?? 0);
    const inTurn = `${args.replicas * each + secondsToPull}s`;
    return { create: args.podManagement === "Parallel" ? `${each + secondsToPull}s` : inTurn, update: inTurn };
}
