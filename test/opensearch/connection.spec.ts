import * as assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checked } from "../../components/foundation/faults";
import { portOf } from "../../components/foundation/values";
import { externalOpenSearch, type OpenSearchConnection } from "../../components/opensearch/connection";
import { externalOpenSearchSettings } from "../../components/opensearch/schema";
import { at, find, planOf } from "../support/plans";

const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const good = {
    kind: "external",
    nodes: ["https://a.example.com:9200", "https://b.example.com:9200", "https://c.example.com"],
    peers: [{ namespace: "stores" }],
};
const credentials = { namespace: "keys", secretName: "search" };

async function connected(given: object) {
    let connection: OpenSearchConnection | undefined;
    const secret: boolean[] = [];
    const plan = await planOf(async () => {
        connection = externalOpenSearch("search", externalOpenSearchSettings.parse({ ...good, ...given }), {});
        if (connection.credentials !== undefined) {
            const { username, password } = connection.credentials;
            new k8s.core.v1.Secret("copy", { metadata: { name: "copy" }, stringData: { username, password } });
            secret.push(await pulumi.isSecret(username), await pulumi.isSecret(password));
        }
    });
    assert.ok(connection !== undefined);
    return { plan, connection, secret };
}

describe("the port of a URL", () => {
    for (const [address, port] of [
        ["https://a", 443],
        ["http://a", 80],
        ["https://a:9200/x", 9200],
        ["http://[::1]:9200", 9200],
    ] as const) {
        it(`of ${address} is ${port}`, () => assert.equal(portOf(address), port));
    }
});

describe("an OpenSearch cluster that somebody else runs", () => {
    it("is reached at its nodes, on each of their ports once, without login by default", async () => {
        const { plan, connection } = await connected({});
        assert.deepEqual(connection, {
            nodes: good.nodes,
            flow: {
                peers: [{ namespace: "stores" }],
                ports: [
                    { port: 9200, protocol: "TCP" },
                    { port: 443, protocol: "TCP" },
                ],
            },
            singleNode: false,
        });
        assert.deepEqual(plan.resources, []);
    });

    it("hands on the certificate of its authority", async () => {
        assert.equal((await connected({ caCertificate: certificate })).connection.caCertificate, certificate);
    });

    it("has its login read from an existing Secret, and keeps it secret", async () => {
        const { plan, secret } = await connected({ credentials });
        const read = find(plan, "Secret", "search-credentials");
        assert.equal(read.read, true);
        assert.deepEqual([at(read.inputs, "metadata.namespace"), at(read.inputs, "metadata.name")], ["keys", "search"]);
        const copy = find(plan, "Secret", "copy");
        assert.deepEqual(secret, [true, true]);
        // Nobody knows them before a cluster is asked.
        assert.deepEqual(copy.computedPaths, ["stringData"]);
        assert.ok(copy.dependencies.includes(read.urn));
    });

    it("has its login under the usual keys, or others", () => {
        const { credentials: usual } = externalOpenSearchSettings.parse({ ...good, credentials });
        assert.deepEqual(usual, { ...credentials, usernameKey: "username", passwordKey: "password" });
        const other = { ...credentials, usernameKey: "user", passwordKey: "pass" };
        assert.deepEqual(externalOpenSearchSettings.parse({ ...good, credentials: other }).credentials, other);
    });

    for (const [what, given, expected] of [
        ["no nodes", { nodes: [] }, /nodes: expected at least 1 entries, found an empty list/],
        ["a node that is no URL", { nodes: ["a:9200"] }, /nodes\[0\]: expected an http or https URL, found "a:9200"/],
        ["nobody behind it", { peers: [] }, /peers: expected at least 1 entries/],
        ["no certificate", { caCertificate: "MIIB" }, /caCertificate: expected .*certificates? in PEM form/],
        [
            "a password in the clear",
            { nodes: ["http://a"], credentials },
            /nodes: expected https URLs, since a password goes there/,
        ],
    ] as const) {
        it(`is refused with ${what}`, () => {
            assert.throws(() => checked(externalOpenSearchSettings, "search", { ...good, ...given }), expected);
        });
    }
});
