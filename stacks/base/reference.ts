import * as pulumi from "@pulumi/pulumi";
import type { OutputReader } from "./base";

/** Reads a base's output through the engine, as a resource that the rules and the plan see. */
export const readPlatform: OutputReader = (stack) =>
    new pulumi.StackReference("base", { name: stack }).getOutputDetails("platform");

/**
 * The same, where the base may never have been deployed: a StackReference to it would end the engine's run before the
 * program could say what to do.
 */
export const readDeployedPlatform: OutputReader = async (stack) => {
    try {
        await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: stack });
    } catch (error) {
        if (error instanceof Error && error.message.includes("unknown stack")) {
            return {};
        }
        throw error;
    }
    return readPlatform(stack);
};
