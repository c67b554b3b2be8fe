import { type Fault, formatFound } from "../../components/foundation/faults";
import { terasliceUser } from "../names";
import type { Check } from "./check";

/*
 * What a base can share.
 */

const loginsOfSecuredStore: Check = (config, at) =>
    Object.keys(config.sharing?.opensearchUsers ?? {}).length > 0 &&
    "opensearch" in config &&
    config.opensearch?.kind !== "cluster"
        ? [
              {
                  path: at("sharing", "opensearchUsers"),
                  expected: "none without an opensearch of kind cluster, which alone has users of this stack's making",
                  found: formatFound(config.sharing?.opensearchUsers),
              },
          ]
        : [];

const ownLoginNames: Check = ({ sharing, opensearch, systems }, at) => {
    const taken = [
        ...(opensearch?.kind === "cluster" ? Object.keys(opensearch.users) : []),
        ...(systems?.teraslice === undefined ? [] : [terasliceUser]),
    ];
    return Object.entries(sharing?.opensearchUsers ?? {})
        .filter(([name]) => taken.includes(name))
        .map(([name, user]): Fault => ({
            path: at("sharing", "opensearchUsers", name),
            expected: `a name other than ${taken.join(", ")}, ${taken.length === 1 ? "which is a user" : "which are users"} of this stack's own`,
            found: formatFound(user),
        }));
};

export const sharingChecks: readonly Check[] = [loginsOfSecuredStore, ownLoginNames];
