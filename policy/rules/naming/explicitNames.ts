import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { violation } from "../../message";
import { defineRule, usualLevels } from "../../rule";

/** Kinds that config text, DNS, selectors of other tools, or people address by name. */
const defaultKinds = [
    "ClusterRole",
    "ConfigMap",
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Namespace",
    "PersistentVolumeClaim",
    "PriorityClass",
    "Role",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulSet",
    "StorageClass",
];

/** Set by the Kubernetes provider on an object that it named itself: by then `metadata.name` is filled in. */
const autonamed = "pulumi.com/autonamed";

export const explicitNames = defineRule({
    name: "naming-explicit-names",
    description: "Objects that others address by name have a name of their own choosing, not a generated one.",
    severity: "high",
    remediation:
        "Set metadata.name. With a generated name a change that replaces the object gives it another name, and whatever addresses the old one breaks.",
    levels: usualLevels,
    settings: settings({
        kinds: z.array(words()).default(defaultKinds).describe("Kinds that need an explicit name."),
    }),
    check: ({ kind, patch, metadata }, { kinds }) => {
        if (patch || !kinds.includes(kind)) {
            return [];
        }
        const name: unknown = metadata.name;
        const generated = metadata.annotations?.[autonamed] === "true";
        return typeof name === "string" && name !== "" && !generated
            ? []
            : [
                  violation(
                      `${kind} metadata.name`,
                      "an explicit name",
                      generated ? `${String(name)} (generated)` : name,
                  ),
              ];
    },
});
