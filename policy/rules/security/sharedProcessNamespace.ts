import { settings } from "../../../components/foundation/values";
import { podField } from "../../views/podSecurity";
import { defineRule, usualLevels } from "../../rule";

export const sharedProcessNamespace = defineRule({
    name: "security-shared-process-namespace",
    description:
        "The containers of a pod don't see each other's processes, and with them each other's variables and files.",
    severity: "medium",
    remediation:
        "Take shareProcessNamespace away from the pod's spec, and let its containers talk over a port or a volume.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) => podField(resource, "shareProcessNamespace", (value) => value !== true, "false or nothing"),
});
