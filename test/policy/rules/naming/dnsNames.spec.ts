import assert from "node:assert/strict";
import { dnsNames } from "../../../../policy/rules/naming/dnsNames";
import { judge, messagesOf, object, unknown, withField } from "../../support";

const named = (apiVersion: string, kind: string, name: unknown) =>
    withField(object(apiVersion, kind), ["metadata", "name"], name);

describe("rule naming-dns-names", () => {
    const good: [string, string, string][] = [
        ["v1", "ConfigMap", "a.b-c.0"],
        ["v1", "ConfigMap", "a".repeat(253)],
        ["v1", "Namespace", "0dev"],
        ["v1", "Service", "a".repeat(63)],
        ["batch/v1", "CronJob", "a".repeat(52)],
        ["batch/v1", "Job", "a".repeat(63)],
        ["rbac.authorization.k8s.io/v1", "Role", "system:Reader"],
        ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "system:kube-dns"],
        ["sparkoperator.k8s.io/v1beta2", "SparkApplication", "spark.pi"],
    ];
    for (const [apiVersion, kind, name] of good) {
        it(`accepts ${kind} ${name.slice(0, 20)} of ${name.length} characters`, () => {
            assert.deepEqual(messagesOf(dnsNames, named(apiVersion, kind, name)), []);
        });
    }

    const bad: [string, string, unknown, RegExp][] = [
        ["v1", "ConfigMap", "Upper", /^ConfigMap metadata.name: expected an RFC 1123 subdomain .*found "Upper"$/],
        ["v1", "ConfigMap", "under_score", /RFC 1123 subdomain/],
        ["v1", "ConfigMap", "-a", /RFC 1123 subdomain/],
        ["v1", "ConfigMap", "a.", /RFC 1123 subdomain/],
        ["v1", "ConfigMap", "", /RFC 1123 subdomain/],
        ["v1", "ConfigMap", 7, /found 7$/],
        ["v1", "ConfigMap", "a".repeat(254), /at most 253/],
        ["v1", "Namespace", "a.b", /RFC 1123 label/],
        ["v1", "Namespace", "a".repeat(64), /at most 63/],
        ["v1", "Service", "0kafka", /RFC 1035 label/],
        ["v1", "Service", "a.b", /RFC 1035 label/],
        ["v1", "Service", "a".repeat(64), /at most 63/],
        ["batch/v1", "CronJob", "a".repeat(53), /at most 52/],
        ["batch/v1", "Job", "a".repeat(64), /at most 63/],
        ["rbac.authorization.k8s.io/v1", "Role", "a/b", /path segment/],
        ["rbac.authorization.k8s.io/v1", "Role", "..", /path segment/],
    ];
    for (const [apiVersion, kind, name, message] of bad) {
        it(`refuses ${kind} ${JSON.stringify(name).slice(0, 20)}`, () => {
            const messages = messagesOf(dnsNames, named(apiVersion, kind, name));
            assert.equal(messages.length, 1);
            assert.match(messages[0]!, message);
        });
    }

    it("leaves a missing name to naming-explicit-names", () => {
        assert.deepEqual(messagesOf(dnsNames, named("v1", "Secret", undefined)), []);
        assert.deepEqual(messagesOf(dnsNames, { apiVersion: "v1", kind: "Secret" }), []);
    });

    it("says that an unknown name can't be judged, and needs nothing else", () => {
        assert.equal(judge(dnsNames, named("v1", "Secret", unknown)).unknowns.length, 1);
        const others = withField(object("v1", "Service", { selector: unknown }), ["metadata", "labels"], unknown);
        assert.deepEqual(judge(dnsNames, others), { messages: [], unknowns: [] });
    });
});
