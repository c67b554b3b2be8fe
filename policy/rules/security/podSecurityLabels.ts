import { settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { isAbsent } from "../../views/podSecurity";
import type { Fields } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";

const prefix = "pod-security.kubernetes.io/";
const reasonAnnotation = "data-platform/pod-security-reason";

/** From the least to the most that pods may do. */
const order = ["restricted", "baseline", "privileged"];

export const podSecurityLabels = defineRule({
    name: "security-pod-security-labels",
    description:
        "Each namespace enforces the Pod Security level restricted, or says why a lower one; audit and warn are as strict.",
    severity: "high",
    remediation: `Label the namespace ${prefix}enforce, audit and warn: restricted. Where a system's own pods can't be, set the next lower level and say why in the annotation ${reasonAnnotation}.`,
    levels: usualLevels,
    settings: settings({}),
    check: ({ kind, patch, metadata }) => {
        if (kind !== "Namespace") {
            return [];
        }
        const labels: Fields = metadata.labels ?? {};
        const reason: unknown = metadata.annotations?.[reasonAnnotation];
        const enforced = labels[`${prefix}enforce`];
        const lowest = typeof reason === "string" && reason !== "" ? order.length - 1 : 0;
        return ["enforce", "audit", "warn"].flatMap((mode) => {
            const level = labels[`${prefix}${mode}`];
            const most = mode === "enforce" ? lowest : Math.max(order.indexOf(String(enforced)), 0);
            const rank = order.indexOf(String(level));
            const isGood = (rank >= 0 && rank <= most) || (patch && isAbsent(level));
            const expected =
                mode === "enforce"
                    ? lowest > 0
                        ? order.join(", ")
                        : `restricted, or a reason in annotation ${reasonAnnotation}`
                    : order.slice(0, most + 1).join(" or ");
            return isGood ? [] : [violation(`Namespace metadata.labels["${prefix}${mode}"]`, expected, level)];
        });
    },
});
