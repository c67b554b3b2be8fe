import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { eachContainer, violation } from "../../message";
import { containerContext, elements } from "../../views/podSecurity";
import { fieldsAt } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { systemEntry, tableKeys } from "../../views/systemTable";

export const capabilities = defineRule({
    name: "security-capabilities",
    description:
        "Containers drop every capability, and add none but that to bind ports below 1024 (Pod Security: Capabilities).",
    severity: "high",
    remediation:
        "Set capabilities: { drop: [ALL] } in the container's securityContext. Where a system can't do without a capability, name it in the setting more.",
    levels: usualLevels,
    settings: settings({
        allowed: z.array(words()).default(["NET_BIND_SERVICE"]).describe("Capabilities that any container may add."),
        more: z
            .record(words(), z.array(words()))
            .default({})
            .describe(`Capabilities that containers of a system may add besides, ${tableKeys}.`),
    }),
    check: (resource, { allowed, more }) =>
        eachContainer(resource, (container) => {
            const { label, template } = container;
            const fields = fieldsAt(containerContext(container), "capabilities");
            const drop = elements(fields, "drop");
            const mayAdd = (name: unknown): boolean =>
                typeof name === "string" &&
                (allowed.includes(name) || (systemEntry(more, template.labels) ?? []).includes(name));
            return [
                ...(drop.includes("ALL") || template.partial
                    ? []
                    : [
                          violation(
                              label,
                              "ALL in securityContext.capabilities.drop",
                              drop.length > 0 ? drop.join(", ") : undefined,
                          ),
                      ]),
                ...elements(fields, "add")
                    .filter((name) => !mayAdd(name))
                    .map((name) =>
                        violation(
                            label,
                            `${allowed.length === 0 ? "none" : `none but ${allowed.join(", ")}`} in securityContext.capabilities.add`,
                            name,
                        ),
                    ),
            ];
        }),
});
