import assert from "node:assert/strict";
import { broadSubjects } from "../../../../policy/rules/security/broadSubjects";
import { judge, messagesOf, object, unknown } from "../../support";
import { binding } from "./support";

const subject = (kind: string, name: unknown) => ({ kind, name });

describe("rule security-broad-subjects", () => {
    it("accepts certain people and accounts", () => {
        const account = { ...subject("ServiceAccount", "system:masters"), namespace: "dev" };
        assert.deepEqual(messagesOf(broadSubjects, binding([subject("Group", "research"), account])), []);
    });

    for (const [kind, name] of [
        ["Group", "system:masters"],
        ["Group", "system:authenticated"],
        ["Group", "system:unauthenticated"],
        ["Group", "system:serviceaccounts"],
        ["Group", "system:serviceaccounts:dev-kafka"],
        ["User", "system:anonymous"],
    ] as const) {
        it(`refuses ${kind} ${name}`, () => {
            assert.deepEqual(messagesOf(broadSubjects, binding([subject("Group", "research"), subject(kind, name)])), [
                `RoleBinding subjects[1]: expected certain accounts or people, found "${kind} ${name}"`,
            ]);
        });
    }

    it("refuses the names that the stack gives", () => {
        const research = binding([subject("Group", "research")]);
        assert.equal(messagesOf(broadSubjects, research, { names: ["res*"] }).length, 1);
    });

    it("does not judge a name that is not known yet, and nothing but bindings", () => {
        assert.equal(judge(broadSubjects, binding([subject("Group", unknown)])).unknowns.length, 1);
        assert.deepEqual(messagesOf(broadSubjects, object("v1", "ConfigMap")), []);
    });
});
