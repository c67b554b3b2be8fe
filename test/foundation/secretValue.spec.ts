import * as assert from "node:assert/strict";
import { inspect } from "node:util";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { SecretValue } from "../../components/foundation/secretValue";
import { find, planOf } from "../support/plans";

const hunter = new SecretValue("hunter2", true);

describe("SecretValue", () => {
    for (const [how, shown] of [
        ["String()", String(hunter)],
        ["a template literal", `<${hunter as unknown as string}>`.slice(1, -1)],
        ["concatenation", "".concat(hunter as unknown as string)],
        ["JSON", JSON.parse(JSON.stringify(hunter)) as unknown],
        ["util.inspect", inspect(hunter)],
    ] as const) {
        it(`shows [secret] by ${how}`, () => assert.equal(shown, "[secret]"));
    }

    it("stays hidden inside of what is printed", () => {
        const holder = { deep: [{ password: hunter }] };
        assert.equal(JSON.stringify(holder), '{"deep":[{"password":"[secret]"}]}');
        assert.equal(inspect(holder, { depth: 9, showHidden: true }).includes("hunter2"), false);
        assert.deepEqual(Object.values(hunter), [true]);
    });

    it("gives the value away on demand only", () => {
        assert.equal(hunter.reveal(), "hunter2");
        assert.equal(hunter.encrypted, true);
    });

    it("becomes a secret Output", async () => {
        assert.equal(await pulumi.isSecret(hunter.output()), true);
    });

    it("reaches a resource as a Pulumi secret", async () => {
        const plan = await planOf(
            () => new k8s.core.v1.Secret("s", { metadata: { name: "s" }, stringData: { password: hunter.output() } }),
        );
        const secret = find(plan, "Secret");
        assert.deepEqual(secret.secretPaths, ["stringData.password"]);
        assert.equal(JSON.stringify(plan).includes("hunter2"), false);
    });

    it("keeps its field's form when redacted, not its value", () => {
        const redacted = hunter.redacted();
        assert.equal(redacted.reveal(), "<secret>");
        assert.equal(redacted.encrypted, true);
        assert.equal(new SecretValue("x", false).redacted().encrypted, false);
        assert.equal(hunter.reveal(), "hunter2");
    });
});
