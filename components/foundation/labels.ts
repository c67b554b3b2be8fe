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
