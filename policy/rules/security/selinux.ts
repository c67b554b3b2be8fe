import { settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { eachContext, isAbsent } from "../../views/podSecurity";
import { fieldsAt } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";

/** Of k8s.io/pod-security-admission since 1.31. */
const types = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

const checks = [
    {
        key: "type",
        expected: `${types.join(", ")} or nothing`,
        isGood: (value: unknown) => types.includes(String(value)),
    },
    { key: "user", expected: "nothing", isGood: () => false },
    { key: "role", expected: "nothing", isGood: () => false },
];

export const selinux = defineRule({
    name: "security-selinux",
    description:
        "Pods keep to the SELinux types of containers, and to no user or role of their own (Pod Security: SELinux).",
    severity: "high",
    remediation: "Take seLinuxOptions away from the securityContext, but for the level where volumes need one.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        eachContext(resource, (context, label) => {
            const options = fieldsAt(context, "seLinuxOptions");
            return collect(checks, ({ key, expected, isGood }) => {
                const value = options[key];
                return isAbsent(value) || value === "" || isGood(value)
                    ? []
                    : [violation(label, `${expected} in securityContext.seLinuxOptions.${key}`, value)];
            });
        }),
});
