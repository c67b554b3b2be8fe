import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Access } from "../foundation/access";
import { certificateAuthority } from "../foundation/certificates";
import { configHash } from "../foundation/configFiles";
import { generatedPassword } from "../foundation/credentials";
import { type Foundation, protection } from "../foundation/environment";
import { checked, formatPath, SettingsFaults } from "../foundation/faults";
import { type Labels, objectLabels } from "../foundation/labels";
import { type Flow, networkPolicy, type Peer, tcp } from "../foundation/networkPolicy";
import { configHashAnnotation } from "../foundation/pods";
import { seconds } from "../foundation/values";
import { registerMonitor, scraperFlow } from "../monitoring/monitor";
import { awaitedResource, type WaitFor } from "../operator/customResource";
import { redisAlerts } from "./alerts";
import { redisTierFaults } from "./checks";
import { clientFile, endpoints, type RedisEndpoints } from "./client";
import * as names from "./names";
import { instanceFlows } from "./network";
import { configKey, redisConf } from "./redisConf";
import { type Build, clusterSpec, replicationSpec, type SecretKey, sentinelSpec, type TlsFiles } from "./resources";
import { type RedisInstanceInput, type RedisInstanceSettings, redisInstanceSettings } from "./schema";

export interface RedisInstanceArgs {
    readonly foundation: Foundation;
    /** Namespace that the instance lives in, alone. */
    readonly namespace: string;
    /**
     * The instance's settings, as in a stack file.
     *
     * @default three members and three Sentinels with the defaults of the schema
     */
    readonly settings?: RedisInstanceInput;
    /** The operator's pods, which connect to those of the instance. */
    readonly operator: readonly Peer[];
    /**
     * Who may connect, besides `settings.clients`: the systems that use the instance.
     *
     * @default nobody
     */
    readonly clients?: readonly Peer[];
    /**
     * What the instance is made after, and gone before: its operator, whose finalizer would keep it for ever.
     *
     * @default nothing
     */
    readonly after?: readonly pulumi.Resource[];
}

/** What the operator mounts for the instance, and where it comes from. */
interface Secrets {
    readonly password: SecretKey | undefined;
    readonly tls: TlsFiles | undefined;
    readonly resources: readonly pulumi.Resource[];
}

/** One Redis: a replication with Sentinels, or a cluster. The operator starts its pods. */
export class RedisInstance extends pulumi.ComponentResource {
    /** Namespace that the instance lives in. */
    public readonly namespaceName: string;
    /** Where clients connect. */
    public readonly endpoints: RedisEndpoints;
    /** The Secret's key that holds the password; undefined without one. */
    public readonly password: SecretKey | undefined;
    /** The Secret's key that holds the authorities to trust; undefined where connections are in the clear. */
    public readonly authority: SecretKey | undefined;
    /** How network policies of clients let them out. */
    public readonly flows: readonly Flow[];
    /** What clients need to be told, by file name; no secret among it. */
    public readonly clientFiles: Readonly<Record<string, string>>;

