import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { violation } from "../../message";
import { eachPolicyRule } from "../../views/rbac";
import { defineRule, usualLevels } from "../../rule";

export const secretListing = defineRule({
    name: "security-secret-listing",
    description:
        "Nobody reads all Secrets of a namespace: to list is to read them, and whoever may get any of them needs but a name.",
    severity: "high",
    remediation:
        "Name the Secrets in resourceNames and allow get on them, or mount them into the pod, which needs no rights at all.",
    levels: usualLevels,
    settings: settings({
        verbs: z
            .array(words())
            .default(["get", "list", "watch", "deletecollection"])
            .describe("Verbs that need resourceNames; the answer to each of them holds the values."),
    }),
    check: (resource, { verbs }) =>
        eachPolicyRule(resource, (rule) => {
            if (!rule.apiGroups.includes("") || !rule.resources.includes("secrets") || rule.resourceNames.length > 0) {
                return [];
            }
            const found = rule.verbs.filter((verb) => verbs.includes(verb));
            return found.length === 0
                ? []
                : [violation(rule.label, "resourceNames beside verbs that read secrets", found.join(", "))];
        }),
});
