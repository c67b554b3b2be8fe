import * as pulumi from "@pulumi/pulumi";
import { resolveBase } from "./stacks/base/base";
import { type ClusterAccess, consumersIn } from "./stacks/base/consumers";
import { readDeployedPlatform } from "./stacks/base/reference";
import { consumerLines } from "./stacks/base/uses";
import { stackFile } from "./stacks/load";
import type { Platform } from "./stacks/platform";
import { program } from "./stacks/program";
import { expectReachable } from "./stacks/reachable";
import { loadRuntimeConfig } from "./stacks/runtime";
import { shortenTraces } from "./stacks/traces";

shortenTraces();

/** Stops with one line where the stack's cluster does not answer. */
async function checkCluster(cluster: ClusterAccess): Promise<void> {
    if (cluster.context !== undefined || cluster.kubeconfig !== undefined) {
        await expectReachable(cluster);
    }
}

/** Says who uses what an environment shares. */
async function sayConsumers(cluster: ClusterAccess, environment: string): Promise<void> {
    const lines = consumerLines(await consumersIn(cluster, environment));
    const who = lines.length === 0 ? ["nobody has left an entry"] : lines;
    await pulumi.log.info([`Stacks that use what ${environment} shares:`, ...who].join("\n  "));
}

/** Turns what can't be asked into one line without a stack trace. */
async function asked<Answer>(question: Promise<Answer>): Promise<Answer> {
    try {
        return await question;
    } catch (error) {
        throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
    }
}

export = async (): Promise<{ platform: Platform }> => {
    const stack = pulumi.getStack();
    const config = loadRuntimeConfig(stack);
    const cluster: ClusterAccess = {
        context: config.cluster.context,
        kubeconfig: config.cluster.kubeconfig?.reveal(),
    };
    await asked(checkCluster(cluster));
    if (config.sharing !== undefined) {
        await asked(sayConsumers(cluster, config.environment.name));
    }
    const base = await resolveBase(config, { stack, source: stackFile(stack) }, readDeployedPlatform);
    return program(config, { base, consumersOf: (environment) => consumersIn(cluster, environment) });
};
