import { settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { eachPolicyRule } from "../../views/rbac";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";

const keys = ["apiGroups", "resources", "verbs", "nonResourceURLs"] as const;

export const rbacWildcards = defineRule({
    name: "security-rbac-wildcards",
    description: "Roles name what they allow: a wildcard also allows what the next release or operator brings.",
    severity: "high",
    remediation: "Write the API groups, resources, verbs or URLs out that are really used.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        eachPolicyRule(resource, (rule) =>
            collect(keys, (key) =>
                rule[key]
                    .filter((value) => value.includes("*"))
                    .map((value) => violation(rule.label, `names without * in ${key}`, value)),
            ),
        ),
});
