import type { Plan } from "../../bin/plan/plan";
import { Cassandra, type CassandraArgs } from "../../components/cassandra/cassandra";
import {
    type CassandraSettings,
    cassandraSettings,
    type CheckedCassandraSettings,
} from "../../components/cassandra/schema";
import { foundation } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { planOf } from "../support/plans";

/** What a test changes of a good datacenter. */
export type Overrides = Partial<Omit<CassandraArgs, "settings">> & { readonly settings?: CassandraSettings };

/** The settings with their defaults. */
export function parsed(settings: CassandraSettings = {}): CheckedCassandraSettings {
    return cassandraSettings.parse(settings);
}

/** Three racks of three nodes. */
export const threeRacks: CassandraSettings = { racks: { a: { nodes: 3 }, b: { nodes: 3 }, c: { nodes: 3 } } };

/** The plan of a datacenter called `ring` in the namespace `store`, and the component. What it plans is sound. */
export async function planned(
    overrides: Overrides = {},
    sound: (plan: Plan) => void = assertSound,
): Promise<{ readonly plan: Plan; readonly cassandra: Cassandra }> {
    const made: Cassandra[] = [];
    const plan = await planOf(() => {
        made.push(new Cassandra("ring", { foundation: foundation(), namespace: "store", ...overrides }));
    });
    sound(plan);
    const [cassandra] = made;
    if (cassandra === undefined) {
        throw new Error("no component");
    }
    return { plan, cassandra };
}
