import { hostHandlers } from "../../../../policy/rules/security/hostHandlers";
import { describePodRule } from "./support";

const handlers = [
    ["livenessProbe"],
    ["readinessProbe"],
    ["startupProbe"],
    ["lifecycle", "postStart"],
    ["lifecycle", "preStop"],
];
const actions = ["httpGet", "tcpSocket"];

describePodRule({
    rule: hostHandlers,
    of: "container",
    broken: handlers.flatMap((handler) =>
        actions.map((action) => ({
            path: [...handler, action],
            value: { port: 80, host: "10.0.0.1" },
            says: `expected nothing in ${handler.join(".")}.${action}.host, found "10.0.0.1"`,
        })),
    ),
    good: [
        { path: ["livenessProbe"], value: { httpGet: { port: 80, host: "" }, tcpSocket: { port: 1 } } },
        { path: ["livenessProbe"], value: { exec: { command: ["true"] } } },
    ],
    unknownField: ["livenessProbe"],
});
