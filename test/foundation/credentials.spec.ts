import * as assert from "node:assert/strict";
import { generatedPassword, loginSettings } from "../../components/foundation/credentials";
import { faultsOf, formatFault } from "../../components/foundation/faults";
import { at, find, planOf } from "../support/plans";

describe("a generated password", () => {
    const planned = (rotation: number) => planOf(() => generatedPassword("admin", { rotation }, {}));

    it("is long, and safe in URLs, shell lines and YAML", async () => {
        const { inputs } = find(await planned(0), "RandomPassword");
        assert.equal(at(inputs, "length"), 32);
        assert.equal(at(inputs, "special"), false);
    });

    it("is renewed by its counter, in place of the old one", async () => {
        const [before, after] = await Promise.all([planned(0), planned(1)]);
        const found = [before, after].map((plan) => find(plan, "RandomPassword"));
        assert.deepEqual(
            found.map(({ inputs }) => at(inputs, "keepers")),
            [{ rotation: "0" }, { rotation: "1" }],
        );
        assert.equal(found[0]?.urn, found[1]?.urn);
    });

    it("has no value that a plan shows", async () => {
        const values: string[] = [];
        await planOf(() => {
            const { password, bcryptHash } = generatedPassword("admin", { rotation: 0 }, {});
            for (const each of [password, bcryptHash]) {
                each.apply((value) => values.push(value));
            }
        });
        assert.deepEqual(values, ["<secret>", "<secret>"]);
    });
});

describe("the settings of a login", () => {
    const schema = loginSettings({ username: "admin" });

    it("are a generated one by default", () => {
        const parsed = schema.parse(undefined);
        assert.deepEqual(parsed, { kind: "generated", username: "admin", rotation: 0 });
        assert.deepEqual(schema.parse(parsed), parsed);
    });

    it("may name a Secret that exists", () => {
        assert.deepEqual(schema.parse({ kind: "existing", secretName: "login" }), {
            kind: "existing",
            secretName: "login",
            usernameKey: "username",
            passwordKey: "password",
            rotation: 0,
        });
    });

    const broken: readonly (readonly [object, string])[] = [
        [{ kind: "plain" }, 'kind: expected generated | existing, found "plain"'],
        [
            { kind: "generated", username: "two words" },
            'username: expected a user name: at most 63 letters, digits, ., _ and -, not first, found "two words"',
        ],
        [{ kind: "existing" }, "secretName: expected a DNS name"],
        [{ kind: "generated", rotation: -1 }, "rotation: expected a whole number from 0 to 1000000, found -1"],
        [{ kind: "generated", password: "hunter2" }, "password: expected one of the known keys"],
    ];
    for (const [input, line] of broken) {
        it(`are not ${JSON.stringify(input)}`, () => {
            const result = schema.safeParse(input);
            assert.ok(!result.success);
            const lines = faultsOf(result.error, input).map(formatFault);
            assert.equal(lines.length, 1);
            assert.ok(lines[0]?.startsWith(line), lines[0]);
            assert.doesNotMatch(lines.join(), /hunter2/);
        });
    }
});
