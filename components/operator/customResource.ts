import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Labels } from "../foundation/labels";

export interface AwaitedResourceArgs {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: {
        readonly name: string;
        /** Absent for what belongs to no namespace. */
        readonly namespace?: string;
        readonly labels: Labels;
        readonly annotations?: Labels;
    };
    /** All of the object but its metadata: `spec`, and further fields where the kind has any. */
    readonly content: Readonly<Record<string, unknown>>;
    /**
     * What its operator makes true of it: `condition=Ready`, `jsonpath={.status.state}` (a field that is there) or
     * `jsonpath={.status.state}=Ready`; all of them where there are several. Nothing is awaited where it is absent.
     */
    readonly waitFor?: WaitFor | readonly WaitFor[] | undefined;
    /** How long the engine waits for it. */
    readonly timeoutSeconds: number;
}

/** A condition of pulumi-kubernetes' annotation `pulumi.com/waitFor`. */
export type WaitFor = `condition=${string}` | `jsonpath={${string}}` | `jsonpath={${string}}=${string}`;

/** The annotation's value: one condition as it is, several as a JSON list (pulumi-kubernetes, metadata/overrides.go). */
export function waitForAnnotation(waitFor: WaitFor | readonly WaitFor[]): string {
    return typeof waitFor === "string" ? waitFor : JSON.stringify(waitFor);
}

/**
 * A custom resource that its operator works on. The engine awaits custom resources only by this annotation; without it
 * `up` would be over before the operator has looked. Their names are fixed, so they are replaced delete-first: made
 * first, the new object would be the old one (pulumi-kubernetes#4522).
 */
export function awaitedResource(
    name: string,
    args: AwaitedResourceArgs,
    opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
    const { metadata, waitFor, timeoutSeconds } = args;
    const timeout = `${timeoutSeconds}s`;
    const awaited = waitFor === undefined ? {} : { "pulumi.com/waitFor": waitForAnnotation(waitFor) };
    const annotations = { ...metadata.annotations, ...awaited };
    return new k8s.apiextensions.CustomResource(
        name,
        {
            apiVersion: args.apiVersion,
            kind: args.kind,
            metadata: {
                name: metadata.name,
                ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
                labels: metadata.labels,
                ...(Object.keys(annotations).length > 0 && { annotations }),
            },
            ...args.content,
        },
        { deleteBeforeReplace: true, customTimeouts: { create: timeout, update: timeout, delete: timeout }, ...opts },
    );
}
