import { Teraslice } from "../components/teraslice/teraslice";
import { type Composed, type Composition, exposure } from "./composition";
import type { Store } from "./stores";

/** Teraslice, which keeps its state in the OpenSearch of the stack. */
export function composeTeraslice(
    { config, foundation, placeOf }: Composition,
    store: Store | undefined,
): Composed<Teraslice> | undefined {
    if (config.systems.teraslice === undefined || store === undefined) {
        return undefined;
    }
    const { exposure: own, ...settings } = config.systems.teraslice;
    const place = placeOf("teraslice");
    const exposed = exposure("teraslice", place, own);
    const teraslice = new Teraslice(
        "teraslice",
        {
            foundation,
            namespace: place.namespace,
            settings: { ...settings, clients: [...settings.clients, ...exposed.peers] },
            store: store.part,
        },
        // Its user and its indices' policies are there when the store is.
        { ...place.opts, dependsOn: [...place.after, ...store.after] },
    );
    return { part: teraslice, dashboards: [exposed.open(foundation, "Teraslice API", teraslice.ui, teraslice)] };
}
