import * as assert from "node:assert/strict";
import type { Cluster } from "./cluster";
import { account, anywhere, type Grant, nobody } from "./grants";
import type { KubeList, KubeObject } from "./objects";
import { AccessReviews, type Subject, type Where } from "./reviews";

/** A RoleBinding or a ClusterRoleBinding. */
interface Binding extends KubeObject {
    readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
}

/**
 * Tests of who may do what on a cluster: everybody whom a table names may do just that, and nobody else has a right.
 *
 * @param environments names of the environments whose namespaces count
 * @param powerless an account that calls nothing
 */
export function itMayDo(
    cluster: Cluster,
    grants: readonly Grant[],
    environments: readonly string[],
    powerless: { readonly name: string; readonly namespace: string },
): void {
    let reviews: AccessReviews;
    let everyone: readonly string[];
    before(async () => {
        reviews = await AccessReviews.open(cluster);
        everyone = await reviews.allowed(nobody);
    });
    after(() => reviews.close());

    it("is asked for every verb on every resource", () => {
        assert.ok(reviews.pairs > 1000, `${reviews.pairs} pairs`);
    });

    /** What somebody may do beyond what everyone may do everywhere. */
    const own = async (subject: Subject, where: Where): Promise<readonly string[]> =>
        (await reviews.allowed(subject, where)).filter((pair) => !everyone.includes(pair));

    for (const { who, subject, rights } of grants) {
        it(`${who}: what its system calls, where it calls it, and nothing else`, async () => {
            for (const place of new Set([...Object.keys(rights), ...subject.around])) {
                const { pairs = [], name } = rights[place] ?? {};
                const where = { namespace: place === anywhere ? undefined : place, name };
                // What holds outside of any namespace holds in each.
                const expected = new Set([...pairs, ...(rights[anywhere]?.pairs ?? [])]);
                assert.deepEqual(await own(subject, where), [...expected].sort(), `${who} in ${place}`);
            }
        });
    }

    it("nobody else has a right of its own: no binding names another account, or all of a namespace", async () => {
        const bindings = await cluster.json<KubeList<Binding>>(
            ...["get", "rolebindings.rbac.authorization.k8s.io,clusterrolebindings.rbac.authorization.k8s.io"],
            "--all-namespaces",
        );
        const ours = new RegExp(`^system:serviceaccounts?:(${environments.join("|")})-`);
        const bound = bindings.items
            .flatMap(({ subjects }) => subjects ?? [])
            .map(({ kind, name, namespace }) =>
                kind === "ServiceAccount" ? `system:serviceaccount:${namespace ?? ""}:${name}` : name,
            )
            .filter((user) => ours.test(user));
        const named = grants.map(({ subject }) => subject.user).filter((user) => user.startsWith("system:"));
        assert.deepEqual([...new Set(bound)].sort(), [...named].sort());
        const { name, namespace } = powerless;
        assert.deepEqual(await own(account(name, namespace), { namespace }), []);
    });
}
