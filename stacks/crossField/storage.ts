import { formatFound, nearest, type Path } from "../../components/foundation/faults";
import { settingsNamed } from "../schemaWalk";
import { deployedEnsembles } from "../sharing";
import { type SectionName, sections } from "../schema/sections";
import { type Check, entryOf, type ReadableSections } from "./check";

/** Every storageClass that a stack file names, wherever a component has one. */
function namedClasses(config: ReadableSections): { path: Path; name: string }[] {
    return (Object.keys(sections) as SectionName[])
        .flatMap((section) => settingsNamed("storageClass", sections[section], config[section], [section]))
        .flatMap(({ path, value }) => (typeof value === "string" ? [{ path, name: value }] : []));
}

const knownClasses: Check = (config, at) => {
    const classes = config.cluster?.storageClasses;
    if (classes === undefined) {
        return [];
    }
    const known = Object.keys(classes);
    return namedClasses(config)
        .filter(({ name }) => !known.includes(name))
        .map(({ path, name }) => {
            const meant = nearest(name, known);
            return {
                path: at(...path),
                expected:
                    meant === undefined
                        ? `a name from cluster.storageClasses (${known.join(" | ")})`
                        : `a name from cluster.storageClasses (did you mean ${meant}?)`,
                found: formatFound(name),
            };
        });
};

/** The volumes that pods on several nodes mount at once. */
function sharedVolumes({ systems }: ReadableSections): { path: Path; name: string | undefined }[] {
    const ofJobs = Object.entries(systems?.twister2?.jobNamespaces ?? {}).map(([jobs, { storage }]) => ({
        path: ["systems", "twister2", "jobNamespaces", jobs, "storage", "storageClass"],
        name: storage.kind === "mounted" && storage.accessMode !== "ReadWriteOnce" ? storage.storageClass : undefined,
    }));
    return [
        {
            path: ["systems", "teraslice", "sharedAssets", "storageClass"],
            name: systems?.teraslice?.sharedAssets?.storageClass,
        },
        ...ofJobs,
    ];
}

const sharedClasses: Check = (config, at) =>
    sharedVolumes(config).flatMap(({ path, name }) =>
        name !== undefined && entryOf(config.cluster?.storageClasses, name)?.shared === false
            ? [
                  {
                      path: at(...path),
                      expected: `a class that cluster.storageClasses.${name} calls shared, since pods on several nodes mount the volume`,
                      found: formatFound(name),
                  },
              ]
            : [],
    );

type Systems = NonNullable<ReadableSections["systems"]>;
type Volume = { readonly path: Path; readonly name: string | undefined };

function heronVolumes(heron: Systems["heron"]): Volume[] {
    if (heron === undefined) {
        return [];
    }
    const { bookkeeper, uploader } = heron;
    const at = (name: string | undefined, ...path: Path): Volume => ({
        path: ["systems", "heron", ...path, "storageClass"],
        name,
    });
    return [
        ...(bookkeeper !== undefined &&
        [bookkeeper.journal, bookkeeper.ledgers].some((volume) => volume.storageClass === undefined)
            ? [at(bookkeeper.storageClass, "bookkeeper")]
            : []),
        ...(uploader.kind === "http" ? [at(uploader.storageClass, "uploader")] : []),
    ];
}

function twister2Volumes(twister2: Systems["twister2"]): Volume[] {
    if (twister2 === undefined) {
        return [];
    }
    const at = (name: string | undefined, ...path: Path): Volume => ({
        path: ["systems", "twister2", ...path, "storageClass"],
        name,
    });
    return [
        ...(twister2.dashboard.kind === "own" ? [at(twister2.dashboard.storageClass, "dashboard")] : []),
        ...Object.entries(twister2.jobNamespaces).flatMap(([job, { uploader }]) =>
            uploader.kind === "server" ? [at(uploader.storageClass, "jobNamespaces", job, "uploader")] : [],
        ),
    ];
}

function dataSystemVolumes({ cassandra, kafka, redis }: Partial<Systems>): Volume[] {
    const at = (name: string | undefined, ...path: Path): Volume => ({
        path: ["systems", ...path, "storageClass"],
        name,
    });
    return [
        ...(cassandra === undefined ? [] : [at(cassandra.storageClass, "cassandra")]),
        ...(kafka === undefined ? [] : [at(kafka.brokers.storageClass, "kafka", "brokers")]),
        ...(kafka?.controllers.kind === "dedicated"
            ? [at(kafka.controllers.storageClass, "kafka", "controllers")]
            : []),
        ...Object.entries(redis?.instances ?? {}).map(([name, { storageClass }]) =>
            at(storageClass, "redis", "instances", name),
        ),
    ];
}

/** The parts that keep data on volumes of their own, and the class of those. */
function dataVolumes(config: ReadableSections): Volume[] {
    const { opensearch, uploader, systems } = config;
    return [
        ...deployedEnsembles(config).map(({ path, settings }) => ({
            path: [...path, "storageClass"],
            name: settings.storageClass,
        })),
        ...heronVolumes(systems?.heron),
        ...twister2Volumes(systems?.twister2),
        ...dataSystemVolumes(systems ?? {}),
        ...(opensearch?.kind === "cluster"
            ? [
                  { path: ["opensearch", "data", "storageClass"], name: opensearch.data.storageClass },
                  ...(opensearch.managers === undefined
                      ? []
                      : [{ path: ["opensearch", "managers", "storageClass"], name: opensearch.managers.storageClass }]),
              ]
            : []),
        ...(uploader === undefined || uploader.kind === "s3"
            ? []
            : [{ path: ["uploader", "storageClass"], name: uploader.storageClass }]),
    ];
}

// What the default class is may change under a stack, and its volumes are often deleted with their claims.
const classNamedInProduction: Check = (config, at) =>
    config.environment?.tier === "production"
        ? dataVolumes(config)
              .filter(({ name }) => name === undefined)
              .map(({ path }) => ({
                  path: at(...path),
                  expected:
                      "the name of a StorageClass in a production environment, since the cluster's default class can change",
                  found: "nothing",
              }))
        : [];

export const storageChecks: readonly Check[] = [knownClasses, sharedClasses, classNamedInProduction];
