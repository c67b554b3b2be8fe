import assert from "node:assert/strict";
import { viewOf } from "../../../policy/views/view";

const view = (type: string, inputs: Record<string, unknown> = {}) => viewOf({ urn: "urn", type, name: "a", inputs });

describe("view", () => {
    for (const [type, kind, apiVersion] of [
        ["kubernetes:core/v1:Service", "Service", "v1"],
        ["kubernetes:apps/v1:StatefulSet", "StatefulSet", "apps/v1"],
        ["kubernetes:rbac.authorization.k8s.io/v1:Role", "Role", "rbac.authorization.k8s.io/v1"],
        [
            "kubernetes:sparkoperator.k8s.io/v1beta2:SparkApplication",
            "SparkApplication",
            "sparkoperator.k8s.io/v1beta2",
        ],
    ] as const) {
        it(`sees ${type}`, () => {
            const seen = view(type, { metadata: { name: "x" } })!;
            assert.deepEqual(
                [seen.kind, seen.apiVersion, seen.patch, seen.metadata.name],
                [kind, apiVersion, false, "x"],
            );
        });
    }

    it("sees a patch as the kind that it changes", () => {
        const seen = view("kubernetes:core/v1:ServicePatch", { kind: "Service" })!;
        assert.deepEqual([seen.kind, seen.patch], ["Service", true]);
    });

    it("does not take a kind that ends in Patch for a patch", () => {
        const seen = view("kubernetes:example.com/v1:ConfigPatch", { kind: "ConfigPatch" })!;
        assert.deepEqual([seen.kind, seen.patch], ["ConfigPatch", false]);
    });

    for (const type of [
        "data-platform:kafka:Kafka",
        "pulumi:pulumi:Stack",
        "pulumi:providers:kubernetes",
        "random:index/randomPassword:RandomPassword",
        "kubernetes:helm.sh/v3:Release",
        "kubernetes:helm.sh/v4:Chart",
        "kubernetes:yaml/v2:ConfigFile",
        "kubernetes:kustomize/v2:Directory",
    ]) {
        it(`does not see ${type}`, () => {
            assert.equal(view(type, { metadata: { name: "x" } }), undefined);
        });
    }

    it("does not see a list, whose items are other resources", () => {
        assert.equal(view("kubernetes:core/v1:ConfigMapList", { kind: "ConfigMapList", items: [] }), undefined);
    });
});
