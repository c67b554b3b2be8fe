import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { BookKeeper, type BookKeeperArgs } from "../../components/bookkeeper/bookkeeper";
import { tcp } from "../../components/foundation/networkPolicy";
import type { ZooKeeperConnection } from "../../components/zookeeper/connection";
import { foundation, type FoundationOverrides } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { planOf } from "../support/plans";

/** Somebody's ensemble, without TLS and logins. */
export const zookeeper: ZooKeeperConnection = {
    connectionString: "zk-1.zk:2181,zk-2.zk:2181",
    flow: { peers: [{ namespace: "zk" }], ports: tcp(2181) },
};

export interface Overrides extends Partial<Pick<BookKeeperArgs, "settings" | "clients" | "zookeeper">> {
    readonly foundation?: FoundationOverrides;
}

/** A plan with bookies named `books` in the namespace `store`. */
export async function planned({ foundation: overrides, ...given }: Overrides = {}): Promise<{
    readonly plan: Plan;
    readonly bookkeeper: BookKeeper;
}> {
    let bookkeeper: BookKeeper | undefined;
    const plan = await planOf(() => {
        bookkeeper = new BookKeeper("books", {
            foundation: foundation(overrides),
            namespace: "store",
            zookeeper,
            ...given,
        });
    });
    assertSound(plan);
    assert.ok(bookkeeper !== undefined);
    return { plan, bookkeeper };
}

/** The labels that select bookies of `books`. */
export const selector = {
    "app.kubernetes.io/name": "bookkeeper",
    "app.kubernetes.io/instance": "books",
    "app.kubernetes.io/component": "bookie",
};
