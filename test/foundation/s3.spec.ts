import * as assert from "node:assert/strict";
import { faultsOf, formatFault } from "../../components/foundation/faults";
import { accessKeySettings, packagePrefix } from "../../components/foundation/s3";
import { settings } from "../../components/foundation/values";

describe("the settings of a store with S3's protocol", () => {
    const schema = settings({ credentials: accessKeySettings("the namespace"), pathPrefix: packagePrefix("packages") });

    it("have the keys of a Secret that AWS's own variables name, and the given prefix, by default", () => {
        assert.deepEqual(schema.parse({ credentials: { secretName: "bucket" } }), {
            credentials: {
                secretName: "bucket",
                accessKeyIdKey: "AWS_ACCESS_KEY_ID",
                secretAccessKeyKey: "AWS_SECRET_ACCESS_KEY",
            },
            pathPrefix: "packages",
        });
    });

    it("say where the Secret is, and which prefix is the default", () => {
        const { credentials, pathPrefix } = schema.shape;
        assert.equal(credentials.shape.secretName.description, "Name of a Secret that exists in the namespace.");
        assert.match(pathPrefix.description ?? "", /Default packages\.$/);
    });

    it("take a prefix of several parts", () => {
        const given = { credentials: { secretName: "bucket" }, pathPrefix: "team-a/v1.0/jobs_x" };
        assert.equal(schema.parse(given).pathPrefix, given.pathPrefix);
    });

    for (const pathPrefix of ["", "/a", "a/", "a//b", "a b", "ä", "a".repeat(201)]) {
        it(`take no prefix ${JSON.stringify(pathPrefix.slice(0, 9))}`, () => {
            const input = { credentials: { secretName: "bucket" }, pathPrefix };
            const result = schema.safeParse(input);
            assert.ok(!result.success);
            const [fault, ...others] = faultsOf(result.error, input).map(formatFault);
            assert.match(fault ?? "", /^pathPrefix: expected parts of letters, digits, \., _ and -, joined by \//);
            assert.deepEqual(others, []);
        });
    }
});
