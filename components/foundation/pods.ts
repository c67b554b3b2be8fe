import type { types } from "@pulumi/kubernetes";
import type { Access } from "./access";
import type { Foundation } from "./environment";
import { configHash } from "./configFiles";
import type { Labels } from "./labels";
import { type Resources, requirements } from "./resources";

type Probe = types.input.core.v1.Probe;

/** A volume and where a container sees it. */
export interface Mount {
    /** Name of the volume. */
    readonly volume: string;
    readonly path: string;
    /** @default false */
    readonly readOnly?: boolean;
    /** One file or folder of the volume instead of all of it. */
    readonly subPath?: string;
}

/** A container, as little as a system has to say of it; the rest is hardened and the same everywhere. */
export interface Container {
    readonly name: string;
    readonly image: string;
    /** @default the image's entry point */
    readonly command?: readonly string[];
    /** @default the image's arguments */
    readonly args?: readonly string[];
    /** Variables in order: a value may refer to an earlier one as `$(NAME)`. */
    readonly env?: readonly types.input.core.v1.EnvVar[];
    /**
     * Folder that the process starts in.
     *
     * @default the image's
     */
    readonly workingDir?: string;
    /** TCP ports by name. */
    readonly ports?: Readonly<Record<string, number>>;
    readonly resources: Resources;
    readonly mounts?: readonly Mount[];
    readonly startupProbe?: Probe;
    readonly readinessProbe?: Probe;
    readonly livenessProbe?: Probe;
    /** Command that runs before the container is asked to stop. */
    readonly preStop?: readonly string[];
    /**
     * Capabilities that it has. With any of them the namespace can't be `restricted`.
     *
     * @default none
     */
    readonly addedCapabilities?: readonly string[];
    /**
     * Of an init container: runs beside the others instead of before them, started first and stopped last.
     *
     * @default false
     */
    readonly sidecar?: boolean;
}

/** Scratch space that lives as long as the pod, for a container whose root file system can't be written. */
export interface Scratch {
    /** Name of the volume. */
    readonly volume: string;
    readonly path: string;
    /** Size at which the kubelet evicts the pod. It counts against the containers' ephemeral storage. */
    readonly sizeLimit: string;
}

/** The pod of a set, as little as a system has to say of it. */
export interface Pod {
    readonly containers: readonly Container[];
    /**
     * Whether the kubelet starts ended containers again; `Never` for work that is done once.
     *
     * @default Always
     */
    readonly restartPolicy?: "Never";
    /** @default none */
    readonly initContainers?: readonly Container[];
    /** User and group id of all processes, and the group that owns the volumes. Never 0. */
    readonly user: number;
    /** Volumes other than claims and scratch: config maps, secrets. */
    readonly volumes?: readonly types.input.core.v1.Volume[];
    /** Scratch volumes, mounted into every container. */
    readonly scratch?: readonly Scratch[];
    /** Seconds between the request to stop and the kill. */
    readonly gracePeriodSeconds: number;
    /** Hashes of the configuration that the pod mounts: a change rolls the pods. */
    readonly configHashes?: readonly string[];
    /** Annotations of the pod template, such as those for a scraper. */
    readonly annotations?: Labels;
}

/** The annotation that carries the hash of the mounted configuration. */
export const configHashAnnotation = "data-platform/config-hash";

/** Security context of every container: Pod Security `restricted`, and a root that can't be written. */
export const containerSecurity = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
};

/** Security context of a pod all of whose processes and volumes belong to one user and group. Never 0. */
export function podSecurity(user: number) {
    return {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        // Without it every start would change the owner of every file of a large volume.
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
    };
}

function container(given: Container, scratch: readonly Scratch[]): types.input.core.v1.Container {
    const mounts: readonly Mount[] = [...(given.mounts ?? []), ...scratch];
    return {
        name: given.name,
        image: given.image,
        imagePullPolicy: "IfNotPresent",
        ...(given.command && { command: [...given.command] }),
        ...(given.args && { args: [...given.args] }),
        ...(given.env && { env: [...given.env] }),
        ...(given.workingDir !== undefined && { workingDir: given.workingDir }),
        ...(given.ports && {
            ports: Object.entries(given.ports).map(([name, containerPort]) => ({
                name,
                containerPort,
                protocol: "TCP",
            })),
        }),
        resources: requirements(given.resources),
        ...(mounts.length > 0 && {
            volumeMounts: mounts.map(({ volume, path, readOnly, subPath }) => ({
                name: volume,
                mountPath: path,
                ...(readOnly === true && { readOnly }),
                ...(subPath !== undefined && { subPath }),
            })),
        }),
        ...(given.startupProbe && { startupProbe: given.startupProbe }),
        ...(given.readinessProbe && { readinessProbe: given.readinessProbe }),
        ...(given.livenessProbe && { livenessProbe: given.livenessProbe }),
        ...(given.sidecar === true && { restartPolicy: "Always" }),
        ...(given.preStop && { lifecycle: { preStop: { exec: { command: [...given.preStop] } } } }),
        securityContext:
            given.addedCapabilities === undefined
                ? containerSecurity
                : {
                      ...containerSecurity,
                      capabilities: { ...containerSecurity.capabilities, add: [...given.addedCapabilities] },
                  },
    };
}

/** A hardened pod template: Pod Security `restricted`, read-only root, no service links, no token unless needed. */
export function podTemplate(args: {
    readonly foundation: Foundation;
    readonly access: Access;
    readonly labels: Labels;
    readonly pod: Pod;
    readonly placement: Partial<types.input.core.v1.PodSpec>;
    readonly priorityClassName?: string | undefined;
}): types.input.core.v1.PodTemplateSpec {
    const { foundation, access, labels, pod } = args;
    const scratch = pod.scratch ?? [];
    const hashes = pod.configHashes ?? [];
    const annotations = {
        ...pod.annotations,
        ...(hashes.length > 0 && { [configHashAnnotation]: configHash(...hashes) }),
    };
    const volumes = [
        ...(pod.volumes ?? []),
        ...scratch.map(({ volume, sizeLimit }) => ({ name: volume, emptyDir: { sizeLimit } })),
    ];
    return {
        metadata: { labels, ...(Object.keys(annotations).length > 0 && { annotations }) },
        spec: {
            serviceAccountName: access.serviceAccountName,
            automountServiceAccountToken: access.mountsToken,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: pod.gracePeriodSeconds,
            ...(pod.restartPolicy !== undefined && { restartPolicy: pod.restartPolicy }),
            ...(args.priorityClassName !== undefined && { priorityClassName: args.priorityClassName }),
            ...(foundation.images.pullSecrets.length > 0 && {
                imagePullSecrets: foundation.images.pullSecretReferences,
            }),
            securityContext: podSecurity(pod.user),
            ...args.placement,
            ...(pod.initContainers && { initContainers: pod.initContainers.map((each) => container(each, scratch)) }),
            containers: pod.containers.map((each) => container(each, scratch)),
            ...(volumes.length > 0 && { volumes }),
        },
    };
}
