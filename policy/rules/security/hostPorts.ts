import { settings } from "../../../components/foundation/values";
import { eachContainer, violation } from "../../message";
import { containerFields, elements, isAbsent } from "../../views/podSecurity";
import { isFields } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";

export const hostPorts = defineRule({
    name: "security-host-ports",
    description: "No container takes a port of its node (Pod Security: Host Ports).",
    severity: "high",
    remediation: "Take hostPort away from the container's ports, and let a Service lead to the pod.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        eachContainer(resource, (container) =>
            elements(containerFields(container), "ports").flatMap((port, index) => {
                const value = isFields(port) ? port.hostPort : undefined;
                return isAbsent(value) || value === 0
                    ? []
                    : [violation(container.label, `nothing in ports[${index}].hostPort`, value)];
            }),
        ),
});
