import type { types } from "@pulumi/kubernetes";
import { configHash } from "../foundation/configFiles";
import { type Foundation, targetsNamed } from "../foundation/environment";
import type { Labels } from "../foundation/labels";
import { targetPlacement } from "../foundation/placement";
import { configHashAnnotation, containerSecurity, podSecurity } from "../foundation/pods";
import { priorityNamed } from "../foundation/priorityClasses";
import { requirements } from "../foundation/resources";
import type { ApplicationSettings } from "./applicationSchema";
import { podMebibytes } from "./memory";
import { accounts, containerNames, filesName, type SparkPart } from "./names";
import { cpuLimit, cpuRequest, places, scratchSizes, type VolumeSettings } from "./podSchema";

/** User of Spark's image (its Dockerfile: useradd --uid=185 spark). */
const user = 185;

/** The volume of local directories: Spark takes every one that is called so (LocalDirsFeatureStep). */
export const localVolume = "spark-local-dir-1";

interface Scratch {
    readonly name: string;
    readonly path: string;
    readonly size: string;
}

function scratchOf(given: ApplicationSettings, part: SparkPart): Scratch[] {
    const { executor, driver } = given;
    const ofExecutor = executor.scratch.kind === "emptyDir" ? executor.scratch.size : undefined;
    const local = part === "driver" ? driver.scratch : ofExecutor;
    return [
        ...(local === undefined ? [] : [{ name: localVolume, path: places.local, size: local }]),
        { name: "tmp", path: places.temporary, size: scratchSizes.temporary },
        { name: "work", path: places.work, size: scratchSizes.work },
    ];
}

/** The volumes that the pods of one part mount. */
function volumesOf(given: ApplicationSettings, part: SparkPart): [string, VolumeSettings][] {
    return Object.entries(given.volumes).filter(
        ([, volume]) => volume.part === "both" || volume.part === (part === "driver" ? "driver" : "executors"),
    );
}

function volumeSource(application: string, name: string, volume: VolumeSettings): types.input.core.v1.Volume {
    switch (volume.kind) {
        case "files":
            return { name, configMap: { name: filesName(application, name) } };
        case "configMap":
            return { name, configMap: { name: volume.name } };
        case "secret":
            return { name, secret: { secretName: volume.name } };
        case "claim":
            return { name, persistentVolumeClaim: { claimName: volume.name, readOnly: volume.readOnly } };
    }
}

/** Texts of the files that an application's pods mount, for the hash that submits it again when one changes. */
function fileTexts(given: ApplicationSettings): string[] {
    return Object.entries(given.volumes).flatMap(([name, volume]) =>
        volume.kind === "files" ? [name, ...Object.entries(volume.files).flat()] : [],
    );
}

function environment(given: ApplicationSettings): types.input.core.v1.EnvVar[] {
    return [
        ...Object.entries(given.env).map(([name, value]) => ({ name, value })),
        ...Object.entries(given.secretEnv).map(([name, { secretName, key }]) => ({
            name,
            valueFrom: { secretKeyRef: { name: secretName, key } },
        })),
    ];
}

/**
 * The template of the pods of one part of an application. Spark keeps what it does not set itself, so that targets,
 * security contexts and volumes hold without the operator's webhook (driver.template, executor.template; Spark 3 and
 * later). Image, CPU and memory stand here as Spark sets them, so that policies judge the pod that there will be.
 */
export function podTemplate(args: {
    readonly foundation: Foundation;
    /** Name of the application. */
    readonly application: string;
    /** Labels of the application's object, which the operator gives to its pods too. */
    readonly labels: Labels;
    readonly image: string;
    readonly settings: ApplicationSettings;
    readonly part: SparkPart;
}): types.input.core.v1.PodTemplateSpec {
    const { foundation, application, settings: given, part } = args;
    const pod = given[part];
    const { nodeAffinity, tolerations } = targetPlacement(targetsNamed(foundation, pod.targets));
    const priorityClassName = priorityNamed(foundation, pod.priority);
    const scratch = scratchOf(given, part);
    const volumes = volumesOf(given, part);
    const texts = fileTexts(given);
    const env = environment(given);
    return {
        metadata: {
            labels: { ...pod.labels, ...args.labels },
            ...(texts.length > 0 && { annotations: { [configHashAnnotation]: configHash(...texts) } }),
        },
        spec: {
            serviceAccountName: accounts[part],
            automountServiceAccountToken: part === "driver",
            enableServiceLinks: false,
            restartPolicy: "Never",
            securityContext: podSecurity(user),
            ...(nodeAffinity && { affinity: { nodeAffinity } }),
            ...(tolerations && { tolerations }),
            ...(priorityClassName !== undefined && { priorityClassName }),
            ...(foundation.images.pullSecrets.length > 0 && {
                imagePullSecrets: foundation.images.pullSecretReferences,
            }),
            containers: [
                {
                    name: containerNames[part],
                    image: args.image,
                    imagePullPolicy: "IfNotPresent",
                    ...(env.length > 0 && { env }),
                    resources: requirements({
                        cpu: cpuRequest(pod),
                        cpuLimit: cpuLimit(pod),
                        memory: `${podMebibytes(given.type, pod)}Mi`,
                        ephemeralStorage: pod.ephemeralStorage,
                    }),
                    volumeMounts: [
                        ...scratch.map(({ name, path }) => ({ name, mountPath: path })),
                        ...volumes.map(([name, volume]) => ({
                            name,
                            mountPath: volume.path,
                            ...(volume.kind !== "claim" || volume.readOnly ? { readOnly: true } : {}),
                        })),
                    ],
                    securityContext: containerSecurity,
                },
            ],
            volumes: [
                ...scratch.map(({ name, size }) => ({ name, emptyDir: { sizeLimit: size } })),
                ...volumes.map(([name, volume]) => volumeSource(application, name, volume)),
            ],
        },
    };
}
