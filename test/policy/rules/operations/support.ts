import type { Rule, StackRule } from "../../../../policy/rule";
import type { LinkedResource } from "../../../../policy/views/stackView";
import {
    type Fields,
    goodContainer,
    goodLabels,
    goodStatefulSet,
    linkedOf,
    object,
    stackMessagesOf,
    withField,
} from "../../support";

const {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/instance": instance,
    "app.kubernetes.io/component": part,
} = goodLabels;

/** What selects the good set's pods, and all its racks'. */
export const clusterLabels = {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/instance": instance,
    "app.kubernetes.io/component": part,
};

/** Paths into a workload. */
export const podPath = ["spec", "template", "spec"] as const;
export const containerPath = [...podPath, "containers", 0] as const;
export const setLabelsPath = ["spec", "template", "metadata", "labels"] as const;

const selector = { matchLabels: { ...clusterLabels } };

/** The pods of a server that is probed, placed and stopped with care. */
function operatedPods(): Fields {
    const probe = { tcpSocket: { port: "client" }, timeoutSeconds: 5 };
    return {
        terminationGracePeriodSeconds: 480,
        affinity: {
            podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [
                    { labelSelector: structuredClone(selector), topologyKey: "kubernetes.io/hostname" },
                ],
            },
        },
        topologySpreadConstraints: [
            {
                maxSkew: 1,
                topologyKey: "topology.kubernetes.io/zone",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: structuredClone(selector),
            },
        ],
        volumes: [{ name: "config", configMap: { name: "events-config" } }],
        containers: [
            {
                ...goodContainer(),
                ports: [{ name: "client", containerPort: 9092 }],
                startupProbe: { ...structuredClone(probe), periodSeconds: 5, failureThreshold: 180 },
                readinessProbe: { ...structuredClone(probe), periodSeconds: 10, failureThreshold: 3 },
                livenessProbe: { ...structuredClone(probe), periodSeconds: 20, failureThreshold: 6 },
                lifecycle: { preStop: { exec: { command: ["bash", "/scripts/gate.sh"] } } },
                volumeMounts: [{ name: "config", mountPath: "/config" }],
            },
        ],
    };
}

/** A StatefulSet that the rules over operations have nothing to say about, among its {@link goodParts}. */
export function operatedSet(): Fields {
    const fields: readonly (readonly [readonly string[], unknown])[] = [
        [["updateStrategy"], { type: "RollingUpdate" }],
        [["podManagementPolicy"], "Parallel"],
        [["persistentVolumeClaimRetentionPolicy"], { whenDeleted: "Retain", whenScaled: "Retain" }],
        [["volumeClaimTemplates"], [{ metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"] } }]],
        [["selector"], structuredClone(selector)],
        [["template", "metadata", "annotations"], { "data-platform/config-hash": "0123456789abcdef" }],
        [["template", "spec"], operatedPods()],
    ];
    return fields.reduce((set, [path, value]) => withField(set, ["spec", ...path], value), goodStatefulSet());
}

/** A Deployment of two pods, made of the same template. */
export function operatedDeployment(): Fields {
    const { template } = operatedSet().spec as Fields;
    return object("apps/v1", "Deployment", {
        replicas: 2,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        selector: structuredClone(selector),
        template,
    });
}

/** A set with all that belongs to it. */
export function goodParts() {
    return {
        set: operatedSet(),
        service: object("v1", "Service", {
            clusterIP: "None",
            publishNotReadyAddresses: true,
            selector: { ...clusterLabels },
            ports: [{ name: "client", port: 9092, targetPort: "client" }],
        }),
        budget: object("policy/v1", "PodDisruptionBudget", {
            maxUnavailable: 1,
            unhealthyPodEvictionPolicy: "IfHealthyBudget",
            selector: structuredClone(selector),
        }),
        config: withField(
            { ...object("v1", "ConfigMap"), data: { "server.properties": "a=b\n" } },
            ["metadata", "name"],
            "events-config",
        ),
        namespace: withField(
            withField(object("v1", "Namespace"), ["metadata", "name"], "dev-kafka"),
            ["metadata", "namespace"],
            undefined,
        ),
    };
}

export type Parts = ReturnType<typeof goodParts>;
export type Change = readonly [part: keyof Parts, path: readonly (string | number)[], value: unknown];

/** The good parts with some fields changed. */
export function partsWith(...changes: readonly Change[]): Parts {
    return changes.reduce<Parts>(
        (parts, [key, path, value]) => ({ ...parts, [key]: withField(parts[key], path, value) }),
        goodParts(),
    );
}

/** The stack that registers objects, all protected. */
export function stackOf(...objects: readonly Fields[]): LinkedResource[] {
    return objects.map((each) => linkedOf(each, { protect: true }));
}

/** The messages of a rule over the good parts with some fields changed. */
export function broken(rule: StackRule, changes: readonly Change[], settings: Fields = {}): readonly string[] {
    return stackMessagesOf(rule, stackOf(...Object.values(partsWith(...changes))), settings);
}

/** An object under another name. */
export function renamed(inputs: Fields, to: string): Fields {
    return withField(inputs, ["metadata", "name"], to);
}

/** One of Redis' custom resources, operated well. */
export function operatedRedis(kind: "RedisCluster" | "RedisReplication" | "RedisSentinel"): Fields {
    const own = { "app.kubernetes.io/name": "redis", "app.kubernetes.io/component": "data" };
    const labelSelector = { matchLabels: { ...clusterLabels, ...own } };
    const part = (): Fields => ({
        affinity: {
            podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [
                    { labelSelector: structuredClone(labelSelector), topologyKey: "kubernetes.io/hostname" },
                ],
            },
        },
        topologySpreadConstraints: [
            {
                maxSkew: 1,
                topologyKey: "topology.kubernetes.io/zone",
                labelSelector: structuredClone(labelSelector),
            },
        ],
        terminationGracePeriodSeconds: 120,
        pdb: { enabled: true, maxUnavailable: 1 },
    });
    const spec = {
        clusterSize: 3,
        kubernetesConfig: {
            image: "redis:v7.0.15",
            updateStrategy: { type: "RollingUpdate" },
            persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        },
        ...(kind !== "RedisSentinel" && {
            storage: { keepAfterDelete: true, volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"] } } },
        }),
        ...(kind === "RedisCluster"
            ? { redisLeader: { replicas: 3, ...part() }, redisFollower: { replicas: 3, ...part() } }
            : part()),
    };
    return withField(object("redis.redis.opstreelabs.in/v1beta2", kind, spec), ["metadata", "labels"], {
        ...goodLabels,
        ...own,
    });
}

/** Rules by their levels, for the few that are not mandatory outside production. */
export const levelsOf = ({ levels }: Rule): string => `${levels.development} ${levels.staging} ${levels.production}`;
