import type { Labels } from "../foundation/labels";
import { type Flow, type Peer, tcp } from "../foundation/networkPolicy";
import { type MemberSet, ports } from "./names";

/** Who connects to whom in one set of pods. */
export interface SetFlows {
    readonly set: MemberSet;
    readonly ingress: readonly Flow[];
    readonly egress: readonly Flow[];
}

const peersOf = (sets: readonly MemberSet[]): Peer[] =>
    sets.map(({ selector }) => ({ podLabels: { ...selector } satisfies Labels }));

/**
 * Connections of an instance's pods, by the labels that the operator gives them. The operator itself connects to every
 * member and every Sentinel: it makes replicas, and tells Sentinel of the master.
 */
export function instanceFlows(args: {
    readonly data: readonly MemberSet[];
    readonly sentinels: MemberSet | undefined;
    /** Whether the members speak Redis Cluster among themselves. */
    readonly cluster: boolean;
    readonly operator: readonly Peer[];
    readonly clients: readonly Peer[];
    /** Who reads metrics. */
    readonly scrapers: Flow;
}): SetFlows[] {
    const { data, sentinels, operator, clients, cluster } = args;
    const members = peersOf(data);
    const observers = sentinels === undefined ? [] : peersOf([sentinels]);
    const amongMembers = { peers: members, ports: tcp(ports.redis, ...(cluster ? [ports.bus] : [])) };
    const toMembers = (peers: readonly Peer[]): Flow => ({ peers, ports: tcp(ports.redis) });
    const toSentinels = (peers: readonly Peer[]): Flow => ({ peers, ports: tcp(ports.sentinel) });
    return [
        ...data.map((set) => ({
            set,
            ingress: [amongMembers, toMembers([...observers, ...operator, ...clients]), args.scrapers],
            egress: [amongMembers],
        })),
        ...(sentinels === undefined
            ? []
            : [
                  {
                      set: sentinels,
                      ingress: [toSentinels([...observers, ...operator, ...clients])],
                      egress: [toMembers(members), toSentinels(observers)],
                  },
              ]),
    ];
}
