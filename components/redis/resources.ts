import type { types } from "@pulumi/kubernetes";
import { type Foundation, targetsNamed } from "../foundation/environment";
import { type Labels, selectorLabels, type Identity } from "../foundation/labels";
import { podPlacement, type PodPlacement } from "../foundation/placement";
import { containerSecurity, podSecurity } from "../foundation/pods";
import { priorityNamed } from "../foundation/priorityClasses";
import { requirements } from "../foundation/resources";
import { milliseconds, seconds } from "../foundation/values";
import { exporterResources } from "./demand";
import { masterGroup } from "./names";
import type { RedisClusterSettings, RedisInstanceSettings, RedisReplicationSettings, SentinelSettings } from "./schema";

/** A Secret's key. */
export interface SecretKey {
    readonly secretName: string;
    readonly key: string;
}

/** Where the certificates are, for the operator. */
export interface TlsFiles {
    readonly secretName: string;
    readonly authority: string;
    readonly certificate: string;
    readonly privateKey: string;
}

/** Everything that the specs of an instance's resources need. */
export interface Build {
    readonly foundation: Foundation;
    readonly name: string;
    readonly identity: Identity;
    /** Name of the ConfigMap with what stands behind the generated redis.conf. */
    readonly configName: string;
    /** Undefined where the instance has no password. */
    readonly password: SecretKey | undefined;
    /** Undefined where connections are in the clear. */
    readonly tls: TlsFiles | undefined;
    readonly serviceAccountName: string;
}

type Spec = Readonly<Record<string, unknown>>;
type Requirements = types.input.core.v1.ResourceRequirements;

/** User and group of the images (Dockerfile of OT-CONTAINER-KIT/redis). */
const user = 1000;

/**
 * Seconds that a member must be ready before the next one is restarted. The operator looks at a replication every 30
 * seconds (internal/controller/redisreplication), and only then makes a replica of a member that came back as a master.
 */
const settleSeconds = 40;

/**
 * The operator copies every annotation of its resource into the pods: without this, another condition to wait for, such
 * as that of one leader more, restarts every pod.
 */
const ignoredAnnotations = ["pulumi.com/waitFor"];

/** How many pods of a set may be missing. Without a number the operator takes a majority, which a single pod never has. */
const budget = (replicas: number): Spec => (replicas > 1 ? { pdb: { enabled: true, maxUnavailable: 1 } } : {});

const claim = (size: string, storageClass: string | undefined): Spec => ({
    spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: size } },
        ...(storageClass !== undefined && { storageClassName: storageClass }),
    },
});

function kubernetesConfig(build: Build, image: "redis" | "redis-sentinel", resources: Requirements): Spec {
    const { images } = build.foundation;
    return {
        image: images.reference(image),
        imagePullPolicy: "IfNotPresent",
        ...(images.pullSecrets.length > 0 && {
            imagePullSecrets: images.pullSecretReferences,
        }),
        resources,
        ...(build.password && { redisSecret: { name: build.password.secretName, key: build.password.key } }),
        updateStrategy: { type: "RollingUpdate" },
        minReadySeconds: settleSeconds,
        // The operator's own finalizer deletes claims where it should; the control plane would also when the operator
        // makes a StatefulSet anew.
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        ignoreAnnotations: ignoredAnnotations,
        service: { serviceType: "ClusterIP" },
    };
}

function common(build: Build): Spec {
    const { tls } = build;
    return {
        podSecurityContext: podSecurity(user),
        serviceAccountName: build.serviceAccountName,
        // Off, but the security of the operator's own init container, which writes the configuration, is taken from it.
        initContainer: {
            enabled: false,
            image: build.foundation.images.reference("redis"),
            securityContext: containerSecurity,
        },
        ...(tls && {
            TLS: {
                ca: tls.authority,
                cert: tls.certificate,
                key: tls.privateKey,
                secret: { secretName: tls.secretName, defaultMode: 0o440 },
            },
        }),
    };
}

function dataCommon(build: Build, settings: RedisInstanceSettings): Spec {
    const { images } = build.foundation;
    const priorityClassName = priorityNamed(build.foundation, settings.priority);
    return {
        ...common(build),
        ...(priorityClassName !== undefined && { priorityClassName }),
        redisExporter: {
            enabled: settings.metrics,
            image: images.reference("redis-exporter"),
            imagePullPolicy: "IfNotPresent",
            resources: requirements(exporterResources),
            securityContext: containerSecurity,
        },
    };
}

