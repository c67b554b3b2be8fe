import { cpu, settings } from "../../../components/foundation/values";
import { amountOf, factor, resourceNames, statedAmount } from "../../views/amounts";
import { eachContainer, violation } from "../../message";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";
import { parseQuantity } from "../../../components/foundation/quantity";

export const limitRatio = defineRule({
    name: "resources-limit-ratio",
    description: "What a container may use is at least what it requests, and not many times as much.",
    severity: "medium",
    remediation:
        "Raise the request or lower the limit. The scheduler fills nodes by requests: what all containers use above them has to be there when they all do.",
    levels: usualLevels,
    settings: settings({
        // CPU can be shared out again at any moment. Ten times is a start or a rebalance beside a calm day.
        cpu: factor(10).describe("Most that the CPU limit may be, as a multiple of the request."),
        // Memory can't be taken back: what exceeds the request ends in somebody's kill.
        memory: factor(1.5).describe("Most that the memory limit may be, as a multiple of the request."),
        ephemeralStorage: factor(1.5).describe(
            "Most that the limit of local storage may be, as a multiple of the request.",
        ),
        freeCpu: cpu()
            .prefault("1")
            .describe(
                "CPU limit up to which its ratio is not judged: an idle helper that may use a core for a moment.",
            ),
    }),
    check: (resource, most) => {
        const factors = { cpu: most.cpu, memory: most.memory, "ephemeral-storage": most.ephemeralStorage };
        return eachContainer(resource, ({ label, role, spec }) =>
            role === "ephemeralContainer"
                ? []
                : collect(resourceNames, (name) => {
                      const stated: unknown = statedAmount(spec, "limits", name);
                      const request: unknown = statedAmount(spec, "requests", name);
                      const [limit, least] = [amountOf(stated), amountOf(request)];
                      // A missing one, and zero, are another rule's concern (resources-requests-and-limits).
                      if (limit === undefined || least === undefined || limit === 0 || least === 0) {
                          return [];
                      }
                      const place = `${label} resources.limits.${name}`;
                      if (limit < least) {
                          return [violation(place, `at least the request, ${String(request)}`, stated)];
                      }
                      const free = name === "cpu" && limit <= parseQuantity(most.freeCpu);
                      // Amounts are exact to nano units only.
                      return free || limit <= least * factors[name] * (1 + 1e-9)
                          ? []
                          : [
                                violation(
                                    place,
                                    `at most ${factors[name]} times the request, ${String(request)}`,
                                    stated,
                                ),
                            ];
                  }),
        );
    },
});
