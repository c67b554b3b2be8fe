import { z } from "zod";
import { isQuantity, parseQuantity } from "../../../components/foundation/quantity";
import { oneOf, settings } from "../../../components/foundation/values";
import { eachContainer, violation } from "../../message";
import { fieldsAt, isFields } from "../../raw";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../unknown";

const resourceNames = ["cpu", "memory", "ephemeral-storage"] as const;

const demanded = () => z.array(oneOf(...resourceNames)).default([...resourceNames]);

export const requestsAndLimits = defineRule({
    name: "resources-requests-and-limits",
    description: "Every container and init container states what it requests of a node and what it may use at most.",
    severity: "high",
    remediation:
        "Set resources.requests and resources.limits of the container. Without a request the scheduler overfills nodes; without a limit one container takes what its neighbours need.",
    levels: usualLevels,
    settings: settings({
        requests: demanded().describe("Resources that every container must request."),
        limits: demanded().describe("Resources that every container must have a limit of."),
    }),
    check: (resource, demands) =>
        eachContainer(resource, ({ label, role, template, spec }) => {
            // Ephemeral containers can't have resources; what a partial template leaves out is set elsewhere.
            if (role === "ephemeralContainer" || template.partial) {
                return [];
            }
            const resources = (): Readonly<Record<string, unknown>> => (isFields(spec.resources) ? spec.resources : {});
            return collect(["requests", "limits"] as const, (key) =>
                collect(demands[key], (name) => {
                    const amount = fieldsAt(resources(), key)[name];
                    return isPositive(amount)
                        ? []
                        : [violation(label, `a quantity above 0 in resources.${key}.${name}`, amount)];
                }),
            );
        }),
});

/** Zero counts as missing: as a limit it means none. */
function isPositive(amount: unknown): boolean {
    const text = typeof amount === "number" ? String(amount) : amount;
    return typeof text === "string" && isQuantity(text) && parseQuantity(text) > 0;
}
