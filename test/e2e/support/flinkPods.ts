import type { KubeObject, Pod, PodSpec } from "./objects";

/** What the tests read of a TaskManager's pod, beyond what those of other pods do. */
export interface WorkerPod extends Omit<Pod, "spec"> {
    readonly metadata: Pod["metadata"] & { readonly ownerReferences?: readonly unknown[] };
    readonly spec: Omit<PodSpec, "volumes"> & {
        readonly affinity?: { readonly nodeAffinity?: unknown };
        readonly automountServiceAccountToken?: boolean;
        readonly imagePullSecrets?: unknown;
        readonly restartPolicy?: string;
        readonly securityContext?: Readonly<Record<string, unknown>>;
        readonly containers: readonly {
            readonly name: string;
            readonly image: string;
            readonly args?: readonly string[];
            readonly securityContext?: Readonly<Record<string, unknown>>;
            readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
        }[];
        readonly volumes?: readonly {
            readonly name: string;
            readonly configMap?: { readonly name: string; readonly items?: readonly { readonly key: string }[] };
        }[];
    };
}

/** The same of the Deployment of its JobManagers. */
export interface Deployment extends KubeObject {
    readonly spec: { readonly template: { readonly spec: WorkerPod["spec"] } };
}

/** The rules of a Role. */
export interface Role extends KubeObject {
    readonly rules: readonly {
        readonly apiGroups: readonly string[];
        readonly resources: readonly string[];
        readonly verbs: readonly string[];
    }[];
}

/** Everything that a Role allows, as `create pods` and `get deployments.apps`. */
export function allowedBy({ rules }: Role): readonly string[] {
    return rules.flatMap(({ apiGroups, resources, verbs }) =>
        apiGroups.flatMap((group) =>
            resources.flatMap((resource) =>
                verbs.map((verb) => `${verb} ${group === "" ? resource : `${resource}.${group}`}`),
            ),
        ),
    );
}

/** What a pod says of the nodes that it may, should and does tolerate to run on, without what Kubernetes adds itself. */
export function placementOf({ spec }: WorkerPod) {
    return {
        nodeAffinity: spec.affinity?.nodeAffinity,
        tolerations: (spec.tolerations ?? []).filter(({ key }) => key?.startsWith("node.kubernetes.io/") !== true),
    };
}
