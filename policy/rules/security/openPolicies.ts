import { z } from "zod";
import { labelValue, port, settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import {
    isEmptySelector,
    isNetworkPolicy,
    onlyPorts,
    type PolicyRule,
    policyRulesOf,
    selectsEveryPod,
} from "../../views/networkPolicies";
import { isAbsent } from "../../views/podSecurity";
import { type Fields, fieldsAt } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";
import type { ResourceView } from "../../views/view";

export const openPolicies = defineRule({
    name: "security-open-policies",
    description:
        "Network policies open certain ports, to certain peers, for certain pods: a rule without one of them opens all.",
    severity: "high",
    remediation:
        "Name the peers (from, to) and the ports of each rule, and select pods by label. For peers outside of the cluster name their networks.",
    levels: usualLevels,
    settings: settings({
        sharedPorts: z
            .array(port())
            .default([53])
            .describe("Ports that a policy may open to all pods of its namespace at once: that of the DNS."),
        anyPort: z
            .array(labelValue())
            .default(["twister2"])
            .describe(
                "Systems whose pods choose the ports on which they meet each other, by the policy's label app.kubernetes.io/name. Only among the very pods that the policy selects.",
            ),
    }),
    check: (resource, { sharedPorts, anyPort }) =>
        isNetworkPolicy(resource)
            ? collect(["ingress", "egress"] as const, (direction) =>
                  collect(policyRulesOf(resource, direction), (rule) => [
                      ...ends(rule, () => isAmongItself(resource, rule, anyPort)),
                      ...(!resource.patch && selectsEveryPod(resource) && !onlyPorts(rule, sharedPorts)
                          ? [violation(rule.label, "a podSelector with labels", "one that selects every pod")]
                          : []),
                  ]),
              )
            : [],
});

/** Whether a rule leads from the pods of a policy to the same pods, and these may use any port. */
function isAmongItself({ metadata, object }: ResourceView, { peers }: PolicyRule, anyPort: readonly string[]): boolean {
    const own = JSON.stringify(fieldsAt(object, "spec").podSelector);
    return (
        anyPort.includes(metadata.labels?.["app.kubernetes.io/name"] ?? "") &&
        peers.every(
            ({ namespaceSelector, podSelector }) =>
                isAbsent(namespaceSelector) && !isEmptySelector(podSelector) && JSON.stringify(podSelector) === own,
        )
    );
}

function ends({ label, direction, peers, ports }: PolicyRule, mayUseAnyPort: () => boolean): string[] {
    const key = direction === "ingress" ? "from" : "to";
    return [
        ...(peers.length === 0 ? [violation(label, `peers in ${key}`, undefined)] : []),
        ...((ports.length === 0 || ports.some(({ port: number }) => isAbsent(number))) && !mayUseAnyPort()
            ? [violation(label, "certain ports", undefined)]
            : []),
        ...peers.flatMap((peer, index) => openPeer(peer, `${label}.${key}[${index}]`)),
    ];
}

function openPeer(peer: Fields, label: string): string[] {
    const { cidr } = fieldsAt(peer, "ipBlock");
    const { namespaceSelector, podSelector } = peer;
    if (typeof cidr === "string" && isAbsent(namespaceSelector) && isAbsent(podSelector)) {
        return cidr.endsWith("/0") ? [violation(label, "a network that is not the whole world", cidr)] : [];
    }
    if (isEmptySelector(namespaceSelector) || (isAbsent(namespaceSelector) && isAbsent(podSelector))) {
        const anyPod = isAbsent(podSelector) || isEmptySelector(podSelector);
        return anyPod
            ? [violation(label, "a namespaceSelector or podSelector with labels", "every pod of every namespace")]
            : // Whoever may create pods in any namespace can give them those labels.
              [violation(label, "a namespaceSelector with labels", "pods with the labels in every namespace")];
    }
    return [];
}
