import { type Fault, formatFound, nearest } from "../../components/foundation/faults";

/** The label of nodes that says which zone they are in. */
export const zoneKey = "topology.kubernetes.io/zone";

/** The fault of a zone that the cluster does not have. */
export function zoneFault(path: string, zone: string, zones: readonly string[]): Fault {
    const meant = nearest(zone, zones);
    return {
        path,
        expected:
            meant === undefined
                ? `a zone from cluster.zones (${zones.join(" | ")})`
                : `a zone from cluster.zones (did you mean ${meant}?)`,
        found: formatFound(zone),
    };
}
