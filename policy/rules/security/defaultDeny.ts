import { z } from "zod";
import { port, settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { isNetworkPolicy, onlyPorts, policyRulesOf, selectsEveryPod } from "../../views/networkPolicies";
import { elements } from "../../views/podSecurity";
import { fieldsAt } from "../../views/raw";
import { defineStackRule, usualLevels } from "../../rule";
import { indexOf } from "../../views/stackIndex";
import { collect } from "../../views/unknown";
import type { ResourceView } from "../../views/view";

export const defaultDeny = defineStackRule({
    name: "security-default-deny",
    description:
        "Each namespace is closed until opened: a policy for all of its pods lets nothing in, and nothing out but to DNS.",
    severity: "high",
    remediation:
        "Add a NetworkPolicy to the namespace with podSelector: {}, policyTypes: [Ingress, Egress], no ingress, and egress to DNS alone.",
    levels: usualLevels,
    settings: settings({
        egressPorts: z
            .array(port())
            .default([53])
            .describe("Ports that all pods of a namespace may reach; where the DNS listens on another, that one."),
    }),
    checkStack: (stack, { egressPorts }) => {
        const policies = stack.ofKind("NetworkPolicy").filter(({ view }) => isNetworkPolicy(view));
        const byNamespace = indexOf(policies, ({ view }) => [[String(view.metadata.namespace), view]]);
        return collect(stack.ofKind("Namespace"), (resource) => {
            const name = String(resource.view.metadata.name);
            const found = byNamespace.get(name);
            return found.some((policy) => closes(policy, egressPorts))
                ? []
                : [
                      {
                          resource,
                          message: violation(
                              `Namespace ${name}`,
                              `a NetworkPolicy for all pods and both directions, with no ingress, and egress to port ${egressPorts.join(", ")} alone`,
                              found.length === 0 ? undefined : `${found.length} that are not`,
                          ),
                      },
                  ];
        });
    },
});

function closes(policy: ResourceView, egressPorts: readonly number[]): boolean {
    const types = elements(fieldsAt(policy.object, "spec"), "policyTypes");
    return (
        selectsEveryPod(policy) &&
        ["Ingress", "Egress"].every((type) => types.includes(type)) &&
        policyRulesOf(policy, "ingress").length === 0 &&
        policyRulesOf(policy, "egress").every((rule) => onlyPorts(rule, egressPorts))
    );
}
