import { z } from "zod";
import { dnsName, flag, settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { fieldsAt, isFields } from "../../views/raw";
import { defineStackRule, type StackMessage, usualLevels } from "../../rule";
import type { StackView } from "../../views/stackView";
import { collect, ifKnown } from "../../views/unknown";

export const priorityClass = defineStackRule({
    name: "resources-priority-class",
    description:
        "Every pod template names a priority class, one that there is, and no class is the whole cluster's default.",
    severity: "medium",
    remediation:
        "Give the system a `priority` of data-platform:priorityClasses. Without one, pods of a store are evicted before those of a batch job; with one that there is not, no pod is admitted.",
    levels: usualLevels,
    settings: settings({
        required: flag()
            .default(true)
            .describe(
                "Whether every pod template names a class. If not, the cluster's default holds where none is named.",
            ),
        existing: z
            .array(dnsName())
            .default([])
            .describe("Classes that are there already, beside the stack's, its base's and Kubernetes' own (system-…)."),
    }),
    checkStack: (stack, { required, existing }) => {
        const known = new Set(existing);
        for (const { view } of stack.ofKind("PriorityClass")) {
            // A template that names a class whose name is not known yet is not known itself.
            const name: unknown = ifKnown(() => view.metadata.name);
            if (typeof name === "string") {
                known.add(name);
            }
        }
        const defaults = () =>
            collect(stack.ofKind("PriorityClass"), (resource): StackMessage[] => {
                const found: unknown = resource.view.object.globalDefault;
                return found === true
                    ? [{ resource, message: violation("PriorityClass globalDefault", globalDefaultExpected, found) }]
                    : [];
            });
        const ofTemplates = () =>
            collect(stack.objects, (object) =>
                collect(object.view.podTemplates, (template): StackMessage[] => {
                    const name: unknown = template.spec.priorityClassName;
                    const place = `pod template ${template.path === "" ? "spec" : `${template.path}.spec`}.priorityClassName`;
                    if (name === undefined || name === null || name === "") {
                        return template.partial || !required
                            ? []
                            : [{ resource: object, message: violation(place, "a priority class", name) }];
                    }
                    if (typeof name !== "string") {
                        return [{ resource: object, message: violation(place, "a name", name) }];
                    }
                    const exists = known.has(name) || name.startsWith("system-") || basesHave(stack, name);
                    return exists
                        ? []
                        : [
                              {
                                  resource: object,
                                  message: violation(
                                      place,
                                      known.size === 0
                                          ? "a class that there is"
                                          : `one of ${[...known].sort().join(", ")}`,
                                      name,
                                  ),
                              },
                          ];
                }),
            );
        return collect([defaults, ofTemplates], (part) => part());
    },
});

const globalDefaultExpected = "false, for it would become the priority of every other stack's pods too";

/** Whether a stack that this one refers to has the class: its output `platform` says so (stacks/platform.ts). */
function basesHave(stack: StackView, name: string): boolean {
    return stack.resources
        .filter(({ type }) => type === "pulumi:pulumi:StackReference")
        .some(({ inputs }) => {
            const platform = fieldsAt(fieldsAt(inputs, "outputs"), "platform");
            const classes = platform.priorityClasses;
            return isFields(classes) && Object.values(classes).includes(name);
        });
}
