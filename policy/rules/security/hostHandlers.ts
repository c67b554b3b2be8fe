import { settings } from "../../../components/foundation/values";
import { eachContainer, violation } from "../../message";
import { containerFields, isAbsent } from "../../views/podSecurity";
import { type Fields, fieldsAt } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";

const handlers: readonly (readonly [string, (container: Fields) => Fields])[] = [
    ...["livenessProbe", "readinessProbe", "startupProbe"].map(
        (probe) => [probe, (container: Fields) => fieldsAt(container, probe)] as const,
    ),
    ...["postStart", "preStop"].map(
        (hook) =>
            [`lifecycle.${hook}`, (container: Fields) => fieldsAt(fieldsAt(container, "lifecycle"), hook)] as const,
    ),
];

export const hostHandlers = defineRule({
    name: "security-host-handlers",
    description:
        "Probes and lifecycle hooks call their own pod, not another host that the node can reach (Pod Security since 1.34: Host Probes / Lifecycle Hooks).",
    severity: "medium",
    remediation: "Take host away from httpGet and tcpSocket: without it the kubelet calls the pod.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        eachContainer(resource, (container) =>
            collect(handlers, ([path, handlerOf]) =>
                collect(["httpGet", "tcpSocket"], (action) => {
                    const value = fieldsAt(handlerOf(containerFields(container)), action).host;
                    return isAbsent(value) || value === ""
                        ? []
                        : [violation(container.label, `nothing in ${path}.${action}.host`, value)];
                }),
            ),
        ),
});
