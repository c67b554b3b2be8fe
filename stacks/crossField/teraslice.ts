import { type Fault, formatFound } from "../../components/foundation/faults";
import { clusterName, controllerTargetFaults, indexRetention } from "../../components/teraslice/files";
import { terasliceUser } from "../names";
import { type Check, entryOf, outsideDevelopment, type ReadableSections, standsAlone } from "./check";

const storeForTeraslice: Check = (config, at) =>
    // A section that has faults of its own is no key here; one that is not given is an undefined entry.
    config.systems?.teraslice !== undefined &&
    "opensearch" in config &&
    config.opensearch === undefined &&
    standsAlone(config)
        ? [
              {
                  path: at("opensearch"),
                  expected: "settings, since systems.teraslice keeps its state in OpenSearch",
                  found: "nothing",
              },
          ]
        : [];

const controllerTargets: Check = ({ targets, systems }, at) => {
    const name = systems?.teraslice?.executionControllerTargets;
    return controllerTargetFaults(entryOf(targets, name ?? "") ?? []).map((fault) => ({
        path: at("systems", "teraslice", "executionControllerTargets"),
        ...fault,
    }));
};

/** The most replicas of an index that the stack's own nodes can hold: no two copies are on one node. */
function mostReplicas({ opensearch }: ReadableSections): { most: number; expected: string } | undefined {
    switch (opensearch?.kind) {
        case "single":
            return { most: 0, expected: "0 with opensearch of kind single, where a replica can never be assigned" };
        case "cluster": {
            const { nodes } = opensearch.data;
            const most = nodes - 1;
            return {
                most,
                expected: `at most ${most} on ${nodes} data nodes: one more is never assigned, the cluster never green, and no node ready again after a restart`,
            };
        }
        default:
            return undefined;
    }
}

const assignableReplicas: Check = (config, at) => {
    const bound = mostReplicas(config);
    return bound === undefined
        ? []
        : Object.entries(config.systems?.teraslice?.indices ?? {})
              .filter(([, { replicas }]) => replicas !== undefined && replicas > bound.most)
              .map(([index, { replicas }]) => ({
                  path: at("systems", "teraslice", "indices", index, "replicas"),
                  expected: bound.expected,
                  found: formatFound(replicas),
              }));
};

const retentionInOwnStore: Check = ({ base, opensearch, systems }, at) =>
    (opensearch === undefined ? base === undefined : opensearch.kind !== "external") || systems?.teraslice === undefined
        ? []
        : (["analytics", "state"] as const).flatMap((index): Fault[] => {
              const retention = systems.teraslice?.indices[index].retention;
              return retention === undefined
                  ? []
                  : [
                        {
                            path: at("systems", "teraslice", "indices", index, "retention"),
                            expected: `none with ${opensearch === undefined ? "the base's" : "an external"} OpenSearch, whose policies this stack doesn't write`,
                            found: formatFound(retention),
                        },
                    ];
          });

const ownUserName: Check = ({ opensearch, systems }, at) =>
    opensearch?.kind === "cluster" && systems?.teraslice !== undefined && Object.hasOwn(opensearch.users, terasliceUser)
        ? [
              {
                  path: at("opensearch", "users", terasliceUser),
                  expected: `a name other than ${terasliceUser}, which is that of systems.teraslice`,
                  found: formatFound(opensearch.users[terasliceUser]),
              },
          ]
        : [];

// Two policies of one name would overwrite each other at every up.
const ownPolicyNames: Check = ({ environment, opensearch, systems }, at) => {
    const teraslice = systems?.teraslice;
    if (
        opensearch === undefined ||
        opensearch.kind === "external" ||
        environment === undefined ||
        teraslice === undefined
    ) {
        return [];
    }
    const own = indexRetention(clusterName(environment, "teraslice", teraslice), teraslice).map(({ name }) => name);
    return opensearch.lifecycle.flatMap(({ name }, index): Fault[] =>
        own.includes(name)
            ? [
                  {
                      path: at("opensearch", "lifecycle", index, "name"),
                      expected: `a name other than ${name}, which is that of systems.teraslice`,
                      found: formatFound(name),
                  },
              ]
            : [],
    );
};

const noPasswordInTheClear: Check = ({ environment, systems }, at) => {
    const connectors = systems?.teraslice?.connectors;
    if (connectors === undefined || environment === undefined || !outsideDevelopment(environment.tier)) {
        return [];
    }
    const here = (...path: string[]) => at("systems", "teraslice", "connectors", ...path);
    const within = `in a ${environment.tier} environment, since a password goes there`;
    const searches = Object.entries(connectors.elasticsearchNext).flatMap(([name, { node, password }]): Fault[] =>
        password === undefined || node.every((each) => each.startsWith("https:"))
            ? []
            : [
                  {
                      path: here("elasticsearchNext", name, "node"),
                      expected: `https URLs ${within}`,
                      found: formatFound(node),
                  },
              ],
    );
    const caches = Object.entries(connectors.valkey).flatMap(([name, { password, useTls }]): Fault[] =>
        password === undefined || useTls
            ? []
            : [{ path: here("valkey", name, "useTls"), expected: `true ${within}`, found: formatFound(useTls) }],
    );
    return [...searches, ...caches];
};

export const terasliceChecks: readonly Check[] = [
    storeForTeraslice,
    controllerTargets,
    assignableReplicas,
    retentionInOwnStore,
    ownUserName,
    ownPolicyNames,
    noPasswordInTheClear,
];
