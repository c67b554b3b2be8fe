import { startedPodsAnnotation } from "../../../components/foundation/labels";
import { settings } from "../../../components/foundation/values";
import { selectorMatches } from "../../views/labelSelector";
import { violation } from "../../message";
import { isNetworkPolicy, selectsEveryPod } from "../../views/networkPolicies";
import { fieldsAt } from "../../views/raw";
import { defineStackRule, usualLevels } from "../../rule";
import { indexOf } from "../../views/stackIndex";
import { selectsStartedPods } from "../../views/stackPods";
import { collect } from "../../views/unknown";

export const policySelects = defineStackRule({
    name: "security-policy-selects",
    description:
        "Every network policy selects pods: one that selects none protects nothing, most often for a misspelt label.",
    severity: "high",
    remediation: `Select labels that a pod template of the same namespace has. Where a system starts the pods by itself, say which one in the policy's annotation ${startedPodsAnnotation}.`,
    levels: usualLevels,
    settings: settings({}),
    checkStack: (stack) => {
        const pods = indexOf(stack.objects, ({ view }) =>
            view.podTemplates.map((template) => [String(view.metadata.namespace), template.labels]),
        );
        const policies = stack.ofKind("NetworkPolicy").filter(({ view }) => isNetworkPolicy(view));
        return collect(policies, (resource) => {
            const { view } = resource;
            const selector = fieldsAt(fieldsAt(view.object, "spec"), "podSelector");
            const isThere =
                selectsEveryPod(view) ||
                selectsStartedPods(resource) ||
                pods.get(String(view.metadata.namespace)).some((labels) => selectorMatches(selector, labels));
            return isThere
                ? []
                : [
                      {
                          resource,
                          message: violation(
                              "NetworkPolicy spec.podSelector",
                              "labels of pods in its namespace",
                              JSON.stringify(selector),
                          ),
                      },
                  ];
        });
    },
});
