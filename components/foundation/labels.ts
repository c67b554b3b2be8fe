import type { Environment } from "./environment";

/** Which part of which system an object belongs to. */
export interface Identity {
    /** The system: `zookeeper`, `teraslice`. */
    readonly name: string;
    /** This deployment of it: the component's name. */
    readonly instance: string;
    /** The role inside it: `member`, `master`. */
    readonly component: string;
}

export type Labels = Record<string, string>;

/** Labels that select the pods of one set. They never change, for selectors are immutable. */
export function selectorLabels(identity: Identity): Labels {
    return {
        "app.kubernetes.io/name": identity.name,
        "app.kubernetes.io/instance": identity.instance,
        "app.kubernetes.io/component": identity.component,
    };
}

/** The label that tells the sets of one cluster apart: the rack, or the zone, that a set's pods stand in. */
export const rackLabel = "data-platform/rack";

/** The label of namespaces whose pods a base stack lets in to what it shares: the name of the base's environment. */
export const baseLabel = "data-platform/base";

/**
 * The annotation of an object whose selector is for pods that no stack holds, since a system starts them by itself: who
 * does. Without it the rules take a selector that matches no pod of the stack for a mistake.
 */
export const startedPodsAnnotation = "data-platform/selects";

/** That annotation. */
export function startedBy(who: string): Labels {
    return { [startedPodsAnnotation]: `pods that ${who} starts` };
}

/** Labels of every object: Kubernetes' recommended ones, and whose it is. */
export function objectLabels(environment: Environment, identity: Identity): Labels {
    return {
        ...selectorLabels(identity),
        "app.kubernetes.io/part-of": "data-platform",
        "app.kubernetes.io/managed-by": "pulumi",
        "data-platform/environment": environment.name,
        "data-platform/owner": environment.owner,
    };
}