    /** @throws SettingsFaults when the settings can't be used. */
    constructor(name: string, args: RedisInstanceArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings = checked(redisInstanceSettings, name, args.settings ?? {});
        const { foundation, namespace } = args;
        checkTier(name, foundation, settings);
        super("data-platform:redis:RedisInstance", name, plainInputs(foundation, namespace, settings), opts);
        const inside = { parent: this };
        this.namespaceName = namespace;
        const identity = { name: "redis", instance: name, component: "data" };
        const sentinelIdentity = { ...identity, component: "sentinel" };
        const labels = objectLabels(foundation.environment, identity);
        const metadata = (objectName: string) => ({ name: objectName, namespace, labels });
        const data = names.dataSets(name, settings);
        const sentinels = names.sentinelSet(name, settings);

        const secrets = registerSecrets(name, args, settings, labels, inside);
        this.password = secrets.password;
        this.authority = secrets.tls && { secretName: secrets.tls.secretName, key: secrets.tls.authority };
        this.endpoints = endpoints(foundation, name, namespace, settings);
        this.clientFiles = { "connection.yaml": clientFile(this.endpoints, settings, this) };
        this.flows = clientFlows(namespace, data, sentinels);

        const config = redisConf(settings);
        const before = [
            ...secrets.resources,
            new k8s.core.v1.ConfigMap(
                `${name}-config`,
                { metadata: metadata(`${name}-config`), data: { [configKey]: config } },
                inside,
            ),
            new k8s.core.v1.ConfigMap(
                `${name}-client`,
                { metadata: metadata(`${name}-client`), data: { ...this.clientFiles } },
                inside,
            ),
        ];
        const access = new Access(`${name}-access`, { foundation, namespace, identity, objectName: name }, inside);
        const policies = instanceFlows({
            data,
            sentinels,
            cluster: settings.kind === "cluster",
            operator: args.operator,
            clients: [...settings.clients, ...(args.clients ?? [])],
            scrapers: settings.metrics
                ? scraperFlow(foundation, settings.monitoring, [], names.ports.exporter)
                : { peers: [], ports: [] },
        }).map(({ set, ingress, egress }) =>
            networkPolicy(
                `${name}-${set.part}-network`,
                {
                    objectName: set.objectName,
                    namespace,
                    labels,
                    selector: set.selector,
                    ingress,
                    egress,
                    startedBy: "Redis' operator",
                },
                inside,
            ),
        );
        const build: Build = {
            foundation,
            name,
            identity,
            configName: `${name}-config`,
            password: secrets.password,
            tls: secrets.tls,
            serviceAccountName: access.serviceAccountName,
        };
        const annotations = { [configHashAnnotation]: configHash(config, ...rotations(settings)) };
        const timeoutSeconds = seconds(settings.readyTimeout);
        const instance = awaitedResource(
            `${name}-${settings.kind === "cluster" ? "cluster" : "replication"}`,
            {
                apiVersion: names.apiVersion,
                kind: settings.kind === "cluster" ? "RedisCluster" : "RedisReplication",
                metadata: { name, namespace, labels, annotations },
                content: {
                    spec: settings.kind === "cluster" ? clusterSpec(build, settings) : replicationSpec(build, settings),
                },
                waitFor: readiness(settings),
                timeoutSeconds,
            },
            {
                parent: this,
                ...protection(foundation),
                dependsOn: [...before, access, ...policies, ...(args.after ?? [])],
            },
        );
        if (settings.kind !== "cluster" && settings.sentinel.kind !== "none") {
            awaitedResource(
                `${name}-sentinel`,
                {
                    apiVersion: names.apiVersion,
                    kind: "RedisSentinel",
                    metadata: {
                        name,
                        namespace,
                        labels: objectLabels(foundation.environment, sentinelIdentity),
                        annotations: { [configHashAnnotation]: configHash(...rotations(settings)) },
                    },
                    content: {
                        spec: sentinelSpec({ ...build, identity: sentinelIdentity }, settings, settings.sentinel),
                    },
                    // The resource has no status: there is nothing to wait for.
                    timeoutSeconds,
                },
                // The operator starts Sentinels only beside a replication that has a master.
                { parent: this, dependsOn: [instance] },
            );
        }
        registerMonitor(
            `${name}-monitor`,
            {
                foundation,
                namespace,
                identity: { ...identity, component: "monitor" },
                objectName: name,
                settings: settings.monitoring,
                endpoints: settings.metrics
                    ? data.map(({ part, selector }) => ({
                          part,
                          kind: "pod" as const,
                          selector,
                          port: names.exporterPortName,
                          startedBy: "Redis' operator",
                      }))
                    : [],
                alerts: redisAlerts({ namespace, settings, data, sentinels }),
            },
            inside,
        );
        this.registerOutputs({ ...this.endpoints });
    }
}

function checkTier(name: string, { environment }: Foundation, settings: RedisInstanceSettings): void {
    const faults = redisTierFaults(environment.tier, settings);
    if (faults.length > 0) {
        throw new SettingsFaults(
            name,
            faults.map(({ path, ...fault }) => ({ path: formatPath(path), ...fault })),
        );
    }
}

