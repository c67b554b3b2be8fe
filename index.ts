import * as pulumi from "@pulumi/pulumi";
import type { Platform } from "./stacks/platform";
import { program } from "./stacks/program";
import { expectReachable } from "./stacks/reachable";
import { loadRuntimeConfig } from "./stacks/runtime";
import type { StackConfig } from "./stacks/schema/sections";
import { shortenTraces } from "./stacks/traces";

shortenTraces();

/** Stops with one line where the stack's cluster does not answer. */
async function checkCluster({ context, kubeconfig }: StackConfig["cluster"]): Promise<void> {
    if (context === undefined && kubeconfig === undefined) {
        return;
    }
    try {
        await expectReachable({ context, kubeconfig: kubeconfig?.reveal() });
    } catch (error) {
        throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
    }
}

export = async (): Promise<{ platform: Platform }> => {
    const config = loadRuntimeConfig(pulumi.getStack());
    await checkCluster(config.cluster);
    return program(config);
};
