import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { fitsOne } from "../../glob";
import { violation } from "../../message";
import { isBinding, roleRefOf } from "../../views/rbac";
import { defineRule, usualLevels } from "../../rule";

export const clusterAdmin = defineRule({
    name: "security-cluster-admin",
    description: "No binding gives a role that may do nearly everything, in the cluster or in a namespace.",
    severity: "critical",
    remediation: "Bind a Role that names what is really used.",
    levels: usualLevels,
    settings: settings({
        roles: z
            .array(words())
            .default(["cluster-admin", "admin", "edit", "system:*"])
            .describe("Cluster roles that nobody gets from a stack; * stands for any text."),
    }),
    check: (resource, { roles }) => {
        if (!isBinding(resource)) {
            return [];
        }
        const { kind, name } = roleRefOf(resource);
        return kind === "ClusterRole" && fitsOne(roles, name)
            ? [violation(`${resource.kind} roleRef`, `a role other than ${roles.join(", ")}`, name)]
            : [];
    },
});
