import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type Plan, planProgram } from "../../bin/plan/plan";
import { imageSettings, ImageCatalog } from "../../components/foundation/images";
import { apiServerSettings, dnsSettings, type Foundation, type Tier } from "../../components/foundation/environment";
import { checked, valueAt } from "../../components/foundation/faults";
import type { Target } from "../../components/foundation/placement";
import type { OpenSearchConnection } from "../../components/opensearch/connection";
import { type Cluster, cluster } from "../../components/teraslice/files";
import { type TerasliceSettings, terasliceSettings } from "../../components/teraslice/schema";
import { Teraslice } from "../../components/teraslice/teraslice";

export const targets: Readonly<Record<string, readonly Target[]>> = {
    batch: [
        { key: "pool", value: "batch", constraint: "required" },
        { key: "pool", value: "batch", constraint: "accepted" },
        { key: "zone", value: "west", constraint: "preferred" },
    ],
    controllers: [
        { key: "pool", value: "control", constraint: "required" },
        { key: "pool", value: "control", constraint: "accepted" },
        { key: "rack", value: "alpha", constraint: "required" },
    ],
    tolerant: [{ key: "pool", value: "spot", constraint: "accepted" }],
};

export function foundation(given: { tier?: Tier; pullSecrets?: string[] } = {}): Foundation {
    return {
        environment: { name: "dev", owner: "data", tier: given.tier ?? "development" },
        images: new ImageCatalog(imageSettings.parse({ pullSecrets: given.pullSecrets ?? [] })),
        network: { dns: dnsSettings.parse({}), apiServer: apiServerSettings.parse({ cidrs: ["10.96.0.1/32"] }) },
        targets,
    };
}

export const singleNodeStore: OpenSearchConnection = {
    nodes: ["http://opensearch.dev-opensearch.svc:9200"],
    flow: { peers: [{ namespace: "dev-opensearch" }], ports: [{ port: 9200 }] },
    singleNode: true,
};

/** A store with a login: made when it is used, since an Output belongs to a run of the program. */
export function clusteredStore(): OpenSearchConnection {
    return {
        ...singleNodeStore,
        nodes: ["https://search.example.com:9200"],
        credentials: { username: pulumi.secret("ts"), password: pulumi.secret("hunter2") },
        caCertificate: certificate,
        singleNode: false,
    };
}

export const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

/** A cluster that keeps its assets in S3. */
export const s3: TerasliceSettings = {
    assetStorage: { type: "s3" },
    connectors: { s3: { default: { endpoint: "https://s3.example.com", accessKeyId: "id", secretAccessKey: "key" } } },
    egress: [
        { to: [{ cidr: "192.0.2.0/24" }], ports: [{ port: 443 }, { port: 9000 }] },
        { to: [{ namespace: "kafka" }], ports: [{ port: 9092 }] },
    ],
};

export function clusterOf(
    settings: TerasliceSettings = {},
    given: { store?: OpenSearchConnection; foundation?: Foundation } = {},
): Cluster {
    return cluster({
        component: "teraslice",
        foundation: given.foundation ?? foundation(),
        namespace: "dev-teraslice",
        settings: checked(terasliceSettings, "teraslice", settings),
        store: given.store ?? singleNodeStore,
    });
}

export function planOf(
    settings: TerasliceSettings = {},
    given: { store?: () => OpenSearchConnection; foundation?: Foundation } = {},
): Promise<Plan> {
    return planProgram(
        () => {
            const teraslice = new Teraslice("teraslice", {
                foundation: given.foundation ?? foundation(),
                namespace: "dev-teraslice",
                settings,
                store: (given.store ?? (() => singleNodeStore))(),
            });
            return { url: teraslice.url, clusterName: teraslice.clusterName };
        },
        { stack: "test" },
    );
}

/** Every fault of settings, as `path: expected`. */
export function faultsIn(settings: unknown): string[] {
    const result = terasliceSettings.safeParse(settings);
    return result.success ? [] : result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}

/** A field of the one object of a kind with a name. */
export function field(plan: Plan, kind: string, name: string, path = ""): unknown {
    const found = plan.resources.filter(
        ({ inputs }) => inputs.kind === kind && valueAt(inputs, ["metadata", "name"]) === name,
    );
    assert.equal(found.length, 1, `one ${kind} ${name}`);
    return path === "" ? found[0]!.inputs : valueAt(found[0]!.inputs, path.split("."));
}

export const has = (plan: Plan, kind: string, name: string): boolean =>
    plan.resources.some(({ inputs }) => inputs.kind === kind && valueAt(inputs, ["metadata", "name"]) === name);

export const deployment = (plan: Plan, path: string) => field(plan, "Deployment", "teraslice-master", `spec.${path}`);
export const pod = (plan: Plan, path: string) => deployment(plan, `template.spec.${path}`);

