import { demand as proxyDemand } from "../components/dashboard/schema";
import type { Demand } from "../components/foundation/demand";
import { demand as opensearchDemand } from "../components/opensearch/demand";
import { demand as terasliceDemand, leastJobDemand } from "../components/teraslice/demand";
import { indexRetention } from "../components/teraslice/files";
import { demand as uploaderDemand } from "../components/uploader/schema";
import { demand as zookeeperDemand } from "../components/zookeeper/schema";
import type { Namespaced, NamespacePart } from "./namespaces";

/** What a part of a stack asks of its namespace's quota. */
export interface PartDemand {
    /** The pods that the stack itself puts there. */
    readonly own: readonly Demand[];
    /** Pods that the system starts by itself and without which it does no work, and what they are called. */
    readonly started?: { readonly demands: readonly Demand[]; readonly what: string };
}

/** What a part asks for, as its settings tell. */
export function demandOf(
    { part }: Pick<NamespacePart, "part">,
    { zookeeper, opensearch, uploader, systems }: Namespaced,
): PartDemand {
    switch (part) {
        case "zookeeper":
            return { own: zookeeper === undefined || zookeeper.kind === "external" ? [] : zookeeperDemand(zookeeper) };
        case "opensearch":
            return {
                own:
                    opensearch === undefined || opensearch.kind === "external"
                        ? []
                        : [
                              ...opensearchDemand({
                                  ...opensearch,
                                  lifecycle: [
                                      ...opensearch.lifecycle,
                                      ...(systems?.teraslice === undefined
                                          ? []
                                          : indexRetention("teraslice", systems.teraslice)),
                                  ],
                              }),
                              ...proxyDemand(opensearch.exposure),
                          ],
            };
        case "uploader":
            return {
                own:
                    uploader === undefined || uploader.kind === "s3"
                        ? []
                        : [...uploaderDemand(uploader), ...proxyDemand(uploader.exposure)],
            };
        case "teraslice":
            return systems?.teraslice === undefined
                ? { own: [] }
                : {
                      own: [...terasliceDemand(systems.teraslice), ...proxyDemand(systems.teraslice.exposure)],
                      started: {
                          demands: leastJobDemand(systems.teraslice),
                          what: "the execution controller and the worker of a job",
                      },
                  };
        default:
            return { own: [] };
    }
}
