import { hostProcess } from "../../../../policy/rules/security/hostProcess";
import { describePodRule } from "./support";

const path = ["securityContext", "windowsOptions", "hostProcess"];

describePodRule({
    rule: hostProcess,
    of: "either",
    broken: [
        {
            path,
            value: true,
            says: "expected false or nothing in securityContext.windowsOptions.hostProcess, found true",
        },
    ],
    good: [{ path, value: false }],
    unknownField: path,
});
