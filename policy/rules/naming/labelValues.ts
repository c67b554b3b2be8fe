import { labelKey, labelValue, settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { type Fields, fieldsAt } from "../../raw";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../unknown";
import type { ResourceView } from "../../view";

const validKey = labelKey();
const validValue = labelValue();

/** Everywhere labels are set or asked for: an invalid one in a selector selects nothing, or is refused late. */
function labelMaps(resource: ResourceView): { readonly path: string; readonly labels: () => Fields }[] {
    const spec = (): Fields => fieldsAt(resource.object, "spec");
    const templates = resource.podTemplates.filter(({ path }) => path !== "");
    return [
        { path: "metadata.labels", labels: () => resource.metadata.labels ?? {} },
        ...templates.map((template) => ({ path: `${template.path}.metadata.labels`, labels: () => template.labels })),
        resource.kind === "Service"
            ? { path: "spec.selector", labels: () => fieldsAt(spec(), "selector") }
            : {
                  path: "spec.selector.matchLabels",
                  labels: () => fieldsAt(fieldsAt(spec(), "selector"), "matchLabels"),
              },
    ];
}

export const labelValues = defineRule({
    name: "naming-label-values",
    description: "Labels and the selectors that ask for them have valid keys and values.",
    severity: "medium",
    remediation: "Shorten or rewrite the key or value, in the label and in every selector that asks for it.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        collect(labelMaps(resource), ({ path, labels }) => {
            const found = labels();
            return collect(Object.keys(found), (key) => [
                ...(validKey.safeParse(key).success
                    ? []
                    : [
                          violation(
                              `${resource.kind} ${path}`,
                              "keys of the form [DNS name/]name, the name of at most 63 letters, digits, - _ and .",
                              key,
                          ),
                      ]),
                ...(validValue.safeParse(found[key]).success
                    ? []
                    : [
                          violation(
                              `${resource.kind} ${path}[${JSON.stringify(key)}]`,
                              "text of at most 63 letters, digits, - _ and ., starting and ending with a letter or digit",
                              found[key],
                          ),
                      ]),
            ]);
        }),
});
