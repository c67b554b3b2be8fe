import { sharedProcessNamespace } from "../../../../policy/rules/security/sharedProcessNamespace";
import { describePodRule } from "./support";

const path = ["shareProcessNamespace"];

describePodRule({
    rule: sharedProcessNamespace,
    of: "pod",
    broken: [{ path, value: true, says: "expected false or nothing in shareProcessNamespace, found true" }],
    good: [{ path, value: false }],
    unknownField: path,
});
