import { selinux } from "../../../../policy/rules/security/selinux";
import { describePodRule } from "./support";

const path = ["securityContext", "seLinuxOptions"];
const types = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

describePodRule({
    rule: selinux,
    of: "either",
    broken: [
        {
            path: [...path, "type"],
            value: "spc_t",
            says: `expected ${types.join(", ")} or nothing in securityContext.seLinuxOptions.type, found "spc_t"`,
        },
        ...["user", "role"].map((key) => ({
            path: [...path, key],
            value: "system_u",
            says: `expected nothing in securityContext.seLinuxOptions.${key}, found "system_u"`,
        })),
    ],
    good: [
        ...types.map((type) => ({ path: [...path, "type"], value: type })),
        { path, value: { type: "", user: "", role: "", level: "s0:c1,c2" } },
    ],
    unknownField: [...path, "type"],
});
