import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../foundation/environment";
import { objectLabels } from "../foundation/labels";
import type { ConsumerEntry } from "../guards/sharing";

/** The label of a consumer's entry: the name of the base's environment. */
export const consumerLabel = "data-platform/consumer-of";

export interface ConsumerArgs {
    readonly environment: Environment;
    /** Name of the stack. */
    readonly stack: string;
    /** The base: its environment's name, and the namespace for entries of its consumers. */
    readonly base: { readonly environment: string; readonly namespace: string };
    /** What the stack uses of the base. */
    readonly uses: readonly string[];
    /** Version of the base's outputs that the stack has read. */
    readonly schema: number;
}

/** The entry that tells a base who uses what of it, in the base's own namespace. */
export class Consumer extends pulumi.ComponentResource {
    constructor(name: string, args: ConsumerArgs, opts?: pulumi.ComponentResourceOptions) {
        const { environment, base, uses } = args;
        super("data-platform:base:Consumer", name, { base: base.environment, uses: [...uses] }, opts);
        const labels = objectLabels(environment, { name: "consumer", instance: name, component: "entry" });
        new k8s.core.v1.ConfigMap(
            `${name}-entry`,
            {
                metadata: {
                    name: environment.name,
                    namespace: base.namespace,
                    labels: { ...labels, [consumerLabel]: base.environment },
                },
                data: entryData({ ...args, environment: environment.name, owner: environment.owner }),
            },
            { parent: this },
        );
        this.registerOutputs({});
    }
}

/** The content of an entry. */
export function entryData(
    given: ConsumerEntry & { readonly schema: number },
): Readonly<Record<"stack" | "environment" | "owner" | "uses" | "schema", string>> {
    const { stack, environment, owner, uses, schema } = given;
    return { stack, environment, owner, uses: uses.join("\n"), schema: String(schema) };
}

/** What an entry says. One that somebody has emptied by hand uses nothing that is known. */
export function entryOf(name: string, data: Readonly<Record<string, string>> = {}): ConsumerEntry {
    return {
        stack: data["stack"] ?? name,
        environment: data["environment"] ?? name,
        owner: data["owner"] ?? "unknown",
        uses: (data["uses"] ?? "").split("\n").filter((part) => part !== ""),
    };
}
