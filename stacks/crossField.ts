import { type Fault, formatFound, formatPath, type Path } from "../components/foundation/faults";
import { controllerTargetFaults } from "../components/teraslice/files";
import { namespaceParts } from "./namespaces";
import type { SectionName, StackConfig } from "./schema/sections";

/** Sections that could be read; a check that needs another one waits until that has no faults of its own. */
export type ReadableSections = { readonly [Name in SectionName]?: StackConfig[Name] };

/** One rule between sections. */
type Check = (config: ReadableSections, at: (...path: Path) => string) => Fault[];

/** Whether mistakes may cost more than time. */
export const outsideDevelopment = (tier: string) => tier !== "development";

const singleNodeOnlyInDevelopment: Check = ({ environment, opensearch }, at) =>
    opensearch?.kind === "single" && environment !== undefined && outsideDevelopment(environment.tier)
        ? [
              {
                  path: at("opensearch", "kind"),
                  expected: `external in a ${environment.tier} environment, since a single node has neither replicas nor security`,
                  found: formatFound(opensearch.kind),
              },
          ]
        : [];

const noSingleMemberInProduction: Check = ({ environment, zookeeper }, at) =>
    zookeeper !== undefined &&
    zookeeper.kind !== "external" &&
    zookeeper.members === 1 &&
    environment?.tier === "production"
        ? [
              {
                  path: at("zookeeper", "members"),
                  expected: "3, 5 or 7 in a production environment, since a single member is down at every change",
                  found: "1",
              },
          ]
        : [];

const storeForTeraslice: Check = (config, at) =>
    // A section that has faults of its own is no key here; one that is not given is an undefined entry.
    config.systems?.teraslice !== undefined && "opensearch" in config && config.opensearch === undefined
        ? [
              {
                  path: at("opensearch"),
                  expected: "settings, since systems.teraslice keeps its state in OpenSearch",
                  found: "nothing",
              },
          ]
        : [];

const controllerTargetsForTeraslice: Check = ({ targets, systems }, at) => {
    const name = systems?.teraslice?.executionControllerTargets;
    return controllerTargetFaults(targets?.[name ?? ""] ?? []).map((fault) => ({
        path: at("systems", "teraslice", "executionControllerTargets"),
        ...fault,
    }));
};

const apiServerForCallers: Check = ({ cluster, systems }, at) =>
    systems?.teraslice !== undefined && cluster !== undefined && cluster.apiServer === undefined
        ? [
              {
                  path: at("cluster", "apiServer"),
                  expected:
                      "the API server's addresses, since the master of systems.teraslice calls it and egress is denied by default",
                  found: "nothing",
              },
          ]
        : [];

const noSecretToReadWhenRendering: Check = ({ cluster, opensearch }, at) =>
    cluster?.render !== undefined && opensearch?.kind === "external" && opensearch.credentials !== undefined
        ? [
              {
                  path: at("opensearch", "credentials"),
                  expected: "none with cluster.render, since there is no cluster to read the Secret from",
                  found: formatFound(opensearch.credentials),
              },
          ]
        : [];

const credentialsOfListedPullSecrets: Check = ({ images }, at) =>
    Object.keys(images?.pullCredentials ?? {})
        .filter((name) => images?.pullSecrets.includes(name) !== true)
        .map((name) => ({
            path: at("images", "pullCredentials", name),
            expected: `a name listed in images.pullSecrets, since nothing would use the Secret`,
            found: formatFound(name),
        }));

const namespacesApart: Check = ({ environment, zookeeper, opensearch, systems }, at) => {
    if (environment === undefined) {
        return [];
    }
    const parts = namespaceParts({ environment, zookeeper, opensearch, systems });
    return parts.flatMap((part, index) => {
        const twin = parts.slice(0, index).find((earlier) => earlier.namespace === part.namespace);
        return twin === undefined
            ? []
            : [
                  {
                      path: at(...part.path, "namespace", "name"),
                      expected: `a namespace of its own, not the one of ${twin.path.join(".")}`,
                      found: formatFound(part.namespace),
                  },
              ];
    });
};

const checks: readonly Check[] = [
    singleNodeOnlyInDevelopment,
    noSingleMemberInProduction,
    storeForTeraslice,
    controllerTargetsForTeraslice,
    apiServerForCallers,
    noSecretToReadWhenRendering,
    credentialsOfListedPullSecrets,
    namespacesApart,
];

const pathsBelow =
    (prefix: string) =>
    (...[first, ...rest]: Path) =>
        formatPath([`${prefix}${String(first)}`, ...rest]);

/** Faults between the sections of a stack file. */
export function crossFieldFaults(config: ReadableSections, prefix: string): Fault[] {
    return checks.flatMap((check) => check(config, pathsBelow(prefix)));
}