/** What guards compare. */
function plainInputs(foundation: Foundation, namespace: string, settings: RedisInstanceSettings) {
    return {
        namespace,
        kind: settings.kind ?? "replication",
        members: settings.kind === "cluster" ? settings.leaders : settings.size,
        followersPerLeader: settings.kind === "cluster" ? settings.followersPerLeader : null,
        sentinels: settings.kind !== "cluster" && settings.sentinel.kind !== "none" ? settings.sentinel.size : 0,
        storage: settings.storage,
        storageClass: settings.storageClass ?? null,
        keepVolumes: settings.keepVolumes,
        image: foundation.images.reference("redis"),
    };
}

/** What the operator reports once the instance serves. */
function readiness(settings: RedisInstanceSettings): WaitFor | WaitFor[] {
    return settings.kind === "cluster"
        ? ["jsonpath={.status.state}=Ready", `jsonpath={.status.readyLeaderReplicas}=${settings.leaders}`]
        : "jsonpath={.status.masterNode}";
}

/** Counters whose change restarts the pods; no secret, and no hash of one. */
function rotations({ password, tls }: RedisInstanceSettings): string[] {
    return [
        ...(password.kind === "none" ? [] : [`password ${password.rotation}`]),
        ...(tls.kind === "none" ? [] : [`certificates ${tls.certificates.rotation}`]),
    ];
}

function clientFlows(
    namespace: string,
    data: readonly names.MemberSet[],
    sentinels: names.MemberSet | undefined,
): Flow[] {
    const to = (sets: readonly names.MemberSet[], port: number): Flow => ({
        peers: sets.map(({ selector }) => ({ namespace, podLabels: selector })),
        ports: tcp(port),
    });
    return [to(data, names.ports.redis), ...(sentinels === undefined ? [] : [to([sentinels], names.ports.sentinel)])];
}

function registerSecrets(
    name: string,
    { foundation, namespace }: RedisInstanceArgs,
    settings: RedisInstanceSettings,
    labels: Labels,
    opts: pulumi.CustomResourceOptions,
): Secrets {
    const { password, tls } = settings;
    const resources: pulumi.Resource[] = [];
    const secret = (part: string, stringData: Record<string, pulumi.Input<string>>): void => {
        const metadata = { name: `${name}-${part}`, namespace, labels };
        resources.push(new k8s.core.v1.Secret(`${name}-${part}`, { metadata, stringData }, opts));
    };
    if (password.kind === "generated") {
        const { password: text } = generatedPassword(`${name}-generated`, { rotation: password.rotation }, opts);
        secret("password", { password: pulumi.secret(text) });
    }
    if (tls.kind === "encrypted" && tls.certificates.kind === "generated") {
        const authority = certificateAuthority(name, tls.certificates, opts);
        const signed = authority.sign(`${name}-member`, {
            commonName: name,
            dnsNames: names.certificateNames(foundation, name, namespace, settings),
            uses: ["server", "client"],
        });
        secret("tls", { "tls.crt": signed.certificate, "tls.key": signed.key, "ca.crt": authority.trusted });
    }
    return { password: passwordKey(name, password), tls: tlsFiles(name, tls), resources };
}

function passwordKey(name: string, password: RedisInstanceSettings["password"]): SecretKey | undefined {
    switch (password.kind) {
        case "generated":
            return { secretName: `${name}-password`, key: "password" };
        case "existing":
            return { secretName: password.secretName, key: password.passwordKey };
        case "none":
            return undefined;
    }
}

function tlsFiles(name: string, tls: RedisInstanceSettings["tls"]): TlsFiles | undefined {
    if (tls.kind === "none") {
        return undefined;
    }
    const { certificates } = tls;
    return certificates.kind === "generated"
        ? { secretName: `${name}-tls`, authority: "ca.crt", certificate: "tls.crt", privateKey: "tls.key" }
        : {
              secretName: certificates.secretName,
              authority: certificates.authorityKey,
              certificate: certificates.certificateKey,
              privateKey: certificates.privateKeyKey,
          };
}
