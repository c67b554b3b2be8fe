import * as assert from "node:assert/strict";
import { CommandError } from "../../../bin/commandError";
import { beforeDestroy } from "../../../bin/engine/consumers";
import { configOf } from "../../support/stackFiles";

const file = (sections: string): string =>
    `config:\n  environment: { name: base, owner: o, tier: development }\n${sections}`;
const shared = file("  cluster: { context: here }\n  sharing: {}\n");
const entry = { stack: "team", environment: "team", owner: "o", uses: ["zookeeper"] };

describe("a destroy through the wrapper", () => {
    it("refuses while other stacks use what this one shares", async () => {
        const refused = beforeDestroy(configOf(shared), (access, environment) => {
            assert.deepEqual([access, environment], [{ context: "here" }, "base"]);
            return Promise.resolve([entry]);
        });
        await assert.rejects(refused, (error) => {
            assert.ok(error instanceof CommandError);
            assert.match(error.message, /use what base shares; nothing was changed:\n {2}team .* uses zookeeper\n/);
            return true;
        });
    });

    it("passes without consumers, and refuses where they can't be listed", async () => {
        assert.equal(await beforeDestroy(configOf(shared), () => Promise.resolve([])), undefined);
        const unknown = beforeDestroy(configOf(shared), () => Promise.reject(new Error("can't be listed")));
        await assert.rejects(unknown, CommandError);
    });

    it("asks nobody for a stack that shares nothing, and says so where it can't ask", async () => {
        const asked = () => Promise.reject(new Error("asked"));
        assert.equal(await beforeDestroy(configOf(file("  cluster: { context: here }\n")), asked), undefined);
        const encrypted = file("  cluster: { kubeconfig: { secure: AAABAcipher } }\n  sharing: {}\n");
        assert.match((await beforeDestroy(configOf(encrypted), asked)) ?? "", /kubeconfig is encrypted/);
    });
});
