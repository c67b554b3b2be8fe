import assert from "node:assert/strict";
import { seccomp } from "../../../../policy/rules/security/seccomp";
import { messagesOf, withField } from "../../support";
import { containerLabel, describePodRule, podSpec, secureSet } from "./support";

const path = ["securityContext", "seccompProfile"];
const expected = "expected RuntimeDefault or Localhost in securityContext.seccompProfile.type";

describePodRule({
    rule: seccomp,
    of: "either",
    broken: [{ path: [...path, "type"], value: "Unconfined", says: `${expected}, found "Unconfined"` }],
    good: [{ path, value: { type: "Localhost", localhostProfile: "a.json" } }],
    unknownField: path,
    requires: 1,
});

describe("where rule security-seccomp looks", () => {
    it("asks each container of a pod that sets none", () => {
        const set = withField(secureSet(), [...podSpec, ...path], undefined);
        assert.deepEqual(messagesOf(seccomp, set), [`${containerLabel}: ${expected}, found nothing`]);
        const own = withField(set, [...podSpec, "containers", 0, ...path, "type"], "RuntimeDefault");
        assert.deepEqual(messagesOf(seccomp, own), []);
    });
});
