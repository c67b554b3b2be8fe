import type * as pulumi from "@pulumi/pulumi";
import { Dashboard, type DashboardBackend } from "../components/dashboard/dashboard";
import { type DashboardEntry, exposurePeers } from "../components/dashboard/exposure";
import type { ExposureSettings } from "../components/dashboard/schema";
import type { Foundation } from "../components/foundation/environment";
import { baseLabel } from "../components/foundation/labels";
import type { Peer } from "../components/foundation/networkPolicy";
import type { Base } from "./base/base";
import { type NamespacePart, namespaceParts } from "./namespaces";
import type { StackConfig } from "./schema/sections";

/** Where a part of a stack goes. */
export interface Place {
    readonly namespace: string;
    /** What a part there comes after. */
    readonly after: readonly pulumi.Resource[];
    readonly opts: pulumi.ComponentResourceOptions;
}

/** What the parts of one stack are made with. */
export interface Composition {
    readonly config: StackConfig;
    readonly foundation: Foundation;
    readonly provider: pulumi.ProviderResource;
    /** The stack's base; absent where it has none. */
    readonly base: Base | undefined;
    /** Options of what stands at the top of the tree. */
    readonly top: pulumi.ComponentResourceOptions;
    /** Where a part goes: its namespace, after it and the priority classes. */
    readonly placeOf: (part: string) => Place;
}

/** A part that exists, and how its UI is opened. */
export interface Composed<Part> {
    readonly part: Part;
    readonly dashboards: readonly DashboardEntry[];
}

/** The systems whose pods, or whose jobs' pods, read packages and write to stores; the others are stores themselves. */
const storeUsers: readonly string[] = ["teraslice", "heron", "twister2", "flink", "spark", "tensorflow"];

/** Whether the pods of a namespace may need a store. */
export function usesStores({ path: [section, system = "", key] }: Pick<NamespacePart, "path">): boolean {
    return section === "systems" && storeUsers.includes(system) && key !== "operator";
}

/** The pods of this stack's systems, wherever they may need a store, and those of stacks that it shares its own with. */
export function systemPeers({ config }: Pick<Composition, "config">): Peer[] {
    const own = namespaceParts(config)
        .filter(usesStores)
        .map(({ namespace }) => ({ namespace }));
    return [...own, ...consumerPeers(config)];
}

/** The pods of other stacks that may use the parts of this one: of the namespaces that carry its name. */
export function consumerPeers({ environment, sharing }: Pick<StackConfig, "environment" | "sharing">): Peer[] {
    return sharing === undefined ? [] : [{ namespaceLabels: { [baseLabel]: environment.name } }];
}

/** The way to the UI of a part: whom the part must let in, and the dashboard once the part is there. */
export function exposure(part: string, { namespace, after, opts }: Place, settings: ExposureSettings) {
    const name = `${part}-dashboard`;
    return {
        peers: exposurePeers(name, namespace, settings),
        open: (
            foundation: Foundation,
            title: string,
            backend: DashboardBackend,
            exposed: pulumi.Resource,
        ): DashboardEntry =>
            new Dashboard(
                name,
                { foundation, namespace, settings, title, backend },
                // A proxy looks its backend's Service up when it starts.
                { ...opts, dependsOn: [...after, exposed] },
            ).entry,
    };
}
