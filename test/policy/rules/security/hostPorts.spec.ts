import { hostPorts } from "../../../../policy/rules/security/hostPorts";
import { describePodRule } from "./support";

describePodRule({
    rule: hostPorts,
    of: "container",
    broken: [
        {
            path: ["ports"],
            value: [{ containerPort: 9092 }, { containerPort: 9093, hostPort: 9093 }],
            says: "expected nothing in ports[1].hostPort, found 9093",
        },
    ],
    good: [{ path: ["ports"], value: [{ containerPort: 9092, hostPort: 0 }] }],
    unknownField: ["ports"],
});
