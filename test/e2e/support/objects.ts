/** What the tests read of Kubernetes objects, and no more of them. */
export interface KubeObject {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: {
        readonly name: string;
        readonly namespace?: string;
        readonly uid?: string;
        readonly labels?: Readonly<Record<string, string>>;
        readonly annotations?: Readonly<Record<string, string>>;
        readonly deletionTimestamp?: string;
    };
}

export interface KubeList<Item extends KubeObject> {
    readonly items: readonly Item[];
}

export interface Toleration {
    readonly key?: string;
    readonly operator?: string;
    readonly value?: string;
    readonly effect?: string;
}

export interface PodSpec {
    readonly nodeName?: string;
    readonly serviceAccountName?: string;
    readonly priorityClassName?: string;
    readonly tolerations?: readonly Toleration[];
    readonly volumes?: readonly { readonly name: string; readonly projected?: unknown }[];
}

export interface Pod extends KubeObject {
    readonly spec: PodSpec;
    readonly status: {
        readonly phase?: string;
        readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    };
}

export interface PodTemplate {
    readonly metadata?: KubeObject["metadata"];
    readonly spec: PodSpec;
}

export interface Workload extends KubeObject {
    readonly spec: { readonly template?: PodTemplate };
}

export interface Node extends KubeObject {
    readonly spec: {
        readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
    };
}

/** True for a pod that runs, is ready and stays. */
export function isReady(pod: Pod): boolean {
    return (
        pod.metadata.deletionTimestamp === undefined &&
        pod.status.phase === "Running" &&
        pod.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true
    );
}

/** `namespace/name`, or the name of what lives outside any namespace. */
export function nameOf({ metadata: { namespace, name } }: KubeObject): string {
    return namespace === undefined ? name : `${namespace}/${name}`;
}
