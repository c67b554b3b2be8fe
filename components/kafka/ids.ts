/*
 * Node ids. A broker keeps its id for ever: its volume, its partitions and the cluster's metadata hold it. So ids come from
 * ranges of a fixed width, one a rack, and nothing that happens in one range moves an id of another.
 */

/** Width of a rack's range of ids, and most brokers of a rack. */
export const rangeWidth = 100;

/** First id of the only range where there are no racks; controllers of their own have the ids below it. */
export const firstBrokerId = rangeWidth;

/** Ids of racks begin at these: all have three digits, which the ports of node-port listeners are made of. */
export const firstIds = [100, 200, 300, 400, 500, 600, 700, 800, 900] as const;

/** Brokers of one rack: one set. */
export interface BrokerGroup {
    /** Name of the rack; undefined where the brokers stand in none. */
    readonly rack: string | undefined;
    /** Zone whose nodes its pods must run on. */
    readonly zone: string | undefined;
    readonly firstId: number;
    readonly nodes: number;
}

/** What settings say of the brokers' number and racks. */
export interface BrokerCounts {
    readonly nodes?: number | undefined;
    readonly racks?:
        | Readonly<
              Record<string, { readonly nodes: number; readonly firstId: number; readonly zone?: string | undefined }>
          >
        | undefined;
}

/** Number of brokers where nothing is said. */
export const defaultBrokers = 3;

/** The sets of brokers, by their ids: the order in which an update rolls them. */
export function brokerGroups(given: BrokerCounts): readonly BrokerGroup[] {
    if (given.racks === undefined) {
        return [{ rack: undefined, zone: undefined, firstId: firstBrokerId, nodes: given.nodes ?? defaultBrokers }];
    }
    return Object.entries(given.racks)
        .map(([rack, { nodes, firstId, zone }]) => ({ rack, zone: zone ?? rack, firstId, nodes }))
        .sort((a, b) => a.firstId - b.firstId);
}

/** Ids of the nodes of one set, in the order of its pods. */
export function idsOf({ firstId, nodes }: Pick<BrokerGroup, "firstId" | "nodes">): readonly number[] {
    return Array.from({ length: nodes }, (_, index) => firstId + index);
}

/** Number of brokers in all. */
export function brokerCount(given: BrokerCounts): number {
    return brokerGroups(given).reduce((sum, { nodes }) => sum + nodes, 0);
}