/** Where pods run, by labels that the program gives them, and that the operator copies to them. */
function placement(
    build: Build,
    given: Pick<RedisInstanceSettings, "targets" | "spread">,
    selector: Labels,
    several: boolean,
): PodPlacement {
    const { foundation } = build;
    return podPlacement({
        targets: targetsNamed(foundation, given.targets),
        spread: given.spread ?? {},
        tier: foundation.environment.tier,
        several,
        selector,
    });
}

function storage(settings: RedisInstanceSettings): Spec {
    return {
        keepAfterDelete: settings.keepVolumes,
        volumeClaimTemplate: claim(settings.storage, settings.storageClass),
    };
}

/** Content of a RedisReplication. */
export function replicationSpec(build: Build, settings: RedisReplicationSettings): Spec {
    return {
        clusterSize: settings.size,
        ...dataCommon(build, settings),
        ...placement(build, settings, selectorLabels(build.identity), settings.size > 1),
        kubernetesConfig: kubernetesConfig(build, "redis", requirements(settings.resources)),
        redisConfig: { additionalRedisConfig: build.configName },
        securityContext: containerSecurity,
        terminationGracePeriodSeconds: seconds(settings.gracePeriod),
        storage: storage(settings),
        ...budget(settings.size),
    };
}

/** Content of a RedisCluster. */
export function clusterSpec(build: Build, settings: RedisClusterSettings): Spec {
    const { leaders, followersPerLeader } = settings;
    const part = (replicas: number): Spec => ({
        replicas,
        // Leaders and followers keep apart from each other too: a follower beside its leader is lost with it.
        ...placement(build, settings, selectorLabels(build.identity), true),
        resources: requirements(settings.resources),
        securityContext: containerSecurity,
        terminationGracePeriodSeconds: seconds(settings.gracePeriod),
        redisConfig: { additionalRedisConfig: build.configName },
        ...budget(replicas),
    });
    return {
        clusterSize: leaders,
        clusterVersion: clusterVersion(build.foundation.images.reference("redis")),
        // Without it the operator mounts no data volume, whatever storage says.
        persistenceEnabled: true,
        ...dataCommon(build, settings),
        kubernetesConfig: kubernetesConfig(build, "redis", requirements(settings.resources)),
        redisLeader: part(leaders),
        redisFollower: part(leaders * followersPerLeader),
        storage: {
            ...storage(settings),
            // What a member knows of the cluster: without it a restarted one belongs to no cluster.
            nodeConfVolume: true,
            nodeConfVolumeClaimTemplate: claim(settings.nodeConfStorage, settings.storageClass),
        },
    };
}

/** Content of a RedisSentinel. */
export function sentinelSpec(build: Build, settings: RedisReplicationSettings, sentinel: SentinelSettings): Spec {
    const { password } = build;
    const priorityClassName = priorityNamed(build.foundation, settings.priority);
    return {
        clusterSize: sentinel.size,
        ...common(build),
        ...(priorityClassName !== undefined && { priorityClassName }),
        ...placement(
            build,
            { targets: sentinel.targets ?? settings.targets, spread: sentinel.spread ?? settings.spread },
            selectorLabels(build.identity),
            true,
        ),
        kubernetesConfig: kubernetesConfig(build, "redis-sentinel", requirements(sentinel.resources)),
        redisSentinelConfig: {
            redisReplicationName: build.name,
            masterGroupName: masterGroup,
            quorum: String(sentinel.quorum ?? Math.floor(sentinel.size / 2) + 1),
            downAfterMilliseconds: String(milliseconds(sentinel.downAfter)),
            failoverTimeout: String(milliseconds(sentinel.failoverTimeout)),
            parallelSyncs: String(sentinel.parallelSyncs),
            ...(password && {
                redisReplicationPassword: { secretKeyRef: { name: password.secretName, key: password.key } },
            }),
        },
        securityContext: containerSecurity,
        ...budget(sentinel.size),
    };
}

/** The major version of an image, as the operator wants to know it: it must match, or wrong directives are written. */
export function clusterVersion(image: string): string {
    const [, major] = /:v?(\d+)[^/]*$/.exec(image) ?? [];
    return major === undefined ? "v7" : `v${major}`;
}
