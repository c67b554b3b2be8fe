import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { fitsOne } from "../../glob";
import { violation } from "../../message";
import { isBinding, roleRefOf } from "../../views/rbac";
import { defineStackRule, usualLevels } from "../../rule";
import { indexOf, placeOf } from "../../views/stackIndex";
import { collect } from "../../views/unknown";

export const roleRefs = defineStackRule({
    name: "security-role-refs",
    description:
        "Every binding's role exists: one that does not gives nothing today, and whatever gets that name later without a review.",
    severity: "medium",
    remediation:
        "Name a Role of the same namespace or a ClusterRole in roleRef, or list a role that exists elsewhere in the setting existing.",
    levels: usualLevels,
    settings: settings({
        existing: z
            .array(words())
            .default([
                "ClusterRole/admin",
                "ClusterRole/cluster-admin",
                "ClusterRole/edit",
                "ClusterRole/system:*",
                "ClusterRole/view",
            ])
            .describe(
                "Roles that exist outside of the stack, as ClusterRole/<name> or Role/<namespace>/<name>; * stands for any text.",
            ),
    }),
    checkStack: (stack, { existing }) => {
        const roles = indexOf([...stack.ofKind("Role"), ...stack.ofKind("ClusterRole")], (object) => [
            [`${object.view.kind}${placeOf(object)}`, object],
        ]);
        const bindings = stack.objects.filter(({ view }) => isBinding(view) && !view.patch);
        return collect(bindings, (resource) => {
            const { kind, name } = roleRefOf(resource.view);
            const namespace = kind === "Role" ? (resource.view.metadata.namespace ?? "") : "";
            const known = [kind, ...(kind === "Role" ? [namespace] : []), name].join("/");
            return fitsOne(existing, known) || roles.get(`${kind}${namespace}/${name}`).length > 0
                ? []
                : [{ resource, message: violation(`${resource.view.kind} roleRef`, "a role that exists", known) }];
        });
    },
});