/** Every setting that there is, each with a value other than its default. */
export const everything: TerasliceSettings = {
    namespace: { name: "streams" },
    name: "ts_main",
    logLevel: "debug",
    targets: "batch",
    priority: "critical",
    resources: { cpu: "1", cpuLimit: "3", memory: "3Gi", ephemeralStorage: "4Gi" },
    heap: "600Mi",
    executionControllerTargets: "controllers",
    executionControllerResources: { cpu: "250m", memory: "300Mi" },
    workerResources: { cpu: "2", memory: "2Gi" },
    workerAntiAffinity: false,
    protectControllers: true,
    podSpecOverrides: true,
    envVars: { TZ: "UTC" },
    timing: {
        actionTimeout: "1s",
        analyticsRate: "2s",
        apiResponseTimeout: "3s",
        kubernetesApiPollDelay: "4s",
        networkLatencyBuffer: "5s",
        nodeDisconnectTimeout: "6s",
        nodeStateInterval: "7s",
        shutdownTimeout: "90s",
        slicerTimeout: "9s",
        workerDisconnectTimeout: "10s",
    },
    indices: {
        analytics: { shards: 2, replicas: 3, rollover: "daily" },
        assets: { shards: 4, replicas: 5 },
        execution: { shards: 6, replicas: 7 },
        jobs: { shards: 8, replicas: 9 },
        state: { shards: 10, replicas: 11, rollover: "yearly" },
    },
    assetStorage: { type: "s3", connection: "assets", bucket: "bundles" },
    sharedAssets: { storageClass: "nfs", size: "30Gi" },
    connectors: {
        elasticsearchNext: {
            archive: {
                node: ["https://archive.example.com"],
                username: "reader",
                password: "secret",
                caCertificate: certificate,
                requestTimeout: "30s",
                pingTimeout: "2s",
                maxRetries: 5,
                suggestCompression: true,
                sniffOnStart: true,
                sniffOnConnectionFault: true,
                sniffInterval: "1m",
                sniffEndpoint: "_nodes/http",
            },
        },
        s3: {
            assets: {
                endpoint: "https://s3.example.com:9000",
                accessKeyId: "id",
                secretAccessKey: "key",
                region: "eu-west-1",
                maxRetries: 4,
                caCertificate: certificate,
                forcePathStyle: true,
                bucketEndpoint: true,
            },
        },
        kafka: {
            events: {
                brokers: ["kafka.example.com:9092"],
                securityProtocol: "ssl",
                caCertificate: certificate,
                sslCrlLocation: "/tls/crl.pem",
                sslCertificateLocation: "/tls/cert.pem",
                sslKeyLocation: "/tls/key.pem",
                sslKeyPassword: "secret",
            },
            files: { brokers: ["kafka.example.com:9092"], securityProtocol: "ssl", sslCaLocation: "/tls/ca.pem" },
        },
        valkey: {
            cache: {
                addresses: [{ host: "valkey.example.com", port: 6380 }],
                useTls: true,
                username: "ts",
                password: "secret",
                rootCertificates: certificate,
                databaseId: 1,
                clientName: "teraslice",
                clientAz: "a",
                readFrom: "AZAffinity",
                readOnly: true,
                protocol: "RESP2",
                defaultDecoder: "Bytes",
                requestTimeout: "1s",
                connectionTimeout: "2s",
                pubsubReconciliationInterval: "3s",
                tcpNoDelay: true,
                inflightRequestsLimit: 10,
                lazyConnect: true,
                connectionBackoff: { numberOfRetries: 3, factor: 100, exponentBase: 2, jitterPercent: 10 },
            },
        },
    },
    metrics: {
        enabled: true,
        port: 3334,
        addDefault: false,
        displayUrl: "https://teraslice.example.com",
        scrapers: [{ namespace: "monitoring" }],
    },
    clients: [{ namespace: "ingress" }],
    egress: [
        { to: [{ cidr: "192.0.2.0/24" }], ports: [{ port: 443 }, { port: 9000 }, { port: 9092 }, { port: 6380 }] },
    ],
    jobDefaults: {
        targets: "batch",
        workers: 3,
        resources: { requests: { cpu: "250m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
        executionController: { cpu: "1", memory: "1Gi" },
        volumes: [{ name: "teraslice-data1", path: "/data" }],
        labels: { key1: "value1" },
        externalPorts: [
            { port: 9090, from: [{ namespace: "monitoring" }] },
            { port: 8080, name: "status", from: [{ cidr: "198.51.100.0/24" }] },
        ],
        stateful: true,
        ephemeralStorage: true,
        envVars: { EXAMPLE: "test" },
        image: "registry.example.com/teraslice:v3.18.0",
        logLevel: "warn",
        metrics: { enabled: true, port: 3335, addDefault: true },
        podSpecOverride: { hostAliases: [{ ip: "192.0.2.1", hostnames: ["legacy"] }] },
    },
};
