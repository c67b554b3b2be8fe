import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { SecretValue } from "./secretValue";
import { dnsLabel, dnsName, secret, settings, words } from "./values";

/** How settings name a key of a Secret that exists. */
export const secretReferenceSettings = settings({
    namespace: dnsLabel().describe("Namespace of the Secret."),
    secretName: dnsName().describe("Name of a Secret that exists before the stack does."),
    key: words().describe("Its key."),
});

/** A secret that stands in an existing Secret of the cluster; the engine reads it at preview and up. */
export class SecretReference {
    constructor(
        public readonly namespace: string,
        public readonly secretName: string,
        public readonly key: string,
    ) {}
}

/** What the error of a secret that may also be a reference expects. */
export const secretOrReferenceExpected =
    "an encrypted value (pulumi config set --secret), or namespace, secretName and key of an existing Secret";

/** A secret: an encrypted value, or a key of a Secret that exists. */
export const secretOrReference = () =>
    z
        .union(
            [
                z.instanceof(SecretReference),
                secret(),
                secretReferenceSettings.transform(
                    ({ namespace, secretName, key }) => new SecretReference(namespace, secretName, key),
                ),
            ],
            { error: secretOrReferenceExpected },
        )
        .meta({ secret: true, existing: true });

/** Gives the value that a reference stands for, as a Pulumi secret. */
export type SecretReader = (reference: SecretReference) => pulumi.Output<string>;

/**
 * A reader that reads each Secret once.
 *
 * @param name of the resources: `<name>-<namespace>-<Secret>`
 */
export function secretReader(name: string, opts: pulumi.CustomResourceOptions): SecretReader {
    const read = new Map<string, k8s.core.v1.Secret>();
    return ({ namespace, secretName, key }) => {
        const id = `${namespace}/${secretName}`;
        const found = read.get(id) ?? k8s.core.v1.Secret.get(`${name}-${namespace}-${secretName}`, id, opts);
        read.set(id, found);
        return secretEntry(found, id, key);
    };
}

/**
 * One entry of an existing Secret, as a Pulumi secret. The engine ends with a RunError where the Secret has no such key.
 */
export function secretEntry(secretObject: k8s.core.v1.Secret, id: string, key: string): pulumi.Output<string> {
    return pulumi.secret(
        secretObject.data.apply((data) => {
            const encoded = data[key];
            if (encoded === undefined) {
                throw new pulumi.RunError(`Secret ${id} has no key "${key}"`);
            }
            return Buffer.from(encoded, "base64").toString("utf8");
        }),
    );
}

/** Paths of all references in a tree of settings. */
export function referencesIn(tree: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
    if (tree instanceof SecretReference) {
        return [path];
    }
    if (tree instanceof SecretValue || typeof tree !== "object" || tree === null) {
        return [];
    }
    return Object.entries(tree).flatMap(([key, entry]) =>
        referencesIn(entry, [...path, Array.isArray(tree) ? Number(key) : key]),
    );
}
