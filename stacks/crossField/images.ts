import { formatFound } from "../../components/foundation/faults";
import type { Check } from "./check";

const credentialsOfListedPullSecrets: Check = ({ images }, at) =>
    Object.keys(images?.pullCredentials ?? {})
        .filter((name) => images?.pullSecrets.includes(name) !== true)
        .map((name) => ({
            path: at("images", "pullCredentials", name),
            expected: `a name listed in images.pullSecrets, since nothing would use the Secret`,
            found: formatFound(name),
        }));

// A pod's pull secrets are a list with the name as key (core/v1 types.go, listType=map): the API server refuses to apply
// one that has a key twice.
const eachPullSecretOnce: Check = ({ images }, at) =>
    (images?.pullSecrets ?? []).flatMap((name, index, all) =>
        all.indexOf(name) < index
            ? [
                  {
                      path: at("images", "pullSecrets", index),
                      expected: "each pull secret once",
                      found: formatFound(name),
                  },
              ]
            : [],
    );

export const imageChecks: readonly Check[] = [credentialsOfListedPullSecrets, eachPullSecretOnce];
