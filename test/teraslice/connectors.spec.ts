import assert from "node:assert/strict";
import { connectorSettings } from "../../components/teraslice/connectors";
import { certificate } from "./fixtures";

const faults = (connectors: unknown): string[] => {
    const result = connectorSettings.safeParse(connectors);
    return result.success ? [] : result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
};

describe("connectorSettings", () => {
    const s3 = { endpoint: "http://a", accessKeyId: "a", secretAccessKey: "b" };
    const refused: readonly (readonly [string, unknown, RegExp])[] = [
        [
            "the state store's name",
            { elasticsearchNext: { default: { node: ["http://a"] } } },
            /elasticsearchNext.default: a name other than default/,
        ],
        [
            "a user without password",
            { elasticsearchNext: { o: { node: ["http://a"], username: "u" } } },
            /o.password: both/,
        ],
        [
            "a password without user",
            { elasticsearchNext: { o: { node: ["http://a"], password: "p" } } },
            /o.password: both/,
        ],
        [
            "a certificate for http",
            { elasticsearchNext: { o: { node: ["http://a"], caCertificate: certificate } } },
            /caCertificate: https nodes/,
        ],
        [
            "a certificate for an http endpoint",
            { s3: { a: { ...s3, caCertificate: certificate } } },
            /caCertificate: an https endpoint/,
        ],
        [
            "S3 without keys",
            { s3: { a: { endpoint: "http://a", accessKeyId: "a" } } },
            /s3.a.secretAccessKey: an encrypted value/,
        ],
        ["a broker without port", { kafka: { k: { brokers: ["a"] } } }, /brokers.0: host:port/],
        [
            "two authorities",
            {
                kafka: {
                    k: { brokers: ["a:1"], securityProtocol: "ssl", caCertificate: certificate, sslCaLocation: "/a" },
                },
            },
            /sslCaLocation: no file/,
        ],
        [
            "a certificate without key",
            { kafka: { k: { brokers: ["a:1"], securityProtocol: "ssl", sslCertificateLocation: "/a" } } },
            /sslKeyLocation: both/,
        ],
        [
            "a certificate in the clear",
            { kafka: { k: { brokers: ["a:1"], caCertificate: certificate } } },
            /securityProtocol: ssl where/,
        ],
        [
            "SASL, which the connector does not know",
            { kafka: { k: { brokers: ["a:1"], securityProtocol: "sasl_ssl" } } },
            /securityProtocol: /,
        ],
        [
            "a Valkey user without password",
            { valkey: { v: { addresses: [{ host: "a" }], username: "u" } } },
            /password: a password/,
        ],
        [
            "Valkey certificates without TLS",
            { valkey: { v: { addresses: [{ host: "a" }], rootCertificates: certificate } } },
            /rootCertificates: useTls/,
        ],
        ["no address", { valkey: { v: { addresses: [] } } }, /addresses: /],
        ["a connector that the image does not hold", { mongodb: {} }, /^: /],
    ];
    for (const [what, connectors, expected] of refused) {
        it(`refuses ${what}`, () => {
            const found = faults(connectors);
            assert.equal(found.length, 1, found.join("\n"));
            assert.match(found[0]!, expected);
        });
    }
});
