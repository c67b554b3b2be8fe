import { type Foundation, serviceHost, targetsNamed } from "../foundation/environment";
import type { Target } from "../foundation/placement";
import type { CassandraRacks } from "./schema";

/*
 * The ring as settings tell it: which nodes there are, in which racks, and which of them are seeds. Names depend on the
 * component, the rack and the node alone, so that no rack's size shows in another.
 */

/** A rack of the datacenter. */
export interface Rack {
    /** Key of the rack in the settings. */
    readonly name: string;
    /** Its name in Cassandra's ring. */
    readonly ringName: string;
    /** Name of its StatefulSet. */
    readonly objectName: string;
    readonly nodes: number;
    /** Zone that its nodes must run in; undefined for any. */
    readonly zone: string | undefined;
    /** Target set of its own; undefined for the datacenter's. */
    readonly targets: string | undefined;
}

/** A node of the datacenter. */
export interface Node {
    /** Name of its pod. */
    readonly pod: string;
    /** Key of its rack in the settings. */
    readonly rack: string;
    /** Number of the pod in its rack, from 0. */
    readonly ordinal: number;
}

/** The racks in the order in which a change goes through them: that of their names. */
export function racksOf(instance: string, racks: CassandraRacks): Rack[] {
    return Object.entries(racks)
        .map(([name, { nodes, rack, zone, targets }]) => ({
            name,
            ringName: rack ?? name,
            objectName: `${instance}-${name}`,
            nodes,
            zone,
            targets,
        }))
        .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The nodes, rack by rack. */
export function nodesOf(instance: string, racks: CassandraRacks): Node[] {
    return racksOf(instance, racks).flatMap(({ name, objectName, nodes }) =>
        Array.from({ length: nodes }, (_, ordinal) => ({ pod: `${objectName}-${ordinal}`, rack: name, ordinal })),
    );
}

/** The seeds: the first nodes of each rack. The first of all begins the cluster. */
export function seedsOf(instance: string, racks: CassandraRacks, seedsPerRack: number): Node[] {
    return nodesOf(instance, racks).filter(({ ordinal }) => ordinal < seedsPerRack);
}

/** Where nodes find each other: the name of a pod behind the headless Service. */
export function nodeHost(foundation: Foundation, service: string, namespace: string, pod: string): string {
    return serviceHost(foundation, `${pod}.${service}`, namespace);
}

/** Label of Kubernetes' nodes that says which zone they are in. */
const zoneLabel = "topology.kubernetes.io/zone";

/** Where the nodes of a rack run: its own targets or the datacenter's, and its zone. */
export function targetsOf(
    foundation: Foundation,
    rack: Pick<Rack, "zone" | "targets">,
    datacenterTargets: string | undefined,
): Target[] {
    return [
        ...targetsNamed(foundation, rack.targets ?? datacenterTargets),
        ...(rack.zone === undefined ? [] : [{ key: zoneLabel, value: rack.zone, constraint: "required" as const }]),
    ];
}
