import assert from "node:assert/strict";
import { serviceLinks } from "../../../../policy/rules/security/serviceLinks";
import { messagesOf, object } from "../../support";
import { describePodRule } from "./support";

const path = ["enableServiceLinks"];
const expected = "expected false in enableServiceLinks";

describePodRule({
    rule: serviceLinks,
    of: "pod",
    broken: [
        { path, value: true, says: `${expected}, found true` },
        { path, value: undefined, says: `${expected}, found nothing` },
    ],
    unknownField: path,
    requires: 1,
});

describe("settings of rule security-service-links", () => {
    it("name kinds that have no such field", () => {
        const redis = object("redis.redis.opstreelabs.in/v1beta2", "RedisSentinel", { kubernetesConfig: {} });
        assert.deepEqual(messagesOf(serviceLinks, redis), []);
        assert.equal(messagesOf(serviceLinks, redis, { without: [] }).length, 1);
    });
});
