import { formatFound } from "../../components/foundation/faults";
import { referencesIn } from "../../components/foundation/secretReference";
import type { Check } from "./check";

const noLoginToReadWhenRendering: Check = ({ cluster, opensearch }, at) =>
    cluster?.render !== undefined && opensearch?.kind === "external" && opensearch.credentials !== undefined
        ? [
              {
                  path: at("opensearch", "credentials"),
                  expected: "none with cluster.render, since there is no cluster to read the Secret from",
                  found: formatFound(opensearch.credentials),
              },
          ]
        : [];

const noSecretToReadWhenRendering: Check = (config, at) =>
    config.cluster?.render === undefined
        ? []
        : referencesIn(config).map((path) => ({
              path: at(...path),
              expected: "an encrypted value with cluster.render, since there is no cluster to read the Secret from",
              found: "a reference to a Secret",
          }));

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

export const clusterChecks: readonly Check[] = [
    noLoginToReadWhenRendering,
    noSecretToReadWhenRendering,
    apiServerForCallers,
];
