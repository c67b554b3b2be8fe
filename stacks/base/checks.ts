import { type Fault, formatFound, formatPath, type Path } from "../../components/foundation/faults";
import { clusterName } from "../../components/teraslice/files";
import { matchesGlob } from "../../policy/glob";
import { prefix } from "../parse";
import type { BasePlatform } from "../platform";
import { referenceFaults } from "../references";
import { sections, type StackConfig } from "../schema/sections";
import { zookeeperUsers } from "../sharing";
import { usesOpenSearch, usesZooKeeper } from "./uses";

/** A stack's configuration beside what its base tells. */
interface Pair {
    readonly config: StackConfig;
    readonly platform: BasePlatform;
    /** Full name of the base. */
    readonly stack: string;
}

const at = (...[section, ...rest]: Path): string => formatPath([`${prefix}${String(section)}`, ...rest]);

/** What to do about a part that the base has not. */
const addTo = (stack: string, section: string, ownInstead?: string): string =>
    `give ${stack} a section ${prefix}${section} and run up on it first${ownInstead === undefined ? "" : `, or ${ownInstead}`}`;

function environmentFaults({ config, platform: { environment, cluster } }: Pair): Fault[] {
    const tiers = ["development", "staging", "production"];
    const { name, tier } = config.environment;
    const { domain } = config.cluster.dns;
    return [
        ...(name === environment.name
            ? [
                  {
                      path: at("environment", "name"),
                      expected: "a name other than the base's, since names in the cluster begin with it",
                      found: formatFound(name),
                  },
              ]
            : []),
        ...(tiers.indexOf(tier) > tiers.indexOf(environment.tier)
            ? [
                  {
                      path: "platform.environment.tier",
                      expected: `${tiers.slice(tiers.indexOf(tier)).join(" | ")}, since this environment is ${tier} and stands on it: name another base`,
                      found: formatFound(environment.tier),
                  },
              ]
            : []),
        ...(domain === cluster.dnsDomain
            ? []
            : [
                  {
                      path: at("cluster", "dns", "domain"),
                      expected: `${cluster.dnsDomain}, the domain of the base's cluster`,
                      found: formatFound(domain),
                  },
              ]),
    ];
}

function sharingFaults({ platform: { sharing }, stack }: Pair): Fault[] {
    return sharing === undefined
        ? [
              {
                  path: "platform.sharing",
                  expected: `the namespace for consumers: ${addTo(stack, "sharing")}`,
                  found: "nothing",
              },
          ]
        : [];
}

function zookeeperFaults({ config, platform: { zookeeper }, stack }: Pair): Fault[] {
    if (!usesZooKeeper(config)) {
        return [];
    }
    const users = zookeeperUsers(config).map(({ name }) => name);
    if (zookeeper === undefined) {
        return [
            {
                path: "platform.zookeeper",
                expected: `an ensemble for ${users.join(", ")}: ${addTo(stack, "zookeeper", "this stack one of its own")}`,
                found: "nothing",
            },
        ];
    }
    return zookeeper.plainClients
        ? []
        : [
              {
                  path: "platform.zookeeper.plainClients",
                  expected: `true, since ${users.join(", ")} connects without TLS and without a login: give this stack a section ${prefix}zookeeper`,
                  found: "false",
              },
          ];
}

function opensearchFaults({ config, platform: { opensearch }, stack }: Pair): Fault[] {
    const { environment, systems } = config;
    if (!usesOpenSearch(config) || systems.teraslice === undefined) {
        return [];
    }
    if (opensearch === undefined) {
        return [
            {
                path: "platform.opensearch",
                expected: `a store for systems.teraslice: ${addTo(stack, "opensearch", "this stack one of its own")}`,
                found: "nothing",
            },
        ];
    }
    const { name } = environment;
    const login = Object.hasOwn(opensearch.logins, name) ? opensearch.logins[name] : undefined;
    const indices = `${clusterName(environment, "teraslice", systems.teraslice)}__*`;
    const addLogin = `add ${prefix}sharing.opensearchUsers.${name} with ${indices} among its indexPatterns to ${stack} and run up on it first`;
    const { dataNodes } = opensearch;
    return [
        ...(opensearch.secured && login === undefined
            ? [
                  {
                      path: formatPath(["platform", "opensearch", "logins", name]),
                      expected: `a login for systems.teraslice: ${addLogin}`,
                      found: "nothing",
                  },
              ]
            : []),
        ...(login !== undefined && !login.indexPatterns.some((pattern) => matchesGlob(pattern, indices))
            ? [
                  {
                      path: formatPath(["platform", "opensearch", "logins", name, "indexPatterns"]),
                      expected: `a pattern for ${indices}, the indices of systems.teraslice: ${addLogin}`,
                      found: formatFound(login.indexPatterns.join(", ")),
                  },
              ]
            : []),
        ...Object.entries(systems.teraslice.indices)
            .filter(([, { replicas }]) => dataNodes !== undefined && replicas !== undefined && replicas >= dataNodes)
            .map(([index, { replicas }]) => ({
                path: at("systems", "teraslice", "indices", index, "replicas"),
                expected: `fewer than the ${dataNodes} of platform.opensearch.dataNodes: one more is never assigned, and the base's store never green`,
                found: formatFound(replicas),
            })),
    ];
}

function uploaderFaults({ config, platform: { uploader }, stack }: Pair): Fault[] {
    return config.base?.uploader === true && uploader === undefined
        ? [
              {
                  path: "platform.uploader",
                  expected: `an uploader, since ${prefix}base.uploader is true: ${addTo(stack, "uploader")}`,
                  found: "nothing",
              },
          ]
        : [];
}

function priorityFaults({ config, platform: { priorityClasses } }: Pair): Fault[] {
    return referenceFaults(sections, config, prefix, { priorityClasses: Object.keys(priorityClasses) });
}

/** What a stack's own file asks for and its base has not; checks that had to wait until the base was read. */
export function baseFaults(pair: Pair): Fault[] {
    return [
        ...sharingFaults(pair),
        ...environmentFaults(pair),
        ...zookeeperFaults(pair),
        ...opensearchFaults(pair),
        ...uploaderFaults(pair),
        ...priorityFaults(pair),
    ];
}
