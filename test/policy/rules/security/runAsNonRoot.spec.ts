import assert from "node:assert/strict";
import { runAsNonRoot } from "../../../../policy/rules/security/runAsNonRoot";
import { messagesOf, withField } from "../../support";
import { containerLabel, describePodRule, podSpec, secureSet } from "./support";

const path = ["securityContext", "runAsNonRoot"];
const expected = "expected true in securityContext.runAsNonRoot";

describePodRule({
    rule: runAsNonRoot,
    of: "either",
    broken: [
        { path, value: false, says: `${expected}, found false` },
        {
            path: ["securityContext", "runAsUser"],
            value: 0,
            says: "expected a user that is not root in securityContext.runAsUser, found 0",
        },
    ],
    unknownField: path,
    requires: 1,
});

describe("where rule security-run-as-non-root looks", () => {
    const container = [...podSpec, "containers", 0, ...path];

    it("takes the pod's value for containers that say nothing, and the other way round", () => {
        assert.deepEqual(messagesOf(runAsNonRoot, withField(secureSet(), container, undefined)), []);
        assert.deepEqual(messagesOf(runAsNonRoot, withField(secureSet(), [...podSpec, ...path], undefined)), []);
    });

    it("asks for one of both", () => {
        const neither = withField(withField(secureSet(), container, undefined), [...podSpec, ...path], undefined);
        assert.deepEqual(messagesOf(runAsNonRoot, neither), [`${containerLabel}: ${expected}, found nothing`]);
    });
});
