import { privilegeEscalation } from "../../../../policy/rules/security/privilegeEscalation";
import { describePodRule } from "./support";

const path = ["securityContext", "allowPrivilegeEscalation"];
const expected = "expected false in securityContext.allowPrivilegeEscalation";

describePodRule({
    rule: privilegeEscalation,
    of: "container",
    broken: [
        { path, value: true, says: `${expected}, found true` },
        { path, value: undefined, says: `${expected}, found nothing` },
        { path: ["securityContext"], value: undefined, says: `${expected}, found nothing` },
    ],
    unknownField: path,
    requires: 1,
});
