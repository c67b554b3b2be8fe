import { z } from "zod";
import { oneOf, settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { eachTemplate, elements, inheritedField, isAbsent, podContext } from "../../views/podSecurity";
import type { PodTemplateView } from "../../views/podTemplates";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";

const fields = ["runAsUser", "runAsGroup", "fsGroup"] as const;

export const userAndGroups = defineRule({
    name: "security-user-and-groups",
    description:
        "Pods say as which user and groups they run, none of the groups root's: what an image says may change with its next tag, and then the files on a volume belong to somebody else.",
    severity: "medium",
    remediation:
        "Set runAsUser, runAsGroup and fsGroup in the pod's securityContext to the ids that the image's files belong to, none of them 0.",
    levels: usualLevels,
    settings: settings({
        required: z
            .array(oneOf(...fields))
            .default([...fields])
            .describe("What every pod must say. Group 0 is refused wherever it is said."),
    }),
    check: (resource, { required }) => {
        const ofContainers = (key: "runAsUser" | "runAsGroup", isGood: (value: unknown) => boolean, expected: string) =>
            inheritedField(
                resource,
                // What need not be said counts as said well.
                (context) => (isAbsent(context[key]) && !required.includes(key) ? optional : context[key]),
                (value) => value === optional || isGood(value),
                `${expected} in securityContext.${key}`,
            );
        return collect(
            [
                // User 0 is the concern of security-run-as-non-root.
                () => ofContainers("runAsUser", (value) => typeof value === "number", "a numeric user"),
                () => ofContainers("runAsGroup", isGroup, "a group that is not root's"),
                () => eachTemplate(resource, (template, label) => groupsOfPod(template, label, required)),
            ],
            (part) => part(),
        );
    },
});

const optional = Symbol("optional");

/** Groups that only a pod can have, not a container. */
function groupsOfPod(template: PodTemplateView, label: string, required: readonly string[]): string[] {
    const context = podContext(template);
    const { fsGroup } = context;
    const mayMiss = template.partial || !required.includes("fsGroup");
    const expected = "a group that is not root's in securityContext";
    return [
        ...(isGroup(fsGroup) || (isAbsent(fsGroup) && mayMiss)
            ? []
            : [violation(label, `${expected}.fsGroup`, fsGroup)]),
        ...elements(context, "supplementalGroups")
            .filter((group) => !isGroup(group))
            .map((group) => violation(label, `${expected}.supplementalGroups`, group)),
    ];
}

function isGroup(value: unknown): boolean {
    return typeof value === "number" && value > 0;
}
