import { type Fault, formatFound, type Path, valueAt } from "../../components/foundation/faults";
import { imageFaults } from "../../components/flink/storage";
import { ImageCatalog } from "../../components/foundation/images";
import { topologyTargetFaults } from "../../components/heron/podTemplate";
import { clusterFaults, jobTargetFaults } from "../../components/twister2/checks";
import { operatedSystems } from "../namespaces";
import { zookeeperUsers } from "../sharing";
import { type Check, entryOf, type ReadableSections, standsAlone } from "./check";

/** Who calls the Kubernetes API from a pod. */
function apiCallers({ systems }: ReadableSections): string[] {
    const { teraslice, heron, twister2, flink, spark } = systems ?? {};
    return [
        ...(teraslice === undefined ? [] : ["the master of systems.teraslice"]),
        ...(heron === undefined ? [] : ["the API server of systems.heron"]),
        ...(twister2 === undefined ? [] : ["the job master of each job of systems.twister2"]),
        ...Object.entries(flink ?? {})
            .filter(([, { mode }]) => mode.kind === "native")
            .map(([name]) => `the JobManager of systems.flink.${name}`),
        ...(spark === undefined ? [] : ["each driver of systems.spark"]),
        ...operatedSystems
            .filter((system) => systems?.[system]?.operator.kind === "chart")
            .map((system) => `the operator of systems.${system}`),
    ];
}

const apiServerForCallers: Check = (config, at) => {
    const [caller] = apiCallers(config);
    return caller !== undefined && config.cluster !== undefined && config.cluster.apiServer === undefined
        ? [
              {
                  path: at("cluster", "apiServer"),
                  expected: `the API server's addresses, since ${caller} calls it and egress is denied by default`,
                  found: "nothing",
              },
          ]
        : [];
};

// A section that has faults of its own is no key of the configuration; one that is not given is an undefined entry.
const ensembleForUsers: Check = (config, at) =>
    "zookeeper" in config && config.zookeeper === undefined && standsAlone(config)
        ? zookeeperUsers(config).map(({ name, path }) => ({
              path: at(...path, "kind"),
              expected: `any other kind, or a section zookeeper for ${name} to share`,
              found: formatFound("shared"),
          }))
        : [];

/** An ensemble, whoever runs it, as far as it may demand something of its clients. */
interface Ensemble {
    readonly kind?: string | undefined;
    readonly tls?: object | undefined;
    readonly authentication?: { readonly required: boolean } | undefined;
}

/** What an ensemble demands that none of our systems can do: TLS, or a login. */
function demandFaults(ensemble: Ensemble, user: string, below: (path: Path) => string): Fault[] {
    const fault = (expected: string, ...path: Path): Fault => ({
        path: below(path),
        expected: `${expected}, since ${user} connects to ZooKeeper without TLS and without a login`,
        found: formatFound(valueAt(ensemble, path)),
    });
    if (ensemble.kind === "external") {
        return ensemble.tls === undefined ? [] : [fault("nothing", "tls")];
    }
    return [
        ...(valueAt(ensemble, ["tls", "client"]) === "required" ? [fault("off or optional", "tls", "client")] : []),
        ...(ensemble.authentication?.required === true ? [fault("false", "authentication", "required")] : []),
    ];
}

const plainEnsembleForUsers: Check = (config, at) => {
    const [user] = zookeeperUsers(config);
    return config.zookeeper === undefined || user === undefined
        ? []
        : demandFaults(config.zookeeper, user.name, (path) => at("zookeeper", ...path));
};

/** The ensembles that one system alone uses. */
function ownEnsembles({ systems }: ReadableSections): { user: string; path: Path; ensemble: Ensemble }[] {
    const { heron, flink } = systems ?? {};
    const ofSessions = Object.entries(flink ?? {}).map(([name, { highAvailability: given }]) => ({
        user: `systems.flink.${name}`,
        path: ["systems", "flink", name, "highAvailability", "ensemble"],
        ensemble: given.kind === "zookeeper" ? given.ensemble : {},
    }));
    return [
        ...(heron === undefined || heron.zookeeper.kind === "shared"
            ? []
            : [{ user: "systems.heron", path: ["systems", "heron", "zookeeper"], ensemble: heron.zookeeper }]),
        ...ofSessions,
    ];
}

const plainOwnEnsembles: Check = (config, at) =>
    ownEnsembles(config).flatMap(({ user, path, ensemble }) =>
        demandFaults(ensemble, user, (below) => at(...path, ...below)),
    );

const clusterOfTwister2: Check = ({ cluster, systems }, at) =>
    cluster === undefined || systems?.twister2 === undefined
        ? []
        : clusterFaults(cluster)
              // Whoever calls the API server needs its address: apiServerForCallers.
              .filter(({ path }) => path[0] !== "apiServer")
              .map((fault) => ({ ...fault, path: at("cluster", ...fault.path) }));

const jobTargets: Check = ({ targets, systems }, at) =>
    Object.entries(systems?.twister2?.jobNamespaces ?? {}).flatMap(([name, { jobTargets: set }]): Fault[] => {
        const named = entryOf(targets, set ?? "");
        return named === undefined
            ? []
            : jobTargetFaults(named).map((fault) => ({
                  path: at("systems", "twister2", "jobNamespaces", name, "jobTargets"),
                  ...fault,
              }));
    });

const topologyTargets: Check = ({ targets, systems }, at) =>
    topologyTargetFaults(entryOf(targets, systems?.heron?.topologies.targets ?? "") ?? []).map((fault) => ({
        path: at("systems", "heron", "topologies", "targets"),
        ...fault,
    }));

/** The names of a stack's sessions, where there are any. */
const sessionsOf = ({ systems }: ReadableSections) => Object.entries(systems?.flink ?? {});

const releaseOfFlink: Check = (config, at) =>
    config.images === undefined || sessionsOf(config).length === 0
        ? []
        : imageFaults(new ImageCatalog(config.images).reference("flink")).map((fault) => ({
              path: at("images", "pins", "flink"),
              ...fault,
          }));

const addressForExposure: Check = (config, at) =>
    sessionsOf(config)
        .filter(([, { rest, exposure }]) => rest.kind === "headless" && exposure.kind !== "none")
        .map(([name]) => ({
            path: at("systems", "flink", name, "rest", "kind"),
            expected: "any other kind, since what exposes the session needs a Service with an address",
            found: formatFound("headless"),
        }));

export const systemChecks: readonly Check[] = [
    apiServerForCallers,
    ensembleForUsers,
    plainEnsembleForUsers,
    plainOwnEnsembles,
    clusterOfTwister2,
    jobTargets,
    topologyTargets,
    releaseOfFlink,
    addressForExposure,
];
