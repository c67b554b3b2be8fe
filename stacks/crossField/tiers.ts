import { formatFound } from "../../components/foundation/faults";
import { deployedEnsembles } from "../sharing";
import { type Check, outsideDevelopment } from "./check";

/*
 * What an environment's tier refuses.
 */

const singleNodeOnlyInDevelopment: Check = ({ environment, opensearch }, at) =>
    opensearch?.kind === "single" && environment !== undefined && outsideDevelopment(environment.tier)
        ? [
              {
                  path: at("opensearch", "kind"),
                  expected: `cluster or external in a ${environment.tier} environment, since a single node has neither replicas nor security`,
                  found: formatFound(opensearch.kind),
              },
          ]
        : [];

const noSingleMemberInProduction: Check = (config, at) =>
    config.environment?.tier === "production"
        ? deployedEnsembles(config)
              .filter(({ settings }) => settings.members === 1)
              .map(({ path }) => ({
                  path: at(...path, "members"),
                  expected: "3, 5 or 7 in a production environment, since a single member is down at every change",
                  found: "1",
              }))
        : [];

export const tierChecks: readonly Check[] = [singleNodeOnlyInDevelopment, noSingleMemberInProduction];
