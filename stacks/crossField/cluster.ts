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

export const clusterChecks: readonly Check[] = [noLoginToReadWhenRendering, noSecretToReadWhenRendering];
