import { z } from "zod";
import { secretOrReference } from "../foundation/secretReference";
import {
    certificatePem,
    dnsLabel,
    duration,
    flag,
    oneOf,
    port,
    settings,
    url,
    whole,
    words,
} from "../foundation/values";

/*
 * `terafoundation.connectors` of Teraslice 3.18.0, typed: the options that packages/terafoundation/src/connectors
 * (elasticsearch-next, s3), packages/valkey and terafoundation_kafka_connector 2.5.1 declare. An option that is not
 * given is not written, so that Teraslice's own default holds.
 */

/** The name of the connection to the state store, which Teraslice expects under this name. */
export const stateConnection = "default";

const brokerAddress = () =>
    z
        .string({ error: "host:port" })
        .regex(/^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?:[1-9]\d{0,4}$/, { error: "host:port" });

const retries = () => whole(0, 1000).optional();

/** A connection to a further OpenSearch or Elasticsearch cluster. */
const openSearchSettings = settings({
    node: z.array(url()).min(1).describe("URLs of the nodes, or of the Service in front of them."),
    username: words().optional().describe("User to log in as. Default: no login."),
    password: secretOrReference().optional().describe("Password of that user."),
    caCertificate: certificatePem()
        .optional()
        .describe("Certificates (PEM) of the authorities to trust. Default: those of the image."),
    requestTimeout: duration().optional().describe("Time that a request may take. Default 120s."),
    pingTimeout: duration().optional().describe("Time that a ping may take. Default 3s."),
    maxRetries: retries().describe("How often a failed request is repeated. Default 3."),
    suggestCompression: flag().optional().describe("Whether answers may be compressed. Default false."),
    sniffOnStart: flag()
        .optional()
        .describe("Whether to ask for the other nodes at the start. Default false: wrong behind a Service."),
    sniffOnConnectionFault: flag()
        .optional()
        .describe("Whether to ask for the other nodes after a fault. Default false."),
    sniffInterval: duration().optional().describe("How often to ask for the other nodes. Default: never."),
    sniffEndpoint: words().optional().describe("Path to ask for the other nodes. Default _nodes/_all/http."),
})
    .refine((given) => (given.username === undefined) === (given.password === undefined), {
        path: ["password"],
        error: "both username and password, or neither",
    })
    .refine((given) => given.caCertificate === undefined || given.node.every((node) => node.startsWith("https:")), {
        path: ["caCertificate"],
        error: "https nodes where a certificate is given",
    });

/** A connection to an S3 compatible store. The client of @terascope/file-asset-apis 2.1.3 needs static keys. */
const s3Settings = settings({
    endpoint: url().describe("URL of the store; https or http decides sslEnabled."),
    accessKeyId: secretOrReference().describe("Id of the access key."),
    secretAccessKey: secretOrReference().describe("The access key itself."),
    region: words().default("us-east-1").describe("Region. Default us-east-1."),
    maxRetries: retries().describe("How often a failed request is repeated. Default 3."),
    caCertificate: certificatePem()
        .optional()
        .describe("Certificates (PEM) of the authorities to trust. Default: those of the image."),
    forcePathStyle: flag()
        .default(false)
        .describe("Whether the bucket is part of the path, as most stores but AWS want it. Default false."),
    bucketEndpoint: flag().default(false).describe("Whether the endpoint is that of one bucket. Default false."),
}).refine((given) => given.caCertificate === undefined || given.endpoint.startsWith("https:"), {
    path: ["caCertificate"],
    error: "an https endpoint where a certificate is given",
});

const podFile = (what: string) =>
    z
        .string({ error: "an absolute path in the job's pods" })
        .regex(/^\/[^\s]+$/, { error: "an absolute path in the job's pods" })
        .optional()
        .describe(`${what}: a path in the job's pods, on a volume of the job. Default none.`);

