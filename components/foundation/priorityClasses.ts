import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type Environment, environmentName, type Foundation } from "./environment";
import { objectLabels } from "./labels";
import { ifGiven, oneOf, settings, whole, words } from "./values";

/** A priority class of the environment. */
export const priorityClassSettings = settings({
    // Values above one billion belong to Kubernetes' own system classes.
    value: whole(-2147483648, 1000000000).describe(
        "Priority: pods of a higher one may take the place of pods of a lower one. At most 1000000000.",
    ),
    preemption: oneOf("PreemptLowerPriority", "Never")
        .default("PreemptLowerPriority")
        .describe("Never: wait for room instead of evicting pods of lower priority. Default PreemptLowerPriority."),
    description: words()
        .optional()
        .describe("When to use it; shown by kubectl. Default: says which environment it is of."),
});

export interface PriorityClassesArgs {
    readonly environment: Environment;
    /** The classes by short name. */
    readonly classes: Readonly<Record<string, z.output<typeof priorityClassSettings>>>;
}

/** Name of the cluster-scoped object behind a short name: `<environment>-<name>`. */
export function priorityClassName(environment: Environment, shortName: string): string {
    return environmentName(environment, shortName);
}

/** Name of the object behind a short name that a set may have; without one the cluster's default priority holds. */
export function priorityNamed(
    { environment, priorityClasses = {} }: Pick<Foundation, "environment" | "priorityClasses">,
    shortName: string | undefined,
): string | undefined {
    return ifGiven(shortName, (given) =>
        // A short name is a stack file's own word, and may be what every object inherits.
        Object.hasOwn(priorityClasses, given) ? priorityClasses[given] : priorityClassName(environment, given),
    );
}

/** The environment's priority classes. They are cluster-scoped, so their names carry the environment's. */
export class PriorityClasses extends pulumi.ComponentResource {
    constructor(name: string, args: PriorityClassesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data-platform:foundation:PriorityClasses", name, {}, opts);
        const identity = { name: "priority-classes", instance: name, component: "priority-class" };
        for (const [shortName, given] of Object.entries(args.classes)) {
            new k8s.scheduling.v1.PriorityClass(
                `${name}-${shortName}`,
                {
                    metadata: {
                        name: priorityClassName(args.environment, shortName),
                        labels: objectLabels(args.environment, identity),
                    },
                    value: given.value,
                    preemptionPolicy: given.preemption,
                    globalDefault: false,
                    description:
                        given.description ?? `Priority "${shortName}" of the environment ${args.environment.name}.`,
                },
                // The value is immutable and the name fixed, so a change can only be delete, then create.
                { parent: this, deleteBeforeReplace: true },
            );
        }
        this.registerOutputs({});
    }
}
