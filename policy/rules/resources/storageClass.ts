import { z } from "zod";
import { flag, settings, words } from "../../../components/foundation/values";
import { claimsOf } from "../../views/claims";
import { violation } from "../../message";
import { defineRule } from "../../rule";
import { collect } from "../../views/unknown";

export const storageClass = defineRule({
    name: "resources-storage-class",
    description: "Every volume claim names its storage class, one that the cluster has.",
    severity: "high",
    remediation:
        "Set storageClassName, to one of the classes that the stack lists under data-platform:cluster.storageClasses. A claim keeps for ever the class that it began with, and the cluster's default may be another tomorrow.",
    // Development clusters (kind, minikube) have one class, their default.
    levels: { development: "disabled", staging: "mandatory", production: "mandatory" },
    settings: settings({
        clusterDefault: flag()
            .default(false)
            .describe("Whether a claim without a class is meant to get the cluster's default."),
        classes: z
            .array(words())
            .default([])
            .describe("Classes that a claim may name; any if there are none. The stack's own list unless set."),
    }),
    check: (resource, { clusterDefault, classes }) =>
        collect(claimsOf(resource), (claim) => {
            const name: unknown = claim.spec.storageClassName;
            const place = `${resource.kind} ${claim.path}.storageClassName`;
            if (name === undefined || name === null || name === "") {
                // An empty name is not the default: it means a volume that somebody made by hand.
                return resource.patch || (clusterDefault && name !== "")
                    ? []
                    : [violation(place, "the name of a storage class", name)];
            }
            return classes.length === 0 || classes.some((known) => known === name)
                ? []
                : [violation(place, `one of ${classes.join(", ")}`, name)];
        }),
});
