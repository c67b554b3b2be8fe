import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Labels } from "./labels";

/** A volume that stands beside its pods, not one of each pod's own. */
export interface VolumeClaimArgs {
    /** Name of the claim, which pods mount it by. */
    readonly objectName: string;
    readonly namespace: string;
    readonly labels: Labels;
    /** Size of the volume, as a quantity of bytes. */
    readonly size: string;
    /**
     * StorageClass of the volume.
     *
     * @default the cluster's default class
     */
    readonly storageClass?: string | undefined;
    /**
     * How nodes may mount it.
     *
     * @default ReadWriteOnce
     */
    readonly accessMode?: "ReadWriteOnce" | "ReadWriteMany";
}

/**
 * Registers one claim. It carries pulumi.com/skipAwait: the engine would wait until the claim is bound, before it makes the
 * pod, while a class that binds with the first consumer waits for that pod.
 */
export function volumeClaim(
    name: string,
    { objectName, namespace, labels, size, storageClass, accessMode = "ReadWriteOnce" }: VolumeClaimArgs,
    opts: pulumi.CustomResourceOptions,
): k8s.core.v1.PersistentVolumeClaim {
    return new k8s.core.v1.PersistentVolumeClaim(
        name,
        {
            metadata: { name: objectName, namespace, labels, annotations: { "pulumi.com/skipAwait": "true" } },
            spec: {
                accessModes: [accessMode],
                ...(storageClass !== undefined && { storageClassName: storageClass }),
                resources: { requests: { storage: size } },
            },
        },
        opts,
    );
}
