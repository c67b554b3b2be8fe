import { surroundingsFaults } from "../../components/cassandra/surroundingsSchema";
import { type Fault, formatFound, type Path } from "../../components/foundation/faults";
import { ImageCatalog, type ImageName } from "../../components/foundation/images";
import { targetsWith } from "../../components/foundation/placement";
import { kafkaTierFaults } from "../../components/kafka/schema";
import type { ChartDefaults } from "../../components/operator/schema";
import { redisTierFaults } from "../../components/redis/checks";
import { redisChartDefaults } from "../../components/redis/schema";
import { versionFaults } from "../../components/spark/application";
import { operatorChart as sparkChartDefaults } from "../../components/spark/schema";
import { tensorflowChartDefaults } from "../../components/tensorflow/schema";
import { type OperatedSystem, operatedSystems } from "../namespaces";
import { type Check, entryOf, type ReadableSections } from "./check";
import { zoneFault, zoneKey } from "./zones";

/*
 * What an environment asks of Cassandra, Kafka, and the systems of operators that their own settings can't tell.
 */

/** A fault below the settings of a system. */
interface Below {
    readonly path: readonly string[];
    readonly expected: string;
    readonly found: string;
}

const ofTier: Check = ({ environment, systems }, at) => {
    if (environment === undefined) {
        return [];
    }
    const { cassandra, kafka, redis } = systems ?? {};
    const placed = (path: Path, faults: readonly Below[]): Fault[] =>
        faults.map((fault) => ({ ...fault, path: at("systems", ...path, ...fault.path) }));
    return [
        ...(cassandra === undefined ? [] : placed(["cassandra"], surroundingsFaults(cassandra, environment.tier))),
        ...(kafka === undefined ? [] : placed(["kafka"], kafkaTierFaults(kafka, environment.tier))),
        ...Object.entries(redis?.instances ?? {}).flatMap(([name, instance]) =>
            placed(["redis", "instances", name], redisTierFaults(environment.tier, instance)),
        ),
    ];
};

/** A rack, and what holds its pods to a place. */
interface Rack {
    readonly path: Path;
    /** Where its zone is said. */
    readonly zonePath: Path;
    readonly zone: string;
    readonly targets: string | undefined;
    readonly targetsPath: Path;
}

/** The racks that stand in a zone of their own. */
function racksInZones({ systems }: ReadableSections): Rack[] {
    const { cassandra, kafka } = systems ?? {};
    const ofCassandra = Object.entries(cassandra?.racks ?? {}).flatMap(([name, { zone, targets }]): Rack[] => {
        const path = ["systems", "cassandra", "racks", name];
        const own = targets === undefined ? ["systems", "cassandra"] : path;
        return zone === undefined
            ? []
            : [
                  {
                      path,
                      zonePath: [...path, "zone"],
                      zone,
                      targets: targets ?? cassandra?.targets,
                      targetsPath: [...own, "targets"],
                  },
              ];
    });
    const ofKafka = Object.entries(kafka?.brokers.racks ?? {}).map(([name, { zone }]): Rack => {
        const brokers = ["systems", "kafka", "brokers"];
        const path = [...brokers, "racks", name];
        return {
            path,
            // A rack that says no zone stands in the one of its name.
            zonePath: zone === undefined ? path : [...path, "zone"],
            zone: zone ?? name,
            targets: kafka?.brokers.targets,
            targetsPath: [...brokers, "targets"],
        };
    });
    return [...ofCassandra, ...ofKafka];
}

const zonesOfRacks: Check = (config, at) => {
    const zones = config.cluster?.zones;
    return zones === undefined
        ? []
        : racksInZones(config)
              .filter(({ zone }) => !zones.includes(zone))
              .map(({ zonePath, zone }) => zoneFault(at(...zonePath), zone, zones));
};

const targetsOfRacks: Check = (config, at) =>
    racksInZones(config).flatMap(({ zone, targets, targetsPath, path }) => {
        const required = targetsWith(entryOf(config.targets, targets ?? "") ?? [], "required");
        return required.some(({ key, value }) => key === zoneKey && value !== zone)
            ? [
                  {
                      path: at(...targetsPath),
                      expected: `a target set that requires no zone but ${zone}, in which ${path.join(".")} stands`,
                      found: formatFound(targets),
                  },
              ]
            : [];
    });

const versionsOfSpark: Check = ({ images, systems }, at) => {
    if (images === undefined) {
        return [];
    }
    const catalog = { images: new ImageCatalog(images) };
    return Object.entries(systems?.spark?.jobNamespaces ?? {}).flatMap(([name, { applications }]) =>
        Object.entries(applications).flatMap(([application, given]): Fault[] =>
            versionFaults(catalog, given).map((fault) => ({
                path: at("systems", "spark", "jobNamespaces", name, "applications", application, "sparkVersion"),
                ...fault,
            })),
        ),
    );
};

/** The charts that a stack installs, and the images of the catalog that each runs. */
const charts: Readonly<
    Record<OperatedSystem, { readonly defaults: ChartDefaults; readonly runs: readonly ImageName[] }>
> = {
    spark: { defaults: sparkChartDefaults, runs: ["spark-operator"] },
    redis: { defaults: redisChartDefaults, runs: ["redis-operator"] },
    tensorflow: { defaults: tensorflowChartDefaults, runs: ["kubeflow-trainer", "jobset"] },
};

/** The catalog's tags are those of the charts' default versions. */
const imagesOfCharts: Check = ({ images, systems }, at) =>
    operatedSystems.flatMap((system): Fault[] => {
        const operator = systems?.[system]?.operator;
        const { defaults, runs } = charts[system];
        return images === undefined || operator?.kind !== "chart" || operator.version === defaults.version
            ? []
            : runs
                  .filter((name) => images.pins[name] === undefined)
                  .map((name) => ({
                      path: at("images", "pins", name),
                      expected: `the tag of ${name} that version ${operator.version} of the chart ${defaults.chart} runs`,
                      found: "nothing",
                  }));
    });

export const dataSystemChecks: readonly Check[] = [
    ofTier,
    zonesOfRacks,
    targetsOfRacks,
    versionsOfSpark,
    imagesOfCharts,
];
