import { privileged } from "../../../../policy/rules/security/privileged";
import { describePodRule } from "./support";

const path = ["securityContext", "privileged"];

describePodRule({
    rule: privileged,
    of: "container",
    broken: [{ path, value: true, says: "expected false or nothing in securityContext.privileged, found true" }],
    good: [{ path, value: false }],
    unknownField: path,
});
