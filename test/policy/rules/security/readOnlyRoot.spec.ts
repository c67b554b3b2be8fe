import { readOnlyRoot } from "../../../../policy/rules/security/readOnlyRoot";
import { describePodRule } from "./support";

const path = ["securityContext", "readOnlyRootFilesystem"];
const expected = "expected true in securityContext.readOnlyRootFilesystem";

describePodRule({
    rule: readOnlyRoot,
    of: "container",
    broken: [
        { path, value: false, says: `${expected}, found false` },
        { path, value: undefined, says: `${expected}, found nothing` },
    ],
    unknownField: path,
    requires: 1,
});
