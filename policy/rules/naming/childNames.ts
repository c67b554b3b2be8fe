import { settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { defineStackRule, type StackMessage, usualLevels } from "../../rule";

export const childNames = defineStackRule({
    name: "naming-child-names",
    description: "The Pulumi name of a component's child begins with the component's name and a dash.",
    severity: "medium",
    remediation:
        "Name the child `${name}-<part>` in the component, with an alias of the old name. An alias of a renamed component reaches only children that are named after it; the others would be replaced.",
    levels: usualLevels,
    settings: settings({}),
    checkStack: (stack) =>
        stack.resources.flatMap((resource): StackMessage[] => {
            const { parent, name } = resource;
            // A chart names its objects by itself, and the stack's own children are named by nobody else.
            const named =
                parent === undefined ||
                parent.type === "pulumi:pulumi:Stack" ||
                parent.type.startsWith("kubernetes:") ||
                name.startsWith(`${parent.name}-`);
            return named
                ? []
                : [
                      {
                          resource,
                          message: violation(
                              `Pulumi name of a child of "${parent.name}"`,
                              `${parent.name}-<part>`,
                              name,
                          ),
                      },
                  ];
        }),
});
