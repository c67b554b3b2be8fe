import { settings } from "../../../components/foundation/values";
import { containerContextField } from "../../views/podSecurity";
import { defineRule, usualLevels } from "../../rule";

export const privileged = defineRule({
    name: "security-privileged",
    description: "No container is privileged, which is root on the node (Pod Security: Privileged Containers).",
    severity: "critical",
    remediation: "Take securityContext.privileged away from the container.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) => containerContextField(resource, "privileged", (value) => value !== true, "false or nothing"),
});
