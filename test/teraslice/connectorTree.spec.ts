import assert from "node:assert/strict";
import { type ConfigValue, yaml } from "../../components/foundation/configFiles";
import { checked } from "../../components/foundation/faults";
import { connectorSettings } from "../../components/teraslice/connectors";
import { connectorPorts, connectorTree } from "../../components/teraslice/connectorTree";
import { certificate, clusteredStore, everything, singleNodeStore } from "./fixtures";

const full = () => checked(connectorSettings, "connectors", everything.connectors);

/** The tree as Teraslice would read it, with [secret] for secrets. */
const plain = (tree: ConfigValue): unknown => JSON.parse(JSON.stringify(tree));

describe("connectorTree", () => {
    it("holds the state store alone where nothing else is given", () => {
        assert.deepEqual(plain(connectorTree(checked(connectorSettings, "c", {}), singleNodeStore)), {
            "elasticsearch-next": { default: { node: ["http://opensearch.dev-opensearch.svc:9200"] } },
        });
    });

    it("logs in to a store that asks for it", () => {
        const tree = connectorTree(checked(connectorSettings, "c", {}), clusteredStore()) as Record<
            string,
            Record<string, Record<string, unknown>>
        >;
        const state = tree["elasticsearch-next"]?.default;
        assert.deepEqual(Object.keys(state ?? {}), ["node", "username", "password", "caCertificate"]);
        assert.equal(state?.caCertificate, certificate);
    });

    it("writes every option under Teraslice's name and in its unit", () => {
        assert.deepEqual(plain(connectorTree(full(), singleNodeStore)), {
            "elasticsearch-next": {
                archive: {
                    node: ["https://archive.example.com"],
                    username: "reader",
                    password: "[secret]",
                    caCertificate: certificate,
                    requestTimeout: 30_000,
                    pingTimeout: 2_000,
                    maxRetries: 5,
                    suggestCompression: true,
                    sniffOnStart: true,
                    sniffOnConnectionFault: true,
                    sniffInterval: 60_000,
                    sniffEndpoint: "_nodes/http",
                },
                default: { node: ["http://opensearch.dev-opensearch.svc:9200"] },
            },
            s3: {
                assets: {
                    endpoint: "https://s3.example.com:9000",
                    accessKeyId: "[secret]",
                    secretAccessKey: "[secret]",
                    region: "eu-west-1",
                    maxRetries: 4,
                    sslEnabled: true,
                    caCertificate: certificate,
                    forcePathStyle: true,
                    bucketEndpoint: true,
                },
            },
            kafka: {
                events: {
                    brokers: ["kafka.example.com:9092"],
                    security_protocol: "ssl",
                    caCertificate: certificate,
                    ssl_crl_location: "/tls/crl.pem",
                    ssl_certificate_location: "/tls/cert.pem",
                    ssl_key_location: "/tls/key.pem",
                    ssl_key_password: "[secret]",
                },
                files: {
                    brokers: ["kafka.example.com:9092"],
                    security_protocol: "ssl",
                    ssl_ca_location: "/tls/ca.pem",
                },
            },
            valkey: {
                cache: {
                    addresses: [{ host: "valkey.example.com", port: 6380 }],
                    useTLS: true,
                    credentials: { username: "ts", password: "[secret]" },
                    databaseId: 1,
                    clientName: "teraslice",
                    clientAz: "a",
                    readFrom: "AZAffinity",
                    readOnly: true,
                    protocol: "RESP2",
                    defaultDecoder: "Bytes",
                    requestTimeout: 1_000,
                    inflightRequestsLimit: 10,
                    lazyConnect: true,
                    connectionBackoff: { numberOfRetries: 3, factor: 100, exponentBase: 2, jitterPercent: 10 },
                    advancedConfiguration: {
                        connectionTimeout: 2_000,
                        pubsubReconciliationIntervalMs: 3_000,
                        tcpNoDelay: true,
                        tlsAdvancedConfiguration: { rootCertificates: certificate },
                    },
                },
            },
        });
    });

    it("writes no option that was not given, so that Teraslice's default holds", () => {
        const least = checked(connectorSettings, "c", { valkey: { v: { addresses: [{ host: "a" }] } } });
        assert.deepEqual(plain(connectorTree(least, singleNodeStore)), {
            "elasticsearch-next": { default: { node: ["http://opensearch.dev-opensearch.svc:9200"] } },
            valkey: { v: { addresses: [{ host: "a", port: 6379 }], useTLS: false } },
        });
    });

    it("derives sslEnabled from the endpoint, which must agree with it", () => {
        const s3 = { endpoint: "http://minio:9000", accessKeyId: "a", secretAccessKey: "b" };
        assert.match(
            yaml(connectorTree(checked(connectorSettings, "c", { s3: { m: s3 } }), singleNodeStore)),
            /sslEnabled: false/,
        );
    });
});

describe("connectorPorts", () => {
    it("knows the port of every connection and the path of its setting", () => {
        assert.deepEqual(
            connectorPorts(full()).map(({ path, port }) => `${path.join(".")} ${port}`),
            [
                "elasticsearchNext.archive.node.0 443",
                "s3.assets.endpoint 9000",
                "kafka.events.brokers.0 9092",
                "kafka.files.brokers.0 9092",
                "valkey.cache.addresses.0 6380",
            ],
        );
    });
});
