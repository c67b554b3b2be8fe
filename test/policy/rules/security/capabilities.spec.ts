import assert from "node:assert/strict";
import { capabilities } from "../../../../policy/rules/security/capabilities";
import { messagesOf, withField } from "../../support";
import { containerLabel, describePodRule, podSpec, secureSet } from "./support";

const path = ["securityContext", "capabilities"];
const dropped = "expected ALL in securityContext.capabilities.drop";
const added = "expected none but NET_BIND_SERVICE in securityContext.capabilities.add";

describePodRule({
    rule: capabilities,
    of: "container",
    broken: [
        { path: [...path, "add"], value: ["IPC_LOCK"], says: `${added}, found "IPC_LOCK"` },
        { path: [...path, "drop"], value: ["NET_RAW"], says: `${dropped}, found "NET_RAW"` },
        { path: [...path, "drop"], value: undefined, says: `${dropped}, found nothing` },
        { path, value: undefined, says: `${dropped}, found nothing` },
    ],
    good: [{ path: [...path, "add"], value: ["NET_BIND_SERVICE"] }],
    unknownField: path,
    requires: 1,
});

describe("settings of rule security-capabilities", () => {
    const set = withField(secureSet(), [...podSpec, "containers", 0, ...path, "add"], ["IPC_LOCK"]);

    it("allow more to a system, or to one part of it", () => {
        for (const key of ["kafka", "kafka/broker"]) {
            assert.deepEqual(messagesOf(capabilities, set, { more: { [key]: ["IPC_LOCK"] } }), []);
        }
        for (const key of ["cassandra", "kafka/controller"]) {
            assert.equal(messagesOf(capabilities, set, { more: { [key]: ["IPC_LOCK"] } }).length, 1);
        }
    });

    it("allow more or less to everybody", () => {
        assert.deepEqual(messagesOf(capabilities, set, { allowed: ["IPC_LOCK"] }), []);
        assert.deepEqual(messagesOf(capabilities, set, { allowed: [] }), [
            `${containerLabel}: expected none in securityContext.capabilities.add, found "IPC_LOCK"`,
        ]);
    });
});
