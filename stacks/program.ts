import * as k8s from "@pulumi/kubernetes";
import { type ConsumerEntry, Sharing } from "../components/guards/sharing";
import type { Base } from "./base/base";
import { sharesOf } from "./base/uses";
import { compose } from "./compose";
import { type Platform, platformVersion } from "./platform";
import type { StackConfig } from "./schema/sections";

/** What a stack knows of others. */
export interface Neighbours {
    /**
     * The base that its configuration names, resolved.
     *
     * @default none
     */
    readonly base?: Base | undefined;
    /**
     * The stacks that use what an environment shares.
     *
     * @default none, which only a plan may say
     */
    readonly consumersOf?: (environment: string) => Promise<readonly ConsumerEntry[]>;
}

/** Registers everything that one stack asks for, and returns the stack's outputs. */
export function program(
    config: StackConfig,
    { base, consumersOf = () => Promise.resolve([]) }: Neighbours = {},
): { platform: Platform } {
    if (config.base !== undefined && base === undefined) {
        throw new Error(`the base ${config.base.stack} was not resolved`);
    }
    const sharing = new Sharing("sharing", {
        environment: config.environment.name,
        schema: platformVersion,
        shares: sharesOf(config),
        consumersOf,
    });
    const { context, kubeconfig, render } = config.cluster;
    const provider = new k8s.Provider(
        "cluster",
        {
            ...(context !== undefined && { context }),
            ...(kubeconfig !== undefined && { kubeconfig: kubeconfig.output() }),
            ...(render !== undefined && { renderYamlToDirectory: render }),
            // Without it a changed kubeconfig may count as another cluster, and everything as to be replaced.
            clusterIdentifier: config.environment.name,
            // Objects that others address by name are updated in place, never replaced under running pods.
            enableConfigMapMutable: true,
            enableSecretMutable: true,
        },
        // Nothing is touched before the guard has passed. The engine wants no dependency on a component, only the time.
        { dependsOn: sharing.urn.apply(() => []) },
    );
    return { platform: compose(config, provider, base) };
}
