import { settings } from "../../../components/foundation/values";
import { containerContextField } from "../../views/podSecurity";
import { defineRule, usualLevels } from "../../rule";

export const readOnlyRoot = defineRule({
    name: "security-read-only-root",
    description:
        "Containers can't write to their root file system, so that nobody leaves a program there, and nothing fills the node's disk past its limit.",
    severity: "medium",
    remediation:
        "Set readOnlyRootFilesystem: true in the container's securityContext, and mount an emptyDir with a sizeLimit where it has to write.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) => containerContextField(resource, "readOnlyRootFilesystem", (value) => value === true, "true"),
});
