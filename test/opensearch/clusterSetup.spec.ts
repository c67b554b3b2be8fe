import * as assert from "node:assert/strict";
import { at, find } from "../support/plans";
import { type Settings, container, dataOf, hashOf, planned, pod, setting, setup, yml } from "./support/cluster";

const credentials = { secretName: "bucket-keys" };
const snapshots: NonNullable<Settings["snapshots"]> = {
    repositories: { nightly: { bucket: "backups", credentials } },
    egress: [{ to: [{ cidr: "10.9.0.0/16" }], ports: [{ port: 443 }] }],
};
describe("what else a cluster holds", () => {
    const policy = (name: string) => ({ name, patterns: [`${name}-*`], deleteAfter: "30d" });

    it("is the policies of the settings and of the systems", async () => {
        const { plan } = await planned({ settings: { lifecycle: [policy("own")] }, lifecycle: [policy("systems")] });
        assert.deepEqual(Object.keys(setup(plan)), ["policy-own.json", "policy-systems.json", "setup.sh"]);
    });

    it("is its repositories, with keys that only a Secret and the nodes' keystores hold", async () => {
        const nightly = {
            bucket: "backups",
            basePath: "search/dev",
            endpoint: "https://minio.example.com",
            region: "eu-west-1",
            pathStyle: true,
            credentials: { secretName: "bucket-keys", accessKeyKey: "id", secretKeyKey: "key" },
        };
        const { plan } = await planned({
            settings: { managers: {}, snapshots: { ...snapshots, repositories: { nightly } } },
        });
        assert.deepEqual(JSON.parse(String(setup(plan)["repository-nightly.json"])), {
            type: "s3",
            settings: { bucket: "backups", base_path: "search/dev", client: "nightly" },
        });
        assert.deepEqual(
            ["endpoint", "protocol", "region", "path_style_access"].map((key) =>
                setting(plan, `s3.client.nightly.${key}`),
            ),
            ["minio.example.com:443", "https", "eu-west-1", true],
        );
        for (const name of ["search-data", "search-manager"]) {
            const set = find(plan, "StatefulSet", name).inputs;
            assert.deepEqual(at(set, `${pod}.volumes[name=snapshots-nightly].secret`), {
                secretName: "bucket-keys",
                items: [
                    { key: "id", path: "access_key" },
                    { key: "key", path: "secret_key" },
                ],
            });
            assert.equal(at(set, `${container}.volumeMounts[name=snapshots-nightly].mountPath`), "/snapshots/nightly");
            assert.deepEqual(at(find(plan, "NetworkPolicy", `${name}-network`).inputs, "spec.egress[1]"), {
                to: [{ ipBlock: { cidr: "10.9.0.0/16" } }],
                ports: [{ protocol: "TCP", port: 443 }],
            });
        }
        assert.match(
            String(dataOf(plan, "ConfigMap", "search-scripts")["start.sh"]),
            /s3\.client\.nightly\.secret_key/,
        );
    });

    it("has defaults for a repository of Amazon's", async () => {
        const { plan } = await planned({ settings: { snapshots } });
        assert.deepEqual(
            Object.entries(yml(plan) as object).filter(([key]) => key.startsWith("s3.")),
            [["s3.client.nightly.path_style_access", false]],
        );
        const keys = at(find(plan, "StatefulSet").inputs, `${pod}.volumes[name=snapshots-nightly].secret.items`);
        assert.deepEqual(
            (keys as object[]).map((each) => at(each, "key")),
            ["accessKey", "secretKey"],
        );
    });

    it("rolls the nodes when the keys of a repository have changed", async () => {
        const rotated = { nightly: { bucket: "backups", credentials: { ...credentials, rotation: 1 } } };
        const before = (await planned({ settings: { snapshots } })).plan;
        const now = (await planned({ settings: { snapshots: { ...snapshots, repositories: rotated } } })).plan;
        assert.notEqual(hashOf(now, "StatefulSet"), hashOf(before, "StatefulSet"));
        assert.equal(hashOf(now, "Job"), hashOf(before, "Job"));
    });
});
