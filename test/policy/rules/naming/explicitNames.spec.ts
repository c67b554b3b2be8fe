import assert from "node:assert/strict";
import { explicitNames } from "../../../../policy/rules/naming/explicitNames";
import { judge, messagesOf, object, unknown, withField } from "../../support";

const kinds: [string, string][] = [
    ["v1", "ConfigMap"],
    ["v1", "Namespace"],
    ["v1", "PersistentVolumeClaim"],
    ["v1", "Secret"],
    ["v1", "Service"],
    ["v1", "ServiceAccount"],
    ["apps/v1", "DaemonSet"],
    ["apps/v1", "Deployment"],
    ["apps/v1", "StatefulSet"],
    ["batch/v1", "CronJob"],
    ["rbac.authorization.k8s.io/v1", "ClusterRole"],
    ["rbac.authorization.k8s.io/v1", "Role"],
    ["scheduling.k8s.io/v1", "PriorityClass"],
    ["storage.k8s.io/v1", "StorageClass"],
];

describe("rule naming-explicit-names", () => {
    for (const [apiVersion, kind] of kinds) {
        it(`asks ${kind} for a name`, () => {
            const named = object(apiVersion, kind);
            assert.deepEqual(messagesOf(explicitNames, named), []);
            assert.deepEqual(messagesOf(explicitNames, withField(named, ["metadata", "name"], undefined)), [
                `${kind} metadata.name: expected an explicit name, found nothing`,
            ]);
        });
    }

    it("knows a name that the provider made up", () => {
        const secret = withField(object("v1", "Secret"), ["metadata", "annotations"], {
            "pulumi.com/autonamed": "true",
        });
        assert.deepEqual(messagesOf(explicitNames, secret), [
            'Secret metadata.name: expected an explicit name, found "events (generated)"',
        ]);
    });

    it("takes an empty name, no metadata and generateName for no name", () => {
        assert.equal(messagesOf(explicitNames, withField(object("v1", "Secret"), ["metadata", "name"], "")).length, 1);
        assert.equal(messagesOf(explicitNames, { apiVersion: "v1", kind: "Secret" }).length, 1);
        assert.equal(
            messagesOf(explicitNames, { apiVersion: "v1", kind: "Secret", metadata: { generateName: "a-" } }).length,
            1,
        );
    });

    it("asks only the kinds that are set, and no patch", () => {
        const job = { apiVersion: "batch/v1", kind: "Job" };
        assert.deepEqual(messagesOf(explicitNames, job), []);
        assert.equal(messagesOf(explicitNames, job, { kinds: ["Job"] }).length, 1);
        const patch = { apiVersion: "v1", kind: "Service" };
        assert.deepEqual(messagesOf(explicitNames, patch, {}, "kubernetes:core/v1:ServicePatch"), []);
    });

    it("says that an unknown name can't be judged, and needs no other metadata", () => {
        const secret = withField(object("v1", "Secret"), ["metadata", "name"], unknown);
        assert.equal(judge(explicitNames, secret).unknowns.length, 1);
        const labels = withField(object("v1", "Secret"), ["metadata", "labels"], unknown);
        assert.deepEqual(judge(explicitNames, labels), { messages: [], unknowns: [] });
    });
});
