import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { podField } from "../../views/podSecurity";
import { defineRule, usualLevels } from "../../rule";

/** Kinds of Redis' operator (v1beta2) that have no field for it. */
const redisKinds = ["Redis", "RedisCluster", "RedisReplication", "RedisSentinel"];

export const serviceLinks = defineRule({
    name: "security-service-links",
    description:
        "Pods get no environment variable for each Service of their namespace: those tell who else is there, and change settings of systems that read variables of such names.",
    severity: "low",
    remediation: "Set enableServiceLinks: false in the pod's spec. Its default is true.",
    levels: usualLevels,
    settings: settings({
        without: z
            .array(words())
            .default(redisKinds)
            .describe("Kinds of custom resources whose pods can't be told, for want of a field."),
    }),
    check: (resource, { without }) =>
        without.includes(resource.kind)
            ? []
            : podField(resource, "enableServiceLinks", (value) => value === false, "false"),
});
