import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { violation } from "../../message";
import { eachTemplate, elements, podContext } from "../../views/podSecurity";
import { isFields } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";

/** sysctlsAllowedV1Dot32 in k8s.io/pod-security-admission/policy/check_sysctls.go. */
const safe = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

export const sysctls = defineRule({
    name: "security-sysctls",
    description: "Pods set no kernel parameters but those that are their own (Pod Security: Sysctls).",
    severity: "high",
    remediation:
        "Take the parameter away from the pod's securityContext.sysctls, and set it on the nodes if it is needed.",
    levels: usualLevels,
    settings: settings({
        allowed: z.array(words()).default(safe).describe("Kernel parameters that pods may set."),
    }),
    check: (resource, { allowed }) =>
        eachTemplate(resource, (template, label) =>
            elements(podContext(template), "sysctls").flatMap((sysctl, index) => {
                const name = isFields(sysctl) ? sysctl.name : undefined;
                return typeof name === "string" && allowed.includes(name)
                    ? []
                    : [violation(label, `a parameter of the pod alone in securityContext.sysctls[${index}]`, name)];
            }),
        ),
});
