import { settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { eachPolicyRule, type PolicyRuleView } from "../../views/rbac";
import { defineRule, usualLevels } from "../../rule";

interface Power {
    /**
     * API group and resource.
     * @default any: the verbs say enough
     */
    readonly on?: readonly [group: string, resource: string];
    /** @default any */
    readonly verbs?: readonly string[];
    /** What it lets an account have. */
    readonly gives: string;
}

const writing = ["create", "update", "patch"];
const changing = ["update", "patch"];

/** From "Role Based Access Control Good Practices" of the Kubernetes documentation, its risks of privilege escalation. */
const powers: readonly Power[] = [
    { verbs: ["escalate", "bind"], gives: "any role" },
    { verbs: ["impersonate"], gives: "the rights of others" },
    { on: ["", "serviceaccounts/token"], verbs: ["create"], gives: "the rights of any account there" },
    { on: ["", "nodes/proxy"], gives: "every container of a node, past the API server" },
    { on: ["", "persistentvolumes"], verbs: writing, gives: "any path of a node" },
    { on: ["", "namespaces"], verbs: changing, gives: "another Pod Security level" },
    { on: ["", "pods/ephemeralcontainers"], verbs: changing, gives: "the inside of any pod there" },
    {
        on: ["certificates.k8s.io", "certificatesigningrequests/approval"],
        verbs: changing,
        gives: "a certificate of anybody",
    },
    { on: ["certificates.k8s.io", "signers"], verbs: ["approve", "sign"], gives: "a certificate of anybody" },
    ...["mutatingwebhookconfigurations", "validatingwebhookconfigurations"].map((resource): Power => ({
        on: ["admissionregistration.k8s.io", resource],
        verbs: writing,
        gives: "every object that is written",
    })),
];

export const rbacEscalation = defineRule({
    name: "security-rbac-escalation",
    description: "No role gives an account the means to more rights than it was given.",
    severity: "critical",
    remediation:
        "Take the verb that the message names away from the role, and give the rights that are really needed by a role of their own.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        eachPolicyRule(resource, (rule) =>
            powers
                .map((power) => ({ power, verbs: verbsOf(rule, power) }))
                .filter(({ verbs }) => verbs.length > 0)
                .map(({ power: { on, gives }, verbs }) =>
                    violation(
                        rule.label,
                        `no way to ${gives}`,
                        `${verbs.join(", ")} on ${on === undefined ? rule.resources.join(", ") : on[1]}`,
                    ),
                ),
        ),
});

/** The verbs of the rule that are of this power. A wildcard is the concern of security-rbac-wildcards. */
function verbsOf(rule: PolicyRuleView, { on, verbs }: Power): string[] {
    const applies = on === undefined || (rule.apiGroups.includes(on[0]) && rule.resources.includes(on[1]));
    return applies ? rule.verbs.filter((verb) => verbs === undefined || verbs.includes(verb)) : [];
}
