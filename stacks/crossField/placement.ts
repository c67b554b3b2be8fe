import { nodeCount } from "../../components/cassandra/schema";
import { proxyOf } from "../../components/dashboard/schema";
import { type Fault, formatFound, type Path } from "../../components/foundation/faults";
import { type Spread, targetsWith } from "../../components/foundation/placement";
import { brokerCount } from "../../components/kafka/ids";
import { deployedEnsembles } from "../sharing";
import { type At, type Check, entryOf, type ReadableSections } from "./check";
import { exposedParts } from "./exposure";
import { zoneFault, zoneKey } from "./zones";

const hostKey = "kubernetes.io/hostname";

/** Every target of every set, with its place. */
const placedTargets = ({ targets }: ReadableSections) =>
    Object.entries(targets ?? {}).flatMap(([set, list]) => list.map((target, index) => ({ set, index, target })));

const knownZones: Check = (config, at) => {
    const zones = config.cluster?.zones;
    return zones === undefined
        ? []
        : placedTargets(config)
              .filter(({ target }) => target.key === zoneKey && !zones.includes(target.value))
              .map(({ set, index, target }) => zoneFault(at("targets", set, index, "value"), target.value, zones));
};

// All required targets of a set hold together (DESIGN.md, section 7), and a node has one value for each label.
const requiredTogether: Check = (config, at) =>
    placedTargets(config).flatMap(({ set, index, target }): Fault[] => {
        const earlier = targetsWith(entryOf(config.targets, set)?.slice(0, index) ?? [], "required");
        const other = earlier.find(({ key, value }) => key === target.key && value !== target.value);
        return target.constraint !== "required" || other === undefined
            ? []
            : [
                  {
                      path: at("targets", set, index, "value"),
                      expected: `no second required value beside ${target.key}=${other.value}, since no node has both`,
                      found: formatFound(target.value),
                  },
              ];
    });

/** Several pods of one kind. */
interface SpreadSet {
    readonly path: Path;
    readonly members: number;
    readonly spread: Spread;
    readonly targets: string | undefined;
}

/** The sets that live while a majority of their pods does. A system that has one adds itself here. */
function quorums(config: ReadableSections): SpreadSet[] {
    const { opensearch } = config;
    const ensembles = deployedEnsembles(config).map(({ path, settings }) => ({
        path,
        ...setOf(settings.members, settings),
    }));
    const managers: SpreadSet[] =
        opensearch?.kind !== "cluster"
            ? []
            : opensearch.managers === undefined
              ? [{ path: ["opensearch", "data"], ...setOf(opensearch.data.nodes, opensearch.data) }]
              : [{ path: ["opensearch", "managers"], ...setOf(opensearch.managers.nodes, opensearch.managers) }];
    return [...ensembles, ...managers, ...dataQuorums(config)].filter(({ members }) => members > 1);
}

/** The same of the data systems: Kafka's controllers, and Redis' Sentinels. */
function dataQuorums({ systems }: ReadableSections): SpreadSet[] {
    const { kafka, redis } = systems ?? {};
    const inKafka = ["systems", "kafka"];
    return [
        ...(kafka === undefined
            ? []
            : kafka.controllers.kind === "dedicated"
              ? [{ path: [...inKafka, "controllers"], ...setOf(kafka.controllers.nodes, kafka.controllers) }]
              : [{ path: [...inKafka, "brokers"], ...setOf(brokerCount(kafka.brokers), kafka.brokers) }]),
        ...Object.entries(redis?.instances ?? {}).flatMap(([name, instance]): SpreadSet[] => {
            const path = ["systems", "redis", "instances", name];
            if (instance.kind === "cluster") {
                return [{ path, ...setOf(instance.leaders, instance) }];
            }
            const { sentinel, spread } = instance;
            return sentinel.kind === "none"
                ? []
                : [
                      {
                          path: [...path, "sentinel"],
                          ...setOf(sentinel.size, { spread: sentinel.spread ?? spread, targets: sentinel.targets }),
                      },
                  ];
        }),
    ];
}

/** The data systems' sets with several pods, none of which is a quorum. */
function dataSets({ systems }: ReadableSections): SpreadSet[] {
    const { cassandra, kafka, redis } = systems ?? {};
    return [
        ...(cassandra === undefined
            ? []
            : [{ path: ["systems", "cassandra"], ...setOf(nodeCount(cassandra.racks), cassandra) }]),
        ...(kafka?.controllers.kind === "dedicated"
            ? [{ path: ["systems", "kafka", "brokers"], ...setOf(brokerCount(kafka.brokers), kafka.brokers) }]
            : []),
        ...Object.entries(redis?.instances ?? {}).flatMap(([name, instance]): SpreadSet[] =>
            instance.kind === "cluster"
                ? []
                : [{ path: ["systems", "redis", "instances", name], ...setOf(instance.size, instance) }],
        ),
    ];
}

