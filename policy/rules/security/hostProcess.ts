import { settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { eachContext } from "../../views/podSecurity";
import { fieldsAt } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";

export const hostProcess = defineRule({
    name: "security-host-process",
    description: "No container runs as a process of a Windows node (Pod Security: HostProcess).",
    severity: "critical",
    remediation: "Take windowsOptions.hostProcess away from the securityContext.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        eachContext(resource, (context, label) => {
            const value = fieldsAt(context, "windowsOptions").hostProcess;
            return value === true
                ? [violation(label, "false or nothing in securityContext.windowsOptions.hostProcess", value)]
                : [];
        }),
});
