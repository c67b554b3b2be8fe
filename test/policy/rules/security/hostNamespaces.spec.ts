import { hostNamespaces } from "../../../../policy/rules/security/hostNamespaces";
import { describePodRule } from "./support";

const keys = ["hostNetwork", "hostPID", "hostIPC"];

describePodRule({
    rule: hostNamespaces,
    of: "pod",
    broken: keys.map((key) => ({ path: [key], value: true, says: `expected false or nothing in ${key}, found true` })),
    good: keys.map((key) => ({ path: [key], value: false })),
    unknownField: ["hostNetwork"],
});
