import { settings } from "../../../components/foundation/values";
import { containerContextField } from "../../views/podSecurity";
import { defineRule, usualLevels } from "../../rule";

export const privilegeEscalation = defineRule({
    name: "security-privilege-escalation",
    description:
        "No process gains more rights than its parent had, such as by a set-user-ID file (Pod Security: Privilege Escalation).",
    severity: "high",
    remediation: "Set allowPrivilegeEscalation: false in the container's securityContext. Its default is true.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        containerContextField(resource, "allowPrivilegeEscalation", (value) => value === false, "false"),
});
