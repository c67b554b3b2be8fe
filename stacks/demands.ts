import { demand as proxyDemand } from "../components/dashboard/schema";
import { demand as cassandraDemand } from "../components/cassandra/demand";
import { demand as flinkDemand, leastWorkerDemand } from "../components/flink/demand";
import type { Demand } from "../components/foundation/demand";
import { demand as heronDemand, leastTopologyDemand } from "../components/heron/demand";
import { demand as kafkaDemand } from "../components/kafka/schema";
import { demand as opensearchDemand } from "../components/opensearch/demand";
import { operatorDemand } from "../components/operator/schema";
import { startedDemand as redisDemand } from "../components/redis/demand";
import { applicationsDemand, operatorDemand as sparkOperatorDemand } from "../components/spark/demand";
import { startedDemand as trainingDemand } from "../components/tensorflow/demand";
import { demand as terasliceDemand, leastJobDemand } from "../components/teraslice/demand";
import { indexRetention } from "../components/teraslice/files";
import {
    demand as twister2Demand,
    jobNamespaceDemand,
    leastJobDemand as leastTwister2JobDemand,
} from "../components/twister2/demand";
import { demand as uploaderDemand } from "../components/uploader/schema";
import { demand as zookeeperDemand } from "../components/zookeeper/schema";
import { type Namespaced, type NamespacePart, parts } from "./namespaces";
import type { StackConfig } from "./schema/sections";

/** What a part of a stack asks of its namespace's quota. */
export interface PartDemand {
    /** The pods that the stack itself puts there. */
    readonly own: readonly Demand[];
    /** Pods that the system starts by itself and without which it does no work, and what they are called. */
    readonly started?: { readonly demands: readonly Demand[]; readonly what: string };
}

/** What a demand depends on. */
type DemandSections = Namespaced & { readonly monitoring?: StackConfig["monitoring"] };

type Systems = StackConfig["systems"];

/** What a part asks for, as its settings tell. */
export function demandOf({ part }: Pick<NamespacePart, "part">, sections: DemandSections): PartDemand {
    const { zookeeper, uploader, systems } = sections;
    switch (part) {
        case "zookeeper":
            return { own: zookeeper === undefined || zookeeper.kind === "external" ? [] : zookeeperDemand(zookeeper) };
        case "opensearch":
            return { own: storeDemand(sections) };
        case "uploader":
            return {
                own:
                    uploader === undefined || uploader.kind === "s3"
                        ? []
                        : [...uploaderDemand(uploader), ...proxyDemand(uploader.exposure)],
            };
        default:
            return { ...systemDemands(systems ?? {}), ...dataSystemDemands(sections) }[part] ?? { own: [] };
    }
}

function storeDemand({ opensearch, systems }: Namespaced): readonly Demand[] {
    if (opensearch === undefined || opensearch.kind === "external") {
        return [];
    }
    const { teraslice } = systems ?? {};
    const lifecycle = [
        ...opensearch.lifecycle,
        ...(teraslice === undefined ? [] : indexRetention("teraslice", teraslice)),
    ];
    return [...opensearchDemand({ ...opensearch, lifecycle }), ...proxyDemand(opensearch.exposure)];
}

/** The demands of all systems by part. */
function systemDemands(systems: Systems): Readonly<Record<string, PartDemand>> {
    return {
        ...ifThere(systems.teraslice, (teraslice) => ({
            teraslice: {
                own: [...terasliceDemand(teraslice), ...proxyDemand(teraslice.exposure)],
                started: {
                    demands: leastJobDemand(teraslice),
                    what: "the execution controller and the worker of a job",
                },
            },
        })),
        ...ifThere(systems.heron, (heron) => ({
            heron: {
                own: [...heronDemand(heron), ...Object.values(heron.exposure).flatMap((each) => proxyDemand(each))],
            },
            [parts.topologies]: {
                own: [],
                started: { demands: leastTopologyDemand(heron), what: "the manager and one executor of a topology" },
            },
        })),
        ...ifThere(systems.twister2, (twister2) => ({
            twister2: { own: [...twister2Demand(twister2), ...proxyDemand(twister2.exposure)] },
            ...byPart(twister2.jobNamespaces, parts.jobs, (jobs) => ({
                own: jobNamespaceDemand(jobs),
                started: {
                    demands: leastTwister2JobDemand(jobs),
                    what: "the job master and one pod of workers of a job",
                },
            })),
        })),
        ...byPart(systems.flink ?? {}, parts.session, (session) => ({
            own: [...flinkDemand(session), ...proxyDemand(session.exposure)],
            started: { demands: leastWorkerDemand(session), what: "the TaskManagers that a job needs" },
        })),
    };
}

/** The demands of the data systems by part. The pods of those that an operator runs are started by it. */
function dataSystemDemands({ systems = {}, monitoring }: DemandSections): Readonly<Record<string, PartDemand>> {
    const { cassandra, kafka, spark, redis, tensorflow } = systems;
    return {
        ...ifThere(cassandra, (settings) => ({ cassandra: { own: cassandraDemand(settings) } })),
        ...ifThere(kafka, (settings) => ({ kafka: { own: kafkaDemand(settings, monitoring !== undefined) } })),
        ...ifThere(spark, ({ operator, jobNamespaces }) => ({
            [parts.operator("spark")]: { own: sparkOperatorDemand(operator) },
            ...byPart(jobNamespaces, parts.spark, (jobs) => ({
                own: [],
                started: { demands: applicationsDemand(jobs), what: "the drivers and executors of its applications" },
            })),
        })),
        ...ifThere(redis, ({ operator, instances }) => ({
            [parts.operator("redis")]: { own: operatorDemand(operator) },
            ...byPart(instances, parts.redis, (instance) => ({
                own: [],
                started: { demands: redisDemand(instance), what: "the members and Sentinels of the instance" },
            })),
        })),
        ...ifThere(tensorflow, ({ operator, runtimes, jobNamespaces }) => ({
            [parts.operator("tensorflow")]: { own: operatorDemand(operator) },
            ...byPart(jobNamespaces, parts.training, (jobs) => ({
                own: [],
                started: { demands: trainingDemand(jobs, runtimes), what: "the nodes of its jobs" },
            })),
        })),
    };
}

function ifThere<Settings>(
    settings: Settings | undefined,
    demands: (settings: Settings) => Readonly<Record<string, PartDemand>>,
): Readonly<Record<string, PartDemand>> {
    return settings === undefined ? {} : demands(settings);
}

function byPart<Settings>(
    map: Readonly<Record<string, Settings>>,
    part: (name: string) => string,
    demand: (settings: Settings) => PartDemand,
): Readonly<Record<string, PartDemand>> {
    return Object.fromEntries(Object.entries(map).map(([name, settings]) => [part(name), demand(settings)]));
}