/** A connection to Kafka brokers. */
const kafkaSettings = settings({
    brokers: z.array(brokerAddress()).min(1).describe("Brokers to start from, host:port."),
    securityProtocol: oneOf("plaintext", "ssl")
        .default("plaintext")
        .describe("How to talk to the brokers. Default plaintext."),
    caCertificate: certificatePem()
        .optional()
        .describe("Certificates (PEM) of the authorities to trust, instead of sslCaLocation."),
    sslCaLocation: podFile("Certificates of the authorities to trust"),
    sslCrlLocation: podFile("Revocation list"),
    sslCertificateLocation: podFile("Certificate to log in with"),
    sslKeyLocation: podFile("Key of that certificate"),
    sslKeyPassword: secretOrReference().optional().describe("Password of that key. Default none."),
})
    .refine((given) => given.caCertificate === undefined || given.sslCaLocation === undefined, {
        path: ["sslCaLocation"],
        error: "no file where caCertificate is given, which the connector prefers",
    })
    .refine((given) => (given.sslCertificateLocation === undefined) === (given.sslKeyLocation === undefined), {
        path: ["sslKeyLocation"],
        error: "both sslCertificateLocation and sslKeyLocation, or neither",
    })
    .refine(
        (given) =>
            given.securityProtocol === "ssl" ||
            [
                given.caCertificate,
                given.sslCaLocation,
                given.sslCrlLocation,
                given.sslCertificateLocation,
                given.sslKeyPassword,
            ].every((each) => each === undefined),
        { path: ["securityProtocol"], error: "ssl where certificates or keys are given" },
    );

/** A connection to Valkey or Redis. */
const valkeySettings = settings({
    addresses: z
        .array(
            settings({
                host: words().describe("Host name of a node."),
                port: port().default(6379).describe("Its port. Default 6379."),
            }),
        )
        .min(1)
        .describe("Known nodes."),
    useTls: flag().default(false).describe("Whether to use TLS. Default false."),
    username: words().optional().describe("User to log in as. Default: the default user."),
    password: secretOrReference().optional().describe("Password to log in with. Default: no login."),
    rootCertificates: certificatePem()
        .optional()
        .describe("Certificates (PEM) of the authorities to trust. Default: those of the image."),
    databaseId: whole(0, 1_000_000).optional().describe("Number of the logical database. Default 0."),
    clientName: words().optional().describe("Name that the server shows for the client. Default none."),
    clientAz: words().optional().describe("Availability zone of the client, for readFrom AZAffinity. Default none."),
    readFrom: oneOf("primary", "preferReplica", "AZAffinity", "AZAffinityReplicasAndPrimary")
        .optional()
        .describe("Which nodes to read from. Default primary."),
    readOnly: flag().optional().describe("Whether to refuse writes. Default false."),
    protocol: oneOf("RESP2", "RESP3").optional().describe("Protocol. Default RESP3."),
    defaultDecoder: oneOf("Bytes", "String").optional().describe("How replies are decoded. Default String."),
    requestTimeout: duration().optional().describe("Time that a request may take. Default 250ms."),
    connectionTimeout: duration().optional().describe("Time that connecting may take. Default: the client's."),
    pubsubReconciliationInterval: duration()
        .optional()
        .describe("How often subscriptions are compared with the server's. Default: the client's."),
    tcpNoDelay: flag().optional().describe("Whether small packets are sent at once. Default: the client's."),
    inflightRequestsLimit: whole(1, 1_000_000).optional().describe("Requests under way at one time. Default 1000."),
    lazyConnect: flag().optional().describe("Whether to connect only with the first command. Default false."),
    connectionBackoff: settings({
        numberOfRetries: whole(0, 1000).describe("Number of attempts whose delay grows."),
        factor: whole(0, 1_000_000).describe("Milliseconds that the delay is a multiple of."),
        exponentBase: whole(0, 100).describe("Base of the growth."),
        jitterPercent: whole(0, 100)
            .optional()
            .describe("Random part of the delay, in percent. Default: the client's."),
    })
        .optional()
        .describe("How to reconnect. Default: the client's."),
})
    .refine((given) => given.username === undefined || given.password !== undefined, {
        path: ["password"],
        error: "a password where a username is given",
    })
    .refine((given) => given.rootCertificates === undefined || given.useTls, {
        path: ["rootCertificates"],
        error: "useTls where certificates are given",
    });

const named = <Connection extends z.ZodType>(connection: Connection) => z.record(dnsLabel(), connection).default({});

/** Connections of jobs, by connector and name; a job's operations name them in `_connection`. */
export const connectorSettings = settings({
    elasticsearchNext: named(openSearchSettings)
        .refine((given) => !(stateConnection in given), {
            path: [stateConnection],
            error: `a name other than ${stateConnection}, which is the connection to the state store`,
        })
        .describe("Further OpenSearch clusters. The state store is the connection default and needs no entry."),
    s3: named(s3Settings).describe("S3 compatible stores, for jobs and for assetStorage."),
    kafka: named(kafkaSettings).describe("Kafka clusters."),
    valkey: named(valkeySettings).describe("Valkey or Redis servers."),
}).prefault({});

export type Connectors = z.output<typeof connectorSettings>;
