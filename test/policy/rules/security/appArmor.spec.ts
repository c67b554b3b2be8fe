import assert from "node:assert/strict";
import { appArmor } from "../../../../policy/rules/security/appArmor";
import { messagesOf, withField } from "../../support";
import { describePodRule, podLabel, secureSet } from "./support";

const path = ["securityContext", "appArmorProfile"];

describePodRule({
    rule: appArmor,
    of: "either",
    broken: [
        {
            path: [...path, "type"],
            value: "Unconfined",
            says: 'expected RuntimeDefault, Localhost or nothing in securityContext.appArmorProfile.type, found "Unconfined"',
        },
    ],
    good: ["RuntimeDefault", "Localhost"].map((type) => ({ path: [...path, "type"], value: type })),
    unknownField: path,
});

describe("annotations that rule security-app-armor reads", () => {
    const key = "container.apparmor.security.beta.kubernetes.io/broker";
    const annotated = (value: string) =>
        withField(secureSet(), ["spec", "template", "metadata", "annotations"], { [key]: value });

    for (const value of ["runtime/default", "localhost/kafka", ""]) {
        it(`may be ${JSON.stringify(value)}`, () => {
            assert.deepEqual(messagesOf(appArmor, annotated(value)), []);
        });
    }
    it("are never unconfined", () => {
        assert.deepEqual(messagesOf(appArmor, annotated("unconfined")), [
            `${podLabel}: expected runtime/default, localhost/… or nothing in annotation ${key}, found "unconfined"`,
        ]);
    });
});
