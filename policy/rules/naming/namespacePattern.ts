import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { matchesGlob } from "../../glob";
import { violation } from "../../message";
import { defineRule, usualLevels } from "../../rule";

/** Whose environment an object is of (components/foundation/labels.ts). */
const environmentLabel = "data-platform/environment";
const placeholder = "{environment}";

export const namespacePattern = defineRule({
    name: "naming-namespace-pattern",
    description: "The name of a namespace says which environment it belongs to.",
    severity: "medium",
    remediation:
        "Name the namespace after its environment, or allow the name in the settings. Two environments that share a cluster would otherwise share the namespace too.",
    levels: usualLevels,
    settings: settings({
        pattern: words()
            .default(`${placeholder}-*`)
            .describe(
                `Form of the names: ${placeholder} stands for the value of label ${environmentLabel}, * for any text.`,
            ),
        others: z.array(words()).default([]).describe("Further names that are allowed; * stands for any text."),
    }),
    check: ({ kind, patch, metadata }, { pattern, others }) => {
        const name: unknown = kind === "Namespace" && !patch ? metadata.name : undefined;
        if (typeof name !== "string" || others.some((other) => matchesGlob(other, name))) {
            return [];
        }
        const environment: unknown = metadata.labels?.[environmentLabel];
        // A missing label is another rule's concern (naming-required-labels).
        if (pattern.includes(placeholder) && (typeof environment !== "string" || environment === "")) {
            return [];
        }
        const wanted = pattern.replaceAll(placeholder, String(environment));
        return matchesGlob(wanted, name)
            ? []
            : [violation("Namespace metadata.name", [wanted, ...others].join(" or "), name)];
    },
});
