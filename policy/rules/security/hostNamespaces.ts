import { settings } from "../../../components/foundation/values";
import { podField } from "../../views/podSecurity";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";

export const hostNamespaces = defineRule({
    name: "security-host-namespaces",
    description: "Pods share neither network nor processes nor memory with their node (Pod Security: Host Namespaces).",
    severity: "critical",
    remediation:
        "Take hostNetwork, hostPID and hostIPC away from the pod's spec. With the node's network no network policy holds for it.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        collect(["hostNetwork", "hostPID", "hostIPC"], (key) =>
            podField(resource, key, (value) => value !== true, "false or nothing"),
        ),
});