interface Placed {
    readonly spread?: Spread | undefined;
    readonly targets?: string | undefined;
}

function setOf(members: number, placed: Placed): Omit<SpreadSet, "path"> {
    return { members, spread: placed.spread ?? {}, targets: placed.targets };
}

/** The sets of the systems with several pods, none of which is a quorum. */
function systemSets({ systems }: ReadableSections): SpreadSet[] {
    const { heron, flink } = systems ?? {};
    const inHeron = ["systems", "heron"];
    return [
        ...(heron?.bookkeeper === undefined
            ? []
            : [{ path: [...inHeron, "bookkeeper"], ...setOf(heron.bookkeeper.bookies, heron.bookkeeper) }]),
        // Tracker and UI are placed alike.
        ...(heron === undefined
            ? []
            : [{ path: inHeron, ...setOf(Math.max(heron.tracker.replicas, heron.ui.replicas), heron) }]),
        ...Object.entries(flink ?? {}).map(([name, { jobManager }]) => ({
            path: ["systems", "flink", name, "jobManager"],
            ...setOf(jobManager.replicas, jobManager),
        })),
    ];
}

/** The other sets whose pods keep apart. */
function otherSets(config: ReadableSections): SpreadSet[] {
    const { opensearch } = config;
    const data: SpreadSet[] =
        opensearch?.kind === "cluster" && opensearch.managers !== undefined
            ? [{ path: ["opensearch", "data"], ...setOf(opensearch.data.nodes, opensearch.data) }]
            : [];
    const proxies = exposedParts(config).flatMap(({ path, exposure }): SpreadSet[] => {
        const proxy = proxyOf(exposure);
        return proxy === undefined ? [] : [{ path: [...path, "proxy"], ...setOf(proxy.replicas, proxy) }];
    });
    return [...data, ...proxies, ...systemSets(config), ...dataSets(config)].filter(({ members }) => members > 1);
}

/** Whether the largest share that one of the zones holds can be lost. */
const survivesZoneLoss = (members: number, zones: number) =>
    Math.ceil(members / zones) <= Math.floor((members - 1) / 2);

/** The fewest zones of which any one can be lost. */
function leastZones(members: number): number {
    const enough = Array.from({ length: members }, (_, index) => index + 1).find((zones) =>
        survivesZoneLoss(members, zones),
    );
    return enough ?? members;
}

const quorumOverZones: Check = (config, at) => {
    const zones = config.cluster?.zones?.length;
    return zones === undefined
        ? []
        : quorums(config)
              .filter(({ members, spread }) => spread.zones === "required" && !survivesZoneLoss(members, zones))
              .map(({ path, members }) => ({
                  path: at(...path, "spread", "zones"),
                  expected: `preferred, or at least ${leastZones(members)} zones in cluster.zones: of ${members} members over ${zones === 1 ? "1 zone" : `${zones} zones`} the loss of one can take the majority`,
                  found: formatFound("required"),
              }));
};

/** Faults of sets whose pods must keep apart by a label that their targets hold to one value. */
const apartWithinTargets =
    (key: string, isRequired: (set: SpreadSet, config: ReadableSections) => boolean, expected: string): Check =>
    (config, at: At) =>
        [...quorums(config), ...otherSets(config)]
            .filter((set) => isRequired(set, config))
            .filter(({ targets }) =>
                targetsWith(entryOf(config.targets, targets ?? "") ?? [], "required").some(
                    (target) => target.key === key,
                ),
            )
            .map(({ path, targets }) => ({ path: at(...path, "targets"), expected, found: formatFound(targets) }));

const severalZones = apartWithinTargets(
    zoneKey,
    ({ spread }) => spread.zones === "required",
    "a target set that requires no single zone, since spread.zones is required",
);

const severalHosts = apartWithinTargets(
    hostKey,
    ({ spread }, { environment }) =>
        (spread.hosts ?? (environment?.tier === "production" ? "required" : "preferred")) === "required",
    "a target set that requires no single node, since no two pods of the set may share one",
);

export const placementChecks: readonly Check[] = [
    knownZones,
    requiredTogether,
    quorumOverZones,
    severalZones,
    severalHosts,
];
