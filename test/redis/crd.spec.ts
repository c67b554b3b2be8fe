import * as assert from "node:assert/strict";
import { crdFaults, crdsMissing } from "../operator/crdSchema";
import { all } from "../support/plans";
import { cluster, type Overrides, planned } from "./fixtures";

const everything = {
    targets: "stateful",
    priority: "high",
    storageClass: "fast",
    tls: { kind: "encrypted" },
    spread: { hosts: "required", zones: "required" },
} as const;

const table: readonly (readonly [string, Overrides])[] = [
    ["a replication with its defaults", {}],
    ["a replication with everything", { settings: everything, foundation: { images: { pullSecrets: ["pull"] } } }],
    ["a single member", { settings: { size: 1, sentinel: { kind: "none" }, password: { kind: "none" } } }],
    ["a cluster with its defaults", { settings: cluster }],
    ["a cluster with everything", { settings: { ...everything, ...cluster, followersPerLeader: 2 } }],
];

describe("The resources of Redis by their definitions", function () {
    // The definitions are large.
    this.timeout(60_000);

    before(function () {
        if (crdsMissing !== undefined) {
            console.log(`      skipped: ${crdsMissing}`);
            this.skip();
        }
    });

    for (const [what, overrides] of table) {
        it(`has no fault in ${what} [redis-P18]`, async () => {
            const { plan } = await planned(overrides);
            const made = ["RedisReplication", "RedisSentinel", "RedisCluster"].flatMap((kind) => all(plan, kind));
            assert.ok(made.length > 0);
            for (const { inputs } of made) {
                assert.deepEqual(crdFaults("redis-operator-v0.26.yaml", inputs), []);
            }
        });
    }
});
