import { isFields, propertyPath } from "../../policy/views/raw";

/** What a secret value is replaced with, so that a plan can be shown, stored and compared. */
export const secretPlaceholder = "<secret>";

/** What a value is replaced with that only a cluster or a provider can know. */
export const computedPlaceholder = "<computed>";

/** The plain form of what a program sent for one resource. */
export interface PlainValue {
    readonly value: unknown;
    /** Paths of the leaves that are secret, such as `stringData.password`, sorted. */
    readonly secretPaths: readonly string[];
    /** Paths of the leaves that nobody knows before the change is made, sorted. */
    readonly computedPaths: readonly string[];
}

// The signatures of Pulumi's wire format: sdk/nodejs/runtime/rpc.ts, the same in every SDK.
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Wraps a value the way the engine marks a secret on the wire. */
export function wireSecret(value: unknown): Record<string, unknown> {
    return { [signatureKey]: secretSignature, value };
}

/** The wire form of a value that is not known yet. */
export const wireUnknown: unknown = unknownValue;

/**
 * Turns a value from the wire into plain data: secrets and unknown values become placeholders, and their paths are
 * remembered. `encode` is how a placeholder is written at a path, for places that take base64 only.
 *
 * An Output that was formatted into a text is a fault of the program that Pulumi only hides in a string: it throws.
 */
export function plainValue(
    wire: unknown,
    encode: (placeholder: string, path: string) => string = (placeholder) => placeholder,
): PlainValue {
    const secretPaths: string[] = [];
    const computedPaths: string[] = [];

    const visit = (value: unknown, path: string, secret: boolean): unknown => {
        if (Array.isArray(value)) {
            return value.map((item: unknown, index) => visit(item, propertyPath(path, index), secret));
        }
        if (isFields(value)) {
            if (value[signatureKey] === secretSignature) {
                return visit(value.value, path, true);
            }
            if (value[signatureKey] === resourceSignature) {
                return value.urn;
            }
            return Object.fromEntries(
                Object.entries(value).map(([key, item]) => [key, visit(item, propertyPath(path, key), secret)]),
            );
        }
        if (value === null || value === undefined) {
            return value;
        }
        if (secret) {
            secretPaths.push(path);
            return encode(secretPlaceholder, path);
        }
        if (value === unknownValue) {
            computedPaths.push(path);
            return encode(computedPlaceholder, path);
        }
        if (typeof value === "string" && value.includes("Calling [toString] on an [Output<T>]")) {
            throw new Error(`${path}: an Output was put into a text; use pulumi.interpolate or apply`);
        }
        return value;
    };

    const value = visit(wire, "", false);
    return { value, secretPaths: secretPaths.sort(), computedPaths: computedPaths.sort() };
}

/** True where a text holds a value that the plan can't know, so that comparing it means nothing. */
export function isPlaceholder(text: string): boolean {
    return text.includes(secretPlaceholder) || text.includes(computedPlaceholder);
}

/** Orders texts by their code units: the same on every machine and in every locale. */
export function compareText(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

/** The base64 form that the `data` of a Secret needs. */
export function base64(plain: string): string {
    return Buffer.from(plain).toString("base64");
}
