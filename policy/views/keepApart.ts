import { selectorMatches } from "./labelSelector";
import type { PodTemplateView } from "./podTemplates";
import { fieldsAt, isFields, listAt, type Fields } from "./raw";
import type { Cluster } from "./stackPods";

/** How strictly something holds. */
export type Strictness = "required" | "preferred";

/** The node label that tells hosts apart. */
export const hostKey = "kubernetes.io/hostname";
/** The node label that tells zones apart. */
export const zoneKey = "topology.kubernetes.io/zone";

const antiAffinityOf = ({ spec }: PodTemplateView): Fields => fieldsAt(fieldsAt(spec, "affinity"), "podAntiAffinity");

/** Whether a term or a constraint is about this topology, and about the pods of every set of the cluster. */
function covers(term: unknown, topologyKey: string, { groups }: Cluster): boolean {
    return (
        isFields(term) &&
        term.topologyKey === topologyKey &&
        groups.every(({ template }) => selectorMatches(term.labelSelector, template.labels))
    );
}

/** How strictly the pods of a template keep off hosts that have a pod of their cluster; undefined if not at all. */
export function hostsApart(template: PodTemplateView, cluster: Cluster): Strictness | undefined {
    const anti = antiAffinityOf(template);
    if (listAt(anti, "requiredDuringSchedulingIgnoredDuringExecution").some((term) => covers(term, hostKey, cluster))) {
        return "required";
    }
    const preferred = listAt(anti, "preferredDuringSchedulingIgnoredDuringExecution").some(
        (term) => isFields(term) && covers(term.podAffinityTerm, hostKey, cluster),
    );
    return preferred ? "preferred" : undefined;
}

/** By how many pods zones may differ, as the pods of a template spread over their cluster; undefined for any number. */
export function zoneSkew(template: PodTemplateView, cluster: Cluster): number | undefined {
    const constraint = listAt(template.spec as unknown as Fields, "topologySpreadConstraints").find((each) =>
        covers(each, zoneKey, cluster),
    );
    return isFields(constraint) ? Number(constraint.maxSkew) : undefined;
}
