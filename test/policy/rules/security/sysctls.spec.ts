import assert from "node:assert/strict";
import { sysctls } from "../../../../policy/rules/security/sysctls";
import { messagesOf, withField } from "../../support";
import { describePodRule, podSpec, secureSet } from "./support";

const path = ["securityContext", "sysctls"];
const somaxconn = [{ name: "net.core.somaxconn", value: "1024" }];

describePodRule({
    rule: sysctls,
    of: "pod",
    broken: [
        {
            path,
            value: [{ name: "net.ipv4.tcp_syncookies", value: "1" }, ...somaxconn],
            says: 'expected a parameter of the pod alone in securityContext.sysctls[1], found "net.core.somaxconn"',
        },
    ],
    good: [{ path, value: [{ name: "net.ipv4.tcp_rmem", value: "4096 87380 16777216" }] }],
    unknownField: path,
});

describe("settings of rule security-sysctls", () => {
    it("name the parameters", () => {
        const set = withField(secureSet(), [...podSpec, ...path], somaxconn);
        assert.deepEqual(messagesOf(sysctls, set, { allowed: ["net.core.somaxconn"] }), []);
    });
});
