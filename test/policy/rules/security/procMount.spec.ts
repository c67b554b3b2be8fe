import { procMount } from "../../../../policy/rules/security/procMount";
import { describePodRule } from "./support";

const path = ["securityContext", "procMount"];

describePodRule({
    rule: procMount,
    of: "container",
    broken: [
        { path, value: "Unmasked", says: 'expected Default or nothing in securityContext.procMount, found "Unmasked"' },
    ],
    good: [{ path, value: "Default" }],
    unknownField: path,
});
