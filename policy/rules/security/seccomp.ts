import { settings } from "../../../components/foundation/values";
import { inheritedField } from "../../views/podSecurity";
import { fieldsAt } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";

export const seccomp = defineRule({
    name: "security-seccomp",
    description:
        "A seccomp profile keeps every container from the system calls that it has no use for (Pod Security: Seccomp).",
    severity: "high",
    remediation: "Set seccompProfile: { type: RuntimeDefault } in the pod's securityContext.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        inheritedField(
            resource,
            (context) => fieldsAt(context, "seccompProfile").type,
            (value) => value === "RuntimeDefault" || value === "Localhost",
            "RuntimeDefault or Localhost in securityContext.seccompProfile.type",
        ),
});
