import { settings } from "../../../components/foundation/values";
import { containerContextField, isAbsent } from "../../views/podSecurity";
import { defineRule, usualLevels } from "../../rule";

export const procMount = defineRule({
    name: "security-proc-mount",
    description: "The container runtime's masks over /proc stay in place (Pod Security: /proc Mount Type).",
    severity: "high",
    remediation: "Take securityContext.procMount away from the container.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        containerContextField(
            resource,
            "procMount",
            (value) => isAbsent(value) || value === "Default",
            "Default or nothing",
        ),
});
