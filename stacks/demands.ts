import type { Demand } from "../components/foundation/demand";
import { demand as terasliceDemand, leastJobDemand } from "../components/teraslice/demand";
import type { NamespacePart } from "./namespaces";
import type { StackConfig } from "./schema/sections";

/** What a part of a stack asks of its namespace's quota. */
export interface PartDemand {
    /** The pods that the stack itself puts there. */
    readonly own: readonly Demand[];
    /** Pods that the system starts by itself and without which it does no work, and what they are called. */
    readonly started?: { readonly demands: readonly Demand[]; readonly what: string };
}

type Sections = { readonly [Name in "zookeeper" | "opensearch" | "systems"]?: StackConfig[Name] | undefined };

/** What a part asks for, as its settings tell. */
export function demandOf(part: Pick<NamespacePart, "path">, { zookeeper, opensearch, systems }: Sections): PartDemand {
    switch (part.path.at(-1)) {
        case "zookeeper":
            return { own: zookeeper === undefined || zookeeper.kind === "external" ? [] : [ensembleDemand(zookeeper)] };
        case "opensearch":
            return { own: opensearch?.kind === "single" ? [singleNodeDemand(opensearch)] : [] };
        case "teraslice":
            return systems?.teraslice === undefined
                ? { own: [] }
                : {
                      own: terasliceDemand(systems.teraslice),
                      started: {
                          demands: leastJobDemand(systems.teraslice),
                          what: "the execution controller and the worker of a job",
                      },
                  };
        default:
            return { own: [] };
    }
}

type Ensemble = Exclude<NonNullable<StackConfig["zookeeper"]>, { kind: "external" }>;

function ensembleDemand({ members, resources, storage, logStorage }: Ensemble): Demand {
    return { pods: members, resources, claims: [storage, ...(logStorage === undefined ? [] : [logStorage])] };
}

type SingleNode = Extract<NonNullable<StackConfig["opensearch"]>, { kind: "single" }>;

function singleNodeDemand({ resources, storage }: SingleNode): Demand {
    return { pods: 1, resources, claims: [storage] };
}
