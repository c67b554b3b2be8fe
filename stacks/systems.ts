import type { DashboardEntry } from "../components/dashboard/exposure";
import { FlinkSession } from "../components/flink/flinkSession";
import { Heron } from "../components/heron/heron";
import { Teraslice } from "../components/teraslice/teraslice";
import { Twister2 } from "../components/twister2/twister2";
import { type Composed, type Composition, exposure } from "./composition";
import { parts } from "./namespaces";
import type { Ensemble, Store } from "./stores";

/** Teraslice, which keeps its state in the OpenSearch of the stack. */
export function composeTeraslice(
    { config, foundation, placeOf }: Composition,
    store: Pick<Store, "part" | "after"> | undefined,
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

/** Heron, with topologies in a namespace of their own. */
export function composeHeron(
    { config, foundation, placeOf }: Composition,
    ensemble: Ensemble | undefined,
): Composed<Heron> | undefined {
    if (config.systems.heron === undefined) {
        return undefined;
    }
    const { exposure: own, ...settings } = config.systems.heron;
    const [place, topologies] = [placeOf("heron"), placeOf(parts.topologies)];
    const exposed = {
        apiServer: exposure("heron-api-server", place, own.apiServer),
        tracker: exposure("heron-tracker", place, own.tracker),
        ui: exposure("heron-ui", place, own.ui),
    };
    const opened = <Part extends keyof typeof exposed>(part: Part) => ({
        ...settings[part],
        clients: [...settings[part].clients, ...exposed[part].peers],
    });
    const heron = new Heron(
        "heron",
        {
            foundation,
            namespace: place.namespace,
            topologyNamespace: topologies.namespace,
            settings: {
                ...settings,
                apiServer: opened("apiServer"),
                tracker: opened("tracker"),
                ui: opened("ui"),
            },
            ...(ensemble && { zookeeper: ensemble.connection }),
        },
        { ...place.opts, dependsOn: [...place.after, ...topologies.after, ...(ensemble?.after ?? [])] },
    );
    return {
        part: heron,
        dashboards: [
            exposed.apiServer.open(foundation, "Heron API server", heron.uis.apiServer, heron),
            exposed.tracker.open(foundation, "Heron tracker", heron.uis.tracker, heron),
            exposed.ui.open(foundation, "Heron UI", heron.uis.ui, heron),
        ],
    };
}

/** Twister2, and what its job namespaces are called. */
interface ComposedTwister2 extends Composed<Twister2> {
    readonly jobNamespaces: Readonly<Record<string, string>>;
}

/** Twister2: the namespaces of its jobs, made ready for them, and its dashboard. */
export function composeTwister2(
    { config, foundation, placeOf, top }: Composition,
    ensemble: Ensemble | undefined,
): ComposedTwister2 | undefined {
    if (config.systems.twister2 === undefined) {
        return undefined;
    }
    const { exposure: own, ...settings } = config.systems.twister2;
    const { dashboard } = settings;
    const place = dashboard.kind === "own" ? placeOf("twister2") : undefined;
    const exposed = place && exposure("twister2", place, own);
    const jobs = Object.keys(settings.jobNamespaces).map((name) => [name, placeOf(parts.jobs(name))] as const);
    const jobNamespaces = Object.fromEntries(jobs.map(([name, { namespace }]) => [name, namespace]));
    const after = [...(place?.after ?? []), ...jobs.flatMap(([, each]) => each.after), ...(ensemble?.after ?? [])];
    const twister2 = new Twister2(
        "twister2",
        {
            foundation,
            ...(place && { namespace: place.namespace }),
            jobNamespaces,
            settings: {
                ...settings,
                ...(dashboard.kind === "own" && {
                    dashboard: { ...dashboard, clients: [...dashboard.clients, ...(exposed?.peers ?? [])] },
                }),
            },
            ...(ensemble && { zookeeper: ensemble.connection }),
        },
        { ...top, dependsOn: after },
    );
    const entries: DashboardEntry[] =
        exposed === undefined || twister2.ui === undefined
            ? []
            : [exposed.open(foundation, "Twister2 dashboard", twister2.ui, twister2)];
    return { part: twister2, dashboards: entries, jobNamespaces };
}

/** The Flink sessions of a stack by name, each in a namespace of its own. */
export function composeFlink(
    { config, foundation, placeOf }: Composition,
    ensemble: Ensemble | undefined,
): Readonly<Record<string, Composed<FlinkSession>>> {
    const sessions = Object.entries(config.systems.flink ?? {}).map(([name, { exposure: own, ...settings }]) => {
        const part = parts.session(name);
        const place = placeOf(part);
        const exposed = exposure(part, place, own);
        const session = new FlinkSession(
            part,
            {
                foundation,
                namespace: place.namespace,
                settings: { ...settings, clients: [...settings.clients, ...exposed.peers] },
                ...(ensemble && { zookeeper: ensemble.connection }),
            },
            { ...place.opts, dependsOn: [...place.after, ...(ensemble?.after ?? [])] },
        );
        const dashboards = [exposed.open(foundation, `Flink ${name}`, session.ui, session)];
        return [name, { part: session, dashboards }] as const;
    });
    return Object.fromEntries(sessions);
}
