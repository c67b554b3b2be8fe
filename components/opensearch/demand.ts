import type { Demand } from "../foundation/demand";
import type { CheckedClusterSettings } from "./clusterSchema";
import type { CheckedSingleNodeSettings } from "./schema";
import { setupResources } from "./places";

const setupTask: Demand = { pods: 1, resources: setupResources };

/** What a node or a cluster asks its namespace's quota for; init containers ask for no more than their nodes. */
export function demand(given: CheckedSingleNodeSettings | CheckedClusterSettings): Demand[] {
    if (given.kind === "single") {
        const node = { pods: 1, resources: given.resources, claims: [given.storage] };
        return [node, ...(given.lifecycle.length === 0 ? [] : [setupTask])];
    }
    const nodes = [given.data, ...(given.managers === undefined ? [] : [given.managers])];
    return [
        ...nodes.map((each) => ({ pods: each.nodes, resources: each.resources, claims: [each.storage] })),
        setupTask,
    ];
}
