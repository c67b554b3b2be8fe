import assert from "node:assert/strict";
import { z } from "zod";
import { terasliceSettings } from "../../components/teraslice/schema";
import { certificate, everything, faultsIn, s3 } from "./fixtures";

const connection = { endpoint: "https://s3.example.com", accessKeyId: "id", secretAccessKey: "key" };
const to443 = [{ to: [{ cidr: "192.0.2.0/24" }], ports: [{ port: 443 }] }];

describe("terasliceSettings", () => {
    it("accepts no setting at all, and every one", () => {
        assert.deepEqual(faultsIn({}), []);
        assert.deepEqual(faultsIn(everything), []);
        assert.deepEqual(faultsIn(s3), []);
    });

    it("gives the same when its own result is parsed again", () => {
        for (const settings of [{}, s3, everything]) {
            const once = terasliceSettings.parse(settings);
            assert.deepEqual(terasliceSettings.parse(once), once);
        }
    });

    it("describes every setting", () => {
        const undescribed: string[] = [];
        const visit = (schema: z.core.JSONSchema.BaseSchema, path: string) => {
            for (const [key, child] of Object.entries(schema.properties ?? {})) {
                const at = path === "" ? key : `${path}.${key}`;
                const own = child as z.core.JSONSchema.BaseSchema;
                // Peers, and the ports of egress, are described where they are defined.
                if (/^(clients|egress|metrics\.scrapers|jobDefaults\.externalPorts\[\]\.from)\[/.test(at)) {
                    continue;
                }
                if (own.description === undefined && own.const === undefined) {
                    undescribed.push(at);
                }
                visit(own, at);
                visit((own.items ?? {}) as z.core.JSONSchema.BaseSchema, `${at}[]`);
                visit((own.additionalProperties ?? {}) as z.core.JSONSchema.BaseSchema, `${at}.*`);
                for (const option of own.oneOf ?? own.anyOf ?? []) {
                    visit(option, at);
                }
            }
        };
        visit(z.toJSONSchema(terasliceSettings, { io: "input", unrepresentable: "any" }), "");
        assert.deepEqual(undescribed, []);
    });

    const refused: readonly (readonly [string, unknown, RegExp])[] = [
        ["an unknown key", { worker: {} }, /^: /],
        ["a name with capitals", { name: "Main" }, /^name: a cluster name of at most 53 characters/],
        ["a name that starts with _", { name: "_main" }, /^name: a cluster name/],
        ["a name that ends with .", { name: "main." }, /^name: a cluster name/],
        ["a name that is too long for a bucket", { name: "a".repeat(54) }, /^name: a cluster name/],
        ["a time without a unit", { timing: { slicerTimeout: 300000 } }, /^timing.slicerTimeout: a time with its unit/],
        [
            "a shutdown that Teraslice can't keep",
            { timing: { shutdownTimeout: "9s" } },
            /^timing.shutdownTimeout: at least 10s/,
        ],
        [
            "a shutdown in parts of a second",
            { timing: { shutdownTimeout: "10500ms" } },
            /^timing.shutdownTimeout: whole seconds/,
        ],
        ["spread, for one replica", { spread: { hosts: "required" } }, /^: /],
        ["a bucket without S3", { assetStorage: { type: "opensearch", bucket: "b" } }, /^assetStorage: /],
        ["an asset storage that there is not", { assetStorage: { type: "hdfs" } }, /^assetStorage(\.type)?: /],
        ["a bad bucket", { ...s3, assetStorage: { type: "s3", bucket: "No" } }, /^assetStorage.bucket: a bucket name/],
        [
            "a shared volume of the default class",
            { sharedAssets: { size: "1Gi" } },
            /^sharedAssets: either a storageClass or an existingClaim that is ReadWriteMany/,
        ],
        [
            "a shared volume new and existing",
            { sharedAssets: { storageClass: "nfs", existingClaim: "a" } },
            /^sharedAssets: either/,
        ],
        [
            "metrics on the API's port",
            { metrics: { port: 5678 } },
            /^metrics.port: a port other than 5678, 45679 and 45680/,
        ],
    ];
    for (const [what, settings, expected] of refused) {
        it(`refuses ${what}`, () => {
            const faults = faultsIn(settings);
            assert.equal(faults.length, 1, faults.join("\n"));
            assert.match(faults[0]!, expected);
        });
    }

    it("never deletes an index that is still written", () => {
        const faulty = (index: object) => faultsIn({ indices: { state: index } }).length;
        for (const [rollover, shortest, tooShort] of [
            ["daily", "2d", "47h"],
            ["monthly", "62d", "61d"],
            ["yearly", "732d", "731d"],
        ] as const) {
            assert.equal(faulty({ rollover, retention: shortest }), 0, shortest);
            assert.equal(faulty({ rollover, retention: tooShort }), 1, tooShort);
        }
    });

    it("wants no certificate text that is none", () => {
        assert.equal(
            faultsIn({ egress: to443, connectors: { s3: { a: { ...connection, caCertificate: "x" } } } }).length,
            1,
        );
        assert.equal(
            faultsIn({ egress: to443, connectors: { s3: { a: { ...connection, caCertificate: certificate } } } })
                .length,
            0,
        );
    });
});
