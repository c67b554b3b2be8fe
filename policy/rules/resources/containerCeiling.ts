import { parseQuantity } from "../../../components/foundation/quantity";
import { bytes, cpu, settings } from "../../../components/foundation/values";
import { amountOf, resourceNames, statedAmount } from "../../views/amounts";
import { eachContainer, violation } from "../../message";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";

export const containerCeiling = defineRule({
    name: "resources-container-ceiling",
    description: "No container requests, or may use, more than the largest node has to give.",
    severity: "medium",
    remediation:
        "Lower the amount: a slip of a unit is the usual reason. Where nodes are larger than the ceiling, raise it in the settings.",
    levels: usualLevels,
    settings: settings({
        // Half of a large cloud node (64 cores, 512Gi): two pods of that size still share one.
        cpu: cpu().prefault("32").describe("Most CPU of one container."),
        memory: bytes().prefault("256Gi").describe("Most memory of one container."),
        ephemeralStorage: bytes().prefault("500Gi").describe("Most local storage of one container."),
    }),
    check: (resource, ceiling) => {
        const most = { cpu: ceiling.cpu, memory: ceiling.memory, "ephemeral-storage": ceiling.ephemeralStorage };
        return eachContainer(resource, ({ label, spec }) =>
            collect(["requests", "limits"] as const, (bound) =>
                collect(resourceNames, (name) => {
                    const stated: unknown = statedAmount(spec, bound, name);
                    const amount = amountOf(stated);
                    return amount === undefined || amount <= parseQuantity(most[name])
                        ? []
                        : [violation(`${label} resources.${bound}.${name}`, `at most ${most[name]}`, stated)];
                }),
            ),
        );
    },
});
