import { settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { eachContext, inheritedField } from "../../views/podSecurity";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";

export const runAsNonRoot = defineRule({
    name: "security-run-as-non-root",
    description: "No container runs as root, whatever its image says (Pod Security: Running as Non-root).",
    severity: "high",
    remediation:
        "Set runAsNonRoot: true in the pod's securityContext, and a user that is not 0 where the image's own is root.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        collect(
            [
                () =>
                    inheritedField(
                        resource,
                        (context) => context.runAsNonRoot,
                        (value) => value === true,
                        "true in securityContext.runAsNonRoot",
                    ),
                () =>
                    eachContext(resource, ({ runAsUser }, label) =>
                        runAsUser === 0
                            ? [violation(label, "a user that is not root in securityContext.runAsUser", runAsUser)]
                            : [],
                    ),
            ],
            (part) => part(),
        ),
});
