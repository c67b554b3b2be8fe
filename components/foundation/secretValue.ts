import * as pulumi from "@pulumi/pulumi";
import { inspect } from "node:util";

const hidden = "[secret]";

/**
 * A secret on its way from a stack file to a resource. Printing, logging or serialising it shows `[secret]`; only
 * {@link output}, which wraps it as a Pulumi secret, and {@link reveal} give the value away.
 */
export class SecretValue {
    readonly #value: string;

    constructor(
        value: string,
        /** Whether the stack file holds it encrypted (or it came from an encrypted source), not in plain text. */
        public readonly encrypted: boolean,
    ) {
        this.#value = value;
    }

    /** The value as a Pulumi secret: encrypted in state, `[secret]` in previews. */
    public output(): pulumi.Output<string> {
        return pulumi.secret(this.#value);
    }

    /** The bare value, for a use inside this process that stores nothing. */
    public reveal(): string {
        return this.#value;
    }

    /** The same field with a marked placeholder for its value, for plans that are written to files. */
    public redacted(): SecretValue {
        return new SecretValue("<secret>", this.encrypted);
    }

    public toString(): string {
        return hidden;
    }

    public toJSON(): string {
        return hidden;
    }

    public [inspect.custom](): string {
        return hidden;
    }
}

/** Whether there is a secret anywhere in a plain tree. */
export function containsSecret(value: unknown): boolean {
    return (
        value instanceof SecretValue ||
        (typeof value === "object" && value !== null && Object.values(value).some(containsSecret))
    );
}
