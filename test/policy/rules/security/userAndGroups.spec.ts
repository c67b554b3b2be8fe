import assert from "node:assert/strict";
import { userAndGroups } from "../../../../policy/rules/security/userAndGroups";
import { messagesOf, withField } from "../../support";
import { containerLabel, describePodRule, podLabel, podSpec, secureSet } from "./support";

const context = [...podSpec, "securityContext"];
const group = "a group that is not root's in securityContext";

describePodRule({
    rule: userAndGroups,
    of: "either",
    broken: [
        {
            path: ["securityContext", "runAsGroup"],
            value: 0,
            says: `expected ${group}.runAsGroup, found 0`,
        },
        {
            path: ["securityContext", "runAsUser"],
            value: "kafka",
            says: 'expected a numeric user in securityContext.runAsUser, found "kafka"',
        },
    ],
    unknownField: ["securityContext", "runAsGroup"],
    requires: 3,
});

describe("what rule security-user-and-groups requires", () => {
    const missing = [
        ["runAsUser", `${containerLabel}: expected a numeric user in securityContext.runAsUser`],
        ["runAsGroup", `${containerLabel}: expected ${group}.runAsGroup`],
        ["fsGroup", `${podLabel}: expected ${group}.fsGroup`],
    ] as const;
    for (const [key, message] of missing) {
        const set = withField(secureSet(), [...context, key], undefined);
        it(`is ${key}`, () => {
            assert.deepEqual(messagesOf(userAndGroups, set), [`${message}, found nothing`]);
        });
        it(`is not ${key} where the stack does not want it`, () => {
            const required = missing.map(([other]) => other).filter((other) => other !== key);
            assert.deepEqual(messagesOf(userAndGroups, set, { required }), []);
        });
    }

    for (const [key, value] of [
        ["fsGroup", 0],
        ["supplementalGroups", [0]],
    ] as const) {
        it(`is never root's group in ${key}`, () => {
            const set = withField(secureSet(), [...context, key], value);
            assert.deepEqual(messagesOf(userAndGroups, set, { required: [] }), [
                `${podLabel}: expected ${group}.${key}, found 0`,
            ]);
        });
    }

    it("is none of supplementalGroups", () => {
        assert.deepEqual(
            messagesOf(userAndGroups, withField(secureSet(), [...context, "supplementalGroups"], [5])),
            [],
        );
    });
});
