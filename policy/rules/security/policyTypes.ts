import { settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { elements } from "../../views/podSecurity";
import { fieldsAt } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { isNetworkPolicy } from "../../views/networkPolicies";

export const policyTypes = defineRule({
    name: "security-policy-types",
    description:
        "A network policy names both directions: rules of one that it does not name count for nothing, and what is not named stays open.",
    severity: "high",
    remediation: "Set policyTypes: [Ingress, Egress]. A direction without rules is then closed.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) => {
        if (!isNetworkPolicy(resource)) {
            return [];
        }
        const found = elements(fieldsAt(resource.object, "spec"), "policyTypes");
        return (found.length === 0 && resource.patch) || ["Ingress", "Egress"].every((type) => found.includes(type))
            ? []
            : [
                  violation(
                      "NetworkPolicy spec.policyTypes",
                      "Ingress and Egress",
                      found.length === 0 ? undefined : found.join(", "),
                  ),
              ];
    },
});
