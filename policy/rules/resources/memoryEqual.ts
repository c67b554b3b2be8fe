import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { amountOf, statedAmount } from "../../views/amounts";
import { hasClaims } from "../../views/claims";
import { eachContainer, violation } from "../../message";
import { defineRule, usualLevels } from "../../rule";

/** Kinds whose pods hold state, and what the Redis operator makes StatefulSets of. */
const defaultKinds = ["StatefulSet", "Redis", "RedisCluster", "RedisReplication", "RedisSentinel"];

export const memoryEqual = defineRule({
    name: "resources-memory-equal",
    description: "Containers of pods that keep state request as much memory as they may use.",
    severity: "high",
    remediation:
        "Set the memory request and the memory limit to the same amount. When a node runs out of memory, the kernel kills first what uses more than it requested.",
    levels: usualLevels,
    settings: settings({
        kinds: z
            .array(words())
            .default(defaultKinds)
            .describe("Kinds that are judged whatever their pods mount; pods with volume claims are judged always."),
    }),
    check: (resource, { kinds }) => {
        const ofKind = kinds.includes(resource.kind);
        return eachContainer(resource, ({ label, role, template, spec }) => {
            // Ephemeral containers can't have resources.
            if (role === "ephemeralContainer" || !(ofKind || hasClaims(template))) {
                return [];
            }
            const request: unknown = statedAmount(spec, "requests", "memory");
            const limit: unknown = statedAmount(spec, "limits", "memory");
            const [least, most] = [amountOf(request), amountOf(limit)];
            // A missing one is another rule's concern (resources-requests-and-limits).
            return least === undefined || most === undefined || least === most
                ? []
                : [violation(label, `resources.limits.memory equal to the request, ${String(request)}`, limit)];
        });
    },
});
