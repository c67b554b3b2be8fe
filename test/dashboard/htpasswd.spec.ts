import * as assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { bcryptSalt, htpasswdLine } from "../../components/dashboard/htpasswd";

describe("a line of the password file", () => {
    it("is the salted hash, then the salt", () => {
        const [user, scheme, encoded] = /^(\w+):(\{SSHA\})(\S+)\n$/
            .exec(htpasswdLine("jo", "secret", "salt"))!
            .slice(1);
        const bytes = Buffer.from(encoded!, "base64");
        assert.deepEqual([user, scheme], ["jo", "{SSHA}"]);
        assert.deepEqual(bytes.subarray(0, 20), createHash("sha1").update("secretsalt").digest());
        assert.equal(bytes.subarray(20).toString(), "salt");
    });

    it("takes the salt of the password's bcrypt hash", () => {
        assert.equal(
            bcryptSalt("$2b$10$iUz8GuIIy7tkUy0XhoF7fekskJQAFUtAH2ts6pvlHO.HwCgJ3AKQO"),
            "iUz8GuIIy7tkUy0XhoF7fe",
        );
    });
});
